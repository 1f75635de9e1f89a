"""The Protocol behind which a language model answers: prompts and sampling parameters in, texts and usage out.

A model knows nothing of records, prompts' purposes or what becomes of a text. Asked twice, it may answer differently,
even under a seed: who needs the same text again keeps it. What is asked next may depend on an answer: each request
begins a conversation, and many conversations are under way at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from cotmill.base.stage import CotmillError, MachineryError

__all__ = [
    "REFUSED", "Completion", "Finished", "Model", "ModelRefused", "ModelUnreachable", "Request", "Sampling", "Turn",
    "Usage", "unheard",
]  # fmt: skip

REFUSED = "refused"  # how a completion finished whose request the server will not answer, though it answers others


class ModelRefused(CotmillError):
    """The model will answer nothing, now or later: wrong key, unknown model, no server under this URL."""


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
    key: str = ""  # "<stage>/<record>/<which of several>": what a journal tells calls apart by, beside all else
    schema: dict[str, Any] | None = None  # JSON schema that the text is to follow, where the server can hold it to one


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the model counts them."""

    prompt: int
    completion: int


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model wrote."""

    text: str  # the answer alone; of a refusal: what the server says
    finish: str  # "stop": it came to an end; "length": max_tokens cut it off; REFUSED; others are the server's own
    usage: Usage | None  # None where the server does not say
    reasoning: str = ""  # what a reasoning model thought before it answered
    seconds: float = field(default=0.0, compare=False)  # of the call that brought it, from asking to the last byte


Finished = Callable[[int, Completion], Request | None]  # which conversation, its answer -> what it asks next


def unheard(_number: int, _completion: Completion) -> Request | None:
    """Nobody wants to hear of answers one by one: each conversation is one request."""


class Model(Protocol):
    """Asked for many texts at a time; used from one thread."""

    def complete(self, requests: Sequence[Request], finished: Finished = unheard) -> list[Completion]:
        """The last completion of each conversation, in the order of the requests that begin them.

        `finished` hears of each answer when it is there, in any thread, and gives the conversation's next request,
        which is sent in its place, or None where it has ended; after a failure it also hears of answers that come late.
        What it raises ends the work. Raises ModelRefused and ModelUnreachable.
        """

    def close(self) -> None:
        """Let go of connections."""
