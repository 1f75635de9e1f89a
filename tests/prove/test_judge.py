"""A model's verdict on what models wrote."""

from __future__ import annotations

import json

import pytest

from cotmill.backends.model import REFUSED, Completion
from cotmill.base.model_settings import JudgeTask
from cotmill.base.reasons import Reason
from cotmill.base.records import Verified
from cotmill.base.stage import Reject
from cotmill.prove.judge import SCHEMA, judge
from prove.talking import Model, ladder_of, settled, verified

SUM = "def solution(a, b):\n    return a + b\n"
PROBLEM = "Tom has 2 apples and 3 pears. How many fruits has he?"
GOOD = json.dumps({"why": "all is there", "solvable": True, "consistent": True})


def judged(model: Model, **settings: int):  # type: ignore[no-untyped-def]
    """What becomes of a sample, what was asked, and the counts."""
    ladder = ladder_of("judge", JudgeTask(use=True, **settings), SCHEMA)
    outcome, requests = settled(judge(ladder)(verified(SUM, {"a": 2, "b": 3}, PROBLEM)), model)
    return outcome, requests, ladder.counts


def test_what_is_judged_good_goes_on_unchanged() -> None:
    """The judge sees problem, solution, answer, program and input, and writes nothing of the sample."""
    outcome, (request,), _ = judged(lambda request: GOOD)
    assert outcome == verified(SUM, {"a": 2, "b": 3}, PROBLEM)
    shown = request.prompt[-1].content
    for part in (PROBLEM, outcome.draft.solution, SUM.strip(), "input = {'a': 2, 'b': 3}", "meant to be 5."):
        assert part in shown
    assert request.schema == SCHEMA and request.sampling.temperature == 0


@pytest.mark.parametrize(
    ("flags", "which"),
    [
        ((True, False), "not consistent: it counts apples only"),
        ((False, True), "not solvable: it counts apples only"),
        ((False, False), "not solvable and not consistent: it counts apples only"),
    ],
)
def test_what_is_judged_bad_is_rejected_with_which_and_why(flags: tuple[bool, bool], which: str) -> None:
    """At once: there is no second opinion until one is good."""
    verdict = {"why": "it counts apples only", "solvable": flags[0], "consistent": flags[1]}
    outcome, requests, _ = judged(lambda request: json.dumps(verdict), samples=3, repairs=2)
    assert outcome == Reject(Reason.JUDGED_BAD, which, "t.0")
    assert len(requests) == 1


def test_a_verdict_without_structure_is_read() -> None:
    """A no in words is a no, with the words as the reason."""
    outcome, _, _ = judged(lambda request: "Solvable: yes.\nConsistent: no.\nIt counts apples only.")
    assert outcome.reason is Reason.JUDGED_BAD
    assert outcome.detail.startswith("not consistent: Solvable: yes.") and "counts apples" in outcome.detail


@pytest.mark.parametrize(
    "nonsense",
    [
        "Nice exercise!",
        "{}",
        '{"why": "", "solvable": true}',
        f"{GOOD}\n{GOOD}",
        GOOD + GOOD.replace("true", "false"),
        '{"why": "", "solvable": true, "consistent": "maybe"}',
        "",
    ],
)
def test_who_states_no_verdict_decides_nothing(nonsense: str) -> None:
    """It fails closed, after the repairs and samples that the recipe allows."""
    outcome, requests, _ = judged(lambda request: nonsense, samples=2, repairs=1)
    assert isinstance(outcome, Reject) and outcome.reason is Reason.COULD_NOT_CHECK
    assert outcome.detail.startswith("judge: no-answer: ")
    assert len(requests) == (4 if nonsense else 2)


def test_a_second_try_may_be_readable() -> None:
    """The repair turn says what is wanted, and counts as a repair."""
    outcome, requests, counts = judged(lambda request: GOOD if len(request.prompt) > 2 else "Nice!")
    assert isinstance(outcome, Verified)
    assert [turn.role for turn in requests[1].prompt] == ["system", "user", "assistant", "user"]
    assert "no verdict" in requests[1].prompt[-1].content and '"consistent"' in requests[1].prompt[-1].content
    assert counts["model.repair 1.passed"] == 1


@pytest.mark.parametrize("finish", [REFUSED, "length"])
def test_refused_and_cut_off_is_no_verdict(finish: str) -> None:
    """Not even where what came looks like one."""
    outcome, _, _ = judged(lambda request: Completion(GOOD, finish, None))
    assert isinstance(outcome, Reject) and outcome.reason is Reason.COULD_NOT_CHECK


def test_what_no_model_wrote_passes_unasked() -> None:
    """And is counted."""
    ladder = ladder_of("judge", JudgeTask(use=True), SCHEMA)
    sample = verified(SUM, {"a": 2, "b": 3}, PROBLEM, prompts="")
    assert settled(judge(ladder)(sample), lambda request: "") == (sample, [])
    assert ladder.counts == {"model.unasked.passed": 1}
