"""A run in the terminal: the funnel, and one pair through every stage. Without colours where stdout is no terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from cotmill.base.records import Draft, Execution, Lineage, Program, Question, Rejected, Sample, Seed, Verified
from cotmill.view.display import count, duration, percent, shorten, visible
from cotmill.view.folder import Found, RunView, status
from cotmill.view.rounds import training_line
from cotmill.view.spending import each_sample, lines, not_taken, stop_line, taken_by

__all__ = ["print_funnel", "print_records"]

MAX_CHARS, MAX_LINES = 6_000, 120  # of one value; `--json` has it whole
MAX_INDENT = 32  # so that deep lines keep some width


class Field(NamedTuple):
    """What a stage added to a pair. A block stands on lines of its own."""

    name: str
    text: str
    block: bool = False


def print_funnel(run: RunView, console: Console | None = None) -> None:
    """State, one line per stage with its rejects by reason, and the sum."""
    console, facts = console or Console(), status(run)
    pairs, samples = facts["pairs_in"], facts["samples"]
    title = f"{facts['recipe']}, {facts['state']}: {count(pairs)} pairs in, {count(samples)} samples"
    console.print(Text(f"{visible(title)} ({percent(samples, pairs)})", style="bold"), soft_wrap=True)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("stage", no_wrap=True)
    for name in ("in", "out", "rejected"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("time", justify="right", no_wrap=True)
    table.add_column("reasons", overflow="fold", ratio=1)
    for stage in facts["stages"]:
        rejected = sum(stage["rejected"].values())
        table.add_row(
            Text(visible(stage["stage"])),
            count(stage["in"]),
            count(stage["out"]),
            Text(count(rejected), style="red" if rejected else "dim"),
            duration(stage["seconds"]),
            Text(", ".join(f"{reason} {count(number)}" for reason, number in stage["rejected"].items())),
        )
    console.print(table)
    if facts["model"]:
        _print_models(facts, console)
    if facts["rounds"]:
        _print_rounds(facts["rounds"], console)
    for training in facts["training"]:
        console.print(Text(training_line(training), style="dim"), soft_wrap=True)
    cpu = 1000 * facts["cpu_seconds"] / pairs if pairs else 0.0
    console.print(
        Text(f"{duration(facts['seconds'])} of work in all, {cpu:.1f} ms of CPU time per pair", style="dim"),
        soft_wrap=True,
    )
    if facts["stopped"]:
        console.print(Text(stop_line(facts["stopped"]), style="bold"), soft_wrap=True)


def _print_models(facts: dict[str, Any], console: Console) -> None:
    """What each stage asked of its model, and how many answers each rung of its ladder gave."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("asked a model", no_wrap=True)
    priced = facts["model"]["cost"] is not None
    for name in ("calls", "read", "written", "time", *["cost"] * priced):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("taken", overflow="fold", ratio=1)
    taken = {
        stage["stage"]: "; not taken: ".join(filter(None, (taken_by(stage), not_taken(stage))))
        for stage in facts["stages"]
        if "model" in stage
    }
    for line in lines(facts):
        cells = (line.calls, line.read, line.written, line.seconds, *[line.cost] * priced)
        table.add_row(Text(visible(line.stage)), *cells, Text(visible(taken.get(line.stage, ""))))
    console.print(table)
    console.print(Text(each_sample(facts["model"]), style="dim"), soft_wrap=True)


def _print_rounds(rounds: list[dict[str, Any]], console: Console) -> None:
    """What each round of composing brought; round 0 is the seeds."""
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    names = ("round", "draws", "composed", "proven", "novel", "structures", "operations", "difficulty", "hard", "known")
    for name in names:
        table.add_column(name, justify="right", no_wrap=True)
    for figures in rounds:
        table.add_row(
            str(figures["round"]),
            count(figures["candidates"]) if figures["round"] else "",
            count(figures["composed"]) if figures["round"] else "",
            *(count(figures[name]) for name in ("proven", "novel", "structures")),
            f"{figures['operations']} +{len(figures['new_operations'])}",
            f"{figures['difficulty']:.1f}",
            f"{100 * figures['bands']['hard'] / max(1, figures['proven']):.0f} %",
            count(figures["programs"]),
        )
    console.print(table)


