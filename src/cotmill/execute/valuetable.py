"""The values of a trace: each distinct one encoded once, when it is first seen.

A value is recognised by a key that is fast to get and calls no code of the program: itself with its type where it is
an atom, otherwise a *fingerprint*, bytes that differ whenever the encodings differ. `marshal` makes these for
containers of plain values, in C; it is exact about types, and fails on every other one. Graphs of objects are laid
out flat first, each object once. Types are told apart by identity throughout.

Standard library only: it runs inside the sandbox's child, where it is loaded by its path.
"""

from __future__ import annotations

import abc
import enum
import functools
import json
import marshal
import re
import types
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from operator import is_
from typing import Any

__all__ = ["KEYED_BY_VALUE", "ValueTable", "dumps"]


def _ids(*kinds: type) -> frozenset[int]:
    """Types are told apart by identity: a look-up by the type itself asks its metaclass for `__hash__`."""
    return frozenset(map(id, kinds))


_ATOMS = _ids(int, str, bool, float, type(None))
# Values of these never change: another value is another object.
_IMMUTABLE = _ATOMS | _ids(range, bytes, complex, Fraction, Decimal, date, time, datetime, timedelta)
KEYED_BY_VALUE = _ids(int, str, bool, type(None))
_CONTAINERS = _ids(list, dict, set, frozenset, tuple, bytes)
_OTHERS = _ids(OrderedDict, bytearray)  # types written in C that have contents of which no fingerprint is made
# Names bound to these are definitions, not values of the computation.
_DEFINITIONS = (
    types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType, types.MethodDescriptorType,
    types.WrapperDescriptorType, types.MethodWrapperType, type(functools.lru_cache(len)), staticmethod, classmethod,
    property, type, abc.ABCMeta, enum.EnumMeta,
)  # fmt: skip
# What can only be consumed: its encoding says no more than its type.
_ITERATORS: tuple[type, ...] = (
    types.GeneratorType, enumerate, filter, map, reversed, zip, type(iter([])), type(iter(())), type(iter("")),
    type(iter({})), type(iter({}.values())), type(iter({}.items())), type(iter(set())), type(iter(range(0))),
)  # fmt: skip
# `marshal` writes a bytearray or an array as if it were bytes. Programs that mention the one, or import a module that
# is not among these, are compared by encodings.
_BUFFERS = ("bytearray", "memoryview", "buffer")
_PLAIN_MODULES = frozenset((
    "__future__", "abc", "bisect", "calendar", "cmath", "collections", "contextlib", "copy", "dataclasses", "datetime",
    "decimal", "enum", "fractions", "functools", "hashlib", "heapq", "inspect", "io", "itertools", "json", "logging",
    "math", "numbers", "operator", "os", "pprint", "queue", "random", "re", "statistics", "string", "sys", "textwrap",
    "threading", "time", "traceback", "types", "typing", "unicodedata", "uuid", "warnings",
))  # fmt: skip


# Types of numpy's whose values never change.
_NUMPY_SCALARS = frozenset((
    "bool_", "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32",
    "float64", "complex64", "complex128",
))  # fmt: skip


def _pairs(mapping: dict[Any, Any]) -> list[Any]:
    return [part for pair in dict.items(mapping) for part in pair]


_MRO = type.__dict__["__mro__"].__get__
_CLASS_DICT = type.__dict__["__dict__"].__get__
_CLASS_NAME, _CLASS_MODULE = type.__dict__["__name__"].__get__, type.__dict__["__module__"].__get__
_FLAGS = type.__dict__["__flags__"].__get__
_HEAP_TYPE = 1 << 9  # Py_TPFLAGS_HEAPTYPE: made by a class statement, or like one
_WHOLE = _CONTAINERS | _ids(deque, Counter, defaultdict, OrderedDict, int, float, str)  # bases with contents
_SEQUENCES, _MAPPINGS = _ids(list, tuple, set, frozenset, deque), _ids(dict, defaultdict, Counter)
# No marshalled value and no text begins with these.
_FLAT, _ARRAY, _RANGE = b"\0", b"\4", b"\5"
_COPIES: dict[int, tuple[bytes, Any]] = {
    id(deque): (b"\1", list), id(defaultdict): (b"\2", dict), id(Counter): (b"\3", dict)
}  # fmt: skip
_MANY, _MANY_BYTES = 20_000, 1 << 21  # encode's limits; held before a copy of the value is made
_PLAIN_CHARACTERS, _PLAIN_LEVELS, _LONG_INT = 40_000, 64, 4_000  # within these, encode's limits cannot be passed
_SHORT_INT, _FEW = 1 << 63, 1_000  # the encoding of a shorter number is its digits
_WIDEST = 8  # bytes of a number in an array whose Python twin tells all of it
_DIGITS = re.compile(r"\d{4000}")
_KEPT = 1 << 16  # parts of layouts
# A layout keeps its parts alive a little longer, and takes an object's `__dict__` to be the one that it had. Programs
# that mention any of these could tell, or replace it.
_TELLTALES = re.compile(
    r"__(?:del|dict|import|builtins)__|setattr|wraps|update_wrapper|__(?:qual)?name__\s*=[^=]|weakref|refcount|attrgetter|\b(?:eval|exec|importlib)\b"
)

