"""Packs become versions; published ones never change."""

import pytest

from assessments.questionnaires.document import parse_document
from assessments.questionnaires.enums import VersionState
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.queries import document_of, sendable_versions
from assessments.questionnaires.services import import_pack, publish_version, store_document
from portal.lib.errors import DomainError
from tests.factories import SMALL_DOCUMENT, make_organisation, make_version

pytestmark = pytest.mark.django_db


def small(**changes):
    return parse_document({**SMALL_DOCUMENT, **changes})


def test_store_document_twice_keeps_one_version():
    first = store_document(small(), owner=None, actor=None)
    second = store_document(small(), owner=None, actor=None)
    assert first.pk == second.pk
    assert QuestionnaireVersion.objects.count() == 1


def test_store_document_replaces_a_draft_of_the_same_number():
    store_document(small(), owner=None, actor=None)
    changed = store_document(small(title={"en": "Other"}), owner=None, actor=None)
    assert QuestionnaireVersion.objects.get().title == {"en": "Other"}
    assert document_of(changed).title == {"en": "Other"}


def test_store_document_refuses_to_change_a_published_version():
    publish_version(store_document(small(), owner=None, actor=None), actor=None)
    with pytest.raises(DomainError, match="another version number"):
        store_document(small(title={"en": "Other"}), owner=None, actor=None)


def test_import_pack_names_the_place_of_each_error(tmp_path):
    pack = tmp_path / "bad.yaml"
    pack.write_text("code: x\nsections: 5\n")
    with pytest.raises(DomainError) as refused:
        import_pack(pack, owner=None, actor=None)
    assert "sections" in {problem["place"] for problem in refused.value.detail}
    assert not QuestionnaireVersion.objects.exists()


def test_publish_version_twice_keeps_the_first_date():
    version = publish_version(store_document(small(), owner=None, actor=None), actor=None)
    at = version.published_at
    assert publish_version(version, actor=None).published_at == at
    assert version.state == VersionState.PUBLISHED


def test_sendable_versions_are_published_and_standard_or_own():
    mine, other = make_organisation(), make_organisation()
    standard, own = make_version(), make_version(owner=mine)
    make_version(owner=other)
    make_version(state=VersionState.DRAFT)
    assert set(sendable_versions(mine)) == {standard, own}


def test_document_of_reads_the_text_only_once(django_assert_num_queries):
    pk = make_version().pk
    deferred = QuestionnaireVersion.objects.defer("document")
    first = document_of(deferred.get(pk=pk))
    with django_assert_num_queries(1):
        assert document_of(deferred.get(pk=pk)) is first
