"""A sheet of an audit firm's own: guesses of its header line, columns and words, for a person to confirm."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from assessments.audits.enums import Conclusion
from assessments.audits.workbook.columns import READ_COLUMNS, Line, Words, fold, name_headers

FIRST_LINES: Final = 30
MOST_WORDS: Final = 40
LONGEST_WORD: Final = 80
LONGEST_GRADE: Final = 40
LEAST_SHARE: Final = 0.4  # of a column's words that must look like conclusions
# A header that contains one of these, folded, is likely the column; of several columns the first wins.
COLUMN_HINTS: Final[Mapping[str, tuple[str, ...]]] = {
    "conclusion": (
        "conclusion", "rating", "grade", "result", "severity", "classification", "conformity", "compliance", "status",
        "level", "type",
        "判定", "評価", "等级", "结论", "結論", "结果", "結果", "区分", "ผลการ", "ระดับ", "ข้อสรุป",
    ),
    "data_points": (
        "datapoint", "observation", "whatwasseen", "sample", "interview",
        "データ", "確認事項", "观察", "数据点", "ข้อมูล",
    ),
    "root_cause": ("rootcause", "cause", "原因", "根本", "สาเหตุ"),
    "law": ("law", "legal", "regulation", "statute", "法令", "法律", "法规", "กฎหมาย"),
    "evidence": ("evidence", "document", "record", "proof", "証拠", "根拠", "证据", "หลักฐาน"),
    "topic": ("topic", "subject", "theme", "主題", "主题", "หัวข้อ"),
    "description": (
        "description", "finding", "detail", "nonconformance", "nonconformity", "issue", "comment", "remark",
        "指摘", "内容", "不適合", "说明", "描述", "发现", "问题", "รายละเอียด", "ข้อบกพร่อง", "คำอธิบาย",
    ),
    "checkpoint": (
        "checkpoint", "provision", "clause", "reference", "requirement", "criteri", "item", "question", "ref", "code",
        "no",
        "条項", "条款", "項目", "项目", "番号", "编号", "ข้อกำหนด", "ข้อ", "รหัส",
    ),
}  # fmt: skip
NOT_CONFORM: Final = re.compile(r"non|not ?(?:conform|compl|ok)|^n[./]?c\b|不|未|非|ไม่")
# The first that occurs in a word decides; a bare nonconformity has no severity, so a person chooses.
WORD_HINTS: Final[tuple[tuple[str, str], ...]] = (
    (
        r"^n\s*[/.]?\s*a\.?$|not ?appl|n/appl|不適用|不适用|対象外|該当なし|該当せず|ไม่เกี่ยวข้อง|ไม่ประยุกต์",
        Conclusion.NOT_APPLICABLE,
    ),
    (
        r"not ?(?:re|as|au|che|ver)|^n\s*[/.]?\s*r\.?$|未確認|未监查|未審査|未审|未评|未検証|ไม่ได้ตรวจ|ยังไม่",
        Conclusion.NOT_REVIEWED,
    ),
    (r"priority|critical|zero ?tol|^zt\b|最優先|優先|优先|致命|紧急|เร่งด่วน|วิกฤต", Conclusion.PRIORITY),
    (r"\bmaj|重大|主要|严重|重度|รุนแรง|สำคัญ", Conclusion.MAJOR),
    (r"\bmin|軽微|轻微|次要|軽度|เล็กน้อย", Conclusion.MINOR),
)
CONFORM_HINT: Final = re.compile(
    r"conform|compl|\bok\b|pass|^yes$|^c$|^[○◯✓✔☑]$|適合|合格|符合|适合|良好|満足|满足|สอดคล้อง|เป็นไปตาม|ผ่าน"
)


def find_header(lines: Sequence[Line]) -> int:
    """Return the number of the line that looks most like headers, among the first FIRST_LINES; 0 without any."""
    best, best_points = 0, -1.0
    for line in lines[:FIRST_LINES]:
        distinct = {fold(cell) for cell in line.cells if cell.strip()}
        short = sum(len(word) <= LONGEST_WORD for word in distinct)
        points = 3 * len(guess_columns(name_headers(line.cells), {})) + short if len(distinct) > 1 else 0
        if points > best_points:
            best, best_points = line.number, points
    return best


def guess_columns(headers: Sequence[str], known: Mapping[str, str]) -> dict[str, str]:
    """Return {our column: their header}: by our own words (`known`, folded) first, then by similar ones."""
    left = [header for header in headers if header]
    found: dict[str, str] = {}
    for header in list(left):
        column = known.get(fold(header), "")
        if column in READ_COLUMNS and column not in found:
            found[column] = header
            left.remove(header)
    for column, hints in COLUMN_HINTS.items():
        if column in found:
            continue
        match = best_header(left, hints)
        if match:
            found[column] = match
            left.remove(match)
    return found


def find_conclusions(headers: Sequence[str], lines: Sequence[Line], words: Words) -> str:
    """Return the header whose column looks most like conclusions by its words; "" when none does."""
    best, best_share = "", LEAST_SHARE
    for index, header in enumerate(headers):
        found = find_words(lines, index) if header else []
        understood = sum(bool(guess_conclusion(word, words)) for word in found if len(word) <= LONGEST_GRADE)
        if 0 < len(found) <= MOST_WORDS and understood / len(found) > best_share:
            best, best_share = header, understood / len(found)
    return best


def best_header(headers: Iterable[str], hints: Sequence[str]) -> str:
    """Return the header that contains the earliest hint; a hint of two letters must be the whole header."""
    for hint in hints:
        for header in headers:
            word = fold(header)
            if word == hint or ((len(hint) > 2 or not hint.isascii()) and hint in word):  # noqa: PLR2004 (two letters)
                return header
    return ""


def find_words(lines: Iterable[Line], index: int) -> list[str]:
    """Return the distinct words of a column in order of appearance, each as it is first written."""
    found: dict[str, str] = {}
    for line in lines:
        word = " ".join(line.cells[index].split()) if index < len(line.cells) else ""
        if word:
            found.setdefault(fold(word), word)
    return list(found.values())


def guess_conclusion(word: str, words: Words) -> str:
    """Return the conclusion a firm's own word most likely means; "" when a person must say."""
    own = words.conclusions.get(fold(word))
    if own:
        return own
    plain = " ".join(unicodedata.normalize("NFKC", word).casefold().split())
    for pattern, conclusion in WORD_HINTS:
        if re.search(pattern, plain):
            return str(conclusion)
    if NOT_CONFORM.search(plain):
        return ""
    return str(Conclusion.CONFORM) if CONFORM_HINT.search(plain) else ""
