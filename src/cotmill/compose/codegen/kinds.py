"""Kinds of values that a skeleton's expressions have, inferred from left to right: what fits into the next place.

Inference is shallow and errs towards `any`: it is there so that a model that writes programs does not add a number to a
list, not to prove anything. What really happens is found out by running the program.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = [
    "ANY", "INT", "KEYWORD", "NONE", "NUM", "STR", "Kind", "alike", "argument_wants", "arity", "callable_for", "does",
    "element", "gives", "join", "may_give", "of_type", "wants",
]  # fmt: skip

# ("num",), ("list", element), ("dict", key, value), ("tuple", *elements), ("func", result), ...
Kind = tuple[Any, ...]
ANY: Kind = ("any",)
NUM: Kind = ("num",)
INT: Kind = ("int",)  # a number that is whole for sure
BOOL: Kind = ("bool",)
STR: Kind = ("str",)
NONE: Kind = ("none",)
KEYWORD: Kind = ("kw",)

_ITERABLE = frozenset({"str", "list", "dict", "set", "tuple", "iter"})
_SIZED = frozenset({"str", "list", "dict", "set", "tuple"})
_NUM = frozenset({"num", "int"})
_INT = frozenset({"int"})
_STR = frozenset({"str"})
_FUNC = frozenset({"func"})
_HASHED = frozenset({"num", "int", "bool", "str", "tuple", "none"})

_RESULTS: dict[str, Kind] = {
    "len": INT, "sum": NUM, "abs": NUM, "round": NUM, "int": INT, "float": NUM, "ord": INT, "pow": NUM, "bool": BOOL,
    "isinstance": BOOL, "any": BOOL, "all": BOOL, "str": STR, "chr": STR, "bin": STR, "hex": STR, "repr": STR,
    "input": STR, "format": STR, "print": NONE, "dict": ("dict", ANY, ANY), "divmod": ("tuple", NUM, NUM),
    "range": ("iter", INT), "enumerate": ("iter", ("tuple", INT, ANY)), "zip": ("iter", ("tuple",)),
    "map": ("iter", ANY), "filter": ("iter", ANY), "reversed": ("iter", ANY),
}  # fmt: skip
BUILTINS: dict[str, tuple[frozenset[str] | None, int, int]] = {  # kind of the first argument, fewest and most arguments
    "len": (_SIZED, 1, 1), "sum": (frozenset({"list", "iter", "set", "tuple"}), 1, 2), "abs": (_NUM, 1, 1),
    "round": (_NUM, 1, 2), "int": (_NUM | _STR, 1, 1), "float": (_NUM | _STR, 1, 1),
    "ord": (_STR, 1, 1), "chr": (_INT, 1, 1), "range": (_INT, 1, 3), "sorted": (_ITERABLE, 1, 1),
    "list": (_ITERABLE, 0, 1), "tuple": (_ITERABLE, 0, 1), "set": (_ITERABLE, 0, 1), "reversed": (_SIZED, 1, 1),
    "enumerate": (_ITERABLE, 1, 2), "zip": (_ITERABLE, 2, 3), "any": (_ITERABLE, 1, 1), "all": (_ITERABLE, 1, 1),
    "str": (None, 1, 1), "bool": (None, 1, 1), "map": (_FUNC, 2, 2), "filter": (_FUNC, 2, 2), "pow": (_NUM, 2, 3),
    "divmod": (_NUM, 2, 2), "bin": (_INT, 1, 1), "hex": (_INT, 1, 1), "isinstance": (None, 2, 2), "dict": (None, 0, 1),
    "min": (None, 1, 3), "max": (None, 1, 3), "print": (None, 0, 2), "ValueError": (_STR, 1, 1),
}  # fmt: skip
_MODULES: dict[str, tuple[frozenset[str], int, int, Kind]] = {  # of modules' functions: as for builtins, and the result
    **dict.fromkeys(("math.gcd", "math.comb", "math.perm", "math.lcm"), (_INT, 2, 2, INT)),
    **dict.fromkeys(("math.factorial", "math.isqrt"), (_INT, 1, 1, INT)),
    **dict.fromkeys(("math.floor", "math.ceil", "math.trunc"), (_NUM, 1, 1, INT)),
    **dict.fromkeys(("math.sqrt", "math.log2", "math.log10", "math.fabs"), (_NUM, 1, 1, NUM)),
    **dict.fromkeys(("math.pow", "math.hypot"), (_NUM, 2, 2, NUM)), "math.log": (_NUM, 1, 2, NUM),
    "collections.Counter": (_ITERABLE, 1, 1, ("dict", ANY, INT)), "collections.deque": (_ITERABLE, 0, 1, ("list", ANY)),
    "itertools.combinations": (_ITERABLE, 2, 2, ("iter", ("tuple",))),
    "itertools.permutations": (_ITERABLE, 1, 2, ("iter", ("tuple",))),
    "itertools.product": (_ITERABLE, 2, 2, ("iter", ("tuple",))), "itertools.chain": (_ITERABLE, 2, 2, ("iter", ANY)),
    "itertools.accumulate": (_ITERABLE, 1, 1, ("iter", NUM)),
}  # fmt: skip
_CONSTANTS = frozenset({"math.pi", "math.inf", "math.e"})
_SAME = frozenset({"list", "sorted", "reversed", "set", "tuple"})  # what they give has the elements of what they take
METHODS: dict[str, tuple[frozenset[str], int, int, Kind | None]] = {  # of what, fewest and most arguments, result
    **dict.fromkeys(("lower", "upper", "title", "capitalize", "swapcase"), (_STR, 0, 0, STR)),
    **dict.fromkeys(("strip", "lstrip", "rstrip"), (_STR, 0, 1, STR)),
    **dict.fromkeys(("isdigit", "isalpha", "isalnum", "isupper", "islower", "isspace"), (_STR, 0, 0, BOOL)),
    **dict.fromkeys(("startswith", "endswith"), (_STR, 1, 1, BOOL)),
    **dict.fromkeys(("find", "rfind"), (_STR, 1, 1, INT)),
    **dict.fromkeys(("ljust", "rjust", "center", "zfill"), (_STR, 1, 2, STR)),
    "replace": (_STR, 2, 2, STR), "split": (_STR, 0, 1, ("list", STR)), "splitlines": (_STR, 0, 0, ("list", STR)),
    "join": (_STR, 1, 1, STR), "format": (_STR, 1, 3, STR), "encode": (_STR, 0, 1, None),
    "append": (frozenset({"list"}), 1, 1, NONE), "extend": (frozenset({"list"}), 1, 1, NONE),
    "insert": (frozenset({"list"}), 2, 2, NONE), "sort": (frozenset({"list"}), 0, 0, NONE),
    "reverse": (frozenset({"list"}), 0, 0, NONE), "count": (frozenset({"str", "list", "tuple"}), 1, 1, INT),
    "index": (frozenset({"str", "list", "tuple"}), 1, 1, INT), "remove": (frozenset({"list", "set"}), 1, 1, NONE),
    "pop": (frozenset({"list", "dict"}), 0, 1, None), "copy": (frozenset({"list", "dict", "set"}), 0, 0, None),
    "add": (frozenset({"set"}), 1, 1, NONE), "union": (frozenset({"set"}), 1, 1, None),
    "get": (frozenset({"dict"}), 1, 2, None), "keys": (frozenset({"dict"}), 0, 0, None),
    "values": (frozenset({"dict"}), 0, 0, None), "items": (frozenset({"dict"}), 0, 0, None),
    "update": (frozenset({"dict", "set"}), 1, 1, NONE), "setdefault": (frozenset({"dict"}), 1, 2, None),
    "is_integer": (_NUM, 0, 0, BOOL),
}  # fmt: skip


def of_type(tokens: Sequence[str]) -> Kind:
    """The kind of an input, from its type's tokens."""
    kind, _ = _of_type(tokens, 0)
    return kind


