"""Whether what the extra `train` brings is there: asked before a run begins, without the seconds of its import."""

from __future__ import annotations

from importlib.util import find_spec

from cotmill.base.stage import CotmillError

__all__ = ["demand"]


def demand() -> None:
    """Raises CotmillError with how to get it."""
    for name in ("torch", "transformers", "accelerate", "peft", "trl", "datasets"):
        if find_spec(name) is None:
            raise CotmillError(f"trained models need {name}: pip install 'cotmill[train]'")
