"""Parquet and CSV, row by row, a batch in memory at a time."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cotmill.base.reasons import Reason
from cotmill.collect.sources.jsonl import Row
from cotmill.collect.sources.records import Broken, SeedsError, broken

__all__ = ["read_csv", "read_parquet"]

ROWS_PER_BATCH = 64


def read_parquet(path: Path, *, source: str, max_bytes: int) -> Iterator[Row | Broken]:
    """Rows of a Parquet file. Raises SeedsError where it is none."""
    try:
        with pq.ParquetFile(path) as file:
            number = 0
            for batch in file.iter_batches(batch_size=ROWS_PER_BATCH):
                for position in range(batch.num_rows):
                    number += 1
                    where = f"{path.name} row {number}"
                    yield _parquet_row(batch.slice(position, 1), where, source, max_bytes)
    except (pa.ArrowException, OSError) as error:
        raise SeedsError(f"{path}: not readable as Parquet: {' '.join(str(error).split())[:200]}") from None


def _parquet_row(batch: pa.RecordBatch, where: str, source: str, max_bytes: int) -> Row | Broken:
    size = sum(column.nbytes for column in batch.columns)
    if size > max_bytes:
        detail = f"{where}: {size / 1e6:.1f} MB, more than {max_bytes / 1e6:g} MB"
        return broken(source, Reason.ROW_TOO_LARGE, detail, _shown(batch))
    try:
        return where, batch.to_pylist()[0], ""
    except UnicodeDecodeError as error:
        return broken(source, Reason.MALFORMED_ROW, f"{where}: not UTF-8 ({error})", _shown(batch))


def _shown(batch: pa.RecordBatch) -> str:
    """A row that cannot be read as Python values, as Arrow shows it."""
    return " | ".join(f"{name}: {column}" for name, column in zip(batch.schema.names, batch.columns, strict=True))


def read_csv(path: Path, *, source: str, max_bytes: int) -> Iterator[Row | Broken]:
    """Rows of a CSV file with a header (`.tsv`: tab-separated), fields quoted as in RFC 4180."""
    csv.field_size_limit(max(csv.field_size_limit(), max_bytes))  # of the process; the row's own limit is checked below
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        reader = csv.reader(file, delimiter="\t" if path.suffix == ".tsv" else ",", strict=True)
        header: list[str] | None = None
        for where, cells in _records(reader, path.name):
            if header is None and isinstance(cells, list):
                header = cells
            elif cells:
                yield _csv_row(where, header or [], cells, source, max_bytes)


def _records(reader: Any, name: str) -> Iterator[tuple[str, list[str] | str]]:
    """(where it stands, cells), or (where it stands, what the csv module says against it)."""
    while True:
        where = f"{name} line {reader.line_num + 1}"
        try:
            yield where, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield where, str(error)


def _csv_row(where: str, header: list[str], cells: list[str] | str, source: str, max_bytes: int) -> Row | Broken:
    if isinstance(cells, str):
        return broken(source, Reason.MALFORMED_ROW, f"{where}: not CSV: {cells}", f"{where}: {cells}")
    raw = _line(cells)
    data = raw.encode("utf-8", "surrogateescape")
    if len(data) > max_bytes:
        return broken(source, Reason.ROW_TOO_LARGE, f"{where}: more than {max_bytes / 1e6:g} MB", data)
    if len(cells) != len(header):
        return broken(source, Reason.MALFORMED_ROW, f"{where}: {len(cells)} cells under {len(header)} columns", data)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return broken(source, Reason.MALFORMED_ROW, f"{where}: not UTF-8", data)
    return where, dict(zip(header, cells, strict=True)), raw


def _line(cells: Iterable[str]) -> str:
    return json.dumps(list(cells), ensure_ascii=False)
