"""A buyer's own programmes: frozen versions, the form with its errors beside the field, the page in words."""

import msgspec
import pytest
from django.urls import reverse

from assessments.audits.document import read_programme
from assessments.audits.forms.clocks import ClockFormSet
from assessments.audits.forms.programmes import ProgrammeForm
from assessments.audits.models import ProgrammeVersion
from assessments.audits.queries import programme_of
from assessments.audits.queries.programmes import offered_programmes, versions_of
from assessments.audits.reports.programmes import clock_lines, formula, kind_lines, level_lines
from assessments.audits.services.programmes import (
    columns_of,
    document_text,
    freeze_programme,
    save_programme,
    withdraw_programme,
)
from portal.lib.errors import ConflictError, DomainError
from portal.trail.models import Entry
from tests.factories import cast, make_audit, make_site

pytestmark = pytest.mark.django_db
VAP = read_programme("rba-vap-style")


@pytest.fixture
def world():
    return cast()


def changed(**changes):
    """The VAP-style programme with changes."""
    return msgspec.structs.replace(VAP, **changes)


def save(world, programme, base=None):
    """Save a programme as the administrator of the buyer."""
    return save_programme(programme, buyer=world.buyer, base=base, actor=world.erin)


# Versions ------------------------------------------------------------------------------------------
def test_a_standard_programme_is_written_once_with_its_first_audit(world):
    rows = [freeze_programme("rba-vap-style", buyer=buyer) for buyer in (world.buyer, world.other_buyer)]
    assert rows[0] == rows[1] == ProgrammeVersion.objects.get()
    assert programme_of(rows[0]) == VAP
    assert (rows[0].owner, rows[0].version, rows[0].title) == (None, "1", VAP.title)


def test_a_stored_programme_is_read_by_its_shape_alone(world):
    """A rule that came after a version was saved must not shut the audits held under it."""
    faulty = changed(data_points=99)
    row = freeze_programme("rba-vap-style", buyer=world.buyer)
    for column, value in columns_of(faulty, document_text(faulty)).items():
        setattr(row, column, value)
    assert programme_of(row) == faulty
    with pytest.raises(DomainError, match="does not hold together"):
        save(world, faulty)


def test_an_unknown_programme_is_refused_in_a_sentence(world):
    with pytest.raises(DomainError, match="There is no such audit programme"):
        freeze_programme("abc", buyer=world.buyer)


def test_an_own_version_is_taken_by_the_audits_after_it(world):
    before = make_audit(world.relationship, world.site)
    first = save(world, changed(data_points=2))
    middle = make_audit(world.relationship, make_site(world.supplier))
    second = save(world, changed(data_points=1), base=first.pk)
    after = make_audit(world.relationship, make_site(world.supplier))
    elsewhere = make_audit(world.other_relationship, world.other_site)

    points = [programme_of(audit.programme).data_points for audit in (before, middle, after, elsewhere)]

    assert points == [3, 2, 1, 3]
    assert [(row.version, row.audit_count) for row in versions_of(world.buyer)] == [("1", 1), ("1", 1), ("2", 1)]
    assert (first.created_by, second.owner) == (world.erin, world.buyer)
    entry = Entry.objects.filter(deed="save_programme").latest("pk")
    assert (entry.actor, entry.organisation_id) == (world.erin, world.buyer.pk)
    assert entry.detail == {"name": "rba-vap-style", "version": "2"}


def test_of_two_who_start_from_the_same_version_the_second_is_told(world):
    first = save(world, changed(data_points=2))
    save(world, changed(data_points=1), base=first.pk)
    with pytest.raises(ConflictError, match="Somebody else saved a version"):
        save(world, changed(data_points=0), base=first.pk)
    with pytest.raises(ConflictError, match="Somebody else saved a version"):
        save(world, changed(data_points=0), base=None)
    assert ProgrammeVersion.objects.count() == 2


def test_nothing_changed_writes_no_version(world):
    with pytest.raises(DomainError, match="Nothing was changed"):
        save(world, VAP)
    first = save(world, changed(data_points=2))
    with pytest.raises(DomainError, match="Nothing was changed"):
        save(world, changed(data_points=2), base=first.pk)


def test_a_programme_that_does_not_hold_together_is_refused(world):
    with pytest.raises(DomainError, match=r"does not hold together\. clocks: priority has none"):
        save(world, changed(clocks=VAP.clocks[3:]))
    assert not ProgrammeVersion.objects.exists()


