"""The lists of corrective actions: the work list, and every finding of one audit on one page."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import assessments.findings.tasks  # noqa: F401  registers the runners
from assessments.findings.models import CorrectiveAction, Finding
from portal.jobs.models import Job
from portal.jobs.services import run_job
from tests.assessments.findings.builders import day, make_plan, make_waiting, statuses
from tests.factories import cast, make_finding, make_relationship, make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cast()


# 1. The work list ----------------------------------------------------------------------------------
@pytest.fixture
def rows(world):
    late = make_waiting(world, next_due_on=day(-3), plan_due_on=day(-3), severity="minor")
    soon = make_waiting(world, severity="priority")
    approval = make_waiting(world, next_due="approval", next_due_on=day(20))
    make_plan(approval, state="submitted")
    done = make_waiting(world, state="done", next_due="", next_due_on=None, source="audit", source_id=7)
    make_waiting(world, state="closed")
    make_waiting(world, confirmed_at=None, next_due="", next_due_on=None)
    return {"late": late, "soon": soon, "approval": approval, "done": done}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["late", "soon", "approval", "done"]),
        ("?sort=-due", ["approval", "soon", "late", "done"]),
        ("?sort=severity", ["soon", "approval", "done", "late"]),
        ("?standing=overdue", ["late"]),
        ("?standing=soon", ["soon"]),
        ("?standing=later", ["approval"]),
        ("?standing=undated", ["done"]),
        ("?step=plan", ["late", "soon"]),
        ("?step=approval", ["approval"]),
        ("?step=verification", ["done"]),
        ("?step=action", []),
        ("?severity=priority", ["soon"]),
        ("?source=audit", ["done"]),
        ("?step=nonsense&standing=x", ["late", "soon", "approval", "done"]),
    ],
)
def test_work_list_shows_what_waits_overdue_first(client, world, rows, query, names):
    for person in (world.alice, world.dave):
        client.force_login(person)
        answer = client.get(reverse("action_list") + query)
        assert [finding for finding, _progress in answer.context["lines"]] == [rows[name] for name in names]


def test_work_list_of_a_supplier_is_narrowed_by_site(client, world, rows):
    other = make_finding(
        world.relationship, make_site(world.supplier), confirmed_at=timezone.now(), next_due="plan", next_due_on=day(1)
    )
    client.force_login(world.alice)
    answer = client.get(reverse("action_list") + f"?site={other.site_id}")
    assert [finding for finding, _progress in answer.context["lines"]] == [other]


@pytest.mark.parametrize("name", ["mallory", "trent"])
def test_work_list_of_strangers_is_empty(client, world, rows, name):
    client.force_login(world.people[name])
    assert client.get(reverse("action_list")).context["lines"] == []


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_pages_ask_as_many_queries_for_three_rows_as_for_one(client, world):
    first = make_waiting(world, source="audit", source_id=7)
    make_plan(first)
    urls = [reverse("action_list"), reverse("plan_batch", args=["audit", 7])]
    counts = {}
    for person in (world.alice, world.dave):
        client.force_login(person)
        counts[person.name] = [queries(client, url) for url in urls]
    for _number in range(2):
        make_plan(make_waiting(world, source="audit", source_id=7))
    for person in (world.alice, world.dave):
        client.force_login(person)
        assert [queries(client, url) for url in urls] == counts[person.name]
    assert counts == {"Alice": [6, 12], "Dave": [5, 12]}


def test_work_list_is_exported_as_it_is_filtered(client, world, rows):
    client.force_login(world.dave)
    client.post(reverse("action_export"), {"standing": "overdue", "back": "/"})
    job = Job.objects.get()
    run_job(str(job.pk))
    job.refresh_from_db()
    sheet = openpyxl.load_workbook(io.BytesIO(job.result_file.content.read())).active
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [rows["late"].pk]
    assert [cell.value for cell in sheet[1]][:3] == ["Number", "Severity", "Provision"]


# 2. The whole plan ---------------------------------------------------------------------------------
@pytest.fixture
def batch(world):
    """Three findings of one audit: one plan complete, one not, one submitted."""
    rows = [make_waiting(world, source="audit", source_id=7) for _number in range(3)]
    make_plan(rows[0])
    make_plan(rows[1], corrective="")
    make_plan(rows[2], state="submitted")
    return rows


def test_the_whole_plan_submits_all_complete_ones_at_once(client, world, batch):
    client.force_login(world.alice)
    url = reverse("plan_batch", args=["audit", 7])
    answer = client.get(url)
    assert [(line.finding, line.problems) for line in answer.context["lines"]] == [
        (batch[0], []),
        (batch[1], ["The corrective action is missing."]),
        (batch[2], []),
    ]
    assert answer.context["complete"] == 1
    client.post(reverse("plan_batch_submit", args=["audit", 7]))
    states = CorrectiveAction.objects.order_by("finding").values_list("state", flat=True)
    assert list(states) == ["submitted", "draft", "submitted"]


def test_the_manager_accepts_from_the_page_of_the_whole_plan(client, world, batch):
    client.force_login(world.dave)
    url = reverse("plan_batch", args=["audit", 7])
    assert "accept" in client.get(url).context["lines"][2].deeds
    answer = client.post(
        reverse("plan_decide", args=[batch[2].pk]), {"decision": "accept", "note": "", "back": f"{url}#f-1"}
    )
    assert answer.headers["Location"] == f"{url}#f-1"


def test_a_way_back_to_another_host_is_not_followed(client, world, batch):
    client.force_login(world.dave)
    for back in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        CorrectiveAction.objects.filter(finding=batch[2]).update(state="submitted")
        Finding.objects.filter(pk=batch[2].pk).update(state="open")
        answer = client.post(
            reverse("plan_decide", args=[batch[2].pk]), {"decision": "accept", "note": "", "back": back}
        )
        assert answer.headers["Location"] == reverse("finding_detail", args=[batch[2].pk])


def test_the_whole_plan_is_for_those_who_see_its_findings(client, world, batch):
    url = reverse("plan_batch", args=["audit", 7])
    assert statuses(client, world, lambda: client.get(url).status_code) == [200, 200, 404, 404, 200, 200, 404, 404, 302]
    submit = reverse("plan_batch_submit", args=["audit", 7])
    assert statuses(client, world, lambda: client.post(submit).status_code) == [
        302, 403, 404, 404, 403, 403, 404, 404, 302,
    ]  # fmt: skip


@pytest.mark.parametrize("source", ["grievance", "nonsense"])
def test_other_sources_have_no_whole_plan(client, world, source):
    client.force_login(world.alice)
    assert client.get(reverse("plan_batch", args=[source, 7])).status_code == 404


def test_the_plan_is_printed_for_the_reader(client, world, batch):
    client.force_login(world.dave)
    client.post(reverse("plan_batch_pdf", args=["audit", 7]))
    job = Job.objects.get()
    run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result_file.content.read()[:5]) == ("done", b"%PDF-")


def test_a_relationship_of_another_buyer_is_another_plan(client, world, batch):
    trents = make_relationship(world.other_buyer, world.supplier)
    make_finding(trents, world.site, source="audit", source_id=7, rule="X", confirmed_at=timezone.now())
    client.force_login(world.trent)
    assert len(client.get(reverse("plan_batch", args=["audit", 7])).context["lines"]) == 1