def _of_type(tokens: Sequence[str], at: int) -> tuple[Kind, int]:
    first = tokens[at]
    if first == "list":
        inner, at = _of_type(tokens, at + 1)
        return ("list", inner), at
    if first == "dict":
        key, at = _of_type(tokens, at + 1)
        value, at = _of_type(tokens, at)
        return ("dict", key, value), at
    return {"int": INT, "float": NUM, "bool": BOOL, "str": STR, "none": NONE}.get(first, ANY), at + 1


def element(kind: Kind) -> Kind:
    """What one gets by going through a value."""
    match kind:
        case ("list" | "set" | "iter", tuple(inner)):
            return inner
        case ("dict", tuple(key), _):
            return key
        case ("str",):
            return STR
        case ("tuple", tuple(first), *others) if all(other == first for other in others):
            return first
    return ANY


def alike(kind: Kind) -> frozenset[str] | None:
    """Kinds of what may stand in one list with it; None for all."""
    return None if kind == ANY else _NUM if kind in (INT, NUM) else frozenset({kind[0]})


def join(kinds: Sequence[Kind]) -> Kind:
    """The kind that all have; `any` where they differ, in their elements too."""
    known = [kind for kind in kinds if kind != ANY]
    if not known:
        return ANY
    first = known[0]
    if all(kind in (INT, NUM) for kind in known):
        return (NUM if NUM in known else INT) if len(known) == len(kinds) else ANY
    if all(kind == first for kind in known):
        return first if len(known) == len(kinds) or first[0] != "any" else ANY
    if all(kind[0] == first[0] and len(kind) == len(first) for kind in known) and first[0] in (
        "list",
        "dict",
        "set",
        "tuple",
        "iter",
    ):
        return (first[0], *(join([kind[i] for kind in known]) for i in range(1, len(first))))
    return ANY


