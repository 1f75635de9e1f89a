"""No near twin of what a student is examined on is among what it learned from."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cotmill.base.records import Sample
from cotmill.base.stage import CotmillError
from cotmill.student.masking import masked
from cotmill.student.samples import known
from cotmill.student.split import Split, definitions, split, structure
from cotmill.student.twins import SAME, Twins, shingles
from student.known import chain, sample_of

LOOP = """def solution(prices, limit):
    total = 0
    for price in prices:
        if price > limit:
            total += price * 2
    return total
"""
MANY = 10**9
STORY = (
    "Maria has {} apples and buys {} more at the market every day. On the way home she gives three of them to her "
    "brother. How many apples does Maria have after {} days?"
)


def others(count: int = 40) -> list[Sample]:
    """Samples of structures of their own."""
    return [sample_of(chain(number * 977), {"a": number, "b": 2}, name=f"other{number}.0") for number in range(count)]


def sides(parts: Split) -> dict[str, str]:
    """Where each sample is."""
    return (
        dict.fromkeys((sample.id for sample in parts.train), "train")
        | dict.fromkeys((sample.id for sample in parts.held_out), "held out")
        | {one.sample.id: one.reason for one in parts.dropped}
    )


def words(sample: Sample) -> tuple[str, ...]:
    return masked(sample.problem, definitions(sample))


def weighed(twins: Twins, text: tuple[str, ...]) -> dict[tuple[str, int], float]:
    return {shingle: twins.weight(shingle) for shingle in shingles(text)}


def assert_apart(parts: Split) -> None:
    """Compares all with all: nothing on both sides is of one structure, or asks nearly the same."""
    learned, examined = parts.train, parts.held_out
    assert learned and examined
    assert {structure(sample) for sample in learned}.isdisjoint(map(structure, examined))
    everything = sorted([*learned, *examined, *(one.sample for one in parts.dropped)], key=structure)
    twins = Twins((structure(sample), words(sample)) for sample in everything)
    theirs = [weighed(twins, words(sample)) for sample in examined]
    for ours in (weighed(twins, words(sample)) for sample in learned):
        for other in theirs:
            shared = sum(ours[shingle] for shingle in ours.keys() & other.keys())
            assert shared < SAME * (sum(ours.values()) + sum(other.values()) - shared), (list(ours), list(other))


@pytest.mark.parametrize(
    ("what", "twin"),
    [
        ("renamed variables", LOOP.replace("price", "cost").replace("total", "summed").replace("limit", "bound")),
        ("other numbers", LOOP.replace("* 2", "* 17").replace("= 0", "= 4.5")),
        ("a number below zero", LOOP.replace("* 2", "* -2").replace("= 0", "= -1")),
        ("a docstring", LOOP.replace("    total = 0", '    """Adds up."""\n    total = 0', 1)),
        ("hints", LOOP.replace("prices, limit", "prices: list[int], limit: int")),
        ("comments and blank lines", LOOP.replace("    for", "\n    # each of them\n    for")),
        ("a variable for another", LOOP.replace("total += price", "total += limit")),
        ("parameters swapped", LOOP.replace("prices, limit", "limit, prices")),
        ("brackets", LOOP.replace("price > limit", "(price > limit)")),
    ],
)
def test_a_twin_of_a_program_is_of_its_structure(what: str, twin: str) -> None:
    """Whatever is done to names, numbers and looks; so it is on the same side whatever the seed."""
    one, other = sample_of(LOOP, {"prices": [1], "limit": 0}), sample_of(twin, {"prices": [1], "limit": 0}, name="q.0")
    assert structure(one) == structure(other), what
    for seed in range(5):
        where = sides(split([one, *others(), other], 0.3, MANY, seed))
        assert where["p.0"] == where["q.0"], what


def test_another_function_is_no_other_structure() -> None:
    """Who has learned `max` of a list can guess `min` of it."""
    code = "def solution(xs):\n    best = {}(xs)\n    return best\n"
    assert structure(sample_of(code.format("min"), {"xs": [1]})) == structure(
        sample_of(code.format("max"), {"xs": [1]})
    )


def test_another_operation_is_another_structure() -> None:
    assert structure(sample_of(LOOP, {})) != structure(sample_of(LOOP.replace("* 2", "+ 2"), {}))


def test_inputs_and_directions_of_a_program_stay_together() -> None:
    """The same program on other inputs, and asked the other way round, is one structure."""
    for seed in range(5):
        asked = [
            sample_of(LOOP, {"prices": [number] * number, "limit": number}, name=f"p.{number}", direction=direction)
            for number, direction in enumerate(["forward", "backward", "variable", "forward"])
        ]
        where = sides(split([*asked, *others()], 0.3, MANY, seed))
        assert len({where[sample.id] for sample in asked}) == 1


@pytest.mark.parametrize(
    ("what", "problem"),
    [
        ("the same", STORY.format(3, 2, 5)),
        ("other numbers", STORY.format(1200, 17.5, -3)),
        ("another name", STORY.format(3, 2, 5).replace("Maria", "Tom")),
        ("other spaces", STORY.format(3, 2, 5).replace(" ", "\n  ")),
        ("a number in words", STORY.format("seven", 2, 5)),
        ("a word more", STORY.format(3, 2, 5).replace("buys", "then buys")),
    ],
)
def test_a_problem_that_a_held_out_one_resembles_is_not_learned(what: str, problem: str) -> None:
    """Though other programs answer them. It is kept with its reason, and with what it is like."""
    found = 0
    for seed in range(12):
        one = sample_of(chain(1), {"a": 3, "b": 2}, STORY.format(3, 2, 5), "p.0")
        other = sample_of(LOOP, {"prices": [3], "limit": 2}, problem, "q.0")
        parts = split([one, other, *others()], 0.4, MANY, seed)
        where = sides(parts)
        assert {where["p.0"], where["q.0"]} != {"train", "held out"}, what
        if "near-twin" in (where["p.0"], where["q.0"]):
            found += 1
            (lost,) = (one for one in parts.dropped if one.sample.id in ("p.0", "q.0"))
            assert {lost.sample.id, lost.of} == {"p.0", "q.0"}
    assert found


def test_what_all_problems_share_makes_no_twins() -> None:
    """A long frame around short questions."""
    frame = "Read what follows with care, think about it step by step, and give nothing but JSON at the very end. "
    nouns = ["lamp", "river", "ladder", "kettle", "garden", "ticket", "window", "basket", "signal", "carpet"]
    asked = [
        sample_of(chain(number * 91), {"a": 1, "b": 2}, f"{frame}How much is the {one} of every {two} here?", f"p{number}.0")
        for number, (one, two) in enumerate(combinations(nouns, 2))
    ]  # fmt: skip
    parts = split(asked, 0.3, MANY, 0)
    assert not parts.dropped
    assert_apart(parts)


def test_two_problems_alone_are_twins_though_all_share_their_words() -> None:
    """In a small data set, what twins share is what all share."""
    one, other = (
        sample_of(chain(1), {}, STORY.format(1, 2, 3), "p.0"),
        sample_of(LOOP, {}, STORY.format(4, 5, 6), "q.0"),
    )
    with pytest.raises(CotmillError, match="more programs"):
        split([one, other], 0.5, MANY, 0)
    alike = Twins([("p", words(one)), ("q", (*words(other), "now"))])
    assert alike.similarity(words(one), (*words(other), "now")) >= SAME


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_no_twin_is_missed(seed: int) -> None:
    """What the prefixes find is what comparing all with all finds, among texts with a few words changed."""
    rng = Random(seed)
    few = [tuple(rng.choices("abcdefghijkl", k=rng.randrange(1, 40))) for _ in range(8)]
    many = [tuple(rng.choice("abcm") if rng.random() < 0.05 else word for word in text) for text in few * 4]
    twins = Twins((str(number), text) for number, text in enumerate([*few, *many]))
    find = twins.finder(few)
    for text in many:
        near = [other for other in few if twins.similarity(text, other) >= SAME]
        assert find(text) == (near[0] if near else None)


@settings(max_examples=25)
@given(st.integers(0, 99), st.randoms(use_true_random=False), st.integers(1, 60), st.floats(0.02, 0.6))
def test_every_sample_is_in_one_place_whatever_the_order(seed: int, rng: Random, at_most: int, share: float) -> None:
    samples = [*others(25), *(sample_of(LOOP, {"prices": [], "limit": k}, name=f"loop.{k}") for k in range(6))]
    parts = split(samples, share, at_most, seed)
    assert sorted(sides(parts)) == sorted(sample.id for sample in samples)
    assert len(parts.train) + len(parts.held_out) + len(parts.dropped) == len(samples)
    assert 1 <= len(parts.held_out) <= at_most
    shuffled = samples[:]
    rng.shuffle(shuffled)
    assert sides(split(shuffled, share, at_most, seed)) == sides(parts)


def test_more_data_changes_little() -> None:
    """What was held out still is, when the run has grown."""
    before = sides(split(others(40), 0.2, MANY, 3))
    after = sides(split(others(60), 0.2, MANY, 3))
    assert {name for name, side in before.items() if side == "held out"} <= {
        name for name, side in after.items() if side == "held out"
    }


def test_a_cap_takes_many_structures_before_many_inputs() -> None:
    """What is left of them is learned by nobody, and says why."""
    inputs = [
        sample_of(chain(number * 977), {"a": k, "b": 2}, name=f"c{number}.{k}")
        for number in range(30)
        for k in range(5)
    ]
    parts = split(inputs, 0.5, 8, 0)
    assert len(parts.held_out) == len({structure(sample) for sample in parts.held_out}) == 8
    left = [one for one in parts.dropped if one.reason == "same-structure"]
    assert len(left) == 8 * 4
    held = {sample.id: sample for sample in parts.held_out}
    assert all(structure(one.sample) == structure(held[one.of]) for one in left)


def test_one_structure_cannot_be_split() -> None:
    """It is the user's, who is told what to do."""
    with pytest.raises(CotmillError, match="run the recipe with more programs"):
        split([sample_of(LOOP, {"prices": [], "limit": 1})], 0.5, MANY, 0)


def test_a_run_of_the_pipeline_is_split_without_twins(finished: Path) -> None:
    """Built-in programs and those composed of them, in all directions, compared all with all."""
    samples = [one.sample for one in known(finished)]
    assert len(samples) > 40
    for seed in range(2):
        parts = split(samples, 0.2, MANY, seed)
        assert len(parts.train) > len(samples) / 2
        assert_apart(parts)
