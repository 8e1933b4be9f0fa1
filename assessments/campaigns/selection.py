"""Which sites a campaign asks, as plain data: filters, or vendor codes that were pasted. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

SEPARATORS = re.compile(r"[\r\n\t,;、，；]+")
MOST_CODES = 30_000
OWN_WITHOUT = "without"


@dataclass(frozen=True, slots=True)
class Selection:
    """Vendor codes win: where some are pasted, exactly these are asked and the filters are not used."""

    business_units: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tiers: tuple[int, ...] = ()
    sectors: tuple[str, ...] = ()
    own_sites: str = OWN_WITHOUT
    workers_from: int | None = None
    workers_to: int | None = None
    vendor_codes: tuple[str, ...] = ()

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Selection":
        """Read what `to_data` wrote; what is missing is left open."""
        return cls(
            business_units=texts(data.get("business_units", ())),
            regions=texts(data.get("regions", ())),
            countries=texts(data.get("countries", ())),
            categories=texts(data.get("categories", ())),
            tiers=tuple(sorted({int(tier) for tier in data.get("tiers", ())})),
            sectors=texts(data.get("sectors", ())),
            own_sites=str(data.get("own_sites") or OWN_WITHOUT),
            workers_from=whole(data.get("workers_from")),
            workers_to=whole(data.get("workers_to")),
            vendor_codes=tuple(dict.fromkeys(str(code) for code in data.get("vendor_codes", ()))),
        )

    def to_data(self) -> dict[str, Any]:
        """Return plain data for a JSON column, empty parts left out."""
        data = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}
        return {name: value for name, value in data.items() if value not in (None, "", [])}

    @property
    def by_codes(self) -> bool:
        """Whether pasted codes decide."""
        return bool(self.vendor_codes)

    @property
    def by_size(self) -> bool:
        """Whether the number of people decides too; then a site without a number is not asked."""
        return not self.by_codes and (self.workers_from is not None or self.workers_to is not None)


def texts(values: Iterable[object]) -> tuple[str, ...]:
    """Return the texts in order, each once."""
    return tuple(sorted({str(value) for value in values}))


def whole(value: object) -> int | None:
    """Return a whole number, None where nothing was entered."""
    return None if value in (None, "") else int(str(value))


def split_codes(pasted: str) -> list[str]:
    """Return the codes of a pasted text, each once in its order.

    Lines, tabs, commas and semicolons part them; a blank does not, since vendor codes may hold one.
    """
    parts = (part.strip() for part in SEPARATORS.split(pasted))
    return list(dict.fromkeys(code for code in parts if code))
