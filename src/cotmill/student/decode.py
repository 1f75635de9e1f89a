"""A checkpoint on this machine as a Writer: many texts at a time, token by token.

The texts are those of transformers' `generate`. For small models on a CPU it takes two thirds of its time where all
texts are of one length, and a quarter where they are not: texts that ended leave the batch, and keys and values have
room to grow.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from cotmill.backends.draw import draw
from cotmill.backends.extra import torch, transformers
from cotmill.base.chance import content_id
from cotmill.base.stage import CotmillError
from cotmill.student import tokenizer as tokenizers
from cotmill.student.writers import MAX_TOKENS, Written, chance_of

__all__ = ["Local"]

WIDEST = {"cpu": 128, "cuda": 512}  # texts at a time: more are no quicker
CPU_BYTES = 2 << 30  # for keys and values
WORTH = 1 / 8  # of a batch that has ended: to leave it out costs about a step
EDGE = 1 << 20  # bytes at both ends of a weights file that name it
NAMING = ("*.json", "*.jinja", "*.safetensors", "*.bin")  # files by which models are told apart


@dataclass(frozen=True, slots=True)
class _Row:
    """A text to be written."""

    prompt: tuple[int, ...]
    most: int  # tokens
    chance: Random


class Local:
    """Deterministic on one machine; in 32-bit floats on a CPU, bfloat16 on a GPU."""

    def __init__(self, model: Any, tokenizer: Any, id: str) -> None:
        self.id = id
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model = model.to(self._device).eval()
        self._tokenizer = tokenizer
        self._ends = frozenset(_ends(model, tokenizer))
        self._context: int = getattr(model.config.get_text_config(), "max_position_embeddings", None) or 1 << 30
        self._positioned = "position_ids" in inspect.signature(model.forward).parameters
        self._token_bytes = self._measured()

    @staticmethod
    def read(model: str) -> Local:
        """Raises CotmillError for what is no checkpoint, and for one that lacks weights."""
        folder = Path(model)
        dtype = torch.bfloat16 if torch.cuda.is_available() else torch.float32
        tokenizer = tokenizers.read(model)
        try:
            found, report = transformers.AutoModelForCausalLM.from_pretrained(
                model, dtype=dtype, local_files_only=folder.is_dir(), output_loading_info=True
            )
            if report["missing_keys"] or report["mismatched_keys"]:
                raise ValueError("weights are missing")
        except Exception as error:  # noqa: BLE001 - what a damaged file raises is up to a dozen readers
            reason = str(error).strip().partition("\n")[0]
            raise CotmillError(f"no model can be read from {model}: {reason}") from None
        if folder.is_dir():
            return Local(found, tokenizer, f"{folder.resolve().name}@{_content(folder)}")
        return Local(found, tokenizer, f"{model}@{getattr(found.config, '_commit_hash', None)}")

    def write(
        self,
        problems: Sequence[str],
        samples: int = 1,
        temperature: float = 0.0,
        top_p: float = 1.0,
        max_tokens: int = MAX_TOKENS,
        seed: int = 0,
    ) -> Iterator[list[Written]]:
        rows = [
            _Row(tuple(prompt), min(max_tokens, self._context - len(prompt)), chance_of(seed, problem, number))
            for problem, prompt in zip(problems, self._prompts(problems), strict=True)
            for number in range(samples)
        ]
        ready: list[Written] = []
        while rows or ready:
            while len(ready) >= samples:
                yield ready[:samples]
                del ready[:samples]
            batch = rows[: self._fit(rows)]
            del rows[: len(batch)]
            able = [row for row in batch if row.most > 0]
            texts = iter(self._texts(able, temperature, top_p) if able else ())
            ready += [next(texts) if row.most > 0 else Written("", 0, ended=False) for row in batch]

    def close(self) -> None:
        pass

    def _prompts(self, problems: Sequence[str]) -> list[list[int]]:
        if not problems:
            return []
        chats = [[{"role": "user", "content": problem}] for problem in problems]
        texts = self._tokenizer.apply_chat_template(chats, tokenize=False, add_generation_prompt=True)
        found: list[list[int]] = self._tokenizer(texts, add_special_tokens=False)["input_ids"]
        return found

    def _fit(self, rows: Sequence[_Row]) -> int:
        """How many of the next texts memory holds at a time; one at least."""
        free = torch.cuda.mem_get_info()[0] // 2 if self._device == "cuda" else CPU_BYTES
        near = rows[: WIDEST[self._device]]
        longest = max((len(row.prompt) + row.most for row in near), default=1)
        return min(len(near), max(1, free // max(1, longest * self._token_bytes)))

    def _texts(self, rows: Sequence[_Row], temperature: float, top_p: float) -> list[Written]:
        with torch.inference_mode():
            written = self._tokens(rows, temperature, top_p)
        texts = self._tokenizer.batch_decode(written, skip_special_tokens=True)
        return [
            Written(text, len(tokens), bool(tokens) and tokens[-1] in self._ends)
            for text, tokens in zip(texts, written, strict=True)
        ]

    def _tokens(self, rows: Sequence[_Row], temperature: float, top_p: float) -> list[list[int]]:
        """What each row's model goes on with, an end token included where it comes to one."""
        width, longest = max(len(row.prompt) for row in rows), max(row.most for row in rows)
        tokens = torch.zeros(len(rows), width, dtype=torch.long)
        seen = torch.zeros(len(rows), width + longest, dtype=torch.long)  # 0 left of a prompt
        for place, row in enumerate(rows):
            tokens[place, width - len(row.prompt) :] = torch.tensor(row.prompt)
            seen[place, width - len(row.prompt) :] = 1
        tokens, seen = tokens.to(self._device), seen.to(self._device)
        positions = (seen[:, :width].cumsum(-1) - 1).clamp(min=0)
        cache = self._cache()
        written: list[list[int]] = [[] for _ in rows]
        batch, open_ = list(range(len(rows))), set(range(len(rows)))
        for step in range(longest):
            scores = self._scores(tokens, seen[:, : width + step], positions, cache)
            drawn = self._drawn(scores, [rows[place].chance for place in batch], temperature, top_p)
            for place, token in zip(batch, drawn.tolist(), strict=True):
                if place in open_:
                    written[place].append(token)
                    if token in self._ends or len(written[place]) == rows[place].most:
                        open_.remove(place)
            if not open_:
                break
            tokens, positions = drawn[:, None], positions[:, -1:] + 1
            if len(open_) <= (1 - WORTH) * len(batch):
                kept = torch.tensor([at for at, place in enumerate(batch) if place in open_], device=self._device)
                cache.batch_select_indices(kept)
                tokens, positions, seen = tokens[kept], positions[kept], seen[kept]
                batch = [place for place in batch if place in open_]
        return written

    def _scores(self, tokens: Any, seen: Any, positions: Any, cache: Any) -> Any:
        placed = {"position_ids": positions} if self._positioned else {}
        found = self._model(
            tokens, attention_mask=seen, past_key_values=cache, use_cache=True, logits_to_keep=1, **placed
        )
        return found.logits[:, -1].float()

    def _drawn(self, scores: Any, chances: Sequence[Random], temperature: float, top_p: float) -> Any:
        if temperature <= 0:
            return scores.argmax(-1)
        passed = torch.tensor([chance.random() for chance in chances], dtype=torch.float64, device=self._device)
        return draw(scores, passed, temperature, top_p)

    def _cache(self) -> Any:
        cache = transformers.DynamicCache(config=self._model.config)
        plain = transformers.cache_utils.DynamicLayer
        cache.layers = [_Roomy() if type(layer) is plain else layer for layer in cache.layers]
        return cache

    def _measured(self) -> int:
        """Bytes of keys and values for a token."""
        cache = self._cache()
        one = torch.zeros(1, 1, dtype=torch.long, device=self._device)
        with torch.inference_mode():
            self._scores(one, one + 1, one, cache)
        parts = (getattr(layer, name, None) for layer in cache.layers for name in ("keys", "values"))
        return sum(part.nbytes for part in parts if part is not None)


