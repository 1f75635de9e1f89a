"""The ladder: asked once, told what is wrong, asked from scratch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from cotmill.backends.conversations import converse
from cotmill.backends.ladder import Ladder, Objection, Taken, unsigned
from cotmill.backends.model import REFUSED, Completion, Finished, Request, Turn, Usage, unheard
from cotmill.backends.prompts import load_prompt
from cotmill.base.model_settings import ModelTask
from cotmill.base.reasons import Reason
from cotmill.base.records import Lineage

TEXT = """{% set version = 3 %}
{% block user %}Say {{ word }}.{% endblock %}
{% block repair %}{{ objection }} Say {{ word }} again.{% endblock %}
"""


class Script:
    """Gives these answers, one after the other."""

    def __init__(self, *answers: Completion) -> None:
        self._answers = list(answers)
        self.asked: list[Request] = []

    def complete(self, requests: Sequence[Request], finished: Finished = unheard) -> list[Completion]:
        request: Request | None = requests[0]
        while request is not None:
            self.asked.append(request)
            answer = self._answers.pop(0)
            request = finished(0, answer)
        return [answer]

    def close(self) -> None:
        self._answers = []


def said(text: str, finish: str = "stop") -> Completion:
    return Completion(text, finish, Usage(10, 2), seconds=0.5)


def check(text: str) -> str | Objection:
    return text.upper() if text == "yes" else Objection(Reason.BAD_PROBLEM, f"it is {text}", f"{text} is wrong.")


def climb(tmp_path: Path, script: Script, **settings: int) -> tuple[Taken[str] | Objection | Exception, Ladder]:
    path = tmp_path / "ask.jinja"
    path.write_text(TEXT)
    prompt = load_prompt(path, "ask", ("word",))
    ladder = Ladder("explain.ask", ModelTask(**settings), prompt, "m", 7, Counter())  # type: ignore[arg-type]
    return converse(script, [ladder.climb("r1", {"word": "yes"}, check)])[0], ladder


def test_what_passes_at_once(tmp_path: Path) -> None:
    """One call, with the record, stage and rung in its key."""
    script = Script(said("yes"))
    found, ladder = climb(tmp_path, script)
    assert found == Taken("YES", "first")
    assert script.asked[0].prompt == (Turn("user", "Say yes."),)
    assert script.asked[0].key == "explain.ask/r1/0.0"
    assert ladder.counts == {
        "model.first.calls": 1, "model.first.prompt_tokens": 10, "model.first.completion_tokens": 2,
        "model.first.ms": 500, "model.first.passed": 1, "model.first.uncounted": 0,
    }  # fmt: skip


def test_what_is_wrong_is_told_and_repaired(tmp_path: Path) -> None:
    """The conversation goes on: answer, objection, answer."""
    script = Script(said("no"), said("never"), said("yes"))
    found, ladder = climb(tmp_path, script, repairs=2)
    assert found == Taken("YES", "repair 2")
    assert script.asked[2].prompt == (
        Turn("user", "Say yes."), Turn("assistant", "no"), Turn("user", "no is wrong. Say yes again."),
        Turn("assistant", "never"), Turn("user", "never is wrong. Say yes again."),
    )  # fmt: skip
    assert ladder.counts["model.repair 1.calls"] == 1
    assert ladder.counts["model.first.bad-problem"] == ladder.counts["model.repair 1.bad-problem"] == 1
    assert ladder.counts["model.repair 2.passed"] == 1


def test_a_further_sample_begins_anew(tmp_path: Path) -> None:
    """With another seed and another key, so that no kept answer is taken for it."""
    script = Script(said("no"), said("no"), said("yes"))
    found, _ = climb(tmp_path, script, samples=2, repairs=1)
    assert found == Taken("YES", "sample 2")
    first, _, third = script.asked
    assert first.prompt == third.prompt
    assert first.key != third.key
    assert first.sampling.seed != third.sampling.seed


def test_below_the_last_rung_stands_the_first_objection(tmp_path: Path) -> None:
    """It says best what the model is up to."""
    found, _ = climb(tmp_path, Script(said("no"), said("nay"), said("nope"), said("nein")), samples=2, repairs=1)
    assert found == Objection(Reason.BAD_PROBLEM, "it is no", "no is wrong.")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (said("yes", "length"), Reason.NO_ANSWER), (said("  "), Reason.NO_ANSWER),
        (said("too long", REFUSED), Reason.MODEL_REFUSED),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_not_read_and_not_argued_with(tmp_path: Path, answer: Completion, reason: Reason) -> None:
    """A text that was cut off may look right; a further sample is asked, no repair."""
    script = Script(answer, answer)
    found, _ = climb(tmp_path, script, samples=2, repairs=3)
    assert isinstance(found, Objection)
    assert found.reason == reason
    assert len(script.asked) == 2


def test_lineage_names_each_model_and_prompt_once(tmp_path: Path) -> None:
    """Those that had a part before stay."""
    _, ladder = climb(tmp_path, Script(said("yes")))
    once = ladder.sign(Lineage("s", model="other", prompt_id="unify-1-aa"))
    assert once == Lineage("s", model="other, m", prompt_id=f"unify-1-aa, {ladder.prompt.id}")
    assert ladder.sign(once) == once
    assert ladder.prompt.id.startswith("ask-3-")
    assert unsigned(once, "ask") == Lineage("s", model="other, m", prompt_id="unify-1-aa")
    assert unsigned(unsigned(once, "ask"), "unify") == Lineage("s")
