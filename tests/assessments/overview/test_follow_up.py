"""What a buyer follows up, on the dashboard, the supplier list and the supplier card."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.findings.models import CorrectiveAction
from assessments.overview.queries.follow_up import AuditFigures, FindingFigures
from tests.assessments.overview.world import links_of
from tests.factories import cast, make_audit, make_finding, make_organisation, make_relationship, make_site

pytestmark = pytest.mark.django_db
TODAY = date.today()


def day(days):
    return TODAY + timedelta(days=days)


@pytest.fixture
def world():
    """A buyer without any campaign: findings in several states, four audited sites, one that asks for an audit."""
    people = cast()
    two = make_relationship(people.buyer, make_organisation("Two", country="CN"), vendor_code="V-2", region="China")
    sites = {name: make_site(people.supplier, name=name) for name in ("valid", "soon", "over", "asks")}
    sites["two"] = make_site(two.supplier, name="two", country="CN")
    now = timezone.now()

    def find(site, bond=people.relationship, **fields):
        return make_finding(bond, sites[site], confirmed_at=now, **fields)

    late = find("valid", severity="priority", next_due="plan", next_due_on=day(-6), plan_due_on=day(-6))
    running = find("soon", state="in_progress", next_due="done", next_due_on=day(20), done_due_on=day(20))
    waiting = find("two", two, severity="minor", next_due="approval", next_due_on=day(3), approval_due_on=day(3))
    find("over", state="closed", closed_at=now, close_reason="mended", next_due_on=None)
    CorrectiveAction.objects.create(finding=waiting, state="submitted", updated_at=now)
    CorrectiveAction.objects.create(
        finding=running,
        state="accepted",
        root_cause="Few people",
        corrective="Hire 22 operators\nin May",
        updated_at=now,
    )

    def audit(site, bond=people.relationship, **fields):
        return make_audit(bond, sites[site], firm=people.audit_firm, **fields)

    audits = {
        "valid": audit(
            "valid", state="closed", ends_on=day(-100), valid_until=day(600), score=171.5, recognition="silver"
        ),
        "soon": audit("soon", state="actions_open", ends_on=day(-700), valid_until=day(20), major=2),
        "over": audit("over", state="expired", ends_on=day(-800), valid_until=day(-70)),
        "asks": audit("asks", state="requested", asked_by="site", preferred_on=day(40)),
        "gone": audit("asks", state="cancelled"),
    }
    return SimpleNamespace(two=two, places=sites, late=late, waiting=waiting, audits=audits, **vars(people))


@pytest.fixture
def page(world, client):
    client.force_login(world.erin)

    def fetch(name, *args, query=""):
        answer = client.get(reverse(name, args=args) + query)
        assert answer.status_code == 200
        return answer

    return fetch


def test_dashboard_works_without_a_campaign(page):
    follow = page("dashboard").context["follow"]
    assert follow.findings == FindingFigures(3, 3, 1, 1, 1, 1, 1, 0, 0)
    assert follow.audits == AuditFigures(valid=1, expiring=1, expired=1, planned=1, going=1, expiring_unplanned=1)
    assert (follow.sites, follow.never, follow.is_empty) == (6, 2, False)


def test_attention_leads_with_what_is_late(page, world):
    lines = page("dashboard").context["attention"]
    assert [(line.label, line.tone, line.when, line.is_late, line.why) for line in lines] == [
        ("valid", "priority", "6 days late", True, "Plan overdue. Priority, A3 Working Hours. Supplier"),
        ("two", "minor", "in 3 days", False, "Plan waits for your approval. Minor, A3 Working Hours. Two"),
        ("asks", "minor", "to answer", False, lines[2].why),
    ]
    assert lines[2].why.startswith("Asks for an audit, preferred on ")
    assert [line.url for line in lines] == [
        reverse("finding_detail", args=[world.late.pk]),
        reverse("finding_detail", args=[world.waiting.pk]),
        reverse("audit_detail", args=[world.audits["asks"].pk]),
    ]


def test_every_tile_opens_its_rows(page, client):
    answer = page("dashboard")
    words = {"Overdue actions:": 1, "Audits expiring in 90 days:": 1, "1 under way": 1, "Sites with an expired": 1}
    words |= {"2 never audited": 2}
    opened = {
        word: client.get(next(url for text, url in links_of(answer) if text.startswith(word))).context["page"]
        for word in words
    }
    assert {word: found.paginator.count for word, found in opened.items()} == words


def test_buyer_with_nothing_is_told_how_to_begin(client, world):
    client.force_login(world.trent)
    html = client.get(reverse("dashboard")).content.decode()
    assert "Figures appear here as soon as sites are asked." in html and "Overdue actions" not in html


def test_supplier_list_counts_valid_audits(page, world):
    rows = {row.relationship: row for row in page("supplier_list").context["rows"]}
    one, two = rows[world.relationship], rows[world.two]
    assert (one.sites, one.audited, dict(one.audits)) == (5, 2, {"valid": 1, "expiring": 1, "expired": 1, "planned": 1})
    assert (two.sites, two.audited, dict(two.audits)) == (1, 0, {})


@pytest.mark.parametrize(
    ("status", "names"),
    [("valid", ["Supplier"]), ("expired", ["Supplier"]), ("planned", ["Supplier"]), ("never", ["Two"]), ("x", ["Supplier", "Two"])],
)  # fmt: skip
def test_supplier_list_narrows_by_audit_status(page, status, names):
    rows = page("supplier_list", query=f"?audit={status}").context["rows"]
    assert [row.relationship.supplier.name for row in rows] == names


def test_card_shows_actions_by_due_date_and_how_far_they_are(page, world):
    context = page("supplier_card", world.relationship.pk).context
    assert [(line.title, line.finding.next_due_on, line.progress.done) for line in context["actions"]] == [
        ("A3 Working Hours", day(-6), 0),
        ("Hire 22 operators", day(20), 3),
    ]
    assert context["action_counts"] == {"waiting": 2, "overdue": 1, "first": day(-6)}


def test_card_shows_audits_newest_first(page, world):
    context = page("supplier_card", world.relationship.pk).context
    assert [(line.audit, line.is_out, line.is_over) for line in context["audits"]] == [
        (world.audits["asks"], False, False),
        (world.audits["valid"], True, False),
        (world.audits["soon"], True, False),
        (world.audits["over"], True, True),
    ]
    assert (context["audits"][1].words.recognition, context["audits"][1].words.top) == ("Silver", 200)
    standings = {line.site.name: line.audits.status.value for line in context["lines"] if line.site != world.site}
    assert standings == {"valid": "valid", "soon": "expiring", "over": "expired", "asks": "planned"}


def test_card_leads_to_the_audit_of_its_only_site(page, world):
    assert page("supplier_card", world.two.pk).context["plan_query"] == f"site={world.places['two'].pk}"
    assert page("supplier_card", world.relationship.pk).context["plan_query"] == "q=V-1"


def test_dashboard_costs_the_same_for_more_findings(page, world, django_assert_max_num_queries):
    page("dashboard")
    with django_assert_max_num_queries(16) as few:
        page("dashboard")
    for number in range(3):
        bond = make_relationship(world.buyer, make_organisation(f"More {number}"))
        site = make_site(bond.supplier)
        make_finding(bond, site, confirmed_at=timezone.now(), next_due="plan", next_due_on=day(-2))
        make_audit(bond, site, state="closed", valid_until=day(300))
    with django_assert_max_num_queries(16) as many:
        page("dashboard")
    assert len(few) == len(many)
