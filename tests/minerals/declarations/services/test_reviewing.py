"""Returning, accepting, expiring."""

from datetime import date, timedelta

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext

from minerals.declarations.enums import DeclarationState as State
from minerals.declarations.enums import Way
from minerals.declarations.models import Declaration
from minerals.declarations.queries.policy import expires_on
from minerals.declarations.queries.returning import draft_letter, language_of
from minerals.declarations.services import (
    accept_declaration,
    add_edition,
    expire_declarations,
    hand_in,
    request_declarations,
    return_declaration,
)
from minerals.templates_io.document import Issue
from minerals.templates_io.enums import Grade
from portal.lib.errors import ConflictError, DomainError
from portal.notices.models import Mail
from portal.notices.queries import render_mail
from portal.trail.models import Entry
from tests.factories import cast, make_relationship
from tests.minerals.world import make_accepted, make_asked, make_declaration, make_declared, make_product, make_received

pytestmark = pytest.mark.django_db
ISSUES = [Issue("missing_field", Grade.ERROR, "Declaration!D8", {"field": "name"})]


def states() -> dict[int, str]:
    """Every declaration with its state."""
    return dict(Declaration.objects.values_list("pk", "state"))


@pytest.mark.parametrize("language", ["en", "ja", "zh-hans", "th"])
def test_the_letter_is_drafted_in_the_language_of_who_handed_it_in(language):
    people = cast()
    people.alice.language = language
    people.alice.save()
    declaration = make_received(people.relationship, actor=people.alice)

    letter = draft_letter(declaration, language_of(declaration))

    with translation.override(language):
        greeting = gettext("Dear colleague,")
    assert (letter.language, letter.body.splitlines()[0]) == (language, greeting)
    assert (greeting == "Dear colleague,") == (language == "en")


def test_a_return_mails_who_handed_it_in_and_keeps_what_went_along():
    people = cast()
    declaration = make_received(people.relationship, actor=people.alice)

    return_declaration(declaration, subject=" Mend\nit ", body="The name. ", issues=ISSUES, actor=people.dave)

    mail = Mail.objects.get()
    assert (mail.to_email, mail.template, mail.context["subject"], mail.context["body"]) == (
        "alice@test.example",
        "declaration_returned",
        "Mend it",
        "The name.",
    )
    assert [line.split(":")[0] for line in mail.context["lines"]] == ["Declaration!D8"]
    change = declaration.changes.get(target=State.RETURNED)
    assert (change.reason, [issue["code"] for issue in change.issues]) == ("The name.", ["missing_field"])
    assert Entry.objects.filter(deed="return_declaration", actor=people.dave).exists()


def test_the_mail_says_what_the_buyer_wrote_then_the_points_then_where_to_go():
    people = cast()
    declaration = make_received(people.relationship, actor=people.alice)
    return_declaration(declaration, subject="Mend it", body="The name.", issues=ISSUES, actor=people.dave)

    words = render_mail(Mail.objects.get(), {})

    point = Mail.objects.get().context["lines"][0]
    assert words.subject == "Mend it"
    assert words.text.startswith(f"The name.\n\n1. {point}\n\nOpen the declaration here:\nhttp")
    assert words.text.strip().endswith(f"/minerals/declarations/{declaration.pk}/")


def test_a_supplier_without_members_is_written_at_its_site():
    bond = make_relationship()
    declaration = make_received(bond)
    site = declaration.site
    site.contact_email, site.contact_language = "plant@parts.example", "th"
    site.save()

    return_declaration(declaration, subject="Mend it", body="The name.", actor=None)

    assert list(Mail.objects.values_list("to_email", "language")) == [("plant@parts.example", "th")]


def test_a_return_needs_words():
    declaration = make_received()

    with pytest.raises(DomainError) as refused:
        return_declaration(declaration, subject="Mend it", body=" ", actor=None)

    assert (refused.value.code, states(), Mail.objects.count()) == ("no_text", {declaration.pk: State.RECEIVED}, 0)


def test_accepting_supersedes_older_ones_of_the_whole_company():
    bond = make_relationship()
    older = make_received(bond, make_declared(effective_date="2025-09-01"))
    accept_declaration(older, actor=None)
    waiting = make_received(bond, make_declared(("Gold",), effective_date="2026-01-01"))
    newer = make_received(bond, make_declared(effective_date="2026-05-01"))
    untouched = make_declaration(bond)
    elsewhere = make_received(make_relationship(bond.buyer), make_declared(effective_date="2025-01-01"))

    gone = accept_declaration(newer, actor=None)

    assert (gone, states()) == (
        2,
        {
            older.pk: State.SUPERSEDED,
            waiting.pk: State.SUPERSEDED,
            newer.pk: State.ACCEPTED,
            untouched.pk: State.REQUESTED,
            elsewhere.pk: State.RECEIVED,
        },
    )


