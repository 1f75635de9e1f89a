"""Narrates a small trusted program, traced in this process."""

from __future__ import annotations

import copy
import json
from typing import Any

from cotmill.base.records import Draft, Execution, Lineage, Question
from cotmill.base.stage import Reject
from cotmill.base.trace import Trace
from cotmill.base.values import canonical_json
from cotmill.explain.narrate import NarrateSettings, narrator
from execute.tracing import trace_text


def execution_of(code: str, input: dict[str, Any], title: str = "", problem: str = "") -> Execution:
    """What the sandbox would make of the program. Raises what the program raises."""
    trace, error = trace_text(code, copy.deepcopy(input))  # the program may change it
    if error is not None:
        raise error
    answer = canonical_json(Trace.parse(trace).output)
    return Execution("t.0", "t", title, problem, code, json.dumps(input), answer, "", trace, Lineage("t"))


def drafted(code: str, input: dict[str, Any], max_tokens: int = 8192, style: str = "worked") -> Draft | Reject:
    execution = execution_of(code, input)
    return narrator(NarrateSettings(max_tokens, (style,)))(Question("t.0", execution, "", "forward", execution.answer))


def narrated(code: str, input: dict[str, Any], max_tokens: int = 8192, style: str = "worked") -> str:
    """The text. Fails the test where there is none."""
    draft = drafted(code, input, max_tokens, style)
    assert isinstance(draft, Draft), draft
    return draft.solution
