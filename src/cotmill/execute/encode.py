"""A program's values -> the typed encoding of cotmill.base.values, inside the sandbox's child.

Nothing here calls code of the program's classes. Values are told apart by their exact type (`type(o)`, never
`isinstance`, which asks `__class__`); contents are read through unbound methods of the built-in types
(`dict.items(o)`, `list.__iter__(o)`) and through the descriptors that CPython itself puts into a class for
`__dict__` and for slots. Standard library only, Python 3.8+: the worker loads this file by its path.
"""

import types
from collections import Counter, OrderedDict, defaultdict, deque
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

MAX_INT_BITS = 13_287  # 4,000 decimal digits, as in cotmill.base.values; longer ones travel in hexadecimal
_ATOMS = frozenset((type(None), bool))
_HEAP_TYPE = 1 << 9  # Py_TPFLAGS_HEAPTYPE: every class made by a class statement or type() has it
_INFINITY = float("inf")


class TooLarge(Exception):
    """The value has more nodes, bytes or levels than allowed."""


def encode(value, max_nodes=20_000, max_depth=64, max_bytes=1 << 22):
    """Any Python value -> JSON-able typed encoding. Raises TooLarge."""
    return _Encoder(max_nodes, max_depth, max_bytes).encode(value)


class _Encoder:
    __slots__ = ("_bytes", "_depth", "_nodes", "_path")

    def __init__(self, nodes, depth, size):
        self._nodes = nodes  # how many more may come
        self._depth = depth
        self._bytes = size
        self._path = []  # ids of the containers around the current value

    def encode(self, o):
        self._nodes -= 1
        if self._nodes < 0:
            raise TooLarge("too many elements")
        kind = type(o)
        if kind in _ATOMS:
            return o
        if kind is int:
            return self._int(o)
        if kind is str:
            self._spend(len(o))
            return o
        if kind is float:
            return o if -_INFINITY < o < _INFINITY else {"$float": float.__repr__(o)}
        scalar = _SCALARS.get(kind)
        if scalar is not None:
            encoded = scalar(o)
            self._spend(_text_size(encoded))
            return encoded
        container = _CONTAINERS.get(kind)
        if container is not None:
            return self._inside(o, container)
        return self._other(o, kind)

    def _int(self, o):
        bits = int.bit_length(o)
        if bits <= MAX_INT_BITS:
            return o
        self._spend(bits // 4)
        return {"$int": int.__format__(o, "#x")}

    def _spend(self, size):
        self._bytes -= size
        if self._bytes < 0:
            raise TooLarge("too many bytes")

    def _inside(self, o, read):
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

    def _items(self, iterator):
        return [self.encode(item) for item in iterator]

    def _pairs(self, items):
        return [[self.encode(key), self.encode(item)] for key, item in items]

    def _list(self, o):
        return self._items(list.__iter__(o))

    def _tuple(self, o):
        return {"$tuple": self._items(tuple.__iter__(o))}

    def _set(self, o):
        return {"$set": _in_order(self._items(set.__iter__(o)))}

    def _frozenset(self, o):
        return {"$frozenset": _in_order(self._items(frozenset.__iter__(o)))}

    def _deque(self, o):
        return {"$deque": self._items(deque.__iter__(o))}

    def _dict(self, o):
        plain = {}
        for key, item in dict.items(o):
            if type(key) is not str or key[:1] == "$":
                return {"$dict": self._pairs(dict.items(o))}
            self._spend(len(key))
            plain[key] = self.encode(item)
        return plain

    def _counter(self, o):
        return {"$Counter": self._pairs(dict.items(o))}

    def _defaultdict(self, o):
        return {"$defaultdict": self._pairs(dict.items(o))}

    def _ordered(self, o):
        return {"$OrderedDict": self._pairs(OrderedDict.items(o))}

    def _other(self, o, kind):
        """A value of no well-known type: numpy, function, class, module, iterator, or an object of a class."""
        mro = _MRO(kind)
        if type in mro:
            return {"$class": _name_of(o)}
        if kind in _NAMED:
            return {"$module" if kind is types.ModuleType else "$function": _clean(_NAMED[kind](o))}
        if not _FLAGS(kind) & _HEAP_TYPE:
            return self._native(o, kind, mro)
        if not any(_is_python_class(base) for base in mro):
            return {"$opaque": _name_of(kind)}
        return self._inside(o, _Encoder._object)

    def _native(self, o, kind, mro):
        """A value whose type is written in C: numpy's are read, others are never asked."""
        names = {_CLASS_NAME(base): _CLASS_DICT(base) for base in mro} if _CLASS_MODULE(kind) == "numpy" else {}
        if "ndarray" in names:
            if names["ndarray"]["size"].__get__(o) > self._nodes:
                raise TooLarge("too many elements")
            return {"$array": self.encode(names["ndarray"]["tolist"](o))}
        if "generic" in names:
            twin = names["generic"]["item"](o)
            if type(twin) is not kind:  # a long double has no Python twin
                return self.encode(twin)
        return {"$opaque": _name_of(kind)}

    def _object(self, o):
        kind = type(o)
        mro = _MRO(kind)
        attrs = {}
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
            if base in _CONTAINERS:
                encoded["items"] = _CONTAINERS[base](self, o)
                break
            if base in _BASES:
                encoded["items"] = self.encode(_BASES[base](o))
                break
        return encoded

    def _slots(self, o, base, attrs):
        for name, slot in _CLASS_DICT(base).items():
            if type(slot) is not types.MemberDescriptorType:
                continue
            try:
                item = slot.__get__(o)
            except AttributeError:
                continue
            attrs.setdefault(name, self.encode(item))


_FLAGS = type.__dict__["__flags__"].__get__
_MRO = type.__dict__["__mro__"].__get__
_CLASS_DICT = type.__dict__["__dict__"].__get__
_CLASS_NAME = type.__dict__["__name__"].__get__
_CLASS_MODULE = type.__dict__["__module__"].__get__  # for a type written in C this is its own name's prefix


def _name_of(kind):
    """A class's name, cut at 200 characters, without asking its metaclass."""
    return str.__str__(_CLASS_NAME(kind))[:200]


def _clean(name):
    """A name as a plain str; functions and modules can be given any object as theirs."""
    return str.__str__(name)[:200] if str in _MRO(type(name)) else ""


def _is_python_class(kind):
    """Whether a class statement (or type()) made it: such a class has an instance dict, slots or weak references."""
    names = _CLASS_DICT(kind)
    return bool(_FLAGS(kind) & _HEAP_TYPE) and ("__dict__" in names or "__slots__" in names or "__weakref__" in names)


def _in_order(encoded):
    return sorted(encoded, key=lambda item: (type(item).__name__, repr(item)))


def _text_size(encoded):
    body = next(iter(encoded.values()))
    return len(body) if type(body) is str else 16


def _fraction(o):
    top, bottom = _NUMERATOR(o), _DENOMINATOR(o)
    if type(top) is not int or type(bottom) is not int or max(top.bit_length(), bottom.bit_length()) > MAX_INT_BITS:
        return {"$opaque": "Fraction"}
    return {"$Fraction": f"{top}/{bottom}"}


def _float(x):
    return x if -_INFINITY < x < _INFINITY else {"$float": float.__repr__(x)}


def _moment(tag, kind):
    def read(o):
        # isoformat() asks a tzinfo, which may be the program's own class
        if type(o.tzinfo) in (type(None), timezone):
            return {tag: kind.isoformat(o)}
        return {"$opaque": tag[1:]}

    return read


def _method_name(o):
    function = o.__func__
    return _NAMED[types.FunctionType](function) if type(function) is types.FunctionType else "method"


def _range(o):
    parts = [o.start, o.stop, o.step]
    if any(part.bit_length() > MAX_INT_BITS for part in parts):
        return {"$opaque": "range"}
    return {"$range": parts}


_NUMERATOR = Fraction.__dict__["_numerator"].__get__
_DENOMINATOR = Fraction.__dict__["_denominator"].__get__
_SCALARS = {
    bytes: lambda o: {"$bytes": bytes.hex(o)},
    bytearray: lambda o: {"$bytearray": bytearray.hex(o)},
    complex: lambda o: {"$complex": [_float(o.real), _float(o.imag)]},
    range: _range,
    Fraction: _fraction,
    Decimal: lambda o: {"$Decimal": Decimal.__str__(o)},
    date: lambda o: {"$date": date.isoformat(o)},
    time: _moment("$time", time),
    datetime: _moment("$datetime", datetime),
    timedelta: lambda o: {"$timedelta": [o.days, o.seconds, o.microseconds]},
}
_CONTAINERS = {
    list: _Encoder._list,
    tuple: _Encoder._tuple,
    set: _Encoder._set,
    frozenset: _Encoder._frozenset,
    Counter: _Encoder._counter,
    defaultdict: _Encoder._defaultdict,
    OrderedDict: _Encoder._ordered,
    deque: _Encoder._deque,
    dict: _Encoder._dict,
}
_BASES = {  # a subclass of these has, beside its attributes, the plain value
    int: int.__int__,
    float: float.__float__,
    str: str.__str__,
    bytes: lambda o: bytes.__getitem__(o, slice(None)),
}
_MODULE_DICT = types.ModuleType.__dict__["__dict__"].__get__
_NAMED = {
    types.FunctionType: types.FunctionType.__dict__["__name__"].__get__,
    types.BuiltinFunctionType: types.BuiltinFunctionType.__dict__["__name__"].__get__,
    types.WrapperDescriptorType: types.WrapperDescriptorType.__dict__["__name__"].__get__,
    types.MethodDescriptorType: types.MethodDescriptorType.__dict__["__name__"].__get__,
    types.MethodType: _method_name,
    types.ModuleType: lambda o: _MODULE_DICT(o).get("__name__", ""),
}
