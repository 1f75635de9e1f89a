"""What is owed: names that hold what nothing has read. A program may not leave them behind.

A name is read at the latest in the function's last `return`, which may then have to be a list, a tuple or a sum of
several; and one that is set in a loop or a branch before that ends.
"""

from __future__ import annotations

from cotmill.compose.codegen.machine.reader import Frame, Reader
from cotmill.compose.codegen.skeleton.grammar import END

__all__ = ["owed", "room", "settled"]

_TOGETHER = 3  # names that one `return` may have to read, at most
_LONG = 6  # parts of a list from which it may end in any case
_MANY = 99


def owed(reader: Reader) -> set[str]:
    """Names that are still to be read before the function ends; in `solution` the module's functions too."""
    letter = "L" if len(reader.scopes) > 1 else "G"
    found = {f"{letter}{number}" for number in reader.scopes[-1].unread}
    if reader.frames[0].slot == "function" and len(reader.scopes) == 2:
        found |= {f"G{number}" for number in reader.scopes[0].unread}
    return found


def room(reader: Reader, *, ending: bool = False) -> int | None:
    """In a function's last `return`: places that come behind this one, less the names that are to be read.

    Below zero this place must read one of them, or make more places. None elsewhere. `ending`: if the list that is
    read ends here.
    """
    start = reader.frames.index(reader.function()) + 1
    if start >= len(reader.frames) or reader.frames[start].token != "Return":
        return None
    frames = reader.frames[start:]
    lists = sum(frame.slot in ("items", "pairs") for frame in frames)
    if lists > ending:  # has as many places as it takes
        return _MANY
    places = sum(slot in ("expr", "loops", "index") for frame in frames for slot in frame.todo)
    places -= not frames[-1].slot  # this one
    return places - len(owed(reader))


def settled(reader: Reader, frame: Frame, slot: str, heads: frozenset[str]) -> frozenset[str]:
    """Without those that would leave a name behind that nothing has read."""
    if slot in ("body", "loop", "orelse") and len(frame.kids) < _LONG:
        inside = any(number >= frame.base for number in reader.scopes[-1].unread)
        return heads - {END} if inside and not frame.left else heads
    if slot == "function" and frame is reader.function():
        return heads - {"Return0"} - ({"Return"} if len(owed(reader)) > _TOGETHER else set())
    if slot in ("items", "pairs") and len(frame.kids) < _LONG and (room(reader, ending=True) or 0) < 0:
        return heads - {END}
    return heads
