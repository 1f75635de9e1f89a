"""Solutions by a model: taken where they pass, repaired where they do not, with the narration below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from cotmill.backends.conversations import converse
from cotmill.backends.ladder import Ladder
from cotmill.backends.model import Completion, Finished, Request, Turn, unheard
from cotmill.backends.model_tasks import built_in_prompts
from cotmill.base.model_settings import NarrateTask, SolveTask
from cotmill.base.reasons import Reason
from cotmill.base.records import Draft, Lineage, Question
from cotmill.base.stage import Reject
from cotmill.explain.narrate import NarrateSettings, narrator
from cotmill.explain.narrate_llm import translator
from cotmill.explain.solve_llm import solver
from cotmill.prove.objections import object_to
from explain.narrating import execution_of

COST = "def solution(apples, price, discount):\n    cost = apples * price\n    if cost > 20:\n        cost -= discount\n    return cost\n"
WRITTEN = "Ann buys 6 apples at 4 coins each. Above 20 coins there are 5 coins off. What does she pay?"
PLAIN = "What does solution(6, 4, 5) return?"
GOOD = "The apples cost 6 * 4 = 24 coins. That is more than 20, so she pays 24 - 5 = 19 coins.\nAnswer: 19"
CHECK = partial(object_to, min_coverage=0.0, reveal=False)


class Says:
    """Answers by a function of what it is asked."""

    def __init__(self, say: Callable[[Request], str]) -> None:
        self.asked: list[Request] = []
        self._say = say

    def complete(self, requests: Sequence[Request], finished: Finished = unheard) -> list[Completion]:
        made = []
        for number, first in enumerate(requests):
            request: Request | None = first
            while request is not None:
                self.asked.append(request)
                completion = Completion(self._say(request), "stop", None)
                request = finished(number, completion)
            made.append(completion)
        return made

    def close(self) -> None:
        self.asked = []


def drafted(template: str = PLAIN) -> Draft:
    execution = execution_of(COST, {"apples": 6, "price": 4, "discount": 5})
    execution = replace(execution, lineage=Lineage("s", model="asker", prompt_id="problem-1-aa"))
    question = Question(execution.id, execution, WRITTEN, "forward", execution.answer, template=template)
    draft = narrator(NarrateSettings(styles=("worked",)))(question)
    assert isinstance(draft, Draft)
    return draft


def solve(model: Says, draft: Draft, *, fallback: bool = True, **settings: Any) -> tuple[Any, Counter[str]]:
    ladder = Ladder("explain.solve_llm", SolveTask(**settings), built_in_prompts()["solve"][0], "m", 0, Counter())
    return converse(model, [solver(ladder, CHECK, fallback=fallback)(draft)])[0], ladder.counts


def test_a_solution_that_passes_takes_the_place_of_the_narration() -> None:
    """With the model's problem, checked by provenance, its writers in the lineage."""
    draft = drafted()
    model = Says(lambda request: GOOD)
    found, _ = solve(model, draft)
    assert found.solution == GOOD
    assert found.mode == "provenance"
    assert found.question.problem == WRITTEN
    assert found.question.template == ""
    lineage = found.question.execution.lineage
    assert lineage.model == "asker, m"
    assert lineage.prompt_id.startswith("problem-1-aa, solve-")


def test_the_solver_sees_the_problem_and_nothing_of_the_program() -> None:
    """Caco's second call: it cannot copy what it is not shown."""
    model = Says(lambda request: GOOD)
    solve(model, drafted())
    said = "\n".join(turn.content for turn in model.asked[0].prompt if isinstance(turn, Turn))
    assert WRITTEN in said
    assert "cost" not in said.replace("costs", "")
    assert "19" not in said
    assert "def " not in said


def test_a_wrong_step_goes_back_by_name_and_the_repaired_text_is_taken() -> None:
    """The objection holds what was written, not the right value."""
    lie = GOOD.replace("24 - 5 = 19", "24 - 4 = 20").replace("Answer: 19", "Answer: 20")
    model = Says(lambda request: GOOD if len(request.prompt) > 2 else lie)
    found, counts = solve(model, drafted())
    assert found.solution == GOOD
    objection = model.asked[1].prompt[-1].content  # type: ignore[union-attr]
    assert "19" not in objection
    assert counts["model.repair 1.passed"] == 1


