"""A folder of programs: every `.py` file in it, recursively, in the order of their paths."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cotmill.base.reasons import Reason
from cotmill.base.records import Seed
from cotmill.collect.sources.records import MAX_RAW, Broken, broken
from cotmill.collect.sources.rows import BadRow, seed_of

__all__ = ["STARTER", "programs_in", "read_programs"]

STARTER = Path(__file__).parents[1] / "starter"  # the programs that come with cotmill


def programs_in(path: Path) -> list[Path]:
    """The programs under a folder, or the file itself. Hidden folders, caches and `_*.py` are left out."""
    if path.is_file():
        return [path]
    found = (file for file in path.rglob("*.py") if file.is_file())
    return sorted(file for file in found if not any(part[0] in "._" for part in file.relative_to(path).parts))


def read_programs(path: Path, *, source: str, max_bytes: int) -> Iterator[Seed | Broken]:
    """A Seed per file: title and problem from its docstring, inputs from `inputs = [...]` or `input = {...}`."""
    for file in programs_in(path):
        where = file.relative_to(path).as_posix() if path.is_dir() else file.name
        try:
            with file.open("rb") as handle:
                data = handle.read(max_bytes + 1)
        except OSError as error:
            yield broken(source, Reason.MALFORMED_ROW, f"{where}: not readable: {error.strerror}", where)
            continue
        yield _seed(data, where, source, max_bytes)


def _seed(data: bytes, where: str, source: str, max_bytes: int) -> Seed | Broken:
    if len(data) > max_bytes:
        detail = f"{where}: more than {max_bytes / 1e6:g} MB"
        return broken(source, Reason.ROW_TOO_LARGE, detail, data[:MAX_RAW], where)
    try:
        code = data.decode("utf-8-sig").replace("\r\n", "\n")
        return seed_of({"code": code}, {"code": "code"}, source, texts=False)
    except UnicodeDecodeError as error:
        return broken(source, Reason.MALFORMED_ROW, f"{where}: not UTF-8 (byte {error.start + 1})", data)
    except BadRow:
        return broken(source, Reason.MISSING_FIELD, f"{where}: the file is empty", where)
