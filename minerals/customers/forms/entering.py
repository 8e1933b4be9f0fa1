"""Input of a request: who asks what, for which products, until when."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from minerals.customers.enums import AskedScope
from minerals.customers.models import CustomerRequest
from minerals.customers.services.entering import COLUMNS
from minerals.rollup.models import ProductGroup
from portal.lib.workbook import as_text
from suppliers.organisations.forms.sites import DayInput
from suppliers.organisations.models import Organisation

SPREADSHEETS = ".xlsx,.csv"


class RequestForm(forms.ModelForm):  # type: ignore[type-arg] # no subscript at run time
    """One request, as it came in by mail or on a portal."""

    class Meta:
        model = CustomerRequest
        fields = COLUMNS
        labels = {
            "customer": gettext_lazy("Customer"),
            "contact": gettext_lazy("Contact"),
            "contact_email": gettext_lazy("E-mail"),
            "language": gettext_lazy("Language of the letter"),
            "template": gettext_lazy("Template"),
            "version": gettext_lazy("Version"),
            "scope": gettext_lazy("What it shall speak of"),
            "group": gettext_lazy("Product group"),
            "products": gettext_lazy("Products"),
            "reference": gettext_lazy("Customer's reference"),
            "received_on": gettext_lazy("Received on"),
            "due_on": gettext_lazy("Due on"),
        }
        help_texts = {
            "version": gettext_lazy("Only if the customer insists on one, for example 6.5."),
            "group": gettext_lazy("For the scope “Product group”."),
            "products": gettext_lazy(
                "For the scope “Listed products”: a number in each line, a name after a semicolon."
            ),
        }
        widgets = {
            "received_on": DayInput(),
            "due_on": DayInput(),
            "products": forms.Textarea(attrs={"rows": 4}),
            "scope": forms.RadioSelect,
        }

    def __init__(self, *args: Any, owner: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = ProductGroup.objects.filter(owner=owner).order_by("name")  # type: ignore[attr-defined]

    def clean_version(self) -> str:
        """A version is a number such as 6.5; letters of a release are kept."""
        return as_text(self.cleaned_data["version"]).removeprefix("Revision").strip()

    def clean(self) -> dict[str, Any]:
        """The scope needs what it speaks of; the due date comes after the day the request came in."""
        given = super().clean() or {}
        if given.get("scope") == AskedScope.GROUP and not given.get("group"):
            self.add_error("group", gettext_lazy("Choose the product group that the customer asks for."))
        if given.get("scope") == AskedScope.PRODUCTS and not (given.get("products") or "").strip():
            self.add_error("products", gettext_lazy("List the products that the customer asks for, one in a line."))
        received, due = given.get("received_on"), given.get("due_on")
        if received and due and due < received:
            self.add_error("due_on", gettext_lazy("The due date lies before the day the request came in."))
        return given


class DeclineForm(forms.Form):
    """Why a request is declined."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For the register. No mail is sent."),
    )


class ImportForm(forms.Form):
    """A table of requests."""

    file = forms.FileField(
        label=gettext_lazy("Table of requests"),
        help_text=gettext_lazy("XLSX or CSV, one row per request."),
        widget=forms.FileInput(attrs={"accept": SPREADSHEETS}),
    )
