"""The page that is the product: the stages in the order of the data, and what in the recipe turns each on.

Every stage takes a record and gives records or rejects; its shards lie in `RUN/<number>-<name>/`. To add a stage, write
its work function, and give it a line here.

Data comes in by two ways: seeds are read and unified; programs are composed, round by round, of what the rounds before
proved. From `execute.screen` on all go one way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from cotmill.backends.conversations import Talk
from cotmill.backends.ladder import Ladder
from cotmill.base.recipe import Recipe, RecipeError
from cotmill.base.records import Draft, Draw, Execution, Program, Question, Sample, Seed, Verified
from cotmill.base.spending import has_prices
from cotmill.base.stage import KeyedStage, Stage
from cotmill.compose.codegen.exemplars import Exemplars
from cotmill.compose.material import Material

__all__ = [
    "SOURCES", "STEPS", "Step", "check", "first_keyed", "folders", "is_learned", "is_trained", "learn", "materials_of",
    "plan", "train", "trains", "way",
]  # fmt: skip

AnyStage = Stage[Any, Any] | KeyedStage[Any, Any]


def unify(recipe: Recipe, folder: Path) -> AnyStage:
    """A seed -> a program of the unified form."""
    from cotmill.collect.unify import unify

    return Stage("collect.unify", 2, Seed, Program, unify)


def unify_llm(recipe: Recipe, folder: Path) -> AnyStage:
    """A seed -> a program of the unified form; by a model where rules find none and an answer is known."""
    from cotmill.collect.unify_llm import unifier
    from cotmill.execute.trial import Trial
    from cotmill.prove.answer import equal_json

    trial = Trial(recipe.execute, equal_json)
    talk = partial(unifier, try_out=trial, same=equal_json)
    what = ("collect.unify_llm", 1, Seed, Program)
    return _talking(recipe, folder, "unify", what, talk, trial.close, cpu_seconds=lambda: trial.cpu_seconds)


def draw(recipe: Recipe, folder: Path) -> AnyStage:
    """A place in a round -> a program made of proven ones."""
    from cotmill.compose.draw import Drawer
    from cotmill.execute.answers import Answers

    answers = Answers(recipe.execute)
    exemplars = _exemplars(recipe, folder) if recipe.model.compose.use else None
    drawer = Drawer(
        recipe.compose, recipe.seed, partial(materials_of, folder), answers, folder / "calls" / "generator", exemplars
    )

    def let_go() -> None:
        answers.close()
        if exemplars is not None:
            exemplars.close()

    return Stage(
        "compose.draw", 1, Draw, Program, drawer, ahead=drawer.ahead, few=recipe.shard_pairs, close=let_go,
        cpu_seconds=lambda: answers.cpu_seconds, counts=lambda: exemplars.ladder.counts if exemplars else {},
    )  # fmt: skip


def _exemplars(recipe: Recipe, folder: Path) -> Exemplars:
    """Known programs -> a new one, by a model that was not trained for it."""
    from cotmill.backends.model_tasks import ladder, reach

    asked = ladder(recipe, folder, "compose", "compose.draw")
    return Exemplars(asked, partial(reach, recipe.model, "compose", folder), recipe.model.compose.exemplars)


def screen(recipe: Recipe, folder: Path) -> AnyStage:
    """Rules that need no run."""
    from cotmill.execute.rules import screen

    return Stage("execute.screen", 1, Program, Program, partial(screen, settings=recipe.execute))


def run(recipe: Recipe, folder: Path) -> AnyStage:
    """Each program on each input: traced, again elsewhere, compared; rules that need a run."""
    from cotmill.execute.run import Executor
    from cotmill.prove.answer import equal_json

    executor = Executor(recipe.execute, equal_json)
    return Stage(
        "execute.run", 1, Program, Execution, executor, ahead=executor.ahead,
        close=executor.close, facts=executor.facts, cpu_seconds=lambda: executor.cpu_seconds,
    )  # fmt: skip


def problem(recipe: Recipe, folder: Path) -> AnyStage:
    """An execution -> a question in words."""
    from cotmill.explain.problem import pose

    work = partial(pose, seed=recipe.seed, directions=recipe.explain.directions)
    return Stage("explain.problem", 2, Execution, Question, work)


def problem_llm(recipe: Recipe, folder: Path) -> AnyStage:
    """An execution -> a question by a model; where none passes, the one in Cotmill's words stays."""
    from cotmill.explain.problem_llm import poser

    talk = partial(poser, seed=recipe.seed, directions=recipe.explain.directions)
    return _talking(recipe, folder, "problem", ("explain.problem_llm", 1, Execution, Question), talk)


def narrate(recipe: Recipe, folder: Path) -> AnyStage:
    """The trace -> a chain of thought."""
    from cotmill.explain.narrate import NarrateSettings, narrator

    settings = NarrateSettings(recipe.explain.max_tokens, recipe.explain.styles, recipe.seed)
    return Stage("explain.narrate", 2, Question, Draft, narrator(settings))


