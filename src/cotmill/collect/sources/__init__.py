"""Outside data -> Seeds. One reader per format; all give the same records and count every row once."""

from __future__ import annotations

import difflib
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from cotmill.base.reasons import Reason
from cotmill.base.records import Seed
from cotmill.base.shards import file_digest
from cotmill.collect.sources.folder import STARTER, programs_in, read_programs
from cotmill.collect.sources.jsonl import Row, read_jsonl
from cotmill.collect.sources.records import Broken, SeedsError, broken
from cotmill.collect.sources.rows import NAMES, PRESETS, BadRow, field_map, preset_of, seed_of
from cotmill.collect.sources.tables import read_csv, read_parquet

__all__ = ["FORMATS", "Broken", "SeedsError", "digest", "number_copies", "read"]

FORMATS = ("auto", "starter", "folder", "jsonl", "parquet", "csv", "pyedu", "pal", "asdiv", "gsm8k")
EARLY = 100  # rows that may lack the needed columns before the reader gives up

_READERS: dict[str, Callable[..., Iterator[Row | Broken]]] = {
    ".jsonl": read_jsonl, ".ndjson": read_jsonl, ".json": read_jsonl, ".parquet": read_parquet,
    ".csv": read_csv, ".tsv": read_csv,
}  # fmt: skip
_SUFFIX_OF = {"jsonl": ".jsonl", "parquet": ".parquet", "csv": ".csv"}


def read(
    path: Path, format: str, fields: Mapping[str, str], *, source: str, max_row_mb: float
) -> Iterator[Seed | Broken]:
    """Seeds and broken rows of a source, in its order, one at a time.

    `fields` maps our names of columns (`rows.NAMES`) to those of the file. `source` is the prefix of every id. Equal
    rows have equal ids (see `number_copies`). Raises SeedsError where nothing can be read, before or after the first
    rows were given.
    """
    if format not in FORMATS:
        raise SeedsError(f"unknown format {format!r}{_nearest(format, FORMATS)}; the formats are {', '.join(FORMATS)}")
    if unknown := sorted(set(fields) - set(NAMES)):
        hint = _nearest(unknown[0], NAMES)
        raise SeedsError(f"fields: unknown name {unknown[0]!r}{hint}; the names are {', '.join(NAMES)}")
    path = STARTER if format == "starter" else path
    if not path.exists():
        raise SeedsError(f"{path}: no such file or folder")
    max_bytes = int(max_row_mb * 1e6)
    if format in ("starter", "folder") or path.is_dir() or path.suffix == ".py":
        if format not in ("auto", "starter", "folder"):
            raise SeedsError(f"{path}: a folder or program is read with the format folder, not {format}")
        if not programs_in(path):
            raise SeedsError(f"{path}: no .py file in this folder")
        rows: Iterator[Seed | Broken] = read_programs(path, source=source, max_bytes=max_bytes)
    else:
        rows = _read_table(path, format, fields, source, max_bytes)
    return _or_seeds_error(path, rows)


def digest(path: Path, format: str) -> str:
    """sha256 of a source's content: of a file's bytes, or of a folder's program names and bytes. Raises SeedsError."""
    path = STARTER if format == "starter" else path
    if not path.exists():
        raise SeedsError(f"{path}: no such file or folder")
    total = hashlib.sha256()
    try:
        if path.is_file():
            return file_digest(path)
        for file in programs_in(path):
            total.update(f"{file.relative_to(path).as_posix()} {file_digest(file)}\n".encode())
    except OSError as error:
        raise SeedsError(f"{path}: not readable: {error.strerror}") from None
    return total.hexdigest()


def number_copies(items: Iterable[Seed | Broken]) -> Iterator[Seed | Broken]:
    """The same items with distinct ids: the second and later copies of a row get `-2`, `-3`, ... behind their id.

    Copies are alike, so it does not matter which of them gets which number: ids do not depend on the order of rows.
    Holds about 150 bytes per distinct row.
    """
    copies: Counter[str] = Counter()
    for item in items:
        copies[item.id] += 1
        yield item if copies[item.id] == 1 else replace(item, id=f"{item.id}-{copies[item.id]}")


def _read_table(
    path: Path, format: str, fields: Mapping[str, str], source: str, max_bytes: int
) -> Iterator[Seed | Broken]:
    suffix = _SUFFIX_OF.get(format, path.suffix.lower())
    reader = _READERS.get(suffix)
    if reader is None:
        known = ", ".join(FORMATS)
        raise SeedsError(f"{path}: {suffix or 'no extension'} does not say what this is; give a format: {known}")
    rows = reader(path, source=source, max_bytes=max_bytes)
    return _seeds(rows, path, format, fields, source, texts=suffix in (".csv", ".tsv"))


def _seeds(
    rows: Iterator[Row | Broken], path: Path, format: str, fields: Mapping[str, str], source: str, *, texts: bool
) -> Iterator[Seed | Broken]:
    """Rows -> Seeds by the field map, which the first row decides. Raises SeedsError where none has what is needed."""
    columns: dict[str, str] = {}
    found: set[str] = set()  # columns of the rows so far, while none of them has code
    lacking = 0  # rows so far, of which none gave a seed; -1: one did, or has a column for programs
    for row in rows:
        if isinstance(row, Broken):
            yield row
            continue
        where, cells, raw = row
        if not columns:
            preset = format if format in PRESETS else "" if fields or format != "auto" else preset_of(cells)
            columns = field_map(preset, fields)
        if lacking >= 0:
            found |= set(cells)
            lacking = -1 if found & {columns.get("code"), columns.get("formula")} else lacking + 1
            if lacking >= EARLY:
                break
        try:
            seed = seed_of(cells, columns, source, texts=texts)
        except BadRow as error:
            yield broken(source, Reason.MISSING_FIELD, f"{where}: {error}", raw or repr(cells))
        else:
            lacking = -1
            yield seed
    if lacking > 0:
        raise SeedsError(_wrong_columns(path, columns, found))


def _wrong_columns(path: Path, columns: Mapping[str, str], found: set[str]) -> str:
    return (
        f"{path}: no column {columns.get('code') or columns['formula']!r} that holds the programs; the columns are "
        f"{', '.join(sorted(found)) or 'none'}. Say which one it is, for example fields: {{code: {_guess(found)}}}; "
        f"the names that can be mapped are {', '.join(NAMES)}"
    )


def _guess(found: set[str]) -> str:
    likely = [name for name in sorted(found) if any(word in name.lower() for word in ("code", "program", "solution"))]
    return likely[0] if likely else "NAME_OF_YOUR_COLUMN"


def _or_seeds_error(path: Path, items: Iterator[Seed | Broken]) -> Iterator[Seed | Broken]:
    """The same items. Raises SeedsError where no Seed is among them, and if they are few, before giving any."""
    waiting: list[Broken] = []
    any_seed, first_broken = False, ""
    for item in items:
        if isinstance(item, Broken):
            first_broken = first_broken or item.detail
            if not any_seed and len(waiting) < EARLY:
                waiting.append(item)
                continue
        any_seed = any_seed or isinstance(item, Seed)
        yield from waiting
        waiting.clear()
        yield item
    if not any_seed:
        why = f"no row can be read; {first_broken}" if first_broken else "it is empty"
        raise SeedsError(f"{path}: {why}")


def _nearest(name: str, names: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(names), n=1, cutoff=0.5)
    return f", did you mean {close[0]!r}?" if close else ""
