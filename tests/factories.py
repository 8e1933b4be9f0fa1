"""Builders of a small believable world: straight to the tables, one line per thing in a test."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from assessments.audits.models import Audit, AuditAssignment, AuditConclusion
from assessments.audits.queries import programme_of
from assessments.audits.services.programmes import freeze_programme
from assessments.campaigns.models import Campaign, Request
from assessments.campaigns.queries import facets_of
from assessments.findings.models import Finding
from assessments.questionnaires.models import Questionnaire, QuestionnaireVersion
from assessments.responses import services as responses
from assessments.responses.models import Answer, Response, Submission
from assessments.responses.queries import Mark, read_marks
from assessments.responses.services import Given
from assessments.scoring.services import score_submission
from portal.accounts.models import User
from suppliers.organisations.enums import Role, Sector
from suppliers.organisations.models import Membership, MembershipScope, Organisation, Relationship, Site

PASSWORD = "correct horse battery"
numbers = count(1)


def make_user(email: str | None = None, *, password: str = PASSWORD, **fields: Any) -> User:
    """A person who can sign in with PASSWORD."""
    address = email or f"person{next(numbers)}@test.example"
    fields.setdefault("name", address.partition("@")[0].title())
    return User.objects.create_user(address, password, **fields)


def make_organisation(name: str | None = None, *, country: str = "JP", **fields: Any) -> Organisation:
    """A company."""
    return Organisation.objects.create(name=name or f"Company {next(numbers)}", country=country, **fields)


def make_site(organisation: Organisation | None = None, **fields: Any) -> Site:
    """A plant; its code and name count up."""
    organisation = organisation or make_organisation()
    number = next(numbers)
    values: dict[str, Any] = {
        "code": f"S{number}",
        "name": f"{organisation.name} plant {number}",
        "country": organisation.country,
        "city": "Osaka",
        "sector": Sector.COMPONENTS,
        "workers": 120,
        "contact_name": "Contact",
        "contact_email": f"site{number}@test.example",
        "contact_language": "en",
    }
    return Site.objects.create(organisation=organisation, **{**values, **fields})


def make_relationship(
    buyer: Organisation | None = None, supplier: Organisation | None = None, **fields: Any
) -> Relationship:
    """A buyer buys from a supplier."""
    values: dict[str, Any] = {
        "vendor_code": f"V{next(numbers)}",
        "business_unit": "Imaging",
        "region": "Asia",
        "category": "Parts",
        "tier": 1,
    }
    return Relationship.objects.create(
        buyer=buyer or make_organisation(), supplier=supplier or make_organisation(), **{**values, **fields}
    )


def make_membership(
    user: User | None = None,
    organisation: Organisation | None = None,
    role: Role = Role.SUPPLIER_MANAGER,
    *,
    scopes: dict[str, list[str]] | None = None,
) -> Membership:
    """A role; `scopes` is {"region": [...], "business_unit": [...]}."""
    membership = Membership.objects.create(
        user=user or make_user(), organisation=organisation or make_organisation(), role=role
    )
    for kind, values in (scopes or {}).items():
        for value in values:
            MembershipScope.objects.create(membership=membership, kind=kind, value=value)
    return membership


# A small questionnaire with every way a question can behave: a condition, a scored choice, a scored
# number with a flag, a yes/no, a headcount, evidence. Texts in English and Japanese.
SMALL_DOCUMENT: dict[str, Any] = {
    "code": "small",
    "version": "1.0",
    "title": {"en": "Small questionnaire", "ja": "小さな調査票"},
    "code_of_conduct": "rba-8.0",
    "languages": ["en", "ja"],
    "default_language": "en",
    "bands": [{"code": "high", "below": 60.0}, {"code": "medium", "below": 85.0}, {"code": "low"}],
    "sections": [
        {
            "code": "P",
            "title": {"en": "Profile", "ja": "概要"},
            "questions": [
                {
                    "code": "P-HEADS",
                    "kind": "headcount",
                    "text": {"en": "How many people work here?", "ja": "何人働いていますか。"},
                    "rows": [{"code": "permanent", "text": {"en": "Permanent", "ja": "正社員"}}],
                    "columns": [
                        {"code": "male", "text": {"en": "Men", "ja": "男性"}},
                        {"code": "female", "text": {"en": "Women", "ja": "女性"}},
                    ],
                },
                {
                    "code": "P-NOTE",
                    "kind": "text",
                    "required": False,
                    "text": {"en": "Anything to add?", "ja": "補足はありますか。"},
                },
            ],
        },
        {
            "code": "A3",
            "title": {"en": "Working hours", "ja": "労働時間"},
            "intro": {"en": "We ask about hours.", "ja": "労働時間についてお聞きします。"},
            "questions": [
                {
                    "code": "A3-RECORDS",
                    "kind": "single",
                    "text": {"en": "How are hours recorded?", "ja": "労働時間をどう記録しますか。"},
                    "provision": "A3",
                    "weight": 2.0,
                    "choices": [
                        {"code": "card", "text": {"en": "Card reader", "ja": "カード"}, "points": 1.0},
                        {"code": "paper", "text": {"en": "Paper", "ja": "紙"}, "points": 0.5},
                        {"code": "none", "text": {"en": "Not recorded", "ja": "記録なし"}, "points": 0.0},
                    ],
                    "evidence": {"text": {"en": "Hours records", "ja": "記録"}},
                },
                {
                    "code": "A3-LONGEST-WEEK",
                    "kind": "number",
                    "text": {"en": "How long was the longest week?", "ja": "最長の週は何時間でしたか。"},
                    "provision": "A3",
                    "weight": 3.0,
                    "unit": "hours_per_week",
                    "period": "last_12_months",
                    "decimals": 1,
                    "min": 0.0,
                    "max": 168.0,
                    "score": {
                        "steps": [
                            {"up_to": 48.0, "points": 1.0},
                            {"up_to": 60.0, "points": 0.6},
                            {"points": 0.0},
                        ]
                    },
                    "show_if": {"question": "A3-RECORDS", "in": ["card", "paper"]},
                },
            ],
        },
        {
            "code": "B2",
            "title": {"en": "Emergencies", "ja": "緊急時"},
            "questions": [
                {
                    "code": "B2-DRILL",
                    "kind": "yes_no",
                    "text": {"en": "Was there a drill in the last year?", "ja": "訓練をしましたか。"},
                    "provision": "B2",
                    "weight": 1.0,
                    "score": {"yes": 1.0, "no": 0.0},
                },
                {
                    "code": "B2-RISKS",
                    "kind": "multiple",
                    "required": False,
                    "text": {"en": "Which plans exist?", "ja": "どの計画がありますか。"},
                    "choices": [
                        {"code": "fire", "text": {"en": "Fire", "ja": "火災"}},
                        {"code": "quake", "text": {"en": "Earthquake", "ja": "地震"}},
                        {"code": "none", "text": {"en": "None", "ja": "なし"}, "exclusive": True},
                    ],
                },
            ],
        },
    ],
    "flags": [
        {
            "code": "A3-OVER-60",
            "provision": "A3",
            "severity": "major",
            "when": {"question": "A3-LONGEST-WEEK", "over": 60},
            "text": {"en": "Longest week {A3-LONGEST-WEEK}; the limit is 60.", "ja": "上限は60時間です。"},
            "advice": {"en": "Plan the work so that weeks stay short.", "ja": "計画を見直してください。"},
        },
        {
            "code": "B2-NO-DRILL",
            "provision": "B2",
            "severity": "minor",
            "when": {"question": "B2-DRILL", "is": "no"},
            "text": {"en": "No drill in the last year.", "ja": "訓練がありません。"},
            "advice": {"en": "Hold a drill.", "ja": "訓練をしてください。"},
        },
    ],
}
SMALL_ANSWERS: dict[str, Any] = {
    "P-HEADS": {"permanent.male": 60, "permanent.female": 60},
    "A3-RECORDS": "card",
    "A3-LONGEST-WEEK": 66.5,
    "B2-DRILL": "yes",
}


def make_version(
    document: dict[str, Any] | None = None, *, owner: Organisation | None = None, **fields: Any
) -> QuestionnaireVersion:
    """A published version of `document` (plain data of the questionnaire format), else of SMALL_DOCUMENT."""
    data = document or {**SMALL_DOCUMENT, "version": f"1.{next(numbers)}"}
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    line, _ = Questionnaire.objects.get_or_create(code=data["code"], owner=owner)
    values: dict[str, Any] = {"state": "published", "published_at": timezone.now()}
    return QuestionnaireVersion.objects.create(
        questionnaire=line,
        version=data["version"],
        title=data["title"],
        document=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        **{**values, **fields},
    )


def make_response(
    relationship: Relationship | None = None,
    site: Site | None = None,
    version: QuestionnaireVersion | None = None,
    *,
    answers: dict[str, Any] | None = None,
    **fields: Any,
) -> Response:
    """A site's answering; `answers` is {code: value}."""
    relationship = relationship or make_relationship()
    values: dict[str, Any] = {
        "title": "Small questionnaire",
        "period": "2026",
        "due_on": date.today() + timedelta(days=30),
    }
    response = Response.objects.create(
        relationship=relationship,
        site=site or make_site(relationship.supplier),
        version=version or make_version(),
        **{**values, **fields},
    )
    now = timezone.now()
    Answer.objects.bulk_create(
        Answer(response=response, code=code, value=value, updated_at=now) for code, value in (answers or {}).items()
    )
    return response


