"""The picture of a run: one static page that needs nothing but itself.

It opens from a file:// URL without a network: style, script and drawings stand in the page, and a content security
policy forbids everything else. What programs and models wrote is escaped by the template engine; nothing here marks
foreign text as safe.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cotmill.base.ledger import Totals
from cotmill.base.records import Rejected
from cotmill.base.shards import write_text
from cotmill.view.charts import Histogram, histogram
from cotmill.view.colour import coloured
from cotmill.view.curves import Drawing
from cotmill.view.display import count, duration, percent, shorten, visible
from cotmill.view.folder import RunView, open_run, status
from cotmill.view.gather import Figures, figures, kept_of
from cotmill.view.rounds import answers, growth, training_line, trainings
from cotmill.view.spending import each_sample, lines, not_taken, rungs, stop_line

__all__ = ["write_report"]

HEAD_CHARS, HEAD_LINES = 2_400, 48  # of a value, before "show all"
WHOLE_CHARS = 40_000  # of a value, after "show all"
STAGES = {
    "collect.sources": "rows of the sources become seeds",
    "collect.unify": "seeds become programs of one form",
    "collect.unify_llm": "seeds become programs of one form, by a model where rules find none",
    "compose.draw": "places in a round become programs, composed of proven ones",
    "execute.screen": "rules that need no run",
    "execute.run": "each program on each input, traced, then again in another process",
    "explain.problem": "an execution becomes a question in words",
    "explain.problem_llm": "an execution becomes a question by a model, or the one in Cotmill's words stays",
    "explain.narrate": "the trace becomes a chain of thought",
    "explain.narrate_llm": "a model tells the trace, or the narration stays",
    "explain.solve_llm": "a model solves the problem, or the narration stays",
    "prove.ground": "each claim of the solution against the trace",
    "prove.counterfactual": "a model answers the problem with other inputs; the program must agree",
    "prove.judge": "a model says whether the problem is solvable and the solution answers it",
    "publish.sample": "proven solutions become rows of the data set",
    "publish.dedup": "one sample per program and input",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A line of the funnel; widths are percent of the pairs that the run began with."""

    folder: str
    words: str
    totals: Totals
    rejected: int
    reasons: list[tuple[str, int]]
    out_width: float
    rejected_width: float


@dataclass(frozen=True, slots=True)
class Loss:
    """A line of the table of reasons."""

    stage: str
    reason: str
    number: int
    examples: list[Rejected]


@dataclass(frozen=True, slots=True)
class Origin:
    """A line of the table of sources."""

    name: str
    pairs: int
    samples: int
    share: str


@dataclass(frozen=True, slots=True)
class Clip:
    """A long value: its beginning, and all of it where that is more."""

    head: str
    whole: str  # empty where the head is all
    chars: int
    cut: bool  # even the whole is not all


