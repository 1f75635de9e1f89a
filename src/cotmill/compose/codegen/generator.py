"""A trained code generator writes programs, many at a time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from cotmill.backends.draw import draw
from cotmill.backends.extra import torch, transformers
from cotmill.base.recipe import CodeGenerator
from cotmill.base.stage import CotmillError
from cotmill.compose.codegen.representation import Representation
from cotmill.compose.material import Candidate

__all__ = ["CARD", "Generator"]

CARD = "codegen.json"  # beside the weights: which representation they speak


class Generator:
    """Read from a folder that `train` made."""

    def __init__(self, folder: Path, settings: CodeGenerator, threads: int | None = None) -> None:
        """`threads` is how many cores this process may use; None: all. Raises CotmillError for a damaged folder."""
        if threads is not None:
            torch.set_num_threads(threads)
        self._settings = settings
        self._representation, model = _load(folder)
        self._model = model.to("cuda" if torch.cuda.is_available() else "cpu").eval()

    def sample(self, rngs: Sequence[Random]) -> list[Candidate | str]:
        """One program for each source of chance, or why there is none. The same batch gives the same programs."""
        if not rngs:
            return []
        with torch.inference_mode():
            written = self._written(rngs)
        return [
            self._representation.decode(tokens[1:-1], rng)
            if tokens[-1] == self._representation.eos
            else f"no end within {self._settings.max_tokens} tokens"
            for tokens, rng in zip(written, rngs, strict=True)
        ]

    def _written(self, rngs: Sequence[Random]) -> list[list[int]]:
        ours, device = self._representation, self._model.device
        guide = ours.guide(len(rngs), self._settings.max_tokens)
        written = [[ours.bos] for _ in rngs]
        cache = transformers.DynamicCache(config=self._model.config)
        alive = list(range(len(rngs)))
        last = [ours.bos] * len(rngs)
        for _ in range(self._settings.max_tokens - 1):
            tokens = torch.tensor([[last[row]] for row in alive], device=device)
            logits = self._model(tokens, past_key_values=cache, use_cache=True).logits[:, -1].float()
            if guide is not None:
                allowed = torch.from_numpy(guide.allowed(last)[alive]).to(device)
                logits = logits.masked_fill(~allowed, -torch.inf)
            chances = torch.tensor([rngs[row].random() for row in alive], dtype=torch.float64, device=device)
            drawn = draw(logits, chances, self._settings.temperature, self._settings.top_p).tolist()
            last = [ours.pad] * len(rngs)
            for row, token in zip(alive, drawn, strict=True):
                last[row] = token
                written[row].append(token)
            open_ = [place for place, token in enumerate(drawn) if token != ours.eos]
            if not open_:
                break
            if len(open_) < len(alive):  # a finished row costs as much as any other
                cache.batch_select_indices(torch.tensor(open_, device=device))
                alive = [alive[place] for place in open_]
        return written


def _load(folder: Path) -> tuple[Representation, Any]:
    try:
        kind = json.loads((folder / CARD).read_text(encoding="utf-8"))["representation"]
        model, report = transformers.AutoModelForCausalLM.from_pretrained(
            folder, dtype="auto", local_files_only=True, output_loading_info=True
        )
        if report["missing_keys"] or report["mismatched_keys"]:
            raise ValueError("weights are missing")
        return _representation(kind, folder), model
    except Exception as error:  # noqa: BLE001 - what a damaged file raises is up to a dozen readers
        reason = str(error).strip().partition("\n")[0]
        raise CotmillError(f"no code generator can be read from {folder}: {reason}") from None


def _representation(kind: str, folder: Path) -> Representation:
    if kind == "text":
        from cotmill.compose.codegen.texts import Texts

        return Texts.load(folder)
    from cotmill.compose.codegen.skeletons import Skeletons

    return Skeletons.load(folder)
