"""Models made on the spot, and problems for them."""

from __future__ import annotations

from pathlib import Path

PROBLEMS = [
    "How much is 2 + 3?",
    "A farm has 16 eggs. 3 are eaten, 4 are baked. How many are left?",
    "What comes after 7?",
    "x = 12. What is 3 * x, less the sum of the first four even numbers?",
    "Say nothing.",
]


def checkpoint(folder: Path, seed: int = 0, context: int = 256) -> Path:
    """A Llama that talks at random: its greedy texts differ, and come to their ends here and there."""
    import torch
    import transformers

    from cotmill.student.tokenizer import learn

    tokenizer = learn(PROBLEMS, 300)
    tokenizer.save_pretrained(folder)
    torch.manual_seed(seed)
    config = transformers.LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=context, tie_word_embeddings=False, initializer_range=0.8,
        bos_token_id=None, eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    transformers.LlamaForCausalLM(config).save_pretrained(folder)
    return folder
