"""Pure reading of texts about countries: which are named, which are covered or risky, what is denied."""

from minerals.origins.core.areas import Areas, Risk, base_areas, fold_text
from minerals.origins.core.packs import read_pack
from minerals.origins.core.reading import Origins, country_code, parse_origins, region_words

__all__ = [
    "Areas",
    "Origins",
    "Risk",
    "base_areas",
    "country_code",
    "fold_text",
    "parse_origins",
    "read_pack",
    "region_words",
]
