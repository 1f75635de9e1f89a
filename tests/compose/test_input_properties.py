"""What holds for inputs of any shape, whatever was observed."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from cotmill.base.values import canonical_json
from cotmill.compose.inputs import Care, learn

SCALARS = (
    st.integers(-(10**6), 10**6) | st.booleans() | st.none() | st.text("ab 1,(-", max_size=8) | st.floats(-1e6, 1e6)
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("xyz", min_size=1), inner, max_size=3)
)
OBSERVED = st.lists(st.fixed_dictionaries({"p": VALUES, "q": VALUES}), min_size=1, max_size=5)


def kinds(value: Any) -> set[str]:
    """The types of everything inside."""
    inner = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    name = "number" if type(value) in (int, float) else type(value).__name__
    return {name}.union(*map(kinds, inner))


@given(observed=OBSERVED, seed=st.integers(0, 99), care=st.sampled_from(list(Care)))
@example(
    observed=[
        {"p": {}, "q": {"x": 0}},
        {"p": {}, "q": {"x": [], "xxxxxxxxxx": [0, [0, 0], [0, 0, None]]}},
        {"p": [0, ""], "q": []},
    ],
    seed=71,
    care=Care.BOLD,
)
def test_any_input(observed: list[dict[str, Any]], seed: int, care: Care) -> None:
    """Draws have the same parameters, only types that were seen there, a JSON form that is theirs, and no chance but `rng`."""
    model = learn(observed, "def solution(p, q):\n    return p == q", care=care)
    drawn = [
        model.draw(Random(seed)),
        learn(observed, "def solution(p, q):\n    return p == q", care=care).draw(Random(seed)),
    ]
    assert canonical_json(drawn[0]) == canonical_json(drawn[1])
    assert json.loads(canonical_json(drawn[0])) == drawn[0]
    assert list(drawn[0]) == list(observed[0])
    seen = set().union(*(kinds(values) for values in observed))
    assert kinds(drawn[0]) <= seen | {"NoneType"}


@given(observed=OBSERVED, seed=st.integers(0, 99))
def test_firm_relations_hold(observed: list[dict[str, Any]], seed: int) -> None:
    """Those that are not doubtful hold in every draw, and all of them in every observed input."""
    model = learn(observed, "")
    codecs = dict(model.codecs)
    drawn = {
        name: codecs[name].decode(value) if name in codecs else value
        for name, value in model.draw(Random(seed)).items()
    }
    assert all(relation.holds(drawn) for relation in model.relations if relation.firm)
    assert all(relation.holds(values) for relation in model.relations for values in model.observed)


@given(st.lists(st.lists(st.integers(-50, 50), min_size=1, max_size=8), min_size=2, max_size=5), st.integers(0, 99))
def test_lists_stay_near(values: list[list[int]], seed: int) -> None:
    """Lengths and numbers widen by no more than what was seen is wide."""
    flat = [number for value in values for number in value]
    drawn = learn([{"xs": value} for value in values], "").draw(Random(seed))["xs"]
    longest, width = max(map(len, values)), max(flat) - min(flat)
    assert 1 <= len(drawn) <= longest * 2 + 2
    assert all(min(flat) - width - 15 <= number <= max(flat) + width + 15 for number in drawn)
