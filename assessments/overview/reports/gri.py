"""The words of the GRI figures, and the figures as sheets."""

from collections.abc import Iterable, Iterator, Mapping

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from assessments.codes.enums import Dimension
from assessments.findings.queries import title_of
from assessments.overview.enums import Figure
from assessments.overview.queries import gri
from portal.lib.formats import percent1, shown_date
from portal.lib.workbook import Sheet
from suppliers.organisations.models import Relationship

DIMENSION_WORDS = {
    Dimension.SOCIAL: gettext_lazy("Social impacts in the supply chain"),
    Dimension.ENVIRONMENTAL: gettext_lazy("Environmental impacts in the supply chain"),
}
SCREENING_WORDS = {
    Dimension.SOCIAL: gettext_lazy("New suppliers screened using social criteria"),
    Dimension.ENVIRONMENTAL: gettext_lazy("New suppliers screened using environmental criteria"),
}
FIGURE_WORDS = {
    Figure.ASSESSED: gettext_lazy("suppliers assessed"),
    Figure.IMPACTS: gettext_lazy("suppliers with significant impacts"),
    Figure.ACTUAL: gettext_lazy("suppliers with actual impacts"),
    Figure.POTENTIAL: gettext_lazy("suppliers with potential impacts"),
    Figure.AGREED: gettext_lazy("suppliers with which improvements were agreed"),
    Figure.ENDED: gettext_lazy("suppliers with which the relationship was ended"),
    Figure.NEW: gettext_lazy("new suppliers"),
    Figure.SCREENED: gettext_lazy("new suppliers screened"),
}
LETTERS = {
    Figure.ASSESSED: "a",
    Figure.IMPACTS: "b",
    Figure.ACTUAL: "b",
    Figure.POTENTIAL: "b",
    Figure.AGREED: "d",
    Figure.ENDED: "e",
    Figure.NEW: "",
    Figure.SCREENED: "",
}
IMPACT_FIGURES = tuple(figure for figure in Figure if figure not in gri.SCREENING_FIGURES)


def assessed_words(found: Mapping[int, gri.Assessed]) -> dict[int, list[str]]:
    """Return {relationship id: why it counts as assessed} in sentences."""
    return {pk: sentences(assessed) for pk, assessed in found.items()}


def screened_words(page: Iterable[Relationship], found: Mapping[int, gri.Assessed]) -> dict[int, list[str]]:
    """Return {relationship id: since when it is a supplier and how it was screened} in sentences."""
    words = {}
    for bond in page:
        began = _("The relationship began on %(day)s.") % {"day": shown_date(bond.started_on)}
        words[bond.pk] = [began, *(sentences(found[bond.pk]) or [_("Not screened by the end of the year")])]
    return words


def sentences(assessed: gri.Assessed) -> list[str]:
    """Return what was assessed at one supplier."""
    words = []
    if assessed.answers:
        text = ngettext(
            "%(count)d self-assessment handed in, the last on %(day)s",
            "%(count)d self-assessments handed in, the last on %(day)s",
            assessed.answers,
        )
        words.append(text % {"count": assessed.answers, "day": shown_date(assessed.answered_on)})
    if assessed.audits:
        text = ngettext(
            "%(count)d audit released, the last on %(day)s",
            "%(count)d audits released, the last on %(day)s",
            assessed.audits,
        )
        words.append(text % {"count": assessed.audits, "day": shown_date(assessed.audited_on)})
    return words


def gri_sheets(frames: list[gri.Frame]) -> list[Sheet]:
    """Return the figures, the impacts and the suppliers behind each figure."""
    disclosures = [gri.disclose(frame) for frame in frames]
    screened = Sheet(
        _("New suppliers"),
        [_("Disclosure"), _("Title"), _("New suppliers"), _("Screened"), _("Share")],
        [screening_cells(gri.screen(frame)) for frame in frames],
        (14, 52, 14, 12, 12),
    )
    figures = Sheet(
        _("Figures"),
        [_("Disclosure"), _("Letter"), _("Figure"), _("Suppliers"), _("Share of b")],
        [line for disclosure in disclosures for line in figure_cells(disclosure)],
        (14, 8, 52, 12, 12),
    )
    heads = [_("Disclosure"), _("Provision"), _("Title"), _("Suppliers"), _("Actual"), _("Potential")]
    impacts = Sheet(_("Impacts"), heads, impact_cells(disclosures), (14, 12, 44, 12, 12, 12))
    columns = [
        _("Disclosure"),
        _("Letter"),
        _("Figure"),
        _("Vendor code"),
        _("Supplier"),
        _("Ended"),
        _("Reason of the end"),
    ]
    suppliers = Sheet(_("Suppliers"), columns, supplier_cells(frames), (14, 8, 52, 16, 36, 14, 24))
    return [figures, impacts, screened, suppliers]


def screening_cells(screening: gri.Screening) -> list[object]:
    """Return the figures of new suppliers."""
    title = str(SCREENING_WORDS[screening.dimension])
    return [screening.number, title, screening.new, screening.screened, percent1(screening.share)]


def figure_cells(disclosure: gri.Disclosure) -> list[list[object]]:
    """Return the figures of one disclosure."""
    shares = {Figure.AGREED: percent1(disclosure.agreed_share), Figure.ENDED: percent1(disclosure.ended_share)}
    return [
        [
            disclosure.number, LETTERS[figure], str(FIGURE_WORDS[figure]), disclosure.counts[figure],
            shares.get(figure, ""),
        ]
        for figure in IMPACT_FIGURES
    ]  # fmt: skip


def impact_cells(disclosures: list[gri.Disclosure]) -> Iterator[list[object]]:
    """Yield the provisions of each disclosure."""
    language = get_language() or "en"
    for disclosure in disclosures:
        for line in disclosure.impacts:
            title = title_of(line.code_of_conduct, line.provision, language)
            yield [disclosure.number, line.provision, title, line.suppliers, line.actual, line.potential]


def supplier_cells(frames: list[gri.Frame]) -> Iterator[list[object]]:
    """Yield the suppliers behind each figure."""
    for frame in frames:
        for figure, words in FIGURE_WORDS.items():
            numbers = gri.SCREENING_NUMBERS if figure in gri.SCREENING_FIGURES else gri.NUMBERS
            for bond in gri.listed_suppliers(figure, frame).iterator(500):
                reason = bond.get_end_reason_display()
                cells = [numbers[frame.dimension], LETTERS[figure], str(words)]
                yield [*cells, bond.vendor_code, bond.supplier.name, bond.ended_on, reason]
