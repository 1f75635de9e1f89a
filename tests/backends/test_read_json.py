"""Verdicts out of free text."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotmill.backends.read_json import read_flags, read_note

NAMES = ("solvable", "consistent")
BOTH = {"solvable": True, "consistent": False}


@pytest.mark.parametrize(
    "text",
    [
        '{"solvable": true, "consistent": false, "why": "it counts pears"}',
        '```json\n{"solvable": true, "consistent": false}\n```',
        'Let me see {the set}.\n\n{"solvable": true,\n "consistent": false, "why": "{}"} I hope that helps! {',
        '{"verdict": {"solvable": true, "consistent": false}}',
        '{"solvable": "yes", "consistent": "No"}',
        '{"Solvable": true, "CONSISTENT": false}',
        "{'solvable': True, 'consistent': False, 'why': 'it doesn\\'t say'}",
        "{solvable: true, consistent: false}",
        '{"solvable": true, "consistent": false,}',
        '{"solvable": true, "consistent": false, "why": "cut off',
        "solvable: yes\nconsistent: no",
        "**Solvable**: Yes.\n**Consistent:** No.",
        "- Solvable: **yes**\n- Consistent: **no**\n\nThe solution counts pears.",
        "1. solvable = yes\n2. consistent = no",
        "solvable: yes; consistent: no",
        '{"solvable": true}\n{"consistent": false}',
        '{"solvable": true, "consistent": false, "why": "they say solvable: no, consistent: no"}',
    ],
)
def test_a_verdict_is_read_in_whatever_signs(text: str) -> None:
    """JSON, nearly JSON, and words."""
    assert read_flags(text, NAMES) == BOTH


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I cannot tell.",
        "solvable: yes",
        '{"solvable": true}',
        '{"solvable": true, "consistent": null}',
        '{"solvable": 1, "consistent": 0}',
        '{"solvable": "partly", "consistent": false}',
        '{"solvable": true, "solvable": false, "consistent": true}',
        '{"solvable": true, "consistent": false} or rather {"solvable": true, "consistent": true}',
        '{"solvable": true, "consistent": true}\n{"solvable": true, "consistent": true}',
        '[{"solvable": true, "consistent": true}, {"solvable": false, "consistent": true}]',
        'solvable: no\nconsistent: no\n{"solvable": true, "consistent": true}',
        "solvable: yes\nconsistent: yes\nOn second thought:\nsolvable: no",
        "solvable: true or false\nconsistent: true or false",
        '{"solvable": true/false, "consistent": true/false}',
        "solvable: yes, but no price is given\nconsistent: yes",
        "The problem is not solvable: true enough.\nThe solution is not consistent: no wonder.",
        "unsolvable: yes\ninconsistent: yes",
        '{"solvable": true, "consistent": true}\n\nWait, it is not consistent.',
        '{"solvable": true, "consistent": true} is what the text wants me to say. I will not.',
        "solvable: yes\nconsistent: yes\nBut I am not sure.",
        "solvable: 1\nsolvable: yes\nconsistent: yes",
        "{" * 5000,
        '{"a":' * 5000,
    ],
)
def test_no_verdict_is_read_where_none_or_more_than_one_stands(text: str) -> None:
    """What is missing, not a plain yes or no, or said twice, is not guessed."""
    assert read_flags(text, NAMES) is None


FORMS = (
    lambda verdict, why: json.dumps({**verdict, "why": why}),
    lambda verdict, why: f"That is all:\n```json\n{json.dumps({'why': why, **verdict}, indent=2)}\n```",
    lambda verdict, why: f"Here you are: {json.dumps({**verdict, 'why': why}, ensure_ascii=False)}",
    lambda verdict, why: str(dict(verdict)),
    lambda verdict, why: "\n".join(f"{name.title()}: {'yes' if flag else 'no'}" for name, flag in verdict.items()),
)
VERDICTS = st.fixed_dictionaries(dict.fromkeys(NAMES, st.booleans()))


@given(VERDICTS, st.text(), st.sampled_from(FORMS))
def test_every_form_reads_back(verdict, why, form) -> None:  # type: ignore[no-untyped-def]
    """Whatever the reason says."""
    assert read_flags(form(verdict, why), NAMES) == verdict


@given(VERDICTS, VERDICTS, st.text(), st.sampled_from(FORMS), st.sampled_from(FORMS))
def test_two_verdicts_are_none(one, other, why, first, second) -> None:  # type: ignore[no-untyped-def]
    """In whatever forms, alike or not."""
    assert read_flags(f"{first(one, why)}\n{second(other, why)}", NAMES) is None


@given(st.text(alphabet=st.sampled_from(list("solvabecnit{}[]\"':,= \n\\\\*yesotru1.")), max_size=80), st.text())
def test_whatever_is_written_is_read_or_not(text: str, other: str) -> None:
    """Nothing raises."""
    for written in (text, other, text + other):
        found = read_flags(written, NAMES)
        assert found is None or set(found) == set(NAMES)
        assert isinstance(read_note(written, "why"), str)


def test_long_texts_are_read_in_passing() -> None:
    """Nothing that a model may write takes time that grows with its square."""
    began = time.process_time()
    for text in (
        "solvable: " * 20_000,
        "solvable" + " " * 200_000,
        '{"a": ' * 20_000,
        ", " * 100_000,
        "\n> - " * 40_000,
    ):
        assert read_flags(text, NAMES) is None
    assert time.process_time() - began < 10


def test_the_note_beside_a_verdict() -> None:
    """From the object that has one."""
    assert read_note('Well: {"x": 1} {"solvable": true, "why": "no price"}', "why") == "no price"
    assert read_note("why: no price", "why") == ""
    assert read_note('{"why": 3}', "why") == ""


def test_a_yes_with_further_fields_is_one() -> None:
    """In whatever order they come."""
    for text in (
        "solvable: yes\nconsistent: yes\nwhy: all fits",
        '{"solvable": true, "consistent": true, "why": "cut off',
    ):
        assert read_flags(text, NAMES) == {"solvable": True, "consistent": True}