class _Roomy(transformers.cache_utils.DynamicLayer):  # type: ignore[misc]
    """Keys and values in buffers with room to spare, where DynamicLayer copies all of them for each token."""

    SPARE = 64  # tokens
    keys: Any
    values: Any

    def __init__(self) -> None:
        super().__init__()
        self._room = 0
        self._buffers: list[Any] = []

    def update(self, key_states: Any, value_states: Any, *_args: Any, **_kwargs: Any) -> tuple[Any, Any]:
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        used = self.get_seq_length()
        wanted = used + key_states.shape[-2]
        if wanted > self._room:
            self._room = wanted + self.SPARE
            self._buffers = [
                self._moved(old, new, used) for old, new in ((self.keys, key_states), (self.values, value_states))
            ]
        for buffer, new in zip(self._buffers, (key_states, value_states), strict=True):
            buffer[:, :, used:wanted] = new
        self.keys, self.values = (buffer[:, :, :wanted] for buffer in self._buffers)
        return self.keys, self.values

    def batch_select_indices(self, indices: Any) -> None:
        super().batch_select_indices(indices)
        self._room = 0

    def _moved(self, old: Any, new: Any, used: int) -> Any:
        buffer = new.new_empty(*new.shape[:2], self._room, new.shape[-1])
        if used:
            buffer[:, :, :used] = old
        return buffer


def _ends(model: Any, tokenizer: Any) -> list[int]:
    """Tokens that end a text: the tokenizer's, and those that the checkpoint itself names."""
    named = model.generation_config.eos_token_id
    return [*tokenizers.endings(tokenizer), *([named] if isinstance(named, int) else named or ())]


def _content(folder: Path) -> str:
    """Names what a folder holds: small files whole, weights by their sizes and ends."""
    parts = []
    for path in (path for kind in NAMING for path in sorted(folder.glob(kind))):
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(EDGE)
            stream.seek(max(EDGE, size - EDGE))
            parts += [path.name, str(size), (head + stream.read()).hex()]
    return content_id(*parts)
