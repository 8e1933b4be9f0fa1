"""Conditions as XLSForm writes them: the part of XPath that our conditions can say, read and written.

`write_condition` gives the form that comes back as the same condition. Reading takes some more:
either order of a comparison, curly quotation marks, full-width signs, string-length(${Q}) > 0.
"""

from collections.abc import Collection, Mapping
from typing import Final

from msgspec import Struct

from assessments.questionnaires.conditions import is_iso_date
from assessments.questionnaires.conditions.compiling import CELL
from assessments.questionnaires.core import ExpressionCode
from assessments.questionnaires.document import RawCondition
from assessments.questionnaires.workbook.tokens import ExpressionError, Token, cut_tokens

_OPERATORS: Final = {"=": "is", "!=": "is_not", ">": "over", "<": "under", ">=": "at_least", "<=": "at_most"}
_DAY_OPERATORS: Final = {"=": "is", "!=": "is_not", ">": "after", "<": "before"}
_TURNED: Final = {"=": "=", "!=": "!=", ">": "<", "<": ">", ">=": "<=", "<=": ">="}
_FUNCTIONS: Final = tuple(
    ["not", "selected", "selected_any", "in", "answered", "all", "any", "date", "today", "string-length"]
)
_GROUPS: Final = {"and": "all", "or": "any"}
DEEPEST: Final = 30

Plain = str | int | float


class _Operand(Struct, frozen=True):
    """One side of a comparison: a question, a value, the day of submission, or the length of an answer."""

    reference: RawCondition | None = None
    value: Plain | None = None
    is_day: bool = False
    is_length: bool = False


def parse_condition(text: str, dates: Collection[str] = ()) -> RawCondition:
    """Read an expression; raise ExpressionError. `dates` are codes of date questions, which > and < order by day."""
    parser = _Parser(cut_tokens(text), frozenset(dates))
    condition = parser.either(0)
    parser.finish()
    return condition


def parse_reference(text: str) -> RawCondition:
    """Read what stands in ${...}: CODE, or CODE.cell for a head-count table."""
    code, dot, cell = text.partition(".")
    return {"question": code.strip(), "cell": cell.strip()} if dot else {"question": code.strip()}


