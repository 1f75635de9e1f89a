"""Candidates compile, run, name their parents, come again under the same seed, and mix nothing that does not mix."""

from __future__ import annotations

import ast
import builtins
import json
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compose.parents import answer_of, parents
from cotmill.compose.material import Case, Material
from cotmill.compose.recombine import (
    OPERATORS,
    Candidate,
    Survival,
    Weights,
    novelty_key,
    pool_of,
    recombine,
    shape_key,
    weights,
)  # fmt: skip

POOL = pool_of(parents())
IDS = {material.id for material in parents()}
NOTHING_KNOWN = Weights()
SEEDS = st.integers(0, 2**32)


def drawn(seed: int, known: Weights = NOTHING_KNOWN) -> Candidate:
    candidate = recombine(POOL, random.Random(seed), known)
    assert candidate is not None
    return candidate


@pytest.fixture(scope="module")
def many() -> list[Candidate]:
    return [drawn(seed) for seed in range(300)]


def test_the_pool_reads_word_problems_and_functions():
    """Straight-line arithmetic with telling names is a story, everything else a task."""
    assert {story.id for story in POOL.stories.all} == {id for id in IDS if id.startswith("story")}
    assert {task.id for task in POOL.tasks.all} == {id for id in IDS if id.startswith("task")}


@given(SEEDS)
def test_a_candidate_is_a_program_of_the_unified_form(seed):
    """It compiles, has one entry that takes what each input gives, and names at least one parent and a title."""
    candidate = drawn(seed)
    entries = [node for node in ast.parse(candidate.code).body if getattr(node, "name", "") == "solution"]
    assert len(entries) == 1
    parameters = {arg.arg for arg in entries[0].args.args}
    assert candidate.inputs
    for text in candidate.inputs:
        assert set(json.loads(text)) == parameters
    assert candidate.parents
    assert set(candidate.parents) <= IDS
    assert candidate.operator in OPERATORS
    assert candidate.title


@given(SEEDS)
def test_the_same_seed_gives_the_same_candidate(seed):
    """Chance is the generator's alone."""
    assert drawn(seed) == drawn(seed)


@given(SEEDS)
def test_a_candidate_runs_on_its_inputs(seed):
    """Nearly always; what these parents can do wrong together is an empty list or a fraction that is too long."""
    candidate = drawn(seed)
    for text in candidate.inputs:
        answer_of(candidate.code, json.loads(text))


@given(SEEDS)
def test_no_name_is_captured(seed):
    """No two definitions share a name, none hides a builtin, and an entry binds no name that it calls."""
    tree = ast.parse(drawn(seed).code)
    defined = [node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    assert len(set(defined)) == len(defined)
    assert not set(defined) & set(dir(builtins))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
            bound = {node.id for node in names if isinstance(node.ctx, ast.Store)}
            called = {
                node.func.id
                for node in ast.walk(function)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            }
            assert not bound & called
    reachable = set(defined) | set(dir(builtins))
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        read = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        local = {
            node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        local |= {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
        modules = {
            alias.name for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names
        }
        assert read <= reachable | local | modules


def test_every_input_is_read(many):
    """A parameter that the entry does not read is no input."""
    for candidate in many:
        entry = next(node for node in ast.parse(candidate.code).body if getattr(node, "name", "") == "solution")
        read = {node.id for node in ast.walk(entry) if isinstance(node, ast.Name)}
        assert {arg.arg for arg in entry.args.args} <= read


def test_a_small_pool_gives_many_shapes(many):
    """16 parents, 300 candidates: nearly every operator, and a new shape more often than not."""
    assert len({shape_key(candidate.code) for candidate in many}) > 180
    assert len({candidate.operator for candidate in many}) >= len(OPERATORS) - 3


def test_money_is_not_added_to_things(many):
    """The results that a join takes are of one kind; an income meets a cost only where the cost is paid of it."""
    results = {story.id: story.asked for story in POOL.stories.all}
    for candidate in many:
        if candidate.operator == "story-join":
            one, other = (results[parent] for parent in candidate.parents)
            assert one.kind == other.kind
            assert one.unit == other.unit


def test_quantities_make_sense(many):
    """No story's answer is negative or longer than cents."""
    for candidate in many:
        if candidate.operator.startswith("story"):
            answer = answer_of(candidate.code, json.loads(candidate.inputs[0]))
            for value in answer if isinstance(answer, list) else [answer]:
                assert value >= 0
                assert round(value, 2) == value


def test_known_keys_are_passed_over():
    """What was made is not made again; parents never are."""
    rng, seen = random.Random(7), set()
    for _ in range(60):
        candidate = recombine(POOL, rng, Weights(), seen)
        assert candidate is not None
        key = novelty_key(candidate.code)
        assert key not in seen
        assert key not in POOL.keys
        seen.add(key)


def test_an_empty_pool_gives_nothing():
    assert recombine(pool_of([]), random.Random(1), Weights()) is None


@pytest.mark.parametrize("parent", parents(), ids=lambda parent: parent.id)
def test_a_pool_of_one_gives_what_one_can_give(parent):
    """Or nothing, where no operator can do anything with it alone."""
    pool = pool_of([parent])
    for seed in range(5):
        candidate = recombine(pool, random.Random(seed), Weights())
        assert candidate is None or set(candidate.parents) == {parent.id}


def test_what_was_composed_is_composed_further():
    """A flat word problem of an earlier round is a word problem in the next, called by its title."""
    first = [drawn(seed) for seed in range(60)]
    later = [
        Material(f"round-{number}", made.title, "", made.code, tuple(Case(text, "1", 9) for text in made.inputs))
        for number, made in enumerate(first)
        if made.operator == "story-join" and made.code.count("def ") == 1
    ]
    assert later
    assert len(pool_of(later).stories.all) > len(later) / 2


def test_what_survived_is_chosen_more_often():
    """Operators by their share; a parent that never survived is left a tenth of its chance."""
    survivals = [Survival("story-join", ("story-0", "story-1"), True)] * 40
    survivals += [Survival(name, ("story-2",), False) for name in OPERATORS if name != "story-join"] * 40
    known = weights(survivals)
    counts = Counter(drawn(seed, known).operator for seed in range(200))
    assert counts["story-join"] > 100
    assert known.parents["story-2"] == pytest.approx(0.1)
    assert known.parents["story-0"] == 1.0
    assert weights(reversed(survivals)) == known


def test_without_experience_nothing_is_preferred():
    assert weights([]) == Weights()
