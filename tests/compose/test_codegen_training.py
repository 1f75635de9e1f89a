"""Training and sampling of the code generator, on checkpoints made on the spot."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from compose.checkpoints import INPUT, checkpoint, programs, tokenizer
from cotmill.base.recipe import CodeGenerator, Recipe
from cotmill.base.shards import write_shard
from cotmill.base.stage import CotmillError
from cotmill.compose.material import Candidate, Material

MAIN = [sys.executable, "-c", "from cotmill.cli import main; main()"]


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """Threads that wait for each other on a busy machine are slower than one."""
    if importlib.util.find_spec("torch"):
        import torch

        torch.set_num_threads(1)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkpoint(tmp_path_factory.mktemp("blank") / "checkpoint", programs())


@pytest.fixture(scope="module")
def tuned(blank: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The blank one fine-tuned in full."""
    from cotmill.compose.codegen.train import train

    folder = tmp_path_factory.mktemp("tuned") / "model"
    train(settings(blank), programs(), folder, 0)
    return folder


def settings(path: Path | str = "", **changes) -> CodeGenerator:
    wanted = {"checkpoint": str(path), "steps": 60, "batch": 1024, "learning_rate": 5e-3, "max_tokens": 160}
    return CodeGenerator(**wanted | changes)


def run_folder(folder: Path, generator: CodeGenerator, materials: list[Material]) -> Path:
    """As much of a run as a training reads."""
    recipe = Recipe()
    recipe = recipe.model_copy(update={"compose": recipe.compose.model_copy(update={"generator": generator})})
    folder.mkdir(parents=True)
    (folder / "recipe.yaml").write_text(recipe.to_yaml())
    write_shard(folder / "models" / "round-00" / "pool.parquet", Material, materials)
    return folder


def environment() -> dict[str, str]:
    return {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }


@pytest.mark.extra
def test_fine_tuned_in_full(blank: Path, tuned: Path) -> None:
    """The loss falls, and what the model writes are programs like those it learned."""
    from cotmill.compose.codegen.generator import Generator

    told = json.loads((tuned / "training.json").read_text())
    assert told["held_out_loss"] < 1 < told["curve"][0]["loss"]
    assert (told["programs"], told["held_out"], told["steps"], told["stopped"]) == (26, 1, 60, "steps")
    assert told["tokens"] > told["programs"] * 20
    written = Generator(tuned, settings(blank, temperature=0.4)).sample([random.Random(i) for i in range(16)])
    found = [item for item in written if isinstance(item, Candidate)]
    assert len(found) >= 8, written
    assert len({item.code for item in found}) > 1
    assert all("return total" in item.code and set(json.loads(item.inputs[0])) == {"n", "m"} for item in found)


@pytest.mark.extra
def test_adapters_are_merged(tuned: Path, tmp_path: Path) -> None:
    """LoRA: the loss on other programs falls; the folder is a model by itself, of the checkpoint's size."""
    from cotmill.compose.codegen.generator import Generator
    from cotmill.compose.codegen.train import train

    chosen = settings(tuned, method="lora", learning_rate=1e-2)
    told = train(chosen, programs("m {} n"), tmp_path / "model", 0)
    assert told["held_out_loss"] < 0.8 * told["curve"][0]["loss"]
    assert not list((tmp_path / "model").glob("adapter*"))
    assert told["parameters"] == json.loads((tuned / "training.json").read_text())["parameters"]
    written = Generator(tmp_path / "model", settings(temperature=0.4)).sample([random.Random(i) for i in range(8)])
    found = [item for item in written if isinstance(item, Candidate)]
    assert found, written
    assert all("total = m" in item.code for item in found)


@pytest.mark.extra
def test_from_scratch_as_skeletons(tmp_path: Path) -> None:
    """The same folder, another representation; hidden, layers and heads are the model's."""
    from cotmill.compose.codegen.generator import Generator
    from cotmill.compose.codegen.train import train

    chosen = settings(hidden=32, layers=1, heads=2)
    train(chosen, programs(), tmp_path / "model", 0)
    assert json.loads((tmp_path / "model" / "codegen.json").read_text()) == {"representation": "skeleton"}
    written = Generator(tmp_path / "model", chosen).sample([random.Random(i) for i in range(8)])
    assert any(isinstance(item, Candidate) for item in written), written


@pytest.mark.extra
def test_a_kill_changes_nothing(tmp_path: Path) -> None:
    """Killed with SIGKILL twice, wherever that was: the same bytes in every file."""
    chosen = settings(hidden=32, layers=1, heads=2, steps=200, batch=256, patience=50)
    run = run_folder(tmp_path / "run", chosen, programs())
    command = [*MAIN, "train", "codegen", str(run), "--out"]
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
    subprocess.run([*command, str(tmp_path / "model")], check=True, env=environment(), capture_output=True)
    assert not building.exists()
    for file in ("model.safetensors", "training.json", "config.json", "codegen.json"):
        assert (tmp_path / "model" / file).read_bytes() == (tmp_path / "whole" / file).read_bytes(), file


