"""Files for trainers, made of a run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cotmill.base.stage import CotmillError
from cotmill.exporting import FORMATS, Order, export
from cotmill.prove.answer import equal, extract
from cotmill.prove.directions import check_answer
from cotmill.prove.sentences import first_wrong
from cotmill.student.samples import known
from flow.making import cotmill, samples

ATTEMPTS = 2


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "run"
    cotmill(
        "run",
        "grounded",
        "--limit",
        "40",
        "--set",
        "explain.directions=[forward, forward, backward, variable]",
        "--out",
        str(folder),
    )
    return folder


@pytest.fixture(scope="module")
def exported(run: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], dict[str, Any], Path]:
    """The rows, what the command says of them, and the file."""
    out = tmp_path_factory.mktemp("rows") / "steps.jsonl"
    told = cotmill("export", str(run), "--format", "trl-prm", "--out", str(out), "--negatives", str(ATTEMPTS), "--json")
    return read(out), json.loads(told.stdout), out


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_sample_is_there_and_every_attempt_accounted_for(run: Path, exported: Any) -> None:
    """A proven solution per sample; of each attempt a row or a reason."""
    rows, told, _ = exported
    proven = [row for row in rows if row["first_wrong"] < 0]
    found = samples(run)
    assert [(row["id"], "".join(row["completions"])) for row in proven] == [(s["id"], s["solution"]) for s in found]
    assert all(all(row["labels"]) and row["right_answer"] for row in proven)
    wrong = len(rows) - len(proven)
    assert wrong + sum(told["left_out"].values()) == ATTEMPTS * len(found)
    assert (told["rows"], told["proven"], told["wrong"]) == (len(rows), len(proven), wrong)
    assert wrong > len(found) / 2


def test_of_a_wrong_solution_the_checker_verifies_all_up_to_the_first_wrong_step(run: Path, exported: Any) -> None:
    """Held against the true run once more, from the file alone; and no step before it differs from the true telling."""
    rows, told, _ = exported
    behind = {item.sample.id: item for item in known(run)}
    directions, by_chance = set(), 0
    for row in rows:
        if row["first_wrong"] < 0:
            continue
        item = behind[row["id"].rpartition("/")[0]]
        text, at = "".join(row["completions"]), row["first_wrong"]
        check = check_answer(item.question, text)
        assert check.verdict == "fail"
        assert first_wrong(tuple(row["completions"]), check) == at
        assert row["labels"] == [step < at for step in range(len(row["completions"]))]
        true = item.sample.solution
        begin = sum(map(len, row["completions"][:at]))
        assert true[:begin] == text[:begin]
        assert true[begin:] != text[begin:]
        stated = extract(text)
        assert stated is not None
        assert equal(stated, item.sample.answer) is row["right_answer"]
        directions.add(item.sample.direction)
        by_chance += row["right_answer"]
    assert directions == {"forward", "variable"}
    assert by_chance == told["right_answer_by_wrong_steps"] > 0


def test_the_same_rows_whatever_the_number_of_workers(run: Path, exported: Any, tmp_path: Path) -> None:
    """Chance comes from the sample's id and the seed; another seed makes other slips."""
    _, _, first = exported
    export("trl-prm", Order(tmp_path / "a.jsonl", run, negatives=ATTEMPTS, workers=1))
    export("trl-prm", Order(tmp_path / "b.jsonl", run, negatives=ATTEMPTS, seed=1, workers=2))
    assert (tmp_path / "a.jsonl").read_bytes() == first.read_bytes() != (tmp_path / "b.jsonl").read_bytes()


def test_without_negatives_there_are_the_proven_solutions_alone(run: Path, tmp_path: Path) -> None:
    """And nothing is executed for them."""
    told = export("trl-prm", Order(tmp_path / "a.jsonl", run, negatives=0, workers=1))
    assert (told["wrong"], told["left_out"]) == (0, {})
    assert {row["kind"] for row in read(tmp_path / "a.jsonl")} == {"proven"}