def narrate_llm(recipe: Recipe, folder: Path) -> AnyStage:
    """The trace -> a chain of thought by a model; where none passes, the narration stays."""
    from cotmill.explain.narrate_llm import translator
    from cotmill.prove.objections import object_to

    task = recipe.model.narrate
    check = partial(object_to, min_coverage=recipe.prove.min_coverage, reveal=task.reveal)
    talk = partial(translator, check=check, of=task.of, fallback=task.fallback)
    return _talking(recipe, folder, "narrate", ("explain.narrate_llm", 1, Draft, Draft), talk)


def solve_llm(recipe: Recipe, folder: Path) -> AnyStage:
    """The problem alone -> a solution by a model; where none passes, the narration stays."""
    from cotmill.explain.solve_llm import solver
    from cotmill.prove.objections import object_to

    task = recipe.model.solve
    check = partial(object_to, min_coverage=recipe.prove.min_coverage, reveal=task.reveal)
    talk = partial(solver, check=check, fallback=task.fallback)
    return _talking(recipe, folder, "solve", ("explain.solve_llm", 1, Draft, Draft), talk)


def ground(recipe: Recipe, folder: Path) -> AnyStage:
    """Every claim of the solution against the trace; the final answer against the output. Fails closed."""
    from cotmill.prove.directions import prove_ground

    return Stage("prove.ground", 2, Draft, Verified, partial(prove_ground, min_coverage=recipe.prove.min_coverage))


def counterfactual(recipe: Recipe, folder: Path) -> AnyStage:
    """Problem and program on other inputs: a model solves the one, the other is run. Fails closed."""
    from cotmill.execute.answers import Answers
    from cotmill.prove.counterfactual import counterfactual

    answers = Answers(recipe.execute)
    talk = partial(counterfactual, seed=recipe.seed, cases=recipe.model.counterfactual.cases, answers=answers)
    what = ("prove.counterfactual", 1, Verified, Verified)
    return _talking(
        recipe, folder, "counterfactual", what, talk, answers.close, cpu_seconds=lambda: answers.cpu_seconds
    )


def judge(recipe: Recipe, folder: Path) -> AnyStage:
    """A model's verdict on what models wrote: is it solvable, do solution and program answer it? Fails closed."""
    from cotmill.prove.judge import SCHEMA, judge

    return _talking(recipe, folder, "judge", ("prove.judge", 1, Verified, Verified), judge, schema=SCHEMA)


def sample(recipe: Recipe, folder: Path) -> AnyStage:
    """A proven draft -> a row of the data set."""
    from cotmill.publish.sample import to_sample

    return Stage("publish.sample", 3, Verified, Sample, to_sample)


def dedup(recipe: Recipe, folder: Path) -> AnyStage:
    """One sample per program, input and question; also brings the samples into the order of the data set."""
    from cotmill.publish.dedup import KEYS, keep_first

    return KeyedStage("publish.dedup", 2, Sample, Sample, KEYS[recipe.publish.dedup], keep_first)


