"""What a recipe says of language models: who answers, what each stage asks of them, what may be spent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from cotmill.base.strict import Strict

__all__ = [
    "Budget", "ComposeTask", "CounterfactualTask", "JudgeTask", "ModelSettings", "ModelTask", "NarrateTask",
    "ProblemTask", "Served", "SolveTask", "UnifyTask",
]  # fmt: skip


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) and value else () if value == "" else value


Urls = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Served(Strict):
    """A model that somebody serves, and what it costs."""

    base_url: Urls = Field((), description="base URL of an OpenAI-compatible server, or a list: a pool of equal ones")
    name: str = Field("", description="the name under which the model is served")
    prompt_price: float = Field(0.0, ge=0, description="money per million tokens read; of any currency, say which")
    completion_price: float = Field(0.0, ge=0, description="money per million tokens written")


class ModelTask(Served):
    """What one stage asks for. Where no model is named here, it is the section's own."""

    FIELDS: ClassVar[tuple[str, ...]] = ()  # what the stage's prompt may name

    use: bool = Field(False, description="true: a model does it")
    prompt: str = Field("", description="Jinja file in place of the built-in prompt; `cotmill prompts` shows those")
    prompt_id: str = Field("", description="filled in by cotmill: name, version and content of the prompt")
    temperature: float = Field(0.6, ge=0, description="of sampling")
    top_p: float = Field(0.95, gt=0, le=1, description="sample among the likeliest tokens of this sum")
    max_tokens: int = Field(4096, ge=1, description="of an answer, its reasoning included")
    samples: int = Field(1, ge=1, description="answers written from scratch, until one passes (best of n)")
    repairs: int = Field(1, ge=0, description="times that each goes back with what is wrong with it")


class UnifyTask(ModelTask):
    """Problem and solution in words -> a program, where rules find none."""

    FIELDS: ClassVar[tuple[str, ...]] = ("problem", "solution")

    temperature: float = Field(0.2, ge=0, description="of sampling")
    repairs: int = Field(2, ge=0, description="times that each goes back with what is wrong with it")


class ComposeTask(ModelTask):
    """Exemplars -> a new program; `compose.generator.share` says how many are written so."""

    FIELDS: ClassVar[tuple[str, ...]] = ("exemplars",)

    temperature: float = Field(0.9, ge=0, description="of sampling (Caco 0.9)")
    top_p: float = Field(1.0, gt=0, le=1, description="sample among the likeliest tokens of this sum")
    max_tokens: int = Field(1024, ge=1, description="of an answer, its reasoning included (Caco 1,024)")
    repairs: int = Field(0, ge=0, description="times that each goes back with what is wrong with it")
    exemplars: int = Field(3, ge=1, description="known programs that are shown")


class ProblemTask(ModelTask):
    """A program and what it did -> a problem in words (Caco, section 3.3)."""

    FIELDS: ClassVar[tuple[str, ...]] = ("code", "input", "answer", "title")


class SolveTask(ModelTask):
    """The problem alone -> a solution (Caco's second call, which cannot copy the program)."""

    FIELDS: ClassVar[tuple[str, ...]] = ("problem",)

    reveal: bool = Field(False, description="true: a repair may be told the right value")
    fallback: bool = Field(True, description="true: where nothing passes, the narration is taken; false: rejected")


class NarrateTask(ModelTask):
    """The trace -> a chain of thought (EGR), or the narration in other words."""

    FIELDS: ClassVar[tuple[str, ...]] = ("problem", "code", "input", "trace", "narration", "answer")

    of: Literal["trace", "narration"] = Field(
        "trace", description="what is put into words: the trace, or the narration"
    )
    reveal: bool = Field(False, description="true: a repair may be told the right value")
    fallback: bool = Field(True, description="true: where nothing passes, the narration is taken; false: rejected")


class JudgeTask(ModelTask):
    """Is the problem solvable, and does the solution answer it (Caco, section 3.4)? Fails closed."""

    FIELDS: ClassVar[tuple[str, ...]] = ("problem", "solution", "answer", "code")

    temperature: float = Field(0.0, ge=0, description="of sampling")
    repairs: int = Field(1, ge=0, description="times that an answer without a verdict goes back")


class CounterfactualTask(ModelTask):
    """The problem with other inputs -> an answer that must be what the program gives for these."""

    FIELDS: ClassVar[tuple[str, ...]] = ("problem",)

    samples: int = Field(2, ge=1, description="answers written from scratch, until one agrees")
    repairs: int = Field(0, ge=0, description="times that an answer that cannot be read goes back")
    cases: int = Field(1, ge=1, description="changed inputs that must all agree")


class ModelSettings(Served):
    """Language models as workers: which stages ask one, and how."""

    in_flight: int = Field(32, ge=1, description="requests at a time at each server, of each worker process")
    attempts: int = Field(8, ge=1, description="times that a call is made which fails for reasons that may pass")
    timeout_s: float = Field(300.0, gt=0, description="for one answer")
    send_seed: bool = Field(True, description="send a seed with each call; false for servers that know none")
    structured: bool = Field(True, description="hold answers to a JSON schema where the server can")
    unify: UnifyTask = Field(default_factory=UnifyTask, description="collect: problem and solution -> program")
    compose: ComposeTask = Field(default_factory=ComposeTask, description="compose: exemplars -> program")
    problem: ProblemTask = Field(default_factory=ProblemTask, description="explain: program -> problem")
    narrate: NarrateTask = Field(default_factory=NarrateTask, description="explain: trace -> solution")
    solve: SolveTask = Field(default_factory=SolveTask, description="explain: problem -> solution")
    judge: JudgeTask = Field(default_factory=JudgeTask, description="prove: is it solvable, does it agree?")
    counterfactual: CounterfactualTask = Field(
        default_factory=CounterfactualTask, description="prove: does it hold for other inputs?"
    )

    def tasks(self) -> Iterator[tuple[str, ModelTask]]:
        """Those in use, in the order of the stages, each with its name."""
        for name in TASKS:
            task: ModelTask = getattr(self, name)
            if task.use:
                yield name, task

    def served(self, task: ModelTask) -> Served:
        """Who answers this task."""
        whose = task if task.name else self
        return Served(
            base_url=task.base_url or self.base_url, name=whose.name, prompt_price=whose.prompt_price,
            completion_price=whose.completion_price,
        )  # fmt: skip


TASKS = ("unify", "compose", "problem", "narrate", "solve", "judge", "counterfactual")


class Budget(Strict):
    """Where a run stops before its end; 0 sets no limit. It can be raised and the run continued."""

    samples: int = Field(0, ge=0, description="exactly so many samples, if there are as many")
    tokens: int = Field(0, ge=0, description="tokens that models read and wrote")
    money: float = Field(0.0, ge=0, description="by the prices of model")
    hours: float = Field(0.0, ge=0, description="of this call")
