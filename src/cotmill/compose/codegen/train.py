"""Training of the code generator: the next token of programs that held, without any condition (Caco, section 3.2).

`train` makes a folder that transformers and vLLM can read:

    config.json, model.safetensors, ...   the weights that had the lowest held-out loss
    codegen.json                          what Generator must know to read it
    training.json                         how the training went

Until it is finished, everything lies in `.<name>.building` beside it, with a checkpoint at every look at the held-out
loss; the same call goes on from the last one, to the same weights. Under `accelerate launch` every process calls it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cotmill.backends.extra import THREADS, torch, transformers
from cotmill.backends.training import CURVE, Show, curve, finished, last_state, read_json
from cotmill.base.chance import chance, content_id
from cotmill.base.recipe import CodeGenerator
from cotmill.base.shards import durable_rename, write_text
from cotmill.compose.codegen.corpus import Corpus, corpus, plan
from cotmill.compose.codegen.generator import CARD
from cotmill.compose.codegen.representation import Representation
from cotmill.compose.codegen.skeletons import Skeletons
from cotmill.compose.codegen.texts import Texts
from cotmill.compose.codegen.trainer import Trainer, arguments, tired
from cotmill.compose.material import Material

__all__ = ["CURVE", "train"]

SAMPLING = {
    "share",
    "temperature",
    "top_p",
    "endpoints",
    "model",
    "begin",
    "in_flight",
}  # settings that no training depends on


def train(
    settings: CodeGenerator,
    materials: Sequence[Material],
    target: Path,
    seed: int,
    show: Show = lambda step, steps, loss: None,  # noqa: ARG005
) -> dict[str, Any]:
    """Make the folder `target`, or find it made; gives what its training.json says.

    Raises CotmillError where `target`, or what was begun of it, comes from other programs or settings.
    """
    torch.set_num_threads(THREADS)  # a worker of a run may have sampled before, with one
    representation = Texts.load(settings.checkpoint) if settings.checkpoint else Skeletons.learn(materials)
    learned = corpus(representation, materials, settings.max_tokens)
    building = target.with_name(f".{target.name}.building").absolute()
    args = arguments(settings, building, chance(seed, "codegen.weights", "").getrandbits(31))
    trained = settings.model_dump_json(exclude=SAMPLING)
    fingerprint = content_id(learned.digest, trained, str(seed), str(args.world_size))
    leads = args.process_index == 0
    if not finished(target, building, fingerprint):
        if leads:
            write_text(building / "fingerprint", fingerprint)
        args.distributed_state.wait_for_everyone()
        lengths = [len(tokens) for tokens in learned.learned]
        batches = plan(lengths, args.world_size * settings.steps, settings.batch, chance(seed, "codegen.plan", ""))
        state = last_state(building)
        if state is None or not _over(state, settings):
            last = str(building / f"checkpoint-{state['global_step']}") if state else None
            Trainer(settings, representation, learned, batches, args, show).train(resume_from_checkpoint=last)
            args.distributed_state.wait_for_everyone()
            state = last_state(building)
        assert state is not None  # a checkpoint is made at the last step
        if leads:
            tokens = sum(
                lengths[index] for batch in batches[: args.world_size * state["global_step"]] for index in batch
            )
            account = _account(state, learned, tokens, settings)
            _finish(settings, representation, building, state, account | {"fingerprint": fingerprint}, target)
        args.distributed_state.wait_for_everyone()
    if leads:
        shutil.rmtree(building, ignore_errors=True)
    return read_json(target / CURVE)


def _over(state: dict[str, Any], settings: CodeGenerator) -> bool:
    return state["global_step"] >= settings.steps or tired(state["log_history"], settings.patience)


def _account(state: dict[str, Any], learned: Corpus, tokens: int, settings: CodeGenerator) -> dict[str, Any]:
    """What training.json says, in figures that do not depend on the hour or on kills."""
    return {
        "settings": settings.model_dump(exclude=SAMPLING),
        "programs": len(learned.learned),
        "held_out": len(learned.held_out),
        "left_out": learned.left_out,
        "tokens": tokens,  # seen, those seen again too
        "steps": state["global_step"],
        "stopped": "steps" if state["global_step"] >= settings.steps else "held-out loss",
        "best_step": state["best_global_step"],
        "held_out_loss": state["best_metric"],
        "curve": curve(state),
    }


def _finish(
    settings: CodeGenerator,
    representation: Representation,
    building: Path,
    state: dict[str, Any],
    account: dict[str, Any],
    target: Path,
) -> None:
    """The best checkpoint becomes the model: alone, with adapters merged, in the digits that it came in."""
    best = building / f"checkpoint-{state['best_global_step']}"
    dtype = "auto"
    if settings.checkpoint:
        dtype = transformers.AutoConfig.from_pretrained(settings.checkpoint).dtype or torch.float32
    read = transformers.AutoModelForCausalLM.from_pretrained
    if settings.checkpoint and settings.method == "lora":
        from cotmill.backends.adapters import merged

        model = merged(read(settings.checkpoint, dtype=dtype), best)
    else:
        model = read(best, dtype=dtype)
    model.config.use_cache = True  # the trainer turned it off
    folder = building / "model"
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    representation.save(folder)
    kind = "text" if settings.checkpoint else "skeleton"
    write_text(folder / CARD, json.dumps({"representation": kind}, indent=2) + "\n")
    parameters = {"parameters": model.num_parameters()}
    write_text(folder / CURVE, json.dumps(parameters | account, indent=2) + "\n")
    durable_rename(folder, target)
