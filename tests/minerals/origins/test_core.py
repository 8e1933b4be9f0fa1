"""Texts about countries of origin: lists, names in many languages, denials."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerals.origins.core import Origins, Risk, base_areas, country_code, fold_text, parse_origins, region_words
from minerals.origins.core.areas import Country, _read, fold_name

AREAS = base_areas()
COUNTRIES = [Country(**row) for row in _read("countries.yaml")]
COVERED = {"CD", "AO", "BI", "CF", "CG", "RW", "SS", "TZ", "UG", "ZM"}


def read(text):
    return parse_origins(text, AREAS)


def test_covered_countries_are_those_of_the_law():
    assert AREAS.covered == COVERED


def test_nothing_is_risky_without_a_list():
    assert AREAS.risky == {}


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("China, Peru; DRC / Rwanda", ("CN", "PE", "CD", "RW")),
        ("China\nPeru", ("CN", "PE")),
        ("中国、ペルー", ("CN", "PE")),
        ("中国；秘鲁", ("CN", "PE")),
        ("China & Peru and Chile", ("CN", "PE", "CL")),
        ("CHINA (100%)", ("CN",)),
        ("Mine X, Peru", ("PE",)),
        ("CN, PE", ("CN", "PE")),
        ("CHN; PER", ("CN", "PE")),
        ("U.S.A.", ("US",)),
        ("U.S.", ("US",)),
        ("No. China", ("CN",)),
        ("No 5 mine, Peru", ("PE",)),
        ("Chile and Bosnia & Herzegovina", ("CL", "BA")),
        ("Cote d'Ivoire", ("CI",)),
        ("CÔTE D’IVOIRE", ("CI",)),
        ("นำเข้าจากประเทศจีน", ("CN",)),
        ("브라질, 르완다", ("BR", "RW")),
        ("Brésil / Ouganda", ("BR", "UG")),
        ("Südafrika und Sambia", ("ZA", "ZM")),
        ("Tanzânia; Moçambique", ("TZ", "MZ")),
    ],
)
def test_lists_of_countries_are_read(text, countries):
    assert read(text).countries == countries


@pytest.mark.parametrize(
    "text",
    [
        "DRC",
        "D.R.C.",
        "D.R. Congo",
        "DR Congo",
        "Congo, Democratic Republic of the",
        "CONGO, DEMOCRATIC REPUBLIC OF THE",
        "Congo (the Democratic Republic of the)",
        "Congo (Kinshasa)",
        "Democratic Republic of Congo",
        "Dem. Rep. of the Congo",
        "Zaire",
        "RDC",
        "République démocratique du Congo",
        "Demokratische Republik Kongo",
        "コンゴ民主共和国",
        "刚果（金）",
        "刚果民主共和国",
        "剛果民主共和國",
        "콩고민주공화국",
        "สาธารณรัฐประชาธิปไตยคองโก",
        "República Democrática do Congo",
        "Repubblica Democratica del Congo",
    ],
)
def test_democratic_republic_of_the_congo_goes_by_many_names(text):
    assert read(text) == Origins(countries=("CD",), covered=True)


@pytest.mark.parametrize(
    "text",
    [
        "Republic of the Congo",
        "Congo",
        "Congo, Republic of",
        "Congo-Brazzaville",
        "コンゴ共和国",
        "刚果（布）",
        "République du Congo",
    ],
)
def test_republic_of_the_congo_is_another_country(text):
    assert read(text) == Origins(countries=("CG",), covered=True)


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("Nigeria", ("NG",)),
        ("Niger", ("NE",)),
        ("尼日利亚", ("NG",)),
        ("Guinea", ("GN",)),
        ("Guinea-Bissau", ("GW",)),
        ("Papua New Guinea", ("PG",)),
        ("Equatorial Guinea", ("GQ",)),
        ("赤道几内亚", ("GQ",)),
        ("Republic of Korea", ("KR",)),
        ("Korea, Republic of", ("KR",)),
        ("South Sudan, Sudan", ("SS", "SD")),
        ("南スーダン", ("SS",)),
        ("Dominica; Dominican Republic", ("DM", "DO")),
        ("Georgia", ("GE",)),
        ("Georgia, USA", ("US",)),
        ("New Mexico", ()),
        ("New Jersey", ()),
        ("Mali", ("ML",)),
        ("Somalia", ("SO",)),
        ("インドネシア", ("ID",)),
        ("contact us", ()),
        ("Malicious, Omani, Chadwick", ()),
    ],
)
def test_names_inside_other_names_are_no_hits(text, countries):
    assert read(text).countries == countries


@pytest.mark.parametrize(
    "text",
    [
        "Does not source from DRC or covered countries",
        "No reason to believe sources from DRC or covered countries",
        "not from DRC",
        "Non-DRC",
        "outside the covered countries",
        "Outside of the DRC and its adjoining countries",
        "DRC conflict free",
        "DRC conflict-free",
        "conflict-free, not sourced from the DRC, Rwanda or Uganda",
        "Our company does not knowingly use minerals from the DRC.",
        "No tin from DRC",
        "None from DRC or an adjoining country (Covered Countries)",
        "Angola excluded",
        "The DRC is not a source",
        "DRC以外",
        "DRC及び周辺国以外",
        "コンゴ民主共和国からは調達していません",
        "不来自刚果（金）",
        "刚果(金)、卢旺达以外",
        "Nicht aus der DR Kongo",
        "Ne provient pas de la RDC",
        "No proviene de la República Democrática del Congo",
        "ไม่ได้มาจากสาธารณรัฐประชาธิปไตยคองโก",
        "콩고민주공화국 제외",
    ],
)
def test_denials_are_no_hits(text):
    assert read(text) == Origins(denied=True)


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("Not from DRC, China", Origins(countries=("CN",), denied=True)),
        ("China; not from DRC", Origins(countries=("CN",), denied=True)),
        ("not from DRC but from Rwanda", Origins(countries=("RW",), covered=True, denied=True)),
        ("Does not source from covered countries except Rwanda", Origins(countries=("RW",), covered=True, denied=True)),
        ("Nicht aus der DR Kongo, sondern aus Ruanda", Origins(countries=("RW",), covered=True, denied=True)),
        ("not from Russia, Iran", Origins()),
        ("We are not sure whether it is from the DRC", Origins(countries=("CD",), covered=True)),
        ("No, China", Origins(countries=("CN",))),
        ("DRC or an adjoining country (Covered Countries)", Origins(covered=True)),
        ("100% recycled, no DRC", Origins(denied=True, recycled=True)),
        ("Recycled/scrap", Origins(recycled=True)),
        ("リサイクル", Origins(recycled=True)),
        ("not recycled", Origins()),
        ("DRC - L3", Origins(countries=("CD",), covered=True, unread="L3")),
        ("Atlantis; Peru", Origins(countries=("PE",), unread="Atlantis")),
        ("Mine X, Peru", Origins(countries=("PE",), unread="Mine X")),
    ],
)
def test_what_is_meant_is_told_from_what_is_denied(text, origins):
    assert read(text) == origins


@pytest.mark.parametrize(
    "text", ["", "  ", "N/A", "n/a", "none", "Unknown", "不明", "无", "-", "NO", "NA", "0", "Various"]
)
def test_words_that_say_nothing_are_nothing(text):
    assert read(text) == Origins()


def test_country_of_a_list_is_risky():
    from msgspec.structs import replace

    areas = replace(AREAS, risky={"MM": Risk(grade="high", lists=("Own list",))})

    assert parse_origins("Burma", areas) == Origins(countries=("MM",), risky=True)
    assert parse_origins("Not from Myanmar", areas) == Origins()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("MALAYSIA", "MY"),
        ("KOREA, REPUBLIC OF", "KR"),
        ("TAIWAN, PROVINCE OF CHINA", "TW"),
        ("BOLIVIA (PLURINATIONAL STATE OF)", "BO"),
        ("LAO PEOPLE'S DEMOCRATIC REPUBLIC", "LA"),
        ("cn", "CN"),
        ("NO", ""),
        ("China, Peru", ""),
        ("Atlantis", ""),
        ("", ""),
    ],
)
def test_country_of_a_smelter_is_one(text, code):
    assert country_code(text, AREAS) == code


def test_norway_is_a_code_where_nothing_else_can_stand():
    assert country_code("NO", AREAS, any_code=True) == "NO"


def test_regions_are_found_in_texts():
    assert region_words("Mines in North Kivu", ("North Kivu", "Ituri")) == ("North Kivu",)


def test_a_name_stands_with_one_country_only():
    owners = {}
    for country in COUNTRIES:
        for name in country.names:
            owners.setdefault(fold_name(name), set()).add(country.code)

    assert {name: codes for name, codes in owners.items() if len(codes) > 1} == {}


@pytest.mark.parametrize("country", COUNTRIES, ids=[country.code for country in COUNTRIES])
def test_every_name_of_every_country_is_read_as_it(country):
    assert {name: read(name).countries for name in country.names} == {name: (country.code,) for name in country.names}


@given(st.text())
def test_any_text_is_read(text):
    origins = read(text)

    assert set(origins.countries) <= {country.code for country in COUNTRIES}
    assert len(set(origins.countries)) == len(origins.countries)
    assert not (origins.covered and not origins.countries and origins.denied and not text)


@given(
    st.lists(st.sampled_from(COUNTRIES), min_size=1, max_size=5, unique_by=lambda one: one.code),
    st.sampled_from(["; ", "\n", " / ", "、"]),
)
def test_any_list_of_first_names_is_read(countries, separator):
    text = separator.join(country.names[0] for country in countries)

    assert read(text).countries == tuple(country.code for country in countries)


@given(st.lists(st.sampled_from(sorted(COVERED)), min_size=1, max_size=4, unique=True))
def test_denied_covered_countries_are_never_hits(codes):
    names = {country.code: country.names[0] for country in COUNTRIES}
    text = "Does not source from " + ", ".join(names[code] for code in codes)

    assert read(text) == Origins(denied=True)


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold_text(fold_text(text)) == fold_text(text)
