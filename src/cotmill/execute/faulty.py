"""What a recorder does besides in a run with a fault: one value, seen at one moment, is replaced by a wrong one.

A fault is `{"at": [line, col, end_line, end_col], "stored": bool, "moment": n, "value": "a Python literal"}`:

* not `stored`: the expression at this place has the wrong value, where its `value` event is event n of the trace;
* `stored`: the statement that binds the target at this place (a name, or an element) has stored the wrong value, where
  the change that it makes is event n. A second statement on the same line, `x = FAULT(x)`, stands behind it.

The number of events tells the moment, so that nothing is counted: up to there the run is the run without the fault.

Standard library only: it runs inside the sandbox's child, where it is loaded by its path.
"""

from __future__ import annotations

import ast
import builtins
import copy
import sys
from collections.abc import Iterator
from typing import Any

__all__ = ["Faulty"]

FAULT = "__cotmill_fault__"
_gettrace, _settrace = sys.gettrace, sys.settrace


class Faulty:
    """Stands before `Recorder` among the bases of a recorder (tracer.py); `fault` is an attribute of the class."""

    fault: dict[str, Any]
    site: int | None = None
    # of Recorder
    current: Any
    events: list[Any]
    trace: Any
    values: Any

    def weave(self, tree: ast.Module) -> Any:
        """Raises ValueError where there is nothing at the fault's place."""
        at = tuple(self.fault["at"])
        self.moment: int = self.fault["moment"]
        self.wrong: Any = ast.literal_eval(self.fault["value"])
        found = next(_bindings(tree, at), None) if self.fault["stored"] else None
        again = found and _bound_again(found[1])  # before hooks stand in it
        plan = super().weave(tree)  # type: ignore[misc]
        if again:
            body, statement = found  # type: ignore[misc]
            body.insert(body.index(statement) + 1, again)
        else:
            self.site = plan.sites.index(("expr", *at))
        return plan

    def start(self) -> None:
        setattr(builtins, FAULT, self.on_stored)
        super().start()  # type: ignore[misc]

    def on_value(self, site: int, value: Any) -> Any:
        if site == self.site and _gettrace() is self.trace:
            _settrace(None)
            frame = self.current
            if frame.about.binds_early:  # its names are told before the value
                self.values.new_moment()
                frame.compare()
            _settrace(self.trace)
            value = self.on_stored(value)
        return super().on_value(site, value)  # type: ignore[misc]

    def on_stored(self, value: Any) -> Any:
        """The wrong value at the fault's moment, the right one at any other."""
        return self.wrong if len(self.events) == self.moment else value


def _bindings(tree: ast.Module, at: tuple[int, ...]) -> Iterator[tuple[list[ast.stmt], Any]]:
    """The statement that binds the target at this place, with the block that it stands in."""
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            for statement in body if isinstance(body, list) else ():
                target = _target(statement)
                place = target and (target.lineno, target.col_offset, target.end_lineno, target.end_col_offset)
                if place == at:
                    yield body, statement  # type: ignore[misc]


def _target(statement: ast.stmt) -> Any:
    """The one target that it binds; None where it binds none or several."""
    if isinstance(statement, ast.Assign):
        return statement.targets[0] if len(statement.targets) == 1 else None
    return getattr(statement, "target", None) if isinstance(statement, (ast.AugAssign, ast.AnnAssign)) else None


def _bound_again(statement: ast.stmt) -> ast.Assign:
    """`target = FAULT(target)`, all of it at the place of the target: the line on which the statement ends."""
    target = _target(statement)
    store, load = copy.deepcopy(target), copy.deepcopy(target)  # hooks will be woven into the original
    load.ctx = ast.Load()
    again = ast.Assign([store], ast.Call(ast.Name(FAULT, ast.Load()), [load], []))
    for part in ast.walk(again):
        if isinstance(part, (ast.expr, ast.stmt)):
            ast.copy_location(part, target)
    return again
