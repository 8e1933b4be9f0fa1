"""The main links of a workspace."""

import pytest
from django.urls import reverse

from suppliers.organisations.enums import Role
from suppliers.organisations.queries import Workspace
from suppliers.organisations.views.workspace import nav_of
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db


def links_of(*roles: Role, path: str = "/") -> list[tuple[str, bool]]:
    """The links of a workspace, each with whether it is the current one."""
    workspace = Workspace(make_organisation(), frozenset(roles))
    return [(link["label"], link["current"]) for link in nav_of(workspace, path)]


def test_a_buyer_finds_minerals() -> None:
    assert links_of(Role.BUYER_READER, path=reverse("rollup_detail")) == [
        ("Dashboard", False), ("Suppliers", False), ("Campaigns", False), ("Questionnaires", False),
        ("Responses", False), ("Audits", False), ("Findings", False), ("Minerals", True), ("Reports", False),
        ("Team", False),
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "args"), [("questionnaire_list", []), ("questionnaire_compare", [7])])
def test_a_buyer_finds_questionnaires(name: str, args: list[int]) -> None:
    current = [label for label, here in links_of(Role.BUYER_READER, path=reverse(name, args=args)) if here]
    assert current == ["Questionnaires"]


@pytest.mark.parametrize("name", ["own_declaration_list", "declaration_detail"])
def test_a_supplier_finds_its_declarations(name: str) -> None:
    path = reverse(name, args=[7] if name == "declaration_detail" else [])
    assert links_of(Role.SUPPLIER_MANAGER, path=path) == [
        ("To do", False), ("Audits", False), ("Actions", False), ("Results", False), ("Declarations", True),
        ("Sites", False), ("Team", False),
    ]  # fmt: skip


def test_a_buyer_that_sells_finds_both_apart() -> None:
    workspace = Workspace(make_organisation(), frozenset({Role.BUYER_READER, Role.SUPPLIER_MANAGER}))
    links = {
        link["label"]: (link["own"], link["current"])
        for link in nav_of(workspace, reverse("declaration_detail", args=[7]))
    }
    assert (links["Minerals"], links["Declarations"]) == ((False, True), (True, False))
