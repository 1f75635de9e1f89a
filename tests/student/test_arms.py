"""What each student of an ablation is given."""

from __future__ import annotations

from random import Random

import pytest

from cotmill.base.records import Sample
from cotmill.base.stage import CotmillError
from cotmill.prove.answer import equal, extract
from cotmill.prove.directions import check_answer
from cotmill.publish.sample import count_tokens
from cotmill.student.arms import ARMS
from cotmill.student.samples import Known
from student.known import known_of

SUMS = """def solution(prices, limit):
    total = {start}
    for price in prices:
        if price > limit:
            total {operator} price
    return total
"""
WAYS = ("forward", "backward")


def material() -> list[Known]:
    """Nine programs, three inputs each, three of each round; forward and backward."""
    return [
        known_of(
            SUMS.format(start=program, operator="+=" if program % 2 else "-="),
            {"prices": [program + k, 9, 4], "limit": 5 + k}, f"p{program}.{k}", (WAYS[(program + k) % 2],), program // 3,
        )
        for program in range(9)
        for k in range(3)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def given() -> list[Known]:
    return material()


@pytest.mark.parametrize("name", sorted(ARMS))
def test_an_arm_follows_from_the_samples_and_not_from_their_order(name: str, given: list[Known]) -> None:
    """It adds none, asks what was asked, ends in the answer, and says in a line what it is."""
    arm = ARMS[name]
    made = arm.select(given, 0)
    shuffled = given[:]
    Random(1).shuffle(shuffled)
    assert sorted(arm.select(shuffled, 0), key=lambda sample: sample.id) == sorted(made, key=lambda sample: sample.id)
    asked = {one.sample.id: one.sample.problem for one in given}
    order = [one.sample.id for one in given]
    assert [sample.id for sample in made] == sorted((sample.id for sample in made), key=order.index)
    for sample in made:
        assert sample.problem == asked[sample.id]
        stated = extract(sample.solution)
        assert stated is not None
        assert equal(stated, sample.answer)
    assert arm.name == name
    assert arm.description
    assert "\n" not in arm.description


@pytest.mark.parametrize("name", ["answer", "raw-trace", "terse", "prose", "corrupted-30"])
def test_what_is_told_otherwise_is_so_in_every_column(name: str, given: list[Known]) -> None:
    for sample in ARMS[name].select(given[:4], 0):
        assert sample.messages[1].content == sample.solution
        assert sample.n_tokens == count_tokens(sample.solution)


def test_an_answer_alone_is_its_last_line(given: list[Known]) -> None:
    assert [sample.solution for sample in ARMS["answer"].select(given, 0)] == [
        f"Answer: {one.sample.answer}" for one in given
    ]


@pytest.mark.parametrize("name", ["worked", "terse", "steps", "prose"])
def test_a_telling_of_one_style_is_proven(name: str, given: list[Known]) -> None:
    """And differs from that of another style."""
    behind = {one.sample.id: one for one in given}
    made = ARMS[name].select(given, 0)
    assert len(made) == len(given)
    for sample in made:
        assert check_answer(behind[sample.id].question, sample.solution).verdict == "pass"
    others = {arm: ARMS[arm].select(given, 0) for arm in ("worked", "terse", "steps", "prose") if arm != name}
    assert all(
        [sample.solution for sample in other] != [sample.solution for sample in made] for other in others.values()
    )


def test_a_telling_that_does_not_pass_is_left_out(given: list[Known], monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails closed."""
    from cotmill.base.reasons import Reason
    from cotmill.base.stage import Reject

    monkeypatch.setattr("cotmill.student.arms.prove_ground", lambda draft: Reject(Reason.REFUTED_CLAIM, "no", draft.id))
    assert ARMS["prose"].select(given, 0) == []


def test_directions_are_compared_at_equal_numbers(given: list[Known]) -> None:
    made = {name: ARMS[name].select(given, 0) for name in ("forward", "backward", "both")}
    assert len({len(samples) for samples in made.values()}) == 1
    assert {sample.direction for sample in made["forward"]} == {"forward"}
    assert {sample.direction for sample in made["backward"]} == {"backward"}
    ways = [sample.direction for sample in made["both"]]
    assert abs(ways.count("forward") - ways.count("backward")) <= 1


def test_many_inputs_are_compared_with_many_programs_at_equal_numbers(given: list[Known]) -> None:
    def programs(samples: list[Sample]) -> int:
        return len({sample.id.partition(".")[0] for sample in samples})

    inputs, many = (ARMS[name].select(given, 0) for name in ("many-inputs", "many-programs"))
    assert len(inputs) == len(many) == 9
    assert (programs(inputs), programs(many)) == (3, 9)


def test_rounds_add_up(given: list[Known]) -> None:
    assert [len(ARMS[f"round-{last}"].select(given, 0)) for last in range(3)] == [9, 18, 27]


@pytest.mark.parametrize(
    ("arm", "keep", "advice"),
    [
        ("both", lambda one: one.sample.direction == "forward", "explain.directions"),
        ("many-inputs", lambda one: one.sample.id.endswith(".0"), "compose.inputs"),
        ("many-programs", lambda one: one.sample.id.endswith(".0"), "compose.inputs"),
        ("round-2", lambda one: one.sample.lineage.round < 2, "compose.rounds=2"),
        ("round-0", lambda one: one.sample.lineage.round, "with seeds"),
    ],
)
def test_an_arm_that_cannot_be_filled_says_what_to_do(arm: str, keep, advice: str, given: list[Known]) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(CotmillError, match=advice):
        ARMS[arm].select([one for one in given if keep(one)], 0)
