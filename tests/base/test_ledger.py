"""The ledger: a line is the commit, a torn line is none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cotmill.base.ledger import Commit, Ledger, RunFolderError, read_commits
from cotmill.base.stage import StageFault

STAGE = "04-execute.run"


def commit(shard: int, *, out: int = 3, rejected: int = 2, files: dict[str, str] | None = None) -> Commit:
    return Commit(STAGE, shard, 1, out + rejected, out, {"error": rejected}, files or {}, 0.5, 0.4)


def test_in_equals_out_plus_rejected_or_nothing_is_committed() -> None:
    """A shard whose counts do not add up cannot even be described."""
    with pytest.raises(StageFault, match="in = out"):
        Commit(STAGE, 0, 1, 5, 3, {"error": 1}, {}, 0.1, 0.1)


def test_commits_survive_and_add_up(tmp_path: Path) -> None:
    """A ledger opened again knows every shard and the sums."""
    ledger = Ledger(tmp_path, write=True)
    for shard in range(3):
        ledger.commit(commit(shard))
    ledger.close()
    again = Ledger(tmp_path)
    total = again.totals[STAGE]
    assert again.done(STAGE) == {0, 1, 2}
    assert (total.pairs_in, total.pairs_out, total.rejected["error"]) == (15, 9, 6)


@settings(max_examples=30)
@given(cut=st.integers(1, 400))
def test_a_torn_line_is_dropped_and_the_next_commit_is_whole(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    """Wherever a kill cuts the file, what was committed before stays and what comes after is readable."""
    run = tmp_path_factory.mktemp("run")
    ledger = Ledger(run, write=True)
    ledger.commit(commit(0))
    whole = (run / "ledger" / f"{STAGE}.jsonl").stat().st_size
    ledger.commit(commit(1))
    ledger.close()
    path = run / "ledger" / f"{STAGE}.jsonl"
    size = max(whole, path.stat().st_size - cut)
    with path.open("r+b") as file:
        file.truncate(size)
    again = Ledger(run, write=True)
    assert again.done(STAGE) == {0}
    again.commit(commit(2))
    again.close()
    assert Ledger(run).done(STAGE) == {0, 2}


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    """A second run on the same folder is one clear message."""
    first = Ledger(tmp_path, write=True)
    with pytest.raises(RunFolderError, match="in use"):
        Ledger(tmp_path, write=True)
    first.close()
    Ledger(tmp_path, write=True).close()


def test_a_shard_whose_file_is_gone_is_done_again(tmp_path: Path) -> None:
    """The writer looks for the files behind each line."""
    ledger = Ledger(tmp_path, write=True)
    (tmp_path / "part.parquet").write_bytes(b"x")
    ledger.commit(commit(0, files={"part.parquet": "0"}))
    ledger.close()
    (tmp_path / "part.parquet").unlink()
    reopened = Ledger(tmp_path, write=True)
    assert reopened.done(STAGE) == set()
    reopened.close()


@pytest.mark.parametrize("line", ["not json", "[]", '{"stage": "04"}', "{}"])
def test_a_damaged_line_is_one_message(tmp_path: Path, line: str) -> None:
    """Not the torn last line of a kill but a line that somebody changed: its file and number, and what to do."""
    ledger = Ledger(tmp_path, write=True)
    ledger.commit(commit(0))
    ledger.close()
    path = tmp_path / "ledger" / f"{STAGE}.jsonl"
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(RunFolderError, match=r"jsonl line 2 is damaged"):
        Ledger(tmp_path, write=True)
    with pytest.raises(RunFolderError, match=r"jsonl line 2 is damaged"):
        list(read_commits(tmp_path))


def test_a_commit_that_the_disk_does_not_take_is_an_error_once(tmp_path: Path) -> None:
    """The commit raises, closing does not raise again, and the torn line is dropped at the next start."""
    script = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from cotmill.base.ledger import Commit, Ledger\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "ledger = Ledger(Path(sys.argv[1]), write=True)\n"
        f"ledger.commit(Commit({STAGE!r}, 0, 1, 1, 1, {{}}, {{}}, 0.1, 0.1))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))\n"
        "try:\n"
        f"    ledger.commit(Commit({STAGE!r}, 1, 1, 1, 1, {{}}, {{}}, 0.1, 0.1))\n"
        "except OSError:\n"
        "    ledger.close()\n"
        "    sys.exit(7)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert done.returncode == 7
    assert (tmp_path / "ledger" / f"{STAGE}.jsonl").stat().st_size == 300
    again = Ledger(tmp_path, write=True)
    assert again.done(STAGE) == {0}
    again.close()
