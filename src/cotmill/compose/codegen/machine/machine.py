"""Reads a skeleton from left to right and says which token may come next.

A model that is only offered what `Machine` allows cannot write a program that does not parse, reads an unbound name,
adds a number to a list where that can be seen, goes on behind `return`, or stops raising an error of its own.
"""

from __future__ import annotations

from cotmill.compose.codegen.machine.kinds import ANY, KEYWORD, STR, Kind, element
from cotmill.compose.codegen.machine.owed import owed, room, settled
from cotmill.compose.codegen.machine.place import VALUES, Place
from cotmill.compose.codegen.machine.reader import LEAVING, STORED, Frame, Reader
from cotmill.compose.codegen.machine.scopes import readable
from cotmill.compose.codegen.machine.wants import Kinds
from cotmill.compose.codegen.skeleton.grammar import (
    BLOCKS,
    END,
    GO,
    INPUT,
    LEAVES,
    NEW,
    SLOTS,
    TYPES,
    head,
)  # fmt: skip

__all__ = ["Machine"]

_LITERAL = frozenset(("I", "F", "S", "C", "<int>", "<float>", "<str>", "List", "Tuple", "Set", "Dict"))
_WORKED_ON = frozenset(("Bin", "Sub", "Meth", "For", "In", "Cmp"))  # no one would do it to an empty list
_KEYWORDS = {
    "sorted": {"key", "reverse"}, "sort": {"key", "reverse"}, "min": {"key", "default"}, "max": {"key", "default"},
    "enumerate": {"start"}, "sum": {"start"}, "print": {"end", "sep"},
}  # fmt: skip
_INPUTS = 8  # of the program, and of each function, at most
_DEEP = 8  # from which an expression ends soon
# Tokens that the shortest way through a slot takes.
_SHORTEST = {"body": 3, "loop": 4, "function": 3, "args": 2, "targets": 2, "loops": 4, "links": 5, "parts": 2}


