"""What was posted of a page of the form: fields with the version they were written on top of, rows to add."""

from django.http import QueryDict

from minerals.declarations.document import PastedRow, clean_text, read_lines
from portal.lib.numbers import read_number

LONGEST_PASTE = 100_000


def read_posted(posted: QueryDict) -> dict[str, tuple[str, int]]:
    """Return {key: (value, version)}; several values of one field, as of boxes ticked, stand on lines of their own."""
    fields: dict[str, tuple[str, int]] = {}
    for name in posted:
        if name.startswith("f-"):
            key = name.removeprefix("f-")
            values = [str(each) for each in posted.getlist(name)]
            value = "\n".join(filter(None, values)) if key == "minerals" else values[-1]
            fields[key] = (value, read_number(str(posted.get(f"v-{key}", ""))))
    return fields


def pasted_text(posted: QueryDict) -> str:
    """Return what was pasted, as far as it is read."""
    return clean_text(str(posted.get("paste", ""))[:LONGEST_PASTE])


def read_pasted(posted: QueryDict, minerals: tuple[str, ...]) -> list[PastedRow]:
    """Return the smelters that were pasted."""
    return list(read_lines(pasted_text(posted), minerals))


def read_products(posted: QueryDict) -> list[tuple[str, str]]:
    """Return the products that were pasted or typed: number and name on each line, apart by a tab or a semicolon."""
    rows = []
    for line in pasted_text(posted).splitlines():
        number, _sign, name = line.replace("\t", ";").partition(";")
        if number.strip():
            rows.append((number.strip(), name.strip(" ;")))
    return rows


def read_unlisted(posted: QueryDict) -> tuple[str, str]:
    """Return name and country of a smelter that is not in the list."""
    name, country = (" ".join(clean_text(str(posted.get(field, ""))).split()) for field in ("new-name", "new-country"))
    return name[:250], country[:120]