class _Parser:
    """Recursive descent: or, and, one comparison or function."""

    def __init__(self, tokens: list[Token], dates: frozenset[str]) -> None:
        self.tokens = tokens
        self.dates = dates
        self.next = 0

    # ---- tokens
    def peek(self) -> Token | None:
        return self.tokens[self.next] if self.next < len(self.tokens) else None

    def take(self, *texts: str) -> Token | None:
        """Step over the next token if it is one of these; a quoted text never is."""
        token = self.peek()
        if token is None or token.kind == "string" or token.value not in texts:
            return None
        self.next += 1
        return token

    def after(self) -> dict[str, object]:
        """Name the place of a problem: the token just read, or none at the beginning."""
        if self.next == 0:
            return {"after": "", "character": 0}
        last = self.tokens[self.next - 1]
        shown = last.text[1:-1] if last.kind == "string" else last.text
        return {"after": shown, "character": last.start}

    def fail(self, code: ExpressionCode, /, **params: object) -> ExpressionError:
        return ExpressionError(code, **params, **self.after())

    def expect(self, text: str) -> None:
        if self.take(text) is None:
            raise self.fail(ExpressionCode.NO_MARK, mark=text)

    def finish(self) -> None:
        token = self.peek()
        if token is None:
            return
        if token.text == "*" or token.kind == "number":
            raise self.fail(ExpressionCode.CALCULATION, token=token.text)
        raise self.fail(ExpressionCode.NO_JOINT, token=token.text)

    # ---- groups
    def either(self, depth: int) -> RawCondition:
        return self.group("or", depth)

    def group(self, word: str, depth: int) -> RawCondition:
        if depth > DEEPEST:
            raise self.fail(ExpressionCode.BRACKETS)
        members = [self.member(word, depth)]
        while self.take(word):
            members.append(self.member(word, depth))
        if len(members) == 1:
            return members[0]
        shorter = _join_same(members) if word == "or" else None
        return shorter or {_GROUPS[word]: members}

    def member(self, word: str, depth: int) -> RawCondition:
        return self.group("and", depth) if word == "or" else self.single(depth)

    def single(self, depth: int) -> RawCondition:
        if self.take("("):
            inner = self.either(depth + 1)
            self.expect(")")
            return inner
        token = self.peek()
        if token is not None and token.kind == "word" and token.value in _READERS:
            self.next += 1
            self.expect("(")
            condition = _READERS[str(token.value)](self, depth + 1)
            self.expect(")")
            return condition
        return self.comparison()

    # ---- functions
    def negation(self, depth: int) -> RawCondition:
        return {"not": self.either(depth)}

    def every(self, depth: int) -> RawCondition:
        return {"all": self.conditions(depth)}

    def some(self, depth: int) -> RawCondition:
        return {"any": self.conditions(depth)}

    def conditions(self, depth: int) -> list[RawCondition]:
        members = [self.either(depth)]
        while self.take(","):
            members.append(self.either(depth))
        return members

    def answered(self, _depth: int) -> RawCondition:
        return {**self.reference(), "answered": True}

    def selected(self, _depth: int) -> RawCondition:
        reference, codes = self.reference(), self.values("string")
        if len(codes) != 1:
            raise self.fail(ExpressionCode.ONE_CHOICE)
        return {**reference, "includes": codes[0]}

    def selected_any(self, _depth: int) -> RawCondition:
        return {**self.reference(), "includes_any": self.values("string")}

    def listed(self, _depth: int) -> RawCondition:
        return {**self.reference(), "in": self.values("string", "number")}

    def values(self, *kinds: str) -> list[Plain]:
        """Read ", value" once or more; each is one of these kinds of tokens."""
        found: list[Plain] = []
        while self.take(",") or not found:
            token = self.peek()
            if token is None or token.kind not in kinds or token.value == "":
                raise self.fail(ExpressionCode.NO_CHOICE)
            self.next += 1
            found.append(token.value)
        return found

    # ---- comparisons
    def comparison(self) -> RawCondition:
        left = self.operand(ExpressionCode.NO_COMPARISON)
        token = self.peek()
        if token is None or token.kind != "operator":
            raise self.fail(ExpressionCode.NO_SIGN)
        self.next += 1
        right = self.operand(ExpressionCode.NO_OPERAND)
        sign = str(token.value)
        if left.reference is None:
            left, right, sign = right, left, _TURNED[sign]
        if left.reference is None:
            raise self.fail(ExpressionCode.NOTHING_COMPARED)
        return self.compare(left.reference, left, sign, right)

    def compare(self, reference: RawCondition, left: _Operand, sign: str, right: _Operand) -> RawCondition:
        if left.is_length or right.value == "":
            return {**reference, "answered": self.is_answered(left, sign, right)}
        if right.is_length:
            raise self.fail(ExpressionCode.LENGTH_COMPARED)
        by_day = left.is_day or right.is_day or self.is_day_literal(right, sign)
        if not by_day:
            by_day = any(one and one["question"] in self.dates for one in (reference, right.reference))
        operator = (_DAY_OPERATORS if by_day and not isinstance(right.value, int | float) else _OPERATORS).get(sign)
        if operator is None:
            raise self.fail(ExpressionCode.DAY_ORDER, sign=sign)
        value = right.reference if right.reference is not None else right.value
        if value == "as_of" and right.is_day and operator in ("is", "is_not"):
            raise self.fail(ExpressionCode.TODAY_EQUALS)
        if isinstance(value, str) and operator in ("over", "under", "at_least", "at_most"):
            raise self.fail(ExpressionCode.TEXT_ORDER, sign=sign)
        return {**reference, operator: value}

    def is_answered(self, left: _Operand, sign: str, right: _Operand) -> bool:
        """Read ${Q} != '' and string-length(${Q}) > 0, and their contraries."""
        empty = right.value == "" if not left.is_length else right.value == 0
        truth = {"=": False, "!=": True, ">": True if left.is_length else None}.get(sign)
        if not empty or truth is None or right.reference is not None:
            raise self.fail(ExpressionCode.ASKING_FOR_ANSWER)
        return truth

    def is_day_literal(self, right: _Operand, sign: str) -> bool:
        return sign in ("<", ">", "<=", ">=") and is_iso_date(right.value)

    def operand(self, missing: ExpressionCode) -> _Operand:
        token = self.peek()
        if token is None or token.text.lower() in (")", ",", "and", "or") or token.kind == "operator":
            raise self.fail(missing)
        if token.kind == "word":
            return self.function_operand(token)
        if token.kind == "reference":
            return _Operand(self.reference())
        if token.kind == "string":
            self.next += 1
            return _Operand(value=token.value)
        if token.kind == "number":
            self.next += 1
            return self.factor(token.value) if self.take("*") else _Operand(value=token.value)
        raise self.fail(ExpressionCode.STRAY_TOKEN, token=token.text)

    def factor(self, number: Plain) -> _Operand:
        """Read the question after 0.5 *."""
        return _Operand({**self.reference(), "times": number})

    def function_operand(self, token: Token) -> _Operand:
        if token.value not in ("today", "date", "string-length"):
            raise self.fail(ExpressionCode.UNKNOWN_WORD, word=token.text, functions=_FUNCTIONS)
        self.next += 1
        self.expect("(")
        if token.value == "today":
            operand = _Operand(value="as_of", is_day=True)
        elif token.value == "string-length":
            operand = _Operand(self.reference(), is_length=True)
        else:
            operand = self.day()
        self.expect(")")
        return operand

    def day(self) -> _Operand:
        token = self.peek()
        if token is not None and token.kind == "reference":
            return _Operand(self.reference(), is_day=True)
        if token is None or token.kind != "string" or not is_iso_date(token.value):
            raise self.fail(ExpressionCode.NO_DAY)
        self.next += 1
        return _Operand(value=token.value, is_day=True)

    def reference(self) -> RawCondition:
        token = self.peek()
        if token is None or token.kind != "reference":
            raise self.fail(ExpressionCode.NO_QUESTION)
        self.next += 1
        reference = parse_reference(str(token.value))
        if not reference["question"] or reference.get("cell") == "":
            raise self.fail(ExpressionCode.NO_CODE)
        if "cell" in reference and not CELL.fullmatch(str(reference["cell"])):
            raise self.fail(ExpressionCode.BAD_CELL, named=reference["cell"])
        if self.take("*"):
            number = self.peek()
            if number is None or number.kind != "number":
                raise self.fail(ExpressionCode.NO_NUMBER)
            self.next += 1
            reference["times"] = number.value
        return reference


