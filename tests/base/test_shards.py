"""Shards: whole files or none, the same bytes for the same records."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotmill.base.records import Grounding, Lineage, Message, Program, Sample
from cotmill.base.shards import ShardWriter, as_json, file_digest, read_shard, write_shard
from cotmill.base.stage import CotmillError

words = st.text(st.characters(codec="utf-8"), max_size=20)
lineages = st.builds(Lineage, words, st.lists(words, max_size=3).map(tuple), words, words, words, st.integers(0, 9))
samples = st.builds(
    Sample,
    *[words] * 7,
    st.lists(st.builds(Message, words, words), max_size=3).map(tuple),
    *[words] * 3,
    st.floats(allow_nan=False),
    st.integers(0, 2**40),
    st.integers(0, 2**40),
    st.builds(Grounding, st.integers(0, 99), st.integers(0, 99), st.floats(0, 1)),
    lineages,
)


@given(st.lists(samples, max_size=5))
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, records: list[Sample]) -> None:
    """Nested records, tuples, any text: equal records come back, of the same types, in order."""
    path = tmp_path_factory.mktemp("shard") / "part.parquet"
    write_shard(path, Sample, records)
    assert list(read_shard(path, Sample)) == records


def programs(count: int) -> list[Program]:
    return [
        Program(f"p{i}", "s", "t", "", "x = 1", (f"p{i}.0",), ("{}",), ("",), Lineage(f"p{i}")) for i in range(count)
    ]


def test_same_records_same_bytes(tmp_path: Path) -> None:
    """Two writings of the same records cannot be told apart."""
    one, two = (write_shard(tmp_path / name, Program, programs(600)) for name in ("a.parquet", "b.parquet"))
    assert one == two == file_digest(tmp_path / "a.parquet")


def test_a_failed_writing_leaves_nothing(tmp_path: Path) -> None:
    """An exception half way leaves no file under any name."""

    def broken() -> object:
        yield programs(1)[0]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_shard(tmp_path / "part.parquet", Program, broken())  # type: ignore[arg-type] - a generator is an iterable
    assert list(tmp_path.iterdir()) == []


def test_a_file_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    """Before close there is nothing at the path that a reader would open."""
    with ShardWriter(tmp_path / "part.parquet", Program) as writer:
        for program in programs(300):
            writer.write(program)
        assert not (tmp_path / "part.parquet").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["part.parquet"]


@pytest.mark.parametrize(
    "writing", ["write_shard(path, Message, [Message('user', 'x')])", "write_text(path, 'x' * 5000)"]
)
def test_a_file_that_cannot_be_finished_leaves_nothing(tmp_path: Path, writing: str) -> None:
    """A disk that is full at the last moment: the error goes up, and the space is given back."""
    script = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from cotmill.base.records import Message\n"
        "from cotmill.base.shards import write_shard, write_text\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "path = Path(sys.argv[1])\n"
        "try:\n"
        f"    {writing}\n"
        "except OSError:\n"
        "    sys.exit(7)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path / "part.parquet")], check=False)
    assert done.returncode == 7
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("keep", [0, 3, 50, 0.5, 0.99])
def test_a_damaged_file_is_one_message(tmp_path: Path, keep: float) -> None:
    """Cut short anywhere, or with other columns: the message names the file and what to do."""
    path = tmp_path / "part.parquet"
    write_shard(path, Program, programs(300))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep) if keep < 1 else int(keep)])
    with pytest.raises(CotmillError, match=r"part\.parquet is damaged"):
        list(read_shard(path, Program))
    write_shard(path, Message, [Message("user", "x")])
    with pytest.raises(CotmillError, match=r"part\.parquet is damaged"):
        list(read_shard(path, Program))


def test_bytes_that_changed_inside_are_one_message(tmp_path: Path) -> None:
    """Compressed data that cannot be read back is the file's fault too, not the file system's."""
    path = tmp_path / "part.parquet"
    write_shard(path, Program, programs(300))
    data = bytearray(path.read_bytes())
    data[200:400] = bytes(200)
    path.write_bytes(data)
    with pytest.raises(CotmillError, match=r"part\.parquet is damaged"):
        list(read_shard(path, Program))


def test_an_empty_shard_is_a_shard(tmp_path: Path) -> None:
    """A stage that rejects everything still writes a file that can be read."""
    write_shard(tmp_path / "part.parquet", Program, [])
    assert list(read_shard(tmp_path / "part.parquet", Program)) == []


def test_a_record_as_json_is_one_line() -> None:
    """Rejects keep records as JSON whatever is in them."""
    record = Program("p", "s", "line\nbreak", "", "x", (), (), (), Lineage("p", ("a",)))
    row = json.loads(as_json(record))
    assert "\n" not in as_json(record)
    assert row["lineage"]["parents"] == ["a"]
