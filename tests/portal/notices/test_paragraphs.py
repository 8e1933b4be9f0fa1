"""Cutting a plain-text mail into paragraphs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.notices.paragraphs import Paragraph, split_paragraphs

BASE = "https://sanpo.example"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("One\ntwo\n\n\nThree", [Paragraph("One\ntwo"), Paragraph("Three")]),
        (f"Open it:\n{BASE}/x/", [Paragraph("Open it", f"{BASE}/x/")]),
        (f"開く：\n{BASE}/x/", [Paragraph("開く", f"{BASE}/x/")]),
        (f"{BASE}/x/", [Paragraph(f"{BASE}/x/", f"{BASE}/x/")]),
        (f"See {BASE}/x/ there", [Paragraph(f"See {BASE}/x/ there")]),
        ("Click:\nhttps://evil.example/", [Paragraph("Click:\nhttps://evil.example/")]),
    ],
)
def test_split_paragraphs(text, expected):
    assert split_paragraphs(text, BASE) == expected


@given(st.text())
def test_no_word_is_lost(text):
    words = "".join(text.split())
    assert "".join("".join(paragraph.text.split()) for paragraph in split_paragraphs(text, BASE)) == words


@given(st.lists(st.sampled_from([BASE + "/a", "https://evil.example/a", "Word:", "", " "])))
def test_only_our_own_addresses_become_links(lines):
    links = [paragraph.link for paragraph in split_paragraphs("\n".join(lines), BASE)]
    assert set(links) <= {"", BASE + "/a"}
