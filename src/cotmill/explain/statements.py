"""Sentences for one simple statement, from its source, what it read and what it changed."""

# ruff: noqa: ARG001 - one signature for all that tell a kind of statement
from __future__ import annotations

import ast
from collections.abc import Callable

from cotmill.base.trace import Del, Raise, Return, Yield
from cotmill.base.values import Opaque
from cotmill.explain.conditions import because, outcome, reasons
from cotmill.explain.effects import what_it_does
from cotmill.explain.literals import describe, size
from cotmill.explain.phrases import joined
from cotmill.explain.places import Happening, growth, look, place_of, resized, root_of
from cotmill.explain.plainly import effect, holds, returned, stored
from cotmill.explain.reading import Reading, reads
from cotmill.explain.state import UNKNOWN

__all__ = ["changed", "said", "tell"]


def tell(node: ast.AST, reading: Reading, now: Happening) -> list[str]:
    """What is said of a statement; empty for dead detail (imports, definitions, `pass`)."""
    teller = _TELLERS.get(type(node))
    if now.raised is not None and not isinstance(node, (ast.Raise, ast.Assert)):
        return []
    if not reading.density.plain and _goes_without_saying(node, reading):
        now.told.update(now.sets)
        return []
    return teller(node, reading, now) if teller else []


def _goes_without_saying(node: ast.AST, reading: Reading) -> bool:
    """A given number, which is put in where it is used; a result that is handed on, which the last line says."""
    style = reading.density.style
    return (style.brief and node in reading.program.given) or (not style.whole and node in reading.program.copies)


def changed(reading: Reading, now: Happening, held: Callable[[int, str], int]) -> list[str]:
    """What no statement's own sentence covered: names bound on the way and values changed through other names."""
    sentences = []
    for event in now.events:
        name = event.name
        if name in now.told or name in reading.bound:
            continue
        now.told.add(name)
        if isinstance(event, Del):
            continue  # the name of a caught exception, or of an inner scope
        index = now.sets.get(name, event.value)
        if isinstance(reading.texts.values[index], Opaque) or held(event.frame, name) == index:
            continue
        if reading.latest.get(name) == index and not reading.density.plain:
            continue  # a function inside, or the one around it, sees what was just said
        if held(event.frame, name) == UNKNOWN:
            if not reading.state.is_nameless(event.frame):
                sentences.append(holds(name, index, reading))
        elif value := reading.value(index, reading.density.grown):
            reading.latest[name] = index
            sentences.append(f"{name} is now {value}")
        elif not now.followed and resized(name, reading, now):
            sentences.append(f"{name} now has {size(reading.texts.values[index])}")
            reading.owe(name, index)
        elif reading.density.plain and (value := reading.value(index)):
            sentences.append(f"{name} is now {value}")
    return [sentence for sentence in sentences if sentence]


# --- assignments --------------------------------------------------------------------------------------------------


def _assign(node: ast.Assign, reading: Reading, now: Happening) -> list[str]:
    if reading.density.plain:
        return stored(node.targets, node.value, reading, now)
    if len(node.targets) > 1:
        return _assign_many(node, reading, now)
    return _assign_one(node.targets[0], node.value, reading, now)


def _assign_many(node: ast.Assign, reading: Reading, now: Happening) -> list[str]:
    """``a = b = 0``."""
    names = [target.id for target in node.targets if isinstance(target, ast.Name)]
    if len(names) < len(node.targets):
        return [sentence for target in node.targets for sentence in _assign_one(target, node.value, reading, now)]
    index = _new_value(names[0], node.value, reading, now)
    now.told.update(names)
    return [" = ".join([*names, reading.chain(node.value, index)])]


def _assign_one(target: ast.expr, value: ast.expr, reading: Reading, now: Happening) -> list[str]:
    if isinstance(target, ast.Name):
        return _assign_name(target.id, value, reading, now)
    if isinstance(target, (ast.Tuple, ast.List)):
        return _unpack(target, value, reading, now)
    if isinstance(target, (ast.Subscript, ast.Attribute)):
        return _store(target, value, reading, now)
    return []


def _new_value(name: str, value: ast.expr, reading: Reading, now: Happening) -> int:
    index = now.sets.get(name, UNKNOWN)
    if index == UNKNOWN:
        index = reading.result(value)
    return reading.held(name) if index == UNKNOWN else index  # no event: it holds what it held


def _assign_name(name: str, value: ast.expr, reading: Reading, now: Happening) -> list[str]:
    index = _new_value(name, value, reading, now)
    now.told.add(name)
    reading.latest.pop(name, None)
    if index == UNKNOWN:
        return []  # a function or the like, which the trace does not follow: dead detail
    if isinstance(reading.texts.values[index], Opaque):
        return _assign_opaque(name, value, reading.texts.values[index], reading)
    now.shown.add(index)
    return [f"{name} {_equals(name, reading)} {_worked_out(value, index, reading, name)}"]