@pytest.mark.extra
def test_two_processes_train_one_model(blank: Path, tmp_path: Path) -> None:
    """Through accelerate, on the loopback; only one of them speaks."""
    from cotmill.compose.codegen.texts import Texts

    run = run_folder(tmp_path / "run", settings(blank, steps=10), programs())
    launch = [sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes", "2", "--num_machines",
              "1", "--mixed_precision", "no", "--dynamo_backend", "no", "--main_process_port", "0", "--no_python"]  # fmt: skip
    places = {
        "ACCELERATE_CONFIG_FILE": os.devnull,
        "ACCELERATE_USE_CPU": "true",
    }  # with --cpu it starts one process only
    done = subprocess.run(
        [*launch, *MAIN, "train", "codegen", str(run), "--out", str(tmp_path / "model"), "--json"],
        env=environment() | places, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    one = sum(1 for entry in told["curve"] if "loss" in entry)
    assert told["steps"] == 10 == one
    each = len(Texts.load(blank).encode(programs()[0]))  # all are of one length, and two batches hold them
    assert told["tokens"] == 10 * told["programs"] * each
    assert (tmp_path / "model" / "model.safetensors").is_file()


@pytest.mark.extra
def test_it_stops_when_the_held_out_loss_no_longer_falls(tmp_path: Path) -> None:
    """Early, with the weights of the best look; and a training that is over is not trained again."""
    from cotmill.compose.codegen.train import train

    chosen = settings(hidden=32, layers=1, heads=2, steps=1000, batch=512, learning_rate=0.1, patience=2)
    told = train(chosen, programs(), tmp_path / "model", 0)
    assert told["stopped"] == "held-out loss"
    looks = {entry["step"]: entry["held_out_loss"] for entry in told["curve"] if "held_out_loss" in entry}
    assert told["held_out_loss"] == min(looks.values()) == looks[told["best_step"]]
    assert told["steps"] == list(looks)[-1] < 1000
    assert list(looks)[-1] == list(looks)[list(looks).index(told["best_step"]) + 2]
    before = (tmp_path / "model" / "model.safetensors").stat().st_mtime_ns
    assert train(chosen, programs(), tmp_path / "model", 0) == told
    assert (tmp_path / "model" / "model.safetensors").stat().st_mtime_ns == before


@pytest.mark.extra
def test_another_training_is_never_mixed_in(tuned: Path, blank: Path, tmp_path: Path) -> None:
    """Other programs or settings: one message, and nothing is touched."""
    from cotmill.compose.codegen.train import train

    with pytest.raises(CotmillError, match="holds something else"):
        train(settings(blank, steps=61), programs(), tuned, 0)
    building = tmp_path / ".model.building"
    building.mkdir()
    (building / "fingerprint").write_text("another")
    with pytest.raises(CotmillError, match="other data, settings or processes"):
        train(settings(blank), programs(), tmp_path / "model", 0)


@pytest.mark.extra
@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("model.safetensors", b"\x08\0\0\0\0\0\0\0"),
        ("model.safetensors", None),
        ("codegen.json", None),
        ("codegen.json", b"{"),
        ("config.json", b"{}"),
        ("tokenizer.json", b"[]"),
    ],
)
def test_a_damaged_model_is_one_message(tuned: Path, tmp_path: Path, file: str, content: bytes | None) -> None:
    """Whatever is missing or broken."""
    from cotmill.compose.codegen.generator import Generator

    folder = shutil.copytree(tuned, tmp_path / "model")
    (folder / file).unlink() if content is None else (folder / file).write_bytes(content)
    with pytest.raises(CotmillError, match="no code generator can be read from") as caught:
        Generator(folder, settings())
    assert "\n" not in str(caught.value)


@pytest.mark.extra
def test_weights_that_are_missing_are_not_made_up(tuned: Path, tmp_path: Path) -> None:
    """A library would fill them with chance and say so in a log."""
    from safetensors.torch import load_file, save_file

    from cotmill.compose.codegen.generator import Generator

    folder = shutil.copytree(tuned, tmp_path / "model")
    weights = load_file(folder / "model.safetensors")
    weights.pop("model.norm.weight")
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(CotmillError, match="weights are missing"):
        Generator(folder, settings())


@pytest.mark.extra
@pytest.mark.parametrize("path", ["nowhere", "."])
def test_a_checkpoint_that_is_none_is_one_message(tmp_path: Path, path: str) -> None:
    """A name that is no folder, a folder that is no checkpoint."""
    from cotmill.compose.codegen.train import train

    with pytest.raises(CotmillError, match="can be read from"):
        train(settings(tmp_path / path), programs(), tmp_path / "model", 0)


@pytest.mark.extra
def test_texts_come_back() -> None:
    """A program becomes tokens between two marks, and a program again; anything else is a reason."""
    from cotmill.compose.codegen.texts import Texts

    texts = Texts(tokenizer(programs()))
    assert (texts.bos, texts.eos, texts.pad) == (0, 0, 0)  # it has an end token only
    for material in programs():
        tokens = texts.encode(material)
        assert (tokens[0], tokens[-1]) == (texts.bos, texts.eos)
        assert max(tokens) < texts.size
        found = texts.decode(tokens[1:-1], random.Random(0))
        assert found == Candidate("", material.code, (INPUT,), (), "codegen")
        assert isinstance(texts.decode(tokens[1:-9], random.Random(0)), str)
    assert isinstance(texts.decode([texts.size + 7], random.Random(0)), str)