def print_records(found: list[Found], console: Console | None = None) -> None:
    """What each stage added to the pair, in order; ends with the sample or with why there is none."""
    console = console or Console()
    pair = found[-1][1].id if found else ""
    console.print(Text(visible(f"pair {pair}"), style="bold"), soft_wrap=True)
    before: dict[str, str] = {}
    for stage, record in found:
        failed = isinstance(record, Rejected)
        console.print(Rule(Text(visible(stage), style="bold red" if failed else "bold"), align="left", style="dim"))
        fields = [field for field in _fields(record, pair) if field.text and before.get(field.name) != field.text]
        before |= {field.name: field.text for field in fields}
        for field in fields:
            _print_field(console, field, "red" if failed and field.name == "rejected" else "")
        if not fields:
            console.print(Text("  unchanged", style="dim"))


def _print_field(console: Console, field: Field, style: str) -> None:
    head, cut = shorten(visible(field.text).rstrip(), chars=MAX_CHARS, lines=MAX_LINES)
    if cut:
        head += f"\n[{count(len(field.text))} characters in all; --json shows them]"
    if field.block:
        console.print(Text(f"  {field.name}", style="cyan"))
        for text in head.split("\n"):
            bare = text.lstrip(" ")
            indent = min(MAX_INDENT, len(text) - len(bare))
            console.print(Padding(Text(bare, style=style), (0, 0, 0, 4 + indent), expand=False))
        return
    line = Table.grid(padding=(0, 1, 0, 0))
    line.add_column(min_width=12, no_wrap=True, style="cyan")
    line.add_column(overflow="fold")
    line.add_row(Text(field.name), Text(head, style=style))
    console.print(Padding(line, (0, 0, 0, 2), expand=False))


def _fields(record: Any, pair: str) -> Iterator[Field]:
    """What a record says that the record before it did not; a field with the text it had before is left out."""
    match record:
        case Seed():
            yield from (Field("source", record.source), Field("title", record.title), Field("entry", record.entry))
            yield from _of_pair(record.pair_ids(), record.inputs, record.answers, pair)
            yield from (Field("problem", record.problem, block=True), Field("solution", record.solution, block=True))
            yield Field("code", record.code, block=True)
        case Program():
            yield from _of_pair(record.pairs, record.inputs, record.answers, pair)
            yield from _lineage(record.lineage)
            yield Field("code", record.code, block=True)
        case Execution():
            yield from (Field("input", record.input), Field("answer", record.answer))
            yield from (Field("trace", _trace_size(record.trace)), Field("code", record.code, block=True))
        case Question():
            yield from (Field("direction", record.direction), Field("asked", record.asked))
            yield from _writers(record.execution.lineage)
            yield from (Field("answer", record.answer), Field("problem", record.problem, block=True))
        case Draft():
            yield from _writers(record.question.execution.lineage)
            yield from (Field("style", record.style), Field("solution", record.solution, block=True))
        case Verified():
            claims, coverage = record.grounding, record.grounding.coverage
            yield Field("claims", f"{count(claims.n_verified)} of {count(claims.n_claims)} verified")
            yield Field("coverage", f"{percent(coverage, 1)} of the trace's key events are told")
        case Sample():
            yield Field("size", f"{count(record.n_steps)} steps, {count(record.n_tokens)} tokens")
            yield Field("difficulty", f"{record.difficulty:.1f}")
            yield Field("program", record.code, block=True)
        case Rejected():
            yield from (Field("rejected", record.reason), Field("detail", record.detail, block=True))


def _of_pair(pairs: tuple[str, ...], inputs: tuple[str, ...], answers: tuple[str, ...], pair: str) -> Iterator[Field]:
    index = pairs.index(pair)
    yield Field("input", inputs[index] if index < len(inputs) else "")
    yield Field("stated", answers[index] if index < len(answers) else "")


def _lineage(lineage: Lineage) -> Iterator[Field]:
    yield Field("generator", lineage.generator)
    yield Field("parents", ", ".join(lineage.parents))
    yield from _writers(lineage)


def _writers(lineage: Lineage) -> Iterator[Field]:
    yield from (Field("model", lineage.model), Field("prompts", lineage.prompt_id))


def _trace_size(trace: str) -> str:
    if not trace:
        return ""
    content = json.loads(trace)
    return f"{count(content['lines'])} lines executed, {count(len(content['events']))} events"
