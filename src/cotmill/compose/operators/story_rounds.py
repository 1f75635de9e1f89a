"""A word problem round by round: until a goal is reached, or with each result as the start of the next round."""

from __future__ import annotations

import random
from itertools import pairwise

from cotmill.compose.operators.framed import Drawn, Frame, framed, helper
from cotmill.compose.stories.quantities import UNKNOWN, Quantity, alike, of_name, said, words_of
from cotmill.compose.stories.rehearse import Unworkable, rehearse
from cotmill.compose.stories.sense import Values
from cotmill.compose.stories.story import Story, fresh
from cotmill.compose.stories.vocabulary import listed

__all__ = ["round_by_round", "steps_itself", "until_goal"]

_START = listed("initial initially start starting original originally current beginning before")
_END = listed("left remaining after final finally now end ending total altogether remain")


def until_goal(story: Story, rng: random.Random, param: str | None) -> Drawn | None:
    """The result is gained again and again until a goal is reached; `param`, where given, grows from round to round."""
    result = story.result
    goal, total, rounds = (fresh(name, story.names) for name in (f"{result}_goal", f"{result}_so_far", "rounds"))
    growth = fresh(f"{param}_increase", story.names)
    inner = [f"{total} += {story.call(helper(story))}", *([f"{param} += {growth}"] if param else []), f"{rounds} += 1"]
    lines = [f"{total} = 0", f"{rounds} = 0", f"while {total} < {goal}:", *(f"    {line}" for line in inner)]
    cases: list[Values] = []
    for case, values in zip(story.cases, story.worked, strict=True):
        if values is not None:
            reached = _rounded(values["return"] * rng.choice((2.5, 3.2, 4.4, 5.3)))
            grown = {growth: max(1, round(case[param] * rng.choice((0.1, 0.2, 0.5))))} if param else {}
            cases.append(case | {goal: reached} | grown)
    title = f"Rounds until the {said(result)} of all rounds reach a goal"
    params = [*story.params, goal, *([growth] if param else [])]
    return framed(story, Frame(title, params, [*lines, f"return {rounds}"], Quantity("count", "round")), cases)


def _rounded(value: float) -> int:
    grain = 10 ** max(0, len(str(int(value))) - 2)
    return int(max(2, round(value / grain) * grain))


def round_by_round(story: Story, param: str, rng: random.Random) -> Drawn | None:
    """The result is the input `param` of the next round; as a loop, or its rounds written out one by one."""
    find = helper(story)
    state = fresh("_".join(word for word in words_of(param) if word not in _START) or "amount", story.names)
    rounds, limit, count = (fresh(name, story.names) for name in ("rounds", f"{state}_limit", "rounds_above_limit"))
    history = fresh(f"{state}_by_round", story.names)
    start, step = f"{state} = {param}", f"{state} = {story.call(find, **{param: state})}"
    loop = [f"for _ in range({rounds}):", f"    {step}"]
    lines, extra, asked = rng.choice((
        ([start, *loop, f"return {state}"], [rounds], story.asked),
        ([start, f"{history} = [{state}]", *loop, f"    {history}.append({state})", f"return {history}"], [rounds],
         story.asked),
        ([start, *loop, f"return abs({state} - {param})"], [rounds], story.asked),
        ([start, f"{count} = 0", *loop, f"    if {state} > {limit}:", f"        {count} += 1", f"return {count}"],
         [rounds, limit], UNKNOWN),
        (_written_out(story, param, state), [], story.asked),
    ))  # fmt: skip
    cases: list[Values] = []
    for case in story.cases:
        drawn = {rounds: rng.choice((2, 3, 4)), limit: case[param]}
        cases.append(case | {name: drawn[name] for name in extra})
    title = f"{said(story.result).capitalize()}, round by round"
    return framed(story, Frame(title, [*story.params, *extra], lines, asked), cases)


def _written_out(story: Story, param: str, state: str) -> list[str]:
    """Three rounds without a loop."""
    names = [param, *(fresh(f"{state}_after_{word}_round", story.names) for word in ("first", "second", "third"))]
    calls = [f"{later} = {story.call(helper(story), **{param: earlier})}" for earlier, later in pairwise(names)]
    return [*calls, f"return [{', '.join(names[1:])}]"]


def steps_itself(story: Story) -> list[str]:
    """Inputs that the result can be given to again: what there is at the start, and the result is what it became."""
    if story.asked.flow == "cost":
        return []  # what one pays is not paid upon again
    return [
        param
        for param in story.params
        if alike(of_name(param), story.asked)
        and not _START.isdisjoint(words_of(param))
        and _stem(param) == _stem(story.result)
        and _carries(story, param)
    ]


def _stem(name: str) -> list[str]:
    """What there is, without when it is counted."""
    return [word for word in words_of(name) if word not in _START | _END]


def _carries(story: Story, param: str) -> bool:
    """A little more of it at the start is about as much more in the end."""
    case = story.cases[0]
    more = {**case, param: case[param] * 1.25}
    try:
        gain = rehearse(story.tree, more)[0] - rehearse(story.tree, case)[0]
    except Unworkable:
        return False
    return bool(0.05 < gain / (more[param] - case[param]) < 2.5)
