"""A run in the terminal."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from cotmill.base.records import Draft, Execution, Grounding, Lineage, Question, Verified
from cotmill.view.folder import find, open_run
from cotmill.view.terminal import print_funnel, print_records
from view.synthetic import STAGES, build, pair_id


def printed(show, what, width=80, *, colours=False) -> str:
    console = Console(
        file=io.StringIO(), width=width, force_terminal=colours, color_system="standard" if colours else None
    )
    show(what, console)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [80, 120])
def test_the_funnel_fits_and_has_every_figure(run, width):
    """Each stage is one line with its counts and reasons; no line is wider than the terminal."""
    text = printed(print_funnel, open_run(run.folder), width)
    assert all(len(line) <= width for line in text.splitlines())
    for stage in STAGES:
        line = next(line for line in text.splitlines() if line.startswith(stage))
        for reason, number in run.rejected[stage].items():
            assert f"{reason} {number}" in line
    assert "60 pairs in" in text
    assert f"{run.samples} samples" in text


@pytest.mark.parametrize("width", [80, 120])
def test_a_record_shows_each_thing_once(run, width):
    """Program, input, problem, solution and grounding of a sample, in order, within the width."""
    text = printed(print_records, find(open_run(run.folder), pair_id(1)), width)
    assert all(len(line) <= width for line in text.splitlines())
    marks = [*STAGES[:2], "unchanged", STAGES[3], "answer", "What is the sum", "Pass 1: x = 7.", "9 of 9 verified"]
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)
    assert text.count("What is the sum") == 1


def test_who_wrote_a_pair_is_told_where_it_was_written():
    """The model and the prompts of a problem stand beside it, those that came for the solution beside that."""
    named = Lineage("s", model="m", prompt_id="problem-1-aa")
    execution = Execution("s.0", "s", "", "", "code", "{}", "1", "1", "", named)
    question = Question("s.0", execution, "How many?", "forward", "1")
    lineage = replace(named, model="m, n", prompt_id="problem-1-aa, solve-1-bb")
    draft = Draft("s.0", replace(question, execution=replace(execution, lineage=lineage)), "One.", "solved")
    text = printed(print_records, [("06", question), ("08", draft), ("09", Verified("s.0", draft, Grounding(1, 1, 1)))])
    marks = ["How many?", "problem-1-aa", "m, n", "problem-1-aa, solve-1-bb", "One.", "1 of 1"]
    assert sorted(marks, key=text.index) == ["problem-1-aa", "How many?", "m, n", *marks[3:]]
    assert text.count("solve-1-bb") == 1


def test_a_reject_ends_with_reason_and_detail(run):
    """The last stage shown is the one that turned the pair away."""
    text = printed(print_records, find(open_run(run.folder), pair_id(8)))
    assert text.rindex(STAGES[3]) < text.index("ZeroDivisionError: division by zero")
    assert STAGES[4] not in text


def test_colours_only_on_a_terminal(run):
    """Escape sequences are written to a terminal and nowhere else."""
    view = open_run(run.folder)
    assert "\x1b[" not in printed(print_funnel, view)
    assert "\x1b[" in printed(print_funnel, view, colours=True)


def test_a_program_cannot_drive_the_terminal(tmp_path):
    """Escape sequences, markup and direction marks in a program are written out."""
    code = "def solution(xs, limit):\n    return '\x1b[2J\x07 [bold]x[/bold] \u202e'\n"
    made = build(tmp_path / "run", 4, code=code)
    text = printed(print_records, find(open_run(made.folder), pair_id(1)))
    assert not set("\x1b\x07\u202e") & set(text)
    assert r"\x1b[2J\x07 [bold]x[/bold] \u202e" in text


def test_wrapped_lines_keep_their_indentation(tmp_path):
    """A line of a block that is too long goes on below its own beginning."""
    made = build(tmp_path / "run", 4, code="def solution(xs, limit):\n        return '" + "word " * 30 + "'\n")
    text = printed(print_records, find(open_run(made.folder), pair_id(1)))
    lines = [line for line in text.splitlines() if "word" in line]
    assert len(lines) > 2
    assert all(line.startswith(" " * 12) for line in lines[:3])
