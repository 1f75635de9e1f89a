"""A recipe: one strict object that says everything about a run, from YAML.

An unknown key is an error that names the nearest valid one. `resolve` fills in what depends on the outside (the
seeds' sha256), so that the copy beside the data says exactly what was run; its fingerprint ties the run folder to it.
"""

from __future__ import annotations

import hashlib
import json
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, Field, field_validator

from cotmill.base.difficulty import BANDS, Band
from cotmill.base.model_settings import Budget, ModelSettings
from cotmill.base.settings_file import RecipeError, load, override
from cotmill.base.strict import Strict

__all__ = [
    "CodeGenerator", "Collect", "Compose", "Execute", "Explain", "Isolation", "Limits", "Prove", "Publish", "Recipe",
    "RecipeError", "Source", "built_in", "commented_recipe", "load_recipe",
]  # fmt: skip

RECIPES = Path(__file__).parent.parent / "recipes"


class Source(Strict):
    """Where seeds come from."""

    path: str = Field("", description="file or folder; relative to where cotmill is called; not for `starter`")
    format: str = Field("auto", description="auto, starter, folder, jsonl, parquet, csv, pyedu, pal, asdiv or gsm8k")
    fields: dict[str, str] = Field(default_factory=dict, description="our name of a column -> its name in the file")
    name: str = Field("", description="each sample's source, and the beginning of its ids; by default the file's name")
    sha256: str = Field("", description="filled in by cotmill: the content that this run was made from")


class Collect(Strict):
    """Stage 1: outside data -> programs."""

    seeds: tuple[Source, ...] = Field((Source(format="starter"),), description="the sources, read in order")
    limit: int = Field(0, ge=0, description="read at most this many seeds; 0 reads all")
    max_row_mb: float = Field(4.0, gt=0, description="a larger row is rejected (row-too-large)")


class Limits(Strict):
    """What one program may use."""

    cpu_s: float = Field(5.0, gt=0, description="CPU seconds (EGR 5, Caco 10)")
    wall_s: float = Field(
        30.0, gt=0, description="wall seconds; generous, so that a busy machine fails no good program"
    )
    memory_mb: int = Field(512, ge=16, description="memory beyond the interpreter's own")
    stdout_kb: int = Field(64, ge=0, description="printed output")
    output_kb: int = Field(256, ge=1, description="the encoded output")


class CodeGenerator(Strict):
    """A language model that learns the proven programs and writes more of them (Caco, section 3.2)."""

    share: float = Field(0.0, ge=0, le=1, description="share of candidates that it writes; 0 trains none")
    checkpoint: str = Field(
        "", description="folder or hub name of a model that learns programs as text; empty: a small one from scratch"
    )
    method: Literal["full", "lora"] = Field("full", description="of a checkpoint: all weights, or adapters, merged")
    augment: int = Field(
        0, ge=0, description="recombined programs that run, made for it to learn from beside the proven ones"
    )
    hidden: int = Field(128, ge=8, description="from scratch: width")
    layers: int = Field(2, ge=1, description="from scratch: layers")
    heads: int = Field(4, ge=1, description="from scratch: attention heads")
    steps: int = Field(2000, ge=1, description="steps of training at most")
    batch: int = Field(2048, ge=1, description="tokens of a step, on each device")
    learning_rate: float = Field(
        0.0, ge=0, description="highest; 0: 6e-3 from scratch, 1e-5 for all weights, 2e-4 for adapters"
    )
    patience: int = Field(5, ge=1, description="stop after so many looks at the held-out loss without a lower one")
    temperature: float = Field(0.9, gt=0, description="of sampling (Caco 0.9)")
    top_p: float = Field(1.0, gt=0, le=1, description="sample among the likeliest tokens of this sum")
    max_tokens: int = Field(1024, ge=8, description="longest program in tokens, learned or sampled (Caco 1,024)")
    endpoints: tuple[str, ...] = Field((), description="base URLs of servers that sample; empty: sampled here")
    model: str = Field("", description="endpoints: the name under which they serve the model")
    begin: str = Field(
        "", description="endpoints: what stands before each program, where the tokenizer begins no text by itself"
    )
    in_flight: int = Field(32, ge=1, description="requests under way at a time at each endpoint, of each worker")


