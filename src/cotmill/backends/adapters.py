"""Low-rank adapters (LoRA, arXiv 2106.09685) for large checkpoints."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import peft

__all__ = ["adapted", "merged"]


def adapted(model: Any) -> Any:
    """With new adapters on all linear layers; nothing else of it will be trained."""
    settings = peft.LoraConfig(task_type="CAUSAL_LM", r=16, lora_alpha=32, target_modules="all-linear")
    with _quiet():
        return peft.get_peft_model(model, settings)


def merged(model: Any, adapters: Path) -> Any:
    """The adapters in this folder made part of the weights."""
    with _quiet():
        return peft.PeftModel.from_pretrained(model, adapters).merge_and_unload()


def _quiet() -> warnings.catch_warnings[None]:
    """peft goes by names of transformers that have become others."""
    return warnings.catch_warnings(action="ignore", category=FutureWarning)
