"""A word problem as data: quantities that are given, steps that follow from them, one quantity that is asked for.

Read from the code of a program and written back as tidy code. Operators (`operators/`) add steps, join two problems,
put loops around one. Steps are kept as source text: each assigns one new name, so that renaming is by word.
"""

from __future__ import annotations

import ast
import keyword
import re
from dataclasses import dataclass, replace
from functools import cached_property

from cotmill.compose.stories.quantities import (
    UNKNOWN,
    Quantity,
    asked_for,
    is_vague,
    of_name,
    plural,
    singular,
    words_of,
)
from cotmill.compose.stories.sense import Values, worked

__all__ = ["Story", "fresh", "names_in", "read_story", "renamed"]

MAX_STEPS = 14
TITLE_WORDS = 4  # a short title is the name of what is asked for
UNNAMED = "result"  # what an expression that is returned at once is called
MAX_CONSTANT = 2_000
_PLAIN = (
    ast.BinOp, ast.Constant, ast.Name, ast.Load, ast.UnaryOp, ast.USub, ast.Add, ast.Sub, ast.Mult, ast.Div,
    ast.FloorDiv, ast.Mod, ast.IfExp, ast.Compare, ast.Lt, ast.LtE, ast.Gt, ast.GtE,
)  # fmt: skip
_NO_QUANTITIES = frozenset({"min", "max", "abs", "if", "else"})
_WORD = re.compile(r"\b[A-Za-z_]\w*\b")


@dataclass(frozen=True)
class Story:
    """`cases` are inputs on which every quantity makes sense; a story without one is not used."""

    id: str  # of the program that it was read from
    params: tuple[str, ...]
    steps: tuple[str, ...]  # "name = expression", each name new
    result: str
    asked: Quantity  # what the result is
    cases: tuple[Values, ...] = ()

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(names_in(" ".join(self.steps))) | set(self.params)

    @cached_property
    def quantities(self) -> dict[str, Quantity]:
        return {name: of_name(name) for name in self.names} | {self.result: self.asked}

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.code("solution"))

    @cached_property
    def worked(self) -> tuple[Values | None, ...]:
        """What every name holds in each case; None for a case in which something makes no sense."""
        return tuple(worked(self.tree, case, self.quantities, self.asked) for case in self.cases)

    def settled(self) -> Story | None:
        """With the sensible ones of its cases; None where there is none."""
        cases = tuple(case for case, values in zip(self.cases, self.worked, strict=True) if values is not None)
        return replace(self, cases=cases) if cases else None

    def code(self, name: str) -> str:
        """The problem as a function of this name, its last step in the `return`."""
        last = self.steps[-1]
        target, _, expression = last.partition(" = ")
        body, end = (self.steps[:-1], expression) if target == self.result else (self.steps, self.result)
        lines = [f"def {name}({', '.join(self.params)}):", *body, f"return {end}"]
        return "\n    ".join(lines) + "\n"

    def call(self, name: str, **given: str) -> str:
        """`name(a, b)` with some arguments given otherwise."""
        return f"{name}({', '.join(given.get(param, param) for param in self.params)})"

    def with_names(self, names: dict[str, str]) -> Story:
        """The same told with other names."""
        return replace(
            self,
            params=tuple(names.get(param, param) for param in self.params),
            steps=tuple(renamed(step, names) for step in self.steps),
            result=names.get(self.result, self.result),
            cases=tuple({names.get(name, name): value for name, value in case.items()} for case in self.cases),
        )


def names_in(text: str) -> set[str]:
    """The quantities that a piece of code names."""
    return set(_WORD.findall(text)) - _NO_QUANTITIES


def renamed(text: str, names: dict[str, str]) -> str:
    """Names in a piece of code replaced, whole words only; there are no texts in steps."""
    return _WORD.sub(lambda found: names.get(found[0], found[0]), text)


def fresh(wanted: str, taken: frozenset[str] | set[str]) -> str:
    """`wanted`, or with a word before it that makes it another name."""
    for prefix in ("", "other_", "second_", "third_", "further_"):
        if prefix + wanted not in taken and not keyword.iskeyword(prefix + wanted):
            return prefix + wanted
    number = 2
    while f"{wanted}_{number}" in taken:
        number += 1
    return f"{wanted}_{number}"