class Compose(Strict):
    """Stage 2: programs -> new programs, round by round; what a round proves is material for the next."""

    rounds: int = Field(0, ge=0, description="rounds at most; 0 composes nothing")
    candidates: int = Field(500, ge=1, description="programs that a round tries to compose")
    inputs: int = Field(3, ge=1, description="inputs for each of them")
    new_inputs: float = Field(
        0.2, ge=0, le=1, description="share of candidates that are a proven program with new inputs"
    )
    pool: int = Field(20_000, ge=1, description="proven programs that are material at a time")
    min_novelty: float = Field(
        0.1, ge=0, le=1, description="no further round when a smaller share of candidates became new, proven programs"
    )
    bands: dict[Band, Annotated[float, Field(ge=0)]] = Field(
        default_factory=dict,
        description="shares of easy, middle and hard programs to aim at, as {middle: 1, hard: 3}; empty: as it comes",
    )
    generator: CodeGenerator = Field(default_factory=CodeGenerator, description="a model that writes programs")

    @field_validator("bands")
    @classmethod
    def _some_band(cls, bands: dict[Band, float]) -> dict[Band, float]:
        if bands and not any(bands.values()):
            raise ValueError("at least one band needs a share")
        return {name: bands[name] for name in BANDS if name in bands}  # chance must not depend on their order


Tier = Literal["full", "namespaces", "landlock", "seccomp"]
Layer = Literal[
    "namespaces", "root", "user", "capabilities", "no_new_privs", "not_dumpable", "landlock", "seccomp", "deadline",
    "oom", "cgroup",
]  # fmt: skip


class Isolation(Strict):
    """Which interpreter runs the programs, and what must stand between them and the machine."""

    python: str = Field("", description="interpreter that runs the programs; empty: the one that runs cotmill")
    tiers: tuple[Tier, ...] = Field(
        ("full", "namespaces", "landlock"), min_length=1, description="tiers that are enough (docs/sandbox.md)"
    )
    demand: tuple[Layer, ...] = Field((), description="layers without which nothing is run, whatever the tier")
    together: int = Field(
        32, ge=1, description="programs that may share a process where a screen proves them harmless; 1: none does"
    )


class Execute(Strict):
    """Stage 3: programs -> executions and traces."""

    sandbox: Isolation = Field(default_factory=Isolation, description="what runs and holds the programs")
    limits: Limits = Field(default_factory=Limits, description="what one program may use")
    max_lines: int = Field(300, ge=1, description="line events of a traced run (EGR 300)")
    max_trace_kb: int = Field(4096, ge=1, description="size of a trace")
    rules: tuple[str, ...] = Field((), description="rules that a pair must pass, by reason; docs/recipes.md lists them")
    min_lines: int = Field(6, ge=1, description="for too-few-lines: effective lines of code (Caco 6)")
    allowed_imports: tuple[str, ...] = Field((), description="for forbidden-import: allowed top-level modules")
    max_source_kb: float = Field(64.0, gt=0, description="for source-too-large")
    max_input_kb: float = Field(8.0, gt=0, description="for input-too-large")
    max_output_kb: float = Field(8.0, gt=0, description="for output-too-large")


Usual = Literal[
    "worked", "worked-in-words", "terse", "terse-in-words", "steps", "steps-in-words", "prose", "prose-in-words"
]
Telling = Literal[Usual, "sourced", "sourced-in-words"]


Direction = Literal["forward", "backward", "variable"]


class Explain(Strict):
    """Stage 4: traces -> problems and solutions."""

    directions: tuple[Direction, ...] = Field(
        ("forward",), min_length=1, description="what is asked; chance gives each record one, as often as it is listed"
    )
    max_tokens: int = Field(8192, ge=64, description="words, numbers and marks of a solution; longer ones are folded")
    styles: tuple[Telling, ...] = Field(
        typing.get_args(Usual), min_length=1, description="ways of telling, of which chance gives each record one"
    )


class Prove(Strict):
    """Stage 5: evidence."""

    min_coverage: float = Field(0.0, ge=0, le=1, description="share of the trace's key events that a solution states")