def test_conversations(run: Path, tmp_path: Path) -> None:
    """A prompt of one turn and a completion of the other, in the data set's order."""
    said = cotmill("export", str(run), "--format", "trl", "--out", str(tmp_path / "sub" / "sft.jsonl")).stdout
    found = samples(run)
    assert said == f"wrote {len(found)} rows to {tmp_path / 'sub' / 'sft.jsonl'}\n"
    assert read(tmp_path / "sub" / "sft.jsonl") == [
        {
            "prompt": [{"role": "user", "content": sample["problem"]}],
            "completion": [{"role": "assistant", "content": sample["solution"]}],
            "id": sample["id"],
        }
        for sample in found
    ]


def test_half_a_file_is_never_there(run: Path, tmp_path: Path) -> None:
    """A failure on the way leaves what was there before."""
    out = tmp_path / "steps.jsonl"
    out.write_text("before\n")

    def fail(_text: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export("trl-prm", Order(out, run, workers=1, show=fail))
    assert out.read_text() == "before\n"
    assert [path.name for path in tmp_path.iterdir()] == ["steps.jsonl"]


def test_mistakes_are_one_message(run: Path, tmp_path: Path) -> None:
    """An unknown format names the known ones; a format that needs a run says so; a folder that is none, too."""
    said = cotmill("export", str(run), "--format", "trl-prn", "--out", str(tmp_path / "a"), status=1).stderr
    assert said.startswith("cotmill: no format 'trl-prn'; there are lm-eval, trl, trl-prm")
    for format in ("trl", "trl-prm"):
        assert format in FORMATS
        with pytest.raises(CotmillError, match="is a folder"):
            export(format, Order(tmp_path, run))
        with pytest.raises(CotmillError, match="made of a run"):
            export(format, Order(tmp_path / "a"))
        with pytest.raises(CotmillError, match="not a cotmill run"):
            export(format, Order(tmp_path / "a", tmp_path))
    assert not (tmp_path / "a").exists()


PRM = """
import sys, torch
from datasets import load_dataset
from tokenizers import Tokenizer, models, pre_tokenizers, decoders
from transformers import LlamaConfig, LlamaForTokenClassification, PreTrainedTokenizerFast
from trl.experimental.prm import PRMConfig, PRMTrainer

file, folder = sys.argv[1:]
rows = load_dataset("json", data_files=file, split="train").select(range(8))
letters = {chr(code): code for code in range(256)}
inner = Tokenizer(models.BPE({**{sign: at for at, sign in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}, "<pad>": 256}, []))
inner.pre_tokenizer, inner.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
tokenizer = PreTrainedTokenizerFast(tokenizer_object=inner, pad_token="<pad>", eos_token="<pad>")
config = LlamaConfig(vocab_size=257, hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2,
                     num_labels=2, pad_token_id=256)
settings = PRMConfig(output_dir=folder, max_steps=2, per_device_train_batch_size=2, report_to=[], use_cpu=True,
                     step_separator="", max_length=None, save_strategy="no", disable_tqdm=True, bf16=False)
trainer = PRMTrainer(LlamaForTokenClassification(config), settings, train_dataset=rows, processing_class=tokenizer)
for row, learned in zip(rows, trainer.train_dataset):
    assert tokenizer.decode(learned["input_ids"]) == row["prompt"] + "".join(row["completions"])
    assert [bool(label) for label in learned["labels"] if label != -100] == row["labels"]
loss = trainer.train().training_loss
assert loss == loss and 0 < loss < 10, loss
print("trained", trainer.state.global_step)
"""


@pytest.mark.extra
def test_the_trainer_of_process_reward_models_trains_on_the_file(exported: Any, tmp_path: Path) -> None:
    """Two steps of TRL's PRMTrainer; what it makes of a row is the text, and a label at the end of each step."""
    _, _, out = exported
    command = [sys.executable, "-c", PRM, str(out), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    if "No module named 'trl" in done.stderr:
        pytest.skip("TRL has a PRMTrainer up to 1.13 alone")
    assert done.stdout.endswith("trained 2\n"), done.stderr[-3000:]
