"""A journal around a model: no call is paid twice, whatever stops the work.

An answer is appended to the folder (model_calls.py) before the thread that received it sends its next request, and is
flushed to disk before `complete` returns it. Asked again, in this process or a later one, for what it has, the journal
answers by itself, and a killed job sends again at most what was in flight. What is the same call follows from all
that could make the answer another: key, prompt, sampling parameters and the model's name.

Without a model behind it a folder is replayed: what it lacks is one error.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cotmill.backends.model import Completion, Finished, Model, ModelRefused, Request, Usage, unheard
from cotmill.backends.model_calls import CallFolder, every_line

__all__ = ["Journal", "Spent", "spent"]

VERSION = 1  # of what names a call; another one uses no older answer


class Journal:
    """`name` is the model's: answers of another are not used, whoever serves it."""

    def __init__(self, folder: Path, name: str, model: Model | None) -> None:
        self._folder, self._name, self._model = folder, name, model
        self._calls = CallFolder(folder)

    def complete(self, requests: Sequence[Request], finished: Finished = unheard) -> list[Completion]:
        """Raises what the model raises, ModelRefused where there is none and the folder lacks an answer, and
        MachineryError where an answer cannot be kept. What was answered until then is kept."""
        self._calls.refresh()
        calls = [_name(self._name, request) for request in requests]
        answers: dict[bytes, Completion] = {}
        missing: dict[bytes, list[int]] = {}
        for number, call in enumerate(calls):
            if call not in answers and call not in missing and (kept := self._calls.find(call)) is not None:
                answers[call] = _completion(kept)
            if call in answers:
                finished(number, answers[call])
            else:
                missing.setdefault(call, []).append(number)
        if missing:
            answers |= self._ask(requests, missing, finished)
        return [answers[call] for call in calls]

    def close(self) -> None:
        if self._model is not None:
            self._model.close()
        self._calls.close()

    def _ask(
        self, requests: Sequence[Request], missing: dict[bytes, list[int]], finished: Finished
    ) -> dict[bytes, Completion]:
        """Answers to calls, each of which stands for the requests with these numbers."""
        calls = list(missing)
        first = [requests[missing[call][0]] for call in calls]
        if self._model is None:
            raise ModelRefused(
                f"{self._folder} has no answer of {self._name!r} to {len(calls)} of {len(requests)} calls, the first "
                f"with key {first[0].key!r}, and there is no model to ask"
            )

        def keep(number: int, completion: Completion) -> None:
            self._calls.append(calls[number], _fields(first[number].key, self._name, completion))
            for which in missing[calls[number]]:
                finished(which, completion)

        self._calls.claim()  # before anything is paid
        try:
            made = self._model.complete(first, keep)
        finally:
            self._calls.sync()
        return dict(zip(calls, made, strict=True))


@dataclass(slots=True)
class Spent:
    """What calls took. `seconds` is the sum over calls, many of which run at a time."""

    calls: int = 0
    prompt: int = 0  # tokens
    completion: int = 0  # tokens
    uncounted: int = 0  # calls for which the server told no tokens
    seconds: float = 0.0


def spent(folder: Path) -> dict[tuple[str, str], Spent]:
    """By stage (the part of the key before its first slash) and model, over everything that the folder keeps."""
    found: dict[tuple[str, str], Spent] = {}
    for line in every_line(folder):
        total = found.setdefault((line["key"].partition("/")[0], line["model"]), Spent())
        total.calls += 1
        total.prompt += line["prompt_tokens"] or 0
        total.completion += line["completion_tokens"] or 0
        total.uncounted += line["prompt_tokens"] is None
        total.seconds += line["seconds"]
    return found


def _name(model: str, request: Request) -> bytes:
    """128 bits of all that could make the answer another."""
    asked = [VERSION, model, request.key, request.prompt, asdict(request.sampling)]
    if not isinstance(request.prompt, str):
        asked[3] = [[turn.role, turn.content] for turn in request.prompt]
    return hashlib.blake2b(json.dumps(asked, sort_keys=True).encode(), digest_size=16).digest()


def _fields(key: str, model: str, completion: Completion) -> dict[str, Any]:
    usage = completion.usage
    return {
        "key": key, "model": model, "text": completion.text, "finish": completion.finish,
        "prompt_tokens": usage and usage.prompt, "completion_tokens": usage and usage.completion,
        "seconds": round(completion.seconds, 6),
    }  # fmt: skip


def _completion(kept: dict[str, Any]) -> Completion:
    prompt, completion = kept["prompt_tokens"], kept["completion_tokens"]
    usage = None if prompt is None else Usage(prompt, completion)
    return Completion(kept["text"], kept["finish"], usage, kept["seconds"])
