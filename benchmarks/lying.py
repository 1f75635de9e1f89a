"""What becomes of a model's lies: which answers, wrong in one thing, come into the data set, and what repairs bring.

    COTMILL_SEEDS=folder COTMILL_CLAIMS=folder python benchmarks/lying.py [--case NAME]... [--limit N] \
        [--programs N] [--lies 0.3] [--shown N] [--json]

A run without a model tells what is right: problems, narrations, answers. A scripted model (scripted.py) then knows it
all and lies in a share of its answers, repairs included, in one of the ways of lies.py. Cases:

- polish: rewrites narrations; the check is strict;
- solve: solves problems that it alone is shown; provenance;
- pose: writes problems, and solves them;
- caco: both, and lies as the judge and in the counterfactual check too.

Seeds are the starter set, up to --limit programs of each pyedu*.jsonl in COTMILL_SEEDS, and the word problems of
`human_gsm8k.jsonl` in COTMILL_CLAIMS, whose solutions by people are what the model says where it solves truly.

Bad is a released sample whose solution or problem is, to the letter, a lie that was told of its pair; a lie that is the
truth by chance is none. `released` of `true answers` counts false alarms: a true answer that is not released was not
taken, or came of a problem that was not. A step that is dropped or swapped leaves a text in which nothing is false: bad
samples are counted with and without those. Intervals are Wilson's (1927), 95 %. Status 1 where more than 0.5 % of the
samples of all cases say anything false.
"""

from __future__ import annotations

import argparse
import difflib
import json
import math
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from lies import OMISSION, PROBLEM_LIES, SOLUTION_LIES, Record, lie
from scripted import Reply, Scripted, digest

from cotmill.base.chance import chance
from cotmill.base.recipe import Execute
from cotmill.execute.answers import Answers
from cotmill.explain.wording import as_json
from cotmill.prove.changed import changes, find
from cotmill.prove.counterfactual import TRIED

GOAL = 0.005
SEED = 0  # the recipes' own
TRUE, LIE = "true answers", "lies"
FIELDS = {
    "narrate": ("problem", "narration"), "solve": ("problem",), "problem": ("code", "input"),
    "judge": ("problem", "solution"), "counterfactual": ("problem",),
}  # fmt: skip
TEXTS = {"narrate": "solution", "solve": "solution", "problem": "problem"}  # of a sample, by the task that writes it
UNCOMPOSED = ("model.unify.use=false", "model.compose.use=false", "compose.rounds=0", "compose.generator.share=0")
CASES = {
    "polish": ("grounded-llm", ("narrate",), ("model.narrate.of=narration",)),
    "solve": ("grounded", ("solve",), ("model.solve.samples=2",)),
    "pose": ("grounded", ("problem", "solve"), ("model.solve.samples=2",)),
    "caco": ("caco-llm", ("problem", "solve", "judge", "counterfactual"), UNCOMPOSED),
}
"""Recipe, tasks, settings."""


@dataclass(frozen=True)
class Told:
    """An answer of the model."""

    task: str
    kind: str  # of lie, or TRUE
    id: str  # of the pair
    text: str
    truth: str = ""  # what it would have said


class Liar:
    """The script: knows the truth, and tells it as often as it likes."""

    def __init__(self, records: Sequence[Record], share: float) -> None:
        self._records, self._share = records, share
        self._by_problem = {record.problem: record for record in records}
        self._by_program = {(record.code.strip(), record.input): record for record in records}
        self._changed: dict[str, tuple[Record, dict[str, Any]]] = {}  # problems with changed inputs
        self._answers = Answers(Execute())
        self._lies: dict[str, set[str]] = defaultdict(set)  # by pair
        self.log: list[Told] = []

    def __call__(self, body: bytes, attempt: int) -> Reply:  # noqa: ARG002 - answers are the same each time
        rng = random.Random(digest(body))
        first = next(turn for turn in json.loads(body)["messages"] if turn["role"] == "user")
        told = self._told(json.loads(first["content"]), rng, lies=rng.random() < self._share)
        if told is None:
            return Reply("I do not know this problem.")
        self.log.append(told)
        if told.kind != TRUE:
            self._lies[told.id].add(told.text.strip())
        return Reply(told.text)

    def _told(self, asked: dict[str, str], rng: random.Random, *, lies: bool) -> Told | None:
        task = asked["task"]
        if task == "counterfactual":
            return self._counterfactual(asked["problem"], lies=lies)
        program = (asked.get("code", "").strip(), asked.get("input", ""))
        record = self._by_program.get(program) if task == "problem" else self._by_problem.get(asked["problem"])
        if record is None:
            return None
        if task == "judge":
            return self._judged(record, asked, lies=lies)
        text = record.told if task == "problem" else asked.get("narration", record.solution)
        kinds = PROBLEM_LIES if task == "problem" else SOLUTION_LIES
        kind, wrong = lie(kinds, text, record, rng.choice(self._records), rng) if lies else ("", "")
        if task == "problem":
            self._learn(record, wrong or text)
        return Told(task, kind or TRUE, record.id, wrong or text, text)

    def _learn(self, record: Record, problem: str) -> None:
        """Asked to solve a problem of its own, with these inputs or others, it knows the program behind it."""
        form = as_json(record.answer, chance(SEED, "explain.problem_llm", record.id))
        asked = f"{problem.strip()}\n\n{form}"
        self._by_problem[asked] = record
        found = find(json.loads(record.input), asked)
        for input, text in changes(found, chance(SEED, "prove.counterfactual", record.id), TRIED) if found else ():
            self._changed[text] = record, input

    def _counterfactual(self, problem: str, *, lies: bool) -> Told | None:
        if problem not in self._changed:
            return None
        record, input = self._changed[problem]
        said = record.answer if lies else self._answers(record.code, [input])[0]
        return Told("counterfactual", LIE if lies else TRUE, record.id, f"Answer: {said}")

    def _judged(self, record: Record, asked: dict[str, str], *, lies: bool) -> Told:
        wrong = self._lies[record.id]
        good = not any(_is(asked["solution"], text) or _is(asked["problem"], text) for text in wrong)
        text = json.dumps({"why": "so it seems", "solvable": True, "consistent": good != lies})
        return Told("judge", LIE if lies else TRUE, record.id, text)


