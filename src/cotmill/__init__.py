"""Cotmill: training data for reasoning models, made out of code that ran.

The public names are loaded at their first use, so that `import cotmill` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cotmill.base.reasons import Reason
    from cotmill.base.recipe import Recipe, load_recipe
    from cotmill.base.records import Sample
    from cotmill.base.stage import CotmillError, Reject, Stage
    from cotmill.base.trace import Trace
    from cotmill.execute.sandbox import Sandbox
    from cotmill.prove.answer import equal
    from cotmill.prove.ground import check_solution
    from cotmill.runner import run

__version__ = "0.1.0"
__all__ = [
    "CotmillError", "Reason", "Recipe", "Reject", "Sample", "Sandbox", "Stage", "Trace", "__version__",
    "check_solution", "equal", "load_recipe", "run",
]  # fmt: skip

_HOMES = {
    "CotmillError": "base.stage",
    "Reason": "base.reasons",
    "Recipe": "base.recipe",
    "Reject": "base.stage",
    "Sample": "base.records",
    "Sandbox": "execute.sandbox",
    "Stage": "base.stage",
    "Trace": "base.trace",
    "check_solution": "prove.ground",
    "equal": "prove.answer",
    "load_recipe": "base.recipe",
    "run": "runner",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'cotmill' has no attribute {name!r}")
    return getattr(import_module(f"cotmill.{_HOMES[name]}"), name)
