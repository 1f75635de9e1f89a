"""How a student is trained: one strict object, from YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from cotmill.base.settings_file import load
from cotmill.base.strict import Strict

__all__ = ["HeldOut", "StudentSettings", "built_in_students", "load_student"]

STUDENTS = Path(__file__).parent.parent / "students"


class HeldOut(Strict):
    """What is kept from the student, to examine it on."""

    share: float = Field(0.1, ge=0, lt=1, description="of the samples, by structure of their programs; 0: none")
    at_most: int = Field(1000, ge=0, description="samples")


class StudentSettings(Strict):
    """Supervised fine-tuning: which model, on how much, how."""

    description: str = Field("", description="one line")
    checkpoint: str = Field("", description="folder or hub name of a model to fine-tune; empty: a Llama from scratch")
    method: Literal["full", "lora"] = Field("full", description="of a checkpoint: all weights, or adapters, merged")
    hidden: int = Field(128, ge=8, description="from scratch: width")
    layers: int = Field(3, ge=1, description="from scratch: layers")
    heads: int = Field(4, ge=1, description="from scratch: attention heads")
    vocabulary: int = Field(768, ge=300, description="from scratch: tokens, learned from the samples' texts")
    epochs: float = Field(3.0, gt=0, description="how often each sample is seen")
    tokens: int = Field(0, ge=0, description="tokens seen, prompts and all, in place of epochs; 0: by epochs")
    batch: int = Field(6000, ge=1, description="size of a step, on all devices together")
    batch_unit: Literal["tokens", "sequences"] = Field(
        "tokens", description="what batch counts; equal budgets of tokens are equal steps only where it counts tokens"
    )
    device_batch: int = Field(8192, ge=1, description="tokens, filling included, that a device takes at once")
    max_length: int = Field(1024, ge=16, description="tokens of a sample; longer ones are left out, never cut")
    packing: bool = Field(
        False, description="several samples in a row of max_length, none seen by another; for GPUs: docs/students.md"
    )
    learning_rate: float = Field(
        0.0, ge=0, description="highest; 0: 3e-3 from scratch, 1e-5 for all weights, 2e-4 for adapters"
    )
    schedule: Literal["cosine", "linear", "constant"] = Field("cosine", description="the learning rate behind warmup")
    warmup: float = Field(0.05, ge=0, lt=1, description="share of the steps in which the learning rate rises")
    weight_decay: float = Field(0.1, ge=0, description="of AdamW")
    recompute: bool = Field(False, description="activations are computed again, not kept: less memory, a third slower")
    looks: int = Field(10, ge=1, description="looks at the held-out loss; each is a checkpoint to go on from")
    held_out: HeldOut = Field(default_factory=HeldOut, description="kept from the student")

    @model_validator(mode="after")
    def _heads_fit(self) -> StudentSettings:
        if self.hidden % (2 * self.heads):
            raise ValueError("hidden must be a multiple of twice the heads (rotary position embedding)")
        return self


def built_in_students() -> dict[str, Path]:
    """Name -> file of the settings that come with cotmill."""
    return {path.stem: path for path in sorted(STUDENTS.glob("*.yaml"))}


def load_student(name_or_path: str, overrides: tuple[str, ...] = ()) -> StudentSettings:
    """Built-in settings by name, or a file; `overrides` are `key=value`. Raises RecipeError."""
    return load(
        StudentSettings, name_or_path, built_in_students(), kind="student", listing="cotmill recipes --students",
        overrides=overrides,
    )  # fmt: skip