def make_campaign(
    buyer: Organisation | None = None, *, responses: list[Response] | None = None, **fields: Any
) -> Campaign:
    """A campaign; each response given becomes a request of it."""
    values: dict[str, Any] = {
        "name": f"Campaign {next(numbers)}",
        "year": 2026,
        "due_on": date.today() + timedelta(days=30),
        "languages": ["en"],
    }
    if "version" not in fields:
        values["version"] = responses[0].version if responses else make_version()
    campaign = Campaign.objects.create(buyer=buyer or make_organisation(), **{**values, **fields})
    for response in responses or []:
        make_request(campaign, response)
    return campaign


def make_request(campaign: Campaign, response: Response, **fields: Any) -> Request:
    """One site's part of a campaign, facets copied from its relationship."""
    bond = response.relationship
    values: dict[str, Any] = {
        "country": str(response.site.country),
        "business_unit": bond.business_unit,
        "region": bond.region,
        "category": bond.category,
        "tier": bond.tier,
        "contact_email": response.site.contact_email,
    }
    return Request.objects.create(
        campaign=campaign, site=response.site, relationship=bond, response=response, **{**values, **fields}
    )


@dataclass(frozen=True)
class Cast:
    """The people of every rights test and the world they live in."""

    buyer: Organisation
    supplier: Organisation
    other_buyer: Organisation
    other_supplier: Organisation
    audit_firm: Organisation
    relationship: Relationship
    other_relationship: Relationship
    site: Site
    other_site: Site
    alice: User  # supplier manager
    bob: User  # supplier reader
    carol: User  # auditor
    frank: User  # manager of the audit firm
    dave: User  # buyer procurement
    erin: User  # buyer administrator
    mallory: User  # manager of another supplier
    trent: User  # administrator of another buyer

    @property
    def people(self) -> dict[str, User | AnonymousUser]:
        """Everybody by name, with `anonymous`."""
        names = ("alice", "bob", "carol", "frank", "dave", "erin", "mallory", "trent")
        return {**{name: getattr(self, name) for name in names}, "anonymous": AnonymousUser()}