class Machine:
    """For one skeleton; `done` when it is whole."""

    def __init__(self) -> None:
        self._reader = Reader()

    @property
    def done(self) -> bool:
        return self._reader.done

    def push(self, token: str) -> None:
        """Take the next token. Raises ValueError for one that the grammar does not have there."""
        self._reader.push(token)

    def place(self, *, short: bool = False, free: bool = False) -> Place:
        """What the next token is asked to be; `short`: on the shortest way to the program's end.

        `free`: names that nothing reads are no matter.
        """
        reader = self._reader
        if not reader.frames:
            return Place("type", self._type_heads(short=short))
        frame = reader.frames[-1]
        slot = frame.slot or frame.todo[-1]
        heads = self._heads(frame, slot)
        left = None
        if slot in VALUES:
            heads = heads if short else self._sensible(frame, slot, heads)
            short = short or reader.depth() >= _DEEP
        if not (free or short):
            left = room(reader)
            heads = settled(reader, frame, slot, heads)
        if short:
            heads = _shortest(slot, heads)
        if not frame.slot and frame.token == "Expr":
            return Place("statement", heads)
        if slot not in VALUES:
            return Place(slot, heads)
        keywords = frozenset(_KEYWORDS.get(reader.callee(), ())) if slot == "args" else frozenset()
        wanted = frame.wanted if frame.calls else reader.wanted()
        return Place(slot, heads, wanted, frame.calls, keywords, left is None or left >= 0)

    def names(self, *, free: bool = False) -> list[str]:
        """Tokens of the names that fit in the next place; `free` as in `place`."""
        reader = self._reader
        if not reader.frames:
            return []
        frame = reader.frames[-1]
        slot = frame.slot or frame.todo[-1]
        if slot in STORED:
            letter, scope = "L" if len(reader.scopes) > 1 else "G", reader.scopes[-1]
            bound = scope.readable if slot == "place" else range(len(scope.kinds))  # `+=` reads as well
            return [f"{letter}{n}" for n in bound if scope.kinds[n][0] != "func"]
        unfinished = reader.frames[0].slot == "module" and not any(scope.results for scope in reader.scopes[1:2])
        known = readable(reader.scopes, unfinished=unfinished and len(reader.scopes) > 1)  # no call without a way out
        wanted, result = reader.wanted(), self._result(frame)
        found = [name for name, kind in known if _serves(kind, wanted, result, calls=frame.calls)]
        left = None if free else room(reader)
        if left is not None and left < 0:
            due = owed(reader)
            return [name for name in found if name in due] if left == -1 else []
        return found

    def taken(self) -> set[str]:
        """What names are called that the next binding would hide."""
        reader = self._reader
        found = {name for scope in reader.scopes for name in scope.said.values()}
        return found | set(reader.input_names) if len(reader.scopes) == 1 else found

    def least(self) -> int:
        """Tokens that the shortest way to the end takes, about."""
        frames = self._reader.frames
        if not frames:
            return 3 + _SHORTEST["function"]
        found = _SHORTEST["function"] if frames[0].slot == "module" else 0
        for frame in frames:
            if frame.slot:
                missing = frame.fewest - len(frame.kids)
                found += 1 + missing if missing > 0 else 1 if frame.kids else _SHORTEST.get(frame.slot, 1)
            for slot in frame.todo:
                found += _SHORTEST.get(slot, 1)
        return found

    # the grammar's heads, and fewer

    def _type_heads(self, *, short: bool) -> frozenset[str]:
        reader = self._reader
        if reader.type_parts:
            return frozenset(("int", "str") if short else TYPES)
        if not reader.inputs:
            return frozenset({INPUT})
        return frozenset({GO}) if short or len(reader.inputs) == _INPUTS else frozenset({INPUT, GO})

    def _heads(self, frame: Frame, slot: str) -> frozenset[str]:
        """What the grammar has there."""
        heads = SLOTS[slot].heads
        if not frame.slot:
            return heads
        if frame.left:
            return frozenset({END})
        if slot == "args":
            return self._arguments(frame, heads)
        if slot == "module":
            heads -= {"Assign"}  # nothing that depends on an input
        elif slot in BLOCKS:
            heads -= {"Def"}  # a function of a function
            if slot == "loop":
                heads -= LEAVING  # at the end of the first pass
            elif not self._reader.in_loop():
                heads -= {"Break", "Continue"}
        elif slot == "params" and len(frame.kids) >= _INPUTS:
            return frozenset({END})
        entry = slot == "function" and frame is self._reader.frames[0]  # is left by `return` alone
        return heads | {END} if len(frame.kids) >= (SLOTS[slot].least or 0) and not entry else heads

    def _arguments(self, frame: Frame, heads: frozenset[str]) -> frozenset[str]:
        fewest, most = self._reader.arity(self._reader.frames[-2], frame.kids)
        count = len(frame.kids)
        if KEYWORD in frame.kids:
            return frozenset({END})
        if count < fewest or self._reader.callee() not in _KEYWORDS:
            heads -= {"Kw"}
        if count >= most:
            heads &= {"Kw"}
        return heads | {END} if count >= fewest else heads

    def _sensible(self, frame: Frame, slot: str, heads: frozenset[str]) -> frozenset[str]:
        """Without literals, and empty ones, that no one would take something out of or work on."""
        if frame.kids:
            return heads
        if slot == "items" and head(self._reader.frames[-3].token) in _WORKED_ON:
            return heads - {END}
        return heads - _LITERAL if not frame.slot and _reads_from(frame.token) else heads

    @staticmethod
    def _result(frame: Frame) -> Kinds:
        """Where a function that is called, or a container that is read from, comes next: kinds that it may give."""
        return frame.wanted if not frame.slot and frame.token in ("Call", "Sub") and not frame.kids else None


def _serves(kind: Kind, wanted: Kinds, result: Kinds, *, calls: bool) -> bool:
    """Whether a name that holds this will do."""
    if kind[0] == "func":
        return wanted is not None and "func" in wanted and (result is None or kind[1] == ANY or kind[1][0] in result)
    if kind == ANY:
        return not calls
    if wanted is not None and kind[0] not in wanted:
        return False
    if result is None or calls:
        return True
    inner = kind[2] if kind[0] == "dict" else kind if kind == STR else element(kind)
    return inner == ANY or inner[0] in result or kind[0] in result


def _reads_from(token: str) -> bool:
    """Whether it takes something out of a value, or asks for something of it, that no one would of a literal."""
    return token == "Sub" or (head(token) == "Meth" and token not in ("Meth:join", "Meth:format"))


def _shortest(slot: str, heads: frozenset[str]) -> frozenset[str]:
    """Those of the heads that end soonest."""
    if END in heads:
        return frozenset({END})
    if slot in BLOCKS:
        return heads & {"Return"} or heads & {"Assign"}
    return heads & (LEAVES | {NEW, "List", "Dict", "Empty", "B", "E"}) or heads
