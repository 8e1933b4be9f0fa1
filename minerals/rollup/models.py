"""What the company's own declaration rests on: what counts, for which products, and the sums that pages read.

The rows that suppliers declared are the evidence and are not copied. A Contribution says that an edition counts, a
Placement in which roll-up; RollupAnswer and RollupSmelter are sums over placements, written by the refresh alone.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from minerals.declarations.models import Declaration, Edition
from minerals.smelters.models import NameCase, Smelter
from minerals.templates_io.enums import ASKED_TEMPLATES, ScopeKind
from suppliers.organisations.models import Organisation, Relationship

TEMPLATES = [(kind.value, kind.label) for kind in ASKED_TEMPLATES]


class ProductGroup(models.Model):
    """Products of the company for which customers ask a declaration of their own."""

    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="product_groups")
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "code"], name="product_group_once")]

    def __str__(self) -> str:
        return self.name


class GroupItem(models.Model):
    """What a supplier delivers into a group: one product number, or with an empty one everything it delivers."""

    group = models.ForeignKey(ProductGroup, on_delete=models.CASCADE, related_name="items")
    relationship = models.ForeignKey(Relationship, on_delete=models.PROTECT, related_name="group_items")
    number = models.CharField(max_length=120, blank=True)
    folded = models.CharField(max_length=120, blank=True)  # what numbers are compared by

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "relationship", "folded"], name="group_item_once")]

    def __str__(self) -> str:
        return self.number


class ScopeMapping(models.Model):
    """A person's word on which groups a declaration with a scope of its own speaks of; no group is a decision, too."""

    declaration = models.OneToOneField(Declaration, on_delete=models.CASCADE, related_name="mapping")
    groups = models.ManyToManyField(ProductGroup, related_name="mappings")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.declaration_id)


class CompanyProfile(models.Model):
    """What the company says of itself in every declaration: never rolled up from suppliers."""

    owner = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="minerals_profile")
    company = models.JSONField(default=dict)  # a Company as plain data
    answers = models.JSONField(default=dict)  # {template: {letter: {answer, comment, minerals: {mineral: answer}}}}
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.owner_id)


class Contribution(models.Model):
    """A declaration that counts. `stands` is False where a newer one of the same supplier says the same."""

    owner = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    declaration = models.OneToOneField(Declaration, on_delete=models.CASCADE, related_name="contribution")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="contributions")
    relationship = models.ForeignKey(Relationship, on_delete=models.CASCADE, related_name="contributions")
    template = models.CharField(max_length=4, choices=TEMPLATES)
    scope = models.CharField(max_length=10, choices=ScopeKind, blank=True)
    effective_on = models.DateField(null=True)
    products = models.JSONField(default=list)  # folded numbers
    words = models.JSONField(default=dict)  # {question: {mineral: word}}
    keys = models.JSONField(default=list)  # of the smelters it names, to know what changes when it goes
    stands = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["relationship", "template"]), models.Index(fields=["owner", "template"])]

    def __str__(self) -> str:
        return str(self.declaration_id)


class Rollup(models.Model):
    """One roll-up: of a template, for the whole company or one group of products."""

    owner = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="rollups")
    template = models.CharField(max_length=4, choices=TEMPLATES)
    group = models.ForeignKey(ProductGroup, null=True, on_delete=models.CASCADE, related_name="rollups")
    suppliers = models.PositiveIntegerField(default=0)  # whose declarations count
    refreshed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "template"], condition=Q(group=None), name="rollup_of_company_once"
            ),
            models.UniqueConstraint(
                fields=["group", "template"], condition=Q(group__isnull=False), name="rollup_of_group_once"
            ),
        ]

    def __str__(self) -> str:
        return self.template


class Placement(models.Model):
    """A contribution feeds a roll-up. `whole`: it speaks of the supplier's whole company, not of these products."""

    rollup = models.ForeignKey(Rollup, on_delete=models.CASCADE, related_name="placements")
    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="placements")
    whole = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rollup", "contribution"], name="placement_once")]

    def __str__(self) -> str:
        return f"{self.rollup_id} {self.contribution_id}"


class RollupAnswer(models.Model):
    """How many suppliers gave which word to one question about one mineral, with a few of them by name."""

    rollup = models.ForeignKey(Rollup, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=2)
    mineral = models.CharField(max_length=40)
    words = models.JSONField(default=dict)  # {word: how many suppliers}
    examples = models.JSONField(default=dict)  # {word: [ids of relationships]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rollup", "question", "mineral"], name="rollup_answer_once")]

    def __str__(self) -> str:
        return f"{self.question} {self.mineral}"


class RollupSmelter(models.Model):
    """One smelter, one name nobody knows, or all that is not identified of a metal, over all who declare it."""

    rollup = models.ForeignKey(Rollup, on_delete=models.CASCADE, related_name="smelters")
    key = models.CharField(max_length=60)
    metal = models.CharField(max_length=40)
    smelter = models.ForeignKey(Smelter, null=True, on_delete=models.CASCADE, related_name="rolled_up")
    case = models.ForeignKey(NameCase, null=True, on_delete=models.CASCADE, related_name="rolled_up")
    suppliers = models.PositiveIntegerField()
    named_suppliers = models.PositiveIntegerField()  # those who name it for their products, not for their company
    rows = models.PositiveIntegerField()
    recycled_yes = models.PositiveIntegerField()
    recycled_no = models.PositiveIntegerField()
    origins = models.JSONField(default=list)  # ISO codes, the union over all rows

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rollup", "key"], name="rollup_smelter_once")]
        indexes = [models.Index(fields=["rollup", "-suppliers"])]

    def __str__(self) -> str:
        return self.key

    @property
    def only_whole(self) -> bool:
        """Whether all who name it speak of their whole company, so that it may not be in our products."""
        return not self.named_suppliers
