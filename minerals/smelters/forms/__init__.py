"""Input of the registry of smelters."""

from minerals.smelters.forms.importing import ListForm
from minerals.smelters.forms.logging import OutreachForm
from minerals.smelters.forms.naming import KeepForm, RejectForm

__all__ = ["KeepForm", "ListForm", "OutreachForm", "RejectForm"]
