"""Fictional companies, sites and people of the demo, drawn from lists by a seed."""

from dataclasses import dataclass
from random import Random

BUYER = "Aozora Electronics"
PASSWORD = "sanpo-demo-2026"  # noqa: S105 - the demo says it on its first page

# Country -> (suppliers, region, language of its contacts, two parts of company names, cities).
Land = tuple[int, str, str, tuple[str, ...], tuple[str, ...]]
LANDS: dict[str, Land] = {
    "JP": (
        132,
        "Japan",
        "ja",
        ("みなみ", "ひかり", "北斗", "いずみ", "あけぼの", "光陽", "三輪", "若葉", "東雲", "つばさ", "高砂", "千歳"),
        ("浜松", "大阪", "長野", "名古屋", "熊本", "仙台"),
    ),
    "CN": (
        104,
        "Greater China",
        "zh-hans",
        ("华晨", "东海", "新泰", "金辉", "宏远", "顺達", "瑞丰", "嘉禾", "天成", "永盛", "明江", "福源"),
        ("深圳", "苏州", "东莞", "宁波", "成都", "厦门"),
    ),
    "TH": (
        46,
        "Southeast Asia",
        "th",
        ("Lumphini", "Suan Luang", "Chao Phraya", "Siam Kwan", "Rung Arun", "Thong Chai", "Bua Luang", "Mekhala"),
        ("Rayong", "Chon Buri", "Ayutthaya", "Pathum Thani"),
    ),
    "VN": (
        36,
        "Southeast Asia",
        "en",
        ("Red River", "Song Hong", "Thanh Long", "Binh Minh", "Hai Au", "Truong Son"),
        ("Bac Ninh", "Hai Phong", "Dong Nai", "Binh Duong"),
    ),
    "MY": (
        28,
        "Southeast Asia",
        "en",
        ("Kinabalu", "Cahaya", "Melati", "Selangor Bay", "Perdana"),
        ("Penang", "Johor", "Melaka", "Kulim"),
    ),
    "PH": (20, "Southeast Asia", "en", ("Mabuhay", "Bayani", "Luzon Star", "Amihan"), ("Laguna", "Cavite", "Batangas")),
    "TW": (
        16,
        "Greater China",
        "zh-hans",
        ("Jade Peak", "Alishan", "Formosa Reed", "Tamsui"),
        ("Hsinchu", "Taichung", "Tainan"),
    ),
    "KR": (14, "Korea", "en", ("Hanbit", "Saebyeok", "Mirae", "Donghae"), ("Suwon", "Gumi", "Cheonan")),
    "ID": (12, "Southeast Asia", "en", ("Garuda Jaya", "Nusantara", "Melati Indah"), ("Batam", "Bekasi", "Karawang")),
    "IN": (12, "South Asia", "en", ("Ganga", "Sahyadri", "Kaveri"), ("Chennai", "Pune", "Noida")),
    "MX": (10, "Americas", "en", ("Sierra Azul", "Nopal", "Río Claro"), ("Tijuana", "Monterrey", "Guadalajara")),
    "DE": (9, "Europe", "en", ("Rheintal", "Schwarzbach", "Nordhafen"), ("Stuttgart", "Dresden", "Bremen")),
    "US": (9, "Americas", "en", ("Copper Ridge", "Blue Mesa", "Lakeshore"), ("Austin", "San Jose", "Portland")),
    "HU": (5, "Europe", "en", ("Duna", "Tisza"), ("Győr", "Debrecen")),
    "CZ": (5, "Europe", "en", ("Vltava", "Morava"), ("Brno", "Plzeň")),
    "PL": (5, "Europe", "en", ("Wisła", "Odra"), ("Wrocław", "Łódź")),
    "SG": (4, "Southeast Asia", "en", ("Merlion Reef", "Orchid Bay"), ("Singapore",)),
    "BR": (4, "Americas", "en", ("Pantanal", "Serra Verde"), ("Manaus", "Campinas")),
    "GB": (3, "Europe", "en", ("Thornbury", "Calder"), ("Leeds", "Swindon")),
    "FR": (3, "Europe", "en", ("Val d'Ormes", "Loire Fine"), ("Grenoble", "Rennes")),
    "TR": (2, "Europe", "en", ("Anadolu Yıldız",), ("Bursa",)),
    "HK": (2, "Greater China", "zh-hans", ("Harbour Lantern",), ("Hong Kong",)),
}
# Sector -> (word in a company's name, Japanese, Chinese, category, weight).
TRADES: dict[str, tuple[str, str, str, str, int]] = {
    "components": ("Components", "電子部品", "电子", "Electronic components", 22),
    "plastics": ("Moulding", "成形", "塑胶", "Moulded parts", 16),
    "metals": ("Metal Works", "精工", "五金", "Metal parts", 15),
    "circuit_boards": ("Circuits", "回路", "线路板", "Circuit boards", 11),
    "assembly": ("Assembly", "組立", "装配", "Assembly services", 11),
    "semiconductors": ("Devices", "デバイス", "半导体", "Semiconductors", 8),
    "chemicals": ("Plating", "めっき", "表面处理", "Plating and chemicals", 7),
    "packaging": ("Packaging", "紙器", "包装", "Packaging", 6),
    "logistics": ("Logistics", "物流", "物流", "Logistics", 4),
}
UNITS = ("Energy systems", "Semiconductors", "Displays", "Home and mobile")
OWN_SITES = (
    ("JP", "Hamamatsu"), ("JP", "Kumamoto"), ("JP", "Nagano"), ("JP", "Sendai"), ("JP", "Osaka"), ("CN", "Suzhou"),
    ("CN", "Dongguan"), ("TH", "Rayong"), ("MY", "Penang"), ("VN", "Hai Phong"), ("MX", "Tijuana"), ("DE", "Dresden"),
    ("GB", "Swindon"),
)  # fmt: skip
GIVEN_NAMES = {
    "ja": ("高橋 美咲", "佐藤 恵", "中村 健", "小林 直子", "渡辺 誠", "伊藤 陽子", "加藤 翔"),
    "zh-hans": ("王 敏", "李 强", "陈 静", "刘 洋", "赵 磊", "周 婷", "吴 刚"),
    "th": ("สมชาย ใจดี", "สุดา มีสุข", "อนันต์ ทองดี", "มาลี ศรีสุข", "ประเสริฐ แสงทอง"),
    "en": ("Mai Tran", "Arif Rahman", "Ana Reyes", "Jonas Weber", "Lucía Ortega", "Priya Nair", "Tom Hollis"),
}
PLANTS = 564
LARGE_SPEND = 1_000_000_000


