"""Comprehensions, generator expressions and lambdas: many short evaluations, told in one sentence each."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from cotmill.base.trace import Return, Yield
from cotmill.explain.phrases import joined
from cotmill.explain.reading import Reading
from cotmill.explain.source import Source
from cotmill.explain.state import UNKNOWN
from cotmill.explain.steps import Loop, Segment, Step

__all__ = ["Nameless", "is_nameless", "is_quiet"]

LISTED = 12  # results of a lambda or a generator expression that are listed


def is_nameless(segment: Segment) -> bool:
    """A comprehension, generator expression or lambda."""
    return segment.call is not None and segment.call.name.startswith("<")


def is_quiet(segment: Segment) -> bool:
    """Nothing with a name of its own is called inside."""
    waiting = [segment]
    while waiting:
        for item in waiting.pop().items:
            for part in item.parts if isinstance(item, Step) else ():
                if isinstance(part, Segment):
                    if part.call is not None and not is_nameless(part):
                        return False
                    waiting.append(part)
            if isinstance(item, Loop):
                return False
    return True


@dataclass(slots=True)
class _Run:
    """One comprehension, or all calls of one lambda, inside a step."""

    node: ast.expr | None
    name: str
    inputs: list[list[tuple[str, int]]] = field(default_factory=list)
    results: list[int] = field(default_factory=list)
    said: int = 0  # of the results, how many were told
    begun: bool = True  # False for a generator expression that began in an earlier step


class Nameless:
    """What ran without a name in the step that is being told. `take` each segment, then `sentences`."""

    def __init__(self, source: Source, began: dict[int, ast.expr | None]) -> None:
        self._source = source
        self._began = began  # by frame, the generator expressions of all steps
        self._runs: list[_Run] = []
        self._by_frame: dict[int, _Run] = {}
        self._seen: dict[tuple[str, int], int] = {}

    def take(self, segment: Segment) -> None:
        call = segment.call
        run = self._by_frame.get(segment.frame)
        if call is not None:
            run = self._begin(call.name, call.line)
            self._by_frame[segment.frame] = run
            if call.name == "<genexpr>":
                self._began[segment.frame] = run.node
            if call.name == "<lambda>":
                run.inputs.append(list(call.args))
        elif run is None and segment.frame in self._began:
            run = self._by_frame[segment.frame] = _Run(self._began[segment.frame], "<genexpr>", begun=False)
            self._runs.append(run)
        if (run is not None and isinstance(segment.end, Yield)) or (
            run is not None and isinstance(segment.end, Return) and run.name != "<genexpr>"
        ):
            run.results.append(segment.end.value)

    def goes_on(self, segment: Segment) -> bool:
        """A generator expression is resumed."""
        return segment.call is None and segment.frame in self._began

    def _begin(self, name: str, line: int) -> _Run:
        nodes = self._source.nameless.get((name, line), [])
        if name == "<lambda>":
            node = nodes[0] if len(nodes) == 1 else None
            for run in self._runs:
                if run.name == name and run.node is node:
                    return run
        else:
            seen = self._seen[name, line] = self._seen.get((name, line), -1) + 1
            node = nodes[seen % len(nodes)] if nodes else None
        self._runs.append(_Run(node, name))
        return self._runs[-1]

    def hold(self, segment: Segment) -> ast.expr | None:
        """Take a segment whose results are told as they come. Gives the comprehension's node."""
        self.take(segment)
        run = self._by_frame.get(segment.frame)
        if run is None or run.name != "<genexpr>":
            return None
        run.said = len(run.results)
        return run.node

    def sentences(self, reading: Reading, statement: ast.AST | None) -> tuple[list[str], str]:
        """One sentence for each comprehension and lambda with news; none for one whose result nobody could state.

        Also the name that the statement gives to a comprehension, where the sentence says so: it needs no other.
        """
        told, named = [], ""
        for run in self._runs:
            if isinstance(run.node, ast.GeneratorExp):
                self._gather(run, run.node, reading, statement)
            if run.said == len(run.results) and (run.said or run.name != "<genexpr>"):
                continue
            name = _name_for(run.node, statement)
            sentence = _of_lambda(run, reading) if run.name == "<lambda>" else _of_comprehension(run, reading, name)
            named = named or (name if sentence else "")
            told.append(sentence)
            run.said = len(run.results)
        return [sentence for sentence in told if sentence], named

    def _gather(self, run: _Run, node: ast.GeneratorExp, reading: Reading, statement: ast.AST | None) -> None:
        """All that a generator expression gave may stand for it, as a list, where a function gathers it."""
        texts = [reading.value(index, 80) for index in run.results]
        if len(texts) <= LISTED and all(texts) and _gathers(node, statement):
            reading.note(node, f"[{', '.join(text for text in texts if text)}]")