def write_seeds(folder: Path, limit: int, programs: int) -> tuple[str, str]:
    """The settings that name them: the starter set, word problems in PAL's form, parts of the PyEdu files."""
    found = [{"format": "starter"}]
    if people := _people():
        lines = (json.dumps(_pal(row)) for row in people)
        found.append({"format": "pal", "path": str(_write(folder / "people.jsonl", lines))})
    if named := os.environ.get("COTMILL_SEEDS"):
        for path in sorted(Path(named).glob("pyedu*.jsonl")):
            rows = path.read_text(encoding="utf-8").splitlines()
            part = _write(folder / path.name, random.Random(0).sample(rows, min(limit, len(rows))))
            found.append({"format": "pyedu", "path": str(part)})
    return f"collect.seeds={json.dumps(found)}", f"collect.limit={programs}"


def _people() -> list[dict[str, Any]]:
    folder = os.environ.get("COTMILL_CLAIMS")
    lines = (Path(folder) / "human_gsm8k.jsonl").read_text(encoding="utf-8").splitlines() if folder else ()
    return [row for row in map(json.loads, lines) if row["kind"] == "OK"]


def _pal(row: dict[str, Any]) -> dict[str, Any]:
    target = float(row["answer"].replace(",", ""))
    return {"input": row["problem"], "code": row["code"].partition("\ninput = ")[0], "target": target}