def wants(head: str, argument: str, kids: Sequence[Any], wanted: frozenset[str] | None) -> frozenset[str] | None:
    """Which kinds fit into a node's next place; None for all. `kids`: kinds of what stands before it in the node."""
    place = len(kids)
    first = kids[0][0] if kids and kids[0] and not isinstance(kids[0], list) else ""
    match head:
        case "Bin" | "Aug":
            return _operand(argument, first if place else "", wanted if head == "Bin" else None, place)
        case "Un":
            return None if argument == "not" else _NUM
        case "Cmp" | "Link":
            return _compared(argument, first, place) if head == "Cmp" else None
        case "For" | "In" | "Star":
            return _ITERABLE if place == 0 else None
        case "Sub":
            if place == 0:
                return frozenset({"str", "list", "dict", "tuple"})
            return _HASHED if first == "dict" else None if first == "any" else _INT
        case "Slice":
            return _INT | {"none"}
        case "IfExp":
            return None if place == 0 else wanted
        case "Meth":
            return METHODS[argument][0] if argument in METHODS else None
        case "Call":
            return _FUNC
    return None


def _operand(sign: str, first: str, wanted: frozenset[str] | None, place: int) -> frozenset[str] | None:
    able = _able(sign)
    if place == 0:
        return able & wanted or able if wanted is not None else able
    if first in ("any", ""):
        return able
    if sign == "*" and first in ("str", "list"):
        return _INT
    if first in ("num", "int"):
        return able & _NUM & wanted if wanted is not None and able & _NUM & wanted else able & _NUM
    return frozenset({first})


def _able(sign: str) -> frozenset[str]:
    """Kinds that an operator takes on its left."""
    return {
        "+": _NUM | {"str", "list", "tuple"}, "*": _NUM | {"str", "list"}, "-": _NUM | {"set"}, "|": _INT | {"set"},
        "&": _INT | {"set"}, "^": _INT | {"set"}, "<<": _INT, ">>": _INT,
    }.get(sign, _NUM)  # fmt: skip


def _compared(sign: str, first: str, place: int) -> frozenset[str] | None:
    if sign in ("in", "not-in"):
        if place == 0:
            return _HASHED
        return (
            _STR | {"list", "dict", "set", "tuple"} if first == "str" else frozenset({"list", "dict", "set", "tuple"})
        )
    if place == 0:
        return None if sign in ("==", "!=", "is", "is-not") else _NUM | {"str", "list"}
    if sign in ("is", "is-not"):
        return _NUM | {"none"}
    if first == "any":
        return None
    same = _NUM if first in ("num", "int") else frozenset({first})
    return same | {"none"} if sign in ("==", "!=") else same