def _talking(
    recipe: Recipe,
    folder: Path,
    task: str,
    what: tuple[str, int, type, type],  # name, version, record taken, record given
    talk: Callable[[Ladder], Callable[[Any], Talk[Any]]],
    close: Callable[[], None] = lambda: None,
    schema: dict[str, Any] | None = None,
    cpu_seconds: Callable[[], float] = lambda: 0.0,
) -> AnyStage:
    """A stage that asks a model: a shard's records are talked over at a time."""
    from cotmill.backends.conversations import Conversations
    from cotmill.backends.model_tasks import ladder, reach

    name, version, takes, gives = what
    asked = ladder(recipe, folder, task, name, schema)
    work = Conversations(partial(reach, recipe.model, task, folder), talk(asked))

    def let_go() -> None:
        work.close()
        close()

    return Stage(
        name, version, takes, gives, work, ahead=work.ahead, few=recipe.shard_pairs, close=let_go,
        counts=lambda: asked.counts, cpu_seconds=cpu_seconds,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the flow."""

    name: str
    build: Callable[[Recipe, Path], AnyStage]  # called where the work is done, with the run's folder
    wanted: Callable[[Recipe], bool] = lambda recipe: True
    keyed: bool = False  # sees all records with the same key together
    only: Literal["", "seeds", "draws"] = ""  # of which way it is a part; empty: of both


SOURCES = "collect.sources"  # outside rows -> Seeds; done by the runner, since it is where shards begin

STEPS = (
    Step("collect.unify", unify, lambda recipe: not recipe.model.unify.use, only="seeds"),
    Step("collect.unify_llm", unify_llm, lambda recipe: recipe.model.unify.use, only="seeds"),
    Step("compose.draw", draw, lambda recipe: recipe.compose.rounds > 0, only="draws"),
    Step("execute.screen", screen, lambda recipe: bool(recipe.execute.rules)),
    Step("execute.run", run),
    Step("explain.problem", problem, lambda recipe: not recipe.model.problem.use),
    Step("explain.problem_llm", problem_llm, lambda recipe: recipe.model.problem.use),
    Step("explain.narrate", narrate),
    Step("explain.narrate_llm", narrate_llm, lambda recipe: recipe.model.narrate.use),
    Step("explain.solve_llm", solve_llm, lambda recipe: recipe.model.solve.use),
    Step("prove.ground", ground),
    Step("prove.counterfactual", counterfactual, lambda recipe: recipe.model.counterfactual.use),
    Step("prove.judge", judge, lambda recipe: recipe.model.judge.use),
    Step("publish.sample", sample),
    Step("publish.dedup", dedup, keyed=True),
)


def plan(recipe: Recipe) -> tuple[Step, ...]:
    """The steps that this recipe turns on, in order."""
    return tuple(step for step in STEPS if step.wanted(recipe))


def first_keyed(recipe: Recipe) -> int:
    """Number of the first step that waits for all shards of the one before it."""
    return next(number for number, step in enumerate(plan(recipe), start=1) if step.keyed)


def folders(recipe: Recipe) -> tuple[str, ...]:
    """Names of the shard folders: the sources, then one per step."""
    names = (SOURCES, *(step.name for step in plan(recipe)))
    return tuple(f"{number:02d}-{name}" for number, name in enumerate(names, start=1))


def way(recipe: Recipe, *, drawn: bool) -> list[int]:
    """Numbers of the folders that a shard goes through, the sources' (0) first; draws begin with their own step."""
    other = "seeds" if drawn else "draws"
    steps = [number for number, step in enumerate(plan(recipe), start=1) if step.only != other]
    return steps if drawn else [0, *steps]


def materials_of(folder: Path, number: int) -> Path:
    """Where a run keeps what it knows behind a round; round 0 is the seeds."""
    return folder / "models" / f"round-{number:02d}"


def is_learned(folder: Path, number: int) -> bool:
    """Whether `learn` has been here to its end, and nobody deleted a file since."""
    from cotmill.compose.rounds import FILES

    return all((materials_of(folder, number) / name).is_file() for name in FILES)


def learn(recipe: Recipe, folder: Path, number: int, composed: Iterable[Program], proven: Iterable[Execution]) -> None:
    """What a round brought -> what the next can be made of, in `materials_of(folder, number)`."""
    from cotmill.compose.rounds import learn

    earlier = materials_of(folder, number - 1) if number else None
    learn(recipe.compose, number, composed, proven, earlier, materials_of(folder, number))


def trains(recipe: Recipe) -> bool:
    """Whether a code generator is to be trained: a share is written, and nobody else writes it."""
    generator = recipe.compose.generator
    return generator.share > 0 and not generator.endpoints and not recipe.model.compose.use


def is_trained(recipe: Recipe, folder: Path, number: int) -> bool:
    """Whether the code generator for the round behind this one is there, or none is wanted."""
    from cotmill.compose.author import FOLDER

    return not trains(recipe) or (materials_of(folder, number) / FOLDER).is_dir()


def train(
    recipe: Recipe,
    programs: Sequence[Material],
    target: Path,
    show: Callable[[int, int, float], None] = lambda step, steps, loss: None,
) -> dict[str, Any]:
    """Proven programs -> a code generator; gives what its training.json says."""
    from cotmill.compose.codegen.augment import augmented
    from cotmill.compose.codegen.train import train
    from cotmill.execute.answers import Answers

    settings = recipe.compose.generator
    answers = Answers(recipe.execute)
    try:
        learned = augmented(programs, settings.augment, recipe.seed, answers) if settings.augment else programs
    finally:
        answers.close()
    return train(settings, learned, target, recipe.seed, show)


def check(recipe: Recipe) -> None:
    """What can be wrong with a recipe beyond its form. Raises RecipeError, and CotmillError for URLs that cannot be."""
    from cotmill.backends.model_http import base_url
    from cotmill.backends.model_tasks import check_models
    from cotmill.execute.rules import check_names

    check_names(recipe.execute)
    check_models(recipe.model)
    if recipe.budget.money and not has_prices(recipe.model):
        raise RecipeError(
            "budget.money needs prices; add --set model.prompt_price=PRICE --set model.completion_price=PRICE, each "
            "for a million tokens"
        )
    generator = recipe.compose.generator
    for url in generator.endpoints:
        base_url(url)
    if recipe.model.compose.use and generator.endpoints:
        raise RecipeError("model.compose and compose.generator.endpoints both write programs; use one of them")
    if recipe.model.compose.use and recipe.compose.rounds and not generator.share:
        raise RecipeError(
            "model.compose is used and writes no share of the programs; add --set compose.generator.share=0.5"
        )
    if recipe.compose.rounds and trains(recipe):
        from cotmill.backends.needs import demand

        demand()
