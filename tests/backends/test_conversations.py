"""Conversations with a model: many at a time, each by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotmill.backends.conversations import Conversations, Talk, converse
from cotmill.backends.model import Completion, Finished, ModelUnreachable, Request, unheard
from cotmill.base.stage import MachineryError


@dataclass(frozen=True)
class Wish:
    """A record that wants so many answers."""

    id: str
    answers: int

    def pair_ids(self) -> tuple[str, ...]:
        return (self.id,)


class Echo:
    """Says what it is asked; goes round among the conversations, so that they mix."""

    def __init__(self, fails_at: int = -1) -> None:
        self.asked: list[str] = []
        self.closed = False
        self._fails_at = fails_at

    def complete(self, requests: Sequence[Request], finished: Finished = unheard) -> list[Completion]:
        last: dict[int, Completion] = {}
        waiting = list(enumerate(requests))
        while waiting:
            number, request = waiting.pop(0)
            if len(self.asked) == self._fails_at:
                raise ModelUnreachable("gone")
            self.asked.append(str(request.prompt))
            last[number] = Completion(f"{request.prompt}!", "stop", None)
            if (following := finished(number, last[number])) is not None:
                waiting.append((number, following))
        return [last[number] for number in range(len(requests))]

    def close(self) -> None:
        self.closed = True


def talk(wish: Wish) -> Talk[list[str]]:
    heard = []
    for number in range(wish.answers):
        completion = yield Request(f"{wish.id}{number}")
        heard.append(completion.text)
    return heard


@given(st.lists(st.integers(0, 4), max_size=12))
def test_each_conversation_hears_its_own_answers(lengths: list[int]) -> None:
    """However they mix, and also where one asks nothing."""
    wishes = [Wish(f"w{number}-", length) for number, length in enumerate(lengths)]
    found = converse(Echo(), [talk(wish) for wish in wishes])
    assert found == [[f"{wish.id}{number}!" for number in range(wish.answers)] for wish in wishes]


def test_a_conversation_that_breaks_costs_only_itself() -> None:
    """Its record meets the exception; the others are done."""

    def breaks(wish: Wish) -> Talk[list[str]]:
        if wish.id == "bad":
            yield Request("?")
            raise ValueError("a bug")
        return (yield from talk(wish))

    work = Conversations(Echo, breaks)
    wishes = [Wish("a", 1), Wish("bad", 1), Wish("c", 2)]
    work.ahead(wishes)
    assert work(wishes[0]) == ["a0!"]
    with pytest.raises(ValueError, match="a bug"):
        work(wishes[1])
    assert work(wishes[2]) == ["c0!", "c1!"]


def test_what_machinery_fails_stops_all() -> None:
    """A server that is gone, and a sandbox that breaks within a conversation."""
    with pytest.raises(ModelUnreachable):
        converse(Echo(fails_at=2), [talk(Wish("a", 2)), talk(Wish("b", 2))])

    def breaks() -> Talk[Any]:
        yield Request("?")
        raise MachineryError("the sandbox died")

    with pytest.raises(MachineryError):
        converse(Echo(), [breaks()])


def test_the_model_is_reached_when_it_is_needed_and_let_go() -> None:
    """Building a stage opens nothing."""
    made: list[Echo] = []

    def reach() -> Echo:
        made.append(Echo())
        return made[-1]

    work = Conversations(reach, talk)
    work.close()
    assert not made
    assert work(Wish("a", 1)) == ["a0!"]
    assert work(Wish("b", 1)) == ["b0!"]
    work.close()
    assert [model.closed for model in made] == [True]