def argument_wants(name: str, method: str, receiver: Kind, given: Sequence[Kind]) -> frozenset[str] | None:
    """Which kinds the argument behind those that are given may have; None for all."""
    place = len(given)
    if method:
        if method == "join":
            return frozenset({"list", "iter"})
        if method in ("append", "add", "setdefault", "count", "index", "remove") and receiver[0] == "str":
            return _STR
        if method in ("get", "pop") and receiver[0] == "dict" and place == 0:
            return _HASHED
        if place == 0 and method in ("pop", "insert", "ljust", "rjust", "center", "zfill"):
            return _INT
        if method in ("extend", "union"):
            return _ITERABLE
        if receiver[0] == "str" and method in ("replace", "split", "strip", "startswith", "endswith", "find", "rfind"):
            return _STR
        return None
    if name in BUILTINS:
        takes = BUILTINS[name]
        if name in ("range", "zip", "pow", "divmod"):
            return takes[0]
        if name in ("map", "filter"):
            return _FUNC if place == 0 else _ITERABLE
        if name in ("round", "enumerate"):
            return takes[0] if place == 0 else _INT
        if name == "sum":
            return takes[0] if place == 0 else _NUM
        if name in ("min", "max"):
            return _NUM | _ITERABLE if place == 0 else _NUM if given[0] in (INT, NUM) else None
        return takes[0] if place == 0 else None
    if name in _MODULES:
        return _INT if place and name in ("itertools.combinations", "itertools.permutations") else _MODULES[name][0]
    return None


def arity(name: str, method: str, given: Sequence[Kind] = ()) -> tuple[int, int]:
    """Fewest and most arguments. `given`: kinds of those that stand already."""
    if name in ("min", "max") and given and given[0] in (INT, NUM):
        return 2, 3
    if method:
        return METHODS[method][1:3] if method in METHODS else (0, 3)
    if name in _MODULES:
        return _MODULES[name][1:3]
    return BUILTINS[name][1:] if name in BUILTINS else (0, 6)


_FIXED = {
    "List": "list", "ListComp": "list", "Dict": "dict", "DictComp": "dict", "Set": "set", "SetComp": "set",
    "Tuple": "tuple", "Gen": "iter", "Lambda": "func", "Fstr": "str", "S": "str", "<str>": "str", "I": "int",
    "F": "num", "<int>": "int", "<float>": "num", "Cmp": "bool", "Chain": "bool",
}  # fmt: skip


def may_give(head: str, argument: str, wanted: frozenset[str] | None) -> bool:
    """Whether a node that begins with this token can be a value of one of these kinds; None: of any that is a value."""
    method = METHODS[argument][3] if head == "Meth" and argument in METHODS else None
    if method == NONE or head == "Attr" or (head == "Meth" and argument not in METHODS):
        return False
    if wanted is None:
        return head not in ("B", "Gen", "Lambda") and (head != "E" or argument in _CONSTANTS)
    if head == "B" or (head == "E" and argument not in _CONSTANTS):
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
        return bool(wanted & (frozenset({"bool"}) if argument == "not" else _NUM))
    if head in _FIXED:
        return _FIXED[head] in wanted
    return wanted != _FUNC


def does(head: str, argument: str) -> bool:
    """Whether a node that begins with this token makes sense as a statement: it changes something."""
    return head == "Meth" and (argument == "pop" or (argument in METHODS and METHODS[argument][3] == NONE))


def callable_for(head: str, argument: str, wanted: frozenset[str] | None) -> bool:
    """Whether a call of this builtin or module's function can be a value of one of these kinds."""
    if head == "E":
        return argument in _MODULES and (wanted is None or _MODULES[argument][3][0] in wanted)
    if head != "B" or argument not in BUILTINS:
        return False
    if wanted is None or argument in ("min", "max"):
        return True
    if argument in _SAME:
        return {"sorted": "list", "reversed": "iter"}.get(argument, argument) in wanted
    result = _RESULTS.get(argument, ANY)
    return result == ANY or result[0] in wanted


