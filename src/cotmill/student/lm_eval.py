"""Benchmarks as tasks of EleutherAI's lm-evaluation-harness (0.4.13), graded as Cotmill grades.

    lm_eval run --model hf --model_args pretrained=MODEL --apply_chat_template --include_path OUT --tasks cotmill

`OUT` holds a YAML file and a JSONL file for each benchmark, and the Python file that both need; it can be moved.
Cotmill has to be installed beside the harness.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from cotmill.base.shards import write_text
from cotmill.base.stage import CotmillError
from cotmill.student.benchmarks import Task
from cotmill.student.writers import MAX_TOKENS

__all__ = ["TAG", "write_tasks"]

TAG = "cotmill"  # all tasks together, for --tasks
GRADING = "cotmill_grading"

YAML = """\
task: {name}
tag: {tag}
custom_dataset: !function {grading}.problems
dataset_kwargs:
  file: {file}
test_split: test
output_type: generate_until
doc_to_text: "{{{{problem}}}}"
doc_to_target: "{{{{answer}}}}"
process_results: !function {grading}.process_results
num_fewshot: 0
generation_kwargs:
  until: []
  do_sample: false
  temperature: 0.0
  max_gen_toks: {max_tokens}
metric_list:
  - metric: correct
    aggregation: mean
    higher_is_better: true
  - metric: no_answer
    aggregation: mean
    higher_is_better: false
metadata:
  version: 1.0
"""
PYTHON = '''\
"""Problems of these tasks, and what an answer to one is worth: graded as by `cotmill evaluate`."""

import json
from pathlib import Path

from cotmill.student.benchmarks import Task
from cotmill.student.grade import grade


def problems(file, **_):
    from datasets import Dataset

    lines = (Path(__file__).parent / file).read_text(encoding="utf-8").split("\\n")
    return {"test": Dataset.from_list([json.loads(line) for line in lines if line])}


def process_results(doc, results):
    worth = grade(Task(doc["id"], doc["problem"], doc["answer"], "lm-eval"), results[0])
    return {"correct": float(worth.correct), "no_answer": float(worth.verdict == "no-answer")}
'''


def write_tasks(benchmarks: Sequence[Sequence[Task]], out: Path, max_tokens: int = MAX_TOKENS) -> dict[str, int]:
    """A folder for the harness's --include_path; gives {name of the task: problems}.

    Raises CotmillError where `out` is no new or empty folder, and where two benchmarks have one name.
    """
    named: dict[str, Sequence[Task]] = {}
    for tasks in benchmarks:
        name = f"{TAG}_" + re.sub(r"\W+", "_", tasks[0].of).lower()
        if name in named:
            raise CotmillError(f"two benchmarks are called {name}; rename one file")
        named[name] = tasks
    if not named:
        raise CotmillError("tasks for lm-eval are made of benchmark files: --benchmark FILE")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise CotmillError(f"{out} holds something already; choose another folder with --out")
    for name, tasks in named.items():
        rows = [{"id": task.id, "problem": task.problem, "answer": task.answer} for task in tasks]
        write_text(out / f"{name}.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
        fields = {"name": name, "tag": TAG, "grading": GRADING, "file": f"{name}.jsonl", "max_tokens": max_tokens}
        write_text(out / f"{name}.yaml", YAML.format(**fields))
    write_text(out / f"{GRADING}.py", PYTHON)
    return {name: len(tasks) for name, tasks in named.items()}
