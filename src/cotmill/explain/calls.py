"""How a call is named: the function, what it is called on, its arguments."""

from __future__ import annotations

import ast

from cotmill.base.trace import Call
from cotmill.base.values import Opaque, Record
from cotmill.explain.literals import article
from cotmill.explain.phrases import joined
from cotmill.explain.reading import Reading
from cotmill.explain.source import Source

LONG = 24  # characters of a value that is not said again

__all__ = ["called", "given", "header", "shown"]


def called(call: Call, source: Source, reading: Reading) -> str:
    """``fact``, ``Stack.push``; the class alone for its constructor."""
    if call.name == "<lambda>":
        return "the lambda"
    receiver = _receiver(call, source, reading)
    if receiver is None:
        return call.name
    kind = receiver.type if isinstance(receiver, Record) else receiver.name
    return kind if call.name == "__init__" else f"{kind}.{call.name}"


def header(call: Call, source: Source, reading: Reading) -> str:
    """``Stack.push on Stack(items=[]) with x = 3``."""
    receiver = _receiver(call, source, reading)
    arguments = call.args if receiver is None else call.args[1:]
    on = ""
    if isinstance(receiver, Record) and call.name != "__init__" and receiver.attrs:
        on = f" on {reading.value(call.args[0][1], 80) or article(receiver.type)}"
    if not reading.density.plain:
        arguments = [pair for pair in arguments if not _handed_down(call, *pair, reading)] or arguments
    parts = [given(argument, index, reading) for argument, index in arguments]
    return f"{called(call, source, reading)}{on}" + (f" with {joined(parts)}" if parts else "")


def _handed_down(call: Call, name: str, index: int, reading: Reading) -> bool:
    """The caller has it under the same name: not said again of a function that calls itself, or where it is long."""
    if reading.state.lookup(call.parent, name) != index:
        return False
    return reading.state.runs(call.parent) == call.line or len(reading.texts.of(index)) > LONG


def given(name: str, index: int, reading: Reading) -> str:
    """``n = 3``, or what a value that is too long to show is."""
    value = reading.value(index)
    return f"{name} = {value}" if value else f"{name}, {reading.texts.described(index)}"


def shown(index: int, reading: Reading) -> str:
    """The value, or what it is."""
    return reading.value(index) or reading.texts.described(index)


def _receiver(call: Call, source: Source, reading: Reading) -> Record | Opaque | None:
    """The object or class that a method is called on; None for a plain function."""
    node = source.functions.get((call.name, call.line))
    if node is None or not isinstance(source.holder.get(node), ast.ClassDef) or not call.args:
        return None
    held = reading.texts.values[call.args[0][1]]
    if isinstance(held, Record) or (isinstance(held, Opaque) and held.kind == "class"):
        return held
    return None
