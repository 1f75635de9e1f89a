"""Tasks for EleutherAI's lm-evaluation-harness."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from cotmill.base.stage import CotmillError
from cotmill.student.benchmarks import Task, read_benchmark
from cotmill.student.lm_eval import write_tasks
from flow import making


class Loader(yaml.SafeLoader):
    """Reads the harness's own tag as the harness does: a function of a Python file beside the YAML file."""


Loader.add_constructor("!function", lambda loader, node: str(loader.construct_scalar(node)))


def tasks(folder: Path, name: str = "sums") -> list[Task]:
    rows = [
        {"question": "How much is 2 + 3?", "answer": "2 + 3 = 5\n#### 5"},
        {"question": 'Half of one? {{braces}} \u2028 \\ "quotes"', "answer": "#### 1/2"},
    ]
    path = folder / f"{name}.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return read_benchmark(path)


def loaded(folder: Path, name: str) -> tuple[dict[str, Any], Any]:
    """A task as the harness finds it, and the Python file that it names."""
    config = yaml.load((folder / f"{name}.yaml").read_text(), Loader)
    module, _, function = config["process_results"].partition(".")
    spec = importlib.util.spec_from_file_location(module, folder / f"{module}.py")
    assert spec is not None and spec.loader is not None
    python = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(python)
    assert callable(getattr(python, function))
    return config, python


def test_a_task_is_what_the_harness_reads(tmp_path: Path) -> None:
    """One YAML file for each benchmark, under one tag; metrics are those that the grading gives."""
    found = write_tasks([tasks(tmp_path), tasks(tmp_path, "more sums-2")], tmp_path / "out")
    assert found == {"cotmill_sums": 2, "cotmill_more_sums_2": 2}
    for name in found:
        config, python = loaded(tmp_path / "out", name)
        assert (config["task"], config["tag"], config["output_type"]) == (name, "cotmill", "generate_until")
        doc = {"id": "1", "problem": "How much is 2 + 3?", "answer": "5"}
        assert python.process_results(doc, ["2 + 3 = 5.\nAnswer: 5"]).keys() == {
            it["metric"] for it in config["metric_list"]
        }


@pytest.mark.parametrize(
    ("text", "correct", "no_answer"),
    [("Answer: 5", 1, 0), ("It is $\\boxed{5.0}$", 1, 0), ("Answer: 50", 0, 0), ("I do not know", 0, 1), ("", 0, 1)],
)
def test_answers_are_graded_as_by_evaluate(tmp_path: Path, text: str, correct: int, no_answer: int) -> None:
    write_tasks([tasks(tmp_path)], tmp_path / "out")
    _, python = loaded(tmp_path / "out", "cotmill_sums")
    doc = {"id": "1", "problem": "How much is 2 + 3?", "answer": "5"}
    assert python.process_results(doc, [text]) == {"correct": correct, "no_answer": no_answer}


@pytest.mark.extra
def test_problems_come_back_wherever_the_folder_lies(tmp_path: Path) -> None:
    """Texts as they were, line separators and braces too."""
    asked = tasks(tmp_path)
    write_tasks([asked], tmp_path / "out")
    shutil.move(tmp_path / "out", tmp_path / "elsewhere")
    config, python = loaded(tmp_path / "elsewhere", "cotmill_sums")
    found = python.problems(**config["metadata"], **config["dataset_kwargs"])[config["test_split"]]
    assert list(found) == [{"id": task.id, "problem": task.problem, "answer": task.answer} for task in asked]


def test_mistakes_are_one_message(tmp_path: Path) -> None:
    with pytest.raises(CotmillError, match="two benchmarks are called cotmill_sums"):
        write_tasks([tasks(tmp_path), tasks(tmp_path, "Sums")], tmp_path / "out")
    assert not (tmp_path / "out").exists()
    with pytest.raises(CotmillError, match="holds something already"):
        write_tasks([tasks(tmp_path)], tmp_path)
    told = making.cotmill("export", "--format", "lm-eval", "--out", "E", cwd=tmp_path, status=1)
    assert told.stderr == "cotmill: tasks for lm-eval are made of benchmark files: --benchmark FILE\n"


def test_the_command_writes_the_folder(tmp_path: Path) -> None:
    tasks(tmp_path)
    done = making.cotmill("export", "--format", "lm-eval", "--benchmark", "sums.jsonl", "--out", "E", cwd=tmp_path)
    assert "cotmill_sums 2" in done.stdout
    assert sorted(path.name for path in (tmp_path / "E").iterdir()) == [
        "cotmill_grading.py", "cotmill_sums.jsonl", "cotmill_sums.yaml",
    ]  # fmt: skip
