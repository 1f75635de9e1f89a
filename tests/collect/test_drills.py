"""Programs made for drill: what they promise to whoever trains on them."""

from __future__ import annotations

import ast
import json

import pytest

from cotmill.base.stage import CotmillError
from cotmill.collect.drills import FAMILIES, MODULUS, MOST_LINES, drills
from cotmill.compose.structure import shape_key
from explain.narrating import execution_of


@pytest.mark.parametrize("family", FAMILIES)
def test_every_value_is_a_digit(family: str) -> None:
    for row in drills([family], 60, inputs=2, lines=(1, MOST_LINES), seed=3):
        for input in row["inputs"]:
            answer = json.loads(execution_of(row["code"], input).answer)
            assert 0 <= answer < MODULUS, row["code"]


def test_the_same_rows_for_the_same_arguments_and_more_begin_with_them() -> None:
    first = list(drills(list(FAMILIES), 20, inputs=3, lines=(2, 4), seed=0))
    assert first == list(drills(list(reversed(FAMILIES)), 40, inputs=3, lines=(2, 4), seed=0))[:20]
    assert first != list(drills(list(FAMILIES), 20, inputs=3, lines=(2, 4), seed=1))


def test_each_line_makes_a_variable_and_inputs_differ() -> None:
    for row in drills(["chain"], 50, inputs=MODULUS, lines=(3, 3), seed=0):
        definition = ast.parse(row["code"]).body[0]
        assert isinstance(definition, ast.FunctionDef)
        assigned = [node.targets[0].id for node in definition.body[:-1]]  # type: ignore[attr-defined]
        assert assigned == ["b", "c", "d"]
        assert len({input["a"] for input in row["inputs"]}) == MODULUS


def test_a_wrong_value_in_a_chain_never_leads_to_the_right_answer() -> None:
    """Each line maps different values to different ones, so the whole program does."""
    for row in drills(["chain"], 50, inputs=MODULUS, lines=(1, 5), seed=0):
        answers = {execution_of(row["code"], input).answer for input in row["inputs"]}
        assert len(answers) == MODULUS


def test_there_are_many_structures() -> None:
    shapes = {shape_key(row["code"]) for row in drills(["chain", "branch"], 500, inputs=1, lines=(3, 6), seed=0)}
    assert len(shapes) > 300


def test_an_unknown_family_is_one_message() -> None:
    with pytest.raises(CotmillError, match="no family 'lop'; the families are chain"):
        list(drills(["lop"], 1, inputs=1, lines=(1, 1), seed=0))
