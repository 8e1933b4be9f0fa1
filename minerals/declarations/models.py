"""Declarations, the editions that were handed in, what they say row by row, and what is risky in them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from minerals.declarations.enums import (
    HANDED_IN_STATES,
    OPEN_STATES,
    BatchFileState,
    DeclarationState,
    Way,
)
from minerals.smelters.models import NameCase, Smelter
from minerals.templates_io.enums import ASKED_TEMPLATES, Grade, ScopeKind, Template, Tier
from portal.files.models import StoredFile
from portal.jobs.models import Job
from suppliers.organisations.models import Organisation, Relationship, Site


class Declaration(models.Model):
    """One supplier's declaration for one buyer, one template, one year: asked for, handed in, checked, accepted.

    `site` is the one whose contact is asked and where findings are raised. `current` is the edition that was handed
    in last; the columns below it are its summary for lists. `counted` says whether the roll-up holds it: work for the
    roll-up is every row where that does not agree with the state.
    """

    relationship = models.ForeignKey(Relationship, on_delete=models.PROTECT, related_name="declarations")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="declarations")
    template = models.CharField(max_length=4, choices=[(kind.value, kind.label) for kind in ASKED_TEMPLATES])
    minerals = models.JSONField(default=list)  # asked for, where the template lets one choose; empty: all
    year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    due_on = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=DeclarationState, default=DeclarationState.REQUESTED)
    follows = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="followed_by")
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    assessed_at = models.DateTimeField(null=True)  # when its red flags were last made
    current = models.ForeignKey("Edition", null=True, on_delete=models.PROTECT, related_name="+")
    version = models.CharField(max_length=10, blank=True)
    scope = models.CharField(max_length=10, choices=ScopeKind, blank=True)
    effective_on = models.DateField(null=True)
    missing = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    red_flags = models.PositiveSmallIntegerField(default=0)
    smelters = models.PositiveIntegerField(default=0)
    unknown_smelters = models.PositiveIntegerField(default=0)
    counted = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["relationship", "state"]),
            models.Index(fields=["state", "due_on"]),
            models.Index(fields=["relationship", "template", "-year"]),
            models.Index(
                fields=["id"],
                condition=Q(state="accepted", counted=False) | Q(~Q(state="accepted"), counted=True),
                name="declaration_to_count",
            ),
            models.Index(
                fields=["assessed_at"],
                condition=Q(state__in=["received", "accepted"]),
                name="declaration_to_assess",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether the supplier has something to hand in."""
        return self.state in OPEN_STATES

    @property
    def is_handed_in(self) -> bool:
        """Whether an edition stands."""
        return self.state in HANDED_IN_STATES


class DeclarationChange(models.Model):
    """One move of a declaration from state to state; a return keeps its mail and the issues that went along."""

    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="changes")
    source = models.CharField(max_length=10)
    target = models.CharField(max_length=10)
    reason = models.TextField(blank=True)
    issues = models.JSONField(default=list)  # as plain Issues
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"


class Draft(models.Model):
    """What the supplier has filled in on the page and not handed in yet. `version` counts the saves."""

    declaration = models.OneToOneField(Declaration, on_delete=models.CASCADE, related_name="draft")
    # {declared: a Declared as plain data, marks: {field: [version of its last change, what stood before]},
    # unchecked: pages carried over that nobody has looked at, new: questions the older template did not ask}
    content = models.JSONField(default=dict)
    origin = models.CharField(max_length=80, blank=True)  # what it was continued from
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.declaration_id} v{self.version}"


class Edition(models.Model):
    """One file or form as it was read; never changed. Not handed in yet while `handed_in_at` is empty."""

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    way = models.CharField(max_length=10, choices=Way)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, db_index=True)  # of the file, or of the content of a form
    template = models.CharField(max_length=4, choices=Template)
    version = models.CharField(max_length=10, blank=True)
    language = models.CharField(max_length=40, blank=True)
    tier = models.CharField(max_length=10, choices=Tier, blank=True)
    layout_guessed = models.BooleanField(default=False)
    content = models.JSONField(default=dict)  # a Declared as plain data, without the look-up list
    missing = models.JSONField(default=list)  # what RMI's checker asks for, as plain Issues
    checker_count = models.IntegerField(null=True)  # RMI's own count, cached in the file
    issues = models.JSONField(default=list)  # our further rules, as plain Issues
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    handed_in_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["declaration", "number"], name="edition_number_once")]

    def __str__(self) -> str:
        return f"{self.template} {self.version}"


class DeclaredSmelter(models.Model):
    """One row of the smelter list of an edition, with the smelter it means; `case` where nobody knows yet."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="smelters")
    row = models.PositiveIntegerField()
    metal = models.CharField(max_length=40)
    cid = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=250, blank=True)
    country_text = models.CharField(max_length=120, blank=True)
    mines = models.TextField(blank=True)
    mine_countries = models.TextField(blank=True)
    origins = models.JSONField(default=list)  # ISO codes parsed from the texts
    recycled = models.CharField(max_length=20, blank=True)
    identified = models.BooleanField(default=True)  # False: "smelter not yet identified"
    smelter = models.ForeignKey(Smelter, null=True, on_delete=models.PROTECT, related_name="declared")
    case = models.ForeignKey(NameCase, null=True, on_delete=models.PROTECT, related_name="declared")

    class Meta:
        indexes = [models.Index(fields=["edition", "metal"])]

    def __str__(self) -> str:
        return f"{self.metal} {self.cid}"


class DeclaredAnswer(models.Model):
    """One answer of an edition in the newest numbering and one vocabulary (see templates_io.document.upgrade)."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=2)
    mineral = models.CharField(max_length=40)
    word = models.CharField(max_length=15)
    text = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "question", "mineral"], name="declared_answer_once")]

    def __str__(self) -> str:
        return f"{self.question} {self.mineral} {self.word}"


class DeclaredProduct(models.Model):
    """One product an edition speaks of."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="products")
    number = models.CharField(max_length=120)
    folded = models.CharField(max_length=120, db_index=True)
    name = models.CharField(max_length=250, blank=True)

    def __str__(self) -> str:
        return self.number


class RedFlag(models.Model):
    """One reason to look closer at a declaration. `raised_at` is set once a finding stands for it."""

    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="flags")
    code = models.CharField(max_length=40)
    grade = models.CharField(max_length=10, choices=Grade)
    mineral = models.CharField(max_length=40, blank=True)
    params = models.JSONField(default=dict)
    places = models.JSONField(default=list)
    raised_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["declaration", "code", "mineral"], name="red_flag_once"),
        ]
        indexes = [models.Index(fields=["declaration"], condition=Q(raised_at=None), name="red_flag_to_raise")]

    def __str__(self) -> str:
        return self.code


class Batch(models.Model):
    """Many files that a buyer entered at once."""

    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    year = models.PositiveSmallIntegerField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.buyer_id} {self.year}"


class BatchFile(models.Model):
    """One of them: whose it is, what became of it, and in a sentence why."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=BatchFileState, default=BatchFileState.WAITING)
    problem = models.CharField(max_length=400, blank=True)
    said = models.JSONField(default=dict)  # company name, id, e-mail and template as the file says
    candidates = models.JSONField(default=list)  # [{relationship, how}], best first
    edition = models.ForeignKey(Edition, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["batch", "state"])]

    def __str__(self) -> str:
        return self.name
