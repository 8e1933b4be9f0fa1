"""Closed lists of the questionnaire format."""

from enum import StrEnum


class Kind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    YES_NO = "yes_no"
    NUMBER = "number"
    PERCENTAGE = "percentage"
    DATE = "date"
    TEXT = "text"
    HEADCOUNT = "headcount"
    DOCUMENT = "document"


class Period(StrEnum):
    LAST_12_MONTHS = "last_12_months"
    LAST_MONTH = "last_month"
    ON_DATE = "on_date"
    TYPICAL_MONTH = "typical_month"


class Unit(StrEnum):
    HOURS_PER_WEEK = "hours_per_week"
    HOURS = "hours"
    DAYS = "days"
    DAYS_PER_YEAR = "days_per_year"
    TIMES_PER_YEAR = "times_per_year"
    PEOPLE = "people"
    SITES = "sites"
    COMPANIES = "companies"
    YEARS = "years"
    PERCENT = "percent"
    CURRENCY_USD = "currency_usd"
    CASES = "cases"
    CASES_PER_MILLION_HOURS = "cases_per_million_hours"
    KWH = "kwh"
    M3 = "m3"
    TONNES = "tonnes"
    TONNES_CO2E = "tonnes_co2e"
    MONTHS = "months"
    MINUTES = "minutes"


class Aspect(StrEnum):
    """What a question asks of a provision; together the questions of a provision ask for all four."""

    POLICY = "policy"
    PRACTICE = "practice"
    CONTROL = "control"
    RECORD = "record"


class AskedOf(StrEnum):
    """Who answers: every site on its own, or the company once."""

    SITE = "site"
    COMPANY = "company"


class Severity(StrEnum):
    """How grave a flag is, gravest first."""

    PRIORITY = "priority"
    MAJOR = "major"
    MINOR = "minor"


class Gravity(StrEnum):
    """Whether a problem of a document stops its use."""

    ERROR = "error"
    WARNING = "warning"


class Operator(StrEnum):
    IS = "is"
    IS_NOT = "is_not"
    IN = "in"
    INCLUDES = "includes"
    INCLUDES_ANY = "includes_any"
    ANSWERED = "answered"
    OVER = "over"
    UNDER = "under"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BEFORE = "before"
    AFTER = "after"


class VersionState(StrEnum):
    """Where a questionnaire version stands; published ones never change."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class Extent(StrEnum):
    """How many of the answers to a question fit a newer version of it."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


class Obstacle(StrEnum):
    """Why an answer to a question does not fit a newer version of it."""

    ADDED = "added"  # nobody was asked before
    REMOVED = "removed"  # nobody is asked any more
    KIND = "kind"
    UNIT = "unit"
    PERIOD = "period"
    FILES = "files"  # the files are the answer, and they are handed in anew
    CHOICES = "choices"  # names the choices that are gone
    EXCLUSIVE = "exclusive"  # names the choices that stand alone now
    RANGE = "range"
    DECIMALS = "decimals"
    CELLS = "cells"  # names the rows and columns that are gone
