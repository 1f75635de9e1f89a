"""Tiny checkpoints, and programs that they can learn in seconds."""

from __future__ import annotations

from pathlib import Path

from cotmill.base.unified import whole_program
from cotmill.compose.material import Case, Material

INPUT = '{"m":2,"n":3}'


def programs(begin: str = "n {} m") -> list[Material]:
    return [
        Material(f"p-{first}{second}{number}", "t", "p", code, (Case(INPUT, "1", 3),))
        for first in "+-*"
        for second in "+-*"
        for number in range(3)
        for total in [begin.format(first)]
        for code in [
            f"def solution(n, m):\n    total = {total}\n    total = total {second} {number}\n    return total\n"
        ]
    ]


def tokenizer(materials: list[Material]):
    """Byte pairs of these programs; an end token, and none for the beginning or for filling up."""
    import tokenizers
    import transformers

    model = tokenizers.Tokenizer(tokenizers.models.BPE())
    model.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    model.decoder = tokenizers.decoders.ByteLevel()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=400, special_tokens=["<end>"], show_progress=False,
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(),
    )  # fmt: skip
    model.train_from_iterator([whole_program(material.code, INPUT) for material in materials], trainer)
    return transformers.PreTrainedTokenizerFast(tokenizer_object=model, eos_token="<end>")


def checkpoint(folder: Path, materials: list[Material]) -> Path:
    """A Llama of 0.1 M parameters that knows nothing yet."""
    import torch
    import transformers

    reads = tokenizer(materials)
    reads.save_pretrained(folder)
    torch.manual_seed(0)
    transformers.LlamaForCausalLM(
        transformers.LlamaConfig(
            vocab_size=len(reads), hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
            max_position_embeddings=512, tie_word_embeddings=True, bos_token_id=None, eos_token_id=0,
        )
    ).save_pretrained(folder)  # fmt: skip
    return folder
