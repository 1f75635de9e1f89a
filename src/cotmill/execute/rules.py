"""Rules that a pair must pass, each a function with the reason it rejects for.

A rule returns the detail of its objection, or an empty string. Three tables say when a rule is asked: of a program
with one of its inputs before anything runs, of an execution, and of a program's executions together. A recipe turns
rules on by their reason (`execute.rules`); docs/recipes.md says what each is for, docs/first-change.md how to add one.

A rule of the last kind may want the program run on changed inputs. It yields them and goes on with what comes out, so
that whoever asks it can run the changes of many programs in one go.

Caco (arXiv 2510.04081, section 3.2 and its released filter) demands a parse, at least 6 effective lines, 10 s, used
inputs and an output; EGR (arXiv 2506.10343) 5 s and a bounded trace. Time, memory, the bounded trace and determinism
are no rules here but limits of every run (`execute.limits`).
"""

from __future__ import annotations

import ast
import difflib
import json
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import chain, islice, zip_longest
from typing import Any, TypeGuard

from cotmill.base.difficulty import operations
from cotmill.base.reasons import Reason
from cotmill.base.recipe import Execute, RecipeError
from cotmill.base.records import Execution, Program
from cotmill.base.stage import Reject
from cotmill.base.trace import Line, Trace

__all__ = [
    "FAMILY_RULES", "OUTCOME_RULES", "PROGRAM_RULES", "Changes", "check_names", "judge_execution", "judge_family",
    "screen",
]  # fmt: skip

ProgramRule = Callable[[Program, str, Execute], str]
OutcomeRule = Callable[[Execution, Execute], str]
# Each is to be run on another input; sent back is what comes out, or the word for what went wrong.
Changes = list[tuple[Execution, str]]
Details = dict[str, str]  # id of an execution -> why it is rejected
CHANGES_AT_ONCE = 4
CHANGED_INPUTS = 3  # of a program, in search of another answer
NEIGHBOURS = 3  # changes of one input, beside which changes of another are tried
TRIES_BESIDE = 4  # of these
FamilyRule = Callable[[list[Execution]], Generator[Changes, list[str], Details]]


# Before anything runs: (program, one input as JSON text, settings) -> detail.


TEMPLATE_LINES = 2  # `input = {...}` and `output = solution(**input)`, which a released program has and Caco counts


def enough_lines(program: Program, input: str, settings: Execute) -> str:
    lines = _effective_lines(program.code) + TEMPLATE_LINES
    return f"{lines} effective lines, {settings.min_lines} are demanded" if lines < settings.min_lines else ""


def imports_allowed(program: Program, input: str, settings: Execute) -> str:
    odd = sorted(_imports(program.code) - set(settings.allowed_imports))
    return f"imports {', '.join(odd)}" if odd else ""


def source_fits(program: Program, input: str, settings: Execute) -> str:
    return _over(program.code, settings.max_source_kb, "source")


def input_fits(program: Program, input: str, settings: Execute) -> str:
    return _over(input, settings.max_input_kb, "input")


# After a run: (execution, settings) -> detail.


def output_fits(execution: Execution, settings: Execute) -> str:
    return _over(execution.answer, settings.max_output_kb, "answer")


def output_present(execution: Execution, settings: Execute) -> str:
    return f"the answer is {execution.answer}" if execution.answer in ("null", '""', "[]", "{}") else ""


def worked_out(execution: Execution, settings: Execute) -> str:
    lines = Trace.parse(execution.trace).events if execution.trace else ()
    executed = {event.line for event in lines if isinstance(event, Line)} or None  # untraced: all lines count
    return "" if operations(execution.code, executed) else "no operator, function or method was used"


# After all runs of a program: executions -> changes to run, one batch after the other -> details.


