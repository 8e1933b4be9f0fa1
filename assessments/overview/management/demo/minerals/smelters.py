"""Invented smelters: names drawn from word lists, CIDs of a range not in use, statuses, where their ore is from.

No smelter of a real list stands here; countries are chosen so that the maps of the demo look like those of the trade.
"""

from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Final

FIRST_CID: Final = 990001
NEW_EVERY: Final = 40  # every so many is not yet on the first list
CHANGED_EVERY: Final = 23  # every so many is judged otherwise in a later season
# Country -> (its name as templates write it, words for names of smelters).
LANDS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "CN": ("CHINA", ("Baiyun Ling", "Qinghe", "Longtan", "Yunwu Shan", "Hongshi", "Jinxi", "Shuanghe", "Tiansheng")),
    "JP": ("JAPAN", ("Asahigaoka", "Kitamine", "Shirakaba", "Midori Bay", "Okutani")),
    "ID": ("INDONESIA", ("Tanjung Biru", "Pulau Senja", "Bukit Timur", "Laut Jernih", "Karang Emas")),
    "MY": ("MALAYSIA", ("Sungai Perak Baru", "Bukit Mawar", "Teluk Kelapa")),
    "TH": ("THAILAND", ("Khao Thong", "Nam Sai", "Doi Luang")),
    "BR": ("BRAZIL", ("Serra do Ipê", "Rio Manso", "Pedra Verde", "Vale Claro")),
    "PE": ("PERU", ("Altura Blanca", "Quebrada Honda")),
    "BO": ("BOLIVIA (PLURINATIONAL STATE OF)", ("Salar Alto", "Cumbre Roja")),
    "DE": ("GERMANY", ("Harzrand", "Elbhang", "Nordkai")),
    "US": ("UNITED STATES OF AMERICA", ("Prairie Fork", "Granite Hollow", "Mesa Norte", "Iron Creek")),
    "KR": ("KOREA, REPUBLIC OF", ("Hwangnyeong", "Seohae", "Cheongun")),
    "VN": ("VIET NAM", ("Nui Phao Moi", "Song Lam")),
    "IN": ("INDIA", ("Vindhya", "Konkan Coast")),
    "CH": ("SWITZERLAND", ("Val Grande", "Jurahof")),
    "TR": ("TURKEY", ("Boğaz", "Anka")),
    "AE": ("UNITED ARAB EMIRATES", ("Al Marjan", "Rimal")),
    "RW": ("RWANDA", ("Gishwati",)),
    "FI": ("FINLAND", ("Pohjola", "Saimaa")),
    "CD": ("CONGO, DEMOCRATIC REPUBLIC OF THE", ("Lualaba Nord", "Haut Plateau")),
    "MG": ("MADAGASCAR", ("Anosy",)),
    "AT": ("AUSTRIA", ("Steinfeld",)),
}


@dataclass(frozen=True)
class Trade:
    """How a metal is dealt in: how many smelters, what they call themselves, where they and their mines stand."""

    count: int
    words: tuple[str, ...]
    smelts_in: tuple[str, ...]
    mined_in: tuple[str, ...]
    risky: tuple[str, ...] = ()