def cast() -> Cast:
    """Two buyers, two suppliers, an audit firm and eight people; the other buyer buys from the other supplier."""
    buyer, supplier = make_organisation("Buyer"), make_organisation("Supplier", country="TH")
    other_buyer, other_supplier = make_organisation("Other buyer"), make_organisation("Other supplier")
    firm = make_organisation("Audit firm", country="CN")

    def person(name: str, organisation: Organisation, role: Role) -> User:
        user = make_user(f"{name}@test.example")
        make_membership(user, organisation, role)
        return user

    return Cast(
        buyer=buyer,
        supplier=supplier,
        other_buyer=other_buyer,
        other_supplier=other_supplier,
        audit_firm=firm,
        relationship=make_relationship(buyer, supplier, vendor_code="V-1"),
        other_relationship=make_relationship(other_buyer, other_supplier, vendor_code="V-1"),
        site=make_site(supplier),
        other_site=make_site(other_supplier),
        alice=person("alice", supplier, Role.SUPPLIER_MANAGER),
        bob=person("bob", supplier, Role.SUPPLIER_READER),
        carol=person("carol", firm, Role.AUDITOR),
        frank=person("frank", firm, Role.FIRM_MANAGER),
        dave=person("dave", buyer, Role.BUYER_PROCUREMENT),
        erin=person("erin", buyer, Role.BUYER_ADMINISTRATOR),
        mallory=person("mallory", other_supplier, Role.SUPPLIER_MANAGER),
        trent=person("trent", other_buyer, Role.BUYER_ADMINISTRATOR),
    )


