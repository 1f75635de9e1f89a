"""The page that is the product: the stages in the order of the data, and what in the recipe turns each on.

Every stage takes a record and gives records or rejects; its shards lie in `RUN/<number>-<name>/`. To add a stage, write
its work function, and give it a line here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from cotmill.base.recipe import Recipe
from cotmill.base.records import Draft, Execution, Program, Question, Sample, Seed, Verified
from cotmill.base.stage import KeyedStage, Stage

__all__ = ["SOURCES", "STEPS", "Step", "check", "folders", "plan"]

AnyStage = Stage[Any, Any] | KeyedStage[Any, Any]


def unify(recipe: Recipe) -> AnyStage:
    """A seed -> a program of the unified form."""
    from cotmill.collect.unify import unify

    return Stage("collect.unify", 1, Seed, Program, unify)


def screen(recipe: Recipe) -> AnyStage:
    """Rules that need no run."""
    from cotmill.execute.rules import screen

    return Stage("execute.screen", 1, Program, Program, partial(screen, settings=recipe.execute))


def run(recipe: Recipe) -> AnyStage:
    """Each program on each input: traced, again elsewhere, compared; rules that need a run."""
    from cotmill.execute.run import Executor
    from cotmill.prove.answer import equal_json

    executor = Executor(recipe.execute, equal_json)
    return Stage(
        "execute.run", 1, Program, Execution, executor, ahead=executor.ahead,
        close=executor.close, facts=executor.facts, cpu_seconds=lambda: executor.cpu_seconds,
    )  # fmt: skip


def problem(recipe: Recipe) -> AnyStage:
    """An execution -> a question in words."""
    from cotmill.explain.problem import pose

    work = partial(pose, seed=recipe.seed, directions=recipe.explain.directions)
    return Stage("explain.problem", 1, Execution, Question, work)


def narrate(recipe: Recipe) -> AnyStage:
    """The trace -> a chain of thought."""
    from cotmill.explain.narrate import NarrateSettings, narrator

    settings = NarrateSettings(recipe.explain.max_tokens, recipe.explain.styles, recipe.seed)
    return Stage("explain.narrate", 1, Question, Draft, narrator(settings))


def ground(recipe: Recipe) -> AnyStage:
    """Every claim of the solution against the trace; the final answer against the output. Fails closed."""
    from cotmill.prove.ground import prove_ground

    return Stage("prove.ground", 1, Draft, Verified, partial(prove_ground, min_coverage=recipe.prove.min_coverage))


def sample(recipe: Recipe) -> AnyStage:
    """A proven draft -> a row of the data set."""
    from cotmill.publish.sample import to_sample

    return Stage("publish.sample", 1, Verified, Sample, to_sample)


def dedup(recipe: Recipe) -> AnyStage:
    """One sample per program, input and question; also brings the samples into the order of the data set."""
    from cotmill.publish.dedup import KEYS, keep_first

    return KeyedStage("publish.dedup", 1, Sample, Sample, KEYS[recipe.publish.dedup], keep_first)


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the flow."""

    name: str
    build: Callable[[Recipe], AnyStage]  # called where the work is done
    wanted: Callable[[Recipe], bool] = lambda recipe: True
    keyed: bool = False  # sees all records with the same key together


SOURCES = "collect.sources"  # outside rows -> Seeds; done by the runner, since it is where shards begin

STEPS = (
    Step("collect.unify", unify),
    Step("execute.screen", screen, lambda recipe: bool(recipe.execute.rules)),
    Step("execute.run", run),
    Step("explain.problem", problem),
    Step("explain.narrate", narrate),
    Step("prove.ground", ground),
    Step("publish.sample", sample),
    Step("publish.dedup", dedup, keyed=True),
)


def plan(recipe: Recipe) -> tuple[Step, ...]:
    """The steps that this recipe turns on, in order."""
    return tuple(step for step in STEPS if step.wanted(recipe))


def folders(recipe: Recipe) -> tuple[str, ...]:
    """Names of the shard folders: the sources, then one per step."""
    names = (SOURCES, *(step.name for step in plan(recipe)))
    return tuple(f"{number:02d}-{name}" for number, name in enumerate(names, start=1))


def check(recipe: Recipe) -> None:
    """What can be wrong with a recipe beyond its form. Raises RecipeError."""
    from cotmill.execute.rules import check_names

    check_names(recipe.execute)
