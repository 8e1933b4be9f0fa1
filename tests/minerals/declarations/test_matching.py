"""Whose a declaration is: exact evidence, free mail, groups that share a domain, and names that are only alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerals.declarations.matching import Book, Candidate, Party, Said, choose, domain_of, fold_company

PARTIES = (
    Party(
        id=1, name="Example Parts Co., Ltd.", vendor_code="V-0012", emails=("sales@parts.example", "plant@gmail.com")
    ),
    Party(id=2, name="Sample Metals GmbH", vendor_code="88-1", emails=("a@group.example", "b@metals.example")),
    Party(id=3, name="Sample Coatings GmbH", vendor_code="88-2", emails=("c@group.example",)),
    Party(id=4, name="鈴木部品株式会社", vendor_code="S4"),
    Party(id=5, name="Twin Works Inc.", vendor_code="T1"),
    Party(id=6, name="Twin Works Incorporated", vendor_code="T2"),
)


@pytest.mark.parametrize(
    ("said", "chosen"),
    [
        (Said(id="v0012"), 1),
        (Said(id="V-0012", name="Somebody Else"), 1),
        (Said(name="EXAMPLE PARTS CO.,LTD"), 1),
        (Said(name="Example Parts Company Limited"), 1),
        (Said(name="Example Parts GmbH"), None),
        (Said(name="㈱鈴木部品"), None),
        (Said(name="鈴木部品 株式会社"), 4),
        (Said(emails=("SALES@parts.example ",)), 1),
        (Said(emails=("plant@gmail.com",)), 1),
        (Said(emails=("other@gmail.com",)), None),
        (Said(name="Example Parts", emails=("new@parts.example",)), 1),
        (Said(name="Quality Consultants", emails=("new@parts.example",)), None),
        (Said(name="Sample Metals", emails=("x@group.example",)), None),
        (Said(name="Sample Metals GmbH", emails=("c@group.example",)), None),
        (Said(name="Twin Works Inc"), None),
        (Said(name="Sample Metal GmbH"), None),
        (Said(name="", id="", emails=("", "n/a", "@", "same")), None),
        (Said(id="-"), None),
    ],
)
def test_a_file_is_entered_for_one_supplier_or_left_to_a_person(said, chosen):
    assert choose(Book(PARTIES).find(said)) == chosen


def test_likely_suppliers_are_listed_best_first_with_their_reasons():
    found = Book(PARTIES).find(Said(name="Sample Metal GmbH", emails=("x@group.example",)))
    assert [(one.id, one.how, one.is_sure) for one in found] == [(2, ("domain",), True), (3, ("domain",), True)]
    assert Book(PARTIES).find(Said(name="Exampel Parts Co. Ltd.")) == [Candidate(id=1, how=("likeness",), score=94)]


@pytest.mark.parametrize(
    ("email", "domain"),
    [("a@Parts.Example", "parts.example"), ("a@qq.com", ""), ("a@163.com", ""), ("a@gmail.com", ""), ("parts.example", ""), ("a@localhost", ""), ("", "")],
)  # fmt: skip
def test_a_free_domain_is_none(email, domain):
    assert domain_of(email) == domain


@pytest.mark.parametrize(
    ("one", "other"),
    [("A & B Co., Ltd.", "A and B Company Limited"), ("X.Y.Z. Corp.", "XYZ Corporation"), ("ｅｘａｍｐｌｅ　Inc", "Example Incorporated"), ("例有限公司", "例 有限责任公司")],
)  # fmt: skip
def test_spellings_of_one_company_fold_alike(one, other):
    assert fold_company(one) == fold_company(other)


@given(st.text(max_size=60), st.text(max_size=30), st.lists(st.text(max_size=30), max_size=3))
def test_any_words_are_matched_without_a_fault(name, code, emails):
    found = Book(PARTIES).find(Said(name=name, id=code, emails=tuple(emails)))
    assert len(found) <= 5
    assert all(0 <= one.score <= 100 for one in found)
