"""Lines of JSON, one row each, read with bounded memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from cotmill.base.chance import content_id
from cotmill.base.reasons import Reason
from cotmill.collect.sources.records import MAX_RAW, Broken, broken

__all__ = ["read_jsonl"]

Row = tuple[str, dict[str, Any], str]  # where it stands, its columns, its text


def read_jsonl(path: Path, *, source: str, max_bytes: int) -> Iterator[Row | Broken]:
    """Rows of a file, blank lines skipped, a byte order mark tolerated; of a key given twice the last value."""
    with path.open("rb") as file:
        for number, (line, whole) in enumerate(_bounded_lines(file, max_bytes), start=1):
            where = f"{path.name} line {number}"
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if whole:
                yield broken(source, Reason.ROW_TOO_LARGE, f"{where}: more than {max_bytes / 1e6:g} MB", line, whole)
            elif line := line.strip():
                yield _row(line, where, source)


def _row(line: bytes, where: str, source: str) -> Row | Broken:
    try:
        text = line.decode("utf-8")
        row = json.loads(text)
    except UnicodeDecodeError as error:
        return broken(source, Reason.MALFORMED_ROW, f"{where}: not UTF-8 (byte {error.start + 1})", line)
    except json.JSONDecodeError as error:
        detail = f"{where}: not JSON: {error.msg} (column {error.colno})"
        return broken(source, Reason.MALFORMED_ROW, detail, line)
    except (ValueError, RecursionError) as error:  # an integer of too many digits; nested too deeply
        return broken(source, Reason.MALFORMED_ROW, f"{where}: not readable as JSON: {error}", line)
    if not isinstance(row, dict):
        detail = f"{where}: a JSON {type(row).__name__}, not an object"
        return broken(source, Reason.MALFORMED_ROW, detail, line)
    return where, row, text


def _bounded_lines(file: BinaryIO, max_bytes: int) -> Iterator[tuple[bytes, str]]:
    """(line, ""), or (the beginning of a line that is too long, a digest of all of it)."""
    while line := file.readline(max_bytes + 1):
        if len(line) <= max_bytes or line.endswith(b"\n"):
            yield line, ""
            continue
        digest, rest = content_id(line.hex()), line
        while not rest.endswith(b"\n") and (rest := file.readline(1 << 20)):
            digest = content_id(digest, rest.hex())
        yield line[:MAX_RAW], digest
