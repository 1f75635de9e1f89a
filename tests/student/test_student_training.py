"""Training of students, on samples and checkpoints made on the spot."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cotmill.base.records import Sample
from cotmill.base.shards import write_shard
from cotmill.base.stage import CotmillError
from student.learning import MAIN, blank, environment, lessons, tiny

FILES = ("model.safetensors", "training.json", "student.json", "tokenizer.json", "config.json")


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """Threads that wait for each other on a busy machine are slower than one."""
    if importlib.util.find_spec("torch"):
        import torch

        torch.set_num_threads(1)


def run_folder(folder: Path) -> Path:
    """As much of a run as a training reads."""
    (folder / "dataset" / "data").mkdir(parents=True)
    (folder / "recipe.yaml").write_text("")
    write_shard(folder / "dataset" / "data" / "train-00000-of-00001.parquet", Sample, lessons())
    return folder


def model_of(folder: Path) -> Any:
    import transformers

    return transformers.AutoModelForCausalLM.from_pretrained(folder).eval()


@pytest.mark.extra
def test_from_scratch(tmp_path: Path) -> None:
    """The loss falls; the folder says what was learned, what was not, and how; what is there is not trained again."""
    from cotmill.student.train import train

    samples = lessons()
    shown: list[tuple[int, int, float]] = []
    done = train(
        tiny(epochs=12, learning_rate=1e-2),
        samples[6:],
        samples[:6],
        tmp_path / "model",
        3,
        lambda *it: shown.append(it),
    )
    first, last = done["curve"][0], done["curve"][-1]
    assert last["loss"] < 0.5 * first["loss"]
    assert last["held_out_loss"] < first["loss"]
    assert (last["step"], last["tokens"]) == (done["steps"], done["tokens"])
    assert shown[-1][:2] == (done["steps"], done["steps"])
    assert (done["samples"], done["held_out"], done["left_out"]) == (54, 6, 0)
    card = json.loads((tmp_path / "model" / "student.json").read_text())
    assert (card["held_out"], card["seed"]) == ([sample.id for sample in samples[:6]], 3)
    assert card["settings"]["learning_rate"] == 1e-2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model"]
    before = (tmp_path / "model" / "model.safetensors").stat().st_mtime_ns
    assert train(tiny(epochs=12, learning_rate=1e-2), samples[6:], samples[:6], tmp_path / "model", 3) == done
    assert (tmp_path / "model" / "model.safetensors").stat().st_mtime_ns == before


@pytest.mark.extra
def test_a_seed_decides_and_nothing_else(tmp_path: Path) -> None:
    """The same bytes in every file; another seed, other weights."""
    from cotmill.student.train import train

    for name, seed in (("one", 0), ("same", 0), ("other", 1)):
        train(tiny(), lessons(), [], tmp_path / name, seed)
    for file in FILES:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "same" / file).read_bytes(), file
    assert (tmp_path / "one" / FILES[0]).read_bytes() != (tmp_path / "other" / FILES[0]).read_bytes()


@pytest.mark.extra
def test_neighbours_in_a_row_are_not_seen(tmp_path: Path) -> None:
    """What the model says of a sample is the same alone, behind another one, before one, and beside another row."""
    import torch

    from cotmill.student.trainer import begun, collate

    class Tokens:
        eos_token_id, pad_token_id = 0, 0

        def __len__(self) -> int:
            return 50

    model = begun(tiny(layers=3), Tokens()).eval()
    one, two, three = ((*range(3, 20),), 5), ((*range(10, 40),), 9), ((7, 8, 9, 7, 8, 9), 2)

    def logits(*rows: list[Any]) -> Any:
        return model(**collate(rows, 0), use_cache=False).logits[0]  # a model that trains keeps no cache

    alone, behind, between = logits([one]), logits([two, one])[30:], logits([three, one, two], [two, three])[6:23]
    assert torch.allclose(alone, behind, atol=1e-5)
    assert torch.allclose(alone, between, atol=1e-5)
    naive = model(input_ids=collate([[two, one]], 0)["input_ids"], use_cache=False).logits[0, 30:]
    assert not torch.allclose(alone, naive, atol=1e-2)  # what this test would find


@pytest.mark.extra
@pytest.mark.parametrize("settings", [{}, {"packing": True, "max_length": 200}, {"device_batch": 120}])
def test_the_loss_is_that_of_completions(settings: dict[str, Any], tmp_path: Path) -> None:
    """The first loss is the mean over all tokens of completions, and of them alone: however a step is laid out."""
    import torch

    from cotmill.student.plan import passes, steps
    from cotmill.student.tokenizer import encode, learn
    from cotmill.student.trainer import Trainer, arguments

    chosen = tiny(tokens=1, batch=1200, **settings)
    samples = lessons(12)
    tokenizer = learn((sample.solution for sample in samples), 300)
    learned = encode(tokenizer, samples)
    lengths = [len(tokens) for tokens, _ in learned]
    import random

    plan = steps(lengths, chosen, random.Random(0))
    queue = passes(plan, lengths, chosen, 1)[0]
    args = arguments(chosen, tmp_path, 0, len(plan), looked_at=False)
    args.gradient_accumulation_steps = len(queue) // len(plan)
    assert (len(queue) > 1) == ("device_batch" in settings)
    found: list[float] = []
    trainer = Trainer(chosen, tokenizer, learned, [], queue, args, lambda step, steps, loss: found.append(loss))
    model = trainer.model
    total, count = 0.0, 0
    with torch.no_grad():
        for index in plan[0]:
            tokens, prompt = learned[index]
            logits = model(input_ids=torch.tensor([tokens])).logits[0, prompt - 1 : -1]
            total += float(torch.nn.functional.cross_entropy(logits, torch.tensor(tokens[prompt:]), reduction="sum"))
            count += len(tokens) - prompt
    trainer.train()
    assert found[0] == pytest.approx(total / count, rel=1e-4)


@pytest.mark.extra
def test_prompts_teach_nothing(tmp_path: Path) -> None:
    """With the tokens of prompts exchanged in the labels alone, nothing would change: they have none."""
    from cotmill.student.trainer import collate

    made = collate([[((5, 6, 7, 8, 2), 3)], [((5, 9, 2), 1)]], 0)
    assert made["labels"].tolist() == [[-100, -100, -100, 8, 2], [-100, 9, 2, -100, -100]]
    packed = collate([[((5, 6, 7), 2), ((8, 9), 1)]], 0)
    assert packed["labels"].tolist() == [[-100, -100, 7, -100, 9]]
    assert packed["position_ids"].tolist() == [[0, 1, 2, 0, 1]]


@pytest.mark.extra
def test_a_kill_changes_nothing(tmp_path: Path) -> None:
    """Killed with SIGKILL twice, wherever that was: the same bytes in every file."""
    run = run_folder(tmp_path / "run")
    wanted = [
        "hidden=32",
        "layers=1",
        "heads=2",
        "vocabulary=300",
        "batch=400",
        "epochs=20",
        "looks=10",
        "held_out.share=0",
    ]
    command = [*MAIN, "train", "student", str(run), *(word for one in wanted for word in ("--set", one)), "--out"]
    subprocess.run([*command, str(tmp_path / "whole")], check=True, env=environment(), capture_output=True)
    building = tmp_path / ".model.building"
    for last in ("trainer_state.json", "model.safetensors"):  # after a checkpoint, and in the middle of one
        began = {path: path.stat().st_mtime_ns for path in building.glob(f"checkpoint-*/{last}")}
        process = subprocess.Popen([*command, str(tmp_path / "model")], env=environment(), stderr=subprocess.DEVNULL)
        while process.poll() is None and not set(building.glob(f"checkpoint-*/{last}")) - set(began):
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL, "it ended before it was killed"
        assert all(path.stat().st_mtime_ns == made for path, made in began.items() if path.exists()), "it began anew"
        assert not (tmp_path / "model").exists()
    done = subprocess.run([*command, str(tmp_path / "model")], check=True, env=environment(), capture_output=True)
    assert not building.exists()
    for file in FILES:
        assert (tmp_path / "model" / file).read_bytes() == (tmp_path / "whole" / file).read_bytes(), file
    assert b"Warning" not in done.stderr, done.stderr


@pytest.mark.extra
def test_nothing_is_written_elsewhere(tmp_path: Path) -> None:
    """No cache, no telemetry: with an empty home and no network, the folder is all there is."""
    run = run_folder(tmp_path / "run")
    home = tmp_path / "home"
    home.mkdir()
    wanted = ["hidden=32", "layers=1", "heads=2", "vocabulary=300", "tokens=2000", "held_out.share=0"]
    script = (
        "import socket\n"
        "def refuse(*_): raise AssertionError('the network')\n"
        "socket.socket.connect = refuse\n"
        "socket.getaddrinfo = refuse\n"
        "from cotmill.cli import main; main()"
    )
    options = [word for one in wanted for word in ("--set", one)]
    places = {key: value for key, value in environment().items() if not key.startswith(("HF_", "XDG_", "CI"))}
    done = subprocess.run(
        [sys.executable, "-c", script, "train", "student", str(run), "--out", str(tmp_path / "model"), *options],
        env=places | {"HOME": str(home)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "the network" not in done.stderr
    assert list(home.rglob("*")) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "model", "run"]


@pytest.mark.extra
@pytest.mark.parametrize("method", ["full", "lora"])
def test_a_checkpoint_is_tuned(method: str, tmp_path: Path) -> None:
    """In full or by adapters that are merged: a model of the same size, with other weights and a chat template."""
    import torch

    from cotmill.student.train import train

    start = blank(tmp_path / "checkpoint")
    chosen = tiny(checkpoint=str(start), method=method, learning_rate=1e-2, epochs=4)
    done = train(chosen, lessons(24), lessons(4, first=40), tmp_path / "model", 0)
    assert done["curve"][-1]["loss"] < done["curve"][0]["loss"]
    assert not list((tmp_path / "model").glob("adapter*"))
    before, after = model_of(start), model_of(tmp_path / "model")
    assert before.num_parameters() == after.num_parameters() == done["parameters"]
    assert not torch.equal(before.model.layers[0].mlp.up_proj.weight, after.model.layers[0].mlp.up_proj.weight)
    assert torch.equal(before.model.norm.weight, after.model.norm.weight) == (method == "lora")
    assert "Solution:" in (tmp_path / "model" / "chat_template.jinja").read_text()
    assert after.generation_config.eos_token_id in (0, [0])


@pytest.mark.extra
def test_students_can_share_a_tokenizer(tmp_path: Path) -> None:
    """One that was learned before takes the place of the student's own."""
    from cotmill.student.tokenizer import learn
    from cotmill.student.train import train

    learn([sample.problem for sample in lessons()], 310).save_pretrained(tmp_path / "shared")
    train(tiny(), lessons(), [], tmp_path / "model", 0, tokenizer=tmp_path / "shared")
    assert (tmp_path / "model" / "tokenizer.json").read_bytes() == (tmp_path / "shared" / "tokenizer.json").read_bytes()


