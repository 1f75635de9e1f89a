"""Every program of attacks/ gets a verdict that is fine and does nothing outside its own process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

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


def test_every_program_is_listed() -> None:
    """The manifest names each file once, and says why it is there."""
    assert sorted(entry["file"] for entry in ENTRIES) == sorted(path.name for path in FOLDER.glob("*.py"))
    assert all(entry["why"] and entry["accept"] for entry in ENTRIES)