_READERS: Final = {
    "not": _Parser.negation,
    "all": _Parser.every,
    "any": _Parser.some,
    "answered": _Parser.answered,
    "selected": _Parser.selected,
    "selected_any": _Parser.selected_any,
    "in": _Parser.listed,
}


def _join_same(members: list[RawCondition]) -> RawCondition | None:
    """${Q} = 'a' or ${Q} = 'b' is one question and a list: give it as `in`; selected(...) as `includes_any`."""
    for single, several in (("is", "in"), ("includes", "includes_any")):
        reference = _same_reference(members, single)
        if reference is not None:
            return {**reference, several: [member[single] for member in members]}
    return None


def _same_reference(members: list[RawCondition], operator: str) -> RawCondition | None:
    """Give what all members read if they read the same and compare it by `operator` with a value."""
    if not all(operator in member and not isinstance(member[operator], Mapping) for member in members):
        return None
    references = [{key: value for key, value in member.items() if key != operator} for member in members]
    forms = {repr(sorted(reference.items())) for reference in references}  # 1 and 1.0 are not the same
    return references[0] if len(forms) == 1 else None


# ---- writing ------------------------------------------------------------------------------------------
_SIGNS: Final = {
    "is": "=",
    "is_not": "!=",
    "over": ">",
    "under": "<",
    "at_least": ">=",
    "at_most": "<=",
    "before": "<",
    "after": ">",
}


def write_condition(raw: Mapping[str, object]) -> str:
    """Write a condition that compiles as an expression; `parse_condition` gives the same condition again."""
    return _write(raw, bracketed=False)


def _write(raw: object, *, bracketed: bool) -> str:
    if not isinstance(raw, Mapping):
        raise TypeError("a condition is a map")
    if "not" in raw:
        return f"not({_write(raw['not'], bracketed=False)})"
    for word, group in _GROUPS.items():
        if group in raw:
            return _write_group(word, group, list(raw[group]), bracketed)
    reference = _write_reference(raw)
    operator = next(key for key in raw if key not in ("question", "cell", "times"))
    operand = raw[operator]
    if operator in ("in", "includes_any"):
        return _write_list(reference, operator, list(operand), bracketed)
    if operator == "includes":
        return f"selected({reference}, {write_value(operand)})"
    if operator == "answered":
        return f"{reference} {'!=' if operand else '='} ''"
    return _write_comparison(reference, operator, operand)


def _write_group(word: str, group: str, members: list[RawCondition], bracketed: bool) -> str:
    if len(members) == 1 or (group == "any" and _join_same(members)):
        return f"{group}({', '.join(_write(member, bracketed=False) for member in members)})"
    text = f" {word} ".join(_write(member, bracketed=True) for member in members)
    return f"({text})" if bracketed else text


def _write_list(reference: str, operator: str, values: list[Plain], bracketed: bool) -> str:
    if len(values) == 1:
        name = "in" if operator == "in" else "selected_any"
        return f"{name}({reference}, {write_value(values[0])})"
    form = "{} = {}" if operator == "in" else "selected({}, {})"
    text = " or ".join(form.format(reference, write_value(value)) for value in values)
    return f"({text})" if bracketed else text


def _write_comparison(reference: str, operator: str, operand: object) -> str:
    sign, by_day = _SIGNS[operator], operator in ("before", "after")
    if isinstance(operand, Mapping):
        other = _write_reference(operand)
        return f"date({reference}) {sign} date({other})" if by_day else f"{reference} {sign} {other}"
    if by_day:
        return f"{reference} {sign} {'today()' if operand == 'as_of' else f'date({write_value(operand)})'}"
    return f"{reference} {sign} {write_value(operand)}"


def _write_reference(raw: Mapping[str, object]) -> str:
    cell, times = raw.get("cell"), raw.get("times")
    name = f"${{{raw['question']}}}" if cell is None else f"${{{raw['question']}.{cell}}}"
    return name if times is None else f"{name} * {write_value(times)}"


def write_value(value: object) -> str:
    """Write a value: text in quotation marks, a number as it is."""
    if isinstance(value, str):
        return f'"{value}"' if "'" in value and '"' not in value else "'" + value.replace("'", "''") + "'"
    return repr(value)
