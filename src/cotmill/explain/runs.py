"""Passes of a loop that say the same again or change nothing, drawn together when the run of them is over."""

from __future__ import annotations

from dataclasses import dataclass

from cotmill.explain.phrases import Page

__all__ = ["Runs"]

SAME = 3  # passes alike that are drawn together
IDLE = 4  # passes without effect that are drawn together


@dataclass(slots=True)
class _Pass:
    number: int
    first: int  # its lines on the page
    last: int
    text: str  # without its number
    turn: str  # what the loop goes through, said first
    idle: bool


class Runs:
    """Watches the passes of one loop as they are told: `begin` and `end` around each, `over` where a run must end."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._mark = 0
        self._passes: list[_Pass] = []

    def begin(self) -> None:
        self._mark = self._page.mark()

    def end(self, number: int, *, idle: bool) -> None:
        """A pass was told."""
        lines = self._page.since(self._mark)
        head, _, text = "\n".join(lines).lstrip().partition(": ")
        if head != f"Pass {number}":
            self.over()
            return
        turn = text.partition(". ")[0].rstrip(".")
        now = _Pass(number, self._mark, self._mark + len(lines), text, turn, idle and len(lines) == 1)
        if self._passes and not self._goes_on(now):
            self.over()
        self._passes.append(now)

    def _goes_on(self, now: _Pass) -> bool:
        return (now.idle and all(before.idle for before in self._passes)) or all(
            before.text == now.text for before in self._passes
        )

    def over(self) -> None:
        """The run ends: the passes after its first one become one sentence, if they are many."""
        passes, self._passes = self._passes, []
        rest = passes[1:]
        if not rest:
            return
        alike = len({told.text for told in passes}) == 1
        if len(rest) < (SAME if alike else IDLE) - 1:
            return
        first, last = rest[0].number, rest[-1].number
        what = "go the same way" if alike else f"change nothing, up to {rest[-1].turn}"
        self._page.replace(rest[0].first, rest[-1].last, f"Passes {first} to {last} {what}.")