_ENCODER = json.JSONEncoder(ensure_ascii=True, check_circular=False, allow_nan=False, separators=(",", ":"))
_text_json: Callable[[str], str] = json.encoder.encode_basestring_ascii
# What the encoder makes anew for every text.
_make_encoder: Any = vars(json.encoder)["c_make_encoder"]
_chunks = _make_encoder(None, _ENCODER.default, _text_json, None, ":", ",", False, False, False)
_FEW_LEVELS, _FEW_PARTS = 40, 10_000  # far below what encode.py allows


def dumps(value: Any) -> str:
    """JSON in ASCII, without spaces. Raises ValueError where there is none: inf, nan."""
    return "".join(_chunks(value, 0))


# Linear in what is in memory, however often parts are shared; the bytes also tell which are, and by whom else.
_marshal = marshal.dumps


def _unshared(value: Any) -> bytes:
    """Without sharing: one value, one text. Doubles with every level that contains the next one twice."""
    return marshal.dumps(value, 2)


class _Layout:
    """A graph of objects as it was when it got its fingerprint, so that it can be seen at a glance to be unchanged."""

    __slots__ = ("_kinds", "_nodes", "_parts", "_spaces", "key")

    def __init__(self, key: bytes, nodes: list[Any], spaces: list[Iterable[Any]]) -> None:
        self.key = key
        self._nodes, self._kinds = nodes, [*map(type, nodes)]
        self._spaces, self._parts = spaces, [*chain.from_iterable(spaces)]

    def __len__(self) -> int:
        return len(self._parts)

    def holds(self) -> bool:
        """Whether every container and every object has the very parts that it had."""
        parts = [*chain.from_iterable(self._spaces)]
        return (
            len(parts) == len(self._parts)
            and all(map(is_, parts, self._parts))
            and all(map(is_, map(type, self._nodes), self._kinds))
        )


