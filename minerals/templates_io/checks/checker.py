"""RMI's own count of what is missing, rule by rule as in the formulas of the sheet "Checker" of each version.

Some of its rules are odd; they are kept, for a count that differs from the file's own is believed by nobody. Excel
compares texts without case. Every missing item has the cell in which it is to be filled in.
"""

from collections.abc import Iterator

from minerals.templates_io.checks.codes import raise_issue
from minerals.templates_io.checks.layouts import Rules, layout_of, rules_of
from minerals.templates_io.document import Answer, CompanyAnswer, Declared, Issue
from minerals.templates_io.workbook.packs import Layout

_FIRST_PRODUCT = 6
_FIRST_ROWS = 14  # the last row that the Checker of CMRT 2.x and 3.x looks at


def missing_items(declared: Declared) -> tuple[Issue, ...]:
    """Return what RMI's Checker counts as missing, in the order of the template."""
    check = Check(declared)
    return (
        *check.company(),
        *check.answers(),
        *check.letters(),
        *check.products(),
        *check.smelters(),
    )


class Check:
    """One template under the rules of its version."""

    def __init__(self, declared: Declared) -> None:
        self.declared = declared
        self.rules: Rules = rules_of(declared.template, declared.version)
        self.layout: Layout = layout_of(declared.template, declared.version)
        self.minerals = self.layout.minerals or declared.minerals

    def company(self) -> Iterator[Issue]:
        """Yield empty fields of the company block, and addresses without an @."""
        for field, row in self.layout.company.items():
            value = self._field(field)
            if field in self.rules.fields and not value:
                yield raise_issue("missing_field", f"Declaration!D{row}", field=field)
            elif field in self.rules.emails and "@" not in value:
                code = "email_without_at" if value else "missing_email"
                yield raise_issue(code, f"Declaration!D{row}", field=field)
            elif field == "description" and self._needs_description() and not value:
                yield raise_issue("missing_description", f"Declaration!D{row}")
            elif field == "minerals" and self.rules.minerals and not self.minerals:
                yield raise_issue("missing_minerals", f"Declaration!D{row}")
            elif field == "others" and any(mineral.casefold().startswith("other") for mineral in self.minerals):
                yield raise_issue("missing_other_mineral", f"Declaration!D{row}")

    def answers(self) -> Iterator[Issue]:
        """Yield questions that lack an answer, mineral by mineral."""
        for question in self.layout.questions:
            if self.rules.only and question not in self.rules.only:
                continue
            for mineral in self.layout.only.get(question, self.minerals):
                if self._needs(question, mineral) and not self._counts(question, mineral):
                    place = self._place(question, mineral)
                    yield raise_issue("missing_answer", place, question=question, metal=mineral)

    def letters(self) -> Iterator[Issue]:
        """Yield questions about the company that lack an answer, and the address of the policy."""
        if not self._any_mineral():
            return
        for letter, row in self.layout.letters.items():
            given = self.declared.company_questions.get(letter, CompanyAnswer())
            if letter == self.layout.per_mineral:
                yield from self._letter_minerals(letter, row, given)
                continue
            cell = given.cell or f"D{row}"
            if not self._is_given(letter, given):
                code = "missing_format" if given.answer.strip() else "missing_letter"
                yield raise_issue(code, f"Declaration!{cell}", question=letter)
            if letter == "B" and self.rules.url and _same(given.answer, "yes") and not self._has_url(given.comment):
                code = "missing_url_www" if self.rules.url == "www" else "missing_url"
                yield raise_issue(code, f"Declaration!G{row}", question=letter)

    def products(self) -> Iterator[Issue]:
        """Yield the empty Product List of a declaration about products: only its first row is looked at."""
        if self.declared.scope != self.rules.products:
            return
        if self._needs_letters_for_products() and not self._any_mineral():
            return
        if not any(product.row == _FIRST_PRODUCT and product.number.strip() for product in self.declared.products):
            yield raise_issue("missing_products", f"Product List!B{_FIRST_PRODUCT}")

    def smelters(self) -> Iterator[Issue]:
        """Yield minerals without a smelter, and rows of unlisted smelters without name or country."""
        rows = self.declared.smelters
        if self.rules.smelters == "first_rows":
            if self._any_mineral() and not any(row.row <= _FIRST_ROWS and row.lookup.strip() for row in rows):
                yield raise_issue("missing_smelters", "Smelter List!C5")
        else:
            for mineral in self.minerals:
                if self._needs_smelters(mineral) and not self._has_smelter(mineral):
                    yield raise_issue("missing_smelter", "Smelter List!B5", metal=mineral)
        if self.rules.unlisted:
            for row in rows:
                if row.is_unlisted and not (row.name.strip() and row.country.strip()):
                    column = "E" if row.name.strip() else "D"
                    yield raise_issue("unlisted_incomplete", f"Smelter List!{column}{row.row}", metal=row.metal)
                    return  # the Checker counts all such rows as one

    def _field(self, field: str) -> str:
        """Return what stands in a field of the company block."""
        declared = self.declared
        texts = {
            "scope": declared.scope or declared.scope_text,
            "description": declared.scope_description,
            "date": declared.effective_date or declared.effective_text,
        }
        text = texts[field] if field in texts else getattr(declared.company, field, "")
        return str(text).strip()

    def _needs_description(self) -> bool:
        return bool(self._field("scope")) and self.declared.scope not in self.rules.described

    def _value(self, question: str, mineral: str) -> str:
        return self.declared.answer(question, mineral).strip()

    def _says(self, question: str, mineral: str, *options: str) -> bool:
        """Whether an answer is one of the options as a formula compares it: "No " with a blank behind is no No."""
        given = self.declared.answers.get(question, {}).get(mineral, Answer())
        return given.exact and _same(given.value, *options)

    def _is_off(self, mineral: str, *, second: bool) -> bool:
        """Whether a mineral is out by its answer to question 1, or with `second` also by that to question 2."""
        off = [self._says("1", mineral, *self.rules.first)]
        if second and self.rules.second:
            # CMRT 6.x does not look at question 2 before question 1 says Yes: a No there ends nothing.
            seen = not self.rules.strict or self._says("1", mineral, "yes")
            off.append(seen and self._says("2", mineral, *self.rules.second))
        return all(off) if self.rules.joined == "all" else any(off)

    def _needs(self, question: str, mineral: str) -> bool:
        if question in self.rules.open:
            return True
        return not self._is_off(mineral, second=question != "2")

    def _counts(self, question: str, mineral: str) -> bool:
        """Whether an answer counts as given. In CMRT 6.x it does only behind a Yes to what was asked before."""
        if not self._value(question, mineral):
            return False
        before = ("1", "2")[: int(question) - 1] if self.rules.strict else ()
        return all(self._says(asked, mineral, "yes") for asked in before)

    def _place(self, question: str, mineral: str) -> str:
        given = self.declared.answers.get(question, {}).get(mineral, Answer())
        row = self.layout.questions[question] + 1 + self.minerals.index(mineral)
        return f"Declaration!{given.cell or f'D{row}'}"

    def _any_mineral(self) -> bool:
        return any(self._needs("3", mineral) for mineral in self.minerals)

    def _needs_letters_for_products(self) -> bool:
        return self.declared.template == "CMRT" and self.rules.products == "D"

    def _needs_smelters(self, mineral: str) -> bool:
        return not self._is_off(mineral, second=True)

    def _has_smelter(self, mineral: str) -> bool:
        mine = [row for row in self.declared.smelters if _same(row.metal, mineral.casefold())]
        if self.rules.smelters == "named":
            return any(row.name.strip() and row.country.strip() for row in mine)
        return any(row.lookup.strip() for row in mine)

    def _letter_minerals(self, letter: str, row: int, given: CompanyAnswer) -> Iterator[Issue]:
        for place, mineral in enumerate(self.minerals, start=row + 1):
            answer = given.minerals.get(mineral, Answer())
            if self._needs("3", mineral) and not answer.value.strip():
                cell = answer.cell or f"D{place}"
                yield raise_issue("missing_letter_mineral", f"Declaration!{cell}", question=letter, metal=mineral)

    def _is_given(self, letter: str, given: CompanyAnswer) -> bool:
        """Whether a letter is answered. Letter E of EMRT 1.x takes its own options alone, one with a comment."""
        answer = given.answer.strip().casefold()
        if letter != self.rules.format:
            return bool(answer)
        if answer == "yes, using other format (describe)":
            return bool(given.comment.strip())
        return answer == "no" or answer.startswith("yes, in conformance")

    def _has_url(self, comment: str) -> bool:
        return "www" in comment if self.rules.url == "www" else len(comment) > 1


def _same(value: str, *options: str) -> bool:
    """Whether a value is one of the options, which are in small letters."""
    return value.strip().casefold() in options
