"""Reads of the roll-up: figures, the evidence behind them, groups, what waits for a person."""

from minerals.rollup.queries.figures import Figures, read_figures
from minerals.rollup.queries.groups import visible_groups
from minerals.rollup.queries.silent import silent_declarations, silent_suppliers

__all__ = ["Figures", "read_figures", "silent_declarations", "silent_suppliers", "visible_groups"]
