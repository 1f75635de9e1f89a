"""Asks, solves and proves a question about a small trusted program, traced in this process."""

from __future__ import annotations

from typing import Any

from cotmill.base.records import Draft, Question, Verified
from cotmill.explain.narrate import NarrateSettings, narrator
from cotmill.explain.problem import pose
from cotmill.explain.styles import STYLES
from cotmill.prove.directions import prove_ground
from explain.narrating import execution_of


def asked(
    direction: str, code: str, input: dict[str, Any], seed: int = 0, title: str = "", problem: str = ""
) -> Question | None:
    """The question in this direction; None where it cannot be asked."""
    question = pose(execution_of(code, input, title, problem), seed, (direction,))
    return question if isinstance(question, Question) else None


def solved(question: Question, style: str = "worked") -> str:
    """The solution. Fails the test where there is none, or where it is not proven."""
    draft = narrator(NarrateSettings(styles=(style,)))(question)
    assert isinstance(draft, Draft), draft
    proven = prove_ground(draft)
    assert isinstance(proven, Verified), (proven, question.problem, draft.solution)
    return proven.draft.solution


def proven_in_all_styles(question: Question) -> None:
    """In every style the solution is proven."""
    for style in STYLES:
        assert solved(question, style).endswith(f"\nAnswer: {question.answer}")
