"""Where the sentences of campaigns differ: one row of words for sites, for suppliers, and for companies as a whole."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy


@dataclass(frozen=True, kw_only=True)
class Words:
    """What the pages and services say; lazy, so they speak the reader's language. Counts are given as `count`."""

    first_step: Any
    who_step: Any
    go_on: Any
    which: Any
    answers_due: Any  # due
    nobody_chosen: Any
    nobody_ticked: Any
    over: Any
    reminded: Any  # count
    counted: Any  # count, shown
    of_all: Any  # count
    unit: Any
    asked: Any
    by_country: Any
    nobody: Any  # number, count
    repeated: Any  # number, count
    speechless: Any  # language, count
    search: Any
    no_match: Any
    mails: Any


SITES = Words(
    first_step=_("Questionnaire and date"),
    who_step=_("Sites"),
    go_on=_("Save and choose sites"),
    which=_("Which sites"),
    answers_due=_("The answers are due on %(due)s. A site gets no reminder once it has submitted or declined."),
    nobody_chosen=_("No site is chosen. Widen the filters or paste other vendor codes."),
    nobody_ticked=_("No site is ticked. Tick the sites to remind first."),
    over=_("This site has answered or declined already."),
    reminded=ngettext_lazy("%(count)d site is reminded.", "%(count)d sites are reminded.", "count"),
    counted=ngettext_lazy("%(shown)s site", "%(shown)s sites", "count"),
    of_all=_("of %(count)s sites"),
    unit=_("sites"),
    asked=_("Sites asked"),
    by_country=_("Sites by country"),
    nobody=ngettext_lazy(
        "%(count)s site has nobody to write to. It is asked, and its link can be sent by hand later.",
        "%(count)s sites have nobody to write to. They are asked, and their links can be sent by hand later.",
        "number",
    ),
    repeated=ngettext_lazy(
        "%(count)s site still has an open request with the same questionnaire from you.",
        "%(count)s sites still have an open request with the same questionnaire from you.",
        "number",
    ),
    speechless=_("The questionnaire has no %(language)s. Readers who prefer it: %(count)s."),
    search=_("Site, supplier or vendor code"),
    no_match=_("No site matches these filters."),
    mails=_("Mails to this site"),
)

SUPPLIERS = Words(
    first_step=_("Template and date"),
    who_step=_("Suppliers"),
    go_on=_("Save and choose suppliers"),
    which=_("Which suppliers"),
    answers_due=_("The declarations are due on %(due)s. A supplier gets no reminder once it has handed in."),
    nobody_chosen=_("No supplier is chosen. Widen the filters or paste other vendor codes."),
    nobody_ticked=_("No supplier is ticked. Tick the suppliers to remind first."),
    over=_("This supplier has handed in its declaration already."),
    reminded=ngettext_lazy("%(count)d supplier is reminded.", "%(count)d suppliers are reminded.", "count"),
    counted=ngettext_lazy("%(shown)s supplier", "%(shown)s suppliers", "count"),
    of_all=_("of %(count)s suppliers"),
    unit=_("suppliers"),
    asked=_("Suppliers asked"),
    by_country=_("Suppliers by country"),
    nobody=ngettext_lazy(
        "%(count)s supplier has nobody to write to. It is asked, and its link can be sent by hand later.",
        "%(count)s suppliers have nobody to write to. They are asked, and their links can be sent by hand later.",
        "number",
    ),
    repeated=ngettext_lazy(
        "%(count)s supplier still has an open request for the same template from you.",
        "%(count)s suppliers still have an open request for the same template from you.",
        "number",
    ),
    speechless=_("The pages are not offered in %(language)s. Readers who prefer it: %(count)s."),
    search=_("Supplier, site or vendor code"),
    no_match=_("No supplier matches these filters."),
    mails=_("Mails to this supplier"),
)

# A questionnaire for the company as a whole: suppliers are asked, as with declarations, but they answer questions.
COMPANIES = replace(
    SUPPLIERS,
    first_step=SITES.first_step,
    answers_due=_("The answers are due on %(due)s. A supplier gets no reminder once it has submitted or declined."),
    over=_("This supplier has answered or declined already."),
    repeated=ngettext_lazy(
        "%(count)s supplier still has an open request with the same questionnaire from you.",
        "%(count)s suppliers still have an open request with the same questionnaire from you.",
        "number",
    ),
    speechless=SITES.speechless,
)
