"""Who answers problems: a model read from disk, or one that is served. One Protocol, one test suite for both.

    for texts in local("models/student").write(["How much is 2 + 3?"], samples=4, temperature=0.8):
        texts[0].text

A text's chance follows from the seed, the problem and its number among the problem's texts, so that neither the other
problems, nor their order, nor a second call changes what is drawn. What it is drawn from, sums of floats, differs in
the last digits between devices, versions and sizes of batches: where two tokens are as good as equally likely, that
can change a text, with a served model more often than with one on this machine.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import Protocol

from cotmill.backends.model import REFUSED, Completion, Model, Request, Sampling, Turn
from cotmill.backends.model_cache import Journal
from cotmill.backends.model_http import HttpModel
from cotmill.backends.needs import demand
from cotmill.base.chance import chance, content_id

__all__ = ["Writer", "Written", "chance_of", "local", "served"]

KEY = "student.write"  # of chance, and of a journal's calls
MAX_TOKENS = 1024


@dataclass(frozen=True, slots=True)
class Written:
    """One text."""

    text: str
    tokens: int  # as the model counts them, its end token among them; 0 where a server does not say
    ended: bool  # the model came to an end: nothing cut it off, and the prompt was not too long for it


class Writer(Protocol):
    """A model that answers problems."""

    @property
    def id(self) -> str:
        """Names the model: what another wrote is not gone on with."""

    def write(
        self,
        problems: Sequence[str],
        samples: int = 1,
        temperature: float = 0.0,
        top_p: float = 1.0,
        max_tokens: int = MAX_TOKENS,
        seed: int = 0,
    ) -> Iterator[list[Written]]:
        """So many texts for each problem, in the problems' order; temperature 0 is greedy. A prompt that leaves no
        room gets an empty text that did not end. Quickest where problems of like length follow one another."""

    def close(self) -> None:
        """Let go of connections."""


def chance_of(seed: int, problem: str, number: int) -> Random:
    """The chance of the text with this number, from 0 on, among those for the problem."""
    return chance(seed, KEY, content_id(problem, str(number)))


def local(model: str) -> Writer:
    """A checkpoint's folder, or its name on the Hugging Face hub. Raises CotmillError where it cannot be read."""
    demand()
    from cotmill.student.decode import Local

    return Local.read(model)


def served(urls: Sequence[str], name: str, calls: Path, in_flight: int = 32) -> Writer:
    """The model of this name behind OpenAI-compatible servers. What was answered is kept in the folder `calls`, and not
    asked again. Raises CotmillError for URLs that cannot be."""
    return Served(Journal(calls, name, HttpModel(urls, name, in_flight=in_flight)), name)


class Served:
    """Problems as the first turn of a chat; what a reasoning model thinks before its answer is no part of the text."""

    def __init__(self, model: Model, name: str) -> None:
        self._model, self.id = model, name

    def write(
        self,
        problems: Sequence[str],
        samples: int = 1,
        temperature: float = 0.0,
        top_p: float = 1.0,
        max_tokens: int = MAX_TOKENS,
        seed: int = 0,
    ) -> Iterator[list[Written]]:
        """Raises ModelRefused and ModelUnreachable."""
        requests = [
            Request(
                (Turn("user", problem),),
                Sampling(temperature, top_p, max_tokens, chance_of(seed, problem, number).getrandbits(31)),
                f"{KEY}/{content_id(problem)}/{number}",
            )
            for problem in problems
            for number in range(samples)
        ]
        texts = map(_written, _in_order(self._model, requests))
        for _ in problems:
            yield list(islice(texts, samples))

    def close(self) -> None:
        self._model.close()


def _written(completion: Completion) -> Written:
    if completion.finish == REFUSED:  # its text is what the server says of the prompt
        return Written("", 0, ended=False)
    tokens = completion.usage.completion if completion.usage else 0
    return Written(completion.text, tokens, completion.finish == "stop")


class _EnoughError(Exception):
    """Nobody takes the answers any more."""


def _in_order(model: Model, requests: Sequence[Request]) -> Iterator[Completion]:
    """Each completion as soon as it and all before it are there, while the model is kept busy with all the others."""
    arrived: queue.SimpleQueue[tuple[int, Completion] | BaseException] = queue.SimpleQueue()
    enough = threading.Event()

    def heard(number: int, completion: Completion) -> None:
        if enough.is_set():
            raise _EnoughError
        arrived.put((number, completion))

    def ask() -> None:
        try:
            model.complete(requests, heard)
        except BaseException as error:  # noqa: BLE001 - raised where the answers are waited for
            arrived.put(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    waiting: dict[int, Completion] = {}
    try:
        for number in range(len(requests)):
            while number not in waiting:
                found = arrived.get()
                if isinstance(found, BaseException):
                    raise found
                waiting[found[0]] = found[1]
            yield waiting.pop(number)
        asking.join()
    finally:
        enough.set()