@dataclass(frozen=True)
class Plant:
    """One row of the supplier table: a site with its supplier."""

    vendor_code: str
    supplier: str
    country: str
    region: str
    unit: str
    category: str
    tier: int
    spend: int
    started_on: str
    site_code: str
    site: str
    city: str
    sector: str
    workers: int
    contact: str
    email: str
    language: str


def draw_plants(seed: int) -> list[Plant]:
    """Return the supplier plants, the same for the same seed: suppliers of one to four sites."""
    random = Random(seed)
    suppliers = [country for country, land in LANDS.items() for _number in range(land[0])]
    sites = spread_sites(random, len(suppliers))
    plants: list[Plant] = []
    taken: set[str] = set()
    for number, country in enumerate(suppliers):
        plants += draw_supplier(random, number, country, sites[number], taken)
    return plants


def spread_sites(random: Random, suppliers: int) -> list[int]:
    """Return how many sites each supplier has; together PLANTS, the supplier of the story two."""
    counts = [1] * suppliers
    while sum(counts) < PLANTS:
        number = random.randrange(suppliers)
        counts[number] = min(4, counts[number] + 1)
    return counts


def draw_supplier(random: Random, number: int, country: str, sites: int, taken: set[str]) -> list[Plant]:
    """Return the plants of one supplier."""
    _count, region, language, stems, cities = LANDS[country]
    sector = random.choices(list(TRADES), weights=[trade[4] for trade in TRADES.values()])[0]
    name = company_name(random, country, stems, sector, taken)
    code = f"{40 + number % 5}-{10000 + number * 37 % 89989:05d}"
    shared = {
        "vendor_code": code,
        "supplier": name,
        "country": country,
        "region": region,
        "unit": random.choice(UNITS),
        "category": TRADES[sector][3],
        "tier": random.choices((1, 2, 3), weights=(70, 24, 6))[0],
        "spend": draw_spend(number),
        "started_on": f"{random.randint(1998, 2022)}-{random.randint(1, 12):02d}-01",
        "sector": sector,
        "contact": random.choice(GIVEN_NAMES[language]),
        "email": f"contact@v{code.replace('-', '')}.example",
        "language": language,
    }
    return [
        Plant(
            **shared,  # type: ignore[arg-type]
            site_code=str(index + 1),
            site=f"{name} {random.choice(cities)} {index + 1}" if sites > 1 else f"{name} {random.choice(cities)}",
            city=random.choice(cities),
            workers=int(random.lognormvariate(5.4, 0.9)) + 12,
        )
        for index in range(sites)
    ]


def draw_spend(number: int) -> int:
    """Return what is bought of a supplier in a year, in yen; by a source of its own, so that nothing else moves."""
    return min(LARGE_SPEND - 1, int(Random(f"spend:{number}").lognormvariate(18, 1)) // 100_000 * 100_000)


def company_name(random: Random, country: str, stems: tuple[str, ...], sector: str, taken: set[str]) -> str:
    """Return a name nobody else has."""
    english, japanese, chinese, _category, _weight = TRADES[sector]
    word = {"JP": japanese, "CN": chinese}.get(country, english)
    gap = "" if country in ("JP", "CN") else " "
    for ending in ("", *"ABCDEFGHJKLMNPQRSTUVW"):
        for stem in random.sample(stems, len(stems)):
            name = f"{stem}{gap}{word}{' ' + ending if ending else ''}"
            if name not in taken:
                taken.add(name)
                return name
    raise LookupError(country)