@pytest.mark.extra
def test_long_samples_are_left_out_whole(tmp_path: Path) -> None:
    """And counted; a data set of nothing else is a message."""
    from cotmill.student.train import train

    long = [replace(sample, solution=sample.solution * 40) for sample in lessons(4)]
    assert train(tiny(max_length=300), [*lessons(20), *long], [], tmp_path / "model", 0)["left_out"] == 4
    with pytest.raises(CotmillError, match="none of 4 samples has at most 300 tokens"):
        train(tiny(max_length=300), long, [], tmp_path / "other", 0)


@pytest.mark.extra
def test_another_training_is_never_mixed_in(tmp_path: Path) -> None:
    """Other samples or settings: one message, and nothing is touched."""
    from cotmill.student.train import train

    train(tiny(tokens=600), lessons(), [], tmp_path / "model", 0)
    for settings, samples, seed in (
        (tiny(tokens=1200), lessons(), 0),
        (tiny(tokens=600), lessons(59), 0),
        (tiny(tokens=600), lessons(), 1),
    ):
        with pytest.raises(CotmillError, match="holds something else"):
            train(settings, samples, [], tmp_path / "model", seed)


@pytest.mark.extra
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"checkpoint": "nowhere"}, "can be read from nowhere"),
    ],
)
def test_a_mistake_is_one_message(changes: dict[str, Any], message: str, tmp_path: Path, monkeypatch) -> None:
    """No traceback of a library."""
    from cotmill.student.train import train

    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nowhere").mkdir()
    with pytest.raises(CotmillError, match=message) as caught:
        train(tiny(**changes), lessons(8), [], tmp_path / "model", 0)
    assert "\n" not in str(caught.value)