@pytest.mark.extra
def test_a_tokenizer_without_an_end_is_refused() -> None:
    """No program would ever end."""
    from cotmill.compose.codegen.texts import Texts

    endless = tokenizer(programs())
    endless.eos_token = None
    with pytest.raises(CotmillError, match="has no end token"):
        Texts(endless)


@pytest.mark.extra
def test_chance_decides_by_rank_of_probability() -> None:
    """The token at which the running sum passes the chance; forbidden tokens never; top_p cuts the tail off."""
    import torch

    from cotmill.backends.draw import draw

    logits = torch.log(torch.tensor([[0.0, 0.5, 0.3, 0.2, 0.0]]))
    for chance, token in [(0.0, 1), (0.49, 1), (0.51, 2), (0.79, 2), (0.81, 3), (1 - 2**-53, 3)]:
        assert draw(logits, torch.tensor([chance], dtype=torch.float64), 1.0, 1.0).tolist() == [token]
    for chance, token in [(0.0, 1), (0.62, 1), (0.63, 2), (1 - 2**-53, 2)]:  # 0.5 and 0.3 of 0.8
        assert draw(logits, torch.tensor([chance], dtype=torch.float64), 1.0, 0.7).tolist() == [token]
    assert draw(logits, torch.tensor([0.9], dtype=torch.float64), 0.1, 1.0).tolist() == [1]  # cold


@pytest.mark.extra
def test_a_guide_is_obeyed(tuned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it allows is all that is written; it hears every row's newest token, and the pad of those that ended."""
    from cotmill.compose.codegen.generator import Generator
    from cotmill.compose.codegen.texts import Texts

    heard: list[list[int]] = []

    class Counting:
        def __init__(self, sequences: int, size: int) -> None:
            self.step, self.size, self.sequences = 0, size, sequences

        def allowed(self, last):
            heard.append(list(last))
            self.step += 1
            mask = np.zeros((self.sequences, self.size), bool)
            for row in range(self.sequences):
                mask[row, 0 if self.step > row + 1 else 10 + self.step] = True
            return mask

    monkeypatch.setattr(Texts, "guide", lambda self, sequences, limit: Counting(sequences, self.size))
    generator = Generator(tuned, settings())
    generator.sample([random.Random(i) for i in range(3)])
    assert heard == [[0, 0, 0], [11, 11, 11], [0, 12, 12], [0, 0, 13]]


@pytest.mark.extra
def test_a_batch_is_repeatable(tuned: Path) -> None:
    """The same sources of chance, the same programs; another chance, others."""
    from cotmill.compose.codegen.generator import Generator

    generator = Generator(tuned, settings(), threads=1)
    first = generator.sample([random.Random(i) for i in range(6)])
    assert generator.sample([random.Random(i) for i in range(6)]) == first
    assert generator.sample([random.Random(i + 6) for i in range(6)]) != first
    assert generator.sample([]) == []


@pytest.mark.extra
def test_a_plan_wastes_little_and_forgets_nothing() -> None:
    """Every sequence once in each epoch; batches within the budget, alike in length."""
    from cotmill.compose.codegen.corpus import plan

    rng = random.Random(0)
    lengths = [rng.randrange(10, 200) for _ in range(500)] + [900]
    epoch = len(plan(lengths, 1, 10**9, rng))
    assert epoch == 1
    batches = plan(lengths, 1000, 600, random.Random(1))
    assert batches == plan(lengths, 1000, 600, random.Random(1))
    assert all(len(batch) * max(lengths[i] for i in batch) <= 600 or len(batch) == 1 for batch in batches)
    seen = np.bincount([i for batch in batches for i in batch], minlength=len(lengths))
    assert seen.max() - seen.min() <= 1
    padded = sum(len(batch) * max(lengths[i] for i in batch) for batch in batches)
    assert padded < 1.25 * sum(lengths[i] for batch in batches for i in batch)


@pytest.mark.extra
def test_padding_teaches_nothing() -> None:
    """Labels end where the sequence does."""
    from cotmill.compose.codegen.corpus import collate

    made = collate([(1, 5, 2), (1, 2)], 0)
    assert made["input_ids"].tolist() == [[1, 5, 2], [1, 2, 0]]
    assert made["labels"].tolist() == [[1, 5, 2], [1, 2, -100]]


def test_without_the_extra_one_message_says_how_to_get_it(tmp_path: Path) -> None:
    """A training that cannot be: no traceback."""
    run = run_folder(tmp_path / "run", CodeGenerator(), programs())
    script = "import sys; sys.modules['torch'] = None; from cotmill.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script, "train", "codegen", str(run), "--out", str(tmp_path / "model")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "cotmill: trained models need torch: pip install 'cotmill[train]'\n"
