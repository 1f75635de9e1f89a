"""Wrong steps under a right answer."""

from __future__ import annotations

from random import Random

import pytest

from cotmill.base.literal import literal
from cotmill.base.stage import CotmillError
from cotmill.prove.directions import check_answer
from cotmill.student.corrupt import corrupt, stated
from cotmill.student.samples import Known
from student.known import known_of

PRICES = """def solution(prices, limit):
    total = 0
    names = []
    for price in prices:
        if price > limit:
            total += price * 2
            names.append(str(price))
        else:
            total = total - 1
    return [total, names]
"""


def runs(count: int) -> list[Known]:
    rng = Random(4)
    return [
        known_of(PRICES, {"prices": [rng.randrange(90) for _ in range(7)], "limit": rng.randrange(60)}, f"p.{number}")
        for number in range(count)
    ]


@pytest.mark.parametrize("share", [0.1, 0.3])
def test_the_share_of_wrong_steps_is_the_one_asked_for(share: float) -> None:
    """Within three standard deviations; and the checker lets none of the texts pass."""
    steps = wrong = 0
    for one in runs(12):
        made = corrupt(one.question, one.sample.solution, share, 0)
        steps += made.steps
        wrong += len(made.wrong)
        check = check_answer(one.question, made.solution)
        assert check.answer_ok
        assert (check.verdict == "fail") == bool(made.wrong)
    assert abs(wrong - share * steps) < 3 * (steps * share * (1 - share)) ** 0.5


def test_every_wrong_step_is_refuted_alone() -> None:
    """And what is not wrong stays as it was, to the byte: put the changed values back, and it is the solution."""
    for one in runs(3):
        before, made = one.sample.solution, corrupt(one.question, one.sample.solution, 0.3, 1)
        shift, whole = 0, made.solution
        for start, end in made.wrong:
            value = stated(before[: _end(before, start - shift)])
            here = start - shift
            length = _end(before, here) - here
            alone = before[:here] + made.solution[start:end] + before[here + length :]
            assert value is not None or before[here : here + length] in ("true", "false")
            assert alone != before
            assert check_answer(one.question, alone).verdict == "fail"
            shift += (end - start) - length
        for start, end in reversed(made.wrong):
            whole = whole[:start] + "\0" + whole[end:]
        kept = whole.split("\0")
        place = 0
        for part in kept:  # in order, and all of it
            place = before.index(part, place) + len(part)
        assert place == len(before)
        assert before.startswith(kept[0])


def _end(text: str, start: int) -> int:
    """Where the value that begins there ends."""
    if text.startswith(("true", "false"), start):
        return start + (4 if text.startswith("true", start) else 5)
    for end in range(len(text.partition("\n")[0]) if start == 0 else text.find("\n", start), start, -1):
        found = stated(text[start:end])
        if found is not None and found.start == 0 and found.end == end - start:
            return end
    raise AssertionError(text[start : start + 60])


def test_a_larger_share_adds_to_a_smaller_one() -> None:
    """Chance is each step's own, so arms differ by nothing else."""
    for one in runs(3):
        some, more = (corrupt(one.question, one.sample.solution, share, 0) for share in (0.1, 0.5))
        assert len(some.wrong) <= len(more.wrong)
        assert corrupt(one.question, one.sample.solution, 0.5, 0) == more
        assert corrupt(one.question, one.sample.solution, 0.0, 0).solution == one.sample.solution


def test_a_solution_that_is_wrong_already_is_not_made_worse() -> None:
    (one,) = runs(1)
    with pytest.raises(CotmillError, match="does not pass"):
        corrupt(one.question, corrupt(one.question, one.sample.solution, 0.5, 0).solution, 0.3, 0)


@pytest.mark.parametrize(
    ("step", "value"),
    [
        ("total = 10 + 3 = 13", 13),
        ("total = 10 + 3 = -13", -13),
        ("Append 586 to row, now [418, 586]", [418, 586]),
        ("append (265, 3) to best", (265, 3)),
        ("return 'wrong town'", "wrong town"),
        ("x = {'a': [1, 2]}", {"a": [1, 2]}),
        ("`a > b` is", None),
        ("row = [1, ..., 9]", None),
    ],
)
def test_the_last_value_of_a_step_is_what_it_states(step: str, value: object) -> None:
    found = stated(step)
    assert (found and found.value) == value
    assert found is None or step[found.start : found.end] == literal(value)
