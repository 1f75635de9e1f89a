"""The report page."""

from __future__ import annotations

import html
import json
import random
import re
import subprocess
import sys
from html.parser import HTMLParser

from cotmill.base.records import Rejected
from cotmill.flow import SOURCES, STEPS
from cotmill.view.gather import Kept, Spread, kept_of
from cotmill.view.report import STAGES as STAGES_IN_WORDS
from cotmill.view.report import write_report
from view.synthetic import STAGES, build

VOID = {"meta", "link", "img", "br", "hr", "input"}
HOSTILE = (
    "</script></style></pre><script>alert(1)</script><img src=https://evil.example/x onerror=alert(1)>"
    "\" autofocus onfocus=alert(1) ' {{ 7 * 7 }} {% raw %} <!-- &lt;b&gt; \x1b[2J \u202e"
)


class Page(HTMLParser):
    """Elements with their attributes, and the text of each class."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def page_of(folder) -> str:
    return write_report(folder).read_text(encoding="utf-8")


def test_the_funnel_of_the_page_is_the_ledger_s(run):
    """In, out, rejected and each reason's count of every stage stand in the stage's line."""
    lines = re.findall(r"<li>.*?</li>", page_of(run.folder), re.DOTALL)
    pairs = run.pairs
    assert len(lines) == len(STAGES)
    for stage, line in zip(STAGES, lines, strict=True):
        rejected = run.rejected[stage].total()
        figures = [int(figure) for figure in re.findall(r"</i> ([\d,]+)", line)]
        assert f"<b>{stage}</b>" in line
        assert figures == [pairs, pairs - rejected, rejected]
        assert dict(re.findall(r"<span>([a-z-]+) <b>([\d,]+)</b>", line)) == {
            reason: str(number) for reason, number in run.rejected[stage].items()
        }
        pairs -= rejected
    assert pairs == run.samples


def test_every_stage_is_told_in_words():
    """Of all that a recipe can turn on."""
    assert {SOURCES, *(step.name for step in STEPS)} == set(STAGES_IN_WORDS)


def test_headline_and_samples_are_those_of_the_run(run):
    """Number and share of samples; three dozen cards of real samples; each reason with examples."""
    page = page_of(run.folder)
    assert f'<dt>samples</dt><dd class="figure">{run.samples}</dd>' in page
    assert f'<dd class="figure">{100 * run.samples / run.pairs:.1f} %</dd>' in page
    assert page.count('<details class="card"') == 36 + 1  # the recipe is one too
    assert page.count('<details class="card rejected">') == 12
    for reason, detail in (("timeout", "5.0 s of CPU time"), ("refuted-claim", "the trace says 6")):
        assert f'<th scope="row">{reason}</th>' in page
        assert detail in html.unescape(page)


def test_the_page_needs_nothing_but_itself(run):
    """No element loads or links to anything outside, and the content security policy forbids it."""
    page = Page(page_of(run.folder))
    for tag, attributes in page.elements:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form"}
        assert not {"src", "srcset", "action", "data", "poster"} & attributes.keys()
        assert str(attributes.get("href", "#")).startswith("#")
    policy = next(a["content"] for t, a in page.elements if t == "meta" and a.get("http-equiv"))
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2]
    style = re.search(r"<style>(.*?)</style>", page_of(run.folder), re.DOTALL)
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_hostile_text_stays_text(tmp_path):
    """What a program and a problem contain makes no element, no attribute and no script, and is shown as it is."""
    tame = build(tmp_path / "tame", 20)
    wild = build(tmp_path / "wild", 20, code=f"x = 1 # {HOSTILE}\n", problem=HOSTILE, detail=HOSTILE)
    plain, hostile = Page(page_of(tame.folder)), Page(page_of(wild.folder))
    assert {tag for tag, _ in hostile.elements} <= {tag for tag, _ in plain.elements}
    assert sum(tag == "script" for tag, _ in hostile.elements) == 1
    for _, attributes in hostile.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "autofocus"]
    shown = HOSTILE.replace("\x1b", "\\x1b").replace("\u202e", "\\u202e")
    samples, rejects = 15 * len(("title", "problem", "code")), 5 * len(("example", "title", "detail", "code"))
    assert hostile.text.count(shown) == samples + rejects
    assert not set("\x1b\u202e") & set(hostile.text)


def test_long_values_are_shortened_and_can_be_opened(tmp_path):
    """The page shows the beginning and has the rest behind `Show all`; a huge value is cut and says so."""
    made = build(tmp_path / "run", 6, code="x = 1\n" * 400, problem="word " * 20_000)
    page = page_of(made.folder)
    assert "Show all 100,000 characters" in page
    assert "Cut here" in page
    assert re.search(r"Show all 2,\d\d\d characters", page)


def test_an_unfinished_run_has_a_page(tmp_path):
    """A run without samples says so; one without a single shard too."""
    assert "There is no sample yet" in page_of(build(tmp_path / "a", 20, begun=3, complete=False).folder)
    empty = build(tmp_path / "b", 0, begun=0, complete=False)
    assert "unfinished" in page_of(empty.folder)


def test_the_page_is_the_same_each_time(run):
    """Which samples and rejects are shown is chosen by chance from identity."""
    assert page_of(run.folder) == page_of(run.folder)


def test_what_is_shown_is_spread_and_independent_of_order():
    """Rare kinds are shown beside common ones, whatever the order in which records come."""
    records = [("common", f"a{n}") for n in range(500)] + [("rare", "b1"), ("seldom", "c1")]
    taken = set()
    for order in range(3):
        random.Random(order).shuffle(records)
        spread: Spread[str] = Spread(7, "test", 5)
        for kind, id in records:
            spread.offer((kind,), id, id)
        taken.add(tuple(spread.take(7, str)))
    assert len(taken) == 1
    assert {"b1", "c1"} <= set(*taken)
    assert len(set(*taken)) == 7


def test_what_is_shown_is_of_many_programs():
    """Two inputs of one program are shown only where there are not enough programs."""
    spread: Spread[str] = Spread(7, "test", 9)
    for id in ("a.0", "a.1", "a.2", "a.3", "b.0", "c.0"):
        spread.offer(("kind",), id, id)
    assert sorted(id[0] for id in spread.take(3, lambda item: item[0])) == ["a", "b", "c"]
    assert sorted(id[0] for id in spread.take(5, lambda item: item[0])) == ["a", "a", "a", "b", "c"]


def test_memory_does_not_grow_with_the_run(tmp_path):
    """Twenty times the samples cost a process that writes the page at most 40 MB more."""
    peaks = []
    for pairs in (1_000, 20_000):
        made = build(tmp_path / str(pairs), pairs, shard_pairs=5_000, only_ends=True)
        code = (
            "import resource, sys, pathlib; from cotmill.view.report import write_report; "
            "write_report(pathlib.Path(sys.argv[1])); print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(made.folder)], capture_output=True, text=True, check=True
        )
        peaks.append(int(done.stdout) / 1024)
    assert peaks[1] - peaks[0] < 40, peaks


def test_a_reject_shows_what_its_record_holds():
    """A nested record gives program, input and solution; a row that is no record gives its raw text."""
    draft = {
        "id": "a.0",
        "solution": "s",
        "question": {"id": "a.0", "execution": {"id": "a.0", "code": "c", "input": "i"}},
    }
    assert kept_of(Rejected("a.0", "prove.ground", "no-claims", "", json.dumps(draft))) == Kept("c", "i", "s")
    assert kept_of(Rejected("a.0", "collect.sources", "malformed-row", "", '{"code": ')) == Kept('{"code": ', "", "")
