"""Writing questionnaires of one's own."""

import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from assessments import questionnaires
from assessments.questionnaires.document import parse_extension, read_pack
from assessments.questionnaires.models import Questionnaire, QuestionnaireVersion
from assessments.questionnaires.queries import document_of, newer_base, previous_version
from assessments.questionnaires.services import publish_version, retire_version
from assessments.questionnaires.services.authoring import (
    discard_draft,
    next_number,
    raise_number,
    rebase_extension,
    upload_questionnaire,
    warnings_of,
)
from portal.lib.errors import ConflictError, DomainError
from portal.trail.models import Entry
from tests.assessments.questionnaires.authoring import (
    FLAG,
    ONE,
    OWN,
    TWO,
    extended,
    keep,
    spoil,
    standard_document,
    workbook_of,
)
from tests.assessments.questionnaires.builders import make_document, make_question
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db
PACKS = Path(questionnaires.__file__).parent / "packs"


@pytest.fixture
def owner():
    return make_organisation()


@pytest.fixture
def erin():
    return make_user()


def own_document(**fields):
    return make_document(**{"code": "ours", "version": "1.0", **fields})


def test_upload_questionnaire_keeps_a_draft_of_the_company(owner, erin):
    version = upload_questionnaire(workbook_of(own_document()), owner=owner, actor=erin)
    assert (version.questionnaire.owner, version.questionnaire.code, version.version) == (owner, "ours", "1.0")
    assert (version.state, version.base, version.created_by) == ("draft", None, erin)
    assert document_of(version) == own_document()


def test_upload_questionnaire_replaces_a_draft_of_the_same_number(owner, erin):
    first = upload_questionnaire(workbook_of(own_document()), owner=owner, actor=erin)
    second = upload_questionnaire(workbook_of(own_document(title="Other")), owner=owner, actor=erin)
    assert second.pk == first.pk
    assert QuestionnaireVersion.objects.get().title == {"en": "Other"}


def test_upload_questionnaire_refuses_the_number_of_a_published_version(owner, erin):
    publish_version(upload_questionnaire(workbook_of(own_document()), owner=owner, actor=erin), actor=erin)
    with pytest.raises(DomainError, match="another version number"):
        upload_questionnaire(workbook_of(own_document(title="Other")), owner=owner, actor=erin)


def test_upload_questionnaire_refuses_the_code_of_a_standard_one(owner, erin):
    keep(standard_document())
    with pytest.raises(DomainError) as refused:
        upload_questionnaire(workbook_of(standard_document(title="Mine")), owner=owner, actor=erin)
    assert refused.value.code == "standard"
    assert not Questionnaire.objects.filter(owner=owner).exists()


def test_upload_questionnaire_may_have_the_code_of_another_company(owner, erin):
    keep(own_document(), owner=make_organisation())
    assert upload_questionnaire(workbook_of(own_document()), owner=owner, actor=erin).questionnaire.owner == owner


def test_upload_questionnaire_names_the_wrong_cells_and_keeps_nothing(owner, erin):
    with pytest.raises(DomainError) as refused:
        upload_questionnaire(spoil(workbook_of(own_document()), "survey", "B3", "not a code"), owner=owner, actor=erin)
    assert refused.value.code == "document"
    assert "survey!B3" in {one["place"] for one in refused.value.detail}
    assert not QuestionnaireVersion.objects.exists()


def test_an_extension_is_the_standard_one_and_own_sections(owner, erin):
    base = keep(standard_document())
    document = parse_extension(standard_document(), OWN)
    version = upload_questionnaire(workbook_of(document, standard_document()), owner=owner, actor=erin)
    assert version.base == base
    assert [question.code for question in document_of(version).questions] == ["A1-ONE", "A1-TWO", "OWN-ONE"]
    assert previous_version(version) == base


def test_a_whole_questionnaire_in_four_languages_is_uploaded_within_two_seconds(owner, erin):
    document = read_pack(PACKS / "facility-full")
    content = workbook_of(replace(document, code="ours"))
    begun = time.process_time()
    version = upload_questionnaire(content, owner=owner, actor=erin)
    assert time.process_time() - begun < 2
    assert len(document_of(version).questions) == len(document.questions) > 150


def test_rebase_extension_sets_own_questions_on_the_newer_version(owner, erin):
    old = keep(standard_document())
    version = extended(old, owner)
    assert newer_base(version) is None
    new = keep(standard_document(ONE, TWO, make_question("A1-THREE"), version="1.1"))
    assert newer_base(version) == new
    draft = rebase_extension(version, base=new, actor=erin)
    assert (draft.version, draft.state, draft.base) == ("1.1", "draft", new)
    assert [question.code for question in document_of(draft).questions] == ["A1-ONE", "A1-TWO", "A1-THREE", "OWN-ONE"]
    assert previous_version(draft) == version
    assert newer_base(version) is None
    assert newer_base(draft) is None


