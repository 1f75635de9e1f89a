"""Checks a text against a small trusted program, traced in this process."""

from __future__ import annotations

from typing import Any

from cotmill.prove.ground import Check, check_solution
from execute.tracing import trace_in_process


def checked(code: str, input: dict[str, Any], solution: str) -> Check:
    return check_solution(code, input, solution, trace_in_process(code, input))


def verdicts(check: Check) -> dict[str, str]:
    """What the text says -> its verdict; of claims that are said twice, the last."""
    return {claim.text: claim.verdict for claim in check.claims}


def bad(check: Check) -> list[tuple[str, str]]:
    return [(claim.text, claim.verdict) for claim in check.claims if claim.verdict != "verified"]
