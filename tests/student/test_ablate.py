"""Ablations: what is compared, what is laid out, and the figures that come of it."""

from __future__ import annotations

import json
import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from cotmill.ablating import ablate
from cotmill.base.alone import alone
from cotmill.base.records import Sample
from cotmill.base.settings_file import RecipeError
from cotmill.base.shards import read_shard
from cotmill.base.stage import CotmillError
from cotmill.collect.drills import drills
from cotmill.student.ablate import Study, figures, lay_out, studies
from cotmill.student.ablation_plan import AblationPlan, ArmName, built_in_plans, load_plan
from cotmill.student.arms import ARMS
from cotmill.student.samples import Known
from cotmill.student.split import structure
from cotmill.view.progress import Quiet
from flow.making import cotmill
from student.known import known_of


class Here:
    """An engine that works on the spot."""

    slots = 1

    def __init__(self) -> None:
        self._tasks: list[Any] = []

    def submit(self, task: Any) -> None:
        self._tasks.append(task)

    def wait(self) -> list[Any]:
        from cotmill.backends.engine import Done

        task = self._tasks.pop(0)
        try:
            return [Done(task, task.call(*task.args))]
        except CotmillError as error:
            return [Done(task, None, error)]

    def close(self) -> None:
        self._tasks.clear()


def some() -> list[Known]:
    """Samples of 24 structures, two inputs each."""
    rows = drills(["branch", "chain"], 24, inputs=2, lines=(2, 5), seed=0)
    return [
        known_of(row["code"], input, f"p{number}.{place}")
        for number, row in enumerate(rows)
        for place, input in enumerate(row["inputs"])
    ]


def plan(**given: Any) -> AblationPlan:
    student = {"checkpoint": "somewhere", "tokens": 1000, "held_out": {"share": 0.25, "at_most": 10}}
    return AblationPlan.model_validate({"arms": ["answer", "narrated", "corrupted-30"], "student": student} | given)


def test_every_arm_can_be_named_in_a_plan() -> None:
    from typing import get_args

    assert set(get_args(ArmName)) == set(ARMS)


def test_built_in_plans_are_read() -> None:
    assert "small" in built_in_plans()
    for name in built_in_plans():
        loaded = load_plan(name)
        assert loaded.seeds >= 3, "an interval needs three seeds"
        assert loaded.description


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("arms=[answr]", "arms.0"),
        ("arms=[answer, answer]", "listed twice"),
        ("student.held_out.share=0", "nobody could be examined"),
        ("student.tokens=0", "compared at equal tokens"),
        ("drills.most=2", "must not be below"),
        ("sedes=3", "did you mean 'seeds'"),
    ],
)
def test_a_mistake_in_a_plan_is_one_message(setting: str, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        load_plan("small", (setting,))


def test_arms_are_told_from_the_same_samples_and_share_nothing_with_what_is_held_out(tmp_path: Path) -> None:
    known = some()
    counts = lay_out(known, plan(), tmp_path / "out", 0, Here(), lambda _: None)
    held_out = list(read_shard(tmp_path / "out" / "held-out.parquet", Sample))
    arms = {name: list(read_shard(tmp_path / "out" / "arms" / f"{name}.parquet", Sample)) for name in plan().arms}
    assert counts["held_out"] == len(held_out) > 0
    ids = [{sample.id for sample in samples} for samples in arms.values()]
    assert ids[0] == ids[1] == ids[2]
    examined = {structure(sample) for sample in held_out}
    assert all(structure(sample) not in examined for samples in arms.values() for sample in samples)
    assert all(sample.solution == f"Answer: {sample.answer}" for sample in arms["answer"])
    assert any(
        ours.solution != wrong.solution for ours, wrong in zip(arms["narrated"], arms["corrupted-30"], strict=True)
    )


def test_it_is_laid_out_once_and_a_folder_holds_one_ablation(tmp_path: Path) -> None:
    out, known = tmp_path / "out", some()
    first = lay_out(known, plan(), out, 0, Here(), lambda _: None)
    told = (out / "arms" / "corrupted-30.parquet").stat().st_mtime_ns
    assert lay_out(known, plan(), out, 0, Here(), lambda _: None) == first
    assert (out / "arms" / "corrupted-30.parquet").stat().st_mtime_ns == told
    with pytest.raises(CotmillError, match="another plan or run"):
        lay_out(known, plan(arms=["answer", "narrated"]), out, 0, Here(), lambda _: None)
    with pytest.raises(CotmillError, match="another plan or run"):
        lay_out(known[:-1], plan(), out, 0, Here(), lambda _: None)
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "letter.txt").write_text("mine")
    with pytest.raises(CotmillError, match="something else"):
        lay_out(known, plan(), foreign, 0, Here(), lambda _: None)


