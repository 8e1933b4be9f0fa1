"""The nineteen audits of the demo: where, when, what was found, and how far it is mended. Days are days before now."""

from dataclasses import dataclass

from assessments.overview.management.demo.own_programme import OWN

ALICE, SOMCHAI = "alice@minami.example", "somchai@rayong.example"
# Personas: the answers of these plants raise the flag that the auditors' finding takes in.
LONG_HOURS, CARELESS = "long-hours", "careless-filler"
STANDARD, SMETA = "rba-vap-style", "smeta-style"

# What happens to a finding: (days after the release, deed). A deed is a method of mending.Mending.
Course = tuple[tuple[int, str], ...]
PLANNED: Course = ((6, "plan"), (9, "submit"))
AGREED: Course = (*PLANNED, (16, "accept"))
RUNNING: Course = (*AGREED, (18, "start"))
FINISHED: Course = (*RUNNING, (60, "prove"), (62, "finish"))
VERIFIED: Course = (*FINISHED, (74, "verify"))
CLOSED: Course = (*VERIFIED, (90, "close"))
# Verified by the auditors of the closure audit, before its report.
CHECKED: Course = (*FINISHED, (242, "verify_on_site"))
REFUSED: Course = (*RUNNING, (90, "prove"), (140, "ask_later"), (146, "refuse_later"))
# A priority finding is raised at the acknowledgement: its days count from there.
URGENT: Course = ((3, "plan"), (5, "submit"), (9, "accept"), (10, "start"))


@dataclass(frozen=True)
class Found:
    """One nonconformity of a case; `words` names its text in audit_words."""

    words: str
    provision: str
    severity: str
    course: Course = ()
    topic: str = ""


@dataclass(frozen=True)
class Case:
    """One audit. `ended` is its last day on site in days before now, `before` the days from the request to it.

    `at_site_of` takes the site of another case; `reader` is the site of a person of the demo.
    """

    code: str
    country: str
    ended: int
    found: tuple[Found, ...] = ()
    kind: str = "initial"
    programme: str = STANDARD
    asked_by: str = "buyer"
    at_site_of: str = ""
    follows: str = ""
    reader: str = ""
    until: str = "released"
    persona: str = ""
    before: int = 60


HOURS, SAFETY = "hours_insurance", "safety_environment"
CASES = (
    # China: hours eight times, training and drills seven times, one discharge permit.
    Case("CN-01", "CN", 740, (Found("hours", "A3", "major", CLOSED, HOURS),), before=24),
    Case(
        "CN-02",
        "CN",
        668,
        (Found("hours", "A3", "major", CLOSED, HOURS), Found("drill_record", "B2", "minor", VERIFIED)),
    ),
    Case("CN-03", "CN", 560, (Found("hours", "A3", "major", CHECKED), Found("training", "E6", "major", CHECKED))),
    Case("CN-04", "CN", 300, kind="closure", at_site_of="CN-03", follows="CN-03"),
    Case(
        "CN-05",
        "CN",
        480,
        (Found("rest", "A3", "minor", CLOSED), Found("training_agency", "E6", "minor", CLOSED)),
        programme=OWN,
    ),
    Case("CN-06", "CN", 400, (Found("permit", "C1", "major", CLOSED, SAFETY),)),
    Case(
        "CN-07",
        "CN",
        150,
        (Found("hours_peak", "A3", "priority", (*URGENT, (70, "ask_later"), (75, "grant_later"))),),
        persona=LONG_HOURS,
    ),
    Case("CN-08", "CN", 220, (Found("drill", "B2", "major", (*RUNNING, (120, "prove"), (188, "finish"))),)),
    Case(
        "CN-09",
        "CN",
        160,
        (
            Found("hours", "A3", "major", (*RUNNING, (100, "prove"), (132, "ask_later")), HOURS),
            Found("training_agency", "E6", "minor", ((8, "plan_nothing"), (9, "submit"), (20, "accept"))),
        ),
        at_site_of="CN-05",
    ),
    Case(
        "CN-10",
        "CN",
        55,
        (
            Found("hours", "A3", "major", (*AGREED, (17, "talk"))),
            Found("drill_record", "B2", "minor", ((7, "dispute"),)),
        ),
        persona=LONG_HOURS,
    ),
    Case(
        "CN-11",
        "CN",
        95,
        (Found("rest", "A3", "minor", ((10, "collaborate"), (12, "talk"))),),
        programme=SMETA,
    ),
    Case("CN-12", "CN", 46, (Found("training", "E6", "major"),)),
    # Elsewhere.
    Case(
        "JP-01",
        "JP",
        30,
        (
            Found("guard", "B6", "major", ((3, "plan"),), SAFETY),
            Found("conditions", "A1", "major", ((2, "plan"), (3, "submit"), (7, "reject"), (8, "talk"))),
            Found("notice", "B8", "minor", ((2, "plan"), (4, "submit"))),
        ),
        reader=ALICE,
    ),
    Case(
        "TH-01",
        "TH",
        190,
        (
            Found(
                "chemicals", "C3", "major", (*RUNNING, (90, "prove"), (140, "ask_later"), (146, "refuse_later")), SAFETY
            ),
            Found("complaints", "E8", "minor", VERIFIED),
        ),
        reader=SOMCHAI,
    ),
    Case(
        "MY-01",
        "MY",
        130,
        (
            Found("fees", "A1", "priority", (*URGENT, (60, "prove"), (62, "finish"), (66, "send_back"))),
            Found("dormitory", "B7", "minor", (*AGREED, (20, "talk"))),
            Found("payslip", "A4", "major", (*RUNNING, (60, "prove"))),
            Found("complaints", "E8", "minor", (*PLANNED, (15, "accept"))),
        ),
    ),
    # Going on.
    Case("JP-02", "JP", -45, until="requested", asked_by="schedule", persona=CARELESS, before=51),
    Case("PH-01", "PH", -31, until="scheduled"),
    Case("VN-01", "VN", -1, (Found("drill", "B2", "minor"), Found("dormitory", "B7", "minor")), until="on_site"),
    Case("TH-02", "TH", 9, (Found("chemicals", "C3", "major"),), until="feedback", asked_by="site"),
)