def test_withdrawing_gives_the_standard_one_back(world):
    first = save(world, changed(data_points=2))
    save(world, changed(data_points=1), base=first.pk)
    withdraw_programme("rba-vap-style", buyer=world.buyer, actor=world.erin)
    assert programme_of(freeze_programme("rba-vap-style", buyer=world.buyer)) == VAP
    assert not ProgrammeVersion.objects.filter(owner=world.buyer, withdrawn_at=None).exists()
    with pytest.raises(DomainError, match="withdrawn already"):
        withdraw_programme("rba-vap-style", buyer=world.buyer, actor=world.erin)
    assert save(world, changed(data_points=2)).version == "3"  # never the number of another version


def test_offers_are_the_own_ones_and_what_ships(world):
    save(world, changed(data_points=2))
    save(world, changed(code="ours", title={"en": "Ours"}))
    save_programme(changed(code="theirs"), buyer=world.other_buyer, base=None, actor=world.trent)
    make_audit(world.relationship, world.site)

    offers = offered_programmes(world.buyer)

    assert {
        code: (offer.is_own, offer.has_standard, offer.versions, offer.audits) for code, offer in offers.items()
    } == {
        "rba-vap-style": (True, True, 1, 1),
        "ours": (True, False, 1, 0),
        "sa8000-style": (False, True, 1, 0),
        "smeta-style": (False, True, 1, 0),
    }


# In words ------------------------------------------------------------------------------------------
def test_a_programme_in_words():
    assert formula(VAP) == "200 × conform ÷ applicable − 20 for each Priority − 4 for each Major − 1 for each Minor"
    assert kind_lines(VAP) == [
        ("Initial audit", "valid for 24 months"),
        ("Priority closure audit", "checks what an earlier audit found"),
        ("Closure audit", "checks what an earlier audit found"),
    ]
    assert [(line.title, line.score, line.settled) for line in level_lines(VAP)] == [
        ("Platinum", 200.0, "Priority, Major, Minor"),
        ("Gold", 180.0, "Priority, Major"),
        ("Silver", 160.0, "Priority"),
    ]
    assert [(line.title, line.topic, line.plan, line.done) for line in clock_lines(VAP)] == [
        ("Priority", "Safety and environment", "within 7 days of discovery", "within 30 days of discovery"),
        ("Priority", "Hours up to 84 a week, social insurance", "within 14 days of the report", "within 180 days of the report"),
        ("Priority", "Every other topic", "within 7 days of discovery", "within 90 days of discovery"),
        ("Major", "Every topic", "within 14 days of the report", "within 180 days of the report"),
        ("Minor", "Every topic", "within 14 days of the report", "within 270 days of the report"),
    ]  # fmt: skip


def test_a_programme_without_score_and_with_open_clocks_in_words():
    programme = read_programme("sa8000-style")
    assert (formula(programme), level_lines(programme)) == ("", [])
    assert [(line.topic, line.done) for line in clock_lines(programme)][1:3] == [
        ("Working hours: the plan sets its own dates", "no date"),
        ("Every other topic", "within 90 days of the report"),
    ]


# The form ------------------------------------------------------------------------------------------
def filled(base=VAP, own=None, **changes):
    """What a browser posts of the form as it opens, with changes; None takes a field away."""
    form = ProgrammeForm(base=base, base_version=own)
    clocks = ClockFormSet(base=base)
    fields = [*form, *clocks.management_form, *(field for row in clocks for field in row)]
    posted = {field.html_name: field.value() for field in fields}
    posted = {name: "on" if value is True else value for name, value in posted.items() if value is not False}
    return {name: value for name, value in {**posted, **changes}.items() if value is not None}


def post(client, data, code="rba-vap-style"):
    """Post the form."""
    return client.post(reverse("programme_edit", args=[code]), data)


@pytest.fixture
def erin(client, world):
    client.force_login(world.erin)
    return client


def test_the_form_as_it_opens_says_what_the_programme_says():
    form = ProgrammeForm(filled(), base=VAP, base_version=None)
    clocks = ClockFormSet(filled(), base=VAP)
    assert (form.is_valid(), clocks.is_valid()) == (True, True), (form.errors, clocks.errors)
    assert form.build(clocks.build(), owner="Buyer") == VAP