# Handing in, through the services ------------------------------------------------------------------
CLEAN_ANSWERS: dict[str, Any] = {**SMALL_ANSWERS, "A3-LONGEST-WEEK": 44}


def hand_in(response: Response, answers: dict[str, Any], actor: User, *, scored: bool = True) -> Submission:
    """Save the answers as `actor`, submit, and score unless the queue is to be lost; a value None is N/A."""
    given = [
        Given(
            code, value, base_version=mark.version, not_applicable=value is None, reason="" if value else "No such work"
        )
        for code, value in answers.items()
        for mark in [read_marks(response.pk).get(code, Mark())]
    ]
    outcomes, _standing, _now = responses.save_answers(response=response, given=given, actor=actor)
    assert not [outcome for outcome in outcomes if outcome.error], outcomes
    submission = responses.submit_response(response=response, attested_name=actor.name, actor=actor)
    if scored:
        score_submission(submission.pk)
    response.refresh_from_db()
    return submission


def correct(response: Response, answers: dict[str, Any], actor: User, *, scored: bool = True) -> Submission:
    """Withdraw, mend some answers and hand in again."""
    responses.withdraw_response(response=response, actor=actor)
    return hand_in(response, answers, actor, scored=scored)


def make_finding(relationship: Relationship, site: Site | None = None, **fields: Any) -> Finding:
    """An open finding straight in the table; what raised it is no response."""
    values: dict[str, Any] = {
        "source": "flag",
        "source_id": next(numbers),
        "rule": f"RULE-{next(numbers)}",
        "code_of_conduct": "rba-8.0",
        "provision": "A3",
        "severity": "major",
        "text": {"en": "Longest week 66.5 hours."},
        "advice": {"en": "Plan shorter weeks."},
        "opened_at": timezone.now(),
    }
    return Finding.objects.create(
        relationship=relationship, site=site or make_site(relationship.supplier), **{**values, **fields}
    )


# Audits, straight in the tables ---------------------------------------------------------------------


def make_audit(
    relationship: Relationship | None = None,
    site: Site | None = None,
    *,
    firm: Organisation | None = None,
    auditors: Sequence[User] = (),
    programme: str = "rba-vap-style",
    **fields: Any,
) -> Audit:
    """An audit asked for by the buyer; each auditor is on it and has declared no conflict, the first leads."""
    relationship = relationship or make_relationship()
    values: dict[str, Any] = {"kind": "initial", "asked_by": "buyer"}
    audit = Audit.objects.create(
        relationship=relationship,
        site=site or make_site(relationship.supplier),
        programme=freeze_programme(programme, buyer=relationship.buyer),
        firm=firm,
        **{**values, **fields},
    )
    for number, user in enumerate(auditors):
        AuditAssignment.objects.create(
            audit=audit, user=user, is_lead=number == 0, declared_at=timezone.now(), has_conflict=False
        )
    return audit


def conclude(audit: Audit, conclusion: str = "conform", *, only: Iterable[str] | None = None, **fields: Any) -> None:
    """Write the same conclusion with three data points on every checkpoint, or on those named in `only`."""
    codes = only if only is not None else programme_of(audit.programme).by_code
    seen = ["Interview with four workers", "Time records of March", "Walk through line 2"]
    for code in codes:
        AuditConclusion.objects.update_or_create(
            audit=audit,
            checkpoint=code,
            defaults={"conclusion": conclusion, "data_points": seen, "updated_at": timezone.now(), **fields},
        )


def send_campaign(campaign: Campaign) -> Campaign:
    """Mark a campaign as sent, with the filters its requests allow, as the worker leaves it."""
    campaign.facets = facets_of(campaign)
    campaign.state = "sent"
    campaign.sent_at = timezone.now()
    campaign.save()
    return campaign
