"""Samples made by hand for the tests of publish."""

from __future__ import annotations

import json
from typing import Any

from cotmill.base.records import Grounding, Lineage, Message, Sample
from cotmill.base.unified import whole_program


def sample(code: str, input: dict[str, Any], *, id: str = "s.0", answer: str = "") -> Sample:
    """A sample of a trusted program; its answer is found by running it, unless it is given."""
    text = json.dumps(input, sort_keys=True, separators=(",", ":"))
    program = whole_program(code, text)
    if not answer:
        space: dict[str, Any] = {}
        exec(program, space)
        answer = json.dumps(space["output"])
    messages = (Message("user", "What comes out?"), Message("assistant", f"Answer: {answer}"))
    return Sample(
        id, "What comes out?", f"Answer: {answer}", answer, answer, program, text, messages, "forward", "", "test",
        1.0, 3, 7, Grounding(2, 2, 0.5), Lineage(id.rpartition(".")[0]),
    )  # fmt: skip
