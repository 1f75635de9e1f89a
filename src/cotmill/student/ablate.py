"""Students that differ in what they learn from and in nothing else: same tokens, same seeds, same examination.

    OUT/plan.yaml                   what is compared, with what it is made from
    OUT/tokenizer/                  of students from scratch: one for all arms
    OUT/arms/<arm>.parquet          what an arm's students learn from
    OUT/held-out.parquet            what all are examined on; held-out-runs.parquet: the executions behind it
    OUT/laid-out.json               how many samples there were, once all of these are there
    OUT/students/<arm>-<seed>/      model/ and evaluation/ of one student
    OUT/ablation.json               the figures

Students are worked on independently, each by `study`, wherever an engine puts it; a second call does what is missing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice, pairwise
from pathlib import Path
from statistics import fmean
from typing import Any

import yaml

from cotmill.backends.engine import Engine, Task
from cotmill.backends.in_order import in_order
from cotmill.base.chance import content_id
from cotmill.base.recipe import Execute
from cotmill.base.records import Execution, Sample
from cotmill.base.shards import durable_rename, read_shard, write_shard, write_text
from cotmill.base.stage import CotmillError
from cotmill.execute.witnesses import sandbox
from cotmill.student.ablation_plan import AblationPlan
from cotmill.student.arms import ARMS
from cotmill.student.benchmarks import held_out_tasks
from cotmill.student.evaluate import FIGURES, Settings, evaluate
from cotmill.student.figures import Estimate, over_seeds, paired
from cotmill.student.samples import Known
from cotmill.student.split import split
from cotmill.student.writers import local

__all__ = ["FOUND", "Study", "demand_room", "figures", "lay_out", "studies", "study"]

PLAN, COUNTS, FOUND, TOKENIZER = "plan.yaml", "laid-out.json", "ablation.json", "tokenizer"
TOLD_AT_ONCE = 250  # samples
LEARNED_FROM = 4000  # samples of each arm from which the tokenizer is learned


@dataclass(frozen=True, slots=True)
class Study:
    """One student: how it is taught and examined. Picklable, and the same for the same folder and plan."""

    folder: str
    arm: str
    seed: int
    plan: str  # as YAML
    execute: str  # settings of execution, as JSON: answers to backward problems are confirmed by running them

    @property
    def place(self) -> Path:
        return Path(self.folder) / "students" / f"{self.arm}-{self.seed}"


def lay_out(
    known: Sequence[Known], plan: AblationPlan, out: Path, seed: int, engine: Engine, show: Callable[[str], None]
) -> dict[str, Any]:
    """Write what the arms learn from and what their students are examined on; gives the counts.

    Held-out samples are chosen by structure. Raises CotmillError where the samples cannot fill an arm, and where `out`
    holds an ablation of another plan or of other samples.
    """
    parts = split([one.sample for one in known], plan.student.held_out.share, plan.student.held_out.at_most, seed)
    by_id = {one.sample.id: one for one in known}
    held_out = [sample for sample in parts.held_out if sample.direction in _examined(plan)]
    if not held_out:
        raise CotmillError("none of the held-out samples asks what the arms are examined on; run with more programs")
    learned_from = [by_id[sample.id] for sample in parts.train]
    # what takes a part of the samples may lack it: that is said before anything is written or told
    chosen = {name: ARMS[name].select(learned_from, seed) for name in plan.arms if not ARMS[name].each}
    digest = content_id(*(sample.id + sample.solution for sample in (one.sample for one in known)))
    _claim(plan, out, {"made_from": digest, "seed": seed})
    if (out / COUNTS).is_file():
        counts: dict[str, Any] = json.loads((out / COUNTS).read_text(encoding="utf-8"))
        return counts
    texts: list[str] = []
    for name in plan.arms:
        if not _arm(out, name).is_file():  # else it was told before a kill
            show(f"telling for the arm {name}")
            samples = chosen[name] if name in chosen else _told(name, learned_from, seed, engine)
            write_shard(_arm(out, name), Sample, samples)
        first = islice(read_shard(_arm(out, name), Sample), LEARNED_FROM)
        texts += (f"{sample.problem}\n{sample.solution}" for sample in first)
    write_shard(out / "held-out.parquet", Sample, held_out)
    write_shard(out / "held-out-runs.parquet", Execution, [by_id[sample.id].execution for sample in held_out])
    if not plan.student.checkpoint and not (out / TOKENIZER).is_dir():
        _learn_tokenizer(texts, plan.student.vocabulary, out / TOKENIZER)
    counts = {"samples": len(known), "held_out": len(held_out), "dropped": len(parts.dropped)}
    write_text(out / COUNTS, json.dumps(counts) + "\n")
    return counts


def _told(name: str, known: Sequence[Known], seed: int, engine: Engine) -> list[Sample]:
    """Each sample as an arm tells it, parts of them in different places."""
    parts = [known[at : at + TOLD_AT_ONCE] for at in range(0, len(known), TOLD_AT_ONCE)]
    tasks = (Task((number,), _tell, (name, part, seed)) for number, part in enumerate(parts))
    samples = [sample for told in in_order(engine, tasks) for sample in told]
    if not samples:
        raise CotmillError(f"the arm {name} has no samples: {ARMS[name].description}; leave it out")
    return samples


def _tell(name: str, known: Sequence[Known], seed: int) -> list[Sample]:
    return ARMS[name].select(known, seed)


def _examined(plan: AblationPlan) -> set[str]:
    """Directions that students are asked: those that an arm is about, else forward problems."""
    return {"forward", "backward"} if {"forward", "backward", "both"} & set(plan.arms) else {"forward"}


def demand_room(plan: AblationPlan, out: Path, made_from: Mapping[str, Any] | None = None) -> None:
    """Raises CotmillError where `out` holds an ablation of another plan, or made from something else where that is
    given, or anything that is no ablation. Seeds may be added."""
    known = out / PLAN
    if known.exists():
        held = yaml.safe_load(known.read_text(encoding="utf-8"))
        wanted = {**(made_from or {}), **plan.model_dump(mode="json", exclude={"seeds"})}
        if any(held.get(key) != value for key, value in wanted.items()):
            raise CotmillError(f"{out} holds an ablation of another plan or run; choose another folder, or delete it")
    elif out.exists() and any(path.name not in {"run", "drills.jsonl"} for path in out.glob("[!.]*")):
        raise CotmillError(f"{out} holds something else; choose another folder")


def _claim(plan: AblationPlan, out: Path, made_from: Mapping[str, Any]) -> None:
    demand_room(plan, out, made_from)
    text = _yaml({**made_from, **plan.model_dump(mode="json")})
    if not (out / PLAN).exists() or (out / PLAN).read_text(encoding="utf-8") != text:
        write_text(out / PLAN, text)


def _yaml(content: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(content), sort_keys=False)


def _arm(out: Path, name: str) -> Path:
    return out / "arms" / f"{name}.parquet"


def _learn_tokenizer(texts: Iterable[str], vocabulary: int, target: Path) -> None:
    from cotmill.student.tokenizer import learn

    building = target.with_name(f".{target.name}.building")
    learn(texts, vocabulary).save_pretrained(building)
    durable_rename(building, target)


def studies(plan: AblationPlan, out: Path, execute: Execute) -> Iterator[Study]:
    """The students, seed by seed, so that an ablation that is stopped has whole seeds."""
    text = _yaml(plan.model_dump(mode="json"))
    for seed in range(plan.seeds):
        for name in plan.arms:
            yield Study(str(out), name, seed, text, execute.model_dump_json())


def study(one: Study, threads: int) -> dict[str, Any]:
    """Train one student and examine it, or find that done; gives its evaluation."""
    done = one.place / "evaluation" / FIGURES
    if done.is_file() and "figures" in (found := json.loads(done.read_text(encoding="utf-8"))):
        return dict(found)
    from cotmill.backends import extra
    from cotmill.student.train import train

    extra.torch.set_num_threads(threads)
    plan = AblationPlan.model_validate(yaml.safe_load(one.plan))
    out = Path(one.folder)
    samples = list(read_shard(_arm(out, one.arm), Sample))
    held_out = list(read_shard(out / "held-out.parquet", Sample))
    tokenizer = None if plan.student.checkpoint else out / TOKENIZER
    # held-out samples are told as released, and most arms tell otherwise: their loss says nothing
    train(plan.student, samples, held_out, one.place / "model", one.seed, tokenizer=tokenizer, watched=False)
    runs = {run.id: run for run in read_shard(out / "held-out-runs.parquet", Execution)}
    settings = Settings(seed=one.seed, **plan.examination.model_dump())
    writer = local(str(one.place / "model"))
    try:
        with sandbox(Execute.model_validate_json(one.execute), 0) as box:
            return evaluate(
                writer, held_out_tasks(held_out), settings, one.place / "evaluation",
                execution=lambda task: runs[task.id], execute=lambda code, given: box.run(code, given).answer or None,
            )  # fmt: skip
    finally:
        writer.close()


@dataclass(frozen=True, slots=True)
class _Student:
    """What one student did."""

    training: dict[str, Any]
    figures: dict[str, Any]
    correct: tuple[float, ...]  # of each held-out question the share of its texts that were right


def figures(plan: AblationPlan, out: Path, counts: dict[str, Any]) -> dict[str, Any]:
    """The figures of all arms, best first, with the paired differences of each to the next and of the best to all
    others; written to ablation.json."""
    of_arm: dict[str, list[_Student]] = {
        name: [_student(out, name, seed) for seed in range(plan.seeds)] for name in plan.arms
    }
    rows = [_row(name, students) for name, students in of_arm.items()]
    rows.sort(key=lambda row: -row["accuracy"]["value"])
    pairs = [
        {"arm": better["arm"], "than": worse["arm"], "difference": _difference(of_arm, better["arm"], worse["arm"])}
        for better, worse in [*pairwise(rows), *((rows[0], other) for other in rows[2:])]
    ]
    parameters = next(iter(of_arm.values()))[0].training["parameters"]
    found = {
        "description": plan.description, "seeds": plan.seeds, "parameters": parameters,
        "tokens": plan.student.tokens, **counts, "arms": rows, "order": pairs,
    }  # fmt: skip
    write_text(out / FOUND, json.dumps(found, indent=2) + "\n")
    return found


def _student(out: Path, name: str, seed: int) -> _Student:
    place = out / "students" / f"{name}-{seed}"
    training = json.loads((place / "model" / "training.json").read_text(encoding="utf-8"))
    evaluation = json.loads((place / "evaluation" / FIGURES).read_text(encoding="utf-8"))
    rows = (place / "evaluation" / "graded.jsonl").read_text(encoding="utf-8").splitlines()
    correct = tuple(fmean(float(it["correct"]) for it in json.loads(row)["outputs"]) for row in rows)
    return _Student(training, evaluation["figures"]["held-out"], correct)


def _row(name: str, students: Sequence[_Student]) -> dict[str, Any]:
    questions = len(students[0].correct)
    accuracies = [fmean(student.correct) for student in students]

    def mean(*keys: str) -> float | None:
        if keys[0] == "process" and not ARMS[name].narrates:
            return None
        values = [_at(student.figures, keys) for student in students]
        known = [value for value in values if value is not None]
        return round(fmean(known), 6) if known else None

    return {
        "arm": name,
        "description": ARMS[name].description,
        "learned": students[0].training["samples"],
        "tokens": round(fmean(student.training["tokens"] for student in students)),
        "epochs": round(fmean(student.training["epochs"] for student in students), 3),
        "steps": round(fmean(student.training["steps"] for student in students)),
        "left_out": students[0].training["left_out"],
        "questions": questions,
        "accuracy": _figure(over_seeds(accuracies, questions)),
        "of_seeds": [round(accuracy, 6) for accuracy in accuracies],
        "output_tokens": mean("tokens"),
        "unfinished": mean("unfinished"),
        "repetition": mean("repetition"),
        "looping": mean("looping"),
        "verified_steps": mean("process", "verified_steps"),
        "right_by_wrong_steps": mean("process", "right_by_wrong_steps"),
        "first_wrong_step": mean("process", "first_wrong_step"),
        "curves": [student.training["curve"] for student in students],
    }


def _at(figures: Any, keys: Sequence[str]) -> float | None:
    for key in keys:
        figures = figures[key]
    return None if figures is None else float(figures["value"])


def _difference(of_arm: dict[str, list[_Student]], better: str, worse: str) -> dict[str, float]:
    ours, theirs = ([student.correct for student in of_arm[name]] for name in (better, worse))
    return _figure(paired(ours, theirs))


def _figure(estimate: Estimate) -> dict[str, float]:
    return {name: round(value, 6) for name, value in asdict(estimate).items()}