@pytest.mark.parametrize("code", ["sa8000-style", "smeta-style"])
def test_programmes_without_a_score_come_out_of_the_form_as_they_went_in(code):
    base = read_programme(code)
    form, clocks = ProgrammeForm(filled(base), base=base, base_version=None), ClockFormSet(filled(base), base=base)
    assert (form.is_valid(), clocks.is_valid()) == (True, True), (form.errors, clocks.errors)
    assert form.build(clocks.build(), owner="Buyer") == base


def test_an_own_version_is_saved_from_the_page(world, erin):
    answer = post(erin, filled(
        title_en="Our audit", data_points="2", months_initial="12", deduction_major="5", level_silver="150",
        manager_minor="site", **{"clock-4-done": "200", "clock-0-severity": "", "clock-5-severity": "minor",
        "clock-5-topic": "safety_environment", "clock-5-anchor": "report", "clock-5-plan": "10"},
    ))  # fmt: skip

    assert answer.status_code == 302
    row = ProgrammeVersion.objects.get()
    made = programme_of(row)
    assert (row.owner, row.code, row.version, row.title["en"]) == (world.buyer, "rba-vap-style", "1", "Our audit")
    assert (made.data_points, made.kind("initial").validity_months, made.manager_of("minor")) == (2, 12, "site")
    assert (made.points, made.topics, made.code_of_conduct) == (VAP.points, VAP.topics, VAP.code_of_conduct)
    assert [level.score for level in made.recognition] == [200, 180, 150]
    assert made.clocks == (
        *VAP.clocks[1:4],
        msgspec.structs.replace(VAP.clocks[4], done=200),
        msgspec.structs.replace(VAP.clocks[4], topic="safety_environment", plan=10, approval=None, done=None),
    )
    assert (made.score.top, made.score.preset, made.score.floor) == (200.0, "", None)
    assert made.score.note["en"].startswith("Set by Buyer on ")
    assert sorted(made.score.note) == ["en", "ja", "th", "zh-hans"]


def test_another_short_name_stands_beside_the_standard_one(world, erin):
    post(erin, filled(code="Our-Audit"))
    assert list(offered_programmes(world.buyer)) == ["our-audit", "rba-vap-style", "sa8000-style", "smeta-style"]
    assert programme_of(ProgrammeVersion.objects.get()).score == VAP.score  # no number changed: the dated note stays


def test_a_programme_may_lose_its_score(world, erin):
    post(erin, filled(top=None, level_platinum=None, level_gold=None, level_silver=None))
    made = programme_of(ProgrammeVersion.objects.get())
    assert (made.score, made.recognition, made.bands) == (None, (), ())


def test_colours_move_with_the_best_score(world, erin):
    post(erin, filled(top="100", level_platinum="100", level_gold="90", level_silver="80"))
    made = programme_of(ProgrammeVersion.objects.get())
    assert [band.above for band in made.bands] == [90.0, 80.0, None]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title_en": ""}, "title_en", "This field is required."),
        ({"code": "no spaces"}, "code", "Letters, digits, hyphens, dots and underscores only, without spaces."),
        ({"code": "smeta-style"}, "code", "Another programme has this short name. Choose a different one."),
        ({"data_points": "21"}, "data_points", "Ensure this value is less than or equal to 20."),
        ({"months_initial": "0"}, "months_initial", "Ensure this value is greater than or equal to 1."),
        ({"deduction_priority": "-1"}, "deduction_priority", "Ensure this value is greater than or equal to 0."),
        ({"deduction_priority": "239"}, "deduction_priority", "Ensure this value is less than or equal to 238."),
        ({"level_gold": "150"}, "level_silver", "Levels go down: at most 150 here."),
        ({"level_platinum": "201"}, "level_platinum", "Levels go down: at most 200 here."),
        ({"top": ""}, "level_gold", "Without a best score there is no level. Empty this, too."),
        ({"manager_minor": "nobody"}, "manager_minor", "Select a valid choice. nobody is not one of the available choices."),
    ],
)  # fmt: skip
def test_an_error_stands_at_its_field(world, erin, changes, field, sentence):
    answer = post(erin, filled(**changes))
    assert answer.status_code == 422
    assert answer.context["form"].errors[field] == [sentence]
    assert not ProgrammeVersion.objects.exists()


