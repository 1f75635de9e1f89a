"""Something else asked of the same answer: the largest gap in a list, the keys with the largest values."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cotmill.compose.material import Candidate
from cotmill.compose.operators.task_pool import CASES, Choose, TaskPool, entry, made, some, told, value_name
from cotmill.compose.tasks import Task

__all__ = ["RESULT_OPERATORS"]


@dataclass(frozen=True, slots=True)
class Question:
    """`{v}` in the lines is the name of the answer that is asked about."""

    title: str  # goes before what the answer is called
    lines: tuple[str, ...]
    extra: str = ""  # a further input, with the values that it may have
    choices: Callable[[Any], tuple[Any, ...]] = lambda answer: ()  # noqa: ARG005  most questions have none


_SMALL: Callable[[Any], tuple[Any, ...]] = lambda answer: (1, 2, 3)  # noqa: ARG005, E731  the answer need not be known
QUESTIONS: dict[str, tuple[Question, ...]] = {
    "list[int]": (
        Question("largest gap in the", ("gaps = [later - earlier for earlier, later in zip({v}, {v}[1:])]",
                                        "return max(gaps)")),
        Question("largest members of the", ("ordered = sorted({v}, reverse=True)", "return ordered[:top]"), "top",
                 _SMALL),
        Question("number of members with a given divisor in the",
                 ("divisible = [member for member in {v} if member % divisor == 0]", "return len(divisible)"),
                 "divisor", lambda answer: (2, 3, 5)),  # noqa: ARG005
        Question("sums of the two halves of the",
                 ("middle = len({v}) // 2", "return [sum({v}[:middle]), sum({v}[middle:])]")),
        Question("rises and falls in the", ("rises = 0", "for earlier, later in zip({v}, {v}[1:]):",
                                            "    if later > earlier:", "        rises += 1",
                                            "return [rises, len({v}) - 1 - rises]")),
    ),
    "list[str]": (
        Question("lengths of the texts in the", ("lengths = [len(member) for member in {v}]", "return lengths")),
        Question("first texts, in alphabetical order, of the",
                 ("ordered = sorted({v})", "return ordered[:top]"), "top", _SMALL),
        Question("one member of the", ("return {v}[position % len({v})]",), "position", lambda answer: (1, 4, 7)),  # noqa: ARG005
    ),
    "dict[int]": (
        Question("keys with the largest values in the",
                 ("ranked = sorted({v}, key=lambda key: (-{v}[key], key))", "return ranked[:top]"), "top", _SMALL),
        Question("keys with the largest value in the",
                 ("largest = max({v}.values())", "return [key for key in {v} if {v}[key] == largest]")),
        Question("entries of some size in the",
                 ("large = {{key: amount for key, amount in {v}.items() if amount >= least}}", "return large"), "least",
                 lambda answer: tuple(answer.values())),
    ),
    "str": (
        Question("counts of the signs in the", ("counts = {{}}", "for sign in {v}:",
                                                "    counts[sign] = counts.get(sign, 0) + 1", "return counts")),
        Question("number of runs of equal signs in the",
                 ("runs = 1", "for before, sign in zip({v}, {v}[1:]):", "    if sign != before:", "        runs += 1",
                  "return runs")),
    ),
    "int": (
        Question("digit sum of the", ("digits = [int(digit) for digit in str({v})]", "return sum(digits)")),
    ),
}  # fmt: skip


def derive(pool: TaskPool, choose: Choose, rng: random.Random) -> Candidate | None:
    """Something else asked of the same answer."""
    task = choose(pool.all)
    if task.gives not in QUESTIONS or not task.flows or not _is_rich(task):
        return None
    question = rng.choice(QUESTIONS[task.gives])
    value = value_name(task)
    lines = [f"{value} = {task.deed}({', '.join(task.params)})", *(line.format(v=value) for line in question.lines)]
    params = [*task.params, question.extra] if question.extra else list(task.params)
    inputs = []
    for run in some(task, rng, CASES, 10**6):
        extra = {question.extra: rng.choice(question.choices(run.answer))} if question.extra else {}
        inputs.append(run.arguments | extra)
    return made(f"{question.title} {told(task)}", [(task, task.deed)], entry(params, lines), inputs, "derive")


def _is_rich(task: Task) -> bool:
    """There is something to ask about every answer. Digits are asked of numbers that stand for themselves."""
    if task.gives == "int":
        return task.alone and task.takes[0] == "int" and all(run.answer > 99 for run in task.runs)
    if task.gives == "str" and not (task.alone and task.takes[0] == "str"):
        return False  # a label, a date
    return all(len(run.answer) > 2 for run in task.runs)


RESULT_OPERATORS = {"derive": derive}