class Publish(Strict):
    """Stage 6: a data set."""

    dedup: Literal["ast", "exact", "off"] = Field("ast", description="ast: names and layout aside; exact: same text")
    rows_per_file: int = Field(20_000, ge=1, description="samples per file of the data set, about")


class Recipe(Strict):
    """Everything about a run except where it goes and on how many workers."""

    name: str = Field("unnamed", description="shown in the report and the card")
    description: str = Field("", description="one line")
    seed: int = Field(0, description="the run's seed: chance = hash(seed, stage, record id)")
    shard_pairs: int = Field(128, ge=1, description="pairs per shard, about; a kill costs at most a shard per worker")
    collect: Collect = Field(default_factory=Collect)
    compose: Compose = Field(default_factory=Compose)
    execute: Execute = Field(default_factory=Execute)
    explain: Explain = Field(default_factory=Explain)
    prove: Prove = Field(default_factory=Prove)
    publish: Publish = Field(default_factory=Publish)
    model: ModelSettings = Field(default_factory=ModelSettings)
    budget: Budget = Field(default_factory=Budget)

    def fingerprint(self) -> str:
        """16 hexadecimal digits: equal for recipes that give the same data. Paths of seeds and prompts may differ, and
        addresses of servers; contents and names of models may not."""
        content = self.model_dump(mode="json", exclude={"description": True, "budget": True})
        for source in content["collect"]["seeds"]:
            source["path"] = ""
        for served in (content["model"], *(content["model"][name] for name, _ in self.model.tasks())):
            served |= dict.fromkeys(("base_url", "prompt_price", "completion_price"))
        for name, task in self.model.tasks():
            if task.prompt_id:
                content["model"][name]["prompt"] = ""
        content["model"] |= dict.fromkeys(("in_flight", "attempts", "timeout_s"))
        generator = content["compose"]["generator"]
        generator["endpoints"] = bool(generator["endpoints"])
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]

    def to_yaml(self) -> str:
        return yaml.safe_dump(self.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=100)


def built_in() -> dict[str, Path]:
    """Name -> file of the recipes that come with cotmill."""
    return {path.stem: path for path in sorted(RECIPES.glob("*.yaml"))}


def load_recipe(
    name_or_path: str, overrides: tuple[str, ...] = (), *, seeds: tuple[Path, ...] = (), limit: int = 0
) -> Recipe:
    """Read a built-in recipe by name, or a file. Raises RecipeError.

    `overrides` are `section.key=value` with YAML values; `seeds` and `limit` take the place of the recipe's own.
    """

    def change(raw: dict[str, Any]) -> None:
        if limit:
            override(raw, f"collect.limit={limit}")
        if seeds:
            collect = raw.setdefault("collect", {})
            if isinstance(collect, dict):
                collect["seeds"] = [{"path": str(seed)} for seed in seeds]

    return load(
        Recipe, name_or_path, built_in(), kind="recipe", listing="cotmill recipes", overrides=overrides, change=change
    )


def commented_recipe(name: str) -> str:
    """A recipe with every key, its default and what it means, as YAML text."""
    recipe = load_recipe("grounded").model_copy(update={"name": name})
    return "\n".join(["# Run it with: cotmill run THIS_FILE --out RUN", *_commented(recipe, "")]) + "\n"


def _commented(model: BaseModel, indent: str) -> Iterator[str]:
    for key, field in type(model).model_fields.items():
        value = getattr(model, key)
        if key == "sha256":
            continue
        if field.description:
            yield f"{indent}# {field.description}"
        if isinstance(value, BaseModel):
            yield f"{indent}{key}:"
            yield from _commented(value, indent + "  ")
        elif key == "seeds":
            yield f"{indent}{key}:"
            for source in value:
                lines = list(_commented(source, f"{indent}    "))
                first = next(number for number, line in enumerate(lines) if not line.strip().startswith("#"))
                lines[first] = f"{indent}  - {lines[first].strip()}"
                yield from lines
        else:
            plain = list(value) if isinstance(value, tuple) else value
            yield f"{indent}{key}: {json.dumps(plain, ensure_ascii=False)}"
