"""Stage work: a question with a solution told from the trace of its execution. Deterministic, no model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from cotmill.base.reasons import Reason
from cotmill.base.records import Draft, Execution, Question
from cotmill.base.stage import Reject
from cotmill.base.trace import Trace
from cotmill.explain.phrases import count_tokens
from cotmill.explain.reading import Density
from cotmill.explain.source import Source
from cotmill.explain.state import Texts
from cotmill.explain.steps import build
from cotmill.explain.telling import Teller

__all__ = ["NarrateSettings", "narrator", "tell_execution"]

# Each is tried in turn until the text fits.
DENSITIES = (
    Density("worked", stages=True, passes=16, calls=32, depth=24, shown=400, grown=90),
    Density("terse", stages=False, passes=10, calls=16, depth=16, shown=200, grown=60),
    Density("terse", stages=False, passes=5, calls=6, depth=10, shown=120, grown=40),
    Density("terse", stages=False, passes=3, calls=3, depth=6, shown=80, grown=30),
    Density("terse", stages=False, passes=2, calls=1, depth=3, shown=60, grown=20),
)


@dataclass(frozen=True, slots=True)
class NarrateSettings:
    """What a recipe may say of narrations."""

    max_tokens: int = 8192  # words, numbers and punctuation marks (cotmill.explain.phrases.count_tokens)


def narrator(settings: NarrateSettings) -> Callable[[Question], Draft | Reject]:
    """Question -> Draft; Reject where there is no trace or where the tightest telling is still too long."""

    def narrate(question: Question) -> Draft | Reject:
        if not question.execution.trace:
            return Reject(Reason.NOT_NARRATABLE, "the execution was not traced", question.id)
        try:
            told = tell_execution(question.execution, settings)
        except RecursionError:
            return Reject(Reason.NOT_NARRATABLE, "a value or an expression is nested too deeply", question.id)
        if isinstance(told, Reject):
            return told
        solution, style = told
        return Draft(question.id, question, solution, style)

    return narrate


def tell_execution(execution: Execution, settings: NarrateSettings) -> tuple[str, str] | Reject:
    """(text, style) at the first density that fits the limit."""
    trace = Trace.parse(execution.trace)
    source = _source(execution.code)
    roots, before = build(trace, source)
    texts = Texts(trace, source)
    tokens = 0
    for density in DENSITIES:
        teller = Teller(source, trace, texts, density)
        teller.entry(roots, before)
        text = f"{teller.page.text()}\nAnswer: {execution.answer}"
        if len(text) <= settings.max_tokens or (tokens := count_tokens(text)) <= settings.max_tokens:
            return text, density.style
    return Reject(Reason.SOLUTION_TOO_LONG, f"{tokens} tokens, the limit is {settings.max_tokens}", execution.id)


@lru_cache(maxsize=4)
def _source(code: str) -> Source:
    """The inputs of one program come one after the other."""
    return Source.parse(code)