def test_where_nothing_passes_the_narration_stays_with_the_problem_that_it_fits() -> None:
    """A problem that no solution was found for may ask something else than the program works out."""
    draft = drafted()
    found, counts = solve(Says(lambda request: "It is 20.\nAnswer: 20"), draft, samples=2, repairs=1)
    assert found.solution == draft.solution
    assert found.question.problem == PLAIN
    assert found.question.template == ""
    assert found.mode == "strict"
    assert found.question.execution.lineage == Lineage("s")  # nothing is left of the one who asked
    assert counts["model.narration.passed"] == 1
    assert counts["model.first.calls"] + counts["model.repair 1.calls"] + counts["model.sample 2.calls"] == 3


def test_without_a_fallback_it_is_rejected_with_what_was_wrong() -> None:
    """The first objection, for a person."""
    found, _ = solve(Says(lambda request: GOOD.replace("19", "20")), drafted(), fallback=False)
    assert isinstance(found, Reject)
    assert found.reason in (Reason.WRONG_FINAL_ANSWER, Reason.REFUTED_CLAIM, Reason.UNSUPPORTED_CLAIM)


def test_a_solution_that_quotes_the_program_is_not_taken() -> None:
    """Right as it may be."""
    copied = "```python\ncost = apples * price\n```\n" + GOOD
    found, _ = solve(Says(lambda request: copied), drafted(), fallback=False)
    assert isinstance(found, Reject)
    assert found.reason == Reason.COPIED_CODE


@pytest.mark.parametrize(
    "more",
    [
        "Sure! {}", "I apologize for the mistake. {}", "{}</s>", "<think>Hm. {}", "The program does it so. {}",
        "According to the trace, it is so. {}", "Event 3: {}", "As in line 3 of it: {}", "\u0661\u0669 is it. {}",
    ],
)  # fmt: skip
def test_a_solution_that_speaks_of_more_than_the_problem_is_not_taken(more: str) -> None:
    """It is told what has no place in it, and without that it passes."""
    model = Says(lambda request: GOOD if len(request.prompt) > 2 else more.format(GOOD))
    found, counts = solve(model, drafted(), fallback=False)
    assert found.solution == GOOD
    assert counts["model.repair 1.passed"] == 1


def test_a_problem_that_speaks_of_lines_has_solutions_that_do() -> None:
    """What the problem says may be said."""
    draft = drafted()
    draft = replace(draft, question=replace(draft.question, problem=f"{WRITTEN} It is a line of the price list."))
    told = GOOD.replace("The apples", "In line 3 the apples")
    found, _ = solve(Says(lambda request: told), draft, fallback=False)
    assert found.solution == told


@pytest.mark.parametrize("of", ["trace", "narration"])
def test_the_translator_sees_the_run_and_is_checked_as_strictly_as_a_narration(of: str) -> None:
    """What passes for a solution of the problem alone does not pass for a telling of the run."""
    draft = drafted()
    prompt = built_in_prompts()["polish" if of == "narration" else "narrate"][0]
    told = draft.solution.replace("The input is", "We are given")

    def told_by(text: str) -> tuple[Any, Says]:
        ladder = Ladder("explain.narrate_llm", NarrateTask(of=of), prompt, "m", 0, Counter())  # type: ignore[arg-type]
        model = Says(lambda request: text)
        return converse(model, [translator(ladder, CHECK, of=of, fallback=True)(draft)])[0], model

    found, model = told_by(draft.solution.replace("\nAnswer", "\n\nAnswer"))
    assert found.style in ("translated", "polished")
    shown = model.asked[0].prompt[-1].content  # type: ignore[union-attr]
    assert ("branch" in shown) == (of == "trace")
    assert (draft.solution in shown) == (of == "narration")
    wrong, _ = told_by(told.replace("24", "23"))
    assert wrong.solution == draft.solution