def output_varies(executions: list[Execution]) -> Generator[Changes, list[str], Details]:
    """Rejects all executions when all inputs give the same answer, and so does every change of some of them.

    A test that is rarely true says false to all inputs of a seed, and is no constant.
    """
    first = executions[0]
    varies = any(execution.answer != first.answer for execution in executions)
    if not varies:
        distinct = list({execution.input: execution for execution in executions}.values())[:CHANGED_INPUTS]
        changes = (
            (execution, changed)
            for execution in distinct
            for found in _changed_inputs(execution.input).values()
            for changed in found
        )
        while not varies and (few := list(islice(changes, CHANGES_AT_ONCE))):
            answers = yield few
            varies = any(answer != first.answer for answer in answers)
    if varies:
        return {}
    return {execution.id: f"every input gives {_short(first.answer)}" for execution in executions}


def every_input_matters(executions: list[Execution]) -> Generator[Changes, list[str], Details]:
    """Rejects executions of a program with an input whose value never changes what comes out, an error included.

    Decided by running: values of the program's other inputs and small changes are tried for each name, first in the
    execution itself, then in its siblings, then beside a change of another input, since an input may matter only beside
    certain others (k beside an empty list does not).
    """
    idle = list(json.loads(executions[0].input))
    others = [json.loads(execution.input) for execution in executions]
    for execution in executions:
        yield from _strike_out(idle, execution, others)
        if not idle:
            return {}
    for changes in _neighbours(executions[0]):
        answers = yield changes
        for (execution, changed), answer in zip(changes, answers, strict=True):
            if _ran(answer):
                beside = replace(execution, input=changed, answer=answer)
                yield from _strike_out(idle, beside, others, TRIES_BESIDE)
                if not idle:
                    return {}
    return {execution.id: f"no change of {', '.join(sorted(idle))} changes the outcome" for execution in executions}


def _strike_out(
    idle: list[str], execution: Execution, others: list[dict[str, Any]], most: int | None = None
) -> Generator[Changes, list[str]]:
    """Take from the idle names those of which a change changes the outcome; `most` changes of each are tried."""
    every = _changed_inputs(execution.input, others)
    changes = {name: islice(every.get(name, ()), most) for name in idle}
    for tries in zip_longest(*changes.values()):  # one change of every name at a time
        tried = [(name, changed) for name, changed in zip(changes, tries, strict=True) if changed and name in idle]
        answers = yield [(execution, changed) for _, changed in tried]
        for (name, _), answer in zip(tried, answers, strict=True):
            if answer != execution.answer:
                idle.remove(name)
        if not idle:
            return


