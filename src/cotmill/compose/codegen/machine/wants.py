"""Which kinds of values fit into a place, and which tokens can begin a value of such a kind.

Shallow, and generous where nothing is known: it is there so that a model that writes programs does not add a number to
a list, not to prove anything. What really happens is found out by running the program.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cotmill.compose.codegen.machine.kinds import (
    ANY,
    FUNCTION,
    INT,
    ITERABLES,
    KEYS,
    NONE,
    NUM,
    NUMBERS,
    TEXT,
    WHOLE,
    Kind,
)  # fmt: skip
from cotmill.compose.codegen.machine.signatures import BUILTINS, CONSTANTS, METHODS, MODULES, RESULTS, SAME

__all__ = ["Kinds", "argument_wants", "callable_for", "does", "may_give", "wants"]

Kinds = frozenset[str] | None  # first words of kinds; None: all of them


def wants(head: str, argument: str, kids: Sequence[Any], wanted: Kinds) -> Kinds:
    """Which kinds fit into a node's next place; None for all. `kids`: kinds of what stands before it in the node."""
    place = len(kids)
    first = kids[0][0] if kids and kids[0] and not isinstance(kids[0], list) else ""
    match head:
        case "Bin" | "Aug":
            return _operand(argument, first if place else "", wanted if head == "Bin" else None, place)
        case "Un":
            return None if argument == "not" else NUMBERS
        case "Cmp" | "Link":
            return _compared(argument, first, place) if head == "Cmp" else None
        case "For" | "In" | "Star":
            return ITERABLES if place == 0 else None
        case "Sub":
            if place == 0:
                return frozenset({"str", "list", "dict", "tuple"})
            return KEYS if first == "dict" else None if first == "any" else WHOLE
        case "Slice":
            return WHOLE | {"none"}
        case "IfExp":
            return None if place == 0 else wanted
        case "Meth":
            return METHODS[argument][0] if argument in METHODS else None
        case "Call":
            return FUNCTION
    return None


def _operand(sign: str, first: str, wanted: Kinds, place: int) -> Kinds:
    able = _able(sign)
    if place == 0:
        return able & wanted or able if wanted is not None else able
    if first in ("any", ""):
        return able
    if sign == "*" and first in ("str", "list"):
        return WHOLE
    if first in ("num", "int"):
        return able & NUMBERS & wanted if wanted is not None and able & NUMBERS & wanted else able & NUMBERS
    return frozenset({first})


def _able(sign: str) -> frozenset[str]:
    """Kinds that an operator takes on its left."""
    return {
        "+": NUMBERS | {"str", "list", "tuple"}, "*": NUMBERS | {"str", "list"}, "-": NUMBERS | {"set"},
        "|": WHOLE | {"set"}, "&": WHOLE | {"set"}, "^": WHOLE | {"set"}, "<<": WHOLE, ">>": WHOLE,
    }.get(sign, NUMBERS)  # fmt: skip


def _compared(sign: str, first: str, place: int) -> Kinds:
    if sign in ("in", "not-in"):
        if place == 0:
            return KEYS
        return (
            TEXT | {"list", "dict", "set", "tuple"} if first == "str" else frozenset({"list", "dict", "set", "tuple"})
        )
    if place == 0:
        return None if sign in ("==", "!=", "is", "is-not") else NUMBERS | {"str", "list"}
    if sign in ("is", "is-not"):
        return NUMBERS | {"none"}
    if first == "any":
        return None
    same = NUMBERS if first in ("num", "int") else frozenset({first})
    return same | {"none"} if sign in ("==", "!=") else same


def argument_wants(name: str, method: str, receiver: Kind, given: Sequence[Kind]) -> Kinds:
    """Which kinds the argument behind those that are given may have; None for all."""
    place = len(given)
    if method:
        if method == "join":
            return frozenset({"list", "iter"})
        if method in ("append", "add", "setdefault", "count", "index", "remove") and receiver[0] == "str":
            return TEXT
        if method in ("get", "pop") and receiver[0] == "dict" and place == 0:
            return KEYS
        if place == 0 and method in ("pop", "insert", "ljust", "rjust", "center", "zfill"):
            return WHOLE
        if method in ("extend", "union"):
            return ITERABLES
        if receiver[0] == "str" and method in ("replace", "split", "strip", "startswith", "endswith", "find", "rfind"):
            return TEXT
        return None
    if name in BUILTINS:
        takes = BUILTINS[name]
        if name in ("range", "zip", "pow", "divmod"):
            return takes[0]
        if name in ("map", "filter"):
            return FUNCTION if place == 0 else ITERABLES
        if name in ("round", "enumerate"):
            return takes[0] if place == 0 else WHOLE
        if name == "sum":
            return takes[0] if place == 0 else NUMBERS
        if name in ("min", "max"):
            return NUMBERS | ITERABLES if place == 0 else NUMBERS if given[0] in (INT, NUM) else None
        return takes[0] if place == 0 else None
    if name in MODULES:
        return WHOLE if place and name in ("itertools.combinations", "itertools.permutations") else MODULES[name][0]
    return None


_FIXED = {
    "List": "list", "ListComp": "list", "Dict": "dict", "DictComp": "dict", "Set": "set", "SetComp": "set",
    "Tuple": "tuple", "Gen": "iter", "Lambda": "func", "Fstr": "str", "S": "str", "<str>": "str", "I": "int",
    "F": "num", "<int>": "int", "<float>": "num", "Cmp": "bool", "Chain": "bool",
}  # fmt: skip


def may_give(head: str, argument: str, wanted: Kinds) -> bool:
    """Whether a node that begins with this token can be a value of one of these kinds; None: of any that is a value."""
    method = METHODS[argument][3] if head == "Meth" and argument in METHODS else None
    if method == NONE or head == "Attr" or (head == "Meth" and argument not in METHODS):
        return False
    if wanted is None:
        return head not in ("B", "Gen", "Lambda") and (head != "E" or argument in CONSTANTS)
    if head == "B" or (head == "E" and argument not in CONSTANTS):
        return "func" in wanted
    if head == "E":
        return "num" in wanted
    if head == "Meth":
        return method is None or method[0] in wanted
    if head == "Bin":
        return "num" in wanted if argument == "/" else bool(_able(argument) & wanted)
    if head == "C":
        return ("none" if argument == "None" else "bool") in wanted
    if head == "Un":
        return bool(wanted & (frozenset({"bool"}) if argument == "not" else NUMBERS))
    if head in _FIXED:
        return _FIXED[head] in wanted
    return wanted != FUNCTION


def does(head: str, argument: str) -> bool:
    """Whether a node that begins with this token makes sense as a statement: it changes something."""
    return head == "Meth" and (argument == "pop" or (argument in METHODS and METHODS[argument][3] == NONE))


def callable_for(head: str, argument: str, wanted: Kinds) -> bool:
    """Whether a call of this builtin or module's function can be a value of one of these kinds."""
    if head == "E":
        return argument in MODULES and (wanted is None or MODULES[argument][3][0] in wanted)
    if head != "B" or argument not in BUILTINS:
        return False
    if wanted is None or argument in ("min", "max"):
        return True
    if argument in SAME:
        return {"sorted": "list", "reversed": "iter"}.get(argument, argument) in wanted
    result = RESULTS.get(argument, ANY)
    return result == ANY or result[0] in wanted