def gives(head: str, argument: str, kids: Sequence[Any], function: str) -> Kind:
    """The kind of a node that is whole. `function`: name of a builtin that is called."""
    match head:
        case "I" | "<int>":
            return INT
        case "Cmp" | "Chain":
            return BOOL
        case "F" | "<float>":
            return NUM
        case "Un":
            return kids[0] if argument == "-" and kids[0] in (INT, NUM) else BOOL if argument == "not" else NUM
        case "S" | "<str>" | "Fstr":
            return STR
        case "C":
            return NONE if argument == "None" else BOOL
        case "Bin":
            return _worked_out(argument, *kids)
        case "Bool":
            return join(kids)
        case "IfExp":
            return join(kids[1:])
        case "Sub":
            return _item(kids[0], kids[1])
        case "List":
            return ("list", join(kids[0]))
        case "Set":
            return ("set", join(kids[0]))
        case "Tuple":
            return ("tuple", *kids[0])
        case "Dict":
            pairs = kids[0]
            return ("dict", join([pair[1] for pair in pairs]), join([pair[2] for pair in pairs]))
        case "Pair":
            return ("pair", *kids)
        case "ListComp":
            return ("list", kids[1])
        case "SetComp":
            return ("set", kids[1])
        case "Gen":
            return ("iter", kids[1])
        case "DictComp":
            return ("dict", kids[1], kids[2])
        case "Lambda":
            return ("func", kids[1])
        case "Slice":
            return ("slice",)
        case "Empty":
            return NONE
        case "B":
            return ("func", _RESULTS.get(argument, ANY))
        case "E":
            return NUM if argument in _CONSTANTS else ("func", _MODULES[argument][3] if argument in _MODULES else ANY)
        case "Meth":
            return _of_method(argument, kids[0])
        case "Call":
            return _of_call(function, kids[0], kids[1])
        case "Kw":
            return ("kw",)
    return ANY


def _worked_out(sign: str, left: Kind, right: Kind) -> Kind:
    if left == STR:
        return STR
    if sign == "/":
        return NUM
    if left == right == INT:
        return INT
    if sign == "*" and left not in (INT, NUM, ANY) and right != ANY:
        return left
    if sign == "*" and right not in (INT, NUM, ANY) and left != ANY:
        return right
    if left in (INT, NUM) and right in (INT, NUM):
        return NUM
    if sign in ("-", "//", "**", "<<", ">>", "%") and (left in (INT, NUM) or right in (INT, NUM)):
        return NUM
    return join([left, right])


def _item(value: Kind, index: Kind) -> Kind:
    if index == ("slice",):
        return value
    match value:
        case ("dict", _, tuple(inner)):
            return inner
    return element(value)


def _of_method(name: str, receiver: Kind) -> Kind:
    result = METHODS[name][3] if name in METHODS else ANY
    if result is not None:
        return result
    match name, receiver:
        case "copy" | "union", _:
            return receiver
        case "pop", ("list", tuple(inner)):
            return inner
        case "pop" | "get" | "setdefault", ("dict", _, tuple(value)):
            return value
        case "keys", ("dict", key, _):
            return ("iter", key)
        case "values", ("dict", _, value):
            return ("iter", value)
        case "items", ("dict", key, value):
            return ("iter", ("tuple", key, value))
    return ANY


def _of_call(name: str, function: Kind, args: Sequence[Kind]) -> Kind:
    values = [kind for kind in args if kind != ("kw",)]
    first = values[0] if values else ANY
    if name in _SAME:
        return ({"sorted": "list", "reversed": "iter"}.get(name, name), *((element(first),) if name != "tuple" else ()))
    if name in ("min", "max"):
        return element(first) if len(values) == 1 else join(values)
    if name in ("abs", "sum", "pow", "divmod", "round"):
        whole = element(first) in (INT, BOOL) if name == "sum" else all(value == INT for value in values)
        number = INT if (name == "round" and len(values) == 1) or (whole and values) else NUM
        return ("tuple", number, number) if name == "divmod" else number
    if name == "enumerate":
        return ("iter", ("tuple", INT, element(first)))
    if name == "zip":
        return ("iter", ("tuple", *map(element, values)))
    if name == "filter" and len(values) == 2:
        return ("iter", element(values[1]))
    if name == "map" and len(values) == 2:
        return ("iter", first[1] if first[0] == "func" and len(first) > 1 else ANY)
    return function[1] if function[0] == "func" and len(function) > 1 else ANY