def read_story(id: str, code: str, problem: str, title: str = "") -> Story | None:
    """The word problem that a program states, without inputs; None where it is anything else, or its names say nothing.

    A result that has no name of its own is called by a short title. What does not reach the result is left out, and so
    is a last name that only repeats another.
    """
    tree = ast.parse(code)
    entry = tree.body[0]
    if len(tree.body) != 1 or not isinstance(entry, ast.FunctionDef) or entry.args.defaults or entry.args.kwonlyargs:
        return None
    read = _steps(entry)
    if read is None:
        return None
    steps, result = read
    steps, result = _unaliased(steps, result)
    reached = _reaching(steps, result)
    params = tuple(arg.arg for arg in entry.args.args)
    used = names_in(" ".join(expression for _, expression in reached))
    story = Story(
        id, tuple(name for name in params if name in used),
        tuple(f"{name} = {expression}" for name, expression in reached), result, UNKNOWN,
    )  # fmt: skip
    if not reached or not story.params or not all(map(_is_telling, story.names - {result})):
        return None
    if result == UNNAMED and (named := "_".join(words_of(title))) and named not in story.names:
        story = story.with_names({result: named if len(words_of(title)) <= TITLE_WORDS else result})
    return _named(story, asked_for(problem))


def _steps(entry: ast.FunctionDef) -> tuple[list[tuple[str, str]], str] | None:
    """Assignments of plain arithmetic, each to a new name, and the name that is returned."""
    body = entry.body[1:] if ast.get_docstring(entry) is not None else entry.body
    bound = {arg.arg for arg in entry.args.args}
    steps: list[tuple[str, str]] = []
    for number, node in enumerate(body):
        last = number == len(body) - 1
        if last and isinstance(node, ast.Return) and node.value is not None and _is_plain(node.value):
            if isinstance(node.value, ast.Name):
                return steps, node.value.id
            return [*steps, (UNNAMED, ast.unparse(node.value))], UNNAMED
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name not in bound and _is_plain(value):
                bound.add(name)
                steps.append((name, ast.unparse(value)))
            case _:
                return None
    return None


def _is_plain(node: ast.expr) -> bool:
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            if not isinstance(part.func, ast.Name) or part.func.id not in _NO_QUANTITIES or part.keywords:
                return False
        elif not isinstance(part, _PLAIN):
            return False
        if isinstance(part, ast.Constant) and not _is_small_number(part.value):
            return False
    return True


def _is_small_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value <= MAX_CONSTANT


def _unaliased(steps: list[tuple[str, str]], result: str) -> tuple[list[tuple[str, str]], str]:
    """`b = a` goes, and b is called a."""
    names: dict[str, str] = {}
    kept: list[tuple[str, str]] = []
    for name, expression in steps:
        expression = renamed(expression, names)
        if expression.isidentifier():
            names[name] = expression
        else:
            kept.append((name, expression))
    return kept, names.get(result, result)


def _reaching(steps: list[tuple[str, str]], result: str) -> list[tuple[str, str]]:
    wanted = {result}
    kept: list[tuple[str, str]] = []
    for name, expression in reversed(steps):
        if name in wanted:
            kept.append((name, expression))
            wanted |= names_in(expression)
    return kept[::-1] if len(kept) <= MAX_STEPS else []


def _is_telling(name: str) -> bool:
    """Made of lower-case words, one of them of three letters or more, no numbers."""
    words = words_of(name)
    return name.isascii() and name.islower() and not any(map(str.isdigit, name)) and any(len(w) > 2 for w in words)


def _named(story: Story, asked: Quantity) -> Story | None:
    """With a result whose name says what it is; None where nothing does."""
    quantity = of_name(story.result)
    if not quantity.per and _says_more(asked, quantity, story):
        quantity = asked
    if quantity.kind == "unknown":
        return None
    name = story.result
    if is_vague(name):
        name = {"money": "total_money" if quantity.flow != "cost" else "total_cost", "age": "final_age"}.get(
            quantity.kind, f"total_{plural(quantity.unit)}" if quantity.unit else "")  # fmt: skip
    elif of_name(name).kind == "unknown":  # "remaining", "tripled", "monday"
        name = f"{name}_{'money' if quantity.kind == 'money' else plural(quantity.unit) if quantity.unit else ''}"
    if not name or name.endswith("_") or (name != story.result and name in story.names):
        return None
    return replace(story.with_names({story.result: name}), asked=quantity) if _is_telling(name) else None


def _says_more(asked: Quantity, named: Quantity, story: Story) -> bool:
    """The question says what the result is where its name does not, or says something vaguer."""
    if asked.kind == "money":
        return named.kind in ("count", "unknown")
    if asked.kind in ("time", "length", "weight", "volume"):
        return named.kind != "money"
    return asked.kind == "count" and named.kind not in ("money", "count") and asked.unit in _nouns(story)


def _nouns(story: Story) -> set[str]:
    return {singular(word) for name in story.names for word in words_of(name)}
