"""What is known of one step's expressions, and how they are written: as named, with values put in, and the result."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

from cotmill.base.trace import Site
from cotmill.explain.expressions import render, settled
from cotmill.explain.source import Place, Source, place
from cotmill.explain.state import UNKNOWN, State, Texts
from cotmill.explain.styles import WORKED, Style

__all__ = ["Density", "Reading", "reads"]

SHORT = 24  # characters of a container's literal that may stand for its name inside an expression
_CONTAINERS = (list, tuple, dict, set, frozenset, str, bytes)
_DISPLAYS = (ast.Tuple, ast.List, ast.Dict, ast.Set)
_WEAK = (ast.Compare, ast.BoolOp)


@dataclass(frozen=True, slots=True)
class Density:
    """How much is told. Every field lower: a shorter text."""

    stages: bool  # calls and subscripts are first named, then valued
    passes: int  # passes of one loop that are told before it is folded
    calls: int  # calls of one function that are told before further ones are folded
    depth: int  # calls inside calls that are followed
    shown: int  # characters of a value that is shown whole
    grown: int  # characters of a container that is shown whole after every change
    plain: bool = False  # values alone, not how they came about
    style: Style = WORKED


class Reading:
    """Expressions of the step that is being told. `start` begins a step, `record` and `decide` take its events."""

    def __init__(self, source: Source, sites: list[Site], texts: Texts, state: State, density: Density) -> None:
        self.program = source
        self.texts = texts
        self.state = state
        self.density = density
        self.frame = 0
        self.entry = 0  # frame of the entry call
        self.current_pass = 0  # of the innermost loop that is being told
        self.bound: set[str] = set()  # names that a reason told (`:=` in a test)
        self.asked: set[Place] = set()  # tests that were quoted
        self.seen: set[str] = set()  # reasons that were given in this pass
        self.owed: dict[int, dict[str, int]] = {}  # by frame, names whose new value was too long to show
        self.latest: dict[str, int] = {}  # by name, the value that the last sentence about a change in place gave it
        self._sites = sites
        self._places: list[Place] = [(site.line, site.col, site.end_line, site.end_col) for site in sites]
        self._values: dict[Place, int] = {}
        self._truths: dict[Place, bool] = {}
        self._before: dict[str, int] = {}
        self._noted: dict[Place, str] = {}
        self._raw = False

    def start(self, frame: int) -> None:
        self.frame = frame
        self._values, self._truths, self._before, self._noted = {}, {}, {}, {}
        self.bound = set()

    def saved(self) -> tuple[Any, ...]:
        """The step that is being told, to be put back after a call inside it."""
        return (self.frame, self.current_pass, self._values, self._truths, self._before, self._noted)

    def restore(self, saved: tuple[Any, ...]) -> None:
        self.frame, self.current_pass, self._values, self._truths, self._before, self._noted = saved

    def record(self, site: int, value: int) -> None:
        self._values[self._places[site]] = value

    def note(self, node: ast.expr, text: str) -> None:
        """Text that may stand for an expression whose value has no index of its own."""
        self._noted[place(node)] = text

    def decide(self, site: int, truth: bool) -> None:
        self._truths[self._places[site]] = truth

    def keep(self, name: str) -> None:
        """The name is about to change inside the step: what was read before it changed is kept."""
        self._before.setdefault(name, self.state.lookup(self.frame, name))

    # What `expressions.render` asks for.

    def named(self, name: str) -> str | None:
        index = self.held(name)
        if index == UNKNOWN:
            return None
        text = self.texts.scalar(index)
        if text is None and isinstance(self.texts.values[index], _CONTAINERS) and self.texts.fits(index, SHORT):
            return self.texts.of(index)
        return text

    def receiver(self, name: str) -> str:
        index = self.held(name)
        text = None if index == UNKNOWN else self.texts.scalar(index)
        return text if text is not None and text[:1] in "'\"" else name

    def recorded(self, node: ast.expr) -> str | None:
        key = place(node)
        index = self._values.get(key, UNKNOWN)
        if index == UNKNOWN:
            return self._noted.get(key)
        text = self.texts.scalar(index)
        return self.texts.of(index) if text is None and self.texts.fits(index, 2 * SHORT) else text

    def followed(self, node: ast.Call) -> bool:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return name in self.program.callables

    def chosen(self, node: ast.IfExp) -> ast.expr | None:
        truth = self._truths.get(place(node.test))
        return None if truth is None else node.body if truth else node.orelse

    def source(self, node: ast.expr) -> str:
        self._raw = True
        return self.program.text(node)

    # What sentences are made of.

    def held(self, name: str) -> int:
        """What the name held when the step began."""
        index = self._before.get(name)
        return self.state.lookup(self.frame, name) if index is None else index

    def truth(self, test: ast.expr) -> bool | None:
        return self._truths.get(place(test))

    def result(self, node: ast.expr) -> int:
        """Index of the value of an expression, UNKNOWN where the trace does not have it."""
        if isinstance(node, ast.Name):
            index = self.held(node.id)
            return self._values.get(place(node), index)
        return self._values.get(place(node), UNKNOWN)

    def known(self, node: ast.expr) -> tuple[bool, Any]:
        """(True, value) of an expression, (False, None) where the trace does not have it."""
        if isinstance(node, ast.Constant):
            return True, node.value
        index = self.result(node)
        return (False, None) if index == UNKNOWN else (True, self.texts.values[index])

    def written(self, node: ast.expr, deep: bool) -> str:
        """The expression with values put in, or in backticks as it stands in the source."""
        self._raw = False
        text = render(node, self, deep=deep, strength=0)
        if self._raw:
            return f"`{self.program.text(node)}`"
        while isinstance(node, ast.IfExp) and (side := self.chosen(node)) is not None:
            node = side
        return f"({text})" if isinstance(node, _WEAK) or _is_not(node) else text

    def index(self, node: ast.expr) -> str:
        """What stands between the brackets of a subscript."""
        text = settled(node, self)
        return text[1:-1].rstrip(",") if isinstance(node, ast.Tuple) and text.startswith("(") else text

    def stages(self, node: ast.expr, target: str = "") -> list[str]:
        """The forms of an expression before its result: as named, then with its parts' values.

        A form that still reads the name that is assigned to (`target`) would contradict the result; it is left out.
        """
        if self.density.plain:
            return []
        if isinstance(node, ast.Name):
            return [node.id] * (node.id != target)
        if isinstance(node, ast.Constant):
            return [repr(node.value)]
        source = f"`{self.program.text(node)}`" if hasattr(node, "end_lineno") else ""
        named = self.written(node, False) if self.program.plain(node) else source
        deep = self.written(node, True)
        forms = (
            [named, deep]
            if self.density.stages and self.density.style.stages and not isinstance(node, _DISPLAYS)
            else [deep]
        )
        if self.density.style.sourced and source and not isinstance(node, _DISPLAYS) and self.program.plain(node):
            forms = [source[1:-1], *forms]
        limit = 60 if isinstance(node, _DISPLAYS) else 160
        forms = [form for form in dict.fromkeys(forms) if len(form) <= limit]
        if target:
            forms = [form for form in forms if form.startswith("`") or not reads(form, target)]
        if len(forms) > 1 and any(form.startswith("`") for form in forms):
            forms = [form for form in forms if not form.startswith("`")] or forms[:1]
        return forms or [source] * bool(source and not isinstance(node, _DISPLAYS))

    def valued(self, node: ast.expr) -> str:
        """The expression in one form, with as many values put in as there are."""
        stages = self.stages(node)
        return stages[-1] if stages else self.written(node, True)

    def value(self, index: int, limit: int = 0) -> str | None:
        """The whole value where it may be shown, else None."""
        if self.density.plain and not self.texts.simple(index):
            return None
        return self.texts.of(index) if self.texts.fits(index, limit or self.density.shown) else None

    def owe(self, name: str, index: int) -> None:
        """The name's value is said when the loop is over."""
        self.owed.setdefault(self.frame, {})[name] = index

    def chain(self, node: ast.expr, result: int, target: str = "") -> str:
        """``10 + len(xs) = 10 + 4 = 14``; ends in a description where the result is too long to show."""
        stages = self.stages(node, target)
        if result == UNKNOWN:
            return " = ".join(stages) or self.written(node, True)
        value = self.value(result)
        if value is None:
            return ", ".join([*stages[:1], self.texts.described(result)])
        if len(stages) == 1 and (len(stages[0]) > 240 or self._is_display(node)):
            return value
        said = (value, f"({value})")
        return " = ".join([*(stage for stage in stages if stage not in said and not _is_first(value, stage)), value])

    def _is_display(self, node: ast.expr) -> bool:
        """``[a, b]``: nothing is worked out."""
        return isinstance(node, _DISPLAYS) and all(
            isinstance(part, (ast.Name, ast.Constant, ast.expr_context, *_DISPLAYS)) for part in ast.walk(node)
        )


def _is_first(value: str, stage: str) -> bool:
    """``(['a'] or 'none')`` is its first operand: nothing is worked out."""
    return stage.startswith(f"({value} or ")


def reads(text: str, name: str) -> bool:
    """Whether a name, or a place such as `self.size`, stands in the text."""
    return re.search(rf"(?<![\w.'\"]){re.escape(name)}(?!\w)", text) is not None


def _is_not(node: ast.expr) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
