"""Values that a program computed, as they travel out of the sandbox and as the trusted side reads them.

A program's value leaves the sandbox as JSON in a *typed encoding* that keeps apart what Python keeps apart:

=====================  ==========================================================
Python value           encoding
=====================  ==========================================================
None, bool, str        the JSON value
int                    a JSON integer; ``{"$int": "0x..."}`` from 4,000 digits on
float                  a JSON number with ``.`` or ``e``; ``{"$float": "nan" | "inf" | "-inf"}``
list                   a JSON array
dict                   a JSON object where every key is a str that does not start with ``$``;
                       otherwise ``{"$dict": [[key, value], ...]}``, insertion order kept
tuple, set, frozenset  ``{"$tuple": [...]}``, ``{"$set": [...]}``, ``{"$frozenset": [...]}``;
                       set elements sorted by (type name, repr of the encoding)
bytes, bytearray       ``{"$bytes": "hex"}``, ``{"$bytearray": "hex"}``
complex, range         ``{"$complex": [re, im]}``, ``{"$range": [start, stop, step]}``
deque                  ``{"$deque": [...]}``
Counter, defaultdict,  ``{"$Counter": [[key, value], ...]}``, ``{"$defaultdict": [...]}``,
OrderedDict            ``{"$OrderedDict": [...]}``
Fraction, Decimal      ``{"$Fraction": "1/3"}``, ``{"$Decimal": "1.10"}``
date, time, datetime   ``{"$date": iso}``, ``{"$time": iso}``, ``{"$datetime": iso}``
timedelta              ``{"$timedelta": [days, seconds, microseconds]}``
numpy array, scalar    ``{"$array": nested list}``; a scalar as its Python twin
an object of a class   ``{"$object": "ClassName", "attrs": {name: value}}``: ``__dict__`` and slots,
                       read without calling the class; a subclass of a container also has ``"items"``
function, class,       ``{"$function": name}``, ``{"$class": name}``, ``{"$module": name}``
module
iterators and others   ``{"$opaque": "type name"}``: never consumed, never asked
a container inside     ``{"$cycle": n}``: the container n levels up
itself
=====================  ==========================================================

`decode` turns that into inert Python values: no class of the program is ever instantiated.
"""

from __future__ import annotations

import json
import math
from collections import Counter, OrderedDict, defaultdict, deque
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

__all__ = ["NotJson", "Opaque", "Record", "answer_json", "canonical_json", "decode", "parse_json"]


@dataclass(frozen=True, slots=True)
class Record:
    """An instance of a class of the program: its type's name, its attributes, its items if it is a container."""

    type: str
    attrs: dict[str, Any]
    items: Any = None

    def __hash__(self) -> int:
        return hash(("Record", self.type, tuple(self.attrs)))


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value that cannot be shown: an iterator, a function, a module. `kind` is its tag, `name` its name."""

    kind: str
    name: str


class NotJson(ValueError):
    """The value has no faithful JSON form; the message says why."""


def decode(encoded: Any) -> Any:
    """Typed encoding (already parsed from JSON) -> inert Python value. Raises ValueError on an unknown tag."""
    if isinstance(encoded, list):
        return [decode(item) for item in encoded]
    if not isinstance(encoded, dict):
        return encoded
    tag = next(iter(encoded), "")
    if not tag.startswith("$"):
        return {key: decode(item) for key, item in encoded.items()}
    body = encoded[tag]
    if tag == "$object":
        attrs = {name: decode(item) for name, item in encoded["attrs"].items()}
        return Record(body, attrs, decode(encoded["items"]) if "items" in encoded else None)
    if tag in _SEQUENCES:
        items = [decode(item) for item in body]
        if tag in ("$set", "$frozenset"):
            _check_hashes(items)
        return _SEQUENCES[tag](items)
    if tag in _MAPPINGS:
        pairs = [(decode(key), decode(item)) for key, item in body]
        _check_hashes([key for key, _ in pairs])
        return _MAPPINGS[tag](pairs)
    if tag in _SCALARS:
        return _SCALARS[tag](body)
    if tag in _OPAQUE:
        return Opaque(tag[1:], str(body))
    raise ValueError(f"unknown tag {tag!r} in an encoded value")


_SEQUENCES: dict[str, Any] = {
    "$tuple": tuple,
    "$set": set,
    "$frozenset": frozenset,
    "$deque": deque,
    "$array": list,
}
_MAPPINGS: dict[str, Any] = {
    "$dict": dict,
    "$Counter": lambda pairs: Counter(dict(pairs)),
    "$defaultdict": lambda pairs: defaultdict(None, pairs),
    "$OrderedDict": OrderedDict,
}
_SCALARS: dict[str, Any] = {
    "$int": lambda text: int(text, 16),
    "$float": float,
    "$bytes": bytes.fromhex,
    "$bytearray": bytearray.fromhex,
    "$complex": lambda pair: complex(*(decode(part) for part in pair)),
    "$range": lambda triple: range(*triple),
    "$Fraction": lambda text: Fraction(*map(int, text.split("/"))),  # Fraction("1e999999999") would compute it
    "$Decimal": Decimal,
    "$date": date.fromisoformat,
    "$time": time.fromisoformat,
    "$datetime": datetime.fromisoformat,
    "$timedelta": lambda triple: timedelta(*triple),
}
_OPAQUE = frozenset({"$function", "$class", "$module", "$opaque", "$cycle"})


def _check_hashes(keys: list[Any]) -> None:
    """Raises ValueError for many keys of one hash: a set of them takes the square of their number to build."""
    if len(keys) > MAX_ALIKE and any(len(list(same)) > MAX_ALIKE for _, same in groupby(sorted(map(hash, keys)))):
        raise ValueError(f"more than {MAX_ALIKE} keys share a hash")


def canonical_json(value: Any) -> str:
    """The one JSON text of a JSON-able value: sorted keys, no spaces, UTF-8 kept. Raises NotJson."""
    try:
        return json.dumps(_plain(value, 0), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except (ValueError, RecursionError) as error:
        raise NotJson(str(error)) from None


def answer_json(encoded: Any) -> str:
    """Typed encoding of a program's output -> canonical JSON of the answer. Raises NotJson if there is none."""
    return canonical_json(decode(encoded))


def parse_json(text: str) -> Any:
    """JSON text -> value; refuses NaN and Infinity, which are not JSON. Raises ValueError."""
    return json.loads(text, parse_constant=_refuse_constant)


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


MAX_DEPTH = 64
MAX_INT_DIGITS = 4000
MAX_ALIKE = 1000


def _plain(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise NotJson(f"nested deeper than {MAX_DEPTH}")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if any("\ud800" <= char <= "\udfff" for char in value):
            raise NotJson("a str with a lone surrogate")
        return value
    if isinstance(value, int):
        if value.bit_length() > MAX_INT_DIGITS * 3.3219:
            raise NotJson(f"an int of more than {MAX_INT_DIGITS} digits")
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise NotJson(f"the float {value}")
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return _plain_dict(value, depth)
    name = (
        value.type if isinstance(value, Record) else value.name if isinstance(value, Opaque) else type(value).__name__
    )
    raise NotJson(f"a value of type {name}")


def _plain_dict(value: dict[Any, Any], depth: int) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(key, str):
            text = _plain(key, depth + 1)
        elif key is None or isinstance(key, (bool, int, float)):
            text = json.dumps(_plain(key, depth + 1))
        else:
            raise NotJson(f"a dict key of type {type(key).__name__}")
        if text in plain:
            raise NotJson(f"two dict keys that are both {text!r} in JSON")
        plain[text] = _plain(item, depth + 1)
    return plain
