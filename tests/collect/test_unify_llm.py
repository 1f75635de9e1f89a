"""Programs by a model, where rules find none: what is taken, and what the model is told of what is not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotmill.backends.conversations import converse
from cotmill.backends.ladder import Ladder
from cotmill.backends.model import REFUSED, Completion, Finished, Request
from cotmill.backends.prompts import built_in, load_prompt
from cotmill.base.model_settings import UnifyTask
from cotmill.base.reasons import Reason
from cotmill.base.recipe import Execute
from cotmill.base.records import Program, Seed
from cotmill.base.stage import Reject, Stage
from cotmill.base.unified import find_program, whole_program
from cotmill.collect.unify_llm import unifier
from cotmill.execute.trial import Trial
from cotmill.prove.answer import equal_json

PROBLEM = "A hen lays 16 eggs. Mia eats three of them and sells the rest for $2 each. How much does she earn?"
SOLUTION = "She sells 16 - 3 = 13 eggs and earns 13 * 2 = 26 dollars."
SEED = Seed("s-0", "s", "", PROBLEM, "", "", (), ("26",), solution=SOLUTION)
CODE = "def solution(eggs, eaten, price):\n    sold = eggs - eaten\n    income = sold * price\n    return income\n"
INPUT = {"eggs": 16, "eaten": 3, "price": 2}


def whole(code: str = CODE, **input: Any) -> str:
    return whole_program(code, json.dumps(input or INPUT))


def fenced(code: str = CODE, **input: Any) -> str:
    return f"Here it is.\n\n```python\n{whole(code, **input)}```\nIt gives the income."


class Scripted:
    """Answers with one text after the other; keeps what it was asked."""

    def __init__(self, *texts: str | Completion) -> None:
        self.texts, self.asked = list(texts), list[Request]()

    def complete(self, requests: Sequence[Request], finished: Finished) -> list[Completion]:
        for number, first in enumerate(requests):
            request: Request | None = first
            while request is not None:
                self.asked.append(request)
                text = self.texts.pop(0)
                request = finished(number, text if isinstance(text, Completion) else Completion(text, "stop", None))
        return []

    def close(self) -> None:
        pass

    @property
    def told(self) -> list[str]:
        """The last thing that was said to it before each answer but the first."""
        return [request.prompt[-1].content for request in self.asked[1:] if not isinstance(request.prompt, str)]


@pytest.fixture(scope="module")
def trial() -> Iterator[Trial]:
    made = Trial(Execute(), equal_json)
    yield made
    made.close()


Talk = Callable[..., list[Program | Reject]]


@pytest.fixture
def unified(trial: Trial) -> Talk:
    """What becomes of a seed, with a model that says this."""

    def call(model: Scripted, seed: Seed = SEED, **settings: Any) -> list[Program | Reject]:
        task = UnifyTask(use=True, **settings)
        prompt = load_prompt(built_in()["unify"], "unify", task.FIELDS)
        ladder = Ladder("collect.unify_llm", task, prompt, "teacher", 0, Counter())
        talk = unifier(ladder, trial, equal_json)
        (found,) = converse(model, [talk(seed)])
        if isinstance(found, Exception):
            raise found
        return list(Stage("collect.unify_llm", 1, Seed, Program, lambda _: found)(seed))

    return call


def test_a_program_that_comes_to_the_answer(unified: Talk) -> None:
    """It is the seed's program, on the problem's numbers; model and prompt stand in its lineage."""
    model = Scripted(fenced())
    (program,) = unified(model)
    assert isinstance(program, Program)
    assert (program.code, json.loads(program.inputs[0]), program.answers) == (CODE.rstrip(), INPUT, ("26",))
    assert (program.id, program.pairs, program.problem) == ("s-0", ("s-0.0",), PROBLEM)
    assert (program.lineage.seed_id, program.lineage.model) == ("s-0", "teacher")
    assert program.lineage.prompt_id.startswith("unify-1-")
    (request,) = model.asked
    assert request.key == "collect.unify_llm/s-0/0.0"
    assert PROBLEM in request.prompt[-1].content and SOLUTION in request.prompt[-1].content


def test_a_program_is_brought_into_the_form_of_all_others(unified: Talk) -> None:
    """Comments and what is not needed go; a worked solution that rules cannot read is shown to the model."""
    seed = Seed("s-1", "s", "", PROBLEM, "", "", (), ("26",), "She sells them.\n#### 26", "")
    model = Scripted(fenced("import math\n\ndef unused():\n    return 1\n\n# sells\n" + CODE))
    (program,) = unified(model, seed)
    assert isinstance(program, Program) and program.code == CODE.rstrip()
    assert "She sells them." in model.asked[0].prompt[-1].content


WRONG = CODE.replace("sold * price", "sold + price")
CRASHES = CODE.replace("sold * price", "sold * price / (eggs - 16)")
IDLE = CODE.replace("eaten, price", "eaten, price, days")


@pytest.mark.parametrize(
    ("first", "told"),
    [
        ("It is 26 dollars.", "No program of the form asked for: no Python"),
        ("```python\ndef solution(n):\n    return n\n```", "it does not end in output = solution(**input)"),
        ("```python\ndef solution(n:\n```", "no Python"),
        (fenced(eggs=16, eaten=3), "no value for the parameter price"),
        (fenced(WRONG), "It gives 15, which is not the answer"),
        (fenced(CRASHES), "ZeroDivisionError"),
        (fenced(IDLE, **INPUT, days=16), "no change of days changes the outcome"),
        (fenced(CODE.replace("return income", "return {income}")), "Bad-output"),
        (fenced(CODE.replace("    sold", "    while True:\n        pass\n    sold", 1)), "Trace-too-long"),
        (fenced("def solution(eggs, eaten, price):\n    return 26\n"), "its result stands in its code"),
        (fenced(CODE.replace("return income", "return income if price != 2 else 26")), "its result stands in its code"),
        (fenced("def solution(eggs, eaten, price):\n    return 27 - 1 + 0 * eggs\n"), "every input gives"),
        (fenced("def solution(income):\n    return income\n", income=26), "a value that the problem does not state"),
        (fenced(CODE.replace("price)", "price, of)"), **INPUT, of=[1, {"income": 26.0}]), "the problem does not state"),
        (fenced(CODE.replace("price", "price, income", 1).replace("return income", "return income + 0 * sold"), **INPUT, income=26), "not state"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_repaired(unified: Talk, first: str, told: str) -> None:
    """The error or what it gave, never the right answer; the whole conversation goes back."""
    model = Scripted(first, fenced())
    (program,) = unified(model)
    assert isinstance(program, Program) and program.code == CODE.rstrip()
    (said,) = model.told
    assert told.lower() in said.lower()
    assert "26" not in said.replace("every input gives 26", "")
    assert [turn.role for turn in model.asked[1].prompt] == ["system", "user", "assistant", "user"]


def test_nothing_passes(unified: Talk) -> None:
    """Asked as often as the recipe says; the reject names both answers, for a person."""
    model = Scripted(*[fenced(WRONG)] * 4)
    assert unified(model, repairs=1, samples=2) == [
        Reject(Reason.UNPROVEN_PROGRAM, "it gives 15, the seed states 26", "s-0.0")
    ]
    assert len(model.asked) == 4


def test_a_seed_that_rules_reject_keeps_their_reason_beside(unified: Talk) -> None:
    seed = Seed("s-1", "s", "", PROBLEM, "def solution(n:\n    return", "", (), ("26",))
    (reject,) = unified(Scripted(fenced(WRONG)), seed, repairs=0)
    assert isinstance(reject, Reject) and reject.reason == Reason.UNPROVEN_PROGRAM
    assert reject.detail.startswith("it gives 15, the seed states 26; by rules, syntax-error: line 1")
    (program,) = unified(Scripted(fenced()), seed)
    assert isinstance(program, Program)


@pytest.mark.parametrize(
    ("completion", "reason"),
    [
        (Completion("too long", REFUSED, None), Reason.MODEL_REFUSED),
        (Completion(fenced(), "length", None), Reason.NO_ANSWER),
        (Completion(" \n", "stop", None), Reason.NO_ANSWER),
    ],
)
def test_no_answer_is_no_program(unified: Talk, completion: Completion, reason: Reason) -> None:
    (reject,) = unified(Scripted(completion))
    assert isinstance(reject, Reject) and reject.reason == reason


@pytest.mark.parametrize(
    ("seed", "reason"),
    [
        (Seed("s-1", "s", "", PROBLEM, CODE, "", (json.dumps(INPUT),), ("26",)), None),
        (Seed("s-1", "s", "", PROBLEM, CODE, "", ("[]",), ("26",)), Reason.BAD_INPUT),
        (Seed("s-1", "s", "", PROBLEM, "def f(n:", "", (), ("",)), Reason.SYNTAX_ERROR),
        (Seed("s-1", "s", "", "", "def f(n:", "", (), ("26",)), Reason.SYNTAX_ERROR),
        (Seed("s-1", "s", "", PROBLEM, "def f(n:", "", ("{}",), ("26",)), Reason.SYNTAX_ERROR),
        (Seed("s-1", "s", "", PROBLEM, "", "", (), ("",), "about seven", ""), Reason.NOT_UNIFIABLE),
        (Seed("s-1", "s", "", PROBLEM, "", "", (), ("",), solution=SOLUTION), Reason.UNPROVEN_PROGRAM),
    ],
)  # fmt: skip
def test_no_model_is_asked(unified: Talk, seed: Seed, reason: Reason | None) -> None:
    """Where rules find a program, or where no answer could prove one."""
    found = unified(Scripted(), seed)
    assert {getattr(item, "reason", None) for item in found} == {reason}


def test_hostile_code_runs_in_the_sandbox_alone(unified: Talk, tmp_path: Path) -> None:
    """What it leaves behind and whom it ends are nobody's but its own."""
    mark = tmp_path / "mark"
    for line in (f"open({str(mark)!r}, 'w').write('x')", "__import__('os').kill(__import__('os').getppid(), 9)"):
        code = CODE.replace("    sold", f"    {line}\n    sold", 1)
        top = f"{line}\n{CODE}"
        (program,) = unified(Scripted(fenced(code), f"```\n{whole(top)}```", fenced()))
        assert isinstance(program, Program) and program.code == CODE.rstrip()
    assert not mark.exists()


@pytest.mark.parametrize(
    "text",
    [
        whole(), fenced(), fenced().replace("```", "~~~~"), fenced().replace("\n", "\r\n"),
        fenced().removesuffix("```\nIt gives the income."), f"<b>\n\n{whole()}\nThat is all.",
        f"From here on, I import nothing.\n{whole()}", f"{fenced(WRONG)}\nBetter:\n{fenced()}",
        f"{fenced()}\nRun it:\n```sh\npython it.py\n```", "1. Code:\n" + "\n".join("   " + line for line in fenced().splitlines()),
    ],
)  # fmt: skip
def test_a_program_is_found_in_what_a_model_writes(text: str) -> None:
    """Fenced or not, with prose around it; of several the last that can be read."""
    assert find_program(text) == (CODE, json.dumps(INPUT, sort_keys=True, separators=(",", ":")))


@given(st.text() | st.lists(st.sampled_from(["```", "~~~", "\n", "def f(", whole(), " ", "output = solution(**input)"])).map("".join))  # fmt: skip
def test_any_text_is_a_program_or_has_a_fault(text: str) -> None:
    try:
        find_program(text)
    except ValueError as error:
        assert str(error)
