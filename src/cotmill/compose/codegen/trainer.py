"""transformers' Trainer for the code generator: which model, with which arguments, on which batches."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from cotmill.backends.batches import batched
from cotmill.backends.extra import torch, transformers
from cotmill.backends.training import LaidOut, Show, Watch, demand_whole_checkpoints, read_model
from cotmill.base.recipe import CodeGenerator
from cotmill.base.stage import CotmillError
from cotmill.compose.codegen.corpus import Corpus, collate
from cotmill.compose.codegen.representation import Representation

__all__ = ["Trainer", "arguments", "begun", "tired"]

LEARNING_RATE = {"scratch": 6e-3, "full": 1e-5, "lora": 2e-4}
LOOKS, LOGS = 20, 5  # at the held-out loss in a whole training; at the loss from one of them to the next


def arguments(settings: CodeGenerator, folder: Path, seed: int) -> Any:
    """Checkpoints go into `folder`, one at every look at the held-out loss; the last and the best are kept."""
    look = LOGS * -(-settings.steps // (LOOKS * LOGS))
    cuda = torch.cuda.is_available()
    return transformers.TrainingArguments(
        output_dir=str(folder), max_steps=settings.steps, seed=seed,
        learning_rate=settings.learning_rate or LEARNING_RATE[settings.method if settings.checkpoint else "scratch"],
        lr_scheduler_type="cosine_with_min_lr", lr_scheduler_kwargs={"min_lr_rate": 0.05}, warmup_steps=0.05,
        weight_decay=0.1, adam_beta2=0.95, max_grad_norm=1.0, use_cpu=not cuda, bf16=cuda,
        eval_strategy="steps", eval_steps=look, save_strategy="steps", save_steps=look, save_total_limit=2,
        metric_for_best_model="eval_loss", greater_is_better=False, logging_steps=look // LOGS,
        ddp_find_unused_parameters=False, report_to="none", disable_tqdm=True,
        log_level="error", log_level_replica="error",
    )  # fmt: skip


def begun(settings: CodeGenerator, representation: Representation) -> Any:
    """The model before its training. Raises CotmillError where the checkpoint cannot be read."""
    if settings.checkpoint:
        return _read(settings, representation)
    if settings.hidden % (2 * settings.heads):
        raise CotmillError("compose.generator.hidden must be a multiple of twice the heads (rotary position embedding)")
    return transformers.LlamaForCausalLM(
        transformers.LlamaConfig(
            vocab_size=representation.size, hidden_size=settings.hidden, intermediate_size=3 * settings.hidden,
            num_hidden_layers=settings.layers, num_attention_heads=settings.heads, tie_word_embeddings=True,
            max_position_embeddings=settings.max_tokens, bos_token_id=representation.bos,
            eos_token_id=representation.eos, pad_token_id=representation.pad,
        )
    )  # fmt: skip


def _read(settings: CodeGenerator, representation: Representation) -> Any:
    lora = settings.method == "lora"
    # weights that are trained need more digits than those that stand still
    model = read_model(settings.checkpoint, representation.size, dtype="auto" if lora else torch.float32)
    if not lora:
        return model
    from cotmill.backends.adapters import adapted

    return adapted(model)


def tired(history: list[dict[str, Any]], patience: int) -> bool:
    """Whether the last `patience` looks at the held-out loss were no better than the best one before them."""
    looks = [entry["eval_loss"] for entry in history if "eval_loss" in entry]
    return len(looks) > patience and min(looks[-patience:]) >= min(looks[:-patience])


class _Watch(Watch):
    """Ends the training where the held-out loss no longer falls."""

    def __init__(self, show: Show, patience: int) -> None:
        super().__init__(show)
        self._patience = patience

    def on_evaluate(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        control.should_training_stop |= tired(state.log_history, self._patience)


class Trainer(LaidOut, transformers.Trainer):  # type: ignore[misc]
    """Takes the batches of a plan; of several processes each takes its own."""

    def __init__(
        self,
        settings: CodeGenerator,
        representation: Representation,
        corpus: Corpus,
        batches: list[list[int]],
        args: Any,
        show: Show,
    ) -> None:
        transformers.set_seed(args.seed)
        super().__init__(
            begun(settings, representation), args, train_dataset=corpus.learned, eval_dataset=corpus.held_out,
            callbacks=[_Watch(show, settings.patience)],
        )  # fmt: skip
        self.remove_callback(transformers.PrinterCallback)
        collated = partial(collate, pad=representation.pad)
        self._learned = torch.utils.data.DataLoader(
            corpus.learned, batch_sampler=batches[args.process_index :: args.world_size], collate_fn=collated
        )
        lengths = [len(tokens) for tokens in corpus.held_out]
        groups = batched(lengths, lengths, settings.batch)
        self._held_out = [collated([corpus.held_out[index] for index in group]) for group in groups]
        demand_whole_checkpoints(self)
