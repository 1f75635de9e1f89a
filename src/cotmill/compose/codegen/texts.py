"""Programs as text, for checkpoints that others trained: the whole program, with the checkpoint's own tokenizer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from cotmill.backends.extra import transformers
from cotmill.base.stage import CotmillError
from cotmill.base.unified import whole_program
from cotmill.compose.codegen.programs import read_program
from cotmill.compose.codegen.representation import Guide
from cotmill.compose.material import Candidate, Material

__all__ = ["Texts"]


class Texts:
    """A program with the input of its first run. A tokenizer without a token for the beginning or for filling up uses
    its end token there: both are told apart by place."""

    def __init__(self, tokenizer: Any) -> None:
        """Raises CotmillError where the tokenizer has no end token, without which no program would ever end."""
        if tokenizer.eos_token_id is None:
            raise CotmillError(f"the tokenizer of {tokenizer.name_or_path} has no end token")
        self._tokenizer = tokenizer
        self.size = len(tokenizer)
        self.eos: int = tokenizer.eos_token_id
        self.bos: int = self.eos if tokenizer.bos_token_id is None else tokenizer.bos_token_id
        self.pad: int = self.eos if tokenizer.pad_token_id is None else tokenizer.pad_token_id

    @classmethod
    def load(cls, checkpoint: str | Path) -> Texts:
        """The tokenizer in this folder, or of this name on the Hugging Face hub. Raises CotmillError."""
        try:
            return cls(transformers.AutoTokenizer.from_pretrained(str(checkpoint)))
        except (OSError, ValueError, KeyError, ImportError) as error:
            reason = str(error).strip().partition("\n")[0]
            raise CotmillError(f"no tokenizer can be read from {checkpoint}: {reason}") from None

    def encode(self, material: Material) -> tuple[int, ...]:
        text = whole_program(material.code, material.cases[0].input)
        return self.bos, *self._tokenizer.encode(text, add_special_tokens=False), self.eos

    def decode(self, tokens: Sequence[int], rng: Random) -> Candidate | str:
        return read_program(self._tokenizer.decode(list(tokens), clean_up_tokenization_spaces=False))

    def guide(self, sequences: int, limit: int) -> Guide | None:
        return None

    def save(self, folder: Path) -> None:
        self._tokenizer.save_pretrained(folder)
