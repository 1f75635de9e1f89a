"""Programs by a model that is shown known ones: what it is asked, and what becomes of what it writes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from compose.parents import parents
from cotmill.backends.ladder import Ladder
from cotmill.backends.model import REFUSED, Completion, Finished, Request
from cotmill.backends.prompts import built_in, load_prompt
from cotmill.base.model_settings import ComposeTask
from cotmill.base.reasons import Reason
from cotmill.base.recipe import CodeGenerator, Compose
from cotmill.base.records import Draw, Execution, Lineage, Program
from cotmill.base.shards import read_shard, write_shard
from cotmill.base.stage import Reject
from cotmill.base.unified import find_program, whole_program
from cotmill.compose.codegen.exemplars import EXEMPLARS, LONGEST, Exemplars
from cotmill.compose.draw import Drawer
from cotmill.compose.material import Candidate, Case, Material, Survival
from cotmill.compose.rounds import Known, learn
from cotmill.compose.structure import novelty_key

POOL = parents()
CODE = '''def solution(n, k):
    """Digits of a number above a limit."""
    # count them
    found = 0
    for digit in str(n):
        if int(digit) > k:
            found += 1
    return found
'''
WRITTEN = f"Sure!\n```python\n{whole_program(CODE, json.dumps({'n': 5273, 'k': 3}))}```\n"


class Scripted:
    """Answers each request as the script says; keeps what it was asked."""

    def __init__(self, script: Callable[[Request], str | Completion]) -> None:
        self.script, self.asked, self.closed = script, list[Request](), 0

    def complete(self, requests: Sequence[Request], finished: Finished) -> list[Completion]:
        for number, first in enumerate(requests):
            request: Request | None = first
            while request is not None:
                self.asked.append(request)
                answer = self.script(request)
                request = finished(
                    number, answer if isinstance(answer, Completion) else Completion(answer, "stop", None)
                )
        return []

    def close(self) -> None:
        self.closed += 1


def exemplars(model: Scripted, pool: Sequence[Material] = POOL, **settings: Any) -> Exemplars:
    task = ComposeTask(use=True, **settings)
    prompt = load_prompt(built_in()["compose"], "compose", task.FIELDS)
    made = Exemplars(Ladder("compose.draw", task, prompt, "teacher", 0, Counter()), lambda: model, task.exemplars)
    made.turn_to(pool)
    return made


def shown(request: Request) -> list[str]:
    """The known programs that a request shows, by their code."""
    text = request.prompt[-1].content
    assert isinstance(text, str)
    blocks = [part.partition("```")[0] for part in text.split("```python\n")[1:]]
    return [find_program(block)[0] for block in blocks]


def rngs(count: int) -> list[Random]:
    return [Random(number) for number in range(count)]


def test_a_program_is_read_and_says_what_it_was_shown() -> None:
    """Without its comments; the ids of the programs that were shown are its parents."""
    model = Scripted(lambda request: WRITTEN)
    (found,) = exemplars(model).sample(rngs(1))
    assert isinstance(found, Candidate)
    assert (found.title, found.operator) == ("Digits of a number above a limit.", EXEMPLARS)
    assert "#" not in found.code and json.loads(found.inputs[0]) == {"n": 5273, "k": 3}
    codes = {material.id: material.code.strip() for material in POOL}
    assert [codes[parent] for parent in found.parents] == [code.strip() for code in shown(model.asked[0])]


def test_what_is_shown_follows_from_chance_alone() -> None:
    """Other programs, key and seed for each draw and each try; the same ones when asked again, in whatever company."""
    asked = []
    for count in (5, 5, 2):
        model = Scripted(lambda request: WRITTEN)
        made = exemplars(model, exemplars=2)
        sources = rngs(count)
        made.sample(sources)
        made.sample(sources)
        asked.append({request.key: request for request in model.asked})
        assert len(asked[-1]) == 2 * count
    assert asked[0] == asked[1]
    assert asked[2].items() <= asked[0].items()
    requests = list(asked[0].values())
    assert {len(shown(request)) for request in requests} == {2}
    assert len({tuple(shown(request)) for request in requests}) > 5
    assert len({request.sampling.seed for request in requests}) == 10
    assert {(request.sampling.temperature, request.sampling.max_tokens) for request in requests} == {(0.9, 1024)}
    assert all(request.key.startswith("compose.draw/") for request in requests)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("I cannot.", "no Python"),
        ("```python\ndef solution(n):\n    return n\n```", "it does not end in"),
        (Completion(WRITTEN, "length", None), "no end within 1024 tokens"),
        (Completion("too long", REFUSED, None), "too long"),
        (" ", "an empty answer"),
    ],
)
def test_no_program_has_a_reason(answer: str | Completion, why: str) -> None:
    (found,) = exemplars(Scripted(lambda request: answer)).sample(rngs(1))
    assert isinstance(found, str) and why in found


def test_a_recipe_can_have_it_repaired() -> None:
    """It goes back with what is wrong with it; every rung is counted."""
    made = exemplars(Scripted(lambda request: WRITTEN if len(request.prompt) > 2 else "x = ("), repairs=1)
    assert all(isinstance(found, Candidate) for found in made.sample(rngs(3)))
    assert made.ladder.counts["model.first.calls"] == made.ladder.counts["model.repair 1.passed"] == 3


def test_long_programs_are_not_shown() -> None:
    long = Material(
        "long", "", "", "def solution(n):\n" + "    n += 1\n" * LONGEST + "    return n\n", (Case('{"n":1}', "1", 0),)
    )
    model = Scripted(lambda request: WRITTEN)
    (found,) = exemplars(model, [long, *POOL[:2]]).sample(rngs(1))
    assert isinstance(found, Candidate) and sorted(found.parents) == sorted(material.id for material in POOL[:2])
    assert exemplars(model, [long]).sample(rngs(2)) == [f"no known program is shorter than {LONGEST} characters"] * 2
    assert len(model.asked) == 1


def test_the_model_is_let_go_of() -> None:
    model = Scripted(lambda request: WRITTEN)
    made = exemplars(model)
    made.close()
    assert model.closed == 0  # nobody was reached
    made.sample(rngs(1))
    made.close()
    assert model.closed == 1


# Through a draw


def drawn(tmp_path: Path, model: Scripted, count: int = 1) -> list[Program | Reject]:
    folder = tmp_path / "round-00"
    write_shard(folder / "pool.parquet", Material, POOL)
    write_shard(folder / "known.parquet", Known, [Known(m.id, novelty_key(m.code), "") for m in POOL])
    write_shard(folder / "survivals.parquet", Survival, [])
    settings = Compose(new_inputs=0.0, generator=CodeGenerator(share=1.0))
    answers: Callable[..., list[str]] = lambda code, inputs: ["1"] * len(inputs)  # noqa: E731
    drawer = Drawer(settings, 0, lambda _: folder, answers, folder, exemplars(model))
    draws = [Draw(f"draw-1-{number:06d}", 1, 1) for number in range(count)]
    drawer.ahead(draws)
    return [outcome for draw in draws for outcome in drawer(draw)]


def test_a_draw_signs_what_was_written(tmp_path: Path) -> None:
    (program,) = drawn(tmp_path, Scripted(lambda request: WRITTEN))
    assert isinstance(program, Program)
    lineage = program.lineage
    assert (lineage.generator, lineage.model, lineage.round) == (EXEMPLARS, "teacher", 1)
    assert lineage.prompt_id.startswith("compose-1-") and len(lineage.parents) == 3


def test_what_it_was_shown_is_nothing_new(tmp_path: Path) -> None:
    """A copy is asked for again and in the end rejected; so is what another draw of the batch has."""
    copying = Scripted(lambda request: request.prompt[-1].content.partition("\n\n\nWrite")[0])
    (reject,) = drawn(tmp_path, copying)
    assert isinstance(reject, Reject) and reject.reason == Reason.NOTHING_COMPOSED
    assert reject.detail == "exemplars: equals a known program but for names and numbers"
    found = drawn(tmp_path, Scripted(lambda request: WRITTEN), count=3)
    assert [type(outcome) for outcome in found] == [Program, Reject, Reject]


def test_programs_that_were_shown_are_not_blamed(tmp_path: Path) -> None:
    """What becomes of a program says how good the parents of a recombined one are, and not how good exemplars are."""
    lineage = Lineage("", ("a", "b"), EXEMPLARS, "teacher", round=1)
    program = Program("draw-1-0", "composed", "", "", CODE, ("draw-1-0.0",), ('{"n":1,"k":2}',), ("",), lineage)
    learn(Compose(), 1, [program], list[Execution](), None, tmp_path)
    assert list(read_shard(tmp_path / "survivals.parquet", Survival)) == [Survival(EXEMPLARS, (), survived=False)]
