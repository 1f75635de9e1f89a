"""TRL's SFTTrainer for students: which model, with which arguments, on which batches."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cotmill.backends.batches import batched
from cotmill.backends.extra import torch, transformers
from cotmill.backends.training import (
    NO_LABEL,
    LaidOut,
    Show,
    Watch,
    demand_whole_checkpoints,
    read_model,
)
from cotmill.student.plan import Row
from cotmill.student.settings import StudentSettings
from cotmill.student.tokenizer import Encoded

import datasets  # isort: skip - behind `extra`, whose message says how to get it
import trl  # isort: skip
import trl.trainer.utils  # isort: skip

__all__ = ["Trainer", "arguments", "collate"]

LEARNING_RATE = {"scratch": 3e-3, "full": 1e-5, "lora": 2e-4}
BETA2 = {"scratch": 0.98, "full": 0.999, "lora": 0.999}  # short trainings from nothing forget early gradients sooner
SCHEDULES = {"cosine": "cosine", "linear": "linear", "constant": "constant_with_warmup"}
# Without Triton, TRL works out the loss of prompts too and throws it away, for accelerators that compile each new
# shape. A CPU compiles none, and without that a small student learns a quarter faster.
_with_triton = trl.trainer.utils._use_triton  # noqa: SLF001
trl.trainer.utils._use_triton = lambda device: device.type == "cpu" or _with_triton(device)  # noqa: SLF001
LOGS = 5  # at the loss from one look at the held-out loss to the next


def arguments(settings: StudentSettings, folder: Path, seed: int, steps: int, looked_at: bool) -> Any:
    """Checkpoints go into `folder`, one at every look at the held-out loss; the last is kept."""
    kind = settings.method if settings.checkpoint else "scratch"
    look = LOGS * -(-steps // (settings.looks * LOGS))
    cuda = torch.cuda.is_available()
    return trl.SFTConfig(
        output_dir=str(folder), max_steps=steps, seed=seed,
        learning_rate=settings.learning_rate or LEARNING_RATE[kind],
        lr_scheduler_type=SCHEDULES[settings.schedule], warmup_steps=settings.warmup,
        weight_decay=settings.weight_decay, adam_beta2=BETA2[kind], max_grad_norm=1.0, use_cpu=not cuda, bf16=cuda,
        activation_checkpointing=settings.recompute, max_length=None,
        eval_strategy="steps" if looked_at else "no", eval_steps=look, save_strategy="steps", save_steps=look,
        save_total_limit=1, logging_steps=look // LOGS, ddp_find_unused_parameters=False, report_to="none",
        disable_tqdm=True, log_level="error", log_level_replica="error",
    )  # fmt: skip


def begun(settings: StudentSettings, tokenizer: Any) -> Any:
    """The model before its training. Raises CotmillError where the checkpoint cannot be read."""
    if settings.checkpoint:
        lora = settings.method == "lora"
        # weights that are trained need more digits than those that stand still
        model = read_model(
            settings.checkpoint, len(tokenizer), dtype="auto" if lora else torch.float32, attn_implementation="sdpa"
        )
        if not lora:
            return model
        from cotmill.backends.adapters import adapted

        return adapted(model)
    # The usual spread of 0.02 is made for widths of thousands. So small a student then needs half as many tokens
    # again until it copies what stands in the problem (lab/LOG.md).
    spread = settings.hidden**-0.5
    return transformers.LlamaForCausalLM(
        transformers.LlamaConfig(
            vocab_size=len(tokenizer), hidden_size=settings.hidden, intermediate_size=3 * settings.hidden,
            num_hidden_layers=settings.layers, num_attention_heads=settings.heads, tie_word_embeddings=True,
            max_position_embeddings=settings.max_length, bos_token_id=None, eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id, attn_implementation="sdpa", initializer_range=spread,
        )
    )  # fmt: skip


def collate(rows: Sequence[Sequence[Encoded]], pad: int) -> dict[str, Any]:
    """Rows of samples behind one another, filled up on the right; prompts have no labels.

    Positions begin anew with each sample: from that, where no mask is given and no cache kept (TRL sees to that),
    transformers knows for its `sdpa` attention that samples of a row must not see each other. TRL's own packing puts a
    whole batch into a single row, which takes flash attention: the mask of other kinds would be as wide and as high as
    the batch is long.
    """
    longest = max((sum(len(tokens) for tokens, _ in row) for row in rows), default=2)
    inputs = torch.full((max(1, len(rows)), longest), pad)
    labels = torch.full_like(inputs, NO_LABEL)
    positions = torch.arange(longest).repeat(len(inputs), 1)
    for row, line in enumerate(rows):
        at = 0
        for tokens, prompt in line:
            end = at + len(tokens)
            inputs[row, at:end] = torch.tensor(tokens)
            labels[row, at + max(1, prompt) : end] = inputs[row, at + max(1, prompt) : end]
            positions[row, at:] -= positions[row, at].item()
            at = end
    return {"input_ids": inputs, "labels": labels, "position_ids": positions}


class _Rows(torch.utils.data.Dataset):  # type: ignore[misc]
    """Samples by row of a plan."""

    def __init__(self, learned: Sequence[Encoded]) -> None:
        self._learned = learned

    def __getitem__(self, row: Row) -> list[Encoded]:
        return [self._learned[index] for index in row]


class _LastLook(Watch):
    """The curve of the held-out loss goes to the end too."""

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        super().on_step_end(args, state, control)
        control.should_evaluate |= state.global_step >= state.max_steps and args.eval_strategy != "no"


class Trainer(LaidOut, trl.SFTTrainer):  # type: ignore[misc]
    """Takes the batches of a plan; of several processes each takes its own."""

    def __init__(
        self,
        settings: StudentSettings,
        tokenizer: Any,
        learned: Sequence[Encoded],
        held_out: Sequence[Encoded],
        queue: list[list[Row]],
        args: Any,
        show: Show,
    ) -> None:
        transformers.set_seed(args.seed)
        # TRL prepares data sets row by row, into files of a cache; what it would prepare is there already. One sample,
        # in the form that it takes as prepared, shows it what kind of data this is.
        tokens, prompt = learned[0]
        labels = [NO_LABEL] * prompt + list(tokens[prompt:])
        shown = datasets.Dataset.from_dict({"input_ids": [tokens], "labels": [labels]})
        super().__init__(
            begun(settings, tokenizer), args, train_dataset=shown, eval_dataset=shown if held_out else None,
            processing_class=tokenizer, callbacks=[_LastLook(show)],
        )  # fmt: skip
        self.remove_callback(transformers.PrinterCallback)
        pad = tokenizer.pad_token_id
        self._learned = torch.utils.data.DataLoader(
            _Rows(learned), batch_sampler=queue, collate_fn=lambda rows: collate(rows, pad)
        )
        lengths = [len(tokens) for tokens, _ in held_out]
        self._held_out = [
            collate([[held_out[index]] for index in group], pad)
            for group in batched(lengths, lengths, settings.device_batch)
        ]
        demand_whole_checkpoints(self)

    def create_model_card(self, *_: Any, **__: Any) -> None:
        """None: TRL would write one at every checkpoint."""

    def _send_telemetry(self) -> None:
        """None: TRL would tell its makers of every training, over the network."""
