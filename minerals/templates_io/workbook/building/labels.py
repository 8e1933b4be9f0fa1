"""Labels of our own workbooks: heads of columns, names of minerals as the template writes them in a language."""

from minerals.templates_io.document import Declared
from minerals.templates_io.enums import Template

HEADERS = {
    "Smelter List": {
        "cid_input": "Smelter Identification Number Input Column",
        "metal": "Metal (*)",
        "lookup": "Smelter Look-up (*)",
        "name": "Smelter Name (1)",
        "country": "Smelter Country (*)",
        "cid": "Smelter Identification",
        "source": "Source of Smelter Identification Number",
        "street": "Smelter Street",
        "city": "Smelter City",
        "state": "Smelter Facility Location: State / Province",
        "contact": "Smelter Contact Name",
        "contact_email": "Smelter Contact Email",
        "next_steps": "Proposed next steps",
        "mines": "Name of Mine(s)",
        "mine_countries": "Location (Country) of Mine(s)",
        "recycled": "100% recycled",
        "comments": "Comments",
        "standard_name": "Standard Smelter Name",
    },
    "Mine List": {
        "metal": "Metal",
        "smelter": "Name of Smelter(s)",
        "name": "Mine Facility (Site) Name",
        "id": "Mine Identification",
        "source": "Source of Mine Facility Identification",
        "country": "Mine Facility Country",
        "city": "Mine Facility City",
        "state": "Mine Facility Location: State / Province",
        "comments": "Comments",
    },
    "Product List": {
        "number": "Product Number (*)",
        "name": "Product Name",
        "requester_number": "Requester's Product Number",
        "requester_name": "Requester's Product Name",
        "comments": "Comments",
    },
    "Smelter Look-up": {
        "metal": "Metal",
        "lookup": "Smelter Look-up (*)",
        "name": "Standard Smelter Names",
        "country": "Smelter Facility Location: Country",
        "cid": "Smelter ID",
        "city": "Smelter City",
        "state": "Smelter Facility Location: State / Province",
    },
}
SYMBOLS = {"Tantalum": "Ta", "Tin": "Sn", "Gold": "Au", "Tungsten": "W"}
# The names the templates' Chinese and Japanese labels use.
IN_LANGUAGE = {
    "中文 Chinese": {
        "Tantalum": "钽",
        "Tin": "锡",
        "Gold": "金",
        "Tungsten": "钨",
        "Cobalt": "钴",
        "Mica": "云母",
        "Copper": "铜",
        "Graphite": "石墨",
        "Lithium": "锂",
        "Nickel": "镍",
    },
    "日本語 Japanese": {
        "Tantalum": "タンタル",
        "Tin": "錫",
        "Gold": "金",
        "Tungsten": "タングステン",
        "Cobalt": "コバルト",
        "Mica": "マイカ",
        "Copper": "銅",
        "Graphite": "黒鉛",
        "Lithium": "リチウム",
        "Nickel": "ニッケル",
    },
}
TITLES_IN = {
    "中文 Chinese": {"(CMRT)": "冲突矿产报告模板 (CMRT)", "(EMRT)": "扩展矿物报告模版 (EMRT)"},
    "日本語 Japanese": {"(CMRT)": "紛争鉱物報告テンプレート (CMRT)", "(EMRT)": "拡張鉱物報告テンプレート (EMRT)"},
}


def label_of_mineral(mineral: str, declared: Declared) -> str:
    """Return the label of a mineral's row as this version writes it, in the language of the file where we know it."""
    old = declared.template == Template.CMRT and declared.version in {"2.00", "2.01"}
    if old and mineral in SYMBOLS:
        return f"{mineral} ({SYMBOLS[mineral]}) (*)"
    name = IN_LANGUAGE.get(declared.language, {}).get(mineral, mineral)
    return f"{name}  (*)" if declared.template == Template.CMRT else f"{name}(*)"


def title_in(language: str, title: str) -> str:
    """Return the title of the template in a language, with the letters that name it; English where unknown."""
    return TITLES_IN.get(language, {}).get(title[-6:], title)
