"""A program's values -> the typed encoding of cotmill.base.values, inside the sandbox's child.

Nothing here calls code of the program's classes. Values are told apart by the identity of their type: `type(o)`, never
`isinstance`, which asks `__class__`; and no type is a key, since its metaclass may have `__hash__` and `__eq__`.
Contents are read through unbound methods of the built-in types (`dict.items(o)`, `list.__iter__(o)`) and through the
descriptors that CPython itself puts into a class for `__dict__` and for slots. Standard library only, Python 3.8+: the
worker loads this file by its path.
"""

from __future__ import annotations

import types
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

MAX_INT_BITS = 13_287  # 4,000 decimal digits, as in cotmill.base.values; longer ones travel in hexadecimal
_HEAP_TYPE = 1 << 9  # Py_TPFLAGS_HEAPTYPE: every class made by a class statement or type() has it
_INFINITY = float("inf")


class TooLarge(Exception):
    """The value has more nodes, bytes or levels than allowed."""


def encode(value: Any, max_nodes: int = 20_000, max_depth: int = 64, max_bytes: int = 1 << 22) -> Any:
    """Any Python value -> JSON-able typed encoding. Raises TooLarge."""
    return _Encoder(max_nodes, max_depth, max_bytes).encode(value)


class _Encoder:
    __slots__ = ("_bytes", "_depth", "_nodes", "_path")

    def __init__(self, nodes: int, depth: int, size: int) -> None:
        self._nodes = nodes  # how many more may come
        self._depth = depth
        self._bytes = size
        self._path: list[int] = []  # ids of the containers around the current value

    def encode(self, o: Any) -> Any:
        self._nodes -= 1
        if self._nodes < 0:
            raise TooLarge("too many elements")
        kind = type(o)
        if o is None or kind is bool:
            return o
        if kind is int:
            return self._int(o)
        if kind is str:
            self.spend(len(o))
            return o
        if kind is float:
            return o if -_INFINITY < o < _INFINITY else {"$float": float.__repr__(o)}
        if kind is bytes or kind is bytearray:
            self.spend(2 * len(o))
            return {f"${kind.__name__}": o.hex()}
        scalar = _SCALARS.get(id(kind))
        if scalar is not None:
            encoded = scalar(o)
            self.spend(_text_size(encoded))
            return encoded
        container = _CONTAINERS.get(id(kind))
        if container is not None:
            return self._inside(o, container)
        return self._other(o, kind)

    def _int(self, o: int) -> Any:
        bits = int.bit_length(o)
        if bits <= MAX_INT_BITS:
            return o
        self.spend(bits // 4)
        return {"$int": int.__format__(o, "#x")}

    def spend(self, size: int) -> None:
        self._bytes -= size
        if self._bytes < 0:
            raise TooLarge("too many bytes")

    def _inside(self, o: Any, read: Callable[[_Encoder, Any], Any]) -> Any:
        """The encoding that `read(self, o)` makes of the container o; {"$cycle": n} where o is around itself."""
        path = self._path
        if id(o) in path:
            return {"$cycle": len(path) - path.index(id(o))}
        if len(path) >= self._depth:
            raise TooLarge("nested too deeply")
        path.append(id(o))
        try:
            return read(self, o)
        finally:
            path.pop()

    def items(self, iterator: Iterable[Any]) -> list[Any]:
        return [self.encode(item) for item in iterator]

    def pairs(self, items: Iterable[tuple[Any, Any]]) -> list[Any]:
        return [[self.encode(key), self.encode(item)] for key, item in items]

    def _other(self, o: Any, kind: type) -> Any:
        """A value of no well-known type: numpy, function, class, module, iterator, or an object of a class."""
        mro = _MRO(kind) or ()  # None for a type that CPython never made ready: KeyWrapper of functools up to 3.9
        if any(base is type for base in mro):
            return {"$class": _name_of(o)}
        name = _NAMED.get(id(kind))
        if name is not None:
            return {"$module" if kind is types.ModuleType else "$function": _clean(name(o))}
        if not _FLAGS(kind) & _HEAP_TYPE:
            return self._native(o, kind, mro)
        if not any(_is_python_class(base) for base in mro):
            return {"$opaque": _name_of(kind)}
        return self._inside(o, _Encoder.attributes)

    def _native(self, o: Any, kind: type, mro: tuple[type, ...]) -> Any:
        """A value whose type is written in C: numpy's are read, others are never asked."""
        names = {_CLASS_NAME(base): _CLASS_DICT(base) for base in mro} if _CLASS_MODULE(kind) == "numpy" else {}
        if "ndarray" in names:
            if names["ndarray"]["size"].__get__(o) > self._nodes:
                raise TooLarge("too many elements")
            return self._inside(o, lambda reader, array: _array(reader, names["ndarray"]["tolist"](array)))
        if "generic" in names:
            twin = names["generic"]["item"](o)
            if type(twin) is not kind:  # a long double has no Python twin
                return self.encode(twin)
        return {"$opaque": _name_of(kind)}

    def attributes(self, o: Any) -> dict[str, Any]:
        kind = type(o)
        mro = _MRO(kind)
        attrs: dict[str, Any] = {}
        for base in mro:
            names = _CLASS_DICT(base)
            own = names.get("__dict__")
            if type(own) is types.GetSetDescriptorType:
                for name, item in dict.items(own.__get__(o)):
                    if type(name) is str:
                        attrs.setdefault(name, self.encode(item))
                break
        for base in mro:
            if _is_python_class(base):
                self._slots(o, base, attrs)
        encoded = {"$object": _name_of(kind), "attrs": attrs}
        for base in mro:
            if id(base) in _CONTAINERS:
                encoded["items"] = _CONTAINERS[id(base)](self, o)
                break
            if id(base) in _BASES:
                encoded["items"] = self.encode(_BASES[id(base)](o))
                break
        return encoded

    def _slots(self, o: Any, base: type, attrs: dict[str, Any]) -> None:
        for name, slot in _CLASS_DICT(base).items():
            if type(slot) is not types.MemberDescriptorType:
                continue
            try:
                item = slot.__get__(o)
            except AttributeError:
                continue
            attrs.setdefault(name, self.encode(item))


_FLAGS: Any = type.__dict__["__flags__"].__get__
_MRO: Any = type.__dict__["__mro__"].__get__
_CLASS_DICT: Any = type.__dict__["__dict__"].__get__
_CLASS_NAME: Any = type.__dict__["__name__"].__get__
_CLASS_MODULE: Any = type.__dict__["__module__"].__get__  # for a type written in C this is its own name's prefix


def _name_of(kind: Any) -> str:
    """A class's name, cut at 200 characters, without asking its metaclass."""
    return str.__str__(_CLASS_NAME(kind))[:200]


def _clean(name: Any) -> str:
    """A name as a plain str; functions and modules can be given any object as theirs."""
    return str.__str__(name)[:200] if any(base is str for base in _MRO(type(name)) or ()) else ""


def _is_python_class(kind: type) -> bool:
    """Whether a class statement (or type()) made it: such a class has an instance dict, slots or weak references."""
    names = _CLASS_DICT(kind)
    if not _FLAGS(kind) & _HEAP_TYPE or "__vectorcalloffset__" in names:  # functools.partial: a place in memory
        return False
    return "__dict__" in names or "__slots__" in names or "__weakref__" in names


def _in_order(encoded: list[Any]) -> list[Any]:
    return sorted(encoded, key=lambda item: (type(item).__name__, repr(item)))


def _text_size(encoded: dict[str, Any]) -> int:
    body = next(iter(encoded.values()))
    return len(body) if type(body) is str else 16


def _fraction(o: Fraction) -> Any:
    try:
        top, bottom = _NUMERATOR(o), _DENOMINATOR(o)
    except AttributeError:
        return {"$opaque": "Fraction"}
    if (
        type(top) is not int
        or type(bottom) is not int
        or bottom < 1
        or max(map(int.bit_length, (top, bottom))) > MAX_INT_BITS
    ):
        return {"$opaque": "Fraction"}
    return {"$Fraction": f"{top}/{bottom}"}


def _float(x: float) -> Any:
    return x if -_INFINITY < x < _INFINITY else {"$float": float.__repr__(x)}


def _moment(tag: str, kind: Any) -> Callable[[Any], Any]:
    def read(o: Any) -> Any:
        # isoformat() asks a tzinfo, which may be the program's own class
        if type(o.tzinfo) in (type(None), timezone):
            return {tag: kind.isoformat(o)}
        return {"$opaque": tag[1:]}

    return read


def _method_name(o: types.MethodType) -> Any:
    function = o.__func__
    return _NAMED[id(types.FunctionType)](function) if type(function) is types.FunctionType else "method"


def _range(o: range) -> Any:
    parts = [o.start, o.stop, o.step]
    if any(part.bit_length() > MAX_INT_BITS for part in parts):
        return {"$opaque": "range"}
    return {"$range": parts}


def _array(reader: _Encoder, items: Any) -> Any:
    """An array as its items; one without dimensions is its one item."""
    return {"$array": reader.encode(items)} if type(items) is list else reader.encode(items)


def _list(reader: _Encoder, o: Any) -> Any:
    return reader.items(list.__iter__(o))


def _tuple(reader: _Encoder, o: Any) -> Any:
    return {"$tuple": reader.items(tuple.__iter__(o))}


def _set(reader: _Encoder, o: Any) -> Any:
    return {"$set": _in_order(reader.items(set.__iter__(o)))}


def _frozenset(reader: _Encoder, o: Any) -> Any:
    return {"$frozenset": _in_order(reader.items(frozenset.__iter__(o)))}


def _deque(reader: _Encoder, o: Any) -> Any:
    return {"$deque": reader.items(deque.__iter__(o))}


def _dict(reader: _Encoder, o: Any) -> Any:
    if any(type(key) is not str or key[:1] == "$" for key in dict.keys(o)):
        return {"$dict": reader.pairs(dict.items(o))}
    plain = {}
    for key, item in dict.items(o):
        reader.spend(len(key))
        plain[key] = reader.encode(item)
    return plain


def _counter(reader: _Encoder, o: Any) -> Any:
    return {"$Counter": reader.pairs(dict.items(o))}


def _defaultdict(reader: _Encoder, o: Any) -> Any:
    return {"$defaultdict": reader.pairs(dict.items(o))}


def _ordered(reader: _Encoder, o: Any) -> Any:
    return {"$OrderedDict": reader.pairs(OrderedDict.items(o))}


def _by_identity(table: dict[type, Any]) -> dict[int, Any]:
    return {id(kind): entry for kind, entry in table.items()}


_NUMERATOR: Any = Fraction.__dict__["_numerator"].__get__
_DENOMINATOR: Any = Fraction.__dict__["_denominator"].__get__
_SCALARS: dict[int, Callable[[Any], Any]] = _by_identity(
    {
        complex: lambda o: {"$complex": [_float(o.real), _float(o.imag)]},
        range: _range,
        Fraction: _fraction,
        Decimal: lambda o: {"$Decimal": Decimal.__str__(o)},
        date: lambda o: {"$date": date.isoformat(o)},
        time: _moment("$time", time),
        datetime: _moment("$datetime", datetime),
        timedelta: lambda o: {"$timedelta": [o.days, o.seconds, o.microseconds]},
    }
)
_CONTAINERS: dict[int, Callable[[_Encoder, Any], Any]] = _by_identity(
    {
        list: _list,
        tuple: _tuple,
        set: _set,
        frozenset: _frozenset,
        Counter: _counter,
        defaultdict: _defaultdict,
        OrderedDict: _ordered,
        deque: _deque,
        dict: _dict,
    }
)
_BASES: dict[int, Callable[[Any], Any]] = _by_identity(
    {  # a subclass of these has, beside its attributes, the plain value
        int: int.__int__,
        float: float.__float__,
        str: str.__str__,
        bytes: lambda o: bytes.__add__(o, b""),
    }
)
_MODULE_DICT: Any = vars(types.ModuleType)["__dict__"].__get__
_NAMED: dict[int, Callable[[Any], Any]] = _by_identity(
    {
        types.FunctionType: types.FunctionType.__dict__["__name__"].__get__,
        types.BuiltinFunctionType: types.BuiltinFunctionType.__dict__["__name__"].__get__,
        types.WrapperDescriptorType: types.WrapperDescriptorType.__dict__["__name__"].__get__,
        types.MethodDescriptorType: types.MethodDescriptorType.__dict__["__name__"].__get__,
        types.MethodType: _method_name,
        types.ModuleType: lambda o: _MODULE_DICT(o).get("__name__", ""),
    }
)
