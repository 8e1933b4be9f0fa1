"""What customers ask of the company, what it answered, and the blank templates it fills."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from minerals.customers.enums import AskedScope, RequestState
from minerals.rollup.models import ProductGroup
from minerals.templates_io.enums import ASKED_TEMPLATES
from portal.files.models import StoredFile
from suppliers.organisations.models import Organisation

TEMPLATES = [(kind.value, kind.label) for kind in ASKED_TEMPLATES]


class BlankTemplate(models.Model):
    """A blank reporting template that the company uploaded, to be filled for its customers."""

    owner = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="blank_templates")
    template = models.CharField(max_length=4, choices=TEMPLATES)
    version = models.CharField(max_length=10)
    language = models.CharField(max_length=40, blank=True)  # of its labels, as the file names it
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "file"], name="blank_file_once")]

    def __str__(self) -> str:
        return f"{self.template} {self.version}"


class CustomerRequest(models.Model):
    """One customer's request for a declaration of the company. `version` is empty where the customer names none."""

    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="customer_requests")
    customer = models.CharField(max_length=200)
    contact = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default="en")  # of the answer letter
    template = models.CharField(max_length=4, choices=TEMPLATES)
    version = models.CharField(max_length=10, blank=True)
    scope = models.CharField(max_length=10, choices=AskedScope, default=AskedScope.COMPANY)
    group = models.ForeignKey(ProductGroup, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    products = models.TextField(blank=True)  # one number in a line, with a name after a tab or a semicolon
    reference = models.CharField(max_length=80, blank=True)
    received_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.OPEN)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_version = models.CharField(max_length=10, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "state", "due_on"]),
            models.Index(fields=["owner", "-received_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.reference}".strip()

    @property
    def is_open(self) -> bool:
        """Whether an answer is awaited."""
        return self.state == RequestState.OPEN


class CustomerRequestChange(models.Model):
    """One move of a request from state to state."""

    request = models.ForeignKey(CustomerRequest, on_delete=models.CASCADE, related_name="changes")
    source = models.CharField(max_length=10, choices=RequestState)
    target = models.CharField(max_length=10, choices=RequestState)
    reason = models.TextField(blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"


class CustomerAnswer(models.Model):
    """One answer that was made, never changed. Where `missing` holds something there is no file: it was not given."""

    request = models.ForeignKey(CustomerRequest, on_delete=models.CASCADE, related_name="answers")
    number = models.PositiveSmallIntegerField()
    template = models.CharField(max_length=4, choices=TEMPLATES)
    version = models.CharField(max_length=10)
    blank = models.ForeignKey(BlankTemplate, null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    letter = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField(default=dict)  # what the letter says
    missing = models.JSONField(default=list)  # as plain Issues: what the company does not say yet
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="customer_answer_number_once"),
            models.CheckConstraint(condition=Q(file=None) | Q(missing=[]), name="customer_answer_file_is_complete"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.version} #{self.number}"

    @property
    def is_complete(self) -> bool:
        """Whether it could be given to the customer."""
        return not self.missing
