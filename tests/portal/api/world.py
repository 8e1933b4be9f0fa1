"""Tokens, programs that send them, and one handed-in self-assessment with everything that follows from it."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.test import Client
from django.utils import timezone

from assessments.findings.models import CorrectiveAction, Finding
from assessments.responses.models import Submission
from assessments.responses.snapshot import hash_of
from assessments.scoring.models import Flag, Score
from minerals.declarations.models import Declaration
from minerals.rollup.models import ProductGroup, Rollup
from minerals.smelters.models import Smelter
from portal.accounts.models import User
from portal.api.enums import Scope
from portal.api.models import Token
from portal.api.services import digest_of
from suppliers.organisations.models import Relationship, Site
from tests.factories import conclude, make_audit, make_campaign, make_response, make_site, numbers
from tests.minerals.world import build_accepted, make_declared, make_smelter, make_smelter_row

SECRET = "s" * 43
HALF = {"score": 50.0, "earned": 1.5, "weight": 3.0}
NOTHING = {"score": None, "earned": 0.0, "weight": 0.0}
HANDED_IN = datetime(2026, 3, 1, 9, tzinfo=UTC)
# The room and the scope of every resource; a resource that is missing here fails test_resources_are_all_tested.
SCOPES = {
    "organisations": Scope.ORGANISATIONS,
    "sites": Scope.SITES,
    "relationships": Scope.ORGANISATIONS,
    "campaigns": Scope.REQUESTS,
    "requests": Scope.REQUESTS,
    "submissions": Scope.SUBMISSIONS,
    "scores": Scope.SCORES,
    "flags": Scope.FLAGS,
    "findings": Scope.FINDINGS,
    "actions": Scope.FINDINGS,
    "audits": Scope.AUDITS,
    "declarations": Scope.DECLARATIONS,
    "smelters": Scope.SMELTERS,
    "rollup": Scope.DECLARATIONS,
}


def make_token(user: User, *scopes: str, **fields: Any) -> Token:
    """A token with these scopes, else with all."""
    values = {"name": "ERP", "expires_at": timezone.now() + timedelta(days=30)}
    return Token.objects.create(
        user=user,
        prefix=f"snp{next(numbers):09d}",
        digest=digest_of(SECRET),
        scopes=list(scopes or Scope.values),
        **{**values, **fields},
    )


def program(token: Token, **options: Any) -> Client:
    """A client without cookies that sends the token."""
    return Client(headers={"authorization": f"Bearer {token.prefix}.{SECRET}"}, **options)


def program_of(user: User, *scopes: str) -> Client:
    """A program that reads with the rights of a person."""
    return program(make_token(user, *scopes))


def make_score(submission: Submission) -> Score:
    """What scoring wrote for a submission."""
    return Score.objects.create(
        submission=submission,
        scoring_version="1",
        total="72.5",
        band="medium",
        detail={
            "sections": {"A3": HALF, "P": NOTHING},
            "provisions": {"A3": HALF},
            "contributions": {"A3-LONGEST-WEEK": ["scored", 0.0, 3.0, 0.0, 27.5, False]},
            "not_evaluated": ["B2-NO-DRILL"],
        },
    )


def hand_in(bond: Relationship, site: Site | None = None) -> SimpleNamespace:
    """One row of everything, from campaign and request to audit; with accepted declarations come smelters."""
    site = site or make_site(bond.supplier)
    response = make_response(
        bond, site, state="submitted", submitted_at=HANDED_IN, score="72.5", band="medium", answered=4, asked=5
    )
    campaign = make_campaign(bond.buyer, responses=[response], state="sent", sent_at=HANDED_IN)
    text = json.dumps({"answers": {"A3-LONGEST-WEEK": {"value": 66.5}}}, separators=(",", ":"))
    submission = Submission.objects.create(
        response=response,
        number=1,
        snapshot=text,
        sha256=hash_of(text),
        attested_name="Site manager",
        attested_on=HANDED_IN.date(),
        submitted_at=HANDED_IN,
        scored_version="1",
    )
    score = make_score(submission)
    finding = Finding.objects.create(
        site=site,
        relationship=bond,
        source="flag",
        source_id=response.pk,
        rule="A3-OVER-60",
        code_of_conduct="rba-8.0",
        provision="A3",
        severity="major",
        text={"en": "Longest week 66.5; the limit is 60."},
        advice={"en": "Plan the work so that weeks stay short."},
        opened_at=HANDED_IN,
    )
    action = CorrectiveAction.objects.create(
        finding=finding,
        state="submitted",
        root_cause="No limit is set in the planning tool.",
        owner_name="Suda",
        updated_at=HANDED_IN,
        submitted_at=HANDED_IN,
    )
    flag = Flag.objects.create(
        score=score,
        response=response,
        rule="A3-OVER-60",
        provision="A3",
        severity="major",
        inputs={"A3-LONGEST-WEEK": 66.5},
        finding=finding,
    )
    audit = make_audit(bond, site, state="released", released_on=HANDED_IN.date(), major=1)
    conclude(audit, "major", only=["A3"], description="Weeks over 60 hours.")
    request = response.request
    declaration, smelter, rollup = declare(bond)
    return SimpleNamespace(
        campaign=campaign, request=request, response=response, submission=submission, score=score, flag=flag,
        finding=finding, action=action, audit=audit, site=site, declaration=declaration, smelter=smelter,
        rollup=rollup,
    )  # fmt: skip


def declare(bond: Relationship) -> tuple[Declaration, Smelter, Rollup]:
    """An accepted declaration with its smelter, and a roll-up of the buyer."""
    count = Smelter.objects.filter(owner=bond.buyer).count()
    smelter = make_smelter(bond.buyer, cid=f"CID9{count:05d}")
    declaration = build_accepted(bond, make_declared(smelters=[make_smelter_row(cid=smelter.cid)]))
    group = ProductGroup.objects.create(owner=bond.buyer, name=f"Group {count}", code=f"G-{count}")
    return declaration, smelter, Rollup.objects.create(owner=bond.buyer, template="CMRT", group=group)


def ids(client: Client, resource: str, query: str = "") -> list[int]:
    """The ids a list shows."""
    answer = client.get(f"/api/v1/{resource}/{query}")
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def moment(value: datetime) -> str:
    """A moment as the answers write it."""
    return value.isoformat().replace("+00:00", "Z")