def write_report(run: Path) -> Path:
    """Make `run/report/index.html` from what is committed so far; gives its path. Raises RunFolderError."""
    view = open_run(run)
    found = figures(view)
    environment = Environment(
        loader=PackageLoader("cotmill.view"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        autoescape=True, finalize=lambda value: visible(value) if type(value) is str else value,
    )  # fmt: skip
    environment.filters |= {
        "count": count, "clip": _clip, "coloured": lambda source: coloured(visible(source)), "duration": duration,
        "answers": answers, "first_line": _first_line, "lines": _lines, "told": _told,
    }  # fmt: skip
    script = _asset(environment, "report.js")
    page = environment.get_template("report.html.j2").render(
        _content(view, found),
        style=_asset(environment, "report.css"),
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
    path = run / "report" / "index.html"
    write_text(path, page)
    return path


def _asset(environment: Environment, name: str) -> Markup:
    assert environment.loader is not None  # given above
    return Markup(environment.loader.get_source(environment, name)[0])  # noqa: S704  a file of this package


def _content(view: RunView, found: Figures) -> dict[str, Any]:
    """What the template is given."""
    facts = status(view)
    pairs, samples = facts["pairs_in"], facts["samples"]
    return {
        "recipe": view.recipe,
        "facts": facts,
        "headline": [
            ("samples", count(samples), f"of {count(pairs)} pairs of program and input"),
            ("of all pairs", percent(samples, pairs), f"{count(facts['rejected'])} rejected, each with its reason"),
            ("claims checked", count(found.verified), "seen in the trace of the program behind them"),
            ("of work", duration(facts["seconds"]), "over all workers"),
            ("of CPU time per pair", f"{1000 * facts['cpu_seconds'] / max(1, pairs):.1f} ms", "every stage included"),
        ],
        "stages": _stages(list(view.totals.values()), pairs),
        "losses": _losses(view, found),
        "charts": _charts(found),
        "rounds": facts["rounds"],
        "costs": lines(facts),
        "ladders": [(stage["stage"], rungs(stage), not_taken(stage)) for stage in facts["stages"] if "model" in stage],
        "per_sample": each_sample(facts["model"]) if facts["model"] else "",
        "stopped": stop_line(facts["stopped"]) if facts["stopped"] else "",
        "drawings": _drawings(view, facts["rounds"]),
        "trainings": [training_line(training) for training in facts["training"]],
        "grounding": found,
        "sources": _sources(found),
        "means": _means(view),
        "facts_of_stages": _facts(view),
        "samples": found.samples,
        "rejects": [(reject, kept_of(reject)) for reject in found.rejects],
        "recipe_yaml": view.recipe.to_yaml(),
    }


def _stages(totals: list[Totals], pairs: int) -> list[Stage]:
    whole = max(1, pairs)
    return [
        Stage(
            total.stage,
            STAGES.get(total.stage.partition("-")[2], ""),
            total,
            total.rejected.total(),
            sorted(total.rejected.items(), key=lambda item: (-item[1], item[0])),
            round(100 * total.pairs_out / whole, 3),
            round(100 * total.rejected.total() / whole, 3),
        )
        for total in totals
    ]


def _losses(view: RunView, found: Figures) -> list[Loss]:
    losses = [
        Loss(stage, reason, number, found.examples[stage, reason])
        for stage, total in view.totals.items()
        for reason, number in total.rejected.items()
    ]
    return sorted(losses, key=lambda loss: (-loss.number, loss.stage, loss.reason))


def _charts(found: Figures) -> list[Histogram]:
    charts = (
        histogram("Length of the solutions", "words, numbers and marks", found.tokens),
        histogram("Steps", "lines executed", found.steps),
        histogram("Difficulty", "0 to 10, by length, depth, decisions and operations", found.difficulty, whole=False),
        histogram("Claims per solution", "claims, all verified", found.claims),
        histogram("Coverage", "% of the trace's key events that are told", found.coverage),
    )
    return [chart for chart in charts if chart is not None]


def _drawings(view: RunView, figures: list[dict[str, Any]]) -> list[Drawing]:
    found = [growth(figures), *(training.drawing() for training in trainings(view.folder))]
    return [each for each in found if each is not None]


def _sources(found: Figures) -> list[Origin]:
    return [
        Origin(name, pairs, found.samples_by_source[name], percent(found.samples_by_source[name], pairs))
        for name, pairs in sorted(found.pairs_by_source.items())
    ]


def _means(view: RunView) -> list[tuple[str, str]]:
    """What the run was made with, as lines of a table."""
    lines = [("recipe", f"{view.recipe.name}, fingerprint {view.recipe.fingerprint()}, seed {view.recipe.seed}")]
    lines += [
        ("source", f"{Path(source.path).name or source.format}, sha256 {source.sha256 or 'unknown'}")
        for source in view.recipe.collect.seeds
    ]
    lines += [(name, str(view.summary[name])) for name in ("cotmill", "python") if name in view.summary]
    versions = [f"{name.partition('-')[2]} {total.version}" for name, total in view.totals.items()]
    lines.append(("stage versions", ", ".join(versions)))
    return lines


def _facts(view: RunView) -> list[tuple[str, list[tuple[str, str]]]]:
    """What stages report of their means: a heading and its lines for each."""
    return [
        (f"{key} of {name.partition('-')[2]}", _fact_lines(value))
        for name, total in view.totals.items()
        for key, value in total.facts.items()
    ]


def _fact_lines(value: Any) -> list[tuple[str, str]]:
    parts = value.items() if isinstance(value, dict) else [("", value)]
    return [(str(name).replace("_", " "), _plain(part)) for name, part in parts]


def _plain(value: Any) -> str:
    """A fact in words."""
    if isinstance(value, dict):
        if value and all(part is True for part in value.values()):
            return "yes: " + ", ".join(str(key) for key in value)
        return "; ".join(f"{key}: {_plain(part)}" for key, part in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(_plain(part) for part in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value)


def _clip(text: str) -> Clip:
    head, more = shorten(text, chars=HEAD_CHARS, lines=HEAD_LINES)
    whole, cut = shorten(text, chars=WHOLE_CHARS)
    return Clip(head, whole if more else "", len(text), cut)


def _first_line(text: str) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= 240 else line[:237] + "..."


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines of a solution: (level of indentation up to 9, rest)."""
    for line in visible(text).split("\n"):
        rest = line.lstrip(" ")
        yield min(9, (len(line) - len(rest)) // 2), rest


def _told(line: str) -> Iterator[tuple[bool, str]]:
    """A line in pieces: (is source code, text). Code stands between backticks."""
    for index, piece in enumerate(re.split(r"`([^`]*)`", line)):
        if piece:
            yield index % 2 == 1, piece