class ValueTable:
    """`texts` is the table: JSON texts of encodings. `overflow(detail)` is called where a value is too large."""

    def __init__(self, encode: Callable[[Any], Any], overflow: Callable[[str], Any]) -> None:
        self.texts: list[str] = []
        self.size = 0  # JSON characters so far
        self.definitions = _ids(*_DEFINITIONS)
        self.immutable = _IMMUTABLE
        # types whose values are told by their type alone, each with a mark of its own
        self.steady = {kind: object() for kind in _ids(*_DEFINITIONS, *_ITERATORS)}
        self.settled = self.immutable | self.steady.keys()
        self._encode = encode
        self._overflow = overflow
        self.indices: dict[Any, int] = {}  # (type, value) or fingerprint -> index
        self._by_text: dict[str, int] = {}
        self._exact = False  # whether marshal is
        self._direct: dict[int, Callable[[Any], bytes | None]] = {id(range): _range}
        self._inert = _IMMUTABLE | self.definitions  # what a layout may have besides containers and objects
        self._keeps = False  # whether layouts may be kept
        self.moment: dict[int, bytes] = {}  # id -> fingerprint, until the program goes on
        self.new_moment = self.moment.clear  # the program has run on since the last question: values may have changed
        self._layouts: dict[int, _Layout] = {}  # by the id of the first node, which it keeps alive
        self._kept = 0  # parts of them
        self._readers: dict[int, Callable[[Any], Any] | None] = dict.fromkeys(_SEQUENCES | _MAPPINGS, _itself)
        self._kinds: list[type] = []  # of the program, kept so that their ids stay their own

    def prepare(self, source: str, imports: set[str]) -> None:
        """Look at what kinds of values the program can have."""
        others = {name.partition(".")[0] for name in imports} - _PLAIN_MODULES
        self._exact = not others and not any(word in source for word in _BUFFERS)
        self._keeps = others <= {"numpy"} and not _TELLTALES.search(source)

    def is_definition(self, value: Any) -> bool:
        """Whether it is a function, a class or a module."""
        kind = type(value)
        return id(kind) in self.definitions or issubclass(kind, type)

    def index(self, value: Any) -> int:
        """The place of a value in the table, where it is put if it is new."""
        kind = type(value)
        if id(kind) in KEYED_BY_VALUE:
            key: Any = (kind, value)
        elif kind is float:
            key = (kind, float.__repr__(value))  # tells -0.0 from 0.0, and has one nan
        else:
            key = self.fingerprint(value)
        return self.place(key, value)

    def place(self, key: Any, value: Any) -> int:
        """The same for a value whose key is known; that of what is no atom is its fingerprint."""
        found = self.indices.get(key)
        return self._add(key, value) if found is None else found

    def fingerprint(self, value: Any) -> bytes:
        """Bytes that differ whenever the encodings differ."""
        place = id(value)
        key = self.moment.get(place)
        if key is not None:
            return key
        layout = self._layouts.get(place)
        if layout is not None and layout.holds():
            key = self.moment[place] = layout.key
            return key
        kind = id(type(value))
        if layout is None and kind in _CONTAINERS:
            if len(value) > _MANY and (len(value) > _MANY_BYTES or type(value) is not bytes):
                self._too_large()
            if self._exact:
                try:
                    key = self.moment[place] = _marshal(value)
                    return key
                except ValueError:  # something that marshal does not know is inside
                    pass
            elif kind in _SEQUENCES and _ATOMS.issuperset(map(id, map(type, value))):
                key = self.moment[place] = _unshared(value)
                return key
        key = self.moment[place] = self._flattened(value)
        return key

    def _flattened(self, value: Any) -> bytes:
        """The graph of objects that begins here: one row per object, of its type and its parts."""
        kind = type(value)
        if id(kind) in _COPIES and self._exact:
            mark, copy = _COPIES[id(kind)]
            try:
                return mark + _marshal(copy(value))
            except ValueError:
                pass
        if self._reader(kind) is None:
            direct = self._direct.get(id(kind))
            return (direct and direct(value)) or self._text(value).encode()
        numbers = {id(value): 0}
        todo = [value]
        rows: list[Any] = []
        spaces: list[Any] | None = [] if self._keeps else None
        for item in todo:  # grows while it is read
            kind = type(item)
            read = self._reader(kind)
            if read is None:
                rows.append(self._text(item))
                if id(kind) not in self._inert:
                    spaces = None  # nothing tells that it is unchanged but its encoding
                continue
            space = read(item)
            if id(type(space)) in _SEQUENCES:
                parts = list(space)
                if spaces is not None:
                    spaces.append(space)
            else:
                parts = _pairs(space)
                if spaces is not None:
                    spaces += dict.keys(space), dict.values(space)
            row: list[Any] = [id(kind)]
            rows.append(row)
            if _ATOMS.issuperset(map(id, map(type, parts))):
                row += parts
                continue
            for part in parts:
                if id(type(part)) in _ATOMS:
                    row.append(part)
                    continue
                number = numbers.setdefault(id(part), len(todo))
                if number == len(todo):
                    if number > _MANY:
                        self._too_large()
                    todo.append(part)
                row.append((number,))
        key = _FLAT + _unshared(rows)
        if spaces is not None:
            self._keep(value, _Layout(key, todo, spaces))
        return key

    def _keep(self, value: Any, layout: _Layout) -> None:
        self._kept += len(layout)
        if self._kept > _KEPT:
            self._layouts.clear()
            self._kept = len(layout)
        self._layouts[id(value)] = layout

    def _reader(self, kind: type) -> Callable[[Any], Any] | None:
        """What has the parts of a container, or of an object that has nothing but a `__dict__`; None for others."""
        if id(kind) not in self._readers:
            self._kinds.append(kind)
            self._readers[id(kind)] = None if id(kind) in self.settled else _attributes(kind)
            if id(kind) not in self.settled and _MRO(kind) and not any(map(_is_python_class, _MRO(kind))):
                self._meet(kind)
        return self._readers[id(kind)]

    def _meet(self, kind: type) -> None:
        """Take in a type written in C: encode.py reads the contents of a few, and only numpy's are not known yet."""
        place, name, module = id(kind), _CLASS_NAME(kind), _CLASS_MODULE(kind)
        if module != "numpy":
            if place not in _OTHERS and not any(base is type for base in _MRO(kind)):
                self.steady[place] = object()
                self.settled |= {place}
                if module == "_thread":
                    self._inert |= {place}
        elif name == "ndarray":
            self._direct[place] = _array_reader(kind)
        elif name in _NUMPY_SCALARS:
            self.immutable |= {place}
            self.settled |= {place}
            self._inert |= {place}

    def _add(self, key: Any, value: Any) -> int:
        text, canonical = _flat_json(value, key), key
        if text is not None:
            pass
        elif type(key) is bytes and key[:3] == b'{"$':  # the encoding was the fingerprint
            text = key.decode()
        elif id(type(value)) in _CONTAINERS and self._exact and key[:1] != _FLAT and _is_small(value, key):
            canonical = _unshared(value)
            if canonical in self.indices:  # only who shares what has changed
                self.indices[key] = self.indices[canonical]
                return self.indices[key]
            text = _plain_json(value, canonical)
        if text is None:
            text = self._text(value)
        index = self._by_text.setdefault(text, len(self.texts))
        self.indices[key] = self.indices[canonical] = index
        if index == len(self.texts):
            self.texts.append(text)
            self.size += len(text) + 1
        return index

    def _too_large(self) -> None:
        self._overflow("a value that cannot be recorded: too many elements")

    def _text(self, value: Any) -> str:
        try:
            try:
                return _Writer(self._reader).text(value)
            except _NotPlainError:
                return dumps(self._encode(value))
        except MemoryError:
            raise
        except Exception as error:  # TooLarge; encode.py is loaded by its path too, so its class is not known here
            self._overflow(f"a value that cannot be recorded: {error}")
            raise


