"""Chance comes from identity."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cotmill.base.chance import chance, content_id


def test_same_identity_same_choice() -> None:
    """Seed, stage and record decide, and each of them does."""
    first = chance(1, "explain.problem", "a").random()
    assert first == chance(1, "explain.problem", "a").random()
    others = [chance(2, "explain.problem", "a"), chance(1, "explain.narrate", "a"), chance(1, "explain.problem", "b")]
    assert all(other.random() != first for other in others)


def test_many_ids_many_streams() -> None:
    """5,000 records draw 5,000 different numbers: nothing is added to a seed (reasoning-gym's flaw)."""
    assert len({chance(0, "s", str(i)).getrandbits(64) for i in range(5000)}) == 5000


@given(st.lists(st.text(), min_size=2, max_size=4))
def test_content_ids_know_where_a_part_ends(parts: list[str]) -> None:
    """Moving text from one part to the next is other content."""
    moved = [parts[0] + parts[1], "", *parts[2:]]
    assert (content_id(*parts) == content_id(*moved)) == (parts == moved)


def test_content_ids_are_stable() -> None:
    """Ids are written into data sets: they must never change."""
    assert content_id("a", "b") == "235870420603e322"
