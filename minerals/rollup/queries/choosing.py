"""The roll-up an address or a job asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from minerals.rollup.models import ProductGroup, Rollup
from minerals.rollup.queries.figures import find_rollup
from minerals.templates_io.enums import ASKED_TEMPLATES, Template
from portal.lib.numbers import read_number
from suppliers.organisations.models import Organisation


@dataclass(frozen=True)
class Chosen:
    """A roll-up of a company; `rollup` is None before anything is counted."""

    owner: Organisation
    template: str
    group: ProductGroup | None
    rollup: Rollup | None

    @property
    def params(self) -> dict[str, str]:
        """What an address says to choose it."""
        return {"template": self.template, **({"group": str(self.group.pk)} if self.group else {})}

    @property
    def kept(self) -> str:
        """The same as part of an address."""
        return urlencode(self.params)


def find_chosen(owner: Organisation, params: Mapping[str, str]) -> Chosen | None:
    """Return the roll-up that is asked for: a CMRT of the whole company unless it says otherwise.

    None for a template that is not asked for and for a group that is not the company's.
    """
    template, wanted = params.get("template") or str(Template.CMRT.value), params.get("group", "")
    if template not in ASKED_TEMPLATES:
        return None
    group = ProductGroup.objects.filter(owner=owner, pk=read_number(wanted)).first()
    if wanted and group is None:
        return None
    return Chosen(owner, template, group, find_rollup(owner.pk, template, group))
