"""What models cost and where a budget stopped a run, on the page and in the terminal."""

from __future__ import annotations

import html
import io
import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest
from rich.console import Console

from cotmill.base.ledger import Ledger, read_commits
from cotmill.base.recipe import load_recipe
from cotmill.base.shards import write_text
from cotmill.publish.card import render_card
from cotmill.view.folder import open_run, status, verify
from cotmill.view.report import write_report
from cotmill.view.spending import stop_line
from cotmill.view.terminal import print_funnel
from view.synthetic import build

STAGE, JUDGE = "06-explain.narrate", "07-prove.ground"  # of the synthetic run, as if they asked
COUNTS = {
    "model.first.calls": 10, "model.first.passed": 6, "model.first.prompt_tokens": 400_000, "model.first.ms": 61_000,
    "model.first.completion_tokens": 100_000, "model.first.uncounted": 1, "model.repair 1.calls": 4,
    "model.repair 1.passed": 3, "model.repair 1.prompt_tokens": 200_000, "model.narration.passed": 1,
    "model.first.refuted-claim": 4, "model.repair 1.refuted-claim": 1,
}  # fmt: skip
OTHER = {"model.first.calls": 9, "model.first.passed": 9, "model.first.completion_tokens": 9}


def with_models(folder: Path, *, prices: bool, stopped: dict[str, object] | None = None) -> Path:
    """The synthetic run, whose first shard counts what two stages asked."""
    made = build(folder, 20).folder
    for stage, counts in ((STAGE, COUNTS), (JUDGE, OTHER)):
        commits = [commit for commit in read_commits(made) if commit.stage == stage]
        commits[0].counts.update(counts)
        (made / "ledger" / f"{stage}.jsonl").write_text("".join(json.dumps(asdict(c)) + "\n" for c in commits))
    settings = {"name": "<b>large</b>"} | ({"prompt_price": 0.5, "completion_price": 2.0} if prices else {})
    recipe = load_recipe(str(made / "recipe.yaml"))
    model = recipe.model.model_copy(update=settings)
    write_text(made / "recipe.yaml", recipe.model_copy(update={"model": model}).to_yaml())
    summary = json.loads((made / "run.json").read_text())
    write_text(made / "run.json", json.dumps(summary | {"stopped": stopped}))
    return made


def printed(folder: Path, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width)
    print_funnel(open_run(folder), console)
    return str(console.file.getvalue())  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [80, 120])
def test_the_terminal_has_a_line_for_each_stage_that_asked(tmp_path: Path, width: int) -> None:
    """Within its width; and one in all, tokens and cost per sample, calls that were not counted."""
    text = printed(with_models(tmp_path / "R", prices=True), width)
    table = text[text.index("asked a model") :]
    assert all(len(line) <= width for line in table[: table.index("tokens per sample")].splitlines())
    words = " ".join(table.split())
    assert re.search(r"06-explain.narrate 14 600,000 100,000 61 s 0.50 first 6 of 10", words)
    assert "repair 1 3 of 4" in " ".join(re.sub(r"\n\s+", " ", table).split())
    assert re.search(r"in all 23 600,000 100,009 61 s 0.50", words)
    samples = status(open_run(tmp_path / "R"))["samples"]
    assert f"{round(700_009 / samples):,} tokens per sample, which cost {0.500018 / samples:.3f}" in table
    assert "; calls for which the server told no tokens: 1" in table


def test_the_page_has_the_ladder_s_yield(tmp_path: Path) -> None:
    """A line for each rung; what stands below says only how often it was taken; names are text."""
    page = write_report(with_models(tmp_path / "R", prices=True)).read_text(encoding="utf-8")
    section = page[page.index('<section id="models">') : page.index('<section id="reasons">')]
    assert '<a href="#models">' in page
    rows = [
        [html.unescape(re.sub("<.*?>", "", cell)) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row)]
        for row in re.findall(r"<tr.*?</tr>", section, re.DOTALL)
    ]
    assert rows[0] == ["Stage", "Model, rung", "Calls", "Taken", "Yield", "Tokens read", "Written", "Time", "Cost"]
    assert rows[1:5] == [
        [STAGE, "<b>large</b>", "14", "9", "64.3 %", "600,000", "100,000", "61 s", "0.50"],
        ["", "first", "10", "6", "60.0 %", "400,000", "100,000", "61 s", "0.40"],
        ["", "repair 1", "4", "3", "75.0 %", "200,000", "0", "0.0 s", "0.10"],
        ["", "narration", "", "1", "", "", "", "", ""],
    ]
    assert rows[5] == ["", "not taken: refuted-claim 5"]
    assert rows[-1][:3] == ["in all", "", "23"]


