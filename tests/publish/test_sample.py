"""Samples: the program runs alone, numbers say what they mean."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotmill.base.difficulty import score
from cotmill.base.records import Draft, Execution, Grounding, Lineage, Message, Question, Verified
from cotmill.base.unified import whole_program
from cotmill.base.values import NotJson, canonical_json
from cotmill.publish.sample import count_tokens, to_sample

CODE = "def solution(n):\n    return n\n"
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(value=values)
def test_the_program_gets_the_very_input(value: Any) -> None:
    """Any JSON value stands in the program as Python reads it back."""
    try:
        text = canonical_json({"n": value})
    except NotJson:  # half of a surrogate pair
        return
    space: dict[str, Any] = {}
    exec(whole_program(CODE, text), space)
    assert canonical_json(space["output"]) == canonical_json(value)


def test_plain_python_runs_it() -> None:
    """In a process of its own, with a text that needs quoting."""
    program = whole_program(CODE, json.dumps({"n": "'\"\\\n\u2028\U0001f600"}))
    done = subprocess.run(
        [sys.executable, "-I", "-c", program + "print(ascii(output))"], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == ascii("'\"\\\n\u2028\U0001f600"), done.stderr


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("two words", 2), ("3 + 4 = 7.", 6), ("caf\u00e9, na\u00efve", 3)]
)
def test_tokens_are_words_numbers_and_marks(text: str, count: int) -> None:
    """No tokenizer needed."""
    assert count_tokens(text) == count


def test_a_verified_draft_becomes_a_row() -> None:
    """Every column comes from the execution and the draft."""
    trace = json.dumps({"version": 1, "lines": 7, "sites": [], "values": [], "events": []})
    lineage = Lineage("s", round=2)
    execution = Execution("s.1", "test", "", "", CODE, '{"n":3}', "3", "", trace, lineage, "full")
    solution = "The input is n = 3.\nAnswer: 3"
    draft = Draft("s.1", Question("s.1", execution, "What?", "forward", execution.answer), solution, "steps")
    sample = to_sample(Verified("s.1", draft, Grounding(2, 2, 0.5)))
    assert (sample.id, sample.answer, sample.input, sample.source) == ("s.1", "3", '{"n":3}', "test")
    assert sample.messages == (Message("user", "What?"), Message("assistant", solution))
    assert (sample.n_steps, sample.difficulty, sample.n_tokens) == (7, score(7, 0, 0, 0), count_tokens(solution))
    assert (sample.lineage, sample.isolation) == (lineage, "full") and sample.code.endswith(
        "output = solution(**input)\n"
    )
