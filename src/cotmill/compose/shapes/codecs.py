"""Values that travel as texts: numbers, JSON, fields between separators, characters in a row."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

from cotmill.compose.shapes.shape import Shape, Sized

__all__ = ["Codec", "Encoded", "Joined", "JsonText", "NumberText"]


class Codec(Protocol):
    def encode(self, value: Any) -> str: ...

    def decode(self, text: str) -> Any:
        """Raises ValueError where the text is no such thing."""


@dataclass(frozen=True, slots=True)
class NumberText:
    width: int = 0  # zeros in front fill up to so many digits

    def encode(self, value: Any) -> str:
        return f"{value:0{self.width}}" if isinstance(value, int) else repr(value)

    def decode(self, text: str) -> Any:
        if re.fullmatch(r"-?\d{1,18}", text):
            return int(text)
        if re.fullmatch(r"-?\d{1,18}\.\d{1,18}", text):
            return float(text)
        raise ValueError(text)


@dataclass(frozen=True, slots=True)
class JsonText:
    compact: bool

    def encode(self, value: Any) -> str:
        return json.dumps(value, separators=(",", ":") if self.compact else None)

    def decode(self, text: str) -> Any:
        if text[:1] not in ("[", "{"):
            raise ValueError(text)
        value = json.loads(text)
        if self.encode(value) != text:
            raise ValueError(text)
        return value


@dataclass(frozen=True, slots=True)
class Joined:
    """Items with a separator between them; without one, characters."""

    separator: str
    items: Codec | None = None  # of the items, where they are no texts

    def encode(self, value: Any) -> str:
        return self.separator.join(value if self.items is None else map(self.items.encode, value))

    def decode(self, text: str) -> list[Any]:
        items = text.split(self.separator) if self.separator else list(text)
        return items if self.items is None else [self.items.decode(item) for item in items]


@dataclass(frozen=True, slots=True)
class Encoded:
    """Texts that stand for values of another shape."""

    codec: Codec
    shape: Shape

    def draw(self, rng: Random) -> str:
        return self.codec.encode(self.shape.draw(rng))

    def draw_sized(self, rng: Random, length: int) -> str:
        shape: Sized = self.shape  # type: ignore[assignment]  # who asks for a length knows that there is one
        return self.codec.encode(shape.draw_sized(rng, length))
