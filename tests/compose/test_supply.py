"""Many inputs for one program: they run, differ, and show what is rare."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

from cotmill.compose.supply import Example, Supply, supply


def ask(solution: Callable[..., Any], observed: list[dict[str, Any]], count: int = 10, code: str = "") -> Supply:
    """Supply for a function of this process, which must not fail on the observed inputs."""

    def execute(inputs: list[dict[str, Any]]) -> list[str | None]:
        answers: list[str | None] = []
        for input in inputs:
            try:
                answers.append(json.dumps(solution(**input)))
            except ArithmeticError:
                answers.append(None)
        return answers

    examples = [Example(input, json.dumps(solution(**input))) for input in observed]
    return supply(examples, code, execute, count, Random(7))


def fail() -> Any:
    raise ArithmeticError


def test_new_and_distinct() -> None:
    """As many as asked for, none observed, none twice, each with its own answer; the same every time."""
    observed = [{"n": n} for n in (4, 17, 9)]
    found = ask(lambda n: n * n, observed)
    inputs = [example.input["n"] for example in found.examples]
    assert len(set(inputs)) == 10
    assert not {4, 17, 9} & set(inputs)
    assert [int(example.answer) for example in found.examples] == [n * n for n in inputs]
    assert found == ask(lambda n: n * n, observed)


def test_failures_are_learned_from() -> None:
    """What does not run is handed back, and the more of it there was, the less comes later."""
    found = ask(lambda k, xs: xs[k] if k < len(xs) and xs[k] <= 40 else fail(), [
        {"k": 1, "xs": [8, 30, 2]}, {"k": 3, "xs": [1, 40, 25, 9, 6]}, {"k": 0, "xs": [17, 5]},
    ])  # fmt: skip
    assert len(found.examples) == 10
    assert len(found.failed) < found.tried / 2
    assert all(
        max(example.input["xs"]) > 40 or example.input["k"] < len(example.input["xs"]) for example in found.examples
    )


def test_rare_answers_are_kept() -> None:
    """Of what ran the most varied choice is given."""
    found = ask(lambda a, b: a == b, [{"a": "kw", "b": "rt"}, {"a": "o", "b": "pm"}, {"a": "zu", "b": "b"}])
    answers = [example.answer for example in found.examples]
    assert 2 <= answers.count("true") <= 7


def test_no_answer_is_more_frequent_than_it_must_be() -> None:
    """One in five numbers says yes, and more of ten examples do."""
    found = ask(lambda n: n % 5 == 0, [{"n": 10}, {"n": 13}, {"n": 31}, {"n": 25}])
    assert [example.answer for example in found.examples].count("true") in (4, 5, 6)


def test_a_small_world_is_used_up() -> None:
    """Where there are no more inputs, there are fewer examples, and an end."""
    found = ask(lambda flag: not flag, [{"flag": True}])
    assert [example.input for example in found.examples] == [{"flag": False}]


def test_a_program_that_runs_on_nothing_new() -> None:
    """The effort is bounded, and nothing is made up."""
    found = ask(lambda n: n if n in (3, 80) else fail(), [{"n": 3}, {"n": 80}])
    assert found.examples == ()
    assert 0 < found.tried == len(found.failed) <= 50


def test_small_numbers_go_up_slowly() -> None:
    """Where few inputs are small, larger ones come, but none is huge: what they cost may grow fast."""
    found = ask(lambda n: 2**n, [{"n": 2}, {"n": 3}, {"n": 1}])
    assert len(found.examples) == 10
    assert max(example.input["n"] for example in found.examples) <= 40