@pytest.mark.extra
def test_two_processes_train_one_student(tmp_path: Path) -> None:
    """Through accelerate, on the loopback: the same tokens as one process, nearly the same loss; one of them speaks."""
    run = run_folder(tmp_path / "run")
    wanted = [
        "hidden=32",
        "layers=1",
        "heads=2",
        "vocabulary=300",
        "batch=600",
        "tokens=12000",
        "looks=1",
        "held_out.share=0",
    ]
    command = [
        *MAIN,
        "train",
        "student",
        str(run),
        *(word for one in wanted for word in ("--set", one)),
        "--json",
        "--out",
    ]
    launch = [sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes", "2", "--num_machines",
              "1", "--mixed_precision", "no", "--dynamo_backend", "no", "--main_process_port", "0", "--no_python"]  # fmt: skip
    places = {
        "ACCELERATE_CONFIG_FILE": os.devnull,
        "ACCELERATE_USE_CPU": "true",
    }  # with --cpu it starts one process only
    told = []
    for before, name in (([], "one"), (launch, "two")):
        done = subprocess.run(
            [*before, *command, str(tmp_path / name)], env=environment() | (places if before else {}),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        told.append(json.loads(done.stdout))
    one, two = told
    assert (one["steps"], one["tokens"]) == (two["steps"], two["tokens"])
    for ours, theirs in zip(one["curve"], two["curve"], strict=True):
        assert ours["loss"] == pytest.approx(theirs["loss"], rel=1e-3)


def test_without_the_extra_one_message_says_how_to_get_it(tmp_path: Path) -> None:
    """A training that cannot be: no traceback."""
    run = run_folder(tmp_path / "run")
    script = "import sys; sys.modules['torch'] = None; from cotmill.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script, "train", "student", str(run), "--out", str(tmp_path / "model")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "cotmill: trained models need torch: pip install 'cotmill[train]'\n"
