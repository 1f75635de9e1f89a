"""From a recipe's section `model` to what a stage asks with."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from cotmill.backends.ladder import Ladder
from cotmill.backends.model import Model
from cotmill.backends.model_cache import Journal
from cotmill.backends.model_http import HttpModel, Patience, base_url
from cotmill.backends.prompts import SUFFIX, Prompt, built_in, load_prompt
from cotmill.base.model_settings import ModelSettings, ModelTask, NarrateTask
from cotmill.base.recipe import Recipe, RecipeError

__all__ = ["CALLS", "PROMPTS", "built_in_prompts", "check_models", "ladder", "prompt_of", "reach", "with_prompts"]

CALLS, PROMPTS = "calls", "prompts"  # folders of a run
POLISH = "polish"  # the prompt of model.narrate where it tells the narration anew


def built_in_prompts() -> dict[str, tuple[Prompt, str]]:
    """Name -> prompt and what it is for."""
    found = {}
    for name, path in built_in().items():
        task: Any = ModelSettings.model_fields["narrate" if name == POLISH else name].annotation
        what = "the narration -> the same in other words" if name == POLISH else _first_line(task)
        found[name] = load_prompt(path, name, task.FIELDS), what
    return found


def _first_line(task: type[ModelTask]) -> str:
    return (task.__doc__ or "").partition("\n")[0].rstrip(".")


def prompt_of(name: str, task: ModelTask) -> Prompt:
    """The recipe's own prompt for a task, else the built-in one. Raises CotmillError."""
    own = POLISH if isinstance(task, NarrateTask) and task.of == "narration" else name
    return load_prompt(Path(task.prompt) if task.prompt else built_in()[own], name, task.FIELDS)


def with_prompts(recipe: Recipe) -> tuple[Recipe, dict[str, str]]:
    """The recipe with the id of each prompt in use, and the prompts' texts by task. Raises CotmillError."""
    prompts = {name: prompt_of(name, task) for name, task in recipe.model.tasks()}
    named = {name: task.model_copy(update={"prompt_id": prompts[name].id}) for name, task in recipe.model.tasks()}
    model = recipe.model.model_copy(update=named)
    return recipe.model_copy(update={"model": model}), {name: prompt.text for name, prompt in prompts.items()}


def check_models(settings: ModelSettings) -> None:
    """Whether all that is used is named. Raises RecipeError, and CotmillError for URLs that cannot be."""
    for name, task in settings.tasks():
        served = settings.served(task)
        if not served.base_url or not served.name:
            raise RecipeError(
                f"model.{name} is used and no model is named; add --set model.base_url=http://host:8000/v1 "
                "--set model.name=NAME"
            )
        for url in served.base_url:
            base_url(url)
    if settings.problem.use and not (settings.solve.use or settings.judge.use):
        raise RecipeError("model.problem needs model.solve or model.judge: nothing else checks what the model asks")


def reach(settings: ModelSettings, name: str, run: Path) -> Model:
    """Who answers a task, behind the run's journal of it. Raises CotmillError for URLs that cannot be."""
    served = settings.served(getattr(settings, name))
    patience = Patience(call_s=settings.timeout_s, attempts=settings.attempts)
    http = HttpModel(
        served.base_url, served.name, in_flight=settings.in_flight, patience=patience, structured=settings.structured
    )
    return Journal(run / CALLS / name, served.name, http)


def ladder(recipe: Recipe, run: Path, name: str, stage: str, schema: dict[str, Any] | None = None) -> Ladder:
    """How a stage of a run asks for one task. Raises CotmillError where the run's copy of the prompt is not its own."""
    settings = recipe.model
    task: ModelTask = getattr(settings, name)
    prompt = load_prompt(run / PROMPTS / f"{name}{SUFFIX}", name, task.FIELDS)
    if prompt.id != task.prompt_id:
        raise RecipeError(f"{run / PROMPTS} was changed since the run began; run the same command again")
    seed = recipe.seed if settings.send_seed else None
    return Ladder(stage, task, prompt, settings.served(task).name, seed, Counter(), schema)
