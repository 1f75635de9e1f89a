"""What a person following the run has before their eyes: values that a text may mention without a claim."""

from __future__ import annotations

from typing import Any

from cotmill.prove.claims.run.equal import same
from cotmill.prove.claims.run.timeline import Timeline

__all__ = ["in_sight"]

MAX_ELEMENTS = 2_000


def in_sight(value: Any, timeline: Timeline, moment: int, reach: int) -> bool:
    """Whether a name in sight has this value or holds it, the source has it, or an event within reach gave it."""
    if any(same(value, constant) for constant in timeline.program.constants):
        return True
    for index in _current(timeline, moment):
        if _holds(timeline.values[index], value):
            return True
    first, last = max(0, moment - reach), min(len(timeline.events), moment + reach + 1)
    for event in timeline.events[first:last]:
        index = getattr(event, "value", -1)
        if index >= 0 and same(value, timeline.values[index]):
            return True
    return False


def _current(timeline: Timeline, moment: int) -> set[int]:
    found: set[int] = set()
    for frame in timeline.frames_in_sight(max(moment, timeline.first_call)):
        for (_frame, name), _history in timeline.of_frame(frame):
            held = timeline.held(frame, name, max(moment, timeline.first_call))
            if held is not None:
                found.add(held[1])
    return found


def _holds(container: Any, value: Any, depth: int = 0) -> bool:
    if same(value, container):
        return True
    if isinstance(container, str):
        return isinstance(value, str) and bool(value) and value in container
    if depth > 2:
        return False
    if isinstance(container, dict):
        rows = [*container, *container.values()]
    elif isinstance(container, (set, frozenset)):
        rows = list(container) if len(container) <= MAX_ELEMENTS else []  # which come first is up to their hashes
    elif isinstance(container, (list, tuple)):
        rows = list(container)
    else:
        rows = list(getattr(container, "attrs", {}).values())
    return any(_holds(row, value, depth + 1) for row in rows[:MAX_ELEMENTS])