TRADES: Final[dict[str, Trade]] = {
    "Tin": Trade(
        44,
        ("Tin Works", "Tin Smelting", "Stannum", "Non-Ferrous Metals"),
        ("CN", "CN", "ID", "ID", "ID", "MY", "BR", "PE", "BO", "JP", "TH", "RW"),
        ("Indonesia", "Peru", "Malaysia", "Brazil", "Bolivia", "China", "Australia"),
        ("Rwanda", "DRC"),
    ),
    "Gold": Trade(
        62,
        ("Gold Refinery", "Precious Metals", "Bullion", "Refining"),
        ("CN", "CN", "JP", "JP", "US", "CH", "DE", "IN", "KR", "TR", "AE", "BR", "TH"),
        ("Australia", "Canada", "Peru", "Mexico", "Ghana", "United States", "South Africa"),
        ("Uganda", "Tanzania"),
    ),
    "Tantalum": Trade(
        24,
        ("Tantalum", "Rare Metals", "Refractory Metals"),
        ("CN", "CN", "CN", "JP", "US", "DE", "TH", "BR"),
        ("Brazil", "Australia", "Mozambique", "Ethiopia"),
        ("Rwanda", "DRC", "Burundi"),
    ),
    "Tungsten": Trade(
        32,
        ("Tungsten", "Hard Metals", "W-Mo Works"),
        ("CN", "CN", "CN", "CN", "VN", "JP", "US", "AT", "BR", "KR"),
        ("China", "Viet Nam", "Portugal", "Spain", "Bolivia", "Austria"),
        ("Rwanda",),
    ),
    "Cobalt": Trade(
        26,
        ("Cobalt", "Battery Materials", "Cobalt Refining"),
        ("CN", "CN", "CN", "FI", "JP", "CD", "KR"),
        ("Australia", "Canada", "Philippines", "Finland"),
        ("DRC", "Zambia"),
    ),
    "Mica": Trade(
        12, ("Mica", "Mica Processing"), ("IN", "CN", "MG", "BR", "JP"), ("India", "Madagascar", "Brazil", "China")
    ),
}
TIN_GROUP: Final = ("Tantalum", "Tin", "Gold", "Tungsten")
BATTERY_GROUP: Final = ("Cobalt", "Mica")
# The words of a status list, and how often a smelter has them.
STATUSES: Final[tuple[tuple[str, int], ...]] = (
    ("Conformant", 72),
    ("Active", 9),
    ("RMI Due Diligence Review - Unable to Proceed", 2),
    ("In Communication", 4),
    ("Outreach Required", 7),
    ("Communication Suspended - Not Interested", 3),
    ("Non Conformant", 3),
)


@dataclass(frozen=True)
class Works:
    """One invented smelter."""

    metal: str
    cid: str
    name: str
    country: str
    country_text: str
    status: str
    audited_on: date
    mined_in: tuple[str, ...]
    is_risky: bool
    recycles: bool


def draw_works(seed: int, today: date, season: int = 0) -> list[Works]:
    """Return the smelters, the same for the same seed; from season to season a few are new or judged otherwise."""
    random = Random(f"works:{seed}")
    found: list[Works] = []
    taken: set[str] = set()
    for metal, trade in TRADES.items():
        for _number in range(trade.count):
            found.append(draw_one(random, metal, FIRST_CID + len(found), taken, today))
    return [turn_season(one, place, season) for place, one in enumerate(found) if place % NEW_EVERY or season]


def turn_season(one: Works, place: int, season: int) -> Works:
    """Return a smelter as the list of a season has it."""
    changed = season and place % CHANGED_EVERY == season
    return replace(one, status=STATUSES[(place + season) % len(STATUSES)][0]) if changed else one


def draw_one(random: Random, metal: str, number: int, taken: set[str], today: date) -> Works:
    """Return one smelter with a name nobody else of its metal has."""
    trade = TRADES[metal]
    code = random.choice(trade.smelts_in)
    text, stems = LANDS[code]
    is_risky = bool(trade.risky) and random.random() < 0.12
    return Works(
        metal=metal,
        cid=f"CID{number}",
        name=draw_name(random, metal, stems, trade.words, taken),
        country=code,
        country_text=text,
        status=random.choices([word for word, _share in STATUSES], [share for _word, share in STATUSES])[0],
        audited_on=date.fromordinal(today.toordinal() - random.randint(40, 700)),
        mined_in=tuple(random.sample(trade.mined_in, random.randint(1, 3)))
        + ((random.choice(trade.risky),) if is_risky else ()),
        is_risky=is_risky,
        recycles=metal in {"Gold", "Tin"} and random.random() < 0.15,
    )


def draw_name(random: Random, metal: str, stems: tuple[str, ...], words: tuple[str, ...], taken: set[str]) -> str:
    """Return a free name: place, trade, and a number where both are taken."""
    for ending in ("", " II", " III", " IV", " V", " VI", " VII", " VIII"):
        for stem in random.sample(stems, len(stems)):
            for word in random.sample(words, len(words)):
                name = f"{stem} {word}{ending}"
                if f"{metal}:{name}" not in taken:
                    taken.add(f"{metal}:{name}")
                    return name
    raise LookupError(metal)
