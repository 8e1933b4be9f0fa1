"""Who may do what with questionnaires. One speaks for the whole company, so nobody narrowed may write it."""

from assessments.questionnaires.models import QuestionnaireVersion
from suppliers.organisations.enums import BUYER_ROLES, Role
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import Reader, has_role, sees_everything

AUTHORS = frozenset({Role.BUYER_ADMINISTRATOR})

READING: dict[str, frozenset[Role]] = {"read": BUYER_ROLES}
WRITING: dict[str, frozenset[Role]] = {
    "upload": AUTHORS,
    "extend": AUTHORS,
    "rebase": AUTHORS,
    "publish": AUTHORS,
    "retire": AUTHORS,
    "discard": AUTHORS,
    "translate": AUTHORS,
}


def may_in(user: Reader, deed: str, owner: Organisation) -> bool:
    """Whether the user may do the deed for a company; an unknown deed is a KeyError."""
    if deed in READING:
        return has_role(user, owner.pk, READING[deed])
    return sees_everything(user, owner.pk, WRITING[deed])


def may(user: Reader, deed: str, version: QuestionnaireVersion) -> bool:
    """Whether the user may do the deed on a version of their company; standard ones are written by nobody.

    Reads version.questionnaire.owner; select it.
    """
    owner = version.questionnaire.owner
    return owner is not None and may_in(user, deed, owner)
