"""Many grades -> the figures of an evaluation, for each benchmark and for each direction of the held-out tasks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

from cotmill.student.benchmarks import Task
from cotmill.student.figures import Estimate, mean, pass_at_k, ratio
from cotmill.student.grade import Grade

__all__ = ["summarise"]

DIGITS = 6  # of a figure: what no machine's order of additions changes
Group = list[list[Grade]]  # the grades of each question


def summarise(grades: Iterable[Grade], tasks: Sequence[Task]) -> dict[str, Any]:
    """{benchmark: figures}, in the tasks' order; where its tasks are samples, with `directions`: {direction: figures}.

    Raises ValueError for a grade of no task, and for two tasks of one id. docs/evaluating.md says what each figure is.
    """
    by_task: dict[str, list[Grade]] = {task.id: [] for task in tasks}
    if len(by_task) < len(tasks):
        raise ValueError("two tasks have the same id")
    for grade in grades:
        if grade.task not in by_task:
            raise ValueError(f"a grade of {grade.task}, which is no task")
        by_task[grade.task].append(grade)
    benchmarks: dict[str, Group] = defaultdict(list)
    directions: dict[str, dict[str, Group]] = defaultdict(lambda: defaultdict(list))
    for task in tasks:
        benchmarks[task.of].append(by_task[task.id])
        if task.sample is not None:
            directions[task.of][task.sample.direction].append(by_task[task.id])
    return {
        of: _figures(group)
        | ({"directions": {name: _figures(part) for name, part in directions[of].items()}} if of in directions else {})
        for of, group in benchmarks.items()
    }


def _figures(every: Group) -> dict[str, Any]:
    group = [grades for grades in every if grades]
    flat = [grade for grades in group for grade in grades]
    return {
        "questions": len(group),
        "without_output": len(every) - len(group),
        "outputs": len(flat),
        "accuracy": _share(group, lambda grade: grade.correct),
        "pass_at": _pass_at(group),
        "no_answer": _share(group, lambda grade: grade.verdict == "no-answer"),
        "could_not_check": _share(group, lambda grade: grade.verdict == "could-not-check"),
        "unfinished": _share(group, lambda grade: not grade.ended),
        "tokens": _mean(group, lambda grade: grade.tokens),
        "tokens_median": median(grade.tokens for grade in flat) if flat else None,
        "repetition": _share(group, lambda grade: grade.repetition),
        "looping": _share(group, lambda grade: grade.looping),
        "process": _process(group),
    }


def _process(group: Group) -> dict[str, Any]:
    """Of the outputs whose steps were held against a trace."""
    held = [[grade for grade in grades if grade.process != "none"] for grades in group]
    wrong = [[grade for grade in grades if grade.first_wrong >= 0] for grades in group]
    return {
        "outputs": sum(map(len, held)),
        "could_not_check": sum(grade.process == "could-not-check" for grades in held for grade in grades),
        "steps": sum(grade.n_steps for grades in held for grade in grades),
        "verified_steps": _figure(
            ratio([_sum(grades, _verified) for grades in held], [_sum(grades, _steps) for grades in held])
        ),
        "verified_outputs": _share(held, lambda grade: grade.process == "verified"),
        "right_by_wrong_steps": _share(held, lambda grade: grade.correct and grade.process == "wrong"),
        "first_wrong_step": _mean(wrong, lambda grade: grade.first_wrong + 1),
    }


def _verified(grade: Grade) -> float:
    return grade.n_verified


def _steps(grade: Grade) -> float:
    return grade.n_steps


def _sum(grades: list[Grade], of: Callable[[Grade], float]) -> float:
    return sum(map(of, grades))


def _share(group: Group, of: Callable[[Grade], float]) -> dict[str, float] | None:
    """Of outputs, its interval over questions."""
    return _figure(ratio([_sum(grades, of) for grades in group], [len(grades) for grades in group]))


def _mean(group: Group, of: Callable[[Grade], float]) -> dict[str, float] | None:
    return _figure(mean([_sum(grades, of) for grades in group], [len(grades) for grades in group]))


def _pass_at(group: Group) -> dict[str, Any]:
    """{k: figure} for k = 1, 2, 4, ... up to the number of outputs that every question has."""
    fewest = min(map(len, group), default=0)
    counts = [2**power for power in range(fewest.bit_length())]
    return {
        str(k): _figure(ratio([pass_at_k(len(grades), sum(grade.correct for grade in grades), k) for grades in group]))
        for k in counts
    }


def _figure(estimate: Estimate | None) -> dict[str, float] | None:
    return None if estimate is None else {name: round(value, DIGITS) for name, value in asdict(estimate).items()}
