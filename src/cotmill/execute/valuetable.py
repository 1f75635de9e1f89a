"""The values of a trace: each distinct one encoded once, when it is first seen.

A value is recognised by a key that is fast to get and calls no code of the program: itself with its type where it is
an atom, otherwise a *fingerprint*, bytes that differ whenever the encodings differ. `marshal` makes these for
containers of plain values, in C; it is exact about types, and fails on every other one.

Standard library only: it runs inside the sandbox's child, where it is loaded by its path.
"""

from __future__ import annotations

import abc
import enum
import functools
import json
import marshal
import types
from collections.abc import Callable
from typing import Any

__all__ = ["ATOMS", "ValueTable", "dumps"]

ATOMS = frozenset((int, str, bool, float, type(None)))
_KEYED_BY_VALUE = frozenset((int, str, bool, type(None)))
_CONTAINERS = frozenset((list, dict, set, frozenset, tuple, bytes))
# Names bound to these are definitions, not values of the computation.
_DEFINITIONS = (
    types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType, types.MethodDescriptorType,
    types.WrapperDescriptorType, types.MethodWrapperType, type(functools.lru_cache(len)), staticmethod, classmethod,
    property, type, abc.ABCMeta, enum.EnumMeta,
)  # fmt: skip
# What can only be consumed: its encoding says no more than its type.
_ITERATORS = (
    types.GeneratorType, enumerate, filter, map, reversed, zip, type(iter([])), type(iter(())), type(iter("")),
    type(iter({})), type(iter({}.values())), type(iter({}.items())), type(iter(set())), type(iter(range(0))),
)  # fmt: skip
# `marshal` writes a bytearray or an array as if it were bytes. Programs that mention the one, or import a module that
# is not among these, are compared by encodings.
_BUFFERS = ("bytearray", "memoryview", "buffer")
_PLAIN_MODULES = frozenset(
    "__future__ abc bisect calendar cmath collections copy dataclasses datetime decimal enum fractions functools hashlib"
    " heapq inspect itertools json logging math numbers operator os pprint queue random re statistics string sys textwrap"
    " time traceback types typing unicodedata uuid warnings".split()
)

dumps = json.JSONEncoder(ensure_ascii=True, check_circular=False, allow_nan=False, separators=(",", ":")).encode
_marshal = marshal.dumps


class ValueTable:
    """`texts` is the table: JSON texts of encodings. `overflow(detail)` is called where a value is too large."""

    def __init__(self, encode: Callable[[Any], Any], overflow: Callable[[str], Any]) -> None:
        self.texts: list[str] = []
        self.size = 0  # JSON characters so far
        self.definitions = frozenset(_DEFINITIONS)
        self.steady = frozenset((*_DEFINITIONS, *_ITERATORS))  # types whose values are told by their type alone
        self._encode = encode
        self._overflow = overflow
        self._indices: dict[Any, int] = {}  # (type, value) or fingerprint -> index
        self._by_text: dict[str, int] = {}
        self._exact = False  # whether marshal is

    def prepare(self, source: str, imports: set[str]) -> None:
        """Look at what kinds of values the program can have."""
        self._exact = all(name.partition(".")[0] in _PLAIN_MODULES for name in imports) and not any(word in source for word in _BUFFERS)

    def is_definition(self, value: Any) -> bool:
        """Whether it is a function, a class or a module."""
        kind = type(value)
        return kind in self.definitions or issubclass(kind, type)

    def index(self, value: Any) -> int:
        """The place of a value in the table, where it is put if it is new."""
        kind = type(value)
        if kind in _KEYED_BY_VALUE:
            key: Any = (kind, value)
        elif kind is float:
            key = (kind, float.__repr__(value))  # tells -0.0 from 0.0, and has one nan
        else:
            key = self.fingerprint(value)
        found = self._indices.get(key)
        return self._add(key, value) if found is None else found

    def fingerprint(self, value: Any) -> bytes:
        """Bytes that differ whenever the encodings differ."""
        if self._exact and type(value) in _CONTAINERS:
            try:
                return _marshal(value, 2)
            except ValueError:  # something that marshal does not know is inside
                pass
        return self._text(value).encode()

    def _text(self, value: Any) -> str:
        try:
            return dumps(self._encode(value))
        except MemoryError:
            raise
        except Exception as error:  # TooLarge; encode.py is loaded by its path too, so its class is not known here
            self._overflow(f"a value that cannot be recorded: {error}")
            raise

    def _add(self, key: Any, value: Any) -> int:
        # JSON texts begin with a bracket and a printable character, which no marshalled value does
        text = self._text(value)
        index = self._indices[key] = self._by_text.setdefault(text, len(self.texts))
        if index == len(self.texts):
            self.texts.append(text)
            self.size += len(text) + 1
        return index
