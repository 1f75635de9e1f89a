"""Every program of attacks/ gets a verdict that is fine and does nothing outside its own process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cotmill.execute.sandbox import TraceLimits
from execute.corpus import Judge, entries, judge

FOLDER = Path(__file__).with_name("attacks")
ENTRIES = entries(FOLDER)


@pytest.fixture(scope="module")
def court() -> Iterator[Judge]:
    with judge() as full:
        yield full


@pytest.fixture(scope="module")
def poor_court() -> Iterator[Judge]:
    """On a host that refuses namespaces, as containers do."""
    with judge(without=("namespaces",)) as without_namespaces:
        yield without_namespaces


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry["name"] for entry in ENTRIES])
def test_attack(court: Judge, entry: dict[str, Any]) -> None:
    """Between two honest programs: an accepted verdict, no effect outside, the neighbours as they should be."""
    _, problems = court.problems(entry, (FOLDER / entry["file"]).read_bytes())
    assert problems == []


@pytest.mark.parametrize(
    "name", ["kill_all", "netlink", "udp_send", "read_root_files", "fork_bomb", "truncate_by_path"]
)
def test_attack_where_namespaces_are_refused(poor_court: Judge, name: str) -> None:
    """Landlock and seccomp alone keep programs from files, network and other processes."""
    assert poor_court.first.layers()["tier"] == "landlock"
    entry = next(entry for entry in ENTRIES if entry["name"] == name)
    _, problems = poor_court.problems(entry, (FOLDER / entry["file"]).read_bytes())
    assert problems == []


@pytest.mark.parametrize("trace", ["[", "[1]", '{"version":1}', "[" * 100_000, "\ud800"])
def test_a_forged_trace_is_no_trace(court: Judge, trace: str) -> None:
    """What a program writes in the recorder's place reaches no reader of traces unless it is one."""
    forge = (
        "import os, sys\nframe = sys._getframe()\nwhile frame:\n    child = frame.f_locals.get('self')\n"
        f"    if hasattr(child, 'send'):\n        child.send({{'status': 'ok', 'output': 1}}, {trace!a})\n"
        "        os._exit(0)\n    frame = frame.f_back\n"
    )
    assert court.first.run(f"exec({forge!r})", trace=TraceLimits()).status == "tampered"


def test_messages_are_text_that_can_be_stored(court: Judge) -> None:
    """JSON carries half of a surrogate pair, UTF-8 does not."""
    outcome = court.first.run("raise ValueError('\\ud800')")
    assert (outcome.status, outcome.error) == ("error", "ValueError: \\ud800")


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("import numpy\noutput = numpy.ones(1 << 40)", "memory"),
        ("class Mine(SystemExit): pass\nraise Mine", "no_result"),
        ("from collections import OrderedDict\noutput = OrderedDict(a=1)\ndict.__delitem__(output, 'a')", "bad_output"),
        (
            (
                "class M(type):\n    def __eq__(cls, other):\n        while True: pass\n    def __hash__(cls): return 1\n"
                "class E(Exception, metaclass=M): pass\nraise E(E(1))"
            ),
            "error",
        ),
    ],
    ids=["numpy's own MemoryError", "own SystemExit", "broken dict", "metaclass"],
)
def test_verdict(court: Judge, source: str, status: str) -> None:
    """Told apart by what a class descends from, and without asking it."""
    assert court.first.run(source).status == status


def test_every_program_is_listed() -> None:
    """The manifest names each file once, and says why it is there."""
    assert sorted(entry["file"] for entry in ENTRIES) == sorted(path.name for path in FOLDER.glob("*.py"))
    assert all(entry["why"] and entry["accept"] for entry in ENTRIES)
