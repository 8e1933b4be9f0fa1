"""Risky areas as a sheet: its heads are those that an upload is read by."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from minerals.origins.models import RiskArea
from portal.lib.workbook import Sheet


def area_sheet(areas: Iterable[RiskArea]) -> Sheet:
    """Return one line per area of a list."""
    headers = [_("Country"), _("Region"), pgettext("risky area", "Grade"), _("Note"), _("Country code")]
    rows = (
        [str(area.country.name), area.region, area.get_grade_display(), area.note, area.country.code] for area in areas
    )
    return Sheet(_("Risky areas"), headers, rows, widths=(30, 30, 18, 50, 12))
