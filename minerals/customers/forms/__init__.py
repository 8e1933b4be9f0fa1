"""Input for customers' requests, split by subject."""

from minerals.customers.forms.answering import AnswerForm, BlankForm
from minerals.customers.forms.entering import DeclineForm, ImportForm, RequestForm

__all__ = ["AnswerForm", "BlankForm", "DeclineForm", "ImportForm", "RequestForm"]
