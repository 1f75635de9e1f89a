"""Evaluations: what was asked once stays asked, figures are those of the texts, mistakes are one message."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backends.served import Answer, Server
from cotmill.base.stage import CotmillError
from cotmill.evaluating import Examination, evaluate_model
from cotmill.student.benchmarks import Task
from cotmill.student.evaluate import Settings, evaluate
from cotmill.student.samples import known
from cotmill.student.writers import Written
from flow import making
from student.writing import checkpoint

TASKS = [Task(f"sums-{n}", f"How much is {n} + {'1 + ' * (n % 3)}1?", str(n + 1 + n % 3), "sums") for n in range(12)]


class Pupil:
    """Right three times of four; stops after so many problems where it is told to."""

    def __init__(self, patience: int = 1000, id: str = "pupil") -> None:
        self.id, self.asked, self._patience = id, list[str](), patience

    def write(
        self, problems: Sequence[str], samples: int = 1, temperature: float = 0.0, top_p: float = 1.0,
        max_tokens: int = 1024, seed: int = 0,
    ) -> Iterator[list[Written]]:  # fmt: skip
        by_problem = {task.problem: task for task in TASKS}
        for problem in problems:
            if len(self.asked) == self._patience:
                raise KeyboardInterrupt
            self.asked.append(problem)
            task = by_problem[problem]
            said = task.answer if int(task.id.removeprefix("sums-")) % 4 else "no idea"
            yield [Written(f"Text {number}.\nAnswer: {said}", 5, ended=True) for number in range(samples)]

    def close(self) -> None:
        pass


def silent(*_told: Any) -> None:
    pass


def files(out: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(out.iterdir())}


def test_figures_are_those_of_the_texts(tmp_path: Path) -> None:
    """Nine of twelve are right; each text lies beside its grade, in the order of the tasks."""
    seen: list[tuple[str, int, int]] = []
    found = evaluate(Pupil(), TASKS, Settings(samples=2, temperature=1.0), tmp_path / "E", lambda *it: seen.append(it))
    figures = found["figures"]["sums"]
    assert (figures["questions"], figures["outputs"], figures["accuracy"]["value"]) == (12, 24, 0.75)
    assert figures["tokens"]["value"] == 5
    assert json.loads((tmp_path / "E" / "evaluation.json").read_text()) == found
    rows = [json.loads(line) for line in (tmp_path / "E" / "graded.jsonl").read_text().splitlines()]
    assert [row["task"] for row in rows] == [task.id for task in TASKS]
    assert [row["outputs"][0]["correct"] for row in rows] == [bool(n % 4) for n in range(12)]
    assert seen[0] == ("answered", 0, 12) and ("answered", 12, 12) in seen and seen[-1] == ("graded", 12, 12)


@given(st.integers(0, 12), st.integers(0, 2000))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_goes_on_where_it_was(tmp_path_factory: pytest.TempPathFactory, patience: int, torn: int) -> None:
    """Stopped anywhere, its file of texts torn anywhere: what is whole is not asked again, and all is as if undisturbed."""
    folder = tmp_path_factory.mktemp("E")
    evaluate(Pupil(), TASKS, Settings(), folder / "whole")
    if patience < len(TASKS):
        with pytest.raises(KeyboardInterrupt):
            evaluate(Pupil(patience), TASKS, Settings(), folder / "E")
    else:
        evaluate(Pupil(), TASKS, Settings(), folder / "E")
    outputs = folder / "E" / "outputs.jsonl"
    content = outputs.read_bytes()
    outputs.write_bytes(content[:torn])
    pupil = Pupil()
    evaluate(pupil, TASKS, Settings(), folder / "E")
    assert len(pupil.asked) == len(TASKS) - content[:torn].count(b"\n")
    assert files(folder / "E") == files(folder / "whole")


def test_a_killed_evaluation_loses_nothing(tmp_path: Path) -> None:
    """SIGKILL in the middle; what stood in the file then is not asked again."""
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom student.test_evaluate import TASKS, Pupil\n"
        "from cotmill.student.evaluate import Settings, evaluate\n"
        "evaluate(Pupil(), TASKS, Settings(), Path(sys.argv[1]),\n"
        "         lambda *it: time.sleep(60) if it[:2] == ('answered', 5) else None)\n"
    )
    path = os.pathsep.join(filter(None, (str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", ""))))
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "E")], env=os.environ | {"PYTHONPATH": path}
    )
    outputs = tmp_path / "E" / "outputs.jsonl"
    for _ in range(600):
        if outputs.exists() and outputs.read_bytes().count(b"\n") == 5:
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    pupil = Pupil()
    evaluate(pupil, TASKS, Settings(), tmp_path / "E")
    assert len(pupil.asked) == len(TASKS) - 5
    evaluate(Pupil(), TASKS, Settings(), tmp_path / "whole")
    assert files(tmp_path / "E") == files(tmp_path / "whole")


def test_evaluations_do_not_mix(tmp_path: Path) -> None:
    """Another model, other settings, other tasks, a folder of something else: one message each, and nothing is touched."""
    out = tmp_path / "E"
    evaluate(Pupil(), TASKS, Settings(), out)
    before = making.tree_digest(tmp_path)
    for message, arguments in {
        "of another model": (Pupil(id="other"), TASKS, Settings()),
        "with other settings": (Pupil(), TASKS, Settings(seed=1)),
        "of other tasks": (Pupil(), TASKS[1:], Settings()),
    }.items():
        with pytest.raises(CotmillError, match=message):
            evaluate(*arguments, out)
    assert making.tree_digest(tmp_path) == before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years")
    with pytest.raises(CotmillError, match="holds something else"):
        evaluate(Pupil(), TASKS, Settings(), tmp_path / "mine")
    with pytest.raises(CotmillError, match="nothing to evaluate"):
        evaluate(Pupil(), [], Settings(), tmp_path / "new")
    with pytest.raises(CotmillError, match="two tasks have the id"):
        evaluate(Pupil(), [*TASKS, TASKS[0].__class__(TASKS[0].id, "?", "1", "twin")], Settings(), tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "line", ["{}", "[1]", "nonsense", '{"task": "sums-1", "texts": []}', '{"task": "x", "texts": [1]}']
)
def test_a_damaged_line_is_named(tmp_path: Path, line: str) -> None:
    evaluate(Pupil(), TASKS, Settings(), tmp_path)
    outputs = tmp_path / "outputs.jsonl"
    rows = outputs.read_text().splitlines()
    outputs.write_text("\n".join([rows[0], line, *rows[2:]]) + "\n")
    with pytest.raises(CotmillError, match="line 2: damaged"):
        evaluate(Pupil(), TASKS, Settings(), tmp_path)


def test_one_at_a_time(tmp_path: Path) -> None:
    """A second evaluation in a folder in which one is under way is told so."""
    refused: list[str] = []

    def meanwhile(_doing: str, done: int, _of: int) -> None:
        if done == 3 and not refused:
            with pytest.raises(CotmillError, match="in use") as caught:
                evaluate(Pupil(), TASKS, Settings(), tmp_path)
            refused.append(str(caught.value))

    evaluate(Pupil(), TASKS, Settings(), tmp_path, meanwhile)
    assert refused


PROGRAMS = {
    "eggs": "laid - eaten) * price|laid, eaten, price|{'laid': 16, 'eaten': 3, 'price': 2}|{'laid': 20, 'eaten': 5, 'price': 3}",
    "half": "n // 2) + 7|n|{'n': 10}|{'n': 31}",
    "both": "a * a) + b * b|a, b|{'a': 3, 'b': 4}|{'a': 5, 'b': 6}",
    "most": "max(xs) - min(xs))|xs|{'xs': [3, 9, 4]}|{'xs': [1, 8, 2, 7]}",
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    seeds, out = tmp_path_factory.mktemp("seeds"), tmp_path_factory.mktemp("run") / "R"
    for name, program in PROGRAMS.items():
        body, names, *inputs = program.split("|")
        lines = f"    first = ({body}\n    second = first + 1\n    return first * second\n"
        (seeds / f"{name}.py").write_text(f"def solution({names}):\n{lines}\ninputs = [{', '.join(inputs)}]\n")
    mixed = "explain.directions=[forward, backward]"
    making.cotmill("run", "grounded", "--seeds", str(seeds), "--out", str(out), "--set", mixed, "--workers", "1")
    return out


@pytest.fixture
def teacher(run: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Answers a run's problems by their own solutions."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    solutions = {each.sample.problem: each.sample.solution for each in known(run)}

    def script(_number: int, body: dict[str, Any]) -> Answer:
        said = {"role": "assistant", "content": solutions[body["messages"][0]["content"]]}
        choice = {"message": said, "finish_reason": "stop"}
        return Answer({"choices": [choice], "usage": {"prompt_tokens": 9, "completion_tokens": 30}})

    server = Server(script)
    yield server
    server.close()


def test_who_tells_the_run_has_true_steps(run: Path, teacher: Server, tmp_path: Path) -> None:
    """Held-out problems of a run, answered by their own solutions: all answers right, all steps verified. The same
    command again sends nothing and says the same."""
    folder, found = evaluate_model("teacher", [teacher.url], Examination(run), tmp_path / "E", silent)
    figures = found["figures"]["held-out"]
    assert figures["questions"] >= 1
    assert figures["accuracy"]["value"] == figures["process"]["verified_outputs"]["value"] == 1.0
    assert figures["process"]["steps"] >= figures["questions"]
    asked, before = len(teacher.asked), making.tree_digest(folder)
    assert evaluate_model("teacher", [teacher.url], Examination(run), tmp_path / "E", silent) == (folder, found)
    assert (len(teacher.asked), making.tree_digest(folder)) == (asked, before)


def test_a_student_is_asked_what_was_kept_from_it(run: Path, teacher: Server, tmp_path: Path) -> None:
    """The ids in its folder decide; a run that lacks them is another run."""
    student = tmp_path / "student"
    student.mkdir()
    names = [each.sample.id for each in known(run)][:3]
    (student / "student.json").write_text(json.dumps({"held_out": names}))
    folder, _ = evaluate_model(str(student), [teacher.url], Examination(run), tmp_path / "E", silent)
    rows = [json.loads(line)["task"] for line in (folder / "graded.jsonl").read_text().splitlines()]
    assert rows == names
    for held_out, message in ((["gone"], "not the run that"), ([], "nothing was held out")):
        (student / "student.json").write_text(json.dumps({"held_out": held_out}))
        with pytest.raises(CotmillError, match=message):
            evaluate_model(str(student), [teacher.url], Examination(run), tmp_path / "F", silent)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["M"], "say what M is asked"),
        (["M", "--run", "nowhere", "--endpoint", "http://127.0.0.1:9"], "nowhere is not a cotmill run"),
        (["M", "--benchmark", "gone.jsonl", "--endpoint", "http://127.0.0.1:9"], "gone.jsonl: no such file"),
        (["M", "--benchmark", "q.jsonl", "--endpoint", "localhost"], "is no base URL"),
        (["M", "--benchmark", "q.jsonl", "--endpoint", "http://127.0.0.1:9"], "is a server running there?"),
    ],
)
def test_mistakes_are_one_message(tmp_path: Path, arguments: list[str], message: str) -> None:
    (tmp_path / "q.jsonl").write_text('{"question": "1 + 1?", "answer": "2"}\n')
    done = making.cotmill("evaluate", *arguments, cwd=tmp_path, status=1)
    assert message in done.stderr and len(done.stderr.splitlines()) == 1, done.stderr


@pytest.mark.parametrize("names", [("a/test.jsonl", "b/test.jsonl"), ("held-out.jsonl",)])
def test_figures_of_two_benchmarks_never_become_one(tmp_path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(json.dumps({"problem": "1 + 1?", "answer": "2", "key": name}) + "\n")
    files = tuple(tmp_path / name for name in names)
    fields = {"id": "key", "problem": "problem", "answer": "answer"}
    with pytest.raises(CotmillError, match="is taken; rename it"):
        evaluate_model("M", ["http://127.0.0.1:9"], Examination(None, files, fields), tmp_path / "E", silent)


@pytest.mark.extra
def test_a_model_answers_benchmark_files(tmp_path: Path) -> None:
    """GSM8K's, MATH's and SVAMP's forms through the command line, by a tiny model made on the spot."""
    checkpoint(tmp_path / "M")
    rows = {
        "gsm.jsonl": {"question": "How much is 2 + 3?", "answer": "2 + 3 = 5\n#### 5"},
        "math.jsonl": {"problem": "What is $1/2$?", "solution": r"It is $\boxed{\frac12}$."},
        "svamp.jsonl": {"Body": "3 eggs, 2 gone.", "Question": "How many are left?", "Answer": 1.0},
    }
    for name, row in rows.items():
        (tmp_path / name).write_text(json.dumps(row) + "\n")
    files = [argument for name in rows for argument in ("--benchmark", name)]
    shared = ("--samples", "2", "--temperature", "0.7", "--max-tokens", "30")
    done = making.cotmill("evaluate", "M", *files, *shared, "--out", "E", cwd=tmp_path)
    assert [name for name in ("gsm ", "math ", "svamp ", "pass@2") if name not in done.stdout] == []
    again = making.cotmill("evaluate", "M", *files, *shared, "--out", "E", "--json", cwd=tmp_path)
    assert json.loads(again.stdout)["figures"]["gsm"]["outputs"] == 2
