"""The parts of an .xlsx: which sheet is which file, a copy with some parts changed, Excel told to calculate anew."""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeTree

from minerals.templates_io.workbook.patching.cells import Unwritable

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
TYPES = "[Content_Types].xml"
ATTRIBUTE_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
CALC = re.compile(rb"<(\w+:)?calcPr\b[^>]*?(/?)>")
CHAIN = re.compile(
    rb"<(?:Relationship|Override)\b[^>]*calcChain\.xml[^>]*?(?:/>|>\s*</(?:Relationship|Override)>)", re.IGNORECASE
)
DAMAGED = (zipfile.BadZipFile, KeyError, ParseError, DefusedXmlException, ValueError, RuntimeError, zlib.error)
AFTER_SHEETS = re.compile(rb"</(\w+:)?(?:definedNames|externalReferences|functionGroups|sheets)>")


class Package:
    """A template's parts; nothing is unpacked that is not asked for."""

    def __init__(self, content: bytes) -> None:
        if content.startswith(b"\xd0\xcf\x11\xe0"):
            raise Unwritable("old_format")
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(content))
            self.sheets = self._sheets()
        except (
            zipfile.BadZipFile,
            KeyError,
            ParseError,
            DefusedXmlException,
            ValueError,
            NotImplementedError,
        ) as error:
            raise Unwritable("broken") from error

    def read(self, name: str) -> bytes:
        """Return a part."""
        try:
            return self.zip.read(name)
        except DAMAGED as error:
            raise Unwritable("broken") from error

    def _sheets(self) -> dict[str, str]:
        """Return {name of the sheet: part}."""
        targets = {
            each.get("Id"): posixpath.normpath(posixpath.join("xl", each.get("Target", "").removeprefix("/xl/")))
            for each in self._tree(RELATIONS)
        }
        sheets = [each for each in self._tree(WORKBOOK).iter() if each.tag.rpartition("}")[2] == "sheet"]
        return {each.get("name"): targets[each.get(ATTRIBUTE_ID) or each.get(STRICT_ID)] for each in sheets}

    def _tree(self, name: str) -> Any:
        return SafeTree.fromstring(self.zip.read(name))

    def copy_with(self, parts: Mapping[str, bytes]) -> bytes:
        """Return the package with these parts replaced, the calculation chain gone, and a note to calculate anew."""
        chain = [name for name in self.zip.namelist() if name.lower().endswith("calcchain.xml")]
        changed = {
            **parts,
            WORKBOOK: calculate_on_load(self.read(WORKBOOK)),
            RELATIONS: without_chain(self.read(RELATIONS)),
            TYPES: without_chain(self.read(TYPES)),
        }
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
            for member in self.zip.infolist():
                if member.filename not in chain:
                    copy.writestr(member, changed.get(member.filename) or self.read(member.filename))
        return target.getvalue()


def without_chain(xml: bytes) -> bytes:
    """Return the list of parts without the calculation chain: Excel makes a new one, a stale one is an error."""
    return re.sub(
        rb"<(?:Relationship|Override)\b[^>]*calcChain\.xml[^>]*?(?:/>|>\s*</(?:Relationship|Override)>)", b"", xml
    )


def calculate_on_load(xml: bytes) -> bytes:
    """Return the workbook part that has Excel calculate every formula when it opens the file."""
    found = CALC.search(xml)
    if found:
        tag = re.sub(rb'\sfullCalcOnLoad="[^"]*"', b"", found[0])
        end = b"/>" if tag.endswith(b"/>") else b">"
        return xml.replace(found[0], tag[: -len(end)] + b' fullCalcOnLoad="1"' + end, 1)
    last = list(AFTER_SHEETS.finditer(xml))
    if not last:
        raise Unwritable("broken")
    at = last[-1].end()
    return xml[:at] + b'<%scalcPr fullCalcOnLoad="1"/>' % (last[-1][1] or b"") + xml[at:]
