"""What a solution that does not pass is told: which step to look at again, and not what is right there."""

from __future__ import annotations

from cotmill.backends.ladder import Objection
from cotmill.base.reasons import Reason
from cotmill.base.records import Draft
from cotmill.base.trace import Pass, Trace
from cotmill.prove.answer import equal
from cotmill.prove.answers.extract import stated
from cotmill.prove.directions import check_answer, check_draft, mode_of
from cotmill.prove.ground import Check, Claim

__all__ = ["object_to"]

SHOWN = 160  # characters of a claim
SHARE = 0.3  # of the key events that the narration states: a loop told by its totals alone states half of them
_WRONG = {
    "refuted": "That is not so; check that step.",
    "unsupported": "That does not follow from what comes before; check that step.",
    "uncheckable": "That cannot be checked; say it plainly, as one calculation.",
}
_OTHERWISE = {
    Reason.WRONG_FINAL_ANSWER: "The final answer is not right. Go through the steps and find the wrong one.",
    Reason.NO_CLAIMS: "No step can be checked. Write out each calculation with its numbers and its result.",
    Reason.LOW_COVERAGE: "Too many steps are left out. Tell all of them.",
}
_ONCE = 'State one final answer, in the last line ("Answer: ..."), and nothing behind it.'


def object_to(draft: Draft, narration: Draft | None = None, *, min_coverage: float, reveal: bool) -> Objection | None:
    """None where the solution passes; `reveal` says the right values too.

    What tells the run states a good part of what the `narration` does: a true first step and the answer, which
    its writer may have been shown, are no solution.
    """
    check = check_draft(draft)
    if check.verdict == "pass" and narration is not None and mode_of(draft) == "strict":
        min_coverage = max(min_coverage, SHARE * check_answer(narration.question, narration.solution).coverage)
    if check.verdict == "pass" and check.coverage >= min_coverage:
        return _unsure(draft)
    reason = check.reason_code or (Reason.LOW_COVERAGE if check.verdict == "pass" else Reason.COULD_NOT_CHECK)
    told = _told(check, draft, reason)
    return Objection(reason, check.reason, f"{told} ({check.reason})" if reveal and check.reason else told)


def _unsure(draft: Draft) -> Objection | None:
    """The right answer is stated last; whether it is what the text ends in, and no other one is stated before."""
    solution = draft.solution.rstrip()
    other = next((answer for answer in stated(solution) if not equal(answer, draft.question.answer)), None)
    if other is not None:
        return Objection(Reason.WRONG_FINAL_ANSWER, f"it states the answer {other:.200} too", _ONCE)
    if not stated(solution[solution.rfind("\n") + 1 :]):
        return Objection(Reason.WRONG_FINAL_ANSWER, "its last line does not state the answer", _ONCE)
    return None


def _told(check: Check, draft: Draft, reason: Reason) -> str:
    bad = next((claim for claim in check.claims if claim.verdict != "verified" and claim.kind != "answer"), None)
    if bad is None:
        return _OTHERWISE.get(reason, "The solution cannot be checked. Write it again, plainly and step by step.")
    start = draft.solution.rfind("\n", 0, bad.span[0]) + 1
    first = max(start, bad.span[1] - SHOWN)  # a claim may be one word of its line
    line = draft.solution[first:].partition("\n")[0].strip()[:SHOWN]
    return f"{_place(check.claims, bad, draft)} you wrote: {line!r}. {_WRONG[bad.verdict]}"


def _place(claims: tuple[Claim, ...], bad: Claim, draft: Draft) -> str:
    """The line of the text, and the pass of the loop that the text is in by then."""
    line = f"In line {draft.solution.count(chr(10), 0, bad.span[0]) + 1}"
    steps = [claim.step for claim in claims[: claims.index(bad) + 1] if claim.step >= 0]
    if not steps:
        return line
    events = Trace.parse(draft.question.execution.trace).events[: steps[-1] + 1]
    passes = (event for event in reversed(events) if isinstance(event, Pass) and event.frame == events[-1].frame)
    found = next(passes, None)
    return f"{line}, pass {found.number}," if found else line
