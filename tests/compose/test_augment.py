"""More programs to learn from, made of proven ones."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from compose.parents import answer_of, parents
from cotmill.backends import needs
from cotmill.base.stage import CotmillError
from cotmill.compose.codegen.augment import EFFORT, augmented
from cotmill.compose.structure import novelty_key


def run(code: str, inputs: Sequence[dict[str, Any]]) -> list[str | None]:
    found = list[str | None]()
    for input in inputs:
        try:
            found.append(json.dumps(answer_of(code, input)))
        except Exception:  # noqa: BLE001 - whatever a program raises
            found.append(None)
    return found


def test_the_proven_ones_and_as_many_more_as_are_wanted() -> None:
    """No two alike, none like a proven one but for names and numbers; the same for the same seed."""
    found = augmented(parents(), 20, 0, run)
    assert found[: len(parents())] == parents()
    assert len(found) == len(parents()) + 20
    made = found[len(parents()) :]
    assert len({novelty_key(material.code) for material in found}) == len(found)
    assert len({material.id for material in found}) == len(found)
    assert augmented(parents(), 20, 0, run) == found
    assert {material.code for material in augmented(parents(), 20, 1, run)[len(parents()) :]} != {
        material.code for material in made
    }
    assert augmented(parents(), 7, 0, run)[len(parents()) :] == made[:7]


def test_each_case_of_them_ran() -> None:
    """With the answer that it gave."""
    for material in augmented(parents(), 20, 0, run)[len(parents()) :]:
        assert material.cases
        for case in material.cases:
            assert json.loads(case.answer) == answer_of(material.code, json.loads(case.input))


def test_what_does_not_run_is_left_out() -> None:
    """A program that ran on one of its inputs stays, with that one."""
    asked = []

    def rarely(code: str, inputs: Sequence[dict[str, Any]]) -> list[str | None]:
        asked.append((code, inputs))
        return [None] * len(inputs) if len(asked) % 2 else [*[None] * (len(inputs) - 1), "7"]

    found = augmented(parents(), 5, 0, rarely)[len(parents()) :]
    assert len(found) == 5 and len(asked) == 10
    for material, (code, inputs) in zip(found, asked[1::2], strict=True):
        assert material.code == code
        assert [(json.loads(case.input), case.answer) for case in material.cases] == [(inputs[-1], "7")]


def test_where_no_more_can_be_made_there_is_an_end() -> None:
    """Programs of which nothing can be made; programs of which nothing runs."""
    assert augmented((), 10, 0, run) == []
    tried = []
    assert augmented(parents(), 10, 0, lambda code, inputs: tried.append(code) or [None] * len(inputs)) == parents()
    assert len(tried) <= EFFORT * 10
    assert len(set(map(novelty_key, tried))) == len(tried)


def test_none_wanted_none_made() -> None:
    assert augmented(parents(), 0, 0, run) == parents()


@pytest.mark.parametrize("missing", ["torch", "transformers", "accelerate", "peft"])
def test_what_is_missing_is_one_message(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    """It says what, and how to get it."""
    monkeypatch.setattr(needs, "find_spec", lambda name: None if name == missing else object())
    with pytest.raises(CotmillError, match=f"need {missing}: pip install 'cotmill\\[train\\]'"):
        needs.demand()


def test_with_all_of_it_there_is_nothing_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "find_spec", lambda name: object())
    needs.demand()
