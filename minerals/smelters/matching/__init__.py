"""Which smelter of a registry a row of a declaration means; what it may mean where nobody can be sure."""

from minerals.smelters.matching.finding import (
    Asked,
    Known,
    KnownName,
    Registry,
    Suggestion,
    Verdict,
)
from minerals.smelters.matching.folding import (
    clean_metal,
    clean_words,
    fold_country,
    fold_name,
    guess_rejection,
    is_junk,
    loosen_name,
)
from minerals.smelters.matching.ids import (
    is_cid,
    is_old_id,
    mend_cid,
    read_digits,
    read_old_id,
    tell_slip,
    tidy_id,
)

__all__ = [
    "Asked",
    "Known",
    "KnownName",
    "Registry",
    "Suggestion",
    "Verdict",
    "clean_metal",
    "clean_words",
    "fold_country",
    "fold_name",
    "guess_rejection",
    "is_cid",
    "is_junk",
    "is_old_id",
    "loosen_name",
    "mend_cid",
    "read_digits",
    "read_old_id",
    "tell_slip",
    "tidy_id",
]
