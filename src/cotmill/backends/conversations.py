"""Stage work that asks a model: what becomes of each record is a conversation, and many are under way at a time.

def talk(record):
    completion = yield Request("Two and two?", key=f"explain.sum/{record.id}/0")
    return [record] if completion.text == "4" else [Reject(...)]

Stage("explain.sum", 1, Record, Record, work := Conversations(reach, talk), ahead=work.ahead, close=work.close)
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from typing import Any, Generic, TypeVar

from cotmill.backends.model import Completion, Model, Request
from cotmill.base.stage import CotmillError, Record

__all__ = ["Conversations", "Talk", "converse"]

T = TypeVar("T")
In = TypeVar("In", bound=Record)
Talk = Generator[Request, Completion, T]


def converse(model: Model, talks: Sequence[Talk[T]]) -> list[T | Exception]:
    """What each conversation comes to, or the exception that it raised. Raises what the model raises, and CotmillError
    where a conversation does. Conversations are gone on with one at a time, whatever thread an answer comes in."""
    results: dict[int, T | Exception] = {}
    lock = threading.Lock()

    def go_on(number: int, answer: Completion | None) -> Request | None:
        try:
            return next(talks[number]) if answer is None else talks[number].send(answer)
        except StopIteration as done:
            results[number] = done.value
        except CotmillError:
            raise
        except Exception as error:  # noqa: BLE001 - it costs this conversation, not the others
            results[number] = error
        return None

    first = [(number, request) for number in range(len(talks)) if (request := go_on(number, None)) is not None]

    def answered(place: int, answer: Completion) -> Request | None:
        with lock:
            return go_on(first[place][0], answer)

    if first:
        model.complete([request for _, request in first], answered)
    return [results[number] for number in range(len(talks))]


class Conversations(Generic[In, T]):
    """`reach` makes the model, when it is first needed; `talk` says what is asked about a record."""

    def __init__(self, reach: Callable[[], Model], talk: Callable[[In], Talk[T]]) -> None:
        self._reach, self._talk = reach, talk
        self._model: Model | None = None
        self._known: dict[str, T | Exception] = {}  # by the ids of the records that come next

    def ahead(self, records: Sequence[In]) -> None:
        """Talk about all of them; `__call__` then finds it done."""
        self._known = {}
        if self._model is None:
            self._model = self._reach()
        found = converse(self._model, [self._talk(record) for record in records])
        self._known = {record.id: result for record, result in zip(records, found, strict=True)}

    def __call__(self, record: In) -> Any:
        if record.id not in self._known:
            self.ahead([record])
        result = self._known.pop(record.id)
        if isinstance(result, Exception):
            raise result
        return result

    def close(self) -> None:
        if self._model is not None:
            self._model.close()
        self._model = None
