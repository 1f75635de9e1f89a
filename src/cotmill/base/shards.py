"""Shards: records of one class in one Parquet file, written whole or not at all.

A file is written under a temporary name, flushed to disk, and renamed; a reader therefore never sees half a shard.
The same records give the same bytes (fixed compression, fixed row groups, no timestamps), which is what makes a
resumed run byte-identical to an undisturbed one.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import types
import typing
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import pyarrow as pa
import pyarrow.parquet as pq

from cotmill.base.stage import CotmillError

__all__ = [
    "ShardWriter", "as_json", "durable_rename", "file_digest", "read_row", "read_shard", "schema_of", "write_shard",
    "write_text",
]  # fmt: skip

T = TypeVar("T")
ROWS_PER_BATCH = 256  # bounds a reader's memory: a traced record can be megabytes
COMPRESSION = {"compression": "zstd", "compression_level": 3}
_SCALARS: dict[type, pa.DataType] = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}


@cache
def _fields(cls: type) -> tuple[tuple[str, Any], ...]:
    hints = typing.get_type_hints(cls)
    return tuple((field.name, hints[field.name]) for field in dataclasses.fields(cls))


def _arrow_type(hint: Any) -> pa.DataType:
    if hint in _SCALARS:
        return _SCALARS[hint]
    if dataclasses.is_dataclass(hint):
        return pa.struct([(name, _arrow_type(inner)) for name, inner in _fields(cast("type", hint))])
    if typing.get_origin(hint) is tuple:
        return pa.list_(_arrow_type(typing.get_args(hint)[0]))
    raise TypeError(f"a record's field cannot have the type {hint}")


@cache
def schema_of(cls: type) -> pa.Schema:
    """Parquet schema of a record class: str, int, float, bool, tuples of one type, and other records."""
    return pa.schema([(name, _arrow_type(hint)) for name, hint in _fields(cls)])


@cache
def _packer(hint: Any) -> Callable[[Any], Any] | None:
    """How a value of this type becomes plain lists and dicts; None where it is plain already."""
    if dataclasses.is_dataclass(hint):
        parts = [(name, _packer(inner)) for name, inner in _fields(cast("type", hint))]
        return lambda value: {
            name: getattr(value, name) if pack is None else pack(getattr(value, name)) for name, pack in parts
        }
    if typing.get_origin(hint) is tuple:
        inner = _packer(typing.get_args(hint)[0])
        return list if inner is None else lambda value: [inner(item) for item in value]
    return None


@cache
def _unpacker(hint: Any) -> Callable[[Any], Any] | None:
    if dataclasses.is_dataclass(hint):
        cls = cast("type", hint)
        parts = [(name, _unpacker(inner)) for name, inner in _fields(cls)]
        return lambda row: cls(*(row[name] if unpack is None else unpack(row[name]) for name, unpack in parts))
    if typing.get_origin(hint) is tuple:
        inner = _unpacker(typing.get_args(hint)[0])
        return tuple if inner is None else lambda row: tuple(inner(item) for item in row)
    return None


def _row(record: Any) -> dict[str, Any]:
    pack = _packer(cast("Hashable", type(record)))
    assert pack is not None  # records are dataclasses
    return cast("dict[str, Any]", pack(record))


def as_json(record: Any) -> str:
    """One record as a line of JSON, as rejects keep it."""
    return json.dumps(_row(record), ensure_ascii=True)


class ShardWriter:
    """Collects records of one class into one file: `with ShardWriter(path, cls) as writer`.

    Nothing is at `path` before the block ends. Where it raises, or the file cannot be finished, nothing is left behind.
    """

    def __init__(self, path: Path, cls: type, *, batch: int = ROWS_PER_BATCH) -> None:
        self.path, self.cls = path, cls
        self.digest = ""  # sha256 of the file, once it is finished
        path.parent.mkdir(parents=True, exist_ok=True)
        self._part = path.with_name(f".{path.name}.tmp")
        self._writer = pq.ParquetWriter(self._part, schema_of(cls), **COMPRESSION)
        self._pending: list[dict[str, Any]] = []
        self._batch = batch  # rows held in memory

    def write(self, record: Any) -> None:
        self._pending.append(_row(record))
        if len(self._pending) >= self._batch:
            self._flush()

    def _flush(self) -> None:
        if self._pending:
            self._writer.write_batch(pa.RecordBatch.from_pylist(self._pending, schema=schema_of(self.cls)))
            self._pending = []

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: types.TracebackType | None) -> None:
        try:
            if kind is None:
                self._flush()
                self._writer.close()
                self.digest = file_digest(self._part)
                durable_rename(self._part, self.path)
        finally:  # after a success there is nothing left to remove
            with contextlib.suppress(OSError):  # a full disk refuses the footer of a file that goes away anyway
                self._writer.close()
            self._part.unlink(missing_ok=True)


def write_shard(path: Path, cls: type, records: Iterable[Any]) -> str:
    """All records into one file, in order; gives its sha256."""
    with ShardWriter(path, cls) as writer:
        for record in records:
            writer.write(record)
    return writer.digest


def read_shard(path: Path, cls: type[T]) -> Iterator[T]:
    """Records of a file, in order, a batch in memory at a time. Raises CotmillError for a damaged file."""
    unpack = _unpacker(cast("Hashable", cls))
    assert unpack is not None  # records are dataclasses
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=ROWS_PER_BATCH):
                yield from map(unpack, batch.to_pylist())
    except (pa.ArrowInvalid, KeyError, OSError) as error:
        if getattr(error, "errno", None) is not None:  # the file system, not the content
            raise
        raise CotmillError(
            f"{path} is damaged ({' '.join(str(error).split())}); delete it, and the same `cotmill run` makes it again"
        ) from None


def read_row(path: Path, cls: type[T], row: int) -> T:
    """One record of a file by its row number; decodes little more than that row. Raises IndexError."""
    unpack = _unpacker(cast("Hashable", cls))
    assert unpack is not None  # records are dataclasses
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            rows = file.metadata.row_group(group).num_rows
            if row < rows:
                for batch in file.iter_batches(batch_size=16, row_groups=[group]):
                    if row < batch.num_rows:
                        return cast("T", unpack(batch.slice(row, 1).to_pylist()[0]))
                    row -= batch.num_rows
            row -= rows
    raise IndexError(f"{path} has no such row")


def write_text(path: Path, text: str) -> None:
    """A small text file, written whole or not at all."""
    part = path.with_name(f".{path.name}.tmp")
    part.parent.mkdir(parents=True, exist_ok=True)
    try:
        part.write_text(text, encoding="utf-8")
        durable_rename(part, path)
    finally:  # after a success there is nothing left to remove
        part.unlink(missing_ok=True)


def durable_rename(part: Path, path: Path, *, aside: Path | None = None) -> None:
    """Flush a finished file or folder to disk and give it its name; a crash leaves the old state or the new.

    A folder cannot take the place of another: what is at `path` goes to `aside` first, and a crash may leave it there.
    """
    for file in [part] if part.is_file() else [*part.rglob("*"), part]:
        _sync(file)
    if aside is not None and path.exists():
        path.rename(aside)
    part.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def file_digest(path: Path) -> str:
    """sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
