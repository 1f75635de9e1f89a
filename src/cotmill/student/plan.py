"""Which samples a student sees at which step, and how a step goes through the devices.

All of it is known before the first step, so that two trainings with equal budgets see equally many tokens, to within
one step, and a training that was killed goes on where it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from cotmill.backends.batches import batched
from cotmill.student.settings import StudentSettings

__all__ = ["Row", "passes", "steps"]

WINDOW = 24  # steps' worth of samples, from which those of like length are taken together
Row = tuple[int, ...]  # indices of samples that lie behind one another in one row


def steps(lengths: Sequence[int], settings: StudentSettings, rng: Random) -> list[list[int]]:
    """Indices of each step's samples, up to the first step that fills the budget; all samples come once before any
    comes again."""
    budget = settings.tokens or settings.epochs * sum(lengths)
    made: list[list[int]] = []
    seen = 0
    while True:
        for step in _epoch(lengths, settings, rng):
            made.append(step)
            seen += sum(lengths[index] for index in step)
            if seen >= budget:
                return made


def _epoch(lengths: Sequence[int], settings: StudentSettings, rng: Random) -> Iterator[list[int]]:
    order = list(range(len(lengths)))
    rng.shuffle(order)
    if settings.batch_unit == "sequences":
        yield from (order[at : at + settings.batch] for at in range(0, len(order), settings.batch))
    elif settings.packing:
        yield from _cut(order, lengths, settings.batch)
    else:
        # Filling up costs as much as text. Of a few hundred samples in any order, those of like length go together:
        # sorting all of them would fill less, but make steps of one kind of sample each.
        window = max(1, WINDOW * settings.batch * len(lengths) // sum(lengths))
        for at in range(0, len(order), window):
            part = order[at : at + window]
            those = [lengths[index] for index in part]
            found = [[part[i] for i in group] for group in batched(those, those, settings.batch)]
            rng.shuffle(found)
            yield from found


def _cut(order: Sequence[int], lengths: Sequence[int], budget: int) -> list[list[int]]:
    """In this order, in pieces of at most so many tokens, but of one sample at least."""
    made: list[list[int]] = []
    room = 0
    for index in order:
        if not made or lengths[index] > room:
            made.append([])
            room = budget
        made[-1].append(index)
        room -= lengths[index]
    return made


def passes(
    plan: Sequence[Sequence[int]], lengths: Sequence[int], settings: StudentSettings, devices: int
) -> list[list[list[Row]]]:
    """For each device, what it is given one after another: at most what it can take at once, and in every step equally
    often. Gradients of a step are added up, so how it is divided changes nothing but rounding."""
    divided = [_divided(step, lengths, settings) for step in plan]
    each = -(-max(map(len, divided)) // devices)
    queues: list[list[list[Row]]] = [[] for _ in range(devices)]
    for parts in divided:
        while len(parts) < each * devices:
            _halve(parts, lengths)
        parts.sort(key=lambda rows: _cost(rows, lengths), reverse=True)  # those that wait for each other are alike
        for number, rows in enumerate(parts):
            queues[number % devices].append(rows)
    return queues


def _divided(step: Sequence[int], lengths: Sequence[int], settings: StudentSettings) -> list[list[Row]]:
    rows = _packed(step, lengths, settings.max_length) if settings.packing else [(index,) for index in step]
    those = [sum(lengths[index] for index in row) for row in rows]
    return [[rows[i] for i in group] for group in batched(those, those, settings.device_batch)]


def _packed(step: Sequence[int], lengths: Sequence[int], longest: int) -> list[Row]:
    """In rows of at most so many tokens: each sample, the longest first, into the fullest row that has room for it."""
    rows: list[list[int]] = []
    room: list[int] = []
    for index in sorted(step, key=lengths.__getitem__, reverse=True):
        fitting = [(left, row) for row, left in enumerate(room) if left >= lengths[index]]
        if not fitting:
            rows.append([])
            room.append(longest)
        row = min(fitting)[1] if fitting else -1
        rows[row].append(index)
        room[row] -= lengths[index]
    return [tuple(row) for row in rows]


def _halve(parts: list[list[Row]], lengths: Sequence[int]) -> None:
    """One part more: the costliest in two halves, or, where all are single rows, an empty one, from which nothing is
    learned."""
    largest = max(parts, key=lambda rows: (len(rows) > 1, _cost(rows, lengths)))
    middle = len(largest) // 2
    parts.append(largest[middle:] if middle else [])
    if middle:
        del largest[middle:]


def _cost(rows: Sequence[Row], lengths: Sequence[int]) -> int:
    return len(rows) * max((sum(lengths[index] for index in row) for row in rows), default=0)
