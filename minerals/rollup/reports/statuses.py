"""The status of a smelter as of a day, from its dated history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from minerals.smelters.enums import LIGHTS, Light, Status
from minerals.smelters.models import Smelter, SmelterStatus


@dataclass(frozen=True)
class Standing:
    """What was known on that day: the status, the source's own word for it, its own date."""

    status: str
    text: str = ""
    as_of: date | None = None
    source: str = ""

    @property
    def light(self) -> Light:
        """The traffic light of the status."""
        return LIGHTS[Status(self.status)]


def standings_of(smelters: Iterable[Smelter], as_of: date) -> dict[int, Standing]:
    """Return {smelter: its status on that day}; one query. Without a history the status kept with it counts."""
    found = {
        smelter.pk: Standing(smelter.status, smelter.status_text, smelter.status_as_of)
        for smelter in smelters
        if smelter.status_as_of is None or smelter.status_as_of <= as_of
    }
    ids = [smelter.pk for smelter in smelters]
    owners = {smelter.owner_id for smelter in smelters}
    history = SmelterStatus.objects.filter(smelter__owner_id__in=owners, as_of__lte=as_of).order_by("as_of", "pk")
    wanted = set(ids)
    for row in history.iterator(2000):
        if row.smelter_id in wanted:
            found[row.smelter_id] = Standing(row.status, row.text, row.as_of, row.source)
    return found
