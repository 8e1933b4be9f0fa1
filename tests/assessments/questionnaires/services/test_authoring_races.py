"""Two people at once on one draft."""

import pytest

from assessments.questionnaires.document import document_hash
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.queries import document_of
from assessments.questionnaires.services import publish_version
from assessments.questionnaires.services.authoring import discard_draft, upload_questionnaire
from portal.lib.errors import DomainError
from tests.assessments.questionnaires.authoring import workbook_of
from tests.assessments.questionnaires.builders import make_document
from tests.assessments.responses.test_races import at_once
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner():
    return make_organisation()


@pytest.fixture
def erin():
    return make_user()


def own_workbook(**fields):
    return workbook_of(make_document(**{"code": "ours", "version": "1.0", **fields}))


@pytest.fixture
def draft(owner, erin):
    return upload_questionnaire(own_workbook(), owner=owner, actor=erin)


def test_a_draft_published_while_another_is_uploaded_is_what_was_looked_at(draft, owner, erin):
    content, seen = own_workbook(title="Other"), draft.sha256
    published, uploaded = at_once(
        lambda: publish_version(QuestionnaireVersion.objects.get(pk=draft.pk, sha256=seen), actor=erin),
        lambda: upload_questionnaire(content, owner=owner, actor=erin),
    )
    stands = QuestionnaireVersion.objects.get()
    assert document_hash(document_of(stands)) == stands.sha256
    if stands.state == "published":
        assert (stands.sha256, type(uploaded)) == (seen, DomainError)
    else:
        assert stands.sha256 != seen
        assert isinstance(published, Exception)


def test_a_draft_is_either_published_or_discarded(draft, erin):
    found = at_once(
        lambda: publish_version(QuestionnaireVersion.objects.get(pk=draft.pk), actor=erin),
        lambda: discard_draft(QuestionnaireVersion.objects.get(pk=draft.pk), actor=erin),
    )
    stands = list(QuestionnaireVersion.objects.values_list("state", flat=True))
    assert sum(isinstance(one, Exception) for one in found) == 1
    assert stands == ([] if isinstance(found[0], Exception) else ["published"])
