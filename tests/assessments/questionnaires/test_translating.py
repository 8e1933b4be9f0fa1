"""Translating: drafts, saving side by side with a second person, one language as a workbook and back, the pages."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.questionnaires.document import parse_document
from assessments.questionnaires.document.composing import parse_extension
from assessments.questionnaires.document.translations import stamp, texts_by_key
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.queries import document_of
from assessments.questionnaires.services import publish_version, store_document
from assessments.questionnaires.services.translating import (
    Typed,
    add_language,
    import_translations,
    save_translations,
    start_translation,
    write_translations,
)
from portal.lib.errors import ConflictError, DomainError
from portal.lib.workbook import Sheet, read_table, write_workbook
from portal.trail.models import Entry
from tests.assessments.questionnaires.builders import make_question, make_source
from tests.factories import cast, make_version

pytestmark = pytest.mark.django_db

FLAG = {
    "code": "A1-BAD",
    "provision": "A1",
    "severity": "minor",
    "when": {"question": "A1-ONE", "is": "no"},
    "text": {"en": "{A1-ONE} is bad", "ja": "{A1-ONE} は良くありません"},
}
HEADS = ["Key", "Where it stands", "Text to translate", "Text before the change", "Translation", "State"]


def source(version="1.0", text="Is it so?", ja="そうですか。", **fields):
    question = make_question(text={"en": text, "ja": ja} if ja else {"en": text}, guidance="Think")
    fields = {"code": "ours", "languages": ["en", "ja", "th"], "version": version, **fields}
    return make_source(question, flags=[FLAG], **fields)


def kept(owner, raw=None, *, published=False):
    """A draft of the questionnaire, or a published version."""
    version = store_document(parse_document(raw or source()), owner=owner, actor=None)
    return publish_version(version, actor=None) if published else version


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def draft(people):
    return kept(people.buyer)


@pytest.fixture
def published(draft, people):
    return publish_version(draft, actor=people.erin)


SOURCES = {
    "A1-ONE.text": "Is it so?",
    "A1-ONE.guidance": "Think",
    "A1-BAD.text": "{A1-ONE} is bad",
    "A.title": "Labor",
    "title": "Small questionnaire",
    "X-ONE.text": "Text of X-ONE",
}


def mark(key, was=""):
    """The stamp a page gives a text with its translation."""
    return stamp(SOURCES.get(key, ""), was)


def typed(key, words, was=""):
    """What was entered over a translation."""
    return Typed(words, mark(key, was))


def ja_of(version):
    """The Japanese texts of a version as they stand in the database, those that are there."""
    fresh = QuestionnaireVersion.objects.get(pk=version.pk)
    return {key: text["ja"] for key, text in texts_by_key(document_of(fresh)).items() if "ja" in text}


STANDING = {"A1-ONE.text": "そうですか。", "A1-BAD.text": "{A1-ONE} は良くありません"}


# --- Drafts ------------------------------------------------------------------------------------------
def test_a_published_version_is_translated_in_a_draft_with_the_next_number(published, people):
    draft = start_translation(published, actor=people.erin)
    assert (draft.version, draft.state, draft.questionnaire) == ("1.1", "draft", published.questionnaire)
    assert texts_by_key(document_of(draft)) == texts_by_key(document_of(published))
    assert start_translation(published, actor=people.erin) == draft
    assert start_translation(draft, actor=people.erin) == draft


def test_a_draft_of_an_extension_stands_on_the_same_base(people):
    base = kept(None, source(code="base"), published=True)
    own = {"code": "more", "version": "1", "title": "More", "sections": [
        {"code": "X", "title": "Ours", "questions": [make_question("X-ONE")]}
    ]}  # fmt: skip
    document = parse_extension(document_of(base), own)
    mine = publish_version(
        store_document(document, owner=people.buyer, actor=people.erin, base=base), actor=people.erin
    )
    draft = start_translation(mine, actor=people.erin)
    assert (draft.version, draft.base) == ("2", base)
    words = {"X-ONE.text": typed("X-ONE.text", "問い")}
    assert save_translations(draft, language="ja", typed=words, actor=people.erin) == 1
    assert ja_of(draft) == {**STANDING, "X-ONE.text": "問い"}
    with pytest.raises(ConflictError, match="no longer has"):  # the texts of the base are not its own
        save_translations(draft, language="ja", typed={"A.title": typed("A.title", "労働")}, actor=people.erin)


def test_a_draft_takes_another_language(draft, people):
    add_language(draft, language="vi", actor=people.erin)
    assert document_of(QuestionnaireVersion.objects.get(pk=draft.pk)).languages == ("en", "ja", "th", "vi")
    assert Entry.objects.get(deed="translate_questionnaire").detail["language"] == "vi"


@pytest.mark.parametrize("language", ["ja", "xx", ""])
def test_a_language_that_is_there_or_unknown_is_refused(draft, people, language):
    with pytest.raises(DomainError, match="Choose a language"):
        add_language(draft, language=language, actor=people.erin)


def test_an_extension_speaks_what_its_base_speaks(people):
    base = kept(None, source(code="base"), published=True)
    own = {"code": "more", "version": "1", "title": "More", "sections": []}
    document = parse_extension(document_of(base), own)
    draft = store_document(document, owner=people.buyer, actor=people.erin, base=base)
    with pytest.raises(DomainError, match="languages of the questionnaire it extends"):
        add_language(draft, language="vi", actor=people.erin)


# --- Saving ------------------------------------------------------------------------------------------
def test_save_puts_changes_in_and_leaves_a_trail(draft, people):
    entered = {
        "A1-ONE.text": typed("A1-ONE.text", " 本当ですか。\r\n", "そうですか。"),
        "A1-ONE.guidance": typed("A1-ONE.guidance", "考えて"),
        "A.title": typed("A.title", ""),
        "A1-BAD.text": typed("A1-BAD.text", "", STANDING["A1-BAD.text"]),
    }
    assert save_translations(draft, language="ja", typed=entered, actor=people.erin) == 3
    assert ja_of(draft) == {"A1-ONE.text": "本当ですか。", "A1-ONE.guidance": "考えて"}
    entry = Entry.objects.filter(deed="translate_questionnaire").get()
    assert (entry.actor, entry.organisation_id, entry.detail["language"], entry.detail["texts"]) == (
        people.erin, people.buyer.pk, "ja", 3,
    )  # fmt: skip


def test_save_of_nothing_new_writes_nothing(draft, people):
    entered = {"A1-ONE.text": typed("A1-ONE.text", "そうですか。", "そうですか。")}
    assert save_translations(draft, language="ja", typed=entered, actor=people.erin) == 0
    assert not Entry.objects.filter(deed="translate_questionnaire").exists()


def test_the_title_of_the_version_follows(draft, people):
    save_translations(draft, language="ja", typed={"title": typed("title", "小さな調査票")}, actor=people.erin)
    assert QuestionnaireVersion.objects.get(pk=draft.pk).title["ja"] == "小さな調査票"


def test_a_text_saved_meanwhile_is_shown_and_nothing_is_saved(draft, people):
    save_translations(
        draft, language="ja", typed={"A1-ONE.text": typed("A1-ONE.text", "彼女の文", "そうですか。")}, actor=people.erin
    )
    entered = {"A1-ONE.text": typed("A1-ONE.text", "私の文", "そうですか。"), "A.title": typed("A.title", "{X}")}
    with pytest.raises(ConflictError) as caught:
        save_translations(draft, language="ja", typed=entered, actor=people.erin)
    assert caught.value.detail["taken"] == {"A1-ONE.text": "彼女の文"}
    assert list(caught.value.detail["wrong"]) == ["A.title"]
    assert ja_of(draft)["A1-ONE.text"] == "彼女の文"
    again = {"A1-ONE.text": typed("A1-ONE.text", "私の文", "彼女の文")}
    assert save_translations(draft, language="ja", typed=again, actor=people.erin) == 1


def test_a_text_that_was_changed_under_its_translator_is_shown(draft, people):
    kept(people.buyer, source(text="Is it really so?"))  # uploaded anew: the same draft with another text
    with pytest.raises(ConflictError) as caught:
        save_translations(
            draft,
            language="ja",
            typed={"A1-ONE.text": typed("A1-ONE.text", "本当？", "そうですか。")},
            actor=people.erin,
        )
    assert caught.value.detail["taken"] == {"A1-ONE.text": "そうですか。"}


def test_a_text_that_is_gone_is_said_so_that_it_can_be_copied(draft, people):
    words = {
        "GONE.text": typed("GONE.text", "私の文"),
        "GONE.why": typed("GONE.why", ""),
        "A.title": typed("A.title", "労働"),
    }
    with pytest.raises(ConflictError, match=r"no longer has these texts: GONE\.text “私の文”"):
        save_translations(draft, language="ja", typed=words, actor=people.erin)
    assert ja_of(draft) == STANDING


def test_what_i_left_alone_is_no_conflict(draft, people):
    save_translations(
        draft, language="ja", typed={"A1-ONE.text": typed("A1-ONE.text", "新", "そうですか。")}, actor=people.erin
    )
    untouched = {
        "A1-ONE.text": typed("A1-ONE.text", "そうですか。", "そうですか。"),
        "A.title": typed("A.title", "労働"),
    }
    assert save_translations(draft, language="ja", typed=untouched, actor=people.erin) == 1
    assert ja_of(draft)["A1-ONE.text"] == "新"


def test_placeholders_must_agree(draft, people):
    entered = {
        "A1-BAD.text": typed("A1-BAD.text", "良くありません", STANDING["A1-BAD.text"]),
        "A.title": typed("A.title", "労働"),
    }
    with pytest.raises(DomainError) as caught:
        save_translations(draft, language="ja", typed=entered, actor=people.erin)
    assert (caught.value.code, list(caught.value.detail)) == ("texts", ["A1-BAD.text"])
    assert ja_of(draft) == STANDING


def test_a_draft_published_meanwhile_is_not_changed(draft, people):
    publish_version(draft, actor=people.erin)
    with pytest.raises(ConflictError, match="published or discarded"):
        save_translations(draft, language="ja", typed={"A.title": typed("A.title", "労働")}, actor=people.erin)


# --- A language as a workbook --------------------------------------------------------------------------
def book(*rows, heads=HEADS, title="ja"):
    return io.BytesIO(write_workbook([Sheet(title, heads, rows)]))


def test_the_workbook_says_what_is_missing_and_outdated(published, people):
    next_one = kept(people.buyer, source("1.1", text="Is it really so?"))
    table = read_table(io.BytesIO(write_translations(next_one, "ja")))
    assert (table.sheet, table.headers) == ("ja", HEADS)
    assert [row.cells for row in table.rows] == [
        ["title", "Title of the questionnaire", "Small questionnaire", None, None, "missing"],
        ["A.title", "A Labor · Title", "Labor", None, None, "missing"],
        ["A1-ONE.text", "A Labor · A1-ONE · Text", "Is it really so?", "Is it so?", "そうですか。", "outdated"],
        ["A1-ONE.guidance", "A Labor · A1-ONE · What is meant", "Think", None, None, "missing"],
        ["A1-BAD.text", "A Labor · A1-BAD · Text", "{A1-ONE} is bad", None, "{A1-ONE} は良くありません", "translated"],
    ]


def test_a_translated_workbook_comes_back(draft, people):
    table = read_table(io.BytesIO(write_translations(draft, "ja")))
    rows = [[*row.cells[:4], {"A.title": "労働", "A1-ONE.text": "本当？"}.get(row.cells[0])] for row in table.rows]
    changed, count = import_translations(draft, language="ja", file=book(*rows, heads=HEADS[:5]), actor=people.erin)
    assert (changed, count) == (draft, 2)
    assert ja_of(draft) == {**STANDING, "A.title": "労働", "A1-ONE.text": "本当？"}


def test_a_workbook_for_a_published_version_becomes_a_draft(published, people):
    draft, count = import_translations(
        published, language="ja", file=book(["A.title", "", "Labor", "", "労働", ""]), actor=people.erin
    )
    assert (draft.version, draft.state, count) == ("1.1", "draft", 1)
    assert ja_of(published) == STANDING


def test_wrong_rows_are_named_by_cell_and_nothing_is_imported(draft, people):
    rows = [
        ["A.title", "", "Labor", "", "労働", ""],
        ["A1-ONE.text", "", "Was it so?", "", "そうでしたか。", ""],
        ["A1-NONE.text", "", "x", "", "y", ""],
        ["A1-BAD.text", "", "{A1-ONE} is bad", "", "良くない", ""],
        ["A.title", "", "Labor", "", "労務", ""],
        ["A1-ONE.guidance", "", "Changed, but not translated", "", "", ""],
    ]
    with pytest.raises(DomainError) as caught:
        import_translations(draft, language="ja", file=book(*rows), actor=people.erin)
    assert (caught.value.code, caught.value.message[:17]) == ("cells", "4 cells are wrong")
    told = [(problem["place"], problem["message"].split(".")[0]) for problem in caught.value.detail]
    assert told == [
        ("C3", "The text to translate is another one now: “Is it so?”"),
        ("A4", "This version has no text with this key"),
        ("E5", "The words in curly brackets stand for answers"),
        ("A6", "This key stands in an earlier row, too"),
    ]
    assert ja_of(draft) == STANDING


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (book(["title", "x"], heads=["Key", "Translation"]), "no column “Text to translate”"),
        (book(["title", "", "Small questionnaire", "", "ชื่อ", ""], title="th"), "another language"),
        (io.BytesIO(b""), "empty"),
    ],
)
def test_a_file_that_cannot_be_it_is_refused_with_a_sentence(draft, people, file, sentence):
    with pytest.raises(DomainError, match=sentence):
        import_translations(draft, language="ja", file=file, actor=people.erin)


def test_a_refused_workbook_starts_no_draft(published, people):
    with pytest.raises(DomainError):
        import_translations(published, language="ja", file=book(["x", "", "x", "", "y", ""]), actor=people.erin)
    assert QuestionnaireVersion.objects.count() == 1


# --- Pages ---------------------------------------------------------------------------------------------
def page(client, name, version, *rest, query="", **data):
    url = reverse(name, args=[version.pk, *rest]) + query
    return client.post(url, data) if data else client.get(url)


def test_the_list_counts_languages(client, draft, people):
    client.force_login(people.dave)
    response = page(client, "translation_list", draft)
    assert [(row["code"], row["share"], row["measure"].missing, row["measure"].outdated) for row in response.context["rows"]] == [
        ("ja", 40, 3, 0), ("th", 0, 5, 0),
    ]  # fmt: skip
    assert "ask an administrator" in response.content.decode()


@pytest.mark.parametrize("owned", [True, False])
def test_published_versions_say_why_they_are_not_translated(client, people, owned):
    version = kept(people.buyer if owned else None, published=True)
    client.force_login(people.erin)
    body = page(client, "translation_list", version).content.decode()
    assert ("Start a new version to translate" in body, "every buyer sends the same texts" in body) == (
        owned,
        not owned,
    )
    assert "<textarea" not in page(client, "translation_detail", version, "ja").content.decode()


def test_start_leads_to_the_draft(client, published, people):
    client.force_login(people.erin)
    response = client.post(reverse("translation_start", args=[published.pk]))
    draft = QuestionnaireVersion.objects.get(state="draft")
    assert response.url == reverse("translation_list", args=[draft.pk])
    assert "Go on with draft 1.1" in page(client, "translation_list", published).content.decode()


def test_a_language_is_added_on_the_page(client, draft, people):
    client.force_login(people.erin)
    url = reverse("translation_add", args=[draft.pk])
    assert client.post(url, {"language": "vi"}).url == reverse("translation_detail", args=[draft.pk, "vi"])
    assert client.post(url, {"language": "vi"}).url == reverse("translation_list", args=[draft.pk])
    assert ("vi", "Tiếng Việt") not in page(client, "translation_list", draft).context["addable"]


def test_the_texts_stand_side_by_side_and_can_be_filtered(client, draft, people):
    client.force_login(people.erin)
    groups = page(client, "translation_detail", draft, "ja").context["groups"]
    assert [(group["what"], group["owner"], [card["key"] for card in group["cards"]]) for group in groups] == [
        ("Questionnaire", "", ["title"]),
        ("Section", "A", ["A.title"]),
        ("Question", "A1-ONE", ["A1-ONE.text", "A1-ONE.guidance"]),
        ("Flag", "A1-BAD", ["A1-BAD.text"]),
    ]
    assert groups[3]["cards"][0]["keep"] == ["{A1-ONE}"]
    missing = page(client, "translation_detail", draft, "ja", query="?only=missing").context["groups"]
    assert [card["key"] for group in missing for card in group["cards"]] == ["title", "A.title", "A1-ONE.guidance"]
    assert (
        "No text of this section is outdated"
        in page(client, "translation_detail", draft, "ja", query="?only=outdated").content.decode()
    )


def test_what_the_page_posts_is_saved(client, draft, people):
    client.force_login(people.erin)
    body = page(client, "translation_detail", draft, "ja").content.decode()
    posted = dict(re.findall(r'name="(w-[^"]+)" value="([^"]+)"', body))
    posted |= {"t-A.title": "労働", "t-A1-ONE.text": "本当ですか。", "go": "next"}
    response = client.post(reverse("translation_save", args=[draft.pk, "ja"]) + "?section=A", posted)
    assert response.url == reverse("translation_detail", args=[draft.pk, "ja"]) + "?section=A"
    assert ja_of(draft) == {**STANDING, "A.title": "労働", "A1-ONE.text": "本当ですか。"}


def test_a_conflict_shows_both_texts_and_keeps_what_was_entered(client, draft, people):
    save_translations(
        draft, language="ja", typed={"A1-ONE.text": typed("A1-ONE.text", "彼女の文", "そうですか。")}, actor=people.erin
    )
    client.force_login(people.erin)
    posted = {
        "t-A1-ONE.text": "私の文",
        "w-A1-ONE.text": mark("A1-ONE.text", "そうですか。"),
        "t-A.title": "労働",
        "w-A.title": mark("A.title"),
    }
    response = page(client, "translation_save", draft, "ja", **posted)
    body = response.content.decode()
    assert response.status_code == 409
    assert ("彼女の文" in body, ">私の文</textarea>" in body, ">労働</textarea>" in body) == (True, True, True)
    assert response.context["errors"] == [
        {"id": "t-A1-ONE.text", "text": "A1-ONE.text: Somebody else changed this meanwhile."}
    ]
    assert f'name="w-A1-ONE.text" value="{mark("A1-ONE.text", "彼女の文")}"' in body


def test_a_text_that_cannot_be_taken_is_named_in_its_place(client, draft, people):
    client.force_login(people.erin)
    posted = {"t-A1-BAD.text": "良くない", "w-A1-BAD.text": mark("A1-BAD.text", STANDING["A1-BAD.text"])}
    response = page(client, "translation_save", draft, "ja", **posted)
    assert response.status_code == 422
    (error,) = response.context["errors"]
    assert (error["id"], error["text"][:12]) == ("t-A1-BAD.text", "A1-BAD.text:")


@pytest.mark.parametrize(("language", "query"), [("en", ""), ("fr", ""), ("ja", "?section=Z")])
def test_languages_and_sections_it_does_not_have_are_not_found(client, draft, people, language, query):
    client.force_login(people.erin)
    assert page(client, "translation_detail", draft, language, query=query).status_code == 404


def test_export_and_import_by_the_pages(client, draft, people):
    client.force_login(people.erin)
    response = page(client, "translation_export", draft, "ja")
    assert response["Content-Disposition"] == 'attachment; filename="ours_1.0_ja.xlsx"'
    good = SimpleUploadedFile("ja.xlsx", book(["A.title", "", "Labor", "", "労働", ""]).getvalue())
    url = reverse("translation_import", args=[draft.pk, "ja"])
    assert client.post(url, {"file": good}).url == reverse("translation_detail", args=[draft.pk, "ja"])
    assert ja_of(draft)["A.title"] == "労働"
    bad = SimpleUploadedFile("ja.xlsx", book(["A.title", "", "Labour", "", "労務", ""]).getvalue())
    refused = client.post(url, {"file": bad})
    assert (refused.status_code, refused.context["problems"][0]["place"]) == (422, "C2")
    assert client.post(url, {}).status_code == 422


@pytest.mark.parametrize("name", ["translation_save", "translation_import", "translation_start"])
def test_only_administrators_of_the_company_write(client, draft, people, name):
    rest = [] if name == "translation_start" else ["ja"]
    url = reverse(name, args=[draft.pk, *rest])
    standard = reverse(name, args=[make_version().pk, *rest])
    answers = {}
    for who in ("dave", "alice", "trent"):
        client.force_login(getattr(people, who))
        answers[who] = (client.post(url).status_code, client.post(standard).status_code)
    assert answers == {"dave": (403, 403), "alice": (404, 404), "trent": (404, 403)}


def test_the_page_costs_the_same_for_any_number_of_texts(client, people):
    big = source(code="big")
    big["sections"][0]["questions"] += [make_question(f"A1-Q{number}", guidance="x") for number in range(30)]
    client.force_login(people.erin)
    costs = []
    for version in (kept(people.buyer), kept(people.buyer, big)):
        page(client, "translation_detail", version, "ja")
        with CaptureQueriesContext(connection) as queries:
            page(client, "translation_detail", version, "ja")
        costs.append(len(queries))
    assert costs == [costs[0], costs[0]]
    assert costs[0] <= 12