def _write(path: Path, lines: Iterable[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def truths(run: Path, *, of_people: bool) -> list[Record]:
    """What a run without a model proved; `of_people`: with people's solutions where there are any."""
    people = {row["problem"].strip(): row["solution"] for row in _people()} if of_people else {}
    found = []
    for path in sorted(run.glob("*-prove.ground/*.parquet")):
        for row in pq.read_table(path).to_pylist():
            draft, question = row["draft"], row["draft"]["question"]
            execution = question["execution"]
            own = execution["problem"].strip()
            words = question["problem"].rpartition("\n\n")[0]  # without the form of the answer
            if own in people:  # its own words have the inputs
                words = own
            elif execution["code"].strip() in words:
                words = f"{execution['title']} The input is {execution['input']}. What is the result?"
            program = execution["code"], execution["input"], execution["answer"]
            solution = people.get(own, draft["solution"])
            found.append(Record(row["id"], question["problem"], words, *program, solution))
    return found


def cotmill(out: Path, recipe: str, *settings: str) -> None:
    """Raises CalledProcessError where the run fails."""
    options = [word for setting in settings for word in ("--set", setting)]
    command = [sys.executable, "-c", "from cotmill.cli import main; main()", "run", recipe, *options, "--out", str(out)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def served(folder: Path, url: str, tasks: Sequence[str]) -> Iterator[str]:
    """Settings by which these tasks go to the server, with prompts that it can read."""
    yield from (f"model.base_url={url}", "model.name=liar")
    for task in tasks:
        fields = ", ".join(f'"{name}": {{{{ {name} | tojson }}}}' for name in FIELDS[task])
        text = f'{{% set version = 1 %}}{{% block user %}}{{"task": "{task}", {fields}}}{{% endblock %}}'
        prompt = _write(folder / f"{task}.jinja", [text])
        yield from (f"model.{task}.use=true", f"model.{task}.prompt={prompt}")


def released_of(
    samples: Sequence[dict[str, Any]], log: Sequence[Told]
) -> tuple[Counter[tuple[str, str]], list[tuple[str, Told]]]:
    """How many samples hold an answer of each (task, kind); the lies that are held, each with its sample's problem."""
    said: dict[str, list[Told]] = defaultdict(list)
    for told in log:
        said[told.id].append(told)
    released, bad = Counter[tuple[str, str]](), list[tuple[str, Told]]()
    for sample in samples:
        found = {
            (told.task, told.kind): told
            for told in said[sample["id"]]
            if told.task in TEXTS and _is(sample[TEXTS[told.task]], told.text)
        }
        released.update(found.keys())
        bad.extend((sample["problem"], told) for told in found.values() if told.kind != TRUE)
    return released, bad


def _is(stated: str, text: str) -> bool:
    """To the letter; behind a problem stands the form of its answer."""
    return f"{stated.strip()}\n\n".startswith(f"{text.strip()}\n\n")


def measure(case: str, base: Path, seeds: Sequence[str], share: float, folder: Path) -> dict[str, Any]:
    recipe, tasks, settings = CASES[case]
    records = truths(base, of_people=case != "polish")
    out = folder / case
    with Scripted(Liar, records, share) as server:
        cotmill(out, recipe, *seeds, *settings, *served(folder, server.urls[0], tasks))
        log = server.log()
    samples = [row for path in sorted(out.glob("dataset/data/*.parquet")) for row in pq.read_table(path).to_pylist()]
    released, bad = released_of(samples, log)
    sent = Counter((told.task, told.kind) for told in log)
    stages = json.loads((out / "run.json").read_text(encoding="utf-8"))["stages"]
    return {
        "samples": len(samples), "bad": len({told.id for _, told in bad}),
        "false": len({told.id for _, told in bad if not told.kind.startswith(OMISSION)}),
        "kinds": [[*key, sent[key], released[key]] for key in sorted(sent)],
        "stages": {
            stage["stage"]: {**stage["model"], "rejected": stage["rejected"]} for stage in stages if "model" in stage
        },
        "lies": [{"problem": problem, **asdict(told)} for problem, told in bad],
    }  # fmt: skip


def interval(found: int, total: int) -> tuple[float, float]:
    """Wilson's interval of a share, 95 %."""
    z = 1.96
    share, spread = found / total, z * z / total
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / total + spread / total / 4)
    return max(0.0, middle - half), min(1.0, middle + half)


def shares(found: dict[str, Any]) -> str:
    """How many samples are bad, with and without those in which nothing is false."""
    parts = []
    for name, what in (("bad", "bad"), ("false", "with anything false")):
        low, high = interval(found[name], found["samples"]) if found["samples"] else (0.0, 1.0)
        share = 100 * found[name] / max(1, found["samples"])
        parts.append(f"{found[name]} {what}, {share:.2f} % ({100 * low:.2f} to {100 * high:.2f})")
    return f"of {found['samples']} samples {'; '.join(parts)}"


def show(case: str, found: dict[str, Any], most: int) -> None:
    print(f"{case}: {shares(found)}")
    print(f"  {'task':16}{'what':48}{'sent':>6}{'released':>10}{'share':>9}")
    for task, kind, sent, released in found["kinds"]:
        counts = f"{released:10}{100 * released / sent:8.2f}%" if task in TEXTS else ""
        print(f"  {task:16}{kind:48}{sent:6}{counts}")
    for stage, bill in found["stages"].items():
        for rung, each in bill["rungs"].items():
            asked, passed = each["calls"], each["passed"]
            tokens = (each["prompt_tokens"] + each["completion_tokens"]) / max(1, passed)
            share = f"{100 * passed / max(1, asked):6.1f} %"
            print(f"  {stage:26}{rung:20}{asked:7} asked {passed:7} passed {share} {tokens:8.0f} tokens each")
        for rung, passed in bill["below"].items():
            print(f"  {stage:26}{rung:20}{'':13} {passed:7} taken")
        if bill["rejected"]:
            print(f"  {stage:26}rejected {bill['rejected']}")
    for told in found["lies"][:most]:
        changed = difflib.unified_diff(told["truth"].splitlines(), told["text"].splitlines(), lineterm="", n=2)
        print("-" * 100, f"{told['id']} {told['task']}: {told['kind']}", told["problem"], *list(changed)[2:], sep="\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", action="append", choices=list(CASES))
    parser.add_argument("--limit", type=int, default=60, help="programs of each PyEdu file")
    parser.add_argument("--programs", type=int, default=0, help="in all; 0: as many as there are")
    parser.add_argument("--lies", type=float, default=0.3)
    parser.add_argument("--shown", type=int, default=0, help="released lies to print, of each case")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        seeds = write_seeds(folder, options.limit, options.programs)
        cotmill(folder / "base", "grounded", *seeds)
        for case in options.case or CASES:
            found[case] = measure(case, folder / "base", seeds, options.lies, folder)
            if not options.json:
                show(case, found[case], options.shown)
    whole = {name: sum(each[name] for each in found.values()) for name in ("samples", "bad", "false")}
    print(json.dumps(found) if options.json else f"all: {shares(whole)}")
    return int(whole["false"] > GOAL * whole["samples"])


if __name__ == "__main__":
    sys.exit(main())