def test_seeds_are_added_to_an_ablation(tmp_path: Path) -> None:
    out, known = tmp_path / "out", some()
    first = lay_out(known, plan(), out, 0, Here(), lambda _: None)
    told = {path: path.read_bytes() for path in (out / "arms").iterdir()}
    assert lay_out(known, plan(seeds=5), out, 0, Here(), lambda _: None) == first
    assert {path: path.read_bytes() for path in (out / "arms").iterdir()} == told
    assert "seeds: 5" in (out / "plan.yaml").read_text()


def test_a_file_that_a_kill_left_half_written_is_nobody_s(tmp_path: Path) -> None:
    (tmp_path / ".plan.yaml.tmp").write_text("made_fr")
    assert lay_out(some(), plan(), tmp_path, 0, Here(), lambda _: None)["held_out"]


def test_two_ablations_do_not_meet_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cotmill.ablating.demand", lambda: None)
    with alone(tmp_path), pytest.raises(CotmillError, match="in use by another command"):
        ablate(plan(), None, tmp_path, 1, Quiet(StringIO(), float))
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_what_was_told_before_a_kill_is_not_told_again(tmp_path: Path) -> None:
    known, told = some(), list[str]()
    for out in (tmp_path / "killed", tmp_path / "whole"):
        lay_out(known, plan(), out, 0, Here(), lambda _: None)
    killed = tmp_path / "killed"
    for gone in ("laid-out.json", "arms/corrupted-30.parquet"):
        (killed / gone).unlink()
    lay_out(known, plan(), killed, 0, Here(), told.append)
    assert told == ["telling for the arm corrupted-30"]
    for path in (tmp_path / "whole").rglob("*.*"):
        assert (killed / path.relative_to(tmp_path / "whole")).read_bytes() == path.read_bytes()


def test_no_run_is_made_in_a_folder_that_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cotmill.ablating.demand", lambda: None)
    foreign, other = tmp_path / "foreign", tmp_path / "other"
    foreign.mkdir()
    (foreign / "letter.txt").write_text("mine")
    lay_out(some(), plan(arms=["answer", "narrated"]), other, 0, Here(), lambda _: None)
    for out, message in ((foreign, "something else"), (other, "another plan")):
        before = sorted(out.rglob("*"))
        with pytest.raises(CotmillError, match=message):
            ablate(plan(), None, out, 1, Quiet(StringIO(), float))
        assert sorted(out.rglob("*")) == before


def test_an_arm_that_cannot_be_filled_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CotmillError, match="explain\\.directions"):
        lay_out(some(), plan(arms=["answer", "backward"]), tmp_path / "out", 0, Here(), lambda _: None)
    assert not (tmp_path / "out").exists()  # the same folder takes the plan without it


def test_an_arm_without_samples_is_no_arm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cotmill.student.ablate._tell", lambda _name, _known, _seed: [])
    with pytest.raises(CotmillError, match="the arm answer has no samples: the final answer alone"):
        lay_out(some(), plan(), tmp_path / "out", 0, Here(), lambda _: None)


def test_students_come_seed_by_seed(tmp_path: Path) -> None:
    from cotmill.base.recipe import Execute

    every = list(studies(plan(seeds=2), tmp_path, Execute()))
    assert [(one.arm, one.seed) for one in every] == [
        (arm, seed) for seed in (0, 1) for arm in ("answer", "narrated", "corrupted-30")
    ]


def written(out: Path, arm: str, seed: int, right: list[bool], steps: float | None = None) -> None:
    """A student's files, as training and evaluation leave them; `steps` is the share of true ones."""
    place = Study(str(out), arm, seed, "", "").place
    (place / "model").mkdir(parents=True)
    (place / "evaluation").mkdir()
    training = {
        "parameters": 7,
        "samples": 5,
        "left_out": 0,
        "steps": 9,
        "tokens": 100,
        "epochs": 2.0,
        "curve": [{"tokens": 50, "loss": 1.0}],
    }
    (place / "model" / "training.json").write_text(json.dumps(training))
    share = {"value": sum(right) / len(right), "low": 0.0, "high": 1.0}
    process = {"verified_steps": steps and {"value": steps}, "right_by_wrong_steps": None, "first_wrong_step": None}
    found = {"tokens": share, "unfinished": share, "repetition": share, "looping": share, "process": process}
    (place / "evaluation" / "evaluation.json").write_text(json.dumps({"figures": {"held-out": found}}))
    rows = [json.dumps({"outputs": [{"correct": one}]}) for one in right]
    (place / "evaluation" / "graded.jsonl").write_text("\n".join(rows) + "\n")


