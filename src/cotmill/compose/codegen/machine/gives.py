"""The kind of value that a node gives, from the kinds of its parts; `any` where that cannot be seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cotmill.compose.codegen.machine.kinds import ANY, BOOL, INT, KEYWORD, NONE, NUM, STR, Kind, element, join
from cotmill.compose.codegen.machine.signatures import CONSTANTS, METHODS, MODULES, RESULTS, SAME

__all__ = ["gives"]


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
            return ("func", RESULTS.get(argument, ANY))
        case "E":
            return NUM if argument in CONSTANTS else ("func", MODULES[argument][3] if argument in MODULES else ANY)
        case "Meth":
            return _of_method(argument, kids[0])
        case "Call":
            return _of_call(function, kids[0], kids[1])
        case "Kw":
            return KEYWORD
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
    values = [kind for kind in args if kind != KEYWORD]
    first = values[0] if values else ANY
    if name in SAME:
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
