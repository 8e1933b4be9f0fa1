"""The pages of comparisons: one audit beside the answers, sites and questions by how far they can be believed."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from assessments.audits import tasks  # noqa: F401  # registers the runner of the export
from assessments.audits.comparison import Reliability
from assessments.audits.models import Audit, Comparison, QuestionCheck
from assessments.audits.queries.comparisons import compared_audits, reliable_questions, reliable_sites
from assessments.audits.services.releasing import compare_audit, raise_from_audit
from assessments.responses.models import Submission
from portal.jobs.models import Job
from portal.jobs.services import run_job
from portal.trail.models import Entry
from suppliers.organisations.enums import Role
from tests.factories import (
    CLEAN_ANSWERS,
    cast,
    conclude,
    hand_in,
    make_audit,
    make_membership,
    make_relationship,
    make_response,
    make_site,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LIST = "/audits/reliability/"
QUERIES = {"compare": 11, "site": 11, "question": 10}


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def erin(client, world):
    client.force_login(world.erin)
    return client


def compared(world, *, answers=CLEAN_ANSWERS, state="released", **found):
    """A released audit of the site that handed in answers a month before; `found` is {provision: conclusion}."""
    today = timezone.localdate()
    submission = hand_in(make_response(world.relationship, world.site), answers, world.alice)
    Submission.objects.filter(pk=submission.pk).update(submitted_at=timezone.now() - 30 * DAY)
    audit = make_audit(
        world.relationship, world.site, firm=world.audit_firm, auditors=[world.carol],
        starts_on=today - 9 * DAY, ends_on=today - 8 * DAY, state=state, released_on=today,
    )  # fmt: skip
    conclude(audit)
    for provision, conclusion in found.items():
        conclude(audit, conclusion, only=[provision], description=f"Something at {provision}.")
    raise_from_audit(audit, only_priority=False, actor=None)
    compare_audit(audit)
    return audit


def counted(world, claimed, confirmed, *, bond=None, site=None, **fields):
    """A released audit whose sums stand already."""
    bond = bond or world.relationship
    values = {"state": "released", "released_on": timezone.localdate(), "claimed": claimed, "confirmed": confirmed}
    return make_audit(bond, site or make_site(bond.supplier), **{**values, **fields})


# One audit -----------------------------------------------------------------------------------------
def test_the_page_leads_with_where_the_site_and_the_auditors_differ(world, erin):
    audit = compared(world, B2="minor", A1="major")

    page = erin.get(reverse("audit_compare", args=[audit.pk]))

    facts = page.context["facts"]
    assert (facts.figure, facts.sentence) == (
        Reliability(2, 1),
        "Of 2 provisions the site called conform, the auditors agreed on 1 (50 %).",
    )
    assert [(line.row.provision, line.found) for line in facts.differing] == [("B2", "Minor")]
    line = facts.differing[0]
    assert [(one.code, one.text, one.answer) for one in line.answers] == [
        ("B2-DRILL", "Was there a drill in the last year?", "Yes")
    ]
    assert [note.description for note in line.notes] == ["Something at B2."]
    assert [line.row.provision for line in facts.others][:3] == ["A1", "A2", "A3"]
    review = reverse("response_review", args=[facts.submission.response_id])
    finding = reverse("finding_detail", args=[line.notes[0].finding_id])
    assert all(link in page.content.decode() for link in (f"{review}#q-B2-DRILL", finding))


def test_of_the_differing_the_worst_stands_first(world, erin):
    audit = compared(world, A3="minor", B2="priority")
    facts = erin.get(reverse("audit_compare", args=[audit.pk])).context["facts"]
    assert [(line.row.provision, line.row.found) for line in facts.differing] == [("B2", "priority"), ("A3", "minor")]


def test_the_site_reads_it_with_links_to_its_own_result(world, client):
    audit = compared(world, B2="minor")
    client.force_login(world.bob)
    page = client.get(reverse("audit_compare", args=[audit.pk]))
    result = reverse("result", args=[page.context["facts"].submission.response_id])
    assert f"{result}#q-B2-DRILL" in page.content.decode()
    assert reverse("reliability_list") not in page.content.decode()


def test_a_comparison_without_a_self_assessment_says_so(world, erin):
    audit = counted(world, 0, 0)
    page = erin.get(reverse("audit_compare", args=[audit.pk]))
    assert page.context["facts"] is None
    assert "handed in none in the 18 months before the audit" in page.content.decode()


def test_where_nothing_was_called_conform_there_is_no_share(world, erin):
    audit = compared(world, answers={**CLEAN_ANSWERS, "A3-LONGEST-WEEK": 70, "B2-DRILL": "no"}, A3="major")
    facts = erin.get(reverse("audit_compare", args=[audit.pk])).context["facts"]
    assert (facts.figure.share, facts.differing) == (None, [])
    assert facts.sentence == "The auditors looked at no provision that the site had called conform."


@pytest.mark.parametrize(
    ("person", "state", "status"),
    [
        ("erin", "released", 200),
        ("erin", "closed", 200),
        ("erin", "quality_check", 404),
        ("alice", "feedback", 404),
        ("alice", "actions_open", 200),
        ("carol", "released", 403),
        ("frank", "released", 403),
        ("mallory", "released", 404),
    ],
)
def test_buyer_and_site_read_it_after_release_and_auditors_never(world, client, person, state, status):
    audit = counted(world, 0, 0, firm=world.audit_firm, auditors=[world.carol], state=state)
    client.force_login(getattr(world, person))
    assert client.get(reverse("audit_compare", args=[audit.pk])).status_code == status


def test_the_page_takes_the_same_queries_for_one_and_three_differences(world, erin, django_assert_num_queries):
    one, three = compared(world, B2="minor"), compared(world, B2="minor", A3="major", A1="minor")
    erin.get(reverse("audit_compare", args=[one.pk]))
    for audit in (one, three):
        with django_assert_num_queries(QUERIES["compare"]):
            erin.get(reverse("audit_compare", args=[audit.pk]))


# Sites ---------------------------------------------------------------------------------------------
def test_sites_are_listed_by_what_can_be_counted_on(world, erin):
    best, many, few, worst = (make_site(world.supplier) for _number in range(4))
    counted(world, 20, 20, site=best)
    counted(world, 40, 36, site=many)
    counted(world, 4, 0, site=few)  # too few to judge
    counted(world, 10, 8, site=worst)
    counted(world, 10, 4, site=worst)
    counted(world, 0, 0, site=make_site(world.supplier))  # nothing was called conform

    page = erin.get(LIST)

    rows = [(row["site"], row["figure"], row["site"].otherwise) for row in page.context["rows"]]
    assert rows == [
        (worst, Reliability(20, 12), 8),
        (many, Reliability(40, 36), 4),
        (best, Reliability(20, 20), 0),
        (few, Reliability(4, 0), 4),
    ]
    assert page.context["totals"] == {"audits": 5, "sites": 4, "claimed": 84, "confirmed": 68}
    assert page.context["overall"] == Reliability(84, 68)
    assert "too few to judge" in page.content.decode()


def test_the_order_in_the_database_is_that_of_the_pure_figure(world):
    for claimed in (5, 6, 9, 20, 60):
        for confirmed in {0, 1, claimed // 2, claimed - 1, claimed}:
            counted(world, claimed, confirmed)
    sites = list(reliable_sites(compared_audits(world.erin, world.buyer), ""))
    bounds = [Reliability(site.claimed, site.confirmed).at_least for site in sites]
    assert bounds == sorted(bounds)
    assert [round(100 * site.believed, 6) for site in sites] == [round(bound, 6) for bound in bounds]


def test_a_row_leads_to_the_newest_comparison_of_its_site(world, erin):
    site, today = make_site(world.supplier), timezone.localdate()
    newest = counted(world, 5, 5, site=site, released_on=today)
    counted(world, 5, 5, site=site, released_on=today - 400 * DAY)
    (row,) = erin.get(LIST).context["rows"]
    assert (row["audit"], row["site"].last_on) == (newest.pk, today)


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("?country=JP", ["b"]),
        ("?region=Europe", ["b"]),
        ("?q=plant-a", ["a"]),
        ("?sort=site", ["a", "b"]),
        ("?sort=-site", ["b", "a"]),
        ("?sort=otherwise", ["b", "a"]),
        ("?country=XX&sort=nonsense", ["a", "b"]),
        ("?question=A3-RECORDS", ["a"]),
    ],
)
def test_the_list_is_narrowed_and_sorted_by_its_address(world, erin, address, names):
    other = make_relationship(world.buyer, world.other_supplier, region="Europe")
    first = counted(world, 10, 5, site=make_site(world.supplier, name="plant-a"))
    counted(world, 10, 10, bond=other, site=make_site(world.other_supplier, name="plant-b", country="JP"))
    QuestionCheck.objects.create(audit=first, question="A3-RECORDS", provision="A3", is_confirmed=False)
    rows = erin.get(LIST + address).context["rows"]
    assert [row["site"].name.removeprefix("plant-") for row in rows] == names


def test_a_buyer_sees_its_own_sites_and_a_narrowed_reader_those_of_the_scope(world, client):
    europe = make_relationship(world.buyer, world.other_supplier, region="Europe")
    here, there = counted(world, 5, 5), counted(world, 6, 6, bond=europe)
    counted(world, 7, 7, bond=world.other_relationship)
    counted(world, 8, 8, state="quality_check")
    reader = make_user()
    make_membership(reader, world.buyer, Role.BUYER_READER, scopes={"region": ["Europe"]})
    seen = {}
    for name, person in (("erin", world.erin), ("reader", reader), ("trent", world.trent)):
        client.force_login(person)
        seen[name] = sorted(row["figure"].claimed for row in client.get(LIST).context["rows"])
    assert seen == {"erin": [5, 6], "reader": [6], "trent": [7]}
    assert {here.site, there.site} == set(reliable_sites(compared_audits(world.erin, world.buyer), ""))


def test_an_empty_list_says_when_it_fills(world, erin):
    assert "Nothing to compare yet." in erin.get(LIST).content.decode()
    counted(world, 5, 5)
    assert "No audit matches these filters." in erin.get(f"{LIST}?q=nowhere").content.decode()


@pytest.mark.parametrize("by", ["site", "question"])
def test_the_list_takes_the_same_queries_for_one_and_three(world, erin, django_assert_num_queries, by):
    compared(world, B2="minor")
    erin.get(f"{LIST}?by={by}")
    with django_assert_num_queries(QUERIES[by]):
        erin.get(f"{LIST}?by={by}")
    compared(world)
    counted(world, 5, 5)
    counted(world, 6, 6)
    with django_assert_num_queries(QUERIES[by]):
        erin.get(f"{LIST}?by={by}")


# Questions -----------------------------------------------------------------------------------------
def test_questions_that_are_answered_too_well_stand_first(world, erin):
    audits = [counted(world, 9, 9) for _number in range(6)]
    for number, audit in enumerate(audits):
        for question, confirmed in (("A3-RECORDS", number > 3), ("B2-DRILL", True)):
            QuestionCheck.objects.create(audit=audit, question=question, provision="A3", is_confirmed=confirmed)
    QuestionCheck.objects.create(audit=audits[0], question="A1-NEW", provision="A1", is_confirmed=False)

    rows = erin.get(f"{LIST}?by=question").context["rows"]

    assert [(row.code, row.figure, row.otherwise) for row in rows] == [
        ("A3-RECORDS", Reliability(6, 2), 4),
        ("B2-DRILL", Reliability(6, 6), 0),
        ("A1-NEW", Reliability(1, 0), 1),
    ]


def test_a_question_has_the_text_of_its_questionnaire(world):
    compared(world, A3="major")
    rows = reliable_questions(compared_audits(world.erin, world.buyer), "question")
    assert [(row.code, row.text["en"], row.figure) for row in rows] == [
        ("A3-LONGEST-WEEK", "How long was the longest week?", Reliability(1, 0)),
        ("A3-RECORDS", "How are hours recorded?", Reliability(1, 0)),
        ("B2-DRILL", "Was there a drill in the last year?", Reliability(1, 1)),
    ]


@pytest.mark.parametrize(
    ("sort", "codes"),
    [("question", "ab"), ("-question", "ba"), ("claimed", "ba"), ("otherwise", "ab"), ("nonsense", "ab")],
)
def test_questions_are_sorted_by_their_columns(world, sort, codes):
    for number in range(3):
        audit = counted(world, 9, 9)
        QuestionCheck.objects.create(audit=audit, question="a", provision="A3", is_confirmed=True)
        if number:
            QuestionCheck.objects.create(audit=audit, question="b", provision="A3", is_confirmed=False)
    rows = reliable_questions(compared_audits(world.erin, world.buyer), sort)
    assert "".join(row.code for row in rows) == codes


# The workbook --------------------------------------------------------------------------------------
def test_the_export_holds_both_lists_as_they_are_filtered(world, erin):
    compared(world, A3="major")
    counted(world, 30, 20, site=make_site(world.supplier, name="Elsewhere"))

    answer = erin.post(reverse("reliability_export"), {"q": world.site.name, "back": f"{LIST}?q=x"})

    job = Job.objects.get()
    assert answer.url == reverse("job_detail", args=[job.pk])
    run_job(str(job.pk))
    job.refresh_from_db()
    book = load_workbook(BytesIO(b"".join(erin.get(reverse("job_file", args=[job.pk])).streaming_content)))
    sites, questions = ([[cell.value for cell in row] for row in sheet] for sheet in book)
    assert sites[0][0].startswith("Share agreed: of what sites called conform")
    assert sites[-1][:8] == [world.site.name, "Supplier", "Thailand", 2, 1, 1, 50, None]
    assert len(sites) == 3
    assert [row[0] for row in questions[2:]] == ["A3-LONGEST-WEEK", "A3-RECORDS", "B2-DRILL"]
    assert questions[2][1:] == ["How long was the longest week?", 1, 0, 1, 0, None]
    entry = Entry.objects.get(deed="export_reliability")
    assert (entry.actor, entry.organisation_id, entry.detail) == (
        world.erin,
        world.buyer.pk,
        {"filters": {"q": world.site.name}},
    )


def test_the_export_of_somebody_who_left_is_empty(world, erin):
    counted(world, 30, 20)
    erin.post(reverse("reliability_export"))
    world.buyer.memberships.all().delete()
    job = Job.objects.get()
    run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"message": "0 rows are written."})


def test_comparisons_of_an_audit_go_with_it(world):
    audit = compared(world, A3="major")
    Audit.objects.filter(pk=audit.pk).update(state="cancelled")
    assert not compared_audits(world.erin, world.buyer).exists()
    assert Comparison.objects.filter(audit=audit).count() == 42
