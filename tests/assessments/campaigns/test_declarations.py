"""Campaigns that ask suppliers for declarations: what is the same as with questionnaires, and what is not."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.campaigns import services
from assessments.campaigns.enums import CampaignKind, CampaignState, Progress
from assessments.campaigns.models import Campaign, Request
from assessments.campaigns.queries import DECLARATION, asked_sites, count_asked, funnel
from assessments.campaigns.services import sending
from assessments.responses.models import Response
from minerals.declarations.enums import DeclarationState
from minerals.declarations.models import Declaration
from portal.jobs.services import run_job
from portal.lib.errors import DomainError
from portal.notices.models import Mail
from portal.notices.queries import invitations_of, render_mail
from tests.assessments.campaigns.test_exporting import exported
from tests.factories import (
    cast,
    make_campaign,
    make_organisation,
    make_relationship,
    make_request,
    make_response,
    make_site,
    make_version,
)
from tests.minerals.world import make_declaration, make_declaration_campaign

pytestmark = pytest.mark.django_db
DUE = dt.date(2026, 6, 30)
BEFORE = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)


# 1. The tables ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "fields",
    [
        {"version": None},
        {"template": "CMRT"},
        {"kind": "declaration"},
        {"kind": "declaration", "version": None},
        {"kind": "declaration", "version": None, "template": "PRT"},
        {"kind": "declaration", "template": "CMRT"},
    ],
)
def test_a_campaign_asks_for_what_its_kind_says(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_campaign(**fields)


@pytest.mark.parametrize("both", [True, False])
def test_a_request_asks_for_exactly_one_thing(both):
    response = make_response()
    request = make_request(make_campaign(version=response.version), response)
    declaration = make_declaration(response.relationship)
    with pytest.raises(IntegrityError), transaction.atomic():
        if both:
            Request.objects.filter(pk=request.pk).update(declaration=declaration)
        else:
            Request.objects.filter(pk=request.pk).update(response=None)


def test_a_supplier_is_asked_once_in_a_campaign():
    bond = make_relationship()
    first, second = make_site(bond.supplier), make_site(bond.supplier)
    one, two = make_declaration(bond, site=first), make_declaration(bond, site=second)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_declaration_campaign(bond.buyer, one, two)


# 2. Drafts ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("template", "minerals", "kept"),
    [
        ("CMRT", ["Tin"], []),
        ("EMRT", [" Cobalt ", "Mica", "Cobalt"], ["Cobalt", "Mica"]),
        ("AMRT", ["Iron/ Steel"], ["Iron/ Steel"]),
        ("AMRT", [], []),
    ],
)
def test_a_draft_keeps_the_minerals_where_the_template_lets_one_choose(world, template, minerals, kept):
    campaign = world.draft(template=template, minerals=minerals, due_on=DUE)
    campaign.refresh_from_db()
    assert (campaign.kind, campaign.version, campaign.template, campaign.minerals) == (
        CampaignKind.DECLARATION,
        None,
        template,
        kept,
    )


def test_without_languages_it_speaks_those_of_the_pages(world):
    assert world.draft(template="CMRT", due_on=DUE, languages=()).languages == ["en", "ja", "zh-hans", "th"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"template": "PRT"}, "template"),
        ({"template": ""}, "template"),
        ({"template": "AMRT", "minerals": [f"Metal {n}" for n in range(11)]}, "minerals"),
        ({"template": "AMRT", "minerals": ["x" * 41]}, "minerals"),
        ({"template": "CMRT", "languages": ["fr"]}, "languages"),
    ],
)
def test_a_wrong_draft_is_refused(world, fields, code):
    with pytest.raises(DomainError) as refused:
        world.draft(due_on=DUE, **fields)
    assert refused.value.code == code
    assert not Campaign.objects.exists()


def test_a_draft_does_not_turn_into_one_of_another_kind(world):
    asks, declares = world.draft(due_on=DUE), world.draft(template="CMRT", due_on=DUE)
    for campaign, change in ((asks, {"template": "CMRT"}), (declares, {"version": make_version()})):
        with pytest.raises(DomainError) as refused:
            services.change_campaign(campaign=campaign, actor=world.erin, **change)
        assert refused.value.code == "kind"


def test_the_four_steps_ask_for_a_declaration(client, world):
    client.force_login(world.erin)
    new = reverse("campaign_new")
    asked = client.get(new, {"kind": "declaration"})
    assert [(kind["url"], kind["current"]) for kind in asked.context["kinds"]] == [
        (f"{new}?kind=questionnaire", False),
        (f"{new}?kind=declaration", True),
    ]
    basics = {
        "template": "EMRT",
        "emrt_minerals": ["Cobalt", "Mica"],
        "amrt_minerals": ["Zinc"],
        "name": "Cobalt 2026",
        "year": "2026",
        "due_on": "2026-12-31",
        "languages": ["en", "ja"],
    }
    first = client.post(f"{new}?kind=declaration", basics)
    campaign = Campaign.objects.get()
    assert (campaign.template, campaign.minerals) == ("EMRT", ["Cobalt", "Mica"])
    assert first["Location"] == reverse("campaign_sites", args=[campaign.pk])
    counted = client.post(reverse("campaign_count", args=[campaign.pk]), {"own_sites": "without", "countries": ["JP"]})
    assert "1</b> supplier" in counted.content.decode()
    second = client.post(first["Location"], {"own_sites": "without", "countries": ["JP", "TH"], "vendor_codes": ""})
    third = client.post(second["Location"], {"message_en": "Hello", "message_ja": "", "before": "14", "after": ""})
    page = client.get(third["Location"])
    assert page.context["preview"].asked == 2
    assert "EMRT: Cobalt, Mica" in page.content.decode()
    client.post(third["Location"])
    campaign.refresh_from_db()
    run_job(str(campaign.job_id))
    done = client.get(reverse("campaign_detail", args=[campaign.pk]))
    assert (done.context["counts"]["sent"], done.context["remains"]) == (2, "2 suppliers")


def test_a_draft_shows_what_it_holds_and_is_changed(client, world):
    campaign = world.draft(template="AMRT", minerals=["Zinc"], due_on=DUE)
    client.force_login(world.erin)
    url = reverse("campaign_basics", args=[campaign.pk])
    page = client.get(url)
    assert (page.context["form"]["template"].value(), page.context["form"]["amrt_minerals"].value()) == (
        "AMRT",
        ["Zinc"],
    )
    data = {"name": "Other", "year": "2027", "due_on": "2026-12-31", "languages": ["en"], "template": "CMRT"}
    client.post(url, data)
    campaign.refresh_from_db()
    assert (campaign.name, campaign.template, campaign.minerals, campaign.year) == ("Other", "CMRT", [], 2027)


# 3. Who is asked ----------------------------------------------------------------------------------
def test_a_supplier_is_asked_through_its_first_site_with_a_contact(world, sent):
    found = {r.relationship.vendor_code: r for r in sent.requests.select_related("relationship", "site")}
    assert {code: request.site.name for code, request in found.items()} == {
        "A": "Plant A2",
        "B": "Plant B",
        "C": "Plant C",
        "D": "Plant D",
    }
    assert [(r.country, r.contact_email) for r in (found["A"], found["D"])] == [("VN", "a@test.example"), ("VN", "")]


def test_without_a_contact_it_is_the_first_open_site(world):
    for site in (world.sites["D"], make_site(world.sites["D"].organisation, contact_email="")):
        type(site).objects.filter(pk=site.pk).update(contact_email="")
    campaign = world.draft(template="CMRT", due_on=DUE, selection={"vendor_codes": ["D"]})
    assert list(asked_sites(campaign, world.erin)) == [world.sites["D"]]
    type(site).objects.filter(pk=world.sites["D"].pk).update(closed_on=dt.date(2020, 1, 1))
    assert list(asked_sites(campaign, world.erin)) == [site]
    assert count_asked(campaign, world.erin) == 1


def test_only_sites_that_the_filters_mean_are_asked(world):
    make_site(world.sites["A"].organisation, contact_email="early@test.example", country="VN")
    campaign = world.draft(template="CMRT", due_on=DUE, selection={"countries": ["VN"]})
    assert {(site.organisation.name, str(site.country)) for site in asked_sites(campaign, world.erin)} == {
        ("Supplier A", "VN"),
        ("Supplier D", "VN"),
    }


# 4. Sending ---------------------------------------------------------------------------------------
def test_sending_makes_one_declaration_per_supplier(world, sent):
    assert (sent.state, Response.objects.count(), Declaration.objects.count()) == (CampaignState.SENT, 0, 4)
    request = sent.requests.select_related("declaration").get(relationship__vendor_code="A")
    declaration = request.declaration
    assert (
        declaration.relationship,
        declaration.site,
        declaration.template,
        declaration.year,
        declaration.title,
        declaration.due_on,
        declaration.state,
    ) == (world.bonds["A"], world.second, "CMRT", 2026, "Minerals 2026", DUE, DeclarationState.REQUESTED)
    assert (request.response, request.thing) == (None, declaration)
    assert sent.facets["country"] == ["CN", "TH", "VN"]


def test_its_mails_speak_of_the_template_and_lead_to_the_declaration(world, sent):
    mails = {mail.to_email: mail for mail in Mail.objects.all()}
    assert {address: (mail.template, mail.language) for address, mail in mails.items()} == {
        "a@test.example": ("declaration_request", "en"),
        "b@test.example": ("declaration_request", "en"),
        "manager@test.example": ("declaration_request", "ja"),
    }
    request = sent.requests.get(relationship__vendor_code="C")
    path = reverse("declaration_detail", args=[request.declaration_id])
    assert mails["manager@test.example"].context["path"] == path
    invited = sent.requests.get(relationship__vendor_code="A")
    assert invited.invitation.next_path == reverse("declaration_detail", args=[invited.declaration_id])
    words = render_mail(mails["a@test.example"], invitations_of(mails.values()))
    assert words.subject == "Buyer asks Supplier A for the CMRT by 30 Jun 2026"
    assert "for the CMRT of 2026" in words.text
    assert "Please hand in the declaration by 30 Jun 2026." in words.text


def test_a_restart_asks_nobody_twice_though_another_site_leads_now(world):
    campaign = world.draft(template="CMRT", due_on=DUE)
    job = services.send_campaign(campaign=campaign, actor=world.erin)
    sites, _done = sending.sites_to_ask(campaign)
    sending.send_batch(sending.Letter(campaign), sites[:2])
    first = world.sites["A"]
    type(first).objects.filter(pk=first.pk).update(contact_email="")
    other = make_site(first.organisation, contact_email="new@test.example")
    assert sending.send_batch(sending.Letter(campaign), [other.pk]) == 0
    run_job(str(job.pk))
    assert campaign.requests.count() == Declaration.objects.count() == 4


@pytest.mark.parametrize("count", [1, 20])
def test_a_batch_takes_the_same_queries_whatever_its_size(world, django_assert_num_queries, count):
    for number in range(count):
        world.add(f"N{number}")
    codes = [f"N{number}" for number in range(count)]
    campaign = world.draft(template="CMRT", due_on=DUE, selection={"vendor_codes": codes})
    services.send_campaign(campaign=campaign, actor=world.erin)
    sites, _done = sending.sites_to_ask(campaign)
    letter = sending.Letter(campaign)
    with django_assert_num_queries(QUERIES_OF_A_BATCH):
        sending.send_batch(letter, sites)


QUERIES_OF_A_BATCH = 19


def test_nobody_chosen_is_refused(world):
    campaign = world.draft(template="CMRT", due_on=DUE, selection={"countries": ["BR"]})
    with pytest.raises(DomainError, match="No supplier is chosen"):
        services.send_campaign(campaign=campaign, actor=world.erin)


# 5. The preview -----------------------------------------------------------------------------------
def test_the_preview_counts_suppliers_and_shows_the_mail(world):
    make_site(world.sites["B"].organisation)
    preview = services.preview_campaign(world.draft(template="CMRT", due_on=DUE), actor=world.erin)
    assert (preview.asked, preview.suppliers, preview.mails, preview.nobody) == (4, 4, 3, 1)
    assert preview.without_contact == ("Supplier D, Plant D",)
    assert {sample.language: sample.subject for sample in preview.samples} == {
        "ja": "Buyerより：Supplier AへのCMRTの提出依頼（期限：2026年6月30日）",
        "en": "Buyer asks Supplier B for the CMRT by 30 Jun 2026",
    }


def test_it_warns_of_suppliers_with_the_same_template_open(world, sent):
    Declaration.objects.filter(relationship=world.bonds["B"]).update(state=DeclarationState.ACCEPTED)
    again = services.preview_campaign(world.draft(template="CMRT", due_on=DUE), actor=world.erin)
    other = services.preview_campaign(world.draft(template="EMRT", due_on=DUE), actor=world.erin)
    sentence = "3 suppliers still have an open request for the same template from you."
    assert sentence in again.warnings
    assert not any("still have" in warning for warning in other.warnings)
    assert "1 supplier has nobody to write to. It is asked, and its link can be sent by hand later." in other.warnings
    assert "The pages are not offered in" not in " ".join(other.warnings)


# 6. How far it is ---------------------------------------------------------------------------------
def make_funnel(people) -> Campaign:
    today, moment = timezone.localdate(), timezone.now()
    late, early = today - dt.timedelta(days=1), today + dt.timedelta(days=1)
    rows = [
        (DeclarationState.REQUESTED, late, False, False),
        (DeclarationState.REQUESTED, early, True, False),
        (DeclarationState.REQUESTED, today, True, True),
        (DeclarationState.RETURNED, late, True, True),
        (DeclarationState.RECEIVED, late, True, True),
        (DeclarationState.ACCEPTED, early, True, True),
        (DeclarationState.SUPERSEDED, early, True, True),
        (DeclarationState.EXPIRED, early, True, True),
        (DeclarationState.CANCELLED, late, False, False),
    ]
    declarations = [
        make_declaration(
            make_relationship(people.buyer),
            state=state,
            due_on=due_on,
            opened_at=moment if opened else None,
            started_at=moment if started else None,
        )
        for state, due_on, opened, started in rows
    ]
    return make_declaration_campaign(people.buyer, *declarations, state=CampaignState.SENT)


def test_the_funnel_counts_every_step_in_one_query(django_assert_num_queries):
    campaign = make_funnel(cast())
    with django_assert_num_queries(1):
        counts = funnel(campaign.requests.all(), DECLARATION)
    assert counts == {
        "sent": 9,
        "unopened": 2,
        "opened": 7,
        "started": 6,
        "submitted": 4,
        "late": 2,
        "returned": 1,
        "accepted": 3,
        "declined": 0,
        "open": 4,
    }


@pytest.mark.parametrize("step", DECLARATION.steps)
def test_every_figure_opens_a_list_of_its_length(client, step):
    people = cast()
    campaign = make_funnel(people)
    client.force_login(people.erin)
    page = client.get(reverse("campaign_detail", args=[campaign.pk]), {"progress": step.value})
    assert page.context["page"].paginator.count == page.context["counts"][step.value] == len(page.context["rows"]) > 0


def test_nobody_declines_a_declaration(client):
    people = cast()
    client.force_login(people.erin)
    page = client.get(reverse("campaign_detail", args=[make_funnel(people).pk]))
    assert Progress.DECLINED not in DECLARATION.steps
    assert [tile["label"] for tile in page.context["tiles"]] == [
        "Sent",
        "Opened",
        "Started",
        "Submitted",
        "Late",
        "Returned",
        "Accepted",
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_campaign_takes_the_queries_of_any_other(client, django_assert_num_queries, count):
    people = cast()
    made = [make_declaration(make_relationship(people.buyer), due_on=DUE) for _number in range(count)]
    campaign = make_declaration_campaign(people.buyer, *made, state=CampaignState.SENT)
    client.force_login(people.erin)
    with django_assert_num_queries(10):
        client.get(reverse("campaign_detail", args=[campaign.pk]))


@pytest.mark.parametrize(("sort", "codes"), [("-answered", "BA"), ("answered", "AB"), ("-code", "BA")])
def test_the_list_names_the_supplier_first_and_counts_red_flags(client, sort, codes):
    people = cast()
    made = [
        make_declaration(
            make_relationship(people.buyer, make_organisation(f"Supplier {code}"), vendor_code=code),
            state=DeclarationState.RECEIVED,
            red_flags=flags,
            due_on=DUE,
        )
        for code, flags in (("A", 1), ("B", 4))
    ]
    campaign = make_declaration_campaign(people.buyer, *made, state=CampaignState.SENT)
    client.force_login(people.erin)
    rows = client.get(reverse("campaign_detail", args=[campaign.pk]), {"sort": sort}).context["rows"]
    assert "".join(row["request"].relationship.vendor_code for row in rows) == codes
    row = next(row for row in rows if row["request"].relationship.vendor_code == "B")
    assert (row["names"][0], row["measure"], row["url"]) == (
        "Supplier B",
        "4",
        reverse("declaration_detail", args=[made[1].pk]),
    )


def test_the_list_of_campaigns_counts_both_kinds(client):
    people = cast()
    declared = make_funnel(people)
    response = make_response(people.relationship, people.site, state="submitted")
    asked = make_campaign(people.buyer, responses=[response], state=CampaignState.SENT)
    client.force_login(people.erin)
    rows = client.get(reverse("campaign_list")).context["rows"]
    assert {campaign.pk: counts for campaign, counts in rows} == {
        declared.pk: {"sent": 9, "submitted": 4, "late": 2},
        asked.pk: {"sent": 1, "submitted": 1, "late": 0},
    }
    narrowed = client.get(reverse("campaign_list"), {"kind": "declaration"}).context["rows"]
    assert [campaign.pk for campaign, _counts in narrowed] == [declared.pk]


def test_the_export_says_what_a_declaration_says(world, sent):
    Declaration.objects.filter(relationship=world.bonds["A"]).update(
        state=DeclarationState.RECEIVED,
        version="6.5",
        missing=2,
        errors=1,
        red_flags=3,
        smelters=40,
        unknown_smelters=5,
    )
    head, first, *rest = exported(services.start_export(campaign=sent, params={"sort": "code"}, actor=world.erin))
    assert len(rest) == 3
    assert head[14:] == ("Version", "Missing", "Errors", "Red flags", "Smelters", "Unknown smelters", "Mail to")
    assert (first[1], first[8], first[14:]) == (
        "Supplier A",
        "Received",
        ("6.5", 2, 1, 3, 40, 5, "a@test.example"),
    )
