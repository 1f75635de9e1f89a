"""What an ablation compares: one strict object, from YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from cotmill.base.settings_file import load
from cotmill.base.strict import Strict
from cotmill.collect.drills import MODULUS, MOST_LINES
from cotmill.student.settings import StudentSettings

__all__ = ["AblationPlan", "Drills", "Examination", "built_in_plans", "load_plan"]

ABLATIONS = Path(__file__).parent.parent / "ablations"
ArmName = Literal[
    "answer", "raw-trace", "narrated", "worked", "terse", "steps", "sourced", "prose", "corrupted-10", "corrupted-30",
    "forward", "backward", "both", "many-inputs", "many-programs", "round-0", "round-1", "round-2",
]  # fmt: skip


class Drills(Strict):
    """Programs made for the purpose, where no run is given: few lines over single digits."""

    families: tuple[Literal["chain", "reach", "branch", "loop", "items", "until"], ...] = Field(
        ("chain",), min_length=1, description="kinds of lines that a program mixes"
    )
    programs: int = Field(8000, ge=10, description="how many")
    inputs: int = Field(1, ge=1, le=MODULUS, description="inputs of each")
    fewest: int = Field(3, ge=1, le=MOST_LINES, description="lines; a loop or branch counts as one")
    most: int = Field(6, ge=1, le=MOST_LINES, description="lines")
    recipe: str = Field("grounded", description="recipe that makes them samples")
    settings: tuple[str, ...] = Field((), description="of that recipe, as section.key=value")


class Examination(Strict):
    """How the students' answers are drawn."""

    samples: int = Field(1, ge=1, description="texts for each problem")
    temperature: float = Field(0.0, ge=0, description="0: greedy")
    max_tokens: int = Field(512, ge=1, description="longest text")


class AblationPlan(Strict):
    """Students that differ in what they learn from and in nothing else."""

    description: str = Field("", description="one line")
    arms: tuple[ArmName, ...] = Field(
        ("answer", "raw-trace", "narrated", "corrupted-30"), min_length=1, description="docs/ablations.md lists them"
    )
    seeds: int = Field(3, ge=1, description="students of each arm; one says nothing of chance")
    drills: Drills = Field(default_factory=Drills, description="where no run is given")
    student: StudentSettings = Field(description="how each is trained; tokens is the budget of each")
    examination: Examination = Field(default_factory=Examination, description="how each is examined")

    @field_validator("drills")
    @classmethod
    def _some_lines(cls, drills: Drills) -> Drills:
        if drills.most < drills.fewest:
            raise ValueError("most lines must not be below the fewest")
        return drills

    @field_validator("arms")
    @classmethod
    def _distinct(cls, arms: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(arms)) < len(arms):
            raise ValueError("an arm is listed twice")
        return arms

    @field_validator("student")
    @classmethod
    def _comparable(cls, student: StudentSettings) -> StudentSettings:
        if not student.tokens:
            raise ValueError("arms are compared at equal tokens; set tokens, since epochs of them differ in length")
        if not student.held_out.share or not student.held_out.at_most:
            raise ValueError("nothing is held out, so nobody could be examined; set held_out.share and at_most")
        return student


def built_in_plans() -> dict[str, Path]:
    """Name -> file of the plans that come with cotmill."""
    return {path.stem: path for path in sorted(ABLATIONS.glob("*.yaml"))}


def load_plan(name_or_path: str, overrides: tuple[str, ...] = ()) -> AblationPlan:
    """A built-in plan by name, or a file; `overrides` are `section.key=value`. Raises RecipeError."""
    return load(
        AblationPlan, name_or_path, built_in_plans(), kind="plan", listing="cotmill recipes --ablations",
        overrides=overrides,
    )  # fmt: skip