_GATHERING = frozenset(
    ("sum", "max", "min", "any", "all", "list", "tuple", "set", "frozenset", "sorted", "join", "Counter", "dict")
)


def _gathers(node: ast.GeneratorExp, statement: ast.AST | None) -> bool:
    """The generator expression is used up by a function that would do the same with a list."""
    for part in ast.walk(statement) if statement is not None else ():
        if isinstance(part, ast.Call) and part.args and part.args[0] is node:
            name = part.func.attr if isinstance(part.func, ast.Attribute) else getattr(part.func, "id", "")
            return name in _GATHERING
    return False


def _name_for(node: ast.expr | None, statement: ast.AST | None) -> str:
    """``ys`` of the statement ``ys = [...]``."""
    if isinstance(statement, ast.Assign) and statement.value is node and len(statement.targets) == 1:
        target = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign) and statement.value is node:
        target = statement.target
    else:
        return ""
    return target.id if isinstance(target, ast.Name) and not isinstance(node, ast.GeneratorExp) else ""


def _of_lambda(run: _Run, reading: Reading) -> str:
    cases = []
    for given, result in list(zip(run.inputs, run.results, strict=False))[run.said :]:
        value = reading.value(result, 80)
        names = [(name, reading.value(index, 80)) for name, index in given]
        if value is None or not names or any(text is None for _, text in names):
            return ""
        cases.append(f"{value} for {joined([f'{name} = {text}' for name, text in names])}")
    if not cases:
        return ""
    code = f" `{reading.program.text(run.node.body)}`" if isinstance(run.node, ast.Lambda) else ""
    return f"The lambda{code} gives {_listed(cases)}"


def _of_comprehension(run: _Run, reading: Reading, name: str) -> str:
    node = run.node
    result = _result(run, reading)
    if not result or not isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        return ""
    if isinstance(node, ast.DictComp):
        element = f"{reading.program.text(node.key)}: {reading.program.text(node.value)}"
    else:
        element = reading.program.text(node.elt)
    sources = []
    for number, generator in enumerate(node.generators):
        held = f"`{reading.program.text(generator.iter)}`"
        if number == 0 and run.begun and not run.said:
            held = _gone_through(generator.iter, reading)
        tests = [f"`{reading.program.text(test)}`" for test in generator.ifs]
        where = f" where {joined(tests)}" if tests else ""
        sources.append(f"each {ast.unparse(generator.target)} in {held}{where}")
    if name and not result.startswith(("a ", "an ")):
        result = f"{name} = {result}"
    elif name:
        result = f"{name}, {result}"
    if isinstance(node, ast.GeneratorExp) and _as_they_are(node):
        return ""
    return f"Taking `{element}` for {joined(sources)} gives {result}"


def _as_they_are(node: ast.GeneratorExp) -> bool:
    """``(x for x in xs)``: nothing is done to the values."""
    first = node.generators[0]
    return len(node.generators) == 1 and not first.ifs and ast.unparse(node.elt) == ast.unparse(first.target)


def _gone_through(node: ast.expr, reading: Reading) -> str:
    index = reading.result(node)
    if index != UNKNOWN and isinstance(node, ast.Name):
        return reading.value(index, 60) or node.id
    return reading.written(node, True)


def _result(run: _Run, reading: Reading) -> str:
    if run.name != "<genexpr>":
        if not run.results:
            return ""
        return reading.value(run.results[-1]) or reading.texts.described(run.results[-1])
    texts = [reading.value(index, 80) for index in run.results[run.said :]]
    if not texts:
        return "nothing" if run.begun else ""
    return "" if any(text is None for text in texts) else _listed([text for text in texts if text])


def _listed(cases: list[str]) -> str:
    """All of them, or the first ones and the last."""
    if len(cases) <= LISTED:
        return ", ".join(cases)
    return f"{', '.join(cases[: LISTED // 2])} and so on until {cases[-1]}, {len(cases)} in all"
