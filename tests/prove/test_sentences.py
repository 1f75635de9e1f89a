"""A solution as steps: sentences that are the text again when they are put one after the other."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cotmill.prove.ground import Check, Claim
from cotmill.prove.sentences import first_wrong, steps_of

PIECES = st.sampled_from(
    ["x = 3", ". ", ".", "\n", "  ", "\n- ", "1. ", "3.5", "'a. b'", "`f(x). `", "[1, 2]", "Pass 2:", "?", "...", "é", "\t", "\r\n"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
@example("")
@example("\n \n")
@example("a.\n\n")
@example("\n\na. b.  \n c")
def test_the_steps_of_any_text_are_the_text(text: str) -> None:
    """To the byte; and no step is nothing but space, unless the whole text is."""
    steps = steps_of(text)
    assert "".join(steps) == text
    if text.strip():
        assert all(step.strip() for step in steps)


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("d = 3 + 4 = 7. e = 7 * 2 = 14.\nAnswer: 14", ("d = 3 + 4 = 7.", " e = 7 * 2 = 14.", "\nAnswer: 14")),
        ("x = 3.5. y = 'a. b'.", ("x = 3.5.", " y = 'a. b'.")),
        ("- n = 1.\n- For each i in [1]:\n  Pass 1: i = 1. k = 2.",
         ("- n = 1.", "\n- For each i in [1]:", "\n  Pass 1: i = 1.", " k = 2.")),
        ("1. n = 1\n2. k = 2\n", ("1. n = 1", "\n2. k = 2\n")),
        ("One line\n\nand another", ("One line", "\n\nand another")),
    ],
)  # fmt: skip
def test_a_step_is_a_statement_with_its_values(text: str, steps: tuple[str, ...]) -> None:
    """Line ends and full stops part them; what indents or numbers a line belongs to it."""
    assert steps_of(text) == steps


def check(*claims: tuple[int, str]) -> Check:
    made = tuple(Claim("", (start, start + 2), "equality", verdict, 0) for start, verdict in claims)
    return Check("fail", True, made, 1.0, "")


@pytest.mark.parametrize(
    ("claims", "at"),
    [
        ([(0, "verified"), (6, "verified")], -1),
        ([(0, "verified"), (4, "refuted"), (6, "refuted")], 0),
        ([(0, "verified"), (5, "unsupported")], 1),
        ([(11, "uncheckable"), (6, "refuted")], 1),  # claims need not be in the text's order
        ([], -1),
    ],
)
def test_the_first_wrong_step_is_that_of_the_first_claim_that_is_not_verified(claims: Any, at: int) -> None:
    """Whatever its verdict is: what cannot be checked is not right either."""
    assert first_wrong(("a = 1", " b = 2", " c"), check(*claims)) == at