def _equals(name: str, reading: Reading) -> str:
    if not reading.density.style.spoken:
        return "="
    return "is" if reading.held(name) == UNKNOWN else "becomes"


def _assign_opaque(name: str, value: ast.expr, held: Opaque, reading: Reading) -> list[str]:
    if held.kind != "opaque" or isinstance(value, ast.Lambda):
        return []
    return [
        f"{name} = {reading.written(value, True)}, {reading.texts.described(reading.result(value))}"
        if reading.result(value) != UNKNOWN
        else f"{name} = {reading.written(value, True)}"
    ]


def _worked_out(node: ast.expr, index: int, reading: Reading, target: str = "") -> str:
    """The chain of an expression; the bare result of a comprehension, which was told; a truth value with its reason."""
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp)) and (value := reading.value(index)):
        return value
    truth = reading.texts.values[index]
    if isinstance(node, ast.BoolOp) and isinstance(truth, bool) and (clauses := reasons(node, truth, reading)):
        return f"{truth}, {because(reading)} {joined(list(dict.fromkeys(clauses)))}"
    return reading.chain(node, index, target)


def _unpack(target: ast.Tuple | ast.List, value: ast.expr, reading: Reading, now: Happening) -> list[str]:
    """``a, b = 1, 0 + 1, so a = 1 and b = 1``; places inside containers are told as they are after it."""
    if told := _side_by_side(target, value, reading, now):
        return told
    text = _flat(reading.written(value, True)) if isinstance(value, ast.Tuple) else reading.valued(value)
    ends, values = [], []
    for name in reading.program.stored(target):
        new = now.sets.get(name, reading.held(name))
        now.told.add(name)
        if name == "_":
            continue
        shown = None if new == UNKNOWN else reading.value(new)
        if shown is not None:
            values.append(shown)
            ends.append(f"{name} = {shown}")
        elif new != UNKNOWN:
            ends.append(f"{name} is {reading.texts.described(new)}")
    if len(ends) == len(target.elts) and ", ".join(values) == text:
        return [joined(ends)]
    places = ", ".join(place_of(part, reading) for part in target.elts) + "," * (len(target.elts) == 1)
    roots = {root_of(part) for part in target.elts if isinstance(part, (ast.Subscript, ast.Attribute))}
    ends += [grown for root in sorted(roots) if (grown := growth(root, reading, now))]
    return [f"{places} = {text}, so {joined(ends)}" if ends else f"{places} = {text}"]


def _side_by_side(target: ast.Tuple | ast.List, value: ast.expr, reading: Reading, now: Happening) -> list[str]:
    """``a, b = b, a + b`` one by one, where no value that is put in is another one's new value."""
    names = [part.id for part in target.elts if isinstance(part, ast.Name)]
    if not isinstance(value, (ast.Tuple, ast.List)) or not len(names) == len(target.elts) == len(value.elts):
        return []
    if any(isinstance(part, ast.Starred) for part in value.elts) or len(set(names)) < len(names):
        return []
    ends = []
    for name, part in zip(names, value.elts, strict=True):
        index = now.sets.get(name, reading.held(name))
        if index == UNKNOWN or isinstance(reading.texts.values[index], Opaque):
            return []
        chain = reading.value(index) if isinstance(part, ast.Name) else reading.chain(part, index, name)
        if chain is None or "`" in chain or any(reads(chain, other) for other in names):
            return []
        ends.append(f"{name} {_equals(name, reading)} {chain}")
    now.told.update(names)
    return [joined(ends)]


def _flat(text: str) -> str:
    """A tuple without its parentheses."""
    return text[1:-1].rstrip(",") if text.startswith("(") and text.endswith(")") else text


def _store(target: ast.Subscript | ast.Attribute, value: ast.expr, reading: Reading, now: Happening) -> list[str]:
    """``counts['a'] = 1 + 1 = 2, so counts is now {'a': 2}``."""
    root = root_of(target)
    found, held = look(target, reading, now)
    parts = [place_of(target, reading), *reading.stages(value, ast.unparse(target) if root == "self" else root)]
    if found:
        text = reading.texts.whole(held)
        if text and len(text) <= reading.density.shown:
            parts = [part for part in parts if part not in (text, f"({text})")] + [text]
        elif not text or size(held):
            parts = [*parts[:-1], f"{parts[-1]}, {describe(held, reading.texts.classes)}"]
    elif (index := reading.result(value)) != UNKNOWN and (shown := reading.value(index)):
        parts = [part for part in parts if part != shown] + [shown]
    now.told.add(root)
    grown = growth(root, reading, now) if isinstance(target, ast.Subscript) else ""
    return [" = ".join(parts) + (f", so {grown}" if grown else "")]


def _ann_assign(node: ast.AnnAssign, reading: Reading, now: Happening) -> list[str]:
    if node.value is None:
        return []
    if reading.density.plain:
        return stored([node.target], node.value, reading, now)
    return _assign_one(node.target, node.value, reading, now)


