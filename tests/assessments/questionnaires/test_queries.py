"""Which version comes before which, and whether what one extends was published anew."""

import pytest

from assessments.questionnaires.enums import VersionState
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.queries import (
    document_of,
    documents_of,
    newer_base,
    previous_version,
    versions_for,
    versions_of,
    with_newer_base,
)
from tests.assessments.questionnaires.authoring import extended, keep, standard_document
from tests.factories import make_organisation, make_version

pytestmark = pytest.mark.django_db


def published(**fields):
    return keep(standard_document(**fields))


def test_previous_version_is_the_one_sent_before():
    first, second = published(), published(version="1.1")
    third = keep(standard_document(version="1.2"), state="retired")
    draft = keep(standard_document(version="1.3"), state="draft", published_at=None)
    published(code="other")
    assert [previous_version(one) for one in (first, second, third, draft)] == [None, first, second, third]
    assert list(versions_of(first)) == [draft, third, second, first]


def test_previous_version_of_the_first_extension_is_what_it_extends():
    base, owner = published(), make_organisation()
    first = extended(base, owner)
    second = extended(base, owner, version="1.1")
    assert [previous_version(one) for one in (first, second)] == [base, first]


@pytest.mark.parametrize("state", VersionState)
def test_newer_base_is_published_and_later(state):
    base, owner = published(), make_organisation()
    version = extended(base, owner)
    later = {} if state is not VersionState.DRAFT else {"published_at": None}
    newer = keep(standard_document(version="1.1"), state=state.value, **later)
    wanted = newer if state is VersionState.PUBLISHED else None
    assert newer_base(version) == wanted
    rows = {row: row.has_newer_base for row in with_newer_base(versions_for(owner))}
    assert rows == {base: False, newer: False, version: wanted is not None}


def test_newer_base_is_not_an_older_version_that_is_still_in_use():
    published()
    base, owner = published(version="1.1"), make_organisation()
    version = extended(base, owner)
    QuestionnaireVersion.objects.filter(pk=base.pk).update(state="retired")
    assert newer_base(version) is None


def test_newer_base_is_offered_by_the_newest_version_alone():
    base, owner = published(), make_organisation()
    old, new = extended(base, owner), extended(base, owner, version="1.1")
    latest = published(version="1.1")
    assert [newer_base(one) for one in (old, new)] == [None, latest]


@pytest.mark.parametrize("count", [1, 3])
def test_documents_of_reads_what_is_not_in_memory_by_one_query(django_assert_num_queries, count):
    made = [make_version() for _number in range(count)]
    rows = list(QuestionnaireVersion.objects.defer("document").order_by("pk"))
    with django_assert_num_queries(1):
        found = documents_of(rows)
    with django_assert_num_queries(0):
        assert documents_of(rows) == found
    assert found == [document_of(one) for one in made]