class _NotPlainError(Exception):
    """A value that only encode.py can encode."""


class _Writer:
    """The JSON text of what encode.py makes of a value of common types that is not large, in one step."""

    __slots__ = ("_left", "_path", "_reader")

    def __init__(self, reader: Callable[[type], Any]) -> None:
        self._reader = reader
        self._left = _FEW_PARTS
        self._path: list[int] = []

    def text(self, value: Any) -> str:
        kind = type(value)
        if kind is str:
            if len(value) > _FEW:
                raise _NotPlainError
            return _text_json(value)
        if kind is int:
            if not -_SHORT_INT < value < _SHORT_INT:
                raise _NotPlainError
            return int.__repr__(value)
        if value is None or kind is bool or kind is float:
            return self.plain(value)
        reader = self._reader(kind)
        if reader is None or len(self._path) >= _FEW_LEVELS:
            raise _NotPlainError
        if id(value) in self._path:
            return f'{{"$cycle":{len(self._path) - self._path.index(id(value))}}}'
        self._path.append(id(value))
        text = self.sequence(value, kind) if id(kind) in _SEQUENCES else self.mapping(kind, reader(value))
        self._path.pop()
        return text

    def plain(self, value: Any) -> str:
        try:
            return dumps(value)
        except ValueError:  # inf, nan
            raise _NotPlainError from None

    def sequence(self, value: Any, kind: type) -> str:
        self._left -= len(value)
        if self._left < 0:
            raise _NotPlainError
        if kind is set or kind is frozenset:
            value = _in_order(value)
        body = ",".join(map(self.text, value))
        return f"[{body}]" if kind is list else f'{{"${kind.__name__}":[{body}]}}'

    def mapping(self, kind: type, names: dict[Any, Any]) -> str:
        self._left -= len(names)
        if self._left < 0:
            raise _NotPlainError
        items = dict.items(names)
        text = self.text
        if id(kind) not in _MAPPINGS:
            body = ",".join([f"{text(name)}:{text(item)}" for name, item in items if type(name) is str])
            return f'{{"$object":{text(_name_of(kind))},"attrs":{{{body}}}}}'
        if kind is dict and not any(type(key) is not str or key[:1] == "$" for key in names):
            return f"{{{','.join([f'{text(key)}:{text(item)}' for key, item in items])}}}"
        body = ",".join([f"[{text(key)},{text(item)}]" for key, item in items])
        return f'{{"${kind.__name__}":[{body}]}}'