def test_rebase_extension_refuses_where_own_questions_do_not_fit(owner, erin):
    version = extended(keep(standard_document()), owner)
    taken = keep(standard_document(ONE, TWO, make_question("OWN-ONE"), version="1.1"))
    with pytest.raises(DomainError) as refused:
        rebase_extension(version, base=taken, actor=erin)
    assert [one["code"] for one in refused.value.detail] == ["taken_code"]
    gone = keep(standard_document(TWO, version="1.2", flags=()))
    with pytest.raises(DomainError) as refused:
        rebase_extension(version, base=gone, actor=erin)
    assert [one["code"] for one in refused.value.detail] == ["unknown_question"]
    assert QuestionnaireVersion.objects.filter(questionnaire=version.questionnaire).count() == 1


def test_rebase_extension_refuses_another_questionnaire_and_a_draft(owner, erin):
    version = extended(keep(standard_document()), owner)
    other = keep(own_document(code="other"))
    draft = keep(standard_document(version="1.1"), state="draft", published_at=None)
    for base in (other, draft):
        with pytest.raises(DomainError) as refused:
            rebase_extension(version, base=base, actor=erin)
        assert refused.value.code == "base"


@pytest.mark.parametrize(
    ("number", "raised"),
    [("1", "2"), ("1.0", "1.1"), ("1.9", "1.10"), ("2026", "2027"), ("2026-a", "2027-a"), ("1.0 draft", "1.1 draft"), ("first", "first 2")],
)  # fmt: skip
def test_raise_number_counts_the_last_figure_up(number, raised):
    assert raise_number(number) == raised


def test_next_number_skips_what_is_published(owner):
    first = keep(own_document(), owner=owner)
    keep(own_document(version="1.1"), owner=owner)
    keep(own_document(version="1.2"), owner=owner, state="draft", published_at=None)
    assert next_number(first) == "1.2"


def test_discard_draft_throws_the_questionnaire_away_with_its_only_version(owner, erin):
    version = upload_questionnaire(workbook_of(own_document()), owner=owner, actor=erin)
    discard_draft(version, actor=erin)
    assert not Questionnaire.objects.exists()
    entry = Entry.objects.get(deed="discard_draft")
    assert (entry.organisation_id, entry.detail) == (owner.pk, {"code": "ours", "version": "1.0"})


def test_discard_draft_leaves_the_published_versions(owner, erin):
    published = keep(own_document(), owner=owner)
    discard_draft(keep(own_document(version="1.1"), owner=owner, state="draft", published_at=None), actor=erin)
    assert list(QuestionnaireVersion.objects.all()) == [published]


def test_discard_draft_refuses_what_was_published_or_replaced_meanwhile(owner, erin):
    version = upload_questionnaire(workbook_of(own_document()), owner=owner, actor=erin)
    stale = QuestionnaireVersion.objects.get(pk=version.pk)
    upload_questionnaire(workbook_of(own_document(title="Other")), owner=owner, actor=erin)
    with pytest.raises(ConflictError):
        discard_draft(stale, actor=erin)
    publish_version(QuestionnaireVersion.objects.get(pk=version.pk), actor=erin)
    with pytest.raises(ConflictError):
        discard_draft(QuestionnaireVersion.objects.get(pk=version.pk), actor=erin)


@pytest.mark.parametrize(("retire", "state"), [(False, "published"), (True, "retired")])
def test_publish_version_retires_the_earlier_ones_only_if_asked(owner, erin, retire, state):
    earlier = keep(own_document(), owner=owner)
    draft = keep(own_document(version="1.1"), owner=owner, state="draft", published_at=None)
    publish_version(draft, actor=erin, retire_earlier=retire)
    earlier.refresh_from_db()
    draft.refresh_from_db()
    assert (earlier.state, draft.state) == (state, "published")
    assert Entry.objects.filter(deed="retire_version").count() == int(retire)


def test_warnings_of_lists_what_is_doubtful():
    document = standard_document({**ONE, "provision": None}, flags=[{**FLAG, "provision": "A1"}])
    assert [one.code for one in warnings_of(document)] == ["no_provision"]


def test_retire_version_writes_the_trail_once(owner, erin):
    version = keep(own_document(), owner=owner)
    retire_version(version, actor=erin)
    retire_version(version, actor=erin)
    assert QuestionnaireVersion.objects.get().state == "retired"
    entry = Entry.objects.get(deed="retire_version")
    assert (entry.organisation_id, entry.detail) == (owner.pk, {"version": "1.0"})


def test_retire_version_refuses_a_draft_and_what_somebody_retired_meanwhile(owner, erin):
    draft = keep(own_document(version="1.1"), owner=owner, state="draft", published_at=None)
    stale = keep(own_document(), owner=owner)
    retire_version(QuestionnaireVersion.objects.get(pk=stale.pk), actor=erin)
    for version in (draft, stale):
        with pytest.raises(ConflictError):
            retire_version(version, actor=erin)
    assert Entry.objects.filter(deed="retire_version").count() == 1