def _aug_assign(node: ast.AugAssign, reading: Reading, now: Happening) -> list[str]:
    whole = reading.program.augmented(node)
    if reading.density.plain:
        return stored([node.target], whole, reading, now)
    if isinstance(node.target, ast.Name):
        return _assign_name(node.target.id, whole, reading, now)
    found, old = look(node.target, reading, Happening())
    if found and 0 < len(text := reading.texts.whole(old)) <= 60:
        reading.note(node.target, text)
    return _store(node.target, whole, reading, now)


def _delete(node: ast.Delete, reading: Reading, now: Happening) -> list[str]:
    sentences = []
    for target in node.targets if not reading.density.plain else ():
        root = root_of(target)
        grown = "" if isinstance(target, ast.Name) else growth(root, reading, now)
        now.told.add(root)
        sentences.append(f"{place_of(target, reading)} is removed" + (f", so {grown}" if grown else ""))
    return sentences


# --- calls for their effect ---------------------------------------------------------------------------------------


def _expression(node: ast.Expr, reading: Reading, now: Happening) -> list[str]:
    call = node.value
    if isinstance(call, ast.Await):
        call = call.value
    if isinstance(call, (ast.Yield, ast.YieldFrom)):
        return _yield(call, reading, now)
    if isinstance(call, ast.Call) and reading.density.plain:
        return effect(call, reading, now)
    if not isinstance(call, ast.Call) or _is_print(call):
        return []
    return what_it_does(call, reading, now)


def _is_print(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "print"


# --- leaving ------------------------------------------------------------------------------------------------------


def _return(node: ast.Return, reading: Reading, now: Happening) -> list[str]:
    reading.owed.pop(reading.frame, None)  # the loop is left with the function: nobody reads these names again
    index = now.leave.value if isinstance(now.leave, Return) else UNKNOWN
    word = "This returns" if reading.density.style.spoken and not reading.density.plain else "Return"
    if node.value is None:
        return ["Return"]
    if reading.density.plain:
        return returned(index, reading)
    if now.leave is None:
        return []  # a `finally` comes before the call ends
    if index == UNKNOWN:
        return [f"{word} {reading.chain(node.value, index)}"]
    held = reading.texts.values[index]
    if isinstance(held, Opaque) and held.kind != "opaque":
        return []  # a class or a function: dead detail
    whole = reading.value(index, max(reading.density.shown, 2000))
    if whole is None or isinstance(node.value, ast.BoolOp):
        return [f"{word} {_worked_out(node.value, index, reading)}"]
    stages = [stage for stage in reading.stages(node.value) if stage not in (whole, f"({whole})")]
    if isinstance(node.value, (ast.ListComp, ast.SetComp, ast.DictComp)):
        stages = []
    return [f"{word} " + " = ".join([*stages, whole])]


def _yield(node: ast.expr, reading: Reading, now: Happening) -> list[str]:
    if not isinstance(now.leave, Yield):
        return []
    if isinstance(node, ast.Yield) and node.value is not None:
        return [f"Yield {reading.chain(node.value, now.leave.value)}"]
    value = reading.value(now.leave.value)
    return [f"Yield {value}" if value else f"Yield {reading.texts.described(now.leave.value)}"]


def _raise(node: ast.Raise, reading: Reading, now: Happening) -> list[str]:
    return [] if now.raised is None else [f"Raise {said(now.raised)}"]


def said(raised: Raise) -> str:
    """``ValueError: 'not a number'``."""
    return f"{raised.type}: {raised.message!r}" if raised.message else raised.type


def _assert(node: ast.Assert, reading: Reading, now: Happening) -> list[str]:
    truth = reading.truth(node.test)
    return [] if truth is None else [outcome(node.test, truth, reading)]


def _break(node: ast.Break, reading: Reading, now: Happening) -> list[str]:
    return [f"Leave the loop in pass {reading.current_pass}"]


def _continue(node: ast.Continue, reading: Reading, now: Happening) -> list[str]:
    return ["Go on to the next pass"]


def _test(node: ast.If, reading: Reading, now: Happening) -> list[str]:
    truth = reading.truth(node.test)
    return [] if truth is None else [outcome(node.test, truth, reading)]


def _caught(node: ast.ExceptHandler, reading: Reading, now: Happening) -> list[str]:
    if node.name:
        now.told.add(node.name)
    return []


def _match(node: ast.Match, reading: Reading, now: Happening) -> list[str]:
    if reading.density.plain:
        return []
    return [f"Match {reading.chain(node.subject, reading.result(node.subject))}"]


_TELLERS: dict[type[ast.AST], Callable[..., list[str]]] = {
    ast.Assign: _assign,
    ast.AnnAssign: _ann_assign,
    ast.AugAssign: _aug_assign,
    ast.Delete: _delete,
    ast.Expr: _expression,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.If: _test,
    ast.ExceptHandler: _caught,
    ast.Match: _match,
}
