"""Stage work: a question with a solution told from the trace of its execution. Deterministic, no model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from cotmill.base.reasons import Reason
from cotmill.base.records import Draft, Execution, Question
from cotmill.base.stage import Reject
from cotmill.base.trace import Trace
from cotmill.explain.framing import Framing, framing
from cotmill.explain.phrases import count_tokens
from cotmill.explain.reading import Density
from cotmill.explain.source import Source
from cotmill.explain.state import Texts
from cotmill.explain.steps import build
from cotmill.explain.styles import USUAL, choose, in_words
from cotmill.explain.telling import Teller

__all__ = ["NarrateSettings", "narrator", "tell_execution"]

# Each is tried in turn until the text fits.
DENSITIES = (
    Density(stages=True, passes=16, calls=32, depth=24, shown=400, grown=90),
    Density(stages=False, passes=12, calls=16, depth=16, shown=200, grown=60),
    Density(stages=False, passes=5, calls=6, depth=10, shown=120, grown=40),
    Density(stages=False, passes=3, calls=3, depth=6, shown=80, grown=30),
    Density(stages=False, passes=2, calls=1, depth=3, shown=60, grown=20),
)


@dataclass(frozen=True, slots=True)
class NarrateSettings:
    """What a recipe may say of narrations."""

    max_tokens: int = 8192  # words, numbers and punctuation marks (cotmill.explain.phrases.count_tokens)
    styles: tuple[str, ...] = USUAL  # names of those to choose from
    seed: int = 0  # the run's


def narrator(settings: NarrateSettings) -> Callable[[Question], Draft | Reject]:
    """Question -> Draft; Reject where there is no trace or where the tightest telling is still too long."""

    def narrate(question: Question) -> Draft | Reject:
        if not question.execution.trace:
            return Reject(Reason.NOT_NARRATABLE, "the execution was not traced", question.id)
        try:
            told = tell_execution(question.execution, settings, framing(question, settings.seed))
        except RecursionError:
            return Reject(Reason.NOT_NARRATABLE, "a value or an expression is nested too deeply", question.id)
        if isinstance(told, Reject):
            return told
        solution, style, plainer = told
        return Draft(question.id, question, solution, style, plainer)

    return narrate


def tell_execution(
    execution: Execution, settings: NarrateSettings, frame: Framing | None = None
) -> tuple[str, str, str] | Reject:
    """(text, style, plainer text), each at the first density that fits the limit. Without a frame, of the whole run.

    The plainer text is empty where it would be the same or too long.
    """
    style = choose(settings.styles, settings.seed, execution.id)
    frame = frame or Framing(Trace.parse(execution.trace), execution.answer)
    trace = frame.trace
    source = _source(execution.code)
    roots, before = build(trace, source)
    texts = Texts(trace, source)

    def told(density: Density) -> str:
        teller = Teller(source, trace, texts, density)
        teller.entry(roots, before, frame.opening)
        body = frame.around(teller.page.text())
        if density.style.words and not density.plain:
            body = in_words(body, source, articles=density.style.spoken)
        return f"{body}\nAnswer: {frame.answer}"

    def fitting(densities: tuple[Density, ...]) -> str:
        """The first telling that fits, else the tightest one."""
        for density in densities:
            text = told(density)
            if _fits(text, settings.max_tokens):
                break
        return text

    text = fitting(tuple(replace(density, style=style) for density in DENSITIES[style.loosest :]))
    if not _fits(text, settings.max_tokens):
        tokens = count_tokens(text)
        return Reject(Reason.SOLUTION_TOO_LONG, f"{tokens} tokens, the limit is {settings.max_tokens}", execution.id)
    plainer = fitting(tuple(replace(density, plain=True) for density in DENSITIES))
    wanted = plainer != text and _fits(plainer, settings.max_tokens)
    return text, style.name, plainer if wanted else ""


def _fits(text: str, limit: int) -> bool:
    """No text has more tokens than characters."""
    return len(text) <= limit or count_tokens(text) <= limit


@lru_cache(maxsize=4)
def _source(code: str) -> Source:
    """The inputs of one program come one after the other."""
    return Source.parse(code)
