"""Seed -> Program: the unified form, by AST.

A unified program is definitions only, with one entry `solution(...)`, written by `ast.unparse`; the values that it
runs on stand in its inputs and nowhere else. The steps, each in its own module:

1. parse (`stated`); 2. find the entry, or make it of a script (`scripts`, `entry`); 3. drop what it does not need
(`tidy`); 4. lift literals into the input (`lift`); 5. name the entry `solution` (`scopes`); 6. check each input
against the entry's parameters.

A seed that has equations in place of code goes through `formulas` instead; one that has neither is for a model
(unify_llm).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from cotmill.base.reasons import Reason
from cotmill.base.records import Lineage, Program, Seed
from cotmill.base.stage import Reject
from cotmill.base.unified import misfit, parameters
from cotmill.base.values import NotJson, canonical_json, parse_json
from cotmill.collect.entry import Unfit
from cotmill.collect.formulas.program import program_of
from cotmill.collect.lift import lift_defaults, lift_literals
from cotmill.collect.prints import return_the_print
from cotmill.collect.scopes import Unrenamable, analyse, rename
from cotmill.collect.scripts import entry_and_input
from cotmill.collect.stated import parse

__all__ = ["ENTRY", "unify"]

ENTRY = "solution"
IN_WORDS = (
    "neither code nor equations; if they stand in other columns, map these with `fields`, else a model writes programs "
    "from words: --set model.unify.use=true"
)


def unify(seed: Seed) -> Iterator[Program | Reject]:
    """One program with the inputs that fit it, and a reject for each input that does not; or one reject for all."""
    if seed.formula:
        yield _from_formula(seed)
        return
    if not seed.code and seed.problem:
        yield Reject(Reason.NOT_UNIFIABLE, IN_WORDS)
        return
    try:
        tree = parse(seed.code)
    except ValueError as error:
        yield Reject(Reason.SYNTAX_ERROR, str(error)[:500])
        return
    try:
        entry, given = _to_definitions(tree, seed)
        code = ast.unparse(tree)
    except Unfit as unfit:
        yield Reject(unfit.reason, unfit.detail)
        return
    except Unrenamable as error:
        yield Reject(Reason.NOT_UNIFIABLE, str(error))
        return
    except (RecursionError, ValueError) as error:  # ast.unparse: nested too deeply; an f-string it cannot quote
        yield Reject(Reason.NOT_UNIFIABLE, f"the program cannot be written back: {error}")
        return
    yield from _with_inputs(seed, code, entry, given)


def _from_formula(seed: Seed) -> Program | Reject:
    """Equations in place of code; the numbers of the problem are the input."""
    answer = seed.answers[0] if seed.answers else ""
    try:
        found = program_of(seed.problem, seed.formula, answer, seed.unit)
    except (ValueError, ArithmeticError, RecursionError) as error:
        equations = " ".join(seed.formula.split())[:300]
        return Reject(
            Reason.NOT_UNIFIABLE, f"{error}; the equations are {equations}; the answer is {answer or 'unknown'}"
        )
    return Program(
        seed.id, seed.source, seed.title, seed.problem, found.code, seed.pair_ids(), (canonical_json(found.input),),
        (answer,), Lineage(seed.id),
    )  # fmt: skip


def _to_definitions(tree: ast.Module, seed: Seed) -> tuple[ast.FunctionDef, dict[str, Any]]:
    """Change the tree into the unified form; gives the entry and the values that were lifted out of the code."""
    if ast.get_docstring(tree) is not None:
        del tree.body[0]  # the seed's title and problem say it
    entry, given = entry_and_input(tree, seed.entry, bool(seed.inputs))
    lifted: dict[str, Any] = {}
    if not entry.decorator_list and not _is_read(tree, entry.name):  # nobody else relies on how it is called
        return_the_print(entry)
        names, required = parameters(entry)
        if not names and entry.args.kwarg is None and entry.args.vararg is None:
            lifted = lift_literals(tree, entry)
        elif not seed.inputs and given is None and not required:
            lifted = lift_defaults(entry)
    entry.args.args = entry.args.posonlyargs + entry.args.args  # so that every parameter can be given by name
    entry.args.posonlyargs = []
    rename(tree, entry.name, ENTRY)
    return entry, lifted if seed.inputs else lifted | (given or {})


def _is_read(tree: ast.Module, name: str) -> bool:
    return any(not use.binds for use in analyse(tree)[tree].owned[name])


def _with_inputs(seed: Seed, code: str, entry: ast.FunctionDef, given: dict[str, Any]) -> Iterator[Program | Reject]:
    pairs, inputs, answers = [], [], []
    stated = seed.inputs or ("{}",)
    known = seed.answers or ("",) * len(stated)
    for pair, text, answer in zip(seed.pair_ids(), stated, known, strict=True):
        try:
            inputs.append(_canonical_input(text, entry, given))
        except Unfit as unfit:
            yield Reject(unfit.reason, unfit.detail, pair)
        else:
            pairs.append(pair)
            answers.append(answer)
    if pairs:
        yield Program(
            seed.id, seed.source, seed.title, seed.problem, code, tuple(pairs), tuple(inputs), tuple(answers),
            Lineage(seed.id),
        )  # fmt: skip


def _canonical_input(text: str, entry: ast.FunctionDef, given: dict[str, Any]) -> str:
    """JSON text -> canonical JSON of keyword arguments that the entry takes. Raises Unfit(bad-input)."""
    try:
        value = parse_json(text)
    except (ValueError, RecursionError) as error:
        raise Unfit(Reason.BAD_INPUT, f"the input is not JSON ({error}): {text[:200]}") from None
    if not isinstance(value, dict):
        raise Unfit(Reason.BAD_INPUT, f"the input is not a JSON object: {text[:200]}")
    arguments = given | value
    if reason := misfit(entry, arguments):
        raise Unfit(Reason.BAD_INPUT, reason)
    try:
        return canonical_json(arguments)
    except NotJson as error:
        raise Unfit(Reason.BAD_INPUT, f"the input holds {error}") from None