def _neighbours(execution: Execution) -> Iterator[Changes]:
    """A few changes of each input."""
    for changes in _changed_inputs(execution.input).values():
        found = list(changes)
        yield [(execution, changed) for changed in found[:: max(1, len(found) // NEIGHBOURS)][:NEIGHBOURS]]


def _ran(answer: str) -> bool:
    """Whether it is the JSON of an answer, and not the word for what went wrong."""
    try:
        json.loads(answer)
    except ValueError:
        return False
    return True


PROGRAM_RULES: dict[Reason, ProgramRule] = {
    Reason.FORBIDDEN_IMPORT: imports_allowed,
    Reason.TOO_FEW_LINES: enough_lines,
    Reason.SOURCE_TOO_LARGE: source_fits,
    Reason.INPUT_TOO_LARGE: input_fits,
}
OUTCOME_RULES: dict[Reason, OutcomeRule] = {
    Reason.OUTPUT_TOO_LARGE: output_fits,
    Reason.EMPTY_OUTPUT: output_present,
    Reason.TRIVIAL: worked_out,
}
FAMILY_RULES: dict[Reason, FamilyRule] = {
    Reason.CONSTANT_OUTPUT: output_varies,
    Reason.UNUSED_INPUT: every_input_matters,
}


def check_names(settings: Execute) -> None:
    """Raises RecipeError for a rule that does not exist."""
    known = [str(reason) for reason in (*PROGRAM_RULES, *OUTCOME_RULES, *FAMILY_RULES)]
    for name in settings.rules:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f", did you mean {close[0]!r}?" if close else "."
            raise RecipeError(f"execute.rules: there is no rule {name!r}{hint} Rules: {', '.join(known)}")


def screen(program: Program, settings: Execute) -> Iterator[Program | Reject]:
    """Stage work: the pairs that pass the rules that need no run, as one program; each other pair as a reject."""
    kept: list[int] = []
    for index, pair in enumerate(program.pairs):
        for reason, rule in PROGRAM_RULES.items():
            if reason in settings.rules and (detail := rule(program, program.inputs[index], settings)):
                yield Reject(reason, detail, pair)
                break
        else:
            kept.append(index)
    if kept:
        pick: Callable[[tuple[str, ...]], tuple[str, ...]] = lambda items: tuple(items[index] for index in kept)  # noqa: E731 - three uses in one expression
        yield Program(
            program.id, program.source, program.title, program.problem, program.code,
            pick(program.pairs), pick(program.inputs), pick(program.answers), program.lineage,
        )  # fmt: skip


def judge_execution(execution: Execution, settings: Execute) -> Execution | Reject:
    """The execution, or the first rule's objection to it."""
    for reason, rule in OUTCOME_RULES.items():
        if reason in settings.rules and (detail := rule(execution, settings)):
            return Reject(reason, detail, execution.id)
    return execution


def judge_family(
    executions: list[Execution], settings: Execute
) -> Generator[Changes, list[str], list[Execution | Reject]]:
    """A program's executions, each as it is or as the first rule's reject. Yields what the rules want to be run."""
    rejects: dict[str, Reject] = {}
    for reason, rule in FAMILY_RULES.items():
        if reason in settings.rules and executions:
            details = yield from rule(executions)
            for pair, detail in details.items():
                rejects.setdefault(pair, Reject(reason, detail, pair))
    return [rejects.get(execution.id, execution) for execution in executions]


def _over(text: str, limit_kb: float, what: str) -> str:
    size = len(text.encode("utf-8", "surrogatepass")) / 1024
    return f"{what} of {size:.1f} kB, the limit is {limit_kb:g} kB" if size > limit_kb else ""


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."


@lru_cache(maxsize=64)
def _effective_lines(code: str) -> int:
    """Lines that hold code: no blank lines, comments, docstrings, imports."""
    tree = ast.parse(code)
    idle: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)) or _is_docstring(node):
            idle.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = enumerate(code.splitlines(), start=1)
    return sum(1 for number, line in lines if line.strip() and not line.strip().startswith("#") and number not in idle)


def _is_docstring(node: ast.AST) -> TypeGuard[ast.Expr]:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


@lru_cache(maxsize=64)
def _imports(code: str) -> frozenset[str]:
    """Top-level names of all imported modules, wherever the import stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or ".").partition(".")[0])
    return frozenset(found)


def _changed_inputs(input: str, others: list[dict[str, Any]] | None = None) -> dict[str, Iterator[str]]:
    """Name -> the input with that name's value changed: values of the other inputs, small changes, other names' values.

    The last show what compares two inputs.
    """
    arguments = json.loads(input)

    def changed(name: str, value: Any) -> Iterator[str]:
        candidates = chain(
            (other[name] for other in others or () if name in other),
            _variants(value),
            (item for other, item in arguments.items() if other != name and type(item) is type(value)),
        )
        seen = {json.dumps(value)}
        for candidate in candidates:
            text = json.dumps(candidate)
            if text not in seen:
                seen.add(text)
                yield json.dumps({**arguments, name: candidate}, ensure_ascii=False)

    return {name: changed(name, value) for name, value in arguments.items()}


def _variants(value: Any) -> Iterator[Any]:
    """A few values of the same type, near this one."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, (int, float)):
        half = value // 2 if isinstance(value, int) else value / 2
        yield from (
            value + 1,
            value - 1,
            value * 2 + 3,
            half,
            -value,
            1,  # from something huge
            value * 10**6 + 7,  # beside something huge
        )
    elif isinstance(value, str):
        yield from (value[::-1], value + value[:1], value[1:], value.swapcase(), "a" + value, value + value[::-1])
    elif isinstance(value, list):
        yield from (value[::-1], value[1:], value + value[:1], value + value[::-1])
        for index, item in enumerate(value[:3]):
            yield from ([*value[:index], changed, *value[index + 1 :]] for changed in _variants(item))
    elif isinstance(value, dict):
        for key in list(value)[:3]:
            yield {other: item for other, item in value.items() if other != key}
            yield from ({**value, key: changed} for changed in _variants(value[key]))
    else:
        yield 0
