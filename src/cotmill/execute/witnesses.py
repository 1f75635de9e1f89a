"""One outcome of a program for all processes: it is run again in unlike ones, and what differs is `nondeterministic`.

The second process has another hash seed, time zone, clock, randomness and memory layout. Two hash seeds put two
elements of a set in the same order half of the time, and two throws of a coin agree as often: a program in which a set
may have an order that depends on the seed, or which names a source of chance, is run in more of them.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from cotmill.base.recipe import Execute
from cotmill.execute.isolation import weakest
from cotmill.execute.sandbox import Limits, Outcome, Run, Sandbox, same_outcome

__all__ = ["Witnesses", "sandbox"]

MORE = 6  # two runs agree by luck once in two times where there are two outcomes, eight once in 128
CHANCE = frozenset({
    "random", "secrets", "uuid", "urandom", "time", "datetime", "tempfile", "resource", "times", "getloadavg",
    "hash", "__hash__", "id", "ctypes", "gc", "getpid", "getppid", "get_ident", "get_native_id",
    "__import__", "importlib", "exec", "eval", "compile",  # behind these may be any of the others
})  # fmt: skip
SETS = frozenset({"set", "frozenset"})
VIEWS = frozenset({"keys", "items"})  # of a dict; `a.keys() & b.keys()` is a set


class Witnesses:
    """Sandboxes of unlike processes, as a recipe wants them; they start when they are first needed."""

    def __init__(self, settings: Execute) -> None:
        self.first, self._second, *self._others = (sandbox(settings, variant) for variant in range(2 + MORE))
        self.cpu_ms = 0.0  # of all runs so far

    def run_all(self, runs: Sequence[Run]) -> list[Outcome]:
        """Of each the first run's outcome, `nondeterministic` where another's differs. Only first runs are traced."""
        outcomes = self.once_all(runs)
        lasting = [index for index, outcome in enumerate(outcomes) if outcome.status == "ok"]
        for number, box in enumerate((self._second, *self._others)):
            if number == 1:
                lasting = [index for index in lasting if _may_vary(runs[index].code, outcomes[index].trace)]
            again = box.run_all([replace(runs[index], trace=None) for index in lasting])
            self._count(again)
            for index, outcome in zip(lasting, again, strict=True):
                outcomes[index] = _joined(outcomes[index], outcome)
            lasting = [index for index in lasting if outcomes[index].status == "ok"]
        return outcomes

    def once_all(self, runs: Sequence[Run]) -> list[Outcome]:
        """The first runs alone."""
        outcomes = self.first.run_all(runs)
        self._count(outcomes)
        return outcomes

    def _count(self, outcomes: list[Outcome]) -> None:
        self.cpu_ms += sum(outcome.cpu_ms for outcome in outcomes)

    def close(self) -> None:
        for box in (self.first, self._second, *self._others):
            box.close()


def sandbox(settings: Execute, variant: int) -> Sandbox:
    """A sandbox as the recipe wants it."""
    wanted = settings.sandbox
    return Sandbox(
        Limits(**settings.limits.model_dump()),
        python=wanted.python or None,
        variant=variant,
        accept=wanted.tiers,
        demand=wanted.demand,
        together=wanted.together,
    )


def _joined(first: Outcome, again: Outcome) -> Outcome:
    """One outcome of two runs."""
    isolation = weakest([first.isolation, again.isolation])
    if same_outcome(first, again):
        return replace(first, isolation=isolation)
    differ = f"first {_tell(first)}, then {_tell(again)}"
    return replace(
        first, status="nondeterministic", output=None, answer="", trace="", error=differ, isolation=isolation
    )


def _tell(outcome: Outcome) -> str:
    drawn = " after unseeded draws" if outcome.chance else ""
    return outcome.answer + drawn if outcome.status == "ok" else f"{outcome.status} {outcome.error}".strip()


def _may_vary(code: str, trace: str) -> bool:
    """Whether two runs that agree may have agreed by luck."""
    displays, names = _marks(code)
    if displays or not CHANCE.isdisjoint(names):
        return True
    return _order_may_vary(trace) if trace else not SETS.isdisjoint(names)


@lru_cache(maxsize=64)
def _marks(code: str) -> tuple[bool, frozenset[str]]:
    """Whether the source writes out a set (whose order a trace may never see), and all names in it."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # it ran, under a newer Python or on a larger stack
        return True, frozenset()
    displays, names = False, set[str]()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update(part for alias in node.names for part in alias.name.split("."))
        names.update(str(getattr(node, field, "")) for field in ("id", "attr", "module"))
        displays = displays or isinstance(node, (ast.Set, ast.SetComp)) or _joins_views(node)
    return displays, frozenset(names)


def _joins_views(node: ast.AST) -> bool:
    """Whether this is set algebra on the keys or items of dicts."""
    return isinstance(node, ast.BinOp) and any(
        isinstance(side, ast.Call) and isinstance(side.func, ast.Attribute) and side.func.attr in VIEWS
        for side in (node.left, node.right)
    )


def _order_may_vary(trace: str) -> bool:
    """Whether the execution saw a set whose order depends on the process: of anything but numbers."""
    if '"$set"' not in trace and '"$frozenset"' not in trace:
        return False
    waiting = list(json.loads(trace)["values"])
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            for tag, body in value.items():
                if tag in ("$set", "$frozenset") and len(body) > 1 and not all(map(_hashed_alike, body)):
                    return True
                waiting.append(body)
        elif isinstance(value, list):
            waiting += value
    return False


def _hashed_alike(encoded: Any) -> bool:
    """Whether a value has the same hash in every process: numbers, and tuples of them."""
    if isinstance(encoded, dict) and "$tuple" in encoded:
        return all(map(_hashed_alike, encoded["$tuple"]))
    return isinstance(encoded, (bool, int, float))