def test_without_prices_nothing_is_said_of_cost(tmp_path: Path) -> None:
    """Neither in the terminal nor on the page, in status or on the card; tokens are."""
    run = with_models(tmp_path / "R", prices=False)
    view = open_run(run)
    text, page = printed(run), write_report(run).read_text(encoding="utf-8")
    section = page[page.index('<section id="models">') : page.index('<section id="reasons">')]
    card = render_card(view.recipe, list(view.totals.values()), 5, "0.1.0")
    for shown in (text, section.replace("What the models cost", ""), card):
        assert "600,000" in shown.replace("600000", "600,000")
        assert "cost" not in shown.lower()
    assert status(view)["model"]["cost"] is status(view)["model"]["cost_per_sample"] is None


def test_a_run_that_asked_no_model_says_nothing_of_models(tmp_path: Path) -> None:
    """No table, no section, null in status."""
    run = build(tmp_path / "R", 20).folder
    assert "asked a model" not in printed(run)
    assert 'id="models"' not in write_report(run).read_text(encoding="utf-8")
    facts = status(open_run(run))
    assert facts["model"] is facts["stopped"] is None
    assert not any("model" in stage for stage in facts["stages"])


def test_the_card_tells_what_was_asked_of_whom(tmp_path: Path) -> None:
    """A line for each stage with tokens and cost, no time; the budget that ended the run."""
    view = open_run(with_models(tmp_path / "R", prices=True))
    card = render_card(view.recipe, list(view.totals.values()), 10, "0.1.0", stopped=True)
    assert "23 calls, 70,001 tokens per sample, which cost 0.050; calls for which the server told no tokens: 1." in card
    assert "\n\n| stage | model | calls | answers taken | tokens read | tokens written | cost |\n|---|" in card
    assert "\n| explain.narrate | <b>large</b> | 14 | 9 | 600000 | 100000 | 0.50 |\n" in card
    assert "The run stopped at its budget" in card
    assert "61 s" not in card


STOPPED = {"by": "tokens", "limit": 600_000, "spent": 700_009}


def test_a_stopped_run_says_how_to_go_on(tmp_path: Path) -> None:
    """In the terminal and on the page; its files can be verified; what is committed since makes it unfinished."""
    run = with_models(tmp_path / "R", prices=False, stopped=STOPPED)
    line = (
        "stopped by its budget of 600,000 tokens (700,009 spent); the same command with a higher budget.tokens goes on"
    )
    assert line in printed(run)
    assert line[1:] in html.unescape(write_report(run).read_text(encoding="utf-8"))
    view = open_run(run)
    assert (view.state, status(view)["stopped"]) == ("stopped", STOPPED)
    assert verify(view) == []
    next((run / "dataset" / "data").glob("*.parquet")).unlink()
    assert verify(view)
    ledger = Ledger(run, write=True)
    ledger.drop("09-publish.dedup")
    ledger.close()
    assert status(open_run(run))["stopped"] is None
    assert open_run(run).state == "unfinished"


@pytest.mark.parametrize(
    ("stopped", "says"),
    [({"by": "samples", "limit": 1000, "spent": 1000}, "stopped by its budget of 1,000 samples; the same"),
     ({"by": "money", "limit": 0.02, "spent": 0.0213}, "stopped by its budget of 0.020 (0.021 spent); the same"),
     ({"by": "hours", "limit": 1.5, "spent": 1.5042}, "stopped by its budget of 1.5 hours (1.5 spent); the same")],
)  # fmt: skip
def test_each_budget_in_words(stopped: dict[str, object], says: str) -> None:
    """With its unit."""
    assert stop_line(stopped).startswith(says)
