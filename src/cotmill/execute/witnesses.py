"""One outcome of a program for all processes: it is run again in unlike ones, and what differs is `nondeterministic`.

The second process has another hash seed, time zone, clock, randomness and memory layout. Two hash seeds put two
elements of a set in the same order half of the time, and two throws of a coin agree as often: a program in which a set
may have an order that depends on the seed, or which names a source of chance, is run in more of them.
"""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from functools import lru_cache
from typing import Any

from cotmill.base.recipe import Execute
from cotmill.execute.isolation import weakest
from cotmill.execute.sandbox import Limits, Outcome, Sandbox, TraceLimits, same_outcome

__all__ = ["Witnesses", "sandbox"]

MORE = 6  # two runs agree by luck once in two times where there are two outcomes, eight once in 128
CHANCE = frozenset({
    "random", "secrets", "uuid", "urandom", "time", "datetime", "tempfile", "resource", "times", "getloadavg",
    "hash", "__hash__", "id", "ctypes", "gc", "getpid", "getppid", "get_ident", "get_native_id",
    "__import__", "importlib", "exec", "eval", "compile",  # behind these may be any of the others
})  # fmt: skip
SETS = frozenset({"set", "frozenset"})
VIEWS = frozenset({"keys", "items"})  # of a dict; `a.keys() & b.keys()` is a set
Traced = TraceLimits | None


class Witnesses:
    """Sandboxes of unlike processes, as a recipe wants them; they start when they are first needed."""

    def __init__(self, settings: Execute) -> None:
        self.first, self._second, *self._others = (sandbox(settings, variant) for variant in range(2 + MORE))
        self.tier = ""  # the weakest tier among the sandboxes that ran the last program
        self.cpu_ms = 0.0  # of all runs so far

    def run(self, code: str, input: str | None = None, *, trace: Traced = None) -> Outcome:
        """The first run's outcome, `nondeterministic` where another run's differs. Only the first run is traced."""
        first = self.once(code, input, trace=trace)
        used = [self.first]
        if first.status == "ok":
            for box in (self._second, *(self._others if _may_vary(code, first.trace) else ())):
                used.append(box)
                again = self._counted(box.run(code, input))
                if not same_outcome(first, again):
                    differ = f"first {_tell(first)}, then {_tell(again)}"
                    first = replace(first, status="nondeterministic", output=None, answer="", trace="", error=differ)
                    break
        self.tier = weakest([box.tier for box in used])
        return first

    def once(self, code: str, input: str | None = None, *, trace: Traced = None) -> Outcome:
        """The first run alone."""
        outcome = self._counted(self.first.run(code, input, trace=trace))
        self.tier = self.first.tier
        return outcome

    def _counted(self, outcome: Outcome) -> Outcome:
        self.cpu_ms += outcome.cpu_ms
        return outcome

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