TWIN = "This severity and topic have a row already. Choose “No row” in one of the two."
BARE = "Minor: add a row for every topic. Leave its days empty where nothing is due."


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        (
            {"clock-0-plan": "11"},
            [("id_clock-0-approval", "Row 1, Days to its approval: Not before the date to its left: 11 days or more.")],
        ),
        ({"clock-0-done": "3661"}, [("id_clock-0-done", "Row 1, Days until done: Ensure this value is less than or equal to 3660.")]),
        ({"clock-4-severity": ""}, [("clocks", BARE)]),
        ({"clock-0-topic": ""}, [("id_clock-2-severity", f"Row 3, Severity: {TWIN}")]),
        ({"clock-0-topic": "fire"}, [("id_clock-0-topic", "Row 1, Topic: Select a valid choice. fire is not one of the available choices.")]),
    ],
)  # fmt: skip
def test_an_error_in_the_table_of_clocks_names_its_row(world, erin, changes, problems):
    answer = post(erin, filled(**changes))
    assert answer.status_code == 422
    assert [(one["id"], one["text"]) for one in answer.context["clock_errors"]] == problems
    assert not ProgrammeVersion.objects.exists()


@pytest.mark.parametrize(
    "changes", [{"clock-TOTAL_FORMS": "99999"}, {"clock-TOTAL_FORMS": "x"}, {"clock-TOTAL_FORMS": None}]
)
def test_a_broken_table_is_refused_without_a_stack_trace(world, erin, changes):
    assert post(erin, filled(**changes)).status_code == 422


def test_a_version_saved_meanwhile_is_told_on_the_page(world, erin):
    opened = filled(data_points="1")
    save(world, changed(data_points=2))
    answer = post(erin, opened)
    assert answer.status_code == 422
    assert "Somebody else saved a version of this programme meanwhile." in str(
        answer.context["form"].non_field_errors()
    )


def test_an_own_version_has_no_short_name_to_change(world, erin):
    first = save(world, changed(data_points=2))
    post(erin, filled(changed(data_points=2), own=first.pk, code="other", data_points="1"))
    assert [(row.code, row.version) for row in ProgrammeVersion.objects.order_by("pk")] == [
        ("rba-vap-style", "1"),
        ("rba-vap-style", "2"),
    ]


# Pages ---------------------------------------------------------------------------------------------
def test_the_page_shows_a_version_and_whether_it_is_in_force(world, erin):
    first = save(world, changed(data_points=2, title={"en": "Ours"}))
    second = save(world, changed(data_points=1, title={"en": "Ours"}), base=first.pk)
    page = reverse("programme_detail", args=["rba-vap-style"])

    shown = [erin.get(page).context, erin.get(f"{page}?version={first.pk}").context]

    assert [(context["shown"], context["is_current"]) for context in shown] == [(second, True), (first, False)]
    assert [row.version for row in shown[0]["versions"]] == ["2", "1"]
    assert erin.get(f"{page}?version=999").status_code == 404
    assert erin.get(reverse("programme_detail", args=["abc"])).status_code == 404
    assert erin.get(reverse("programme_edit", args=["abc"])).status_code == 404


def test_a_version_of_another_buyer_is_not_to_be_seen(world, erin):
    theirs = save_programme(changed(code="theirs"), buyer=world.other_buyer, base=None, actor=world.trent)
    assert erin.get(reverse("programme_detail", args=["theirs"])).status_code == 404
    page = reverse("programme_detail", args=["rba-vap-style"])
    assert erin.get(f"{page}?version={theirs.pk}").status_code == 404


def test_a_withdrawn_programme_can_still_be_read(world, erin):
    save(world, changed(code="ours", title={"en": "Ours"}))
    answer = erin.post(reverse("programme_withdraw", args=["ours"]))
    assert answer.url == reverse("programme_list")
    page = erin.get(reverse("programme_detail", args=["ours"]))
    assert (page.status_code, page.context["is_current"]) == (200, False)
    assert "ours" not in offered_programmes(world.buyer)


def test_procurement_reads_programmes_and_writes_none(world, client):
    client.force_login(world.dave)
    page = client.get(reverse("programme_list"))
    assert (page.status_code, page.context["may_write"]) == (200, False)
    assert post(client, filled(data_points="1")).status_code == 403
    assert client.post(reverse("programme_withdraw", args=["rba-vap-style"])).status_code == 403
    assert not ProgrammeVersion.objects.exists()


def test_the_list_takes_the_same_queries_for_one_and_three(world, erin, django_assert_num_queries):
    erin.get(reverse("programme_list"))
    save(world, changed(code="ours-1"))
    with django_assert_num_queries(6):
        erin.get(reverse("programme_list"))
    save(world, changed(code="ours-2"))
    save(world, changed(code="ours-3"))
    with django_assert_num_queries(6):
        erin.get(reverse("programme_list"))
