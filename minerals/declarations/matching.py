"""Whose a declaration is, by what it says of its company: sure hits first, likeness for suggestions only."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import msgspec
from rapidfuzz import fuzz, process

# Mail providers that anybody uses: such a domain says nothing of a company.
FREE_DOMAINS: Final = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com",
        "yahoo.co.jp", "yahoo.co.th", "ymail.com", "icloud.com", "me.com", "aol.com", "gmx.de", "gmx.net", "web.de",
        "mail.ru", "yandex.ru", "proton.me", "protonmail.com", "zoho.com", "qq.com", "foxmail.com", "163.com",
        "126.com", "yeah.net", "sina.com", "sina.cn", "sohu.com", "139.com", "189.cn", "aliyun.com", "21cn.com",
        "tom.com", "naver.com", "daum.net", "hanmail.net", "nate.com", "rediffmail.com", "hinet.net",
        "pchome.com.tw", "seed.net.tw", "docomo.ne.jp", "ezweb.ne.jp", "softbank.ne.jp", "nifty.com",
        "biglobe.ne.jp", "ocn.ne.jp",
    }
)  # fmt: skip
# Legal forms are spelled in many ways; which one it is tells companies apart, so it is kept.
FORMS: Final = {
    "limited": "ltd",
    "company": "co",
    "corporation": "corp",
    "incorporated": "inc",
    "kabushiki": "kk",
    "kaisha": "",
    "株式会社": "kk",
    "㈱": "kk",
    "有限公司": "coltd",
    "有限責任公司": "coltd",
    "有限责任公司": "coltd",
}
ALIKE: Final = 82.0
# A domain may be shared by a group; it is sure only when the name does not speak against it.
SUPPORTS: Final = 60.0
MOST: Final = 5


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says of its company."""

    name: str = ""
    id: str = ""
    emails: tuple[str, ...] = ()


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """A supplier as the buyer knows it: `id` is the relationship."""

    id: int
    name: str
    vendor_code: str
    emails: tuple[str, ...] = ()


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A supplier a file may belong to: by what (code, name, email, domain, likeness), how sure (0 to 100)."""

    id: int
    how: tuple[str, ...]
    score: int
    is_sure: bool = False


def fold_company(name: str) -> str:
    """Return what company names are compared by: letters and figures, legal forms spelled in one way."""
    text = unicodedata.normalize("NFKC", name).casefold()
    for long in ("株式会社", "有限責任公司", "有限责任公司", "有限公司"):
        text = text.replace(long, f" {FORMS[long]} ")
    words = re.findall(r"\w+", text.replace("&", " and ").replace(".", "").replace("'", ""))
    folded = [FORMS.get(word, word) for word in words]
    return " ".join(word for word in folded if word).replace("co ltd", "coltd")


def fold_code(code: str) -> str:
    """Return what vendor codes and company numbers are compared by."""
    return re.sub(r"[^0-9a-z]", "", unicodedata.normalize("NFKC", code).casefold())


def domain_of(email: str) -> str:
    """Return the domain of an address, "" for a free one and for what is none."""
    name, sign, domain = email.strip().casefold().rpartition("@")
    return domain if name and sign and "." in domain and domain not in FREE_DOMAINS else ""


class Book:
    """The suppliers of one buyer, indexed once; `find` then reads no database."""

    def __init__(self, parties: Iterable[Party]) -> None:
        self.by_code: defaultdict[str, set[int]] = defaultdict(set)
        self.by_name: defaultdict[str, set[int]] = defaultdict(set)
        self.by_email: defaultdict[str, set[int]] = defaultdict(set)
        self.by_domain: defaultdict[str, set[int]] = defaultdict(set)
        self.names: dict[int, str] = {}
        for party in parties:
            self.add(party)

    def add(self, party: Party) -> None:
        """Take a supplier in."""
        self.names[party.id] = fold_company(party.name)
        self.by_code[fold_code(party.vendor_code)].add(party.id)
        self.by_name[self.names[party.id]].add(party.id)
        for email in party.emails:
            self.by_email[email.strip().casefold()].add(party.id)
            self.by_domain[domain_of(email)].add(party.id)
        for index in (self.by_code, self.by_name, self.by_email, self.by_domain):
            index.pop("", None)

    def find(self, said: Said) -> list[Candidate]:
        """Return the suppliers a file may belong to, best first; sure ones only where evidence is exact."""
        name = fold_company(said.name)
        hits: defaultdict[int, list[str]] = defaultdict(list)
        for how, ids in (
            ("code", self.by_code.get(fold_code(said.id), set()) if said.id else set()),
            ("name", self.by_name.get(name, set())),
            ("email", {one for email in said.emails for one in self.by_email.get(email.strip().casefold(), ())}),
            ("domain", {one for email in said.emails for one in self.by_domain.get(domain_of(email), ())}),
        ):
            for one in ids:
                hits[one].append(how)
        found = [self.judge(one, hows, name) for one, hows in hits.items()]
        rest = self.alike(name, set(hits)) if name else []
        return sorted([*found, *rest], key=lambda one: (not one.is_sure, -one.score, one.id))[:MOST]

    def judge(self, party: int, how: list[str], name: str) -> Candidate:
        """Return a candidate by exact evidence; a domain alone needs a name that does not speak against it."""
        is_sure = how != ["domain"] or fuzz.token_set_ratio(name, self.names[party]) >= SUPPORTS
        weights = {"code": 100, "name": 98, "email": 96, "domain": 85 if is_sure else 60}
        return Candidate(id=party, how=tuple(how), score=max(weights[each] for each in how), is_sure=is_sure)

    def alike(self, name: str, known: set[int]) -> list[Candidate]:
        """Return suppliers with a name like this one."""
        near = process.extract(name, self.names, scorer=fuzz.WRatio, score_cutoff=ALIKE, limit=MOST + len(known))
        return [
            Candidate(id=party, how=("likeness",), score=min(94, int(score)))
            for _name, score, party in near
            if party not in known
        ]


def choose(candidates: Iterable[Candidate]) -> int | None:
    """Return the one supplier a file belongs to beyond doubt, None where there are none or several."""
    sure = [one for one in candidates if one.is_sure]
    return sure[0].id if len(sure) == 1 else None
