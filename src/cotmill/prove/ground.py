"""The claim check: does what a solution text states agree with the trace?

    check = check_solution(code, {"n": 3}, "n = 3. Return 3 * 2 = 6.\\nAnswer: 6", trace)
    check.verdict                      # "pass", "fail" or "could-not-check"
    [c.verdict for c in check.claims]  # "verified", "refuted", "unsupported", "uncheckable"

It reads the text, the program and the trace, and nothing of whoever wrote the text. Strict mode: the text follows this
very run, so every claim must be verified, in order, nothing that it tells densely may be left out, and the final answer
must be the executed one. Provenance mode: the text was written independently of the program, so every number must come
from somewhere and lead somewhere, and every identity must hold. Whatever cannot be understood or checked does not pass.
docs/claims.md has the details.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any, Literal

from cotmill.base.reasons import Reason
from cotmill.base.trace import Branch, Call, Return, Set, Trace
from cotmill.base.values import canonical_json
from cotmill.prove.answer import equal, extract
from cotmill.prove.claims.match.align import check
from cotmill.prove.claims.match.position import OutOfFuel, Position
from cotmill.prove.claims.match.skipped import first_gap
from cotmill.prove.claims.provenance import check as provenance
from cotmill.prove.claims.provenance.sources import plain
from cotmill.prove.claims.run.equal import same
from cotmill.prove.claims.run.evaluate import Unknown, evaluate
from cotmill.prove.claims.run.program import program_of
from cotmill.prove.claims.run.timeline import Timeline
from cotmill.prove.claims.run.trees import is_closed
from cotmill.prove.claims.text.extract import read
from cotmill.prove.claims.text.phrases import sentences_of
from cotmill.prove.claims.text.statements import Equality, Mention, Returned, Statement

__all__ = ["Check", "Claim", "Mode", "check_solution"]

Verdict = Literal["pass", "fail", "could-not-check"]
Mode = Literal["strict", "provenance"]
MAX_TEXT = 120_000  # characters
MIN_COVERAGE = 0.02


@dataclass(frozen=True)
class Claim:
    """One statement of the text and what became of it."""

    text: str
    span: tuple[int, int]  # where it stands in the solution
    kind: str
    verdict: str  # "verified", "refuted", "unsupported", "uncheckable"
    step: int  # index of the trace's event that proves or refutes it, -1 if none


@dataclass(frozen=True)
class Check:
    """What became of a solution."""

    verdict: Verdict
    answer_ok: bool | None  # None where the text states no answer
    claims: tuple[Claim, ...]
    coverage: float  # share of the trace's key events that a verified claim states, 0 to 1
    reason: str  # what failed: the first bad claim and what the trace says; empty if nothing did
    reason_code: Reason | None = None


def check_solution(
    code: str,
    input: dict[str, Any],
    solution: str,
    trace: Trace,
    *,
    answer: str = "",
    mode: Mode = "strict",
    problem: str = "",
) -> Check:
    """Holds a solution text against the trace of `output = solution(**input)`.

    `answer` is the canonical JSON of the right answer; without it the trace's own output is used. `problem` is the text
    of the problem, which provenance mode asks where numbers come from. Never raises: what goes wrong inside is
    "could-not-check".
    """
    if len(solution) > MAX_TEXT:
        return _could_not(f"the text has more than {MAX_TEXT} characters")
    try:
        if mode == "provenance":
            return _check_provenance(code, input, solution, trace, answer, problem)
        return _Session(code, solution, trace, answer).check()
    except OutOfFuel:
        return _could_not("the text asks for more comparisons than the check allows")
    except Exception as error:  # noqa: BLE001  (fail closed: a text that breaks the check has not passed it)
        return _could_not(f"the check broke: {type(error).__name__}: {error}")


def _could_not(why: str) -> Check:
    return Check("could-not-check", None, (), 0.0, why, Reason.COULD_NOT_CHECK)


_ANSWER_SENTENCE = re.compile(
    r"[ \t*_#>]{0,8}(?:(?:so|thus|hence|therefore),? )?(?:####|(?:the )?(?:final |correct )?answer\b)", re.IGNORECASE
)


def _check_provenance(
    code: str, input: dict[str, Any], solution: str, trace: Trace, answer: str, problem: str
) -> Check:
    """Provenance mode: where the numbers of an independent text come from, and whether they hang together."""
    right = answer or canonical_json(trace.output)
    end = len(solution.rstrip())
    start = solution.rfind("\n", 0, end) + 1
    line = (start, end) if _ANSWER_SENTENCE.match(solution, start) else None
    body = solution[:start] if line else solution
    reading = provenance.read(body, provenance.Sources.of(problem, input, program_of(code), trace))
    claims = [
        Claim(body[found.start : found.end], (found.start, found.end), found.kind, found.verdict, found.step)
        for found in reading.findings
    ]
    bad = next(
        ((_REASONS[found.verdict], f"{body[found.start : found.end][:200]!r}: {found.why}")
         for found in reading.findings if found.verdict != "verified"), None,
    )  # fmt: skip
    if bad is None and not any(found.kind == "identity" for found in reading.findings):
        bad = Reason.NO_CLAIMS, "nothing in the text could be checked"
    stated = extract(solution)
    if stated is not None and stated.strip():
        answer_ok: bool | None = equal(stated, right)
    else:
        answer_ok = True if reading.last is not None and reading.last == plain(trace.output) else None
    if line is not None and answer_ok is not None:
        claims.append(_answer_claim(solution, line, trace, right=answer_ok))
    if answer_ok is not True:
        why = "no final answer is stated" if answer_ok is None else f"the answer is {right:.200}"
        bad = bad or (Reason.WRONG_FINAL_ANSWER, why)
    if bad is not None:
        return Check("fail", answer_ok, tuple(claims), reading.coverage, bad[1], bad[0])
    return Check("pass", answer_ok, tuple(claims), reading.coverage, "")


def _answer_claim(solution: str, line: tuple[int, int], trace: Trace, *, right: bool) -> Claim:
    verdict = "verified" if right else "refuted"
    return Claim(solution[line[0] : line[1]], line, "answer", verdict, len(trace.events) - 1)


_ANSWER_LINE = re.compile(r"[ \t*_#>]{0,8}(?:final )?answer[*_ \t]{0,4}:", re.IGNORECASE)


class _Session:
    """One check: a text, a program, a trace."""

    def __init__(self, code: str, solution: str, trace: Trace, answer: str) -> None:
        self.solution = solution
        self.timeline = Timeline(trace, program_of(code))
        self.trace = trace
        self.answer = answer or canonical_json(trace.output)
        self.claims: list[Claim] = []
        self.bad: tuple[Reason, str] | None = None
        self.last: list[Statement] = []  # the verified ones of the last sentence that states any

    def check(self) -> Check:
        body, answer_line = self._split()
        at = Position(self.timeline)
        self._align(at, body)
        gap = first_gap(self.timeline, at)
        if gap is not None and self.bad is None:
            self._mark_gap(gap.moment, gap.why)
        checked = len(self.claims)
        answer_ok = self._answer(answer_line)
        coverage = self._coverage(at.told)
        if answer_ok is False:
            self.bad = self.bad or (Reason.WRONG_FINAL_ANSWER, f"the answer is {self.answer:.200}")
        elif answer_ok is None:
            self.bad = self.bad or (Reason.WRONG_FINAL_ANSWER, "no final answer is stated")
        if self.bad is None and not checked:
            self.bad = Reason.NO_CLAIMS, "nothing in the text could be checked"
        if self.bad is None and coverage < MIN_COVERAGE:
            self.bad = Reason.LOW_COVERAGE, f"the text states {coverage:.1%} of the key events"
        if self.bad is not None:
            return Check("fail", answer_ok, tuple(self.claims), coverage, self.bad[1], self.bad[0])
        return Check("pass", answer_ok, tuple(self.claims), coverage, "")

    def _split(self) -> tuple[str, tuple[int, int] | None]:
        """The text without its last answer line, and where that line stands."""
        end = len(self.solution.rstrip())
        start = self.solution.rfind("\n", 0, end) + 1
        if _ANSWER_LINE.match(self.solution, start):
            return self.solution[:start], (start, end)
        return self.solution, None

    def _align(self, at: Position, body: str) -> None:
        folding = False
        for sentence in read(body, self.timeline.program):
            at.begin_sentence()
            before = at.now
            if sentence.stated:
                self.last = []
            for statement in sentence.stated:
                verdict = check(at, statement)
                if verdict.verdict == "verified":
                    self.last.append(statement)
                text = self.solution[statement.start : statement.end]
                kind = type(statement).__name__.lower()
                self.claims.append(Claim(text, (statement.start, statement.end), kind, verdict.verdict, verdict.moment))
                if verdict.verdict != "verified" and self.bad is None:
                    self.bad = _REASONS[verdict.verdict], f"{text[:200]!r}: {verdict.why}"
            folding = folding or sentence.folds
            if folding and sentence.stated:
                at.folds.append((before, at.now))
                folding = False

    def _mark_gap(self, moment: int, why: str) -> None:
        """The claim that follows what was left out is the one that is not supported."""
        for place, claim in enumerate(self.claims):
            if claim.step > moment:
                self.claims[place] = Claim(claim.text, claim.span, claim.kind, "unsupported", claim.step)
                self.bad = Reason.UNSUPPORTED_CLAIM, f"before {claim.text[:200]!r}: {why}"
                return
        self.bad = Reason.UNSUPPORTED_CLAIM, why

    def _answer(self, line: tuple[int, int] | None) -> bool | None:
        """Whether the stated final answer is the executed one; None where none is stated."""
        stated = extract(self.solution)
        if stated is None or not stated.strip():
            return self._concluded()
        right = equal(stated, self.answer)
        if line is not None:
            self.claims.append(_answer_claim(self.solution, line, self.trace, right=right))
        return right

    def _concluded(self) -> bool | None:
        """Without a marked answer, a text may end in the result: "the function returns 120"."""
        values = (value for statement in self.last for value in _values(statement))
        output = self.trace.output
        if any(same(value, output) for value in values):
            return True
        alone = self._value_of_last_sentence()
        return True if len(alone) == 1 and same(alone[0], output) else None

    def _value_of_last_sentence(self) -> list[Any]:
        """The values in the last sentence: "the longest rise lasts 4 days"."""
        start = self.solution.rstrip().rfind("\n") + 1
        sentences = list(sentences_of(self.solution[start:], self.timeline.program))
        nodes = sentences[-1].nodes.values() if sentences else ()
        return [node.value for node in nodes if isinstance(node, ast.Constant)]

    def _coverage(self, told: set[int]) -> float:
        """Of the changes, tests, calls and returns in the frames that the text enters, the share that it states."""
        events = self.trace.events
        reached = {events[moment].frame for moment in told}
        total = stated = 0
        for moment, event in enumerate(events):
            if event.frame in reached and isinstance(event, (Set, Branch, Return, Call)) and event.frame:
                total += 1
                stated += moment in told
        return stated / total if total else 0.0


def _values(statement: Statement) -> list[Any]:
    """The value that a statement ends in."""
    if isinstance(statement, (Equality, Returned)):
        nodes = [part for part in statement.parts if is_closed(part)][-1:]
    elif isinstance(statement, Mention):
        nodes = [statement.node]
    else:
        nodes = []
    try:
        return [evaluate(node) for node in nodes]
    except Unknown:
        return []


_REASONS = {
    "refuted": Reason.REFUTED_CLAIM,
    "unsupported": Reason.UNSUPPORTED_CLAIM,
    "uncheckable": Reason.COULD_NOT_CHECK,
}
