"""What the functions and methods take and give that a skeleton may call: Python's own, and those of a few modules."""

from __future__ import annotations

from collections.abc import Sequence

from cotmill.compose.codegen.machine.kinds import (
    ANY,
    BOOL,
    FUNCTION,
    INT,
    ITERABLES,
    NONE,
    NUM,
    NUMBERS,
    SIZED,
    STR,
    TEXT,
    WHOLE,
    Kind,
)  # fmt: skip

__all__ = ["BUILTINS", "CONSTANTS", "METHODS", "MODULES", "RESULTS", "SAME", "arity"]

RESULTS: dict[str, Kind] = {
    "len": INT, "sum": NUM, "abs": NUM, "round": NUM, "int": INT, "float": NUM, "ord": INT, "pow": NUM, "bool": BOOL,
    "isinstance": BOOL, "any": BOOL, "all": BOOL, "str": STR, "chr": STR, "bin": STR, "hex": STR, "repr": STR,
    "input": STR, "format": STR, "print": NONE, "dict": ("dict", ANY, ANY), "divmod": ("tuple", NUM, NUM),
    "range": ("iter", INT), "enumerate": ("iter", ("tuple", INT, ANY)), "zip": ("iter", ("tuple",)),
    "map": ("iter", ANY), "filter": ("iter", ANY), "reversed": ("iter", ANY),
}  # fmt: skip
BUILTINS: dict[str, tuple[frozenset[str] | None, int, int]] = {  # kind of the first argument, fewest and most arguments
    "len": (SIZED, 1, 1), "sum": (frozenset({"list", "iter", "set", "tuple"}), 1, 2), "abs": (NUMBERS, 1, 1),
    "round": (NUMBERS, 1, 2), "int": (NUMBERS | TEXT, 1, 1), "float": (NUMBERS | TEXT, 1, 1),
    "ord": (TEXT, 1, 1), "chr": (WHOLE, 1, 1), "range": (WHOLE, 1, 3), "sorted": (ITERABLES, 1, 1),
    "list": (ITERABLES, 0, 1), "tuple": (ITERABLES, 0, 1), "set": (ITERABLES, 0, 1), "reversed": (SIZED, 1, 1),
    "enumerate": (ITERABLES, 1, 2), "zip": (ITERABLES, 2, 3), "any": (ITERABLES, 1, 1), "all": (ITERABLES, 1, 1),
    "str": (None, 1, 1), "bool": (None, 1, 1), "map": (FUNCTION, 2, 2), "filter": (FUNCTION, 2, 2),
    "pow": (NUMBERS, 2, 3),
    "divmod": (NUMBERS, 2, 2), "bin": (WHOLE, 1, 1), "hex": (WHOLE, 1, 1), "isinstance": (None, 2, 2),
    "dict": (None, 0, 1), "min": (None, 1, 3), "max": (None, 1, 3), "print": (None, 0, 2), "ValueError": (TEXT, 1, 1),
}  # fmt: skip
MODULES: dict[str, tuple[frozenset[str], int, int, Kind]] = {  # of modules' functions: as for builtins, and the result
    **dict.fromkeys(("math.gcd", "math.comb", "math.perm", "math.lcm"), (WHOLE, 2, 2, INT)),
    **dict.fromkeys(("math.factorial", "math.isqrt"), (WHOLE, 1, 1, INT)),
    **dict.fromkeys(("math.floor", "math.ceil", "math.trunc"), (NUMBERS, 1, 1, INT)),
    **dict.fromkeys(("math.sqrt", "math.log2", "math.log10", "math.fabs"), (NUMBERS, 1, 1, NUM)),
    **dict.fromkeys(("math.pow", "math.hypot"), (NUMBERS, 2, 2, NUM)), "math.log": (NUMBERS, 1, 2, NUM),
    "collections.Counter": (ITERABLES, 1, 1, ("dict", ANY, INT)), "collections.deque": (ITERABLES, 0, 1, ("list", ANY)),
    "itertools.combinations": (ITERABLES, 2, 2, ("iter", ("tuple",))),
    "itertools.permutations": (ITERABLES, 1, 2, ("iter", ("tuple",))),
    "itertools.product": (ITERABLES, 2, 2, ("iter", ("tuple",))), "itertools.chain": (ITERABLES, 2, 2, ("iter", ANY)),
    "itertools.accumulate": (ITERABLES, 1, 1, ("iter", NUM)),
}  # fmt: skip
CONSTANTS = frozenset({"math.pi", "math.inf", "math.e"})
SAME = frozenset({"list", "sorted", "reversed", "set", "tuple"})  # what they give has the elements of what they take
METHODS: dict[str, tuple[frozenset[str], int, int, Kind | None]] = {  # of what, fewest and most arguments, result
    **dict.fromkeys(("lower", "upper", "title", "capitalize", "swapcase"), (TEXT, 0, 0, STR)),
    **dict.fromkeys(("strip", "lstrip", "rstrip"), (TEXT, 0, 1, STR)),
    **dict.fromkeys(("isdigit", "isalpha", "isalnum", "isupper", "islower", "isspace"), (TEXT, 0, 0, BOOL)),
    **dict.fromkeys(("startswith", "endswith"), (TEXT, 1, 1, BOOL)),
    **dict.fromkeys(("find", "rfind"), (TEXT, 1, 1, INT)),
    **dict.fromkeys(("ljust", "rjust", "center", "zfill"), (TEXT, 1, 2, STR)),
    "replace": (TEXT, 2, 2, STR), "split": (TEXT, 0, 1, ("list", STR)), "splitlines": (TEXT, 0, 0, ("list", STR)),
    "join": (TEXT, 1, 1, STR), "format": (TEXT, 1, 3, STR), "encode": (TEXT, 0, 1, None),
    "append": (frozenset({"list"}), 1, 1, NONE), "extend": (frozenset({"list"}), 1, 1, NONE),
    "insert": (frozenset({"list"}), 2, 2, NONE), "sort": (frozenset({"list"}), 0, 0, NONE),
    "reverse": (frozenset({"list"}), 0, 0, NONE), "count": (frozenset({"str", "list", "tuple"}), 1, 1, INT),
    "index": (frozenset({"str", "list", "tuple"}), 1, 1, INT), "remove": (frozenset({"list", "set"}), 1, 1, NONE),
    "pop": (frozenset({"list", "dict"}), 0, 1, None), "copy": (frozenset({"list", "dict", "set"}), 0, 0, None),
    "add": (frozenset({"set"}), 1, 1, NONE), "union": (frozenset({"set"}), 1, 1, None),
    "get": (frozenset({"dict"}), 1, 2, None), "keys": (frozenset({"dict"}), 0, 0, None),
    "values": (frozenset({"dict"}), 0, 0, None), "items": (frozenset({"dict"}), 0, 0, None),
    "update": (frozenset({"dict", "set"}), 1, 1, NONE), "setdefault": (frozenset({"dict"}), 1, 2, None),
    "is_integer": (NUMBERS, 0, 0, BOOL),
}  # fmt: skip


def arity(name: str, method: str, given: Sequence[Kind] = ()) -> tuple[int, int]:
    """Fewest and most arguments. `given`: kinds of those that stand already."""
    if name in ("min", "max") and given and given[0] in (INT, NUM):
        return 2, 3
    if method:
        return METHODS[method][1:3] if method in METHODS else (0, 3)
    if name in MODULES:
        return MODULES[name][1:3]
    return BUILTINS[name][1:] if name in BUILTINS else (0, 6)