def _in_order(values: Any) -> list[Any]:
    """The elements of a set in the order of encode.py, which sorts them by what Python calls their encodings."""
    kinds = set(map(id, map(type, values)))
    if kinds == {id(int)} or kinds == {id(str)}:
        return sorted(values, key=repr)
    if kinds == {id(tuple)} and all(_ATOMS.issuperset(map(id, map(type, item))) for item in values):
        return sorted(values, key=lambda item: repr([*item]))
    if not kinds:
        return []
    raise _NotPlainError


def _name_of(kind: type) -> str:
    """As in encode.py."""
    return str.__str__(_CLASS_NAME(kind))[:200]


def _array_reader(kind: type) -> Callable[[Any], bytes | None]:
    """Gives the fingerprint of an array of plain numbers; None for any other array."""
    names = _CLASS_DICT(kind)
    dtype, shape, data = names["dtype"].__get__, names["shape"].__get__, names["tobytes"]

    def read(array: Any) -> bytes | None:
        elements = dtype(array)
        if elements.kind not in "biuf" or elements.itemsize > _WIDEST or names["size"].__get__(array) > _MANY:
            return None
        return _ARRAY + _unshared((elements.str, shape(array), data(array)))

    return read


def _range(value: range) -> bytes:
    return _RANGE + _unshared((value.start, value.stop, value.step))


def _is_python_class(kind: type) -> bool:
    """As in encode.py."""
    names = _CLASS_DICT(kind)
    if not _FLAGS(kind) & _HEAP_TYPE or "__vectorcalloffset__" in names:  # functools.partial: a place in memory
        return False
    return "__dict__" in names or "__slots__" in names or "__weakref__" in names


def _itself(value: Any) -> Any:
    return value


def _attributes(kind: type) -> Callable[[Any], Any] | None:
    """Gives the attributes of an instance of a class that has no slots and is no kind of container or number."""
    mro = _MRO(kind) or ()  # as in encode.py
    if any(base is type for base in mro) or not _FLAGS(kind) & _HEAP_TYPE or not _WHOLE.isdisjoint(map(id, mro)):
        return None
    if any(type(item) is types.MemberDescriptorType for base in mro for item in _CLASS_DICT(base).values()):
        return None
    for base in mro:
        own = _CLASS_DICT(base).get("__dict__")
        if type(own) is types.GetSetDescriptorType:
            return own.__get__
    return None


def _flat_json(value: Any, key: Any) -> str | None:
    """The encoding of a short number or text, or of a short list or tuple of atoms; None for any other value."""
    kind = type(value)
    if kind is int:
        return int.__repr__(value) if -_SHORT_INT < value < _SHORT_INT else None
    if kind is str:
        return dumps(value) if len(value) < _PLAIN_CHARACTERS else None
    if (kind is not list and kind is not tuple) or len(value) > _FEW or len(key) > _PLAIN_CHARACTERS:
        return None
    if not _ATOMS.issuperset(map(id, map(type, value))):
        return None
    try:
        text = dumps(value)
    except ValueError:  # no JSON has these: inf, nan
        return None
    if len(text) > _LONG_INT:
        return None
    return text if kind is list else f'{{"$tuple":{text}}}'


def _is_small(value: Any, key: bytes) -> bool:
    """Whether a container written out without sharing has few parts, none of them long."""
    left = _MANY
    may_have_long = len(key) > _FEW
    todo = [value]
    for item in todo:  # grows while it is read
        left -= len(item)
        if left < 0:
            return False
        parts = item if type(item) is not dict else [*item, *item.values()]
        if type(item) is not bytes and not _ATOMS.issuperset(map(id, map(type, parts))):
            todo += [part for part in parts if id(type(part)) in _CONTAINERS]
        if may_have_long and any(map(_is_long, parts)):
            return False
    return True


def _is_long(atom: Any) -> bool:
    return (type(atom) is str and len(atom) > _FEW) or (type(atom) is int and int.bit_length(atom) > _FEW)


def _plain_json(value: Any, key: bytes) -> str | None:
    """JSON of a list or dict that is its own encoding, which the way back shows; None for any other value."""
    if type(value) is not list and type(value) is not dict:
        return None
    try:
        text = dumps(value)
        if '"$' in text or len(text) > _PLAIN_CHARACTERS:
            return None
        if _unshared(json.loads(text)) != key:
            return None
    except (ValueError, TypeError, RecursionError):
        return None
    if len(text) > _LONG_INT and _DIGITS.search(text):
        return None
    return text if text.count("[") + text.count("{") <= _PLAIN_LEVELS else None