def test_products_supersede_only_where_they_overlap():
    bond = make_relationship()

    def received(day: str, *numbers: str) -> Declaration:
        products = tuple(make_product(number, 6 + place) for place, number in enumerate(numbers))
        return make_received(bond, make_declared(scope="B", products=products, effective_date=day))

    company = make_received(bond, make_declared(effective_date="2025-01-01"))
    other, same = received("2025-09-01", "P-3"), received("2025-10-01", "p 1", "P-2")
    newest = received("2026-05-01", "P1")
    for declaration in (company, other, same):
        accept_declaration(declaration, actor=None)

    accept_declaration(newest, actor=None)

    # "p 1" and "P1" are folded alike; "P-1" would be another number.
    assert states() == {
        company.pk: State.ACCEPTED,
        other.pk: State.ACCEPTED,
        same.pk: State.SUPERSEDED,
        newest.pk: State.ACCEPTED,
    }


def test_scopes_in_own_words_supersede_where_the_words_are_the_same():
    bond = make_relationship()
    lamps = make_received(bond, make_declared(scope="C", scope_description="All  lamps", effective_date="2025-09-01"))
    pumps = make_received(bond, make_declared(scope="C", scope_description="All pumps", effective_date="2025-09-01"))
    newer = make_received(bond, make_declared(scope="C", scope_description="all lamps", effective_date="2026-05-01"))

    accept_declaration(newer, actor=None)

    assert states() == {lamps.pk: State.SUPERSEDED, pumps.pk: State.RECEIVED, newer.pk: State.ACCEPTED}


def test_a_later_one_that_stands_is_not_replaced_by_accident():
    bond = make_relationship()
    later = make_received(bond, make_declared(effective_date="2026-09-01"))
    accept_declaration(later, actor=None)
    earlier = make_received(bond, make_declared(effective_date="2026-05-01"))

    with pytest.raises(DomainError) as refused:
        accept_declaration(earlier, actor=None)
    assert (refused.value.code, refused.value.detail) == ("later", {"declaration": later.pk})
    assert states() == {later.pk: State.ACCEPTED, earlier.pk: State.RECEIVED}

    accept_declaration(earlier, actor=None, despite_later=True)
    assert states() == {later.pk: State.SUPERSEDED, earlier.pk: State.ACCEPTED}


def test_what_waits_to_be_handed_in_is_not_accepted():
    with pytest.raises(DomainError) as refused:
        accept_declaration(make_asked(), actor=None)

    assert refused.value.code == "transition"


def test_only_what_is_older_than_a_year_expires():
    today = timezone.localdate()
    old = make_declaration(state=State.ACCEPTED, effective_on=today - timedelta(days=400))
    young = make_declaration(state=State.ACCEPTED, effective_on=today - timedelta(days=300))
    undated = make_declaration(state=State.ACCEPTED)
    received = make_declaration(state=State.RECEIVED, effective_on=date(2020, 1, 1))

    assert (expire_declarations(), expire_declarations()) == (1, 0)

    assert states() == {
        old.pk: State.EXPIRED,
        young.pk: State.ACCEPTED,
        undated.pk: State.ACCEPTED,
        received.pk: State.RECEIVED,
    }


def test_many_are_asked_in_few_queries(django_assert_max_num_queries):
    people = cast()
    asked = [(people.relationship, people.site)] * 300

    with django_assert_max_num_queries(12):
        rows = request_declarations(
            asked=asked, template="CMRT", minerals=(), year=2026, title="Minerals", due_on=None, actor=people.dave
        )

    assert (len(rows), all(row.pk for row in rows), Declaration.objects.count()) == (300, True, 300)


def test_only_declarations_on_the_same_minerals_supersede():
    bond = make_relationship()

    def received(day: str, *minerals: str) -> Declaration:
        said = make_declared((), template="EMRT", version="2.1", minerals=minerals, smelters=(), effective_date=day)
        return make_received(bond, said, template="EMRT")

    mica, both = received("2025-09-01", "Mica"), received("2025-10-01", "Cobalt", "Nickel")
    newest = received("2026-05-01", "Cobalt")
    for declaration in (mica, both):
        accept_declaration(declaration, actor=None)

    accept_declaration(newest, actor=None)

    assert states() == {mica.pk: State.ACCEPTED, both.pk: State.SUPERSEDED, newest.pk: State.ACCEPTED}


def test_an_edition_that_nobody_looked_at_is_neither_accepted_nor_returned():
    declaration = make_received()
    hand_in(add_edition(declaration, make_declared(("Gold",)), way=Way.UPLOAD, actor=None), actor=None)
    declaration.refresh_from_db()

    with pytest.raises(ConflictError) as refused:
        accept_declaration(declaration, actor=None, seen=1)
    with pytest.raises(ConflictError):
        return_declaration(declaration, subject="Mend it", body="The name.", actor=None, seen=1)

    assert (refused.value.code, states(), Mail.objects.count()) == ("unseen", {declaration.pk: State.RECEIVED}, 0)
    accept_declaration(declaration, actor=None, seen=2)
    assert states() == {declaration.pk: State.ACCEPTED}


def test_a_declaration_of_the_last_day_there_is_expires_on_that_day():
    declaration = make_accepted(declared=make_declared(effective_date="9999-12-31"))

    assert (expires_on(declaration), expire_declarations()) == (date.max, 0)
