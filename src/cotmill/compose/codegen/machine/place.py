"""What the place of the next token asks for, and which tokens answer."""

from __future__ import annotations

from dataclasses import dataclass

from cotmill.compose.codegen.machine.wants import Kinds, callable_for, does, may_give
from cotmill.compose.codegen.skeleton.grammar import END, LEAVES, NAMED, argument, head

__all__ = ["VALUES", "Place", "fits"]

VALUES = frozenset(("expr", "index", "bound", "args", "items", "ifs", "parts", "literal"))  # slots that hold values
_NEVER = frozenset(("Raise", "Assert", "Pass"))  # programs have them, but those that are written need none
_PARTS = frozenset(("Kw", "Star", "Slice", "Empty", "Hole", "Pair", "In", "Link", "Targets", *NAMED))


@dataclass(frozen=True, slots=True)
class Place:
    """What the next token is asked to be, names that are read aside. Few are different: a mask can be kept for each."""

    slot: str
    heads: frozenset[str]
    wanted: Kinds = None
    called: bool = False  # the function of a call comes next, and `wanted` is what the call may give
    keywords: frozenset[str] = frozenset()
    leaf: bool = True  # whether a literal will do


def fits(place: Place, token: str) -> bool:
    """Whether a token that is no name to be read may stand there."""
    kind = head(token)
    if place.slot == "type":
        return token in place.heads or kind in place.heads
    if kind not in place.heads or kind in _NEVER or kind in ("L", "U", "G"):
        return False
    if not place.leaf and kind in LEAVES:
        return False
    if kind == "Kw":
        return argument(token) in place.keywords
    if kind == END or kind in _PARTS or place.slot not in VALUES | {"statement"}:
        return True
    if place.slot == "statement":
        return does(kind, argument(token))
    if place.called:
        return callable_for(kind, argument(token), place.wanted)
    return may_give(kind, argument(token), place.wanted)
