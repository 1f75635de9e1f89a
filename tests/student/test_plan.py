"""Which samples a student sees at which step."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from cotmill.student.plan import passes, steps
from student.learning import tiny

LENGTHS = st.lists(st.integers(2, 60), min_size=1, max_size=60)
SETTINGS = st.builds(
    tiny,
    batch=st.integers(1, 300), batch_unit=st.sampled_from(["tokens", "sequences"]), packing=st.booleans(),
    tokens=st.integers(0, 4000), epochs=st.sampled_from([0.3, 1, 2.5]), max_length=st.just(60),
    device_batch=st.integers(60, 400),
)  # fmt: skip


@given(lengths=LENGTHS, settings=SETTINGS, seed=st.integers(0, 9))
def test_a_plan_fills_its_budget_and_forgets_nothing(lengths, settings, seed) -> None:
    """Tokens within one step of the budget; each sample once before any again; a step within its size."""
    plan = steps(lengths, settings, Random(seed))
    assert plan == steps(lengths, settings, Random(seed))
    tokens = [sum(lengths[index] for index in step) for step in plan]
    budget = settings.tokens or settings.epochs * sum(lengths)
    assert sum(tokens[:-1]) < budget <= sum(tokens)
    seen = Counter(index for step in plan for index in step)
    assert max(seen.values()) - min(seen.get(index, 0) for index in range(len(lengths))) <= 1
    for step, count in zip(plan, tokens, strict=True):
        held = count if settings.packing else len(step) * max(lengths[index] for index in step)
        size = len(step) if settings.batch_unit == "sequences" else held
        assert size <= settings.batch or len(step) == 1


@given(lengths=LENGTHS, settings=SETTINGS, devices=st.integers(1, 5))
def test_a_step_is_divided_among_devices_and_lost_nowhere(lengths, settings, devices) -> None:
    """Every device gets equally many parts of each step, and no part is larger than it can take."""
    plan = steps(lengths, settings, Random(0))
    queues = passes(plan, lengths, settings, devices)
    each = len(queues[0]) // len(plan)
    assert {len(queue) for queue in queues} == {each * len(plan)}
    for number, step in enumerate(plan):
        rows = [row for queue in queues for part in queue[number * each : (number + 1) * each] for row in part]
        assert sorted(index for row in rows for index in row) == sorted(step)
        assert settings.packing or all(len(row) == 1 for row in rows)
        assert all(sum(lengths[index] for index in row) <= settings.max_length for row in rows)
    for part in (part for queue in queues for part in queue if part):
        assert len(part) * max(sum(lengths[i] for i in row) for row in part) <= settings.device_batch


def test_little_is_filled_up() -> None:
    """Samples of like length go together, and yet a step is not of one kind: the next epoch mixes them otherwise."""
    rng = Random(0)
    lengths = [rng.randrange(40, 400) for _ in range(2000)]
    plan = steps(lengths, tiny(batch=6000, epochs=2), rng)
    padded = sum(len(step) * max(lengths[i] for i in step) for step in plan)
    assert padded < 1.08 * sum(lengths[i] for step in plan for i in step)
    assert len({frozenset(step) for step in plan}) == len(plan)
