"""Problems by a model: taken where they pass, repaired where they do not, with Cotmill's own below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cotmill.backends.conversations import converse
from cotmill.backends.ladder import Ladder
from cotmill.backends.model import Request, Turn
from cotmill.backends.model_tasks import built_in_prompts
from cotmill.base.model_settings import ProblemTask
from cotmill.base.records import Execution, Lineage, Question
from cotmill.explain.problem import pose
from cotmill.explain.problem_llm import poser
from explain.narrating import execution_of
from explain.test_posed import EGGS, EGGS_INPUT, GOOD
from explain.test_written import Says


def executed() -> Execution:
    return replace(execution_of(EGGS, EGGS_INPUT, "Money made with eggs"), lineage=Lineage("s", model="author"))


def ask(
    model: Says, execution: Execution, directions: Sequence[str] = ("forward",), **settings: Any
) -> tuple[Question, Counter[str]]:
    prompt = built_in_prompts()["problem"][0]
    ladder = Ladder("explain.problem_llm", ProblemTask(**settings), prompt, "m", 0, Counter())
    question = converse(model, [poser(ladder, 0, directions)(execution)])[0]
    assert isinstance(question, Question)
    return question, ladder.counts


def test_a_problem_that_passes_is_asked() -> None:
    """With the form of the answer behind it, what is asked else beside it, and its writer in the lineage."""
    execution = executed()
    question, counts = ask(Says(lambda request: f"\n{GOOD}\n"), execution)
    assert question.problem.startswith(f"{GOOD}\n\n")
    assert question.problem.endswith("as JSON (a number).")
    assert pose(execution) == replace(question, problem=question.template, template="", execution=execution)
    assert question.execution.lineage.model == "author, m"
    assert question.execution.lineage.prompt_id.startswith("problem-1-")
    assert counts["model.first.passed"] == 1
    assert "model.template.passed" not in counts


def test_the_model_sees_program_input_answer_and_title() -> None:
    model = Says(lambda request: GOOD)
    ask(model, executed())
    (request,) = model.asked
    assert not isinstance(request.prompt, str)
    user = request.prompt[-1].content
    for part in (EGGS.strip(), executed().input, "26", "Money made with eggs"):
        assert part in user


def test_a_value_that_is_missing_is_named_and_written_then() -> None:
    def say(request: Request) -> str:
        return GOOD if len(request.prompt) > 2 else GOOD.replace("16", "some")

    model = Says(say)
    question, counts = ask(model, executed())
    assert question.problem.startswith(GOOD)
    assert counts["model.repair 1.passed"] == 1
    last = model.asked[-1].prompt[-1]
    assert isinstance(last, Turn)
    assert "The value 16 of eggs is missing." in last.content


def test_where_nothing_passes_cotmills_own_question_stays() -> None:
    """As if there had been no model, in the lineage too; nothing is lost."""
    execution = executed()
    bad = GOOD.replace("How much", "It is 26. How much")
    model = Says(lambda request: bad)
    question, counts = ask(model, execution, samples=2, repairs=1)
    assert question == pose(execution)
    assert len(model.asked) == 4
    assert counts["model.template.passed"] == 1
    assert not any("26" in turn.content for request in model.asked for turn in request.prompt[3::2])


def test_only_forward_questions_are_asked_of_the_model() -> None:
    model = Says(lambda request: GOOD)
    question, _ = ask(model, executed(), ["backward"])
    assert question == pose(executed(), directions=["backward"])
    assert question.direction == "backward"
    assert not model.asked