def test_figures_are_in_order_with_intervals_and_paired_differences(tmp_path: Path) -> None:
    wanted = plan(arms=["answer", "narrated"], seeds=3)
    for seed in range(3):
        written(tmp_path, "answer", seed, [True] * 10 + [False] * 90)
        written(tmp_path, "narrated", seed, [True] * (80 + seed) + [False] * (20 - seed))
    found = figures(wanted, tmp_path, {"samples": 1, "held_out": 100, "dropped": 0})
    assert [row["arm"] for row in found["arms"]] == ["narrated", "answer"]
    best = found["arms"][0]
    assert best["accuracy"]["value"] == pytest.approx(0.81)
    assert best["accuracy"]["low"] < 0.80
    assert best["accuracy"]["high"] > 0.82
    assert best["of_seeds"] == [0.8, 0.81, 0.82]
    (pair,) = found["order"]
    assert (pair["arm"], pair["than"]) == ("narrated", "answer")
    assert 0.5 < pair["difference"]["low"] < 0.71 < pair["difference"]["high"]
    assert json.loads((tmp_path / "ablation.json").read_text()) == found


def test_the_best_arm_is_compared_with_all_others(tmp_path: Path) -> None:
    """Between arms that cannot be told apart the best may still be better than the last."""
    wanted = plan(arms=["answer", "raw-trace", "narrated", "terse"], seeds=3)
    for place, arm in enumerate(wanted.arms):
        for seed in range(3):
            written(tmp_path, arm, seed, [True] * (10 + 20 * place) + [False] * (90 - 20 * place), 0.5)
    found = figures(wanted, tmp_path, {"samples": 1, "held_out": 100, "dropped": 0})
    assert [(pair["arm"], pair["than"]) for pair in found["order"]] == [
        ("terse", "narrated"), ("narrated", "raw-trace"), ("raw-trace", "answer"), ("terse", "raw-trace"),
        ("terse", "answer"),
    ]  # fmt: skip
    # the claim checker does not read a debugger's lines: their steps are neither true nor wrong
    assert [row["verified_steps"] for row in found["arms"]] == [0.5, 0.5, None, 0.5]


@pytest.mark.extra
def test_a_whole_ablation_goes_on_where_it_was(tmp_path: Path) -> None:
    """From drills to the table; a student that is deleted is made again, to the same texts; the others are left alone."""
    few = [
        "drills.programs=80", "arms=[answer, narrated]", "seeds=2", "student.tokens=4000", "student.hidden=16",
        "student.heads=2", "student.layers=1", "student.vocabulary=300", "examination.max_tokens=24",
        "student.held_out.at_most=6",
    ]  # fmt: skip
    command = [
        "ablate",
        "small",
        "--out",
        str(tmp_path / "out"),
        "--workers",
        "1",
        *(w for s in few for w in ("--set", s)),
    ]
    shown = cotmill(*command).stdout
    assert "narrated" in shown
    assert "answer" in shown
    assert (tmp_path / "out" / "plot.svg").is_file()
    students = tmp_path / "out" / "students"
    rows = json.loads((tmp_path / "out" / "ablation.json").read_text())["arms"]
    assert all(4000 <= row["tokens"] < 4000 + 1500 for row in rows), "equal budgets, to within a step"
    texts = (students / "narrated-1" / "evaluation" / "outputs.jsonl").read_bytes()
    weights = (students / "narrated-1" / "model" / "model.safetensors").read_bytes()
    kept = (students / "answer-0" / "model" / "model.safetensors").stat().st_mtime_ns
    found = (tmp_path / "out" / "ablation.json").read_bytes()
    shutil.rmtree(students / "narrated-1")
    cotmill(*command)
    assert (students / "narrated-1" / "model" / "model.safetensors").read_bytes() == weights
    assert (students / "narrated-1" / "evaluation" / "outputs.jsonl").read_bytes() == texts
    assert (students / "answer-0" / "model" / "model.safetensors").stat().st_mtime_ns == kept
    assert (tmp_path / "out" / "ablation.json").read_bytes() == found


def test_the_page_names_every_key_and_arm() -> None:
    from cotmill.student.ablation_plan import Drills, Examination

    page = (Path(__file__).parents[2] / "docs" / "ablations.md").read_text()
    keys = [key for key in AblationPlan.model_fields if key not in {"description", "drills", "student", "examination"}]
    keys += [f"drills.{key}" for key in Drills.model_fields]
    keys += [f"examination.{key}" for key in Examination.model_fields]
    assert [key for key in keys if f"`{key}`" not in page] == []
    assert [arm for arm in ARMS if f"`{arm}`" not in page] == []
