"""Samples that a tiny student can learn in seconds, and checkpoints made on the spot."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

from cotmill.base.records import Sample
from cotmill.student.settings import StudentSettings
from student.known import sample_of

MAIN = [sys.executable, "-c", "from cotmill.cli import main; main()"]


def lessons(count: int = 60, first: int = 0) -> list[Sample]:
    """Each with a program of its own, of very different lengths."""
    made = []
    for number in range(first, first + count):
        a, b = number % 7, number % 5
        code = f"def solution(a, b):\n    total = a + b\n    return total * {number}\n"
        sample = sample_of(code, {"a": a, "b": b}, f"What is a + b, for a = {a} and b = {b}?", f"p{number}.0")
        steps = f"total = {a} + {b} = {a + b}\n" * (1 + number % 4)
        made.append(replace(sample, solution=f"{steps}Answer: {a + b}"))
    return made


def tiny(**changes: object) -> StudentSettings:
    wanted = {"hidden": 32, "layers": 1, "heads": 2, "vocabulary": 300, "batch": 600, "epochs": 2, "looks": 2}
    return StudentSettings.model_validate(wanted | changes)


def environment() -> dict[str, str]:
    return {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }


def blank(folder: Path, template: str | None = None) -> Path:
    """A Llama that knows nothing yet, with byte pairs, an end token, and the chat template that is given."""
    import torch
    import transformers

    from compose.checkpoints import programs, tokenizer

    reads = tokenizer(programs())
    reads.chat_template = template
    reads.save_pretrained(folder)
    torch.manual_seed(0)
    transformers.LlamaForCausalLM(
        transformers.LlamaConfig(
            vocab_size=len(reads), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
            max_position_embeddings=512, tie_word_embeddings=True, bos_token_id=None, eos_token_id=0,
        )
    ).save_pretrained(folder)  # fmt: skip
    return folder
