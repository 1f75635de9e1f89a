"""Training of a student: supervised fine-tuning on the solutions of samples, through TRL.

`train` makes a folder that transformers and vLLM can read:

    config.json, model.safetensors, tokenizer.json, ...   the weights behind the last step, and the chat template
    student.json                                          what it was trained with, and what was kept from it
    training.json                                         how the training went

Until it is finished, everything lies in `.<name>.building` beside it; the same call goes on from the last checkpoint,
to the same weights. Under `accelerate launch` every process calls it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np

from cotmill.backends.extra import torch, transformers
from cotmill.backends.training import CURVE, Show, curve, finished, last_state, read_json, read_model
from cotmill.base.chance import chance, content_id
from cotmill.base.records import Sample
from cotmill.base.shards import durable_rename, write_text
from cotmill.base.stage import CotmillError
from cotmill.student.plan import passes, steps
from cotmill.student.settings import StudentSettings
from cotmill.student.tokenizer import Encoded, encode, endings, learn, read
from cotmill.student.trainer import Trainer, arguments

__all__ = ["CARD", "train"]

CARD = "student.json"
MOST_LOOKED_AT = 100  # held-out samples at every look at their loss, which must stay cheap


def train(
    settings: StudentSettings,
    samples: Sequence[Sample],
    held_out: Sequence[Sample],
    target: Path,
    seed: int,
    show: Show = lambda step, steps, loss: None,  # noqa: ARG005
    tokenizer: Path | None = None,
    watched: bool = True,
) -> dict[str, Any]:
    """Make the folder `target`, or find it made; gives what its training.json says.

    `tokenizer` is a folder with one that takes the place of the student's own, as where several students are compared.
    The loss of held-out samples is looked at where the training is `watched`.
    Raises CotmillError where `target`, or what was begun of it, comes from other samples or settings.
    """
    reads = _tokenizer(settings, samples, tokenizer)
    learned = _fitting(reads, samples, settings)
    looked_at = _fitting(reads, held_out, settings)[:MOST_LOOKED_AT] if watched else []
    if not learned:
        raise CotmillError(f"none of {len(samples)} samples has at most {settings.max_length} tokens: see max_length")
    lengths = [len(tokens) for tokens, _ in learned]
    plan = steps(lengths, settings, chance(seed, "student.plan", ""))
    building = target.with_name(f".{target.name}.building").absolute()
    seed_of_weights = chance(seed, "student.weights", "").getrandbits(31)
    args = arguments(settings, building, seed_of_weights, len(plan), bool(looked_at))
    queues = passes(plan, lengths, settings, args.world_size)
    args.gradient_accumulation_steps = len(queues[0]) // len(plan)
    card = {
        "settings": settings.model_dump(),
        "seed": seed,
        "samples": _digest(learned),
        "held_out": [sample.id for sample in held_out],
    }
    fingerprint = content_id(json.dumps(card, sort_keys=True), reads.backend_tokenizer.to_str(), str(args.world_size))
    if not finished(target, building, fingerprint):
        if args.process_index == 0:
            write_text(building / "fingerprint", fingerprint)
        args.distributed_state.wait_for_everyone()
        reached = last_state(building)
        if reached is None or reached["global_step"] < len(plan):
            last = str(building / f"checkpoint-{reached['global_step']}") if reached else None
            trainer = Trainer(settings, reads, learned, looked_at, queues[args.process_index], args, show)
            trainer.train(resume_from_checkpoint=last)
            args.distributed_state.wait_for_everyone()
            reached = last_state(building)
        assert reached is not None  # a checkpoint is made at the last step
        if args.process_index == 0:
            seen = list(accumulate(sum(lengths[index] for index in step) for step in plan))
            account = {
                "samples": len(learned),
                "left_out": len(samples) - len(learned),  # longer than max_length
                "held_out": len(held_out),
                "steps": len(plan),
                "tokens": seen[-1],  # of prompts and completions, those seen again too
                "epochs": round(seen[-1] / sum(lengths), 3),
                "curve": [entry | {"tokens": seen[int(entry["step"]) - 1]} for entry in curve(reached)],
                "fingerprint": fingerprint,
            }
            _finish(settings, reads, building / f"checkpoint-{len(plan)}", account, card, target)
        args.distributed_state.wait_for_everyone()
    if args.process_index == 0:
        shutil.rmtree(building, ignore_errors=True)
    return read_json(target / CURVE)


def _tokenizer(settings: StudentSettings, samples: Sequence[Sample], given: Path | None) -> Any:
    if given or settings.checkpoint:
        return read(given or settings.checkpoint)
    return learn((f"{sample.problem}\n{sample.solution}" for sample in samples), settings.vocabulary)


def _fitting(tokenizer: Any, samples: Sequence[Sample], settings: StudentSettings) -> list[Encoded]:
    return [found for found in encode(tokenizer, samples) if len(found[0]) <= settings.max_length]


def _digest(learned: Sequence[Encoded]) -> str:
    digest = hashlib.sha256()
    for tokens, prompt in learned:
        digest.update(np.asarray([len(tokens), prompt, *tokens], np.int64).tobytes())
    return digest.hexdigest()


def _finish(
    settings: StudentSettings, tokenizer: Any, last: Path, account: dict[str, Any], card: dict[str, Any], target: Path
) -> None:
    """The last checkpoint becomes the model: alone, with adapters merged, in the digits that it came in."""
    dtype = torch.float32
    if settings.checkpoint:
        dtype = transformers.AutoConfig.from_pretrained(settings.checkpoint).dtype or torch.float32
    if settings.checkpoint and settings.method == "lora":
        from cotmill.backends.adapters import merged

        model = merged(read_model(settings.checkpoint, len(tokenizer), dtype=dtype), last)
    else:
        model = read_model(str(last), len(tokenizer), dtype=dtype)
    model.config.use_cache = True  # the trainer turned it off
    model.generation_config.eos_token_id = endings(tokenizer)
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    folder = last.parent / "model"
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    write_text(folder / CARD, json.dumps(card, indent=2) + "\n")
    write_text(folder / CURVE, json.dumps({"parameters": model.num_parameters()} | account, indent=2) + "\n")
    durable_rename(folder, target)
