"""How one version of a code of conduct carries over to the next."""

from functools import lru_cache

from msgspec import Struct, field

from assessments.codes.document.conduct import read_code
from assessments.codes.document.reading import ROOM, CodeError, UnknownCode, read_file, refuse_twins
from assessments.codes.enums import MoveKind


class Move(Struct, frozen=True, forbid_unknown_fields=True):
    """Where one provision went, and what happened to it on the way."""

    source: str = field(name="from")
    target: str = field(name="to")
    kind: MoveKind


class Crosswalk(Struct, frozen=True, forbid_unknown_fields=True):
    source: str = field(name="from")
    target: str = field(name="to")
    moves: tuple[Move, ...]

    def move(self, provision: str) -> Move:
        """Give the move of a provision of the older code; raise UnknownCode if there is none."""
        for move in self.moves:
            if move.source == provision:
                return move
        raise UnknownCode(f"{self.source} has no provision {provision}.")

    def origins(self, provision: str) -> tuple[Move, ...]:
        """Give the moves that lead to a provision of the newer code."""
        return tuple(move for move in self.moves if move.target == provision)


@lru_cache
def crosswalk(from_: str, to: str) -> Crosswalk:
    """Read how one version carries over to another; raise UnknownCode if nobody wrote it."""
    path = ROOM / "crosswalks" / f"{from_}_{to}.yaml"
    older, newer = read_code(from_), read_code(to)
    if not path.is_file():
        raise UnknownCode(f"There is no crosswalk from {from_} to {to}.")
    walk = read_file(path, Crosswalk)
    refuse_twins(path.name, tuple(move.source for move in walk.moves))
    sources = {move.source for move in walk.moves}
    strays = {move.target for move in walk.moves} - set(newer.provision_codes)
    if sources != set(older.provision_codes) or strays:
        raise CodeError(f"{path.name}: it must list every provision of {from_}, each once.")
    return walk
