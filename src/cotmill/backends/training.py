"""What every training here has in common, around transformers' Trainer: a folder that is built beside its final place,
goes on after a kill from its last checkpoint, and tells how it went."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from cotmill.backends.extra import torch, transformers
from cotmill.base.stage import CotmillError

__all__ = [
    "CURVE", "NO_LABEL", "LaidOut", "Show", "Watch", "curve", "demand_whole_checkpoints", "finished", "last_state",
    "read_json", "read_model",
]  # fmt: skip

CURVE = "training.json"  # in the finished folder: how the training went
NO_LABEL = -100
Show = Callable[[int, int, float], None]  # step, steps at most, loss since the last call


def finished(target: Path, building: Path, fingerprint: str) -> bool:
    """Whether `target` is there already. Raises CotmillError where it, or what was begun of it, is another training."""
    if target.exists():
        if not (target / CURVE).is_file() or read_json(target / CURVE)["fingerprint"] != fingerprint:
            raise CotmillError(f"{target} holds something else; choose another folder, or delete it")
        return True
    mark = building / "fingerprint"
    if mark.exists() and mark.read_text(encoding="utf-8") != fingerprint:
        raise CotmillError(
            f"{building} holds a training with other data, settings or processes; delete it to begin anew"
        )
    return False


def last_state(building: Path) -> dict[str, Any] | None:
    """The trainer's state at the last checkpoint: it is the last file that a checkpoint gets."""
    states = []
    for path in building.glob("checkpoint-*/trainer_state.json"):
        try:
            states.append(read_json(path))
        except ValueError:
            continue  # killed while it was written
    return max(states, key=lambda state: int(state["global_step"]), default=None)


def curve(state: dict[str, Any]) -> list[dict[str, float]]:
    """Loss and held-out loss by step, in figures that do not depend on the hour or on kills."""
    found: dict[int, dict[str, float]] = {}
    for entry in state["log_history"]:
        losses = {
            ours: entry[theirs]
            for ours, theirs in (("loss", "loss"), ("held_out_loss", "eval_loss"))
            if theirs in entry
        }
        found.setdefault(entry["step"], {"step": entry["step"]}).update(losses)
    return list(found.values())


def read_json(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def read_model(checkpoint: str, tokens: int, **options: Any) -> Any:
    """A checkpoint of a folder or a hub, for a tokenizer of so many tokens. Raises CotmillError where it is none."""
    try:
        model = transformers.AutoModelForCausalLM.from_pretrained(checkpoint, **options)
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise CotmillError(f"no model can be read from {checkpoint}: {reason}") from None
    if tokens > model.get_input_embeddings().num_embeddings:
        raise CotmillError(f"the tokenizer of {checkpoint} has more tokens than its model")
    return model


def demand_whole_checkpoints(trainer: Any) -> None:
    """Raises CotmillError where accelerate is told to write a checkpoint in pieces that only it can read."""
    if trainer.is_fsdp_enabled and "FULL_STATE_DICT" not in str(trainer.accelerator.state.fsdp_plugin.state_dict_type):
        raise CotmillError("FSDP needs fsdp_state_dict_type: FULL_STATE_DICT in the configuration of accelerate")


class LaidOut:
    """For a class that is also a Trainer: batches that are known beforehand take the place of its data loaders.

    `_learned` gives those to learn from, of this process; `_held_out` are those of a look at the held-out loss.
    """

    _learned: Iterable[dict[str, Any]]
    _held_out: Sequence[dict[str, Any]]

    def get_train_dataloader(self) -> Any:
        return self._learned

    def evaluate(self: Any, *_: Any, **__: Any) -> dict[str, float]:
        """Mean held-out loss of a labelled token. Every process goes through all of it: sharded weights need all."""
        self.model_wrapped.eval()
        total, tokens = 0.0, 0
        with torch.no_grad():
            for batch in self._held_out:
                inputs = self._prepare_inputs(batch)  # what a Trainer's own evaluation loop calls
                count = int((inputs["labels"][:, 1:] != NO_LABEL).sum())
                total += float(self.model_wrapped(**inputs).loss) * count
                tokens += count
        metrics = {"eval_loss": total / tokens}
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics


class Watch(transformers.TrainerCallback):  # type: ignore[misc]
    """Shows the loss."""

    def __init__(self, show: Show) -> None:
        self._show = show

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        control.should_log |= state.global_step >= state.max_steps  # the curve goes to the end

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float], **_: Any) -> None:
        if "loss" in logs and args.process_index == 0:
            self._show(state.global_step, state.max_steps, logs["loss"])
