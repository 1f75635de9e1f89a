"""The ladder by which an answer comes to pass: asked once, told what is wrong with it, asked from scratch.

What stands below its last rung (what Cotmill writes itself, or a reject) is the stage's business.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from cotmill.backends.conversations import Talk
from cotmill.backends.model import REFUSED, Completion, Request, Sampling, Turn
from cotmill.backends.prompts import Prompt
from cotmill.base.chance import chance
from cotmill.base.model_settings import ModelTask
from cotmill.base.reasons import Reason
from cotmill.base.records import Lineage

__all__ = ["Ladder", "Objection", "Taken", "unsigned"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Objection:
    """Why an answer is not taken."""

    reason: Reason
    detail: str  # for a person, who may know the right values
    told: str = ""  # for the model, which may not; empty: there is no use in telling


@dataclass(frozen=True, slots=True)
class Taken(Generic[T]):
    """What passed, and on which rung."""

    value: T
    rung: str


@dataclass(frozen=True)
class Ladder:
    """How a stage asks for one thing, and what it took so far."""

    stage: str  # begins each call's key
    task: ModelTask
    prompt: Prompt
    model: str  # its name
    seed: int | None  # the run's; None: calls have no seeds
    counts: Counter[str]  # "model.<rung>.<what>", added to
    schema: dict[str, Any] | None = None  # of the answers

    def climb(
        self, id: str, fields: dict[str, Any], check: Callable[[str], T | Objection]
    ) -> Talk[Taken[T] | Objection]:
        """The first answer that passes `check`, else what was wrong with the first one."""
        first: Objection | None = None
        for sample in range(self.task.samples):
            turns = self.prompt.turns(fields)
            for repair in range(self.task.repairs + 1):
                rung, key = _rung(sample, repair), f"{self.stage}/{id}/{sample}.{repair}"
                completion = yield Request(turns, self._sampling(key), key, self.schema)
                self._count(rung, completion)
                found = self._unread(completion) or check(completion.text)
                if not isinstance(found, Objection):
                    self.counts[f"model.{rung}.passed"] += 1
                    return Taken(found, rung)
                first = first or found
                self.counts[f"model.{rung}.{found.reason}"] += 1
                if not found.told:
                    break
                turns += (Turn("assistant", completion.text), self.prompt.repair(fields, found.told))
        assert first is not None  # there is at least one sample
        return first

    def sign(self, lineage: Lineage) -> Lineage:
        """The same with this model and prompt beside those that had a part before."""
        model = dict.fromkeys((*filter(None, lineage.model.split(", ")), self.model))
        prompts = dict.fromkeys((*filter(None, lineage.prompt_id.split(", ")), self.prompt.id))
        return replace(lineage, model=", ".join(model), prompt_id=", ".join(prompts))

    def _sampling(self, key: str) -> Sampling:
        task = self.task
        seed = None if self.seed is None else chance(self.seed, "model", key).getrandbits(31)
        return Sampling(task.temperature, task.top_p, task.max_tokens, seed)

    def _unread(self, completion: Completion) -> Objection | None:
        if completion.finish == REFUSED:
            return Objection(Reason.MODEL_REFUSED, completion.text)
        if completion.finish == "length":
            return Objection(Reason.NO_ANSWER, f"no end within {self.task.max_tokens} tokens")
        if not completion.text.strip():
            return Objection(Reason.NO_ANSWER, f"an empty answer, finished by {completion.finish!r}")
        return None

    def _count(self, rung: str, completion: Completion) -> None:
        usage = completion.usage
        self.counts[f"model.{rung}.calls"] += 1
        self.counts[f"model.{rung}.prompt_tokens"] += usage.prompt if usage else 0
        self.counts[f"model.{rung}.completion_tokens"] += usage.completion if usage else 0
        self.counts[f"model.{rung}.uncounted"] += usage is None
        self.counts[f"model.{rung}.ms"] += round(1000 * completion.seconds)


def _rung(sample: int, repair: int) -> str:
    """Such as "first", "repair 1", "sample 2", "sample 2 repair 1"."""
    parts = [f"sample {sample + 1}"] * bool(sample) + [f"repair {repair}"] * bool(repair)
    return " ".join(parts) or "first"


def unsigned(lineage: Lineage, task: str) -> Lineage:
    """The same where nothing is left of what a task's prompt brought; without any prompt there was no model."""
    prompts = [prompt for prompt in lineage.prompt_id.split(", ") if not prompt.startswith(f"{task}-")]
    return replace(lineage, prompt_id=", ".join(prompts), model=lineage.model if any(prompts) else "")
