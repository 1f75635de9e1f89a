"""A code generator behind the draws of a round: what is asked of it, and what becomes of what it writes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from compose.parents import parents
from cotmill.base.chance import chance
from cotmill.base.reasons import Reason
from cotmill.base.recipe import CodeGenerator, Compose
from cotmill.base.records import Draw, Program
from cotmill.base.shards import write_shard
from cotmill.base.stage import CotmillError, Reject
from cotmill.compose import author
from cotmill.compose.author import TRIES, Author
from cotmill.compose.codegen.representation import OPERATOR
from cotmill.compose.draw import Drawer
from cotmill.compose.material import Candidate, Material, Survival, weights
from cotmill.compose.pool import pool_of
from cotmill.compose.recombine import recombine
from cotmill.compose.rounds import Known
from cotmill.compose.structure import novelty_key

DRAWS = [f"draw-1-{number:06d}" for number in range(6)]


class Sampler:
    """Writes what `writes` makes of each source of chance; keeps how many it was asked for at a time."""

    def __init__(self, writes: Callable[[Random], Candidate | str]) -> None:
        self.writes, self.asked = writes, list[int]()
        self.opened = list[Path]()

    def sample(self, rngs: Sequence[Random]) -> list[Candidate | str]:
        self.asked.append(len(rngs))
        return [self.writes(rng) for rng in rngs]


def program(lines: int, inputs: Sequence[str] = ('{"n":3}',)) -> Candidate:
    """As many steps as that: programs of different lengths are different programs."""
    body = "".join(f"    n = n * {line + 2}\n" for line in range(lines))
    return Candidate(f"{lines} steps", f"def solution(n):\n{body}    return n\n", tuple(inputs), (), OPERATOR)


def any_program(rng: Random) -> Candidate | str:
    return program(rng.randrange(200))


@pytest.fixture
def sampler(monkeypatch: pytest.MonkeyPatch) -> Sampler:
    made = Sampler(any_program)

    def opened(_settings: CodeGenerator, folder: Path, _calls: Path) -> Sampler:
        made.opened.append(folder)
        return made

    monkeypatch.setattr(author, "_sampler", opened)
    return made


def told(draws: Sequence[str] = DRAWS, seed: int = 0) -> Author:
    made = Author(CodeGenerator(share=1), seed, Path())
    made.expect(draws)
    return made


def test_the_order_of_asking_changes_nothing(sampler: Sampler) -> None:
    writes, backwards = told(), told()
    found = {draw: writes(draw) for draw in DRAWS}
    assert len(set(found.values())) == len(DRAWS)
    assert {draw: backwards(draw) for draw in reversed(DRAWS)} == found
    some = told()
    assert [some(DRAWS[4]), some(DRAWS[1])] == [found[DRAWS[4]], found[DRAWS[1]]]


def test_a_batch_is_asked_for_once(sampler: Sampler) -> None:
    writes = told()
    for draw in DRAWS:
        writes(draw)
    assert sampler.asked == [len(DRAWS)]


def test_each_draw_has_its_own_chance(sampler: Sampler) -> None:
    """Whatever else is in the batch; another seed, another program."""
    alone = [told([draw])(draw) for draw in DRAWS]
    together = told()
    assert [together(draw) for draw in DRAWS] == alone
    assert told([DRAWS[0]], seed=1)(DRAWS[0]) != alone[0]


def test_what_fails_is_written_anew(sampler: Sampler) -> None:
    """Only what is missing is asked for again, and chance goes on where it was."""
    sampler.writes = lambda rng: "no end" if rng.random() < 0.5 else any_program(rng)
    writes = told()
    found = [writes(draw) for draw in DRAWS]
    assert sampler.asked[0] == len(DRAWS) and sampler.asked[1] < len(DRAWS)
    assert sampler.asked == sorted(sampler.asked, reverse=True)
    for draw, written in zip(DRAWS, found, strict=True):
        rng = chance(0, "compose.codegen", draw)
        assert written in [sampler.writes(rng) for _ in range(TRIES)]


def test_after_a_few_failures_the_reason_comes_back(sampler: Sampler) -> None:
    sampler.writes = lambda _: "no end within 9 tokens"
    writes = told()
    assert [writes(draw) for draw in DRAWS] == ["no end within 9 tokens"] * len(DRAWS)
    assert sampler.asked == [len(DRAWS)] * TRIES


def test_a_known_program_is_written_anew(sampler: Sampler) -> None:
    """Known but for names and numbers is known."""
    old = "def solution(k):\n    k = k * 77\n    return k\n"
    answers = iter([program(1), program(2)])
    sampler.writes = lambda _: next(answers)
    writes = told(DRAWS[:1])
    writes.turn_to(Path("nowhere"), {novelty_key(old)})
    assert writes(DRAWS[0]) == program(2)
    assert sampler.asked == [1, 1]


def test_of_a_batch_no_two_are_alike(sampler: Sampler) -> None:
    """The first of the batch has it, the others are written anew until there is no more to try."""
    sampler.writes = lambda _: program(1)
    writes = told()
    found = [writes(draw) for draw in reversed(DRAWS)]
    assert found[-1] == program(1)
    assert set(found[:-1]) == {"equals a known program but for names and numbers"}
    assert sampler.asked == [len(DRAWS), *[len(DRAWS) - 1] * (TRIES - 1)]


def test_another_round_is_another_model(sampler: Sampler) -> None:
    """It is read when it is first wanted, and once."""
    writes = Author(CodeGenerator(share=1), 0, Path())
    for number in (1, 2):
        writes.turn_to(Path(f"round-{number}"), frozenset())
        assert len(sampler.opened) == number - 1
        for first in (0, 3):
            writes.expect(DRAWS[first : first + 3])
            for draw in DRAWS[first : first + 3]:
                writes(draw)
    assert sampler.opened == [Path("round-1"), Path("round-2")]


def test_a_model_that_cannot_be_asked_is_no_program(sampler: Sampler) -> None:
    """Not a reason to reject: the error goes up each time."""

    def refused(_: Random) -> Candidate:
        raise CotmillError("401")

    sampler.writes = refused
    writes = told()
    for draw in DRAWS:
        with pytest.raises(CotmillError, match="401"):
            writes(draw)


# Through a draw


class Runs:
    """Answers as this process finds them; keeps what it was asked."""

    def __init__(self) -> None:
        self.tried = list[dict[str, Any]]()

    def __call__(self, code: str, inputs: Sequence[dict[str, Any]]) -> list[str | None]:
        self.tried += inputs
        space: dict[str, Any] = {}
        exec(code, space)
        found = list[str | None]()
        for input in inputs:
            try:
                found.append(json.dumps(space["solution"](**input)))
            except ArithmeticError:
                found.append(None)
        return found


def drawer(tmp_path: Path, answers: Any = None, **settings: Any) -> Drawer:
    """Behind a round of which a few programs are known."""
    folder = tmp_path / "round-00"
    known = [Known(material.id, novelty_key(material.code), "") for material in parents()]
    write_shard(folder / "pool.parquet", Material, parents())
    write_shard(folder / "known.parquet", Known, known)
    write_shard(folder / "survivals.parquet", Survival, [])
    wanted = {"new_inputs": 0.0, "generator": CodeGenerator(share=1.0, model="m-1")}
    return Drawer(Compose(**wanted | settings), 0, lambda _: folder, answers or Runs(), folder)


def draws(inputs: int = 3, count: int = 4) -> list[Draw]:
    return [Draw(f"draw-1-{number:06d}", 1, inputs) for number in range(count)]


def only(outcomes: Any) -> Program:
    (found,) = outcomes
    assert isinstance(found, Program)
    return found


def test_a_draw_says_who_wrote_its_program(sampler: Sampler, tmp_path: Path) -> None:
    """Generator, model, round, no parents; the model lies where the round before is known."""
    sampler.writes = lambda _: program(8, ['{"n":3}', '{"n":4}', '{"n":5}'])
    found = only(drawer(tmp_path)(draws()[0]))
    assert (found.id, found.source, found.title, found.problem) == ("draw-1-000000", "composed", "8 steps", "")
    lineage = found.lineage
    assert (lineage.generator, lineage.model, lineage.round, lineage.parents) == (OPERATOR, "m-1", 1, ())
    assert sampler.opened == [tmp_path / "round-00" / author.FOLDER]


def test_draws_that_come_next_are_written_at_once(sampler: Sampler, tmp_path: Path) -> None:
    """Those of them that the generator has to write."""
    made = drawer(tmp_path, generator=CodeGenerator(share=0.5))
    ahead = draws(count=30)
    made.ahead(ahead)
    found = [outcome for draw in ahead for outcome in made(draw) if isinstance(outcome, Program)]
    written = [program for program in found if program.lineage.generator == OPERATOR]
    assert 5 < len(written) < 25
    assert sampler.asked[0] == len(written)


def test_inputs_with_answers_of_their_own_come_first(tmp_path: Path) -> None:
    """5 and 6 have the same answer, 0 has none: it is left out."""
    code = "def solution(n):\n    return 60 // n // 5\n"
    inputs = tuple(f'{{"n":{n}}}' for n in (0, 5, 6, 4, 7))
    candidate = Candidate("t", code, inputs, (), OPERATOR)
    made = drawer(tmp_path)
    three = made.tried(candidate, 3, Random(0))
    assert set(three) == {'{"n":5}', '{"n":4}', '{"n":7}'}
    assert made.tried(candidate, 4, Random(0)) == [*three, '{"n":6}']


def test_missing_inputs_are_found(tmp_path: Path) -> None:
    """New ones on which it runs, the same for the same chance."""
    code = "def solution(n):\n    return 60 // (n - 5)\n"
    candidate = Candidate("t", code, ('{"n":5}', '{"n":9}'), (), OPERATOR)
    runs = Runs()
    found = drawer(tmp_path, runs).tried(candidate, 4, Random(0))
    assert found[0] == '{"n":9}'
    assert len(set(found)) == 4
    assert None not in runs(code, [json.loads(input) for input in found])
    assert drawer(tmp_path).tried(candidate, 4, Random(0)) == found


def test_a_program_that_runs_on_none_goes_on(sampler: Sampler, tmp_path: Path) -> None:
    """Its run says with which error it fails, so it keeps the inputs that it came with."""
    code = "def solution(n):\n    n = n + 1\n    return n // 0\n"
    inputs = ('{"n":1}', '{"n":2}', '{"n":3}', '{"n":4}')
    sampler.writes = lambda _: Candidate("t", code, inputs, (), OPERATOR)
    runs = Runs()
    assert only(drawer(tmp_path, runs)(draws()[0])).inputs == inputs[:3]
    assert runs.tried == [json.loads(input) for input in inputs]  # and no further ones are sought


def test_inputs_that_cannot_be_found_are_rejects(sampler: Sampler, tmp_path: Path) -> None:
    sampler.writes = lambda _: Candidate("t", "def solution():\n    return 4\n", ("{}",), (), OPERATOR)
    kept, *others = drawer(tmp_path)(draws()[0])
    assert isinstance(kept, Program) and kept.inputs == ("{}",)
    assert [(other.reason, other.id) for other in others] == [
        (Reason.NO_FURTHER_INPUT, "draw-1-000000.1"), (Reason.NO_FURTHER_INPUT, "draw-1-000000.2"),
    ]  # fmt: skip


def test_no_program_is_a_reject_that_says_why(sampler: Sampler, tmp_path: Path) -> None:
    sampler.writes = lambda _: "no end within 9 tokens"
    assert list(drawer(tmp_path)(draws()[0])) == [Reject(Reason.NOTHING_COMPOSED, "codegen: no end within 9 tokens")]


def test_what_the_round_before_knew_is_not_new(sampler: Sampler, tmp_path: Path) -> None:
    known = parents()[0]
    sampler.writes = lambda _: Candidate("t", known.code, (known.cases[0].input,), (), OPERATOR)
    (found,) = drawer(tmp_path)(draws()[0])
    assert isinstance(found, Reject) and "equals a known program" in found.detail


def test_without_a_share_draws_are_what_they_were(sampler: Sampler, tmp_path: Path) -> None:
    """The chance of a draw that the generator does not write is not touched by it; nothing is asked or read."""
    without = drawer(tmp_path, generator=CodeGenerator(), new_inputs=0.3)
    expected = [only(without(draw)) for draw in draws(count=20)]
    assert sampler.asked == []
    generators = {program.lineage.generator for program in expected}
    assert "new-inputs" in generators and len(generators) > 1
    pool, known = pool_of(parents()), {novelty_key(material.code) for material in parents()}
    for draw, found in zip(draws(count=20), expected, strict=True):
        rng = chance(0, "compose.draw", draw.id)
        assert (rng.random() < 0.3) == (found.lineage.generator == "new-inputs")
        if found.lineage.generator != "new-inputs":  # one number was drawn before, none for a generator
            candidate = recombine(pool, rng, weights(()), known)
            assert candidate is not None and candidate.code == found.code
    shared = drawer(tmp_path, generator=CodeGenerator(share=0.5), new_inputs=0.3)
    again = [next(iter(shared(draw))) for draw in draws(count=20)]
    for before, after in zip(expected, again, strict=True):
        if before.lineage.generator == "new-inputs":
            assert after == before
