"""The Protocol behind which a language model answers: prompts and sampling parameters in, texts and usage out.

A model knows nothing of records, prompts' purposes or what becomes of a text. Asked twice, it may answer differently,
even under a seed: who needs the same text again keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from cotmill.base.stage import CotmillError, MachineryError

__all__ = [
    "Completion", "Finished", "Model", "ModelRefused", "ModelUnreachable", "Request", "Sampling", "Turn", "Usage",
    "unheard",
]  # fmt: skip


class ModelRefused(CotmillError):
    """The model will not answer this request, now or later: wrong key, unknown model, a request that it cannot take."""


class ModelUnreachable(MachineryError):
    """No usable answer came, however often the model was asked. Never a verdict on what it was asked about."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A message of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a text is drawn."""

    temperature: float = 1.0
    top_p: float = 1.0
    max_tokens: int = 1024  # of the text
    seed: int | None = None  # None: the model's own chance


@dataclass(frozen=True, slots=True)
class Request:
    """One text that is wanted."""

    prompt: str | tuple[Turn, ...]  # a text is gone on with, a chat is answered
    sampling: Sampling = Sampling()
    key: str = ""  # "<stage>/<record>/<which of several>": what a journal tells calls apart by, beside all above


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the model counts them."""

    prompt: int
    completion: int


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model wrote."""

    text: str
    finish: str  # "stop": it came to an end; "length": max_tokens cut it off; others are the server's own
    usage: Usage | None  # None where the server does not say
    seconds: float = field(default=0.0, compare=False)  # of the call that brought it, from asking to the last byte


Finished = Callable[[int, Completion], None]  # which request, and its answer


def unheard(_number: int, _completion: Completion) -> None:
    """Nobody wants to hear of answers one by one."""


class Model(Protocol):
    """Asked for many texts at a time; used from one thread."""

    def complete(self, requests: Sequence[Request], finished: Finished = unheard) -> list[Completion]:
        """One completion for each request, in their order. Raises ModelRefused and ModelUnreachable.

        `finished` hears of each answer when it is there, in any thread, before another request is sent in its place;
        after a failure also of answers that come late. What it raises ends the work.
        """

    def close(self) -> None:
        """Let go of connections."""
