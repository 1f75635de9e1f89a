"""One token of each row of a batch, by each row's own chance."""

from __future__ import annotations

from typing import Any

from cotmill.backends.extra import torch

__all__ = ["draw"]

BELOW_ONE = 1 - 2**-32  # times a sum of chances it is below that sum, however both are rounded


def draw(logits: Any, chances: Any, temperature: float, top_p: float) -> Any:
    """For each row the token at which the sum of probabilities passes its chance."""
    weights = torch.softmax(logits / temperature, dim=-1).double()
    if top_p < 1:
        likely, order = weights.sort(dim=-1, descending=True, stable=True)
        beyond = likely.cumsum(-1) - likely >= top_p
        weights = weights.masked_fill(beyond.gather(-1, order.argsort(-1)), 0)
    sums = weights.cumsum(-1)
    passed = chances.clamp(max=BELOW_ONE) * sums[:, -1]
    return torch.searchsorted(sums, passed[:, None], right=True)[:, 0]
