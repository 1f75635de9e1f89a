"""The code generator from scratch: of programs that it writes, how many run, pass the rules, are new, and how fast.

    python benchmarks/codegen.py [SEEDS...] [--augment 10000] [--steps 2000] [--layers 2] [--hidden 128] [--samples 500]
                                 [--temperature 0.9] [--seed 0] [--show N] [--json] [--variant KEY=VALUE,...]...

SEEDS are seed files; without any, those of $COTMILL_SEEDS, where it names a folder, and the built-in programs always.
The seeds' programs are executed first; they and programs recombined from them are what is learned. Each --variant is
one more training and measurement that differs in what it says, as `--variant steps=500` or `--variant
augment=0,layers=4`. Needs the extra `train`; `OMP_NUM_THREADS=1` where the cores have other work.

* written: sequences that the model wrote; `held` are handed on: they end, parse, and no input or name is idle
* runs: of those handed on, programs that run on one of the inputs that are tried
* caco: of those handed on, runs, at least 6 effective lines, inputs used in the code, an output that is not empty
* ours: of those handed on, all rules of the `caco` recipe on at least one input
* novel: of `ours`, not equal to a program that was learned, nor to an earlier one, after renaming names and numbers
* shapes: different syntax trees without names and literals among `novel`
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

from recombine import FOUND_AFTER_A_RUN, as_program, caco, execute, seed_programs

from cotmill import flow
from cotmill.base.chance import chance
from cotmill.base.recipe import load_recipe
from cotmill.base.records import Execution
from cotmill.base.stage import Reject
from cotmill.compose.codegen.augment import augmented
from cotmill.compose.draw import Drawer
from cotmill.compose.material import Candidate, Material, materials
from cotmill.compose.structure import novelty_key, shape_key
from cotmill.execute.answers import Answers
from cotmill.execute.run import Executor
from cotmill.prove.answer import equal_json

INPUTS = 3


def learned_from(files: list[Path], augment: int, seed: int) -> tuple[list[Material], list[Material]]:
    """Proven programs, and those recombined from them."""
    settings = load_recipe("caco").execute
    executor, answers = Executor(settings, equal_json), Answers(settings)
    try:
        outcomes = execute(list(seed_programs(files)), settings, executor)
        proven = materials(item for parts in outcomes for item in parts if isinstance(item, Execution))
        return proven, augmented(proven, augment, seed, answers)[len(proven) :]
    finally:
        executor.close()
        answers.close()


def cpu() -> float:
    return sum(os.times()[:4])


def measure(options: argparse.Namespace, programs: list[Material]) -> dict[str, object]:
    keys = ("steps", "layers", "hidden", "temperature", "max_tokens")
    recipe = load_recipe("caco", tuple(f"compose.generator.{key}={getattr(options, key)}" for key in keys))
    began, used = time.perf_counter(), cpu()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "codegen"
        training = flow.train(recipe, programs, target)
        report: dict[str, object] = {
            "programs": training["programs"], "left_out": training["left_out"], "parameters": training["parameters"],
            "steps": training["steps"], "tokens": training["tokens"], "best_step": training["best_step"],
            "held_out_loss": round(training["held_out_loss"], 3),
            "training_s": round(time.perf_counter() - began, 1), "training_cpu_s": round(cpu() - used, 1),
        }  # fmt: skip
        return report | sampled(recipe, programs, target, options)


def sampled(recipe: object, programs: list[Material], target: Path, options: argparse.Namespace) -> dict[str, object]:
    from cotmill.compose.codegen.generator import Generator  # noqa: PLC0415 - needs an extra

    counts, rejects = Counter[str](), Counter[str]()
    used = cpu()
    generator = Generator(target, recipe.compose.generator, threads=1)
    ready = cpu()
    chances = [chance(options.seed, "benchmark", str(number)) for number in range(options.samples)]
    held: list[Candidate] = []
    while len(held) < options.samples and counts["written"] < 10 * options.samples:
        for made in generator.sample(chances[: options.samples - len(held)]):
            counts["written"] += 1
            if isinstance(made, Candidate):
                held.append(made)
    written = cpu()
    answers = Answers(recipe.execute)
    drawer = Drawer(recipe.compose, options.seed, lambda _: target, answers, target / "calls")
    tried = [
        Candidate("", made.code, tuple(drawer.tried(made, INPUTS, random.Random(options.seed))), (), made.operator)
        for made in held
    ]
    answers.close()
    executor = Executor(recipe.execute, equal_json)
    results = execute([as_program(made, number) for number, made in enumerate(tried)], recipe.execute, executor)
    seen = {novelty_key(program.code) for program in programs}
    shapes, shown = set[str](), list[str]()
    for made, outcome in zip(tried, results, strict=True):
        good = [item for item in outcome if isinstance(item, Execution)]
        ran = good or any(isinstance(item, Reject) and item.reason in FOUND_AFTER_A_RUN for item in outcome)
        counts["runs"] += bool(ran)
        counts["caco"] += caco(made, outcome)
        counts["ours"] += bool(good)
        if not good:
            rejects[str(outcome[0].reason)] += 1
            continue
        key = novelty_key(made.code)
        if key not in seen:
            seen.add(key)
            counts["novel"] += 1
            shapes.add(shape_key(made.code))
            shown.append(f"# {made.inputs[0]}\n{made.code}")
    executor.close()
    done = cpu()
    for text in random.Random(options.seed).sample(shown, min(options.show, len(shown))):
        print(text)
    return dict(counts) | {
        "held": len(held), "shapes": len(shapes), "rejects": dict(rejects.most_common()),
        "cpu_s": {"load": round(ready - used, 1), "write": round(written - ready, 1), "run": round(done - written, 1)},
        "novel_per_cpu_minute": round(60 * counts["novel"] / (done - ready)),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("seeds", nargs="*", type=Path)
    for name, default in (("augment", 10_000), ("steps", 2000), ("layers", 2), ("hidden", 128), ("samples", 500),
                          ("max_tokens", 200), ("seed", 0), ("show", 0)):  # fmt: skip
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=default)
    parser.add_argument("--temperature", type=float, default=0.9)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--variant", action="append", default=[])
    options = parser.parse_args()
    variants = [("", options)]
    for variant in options.variant:
        changed = dict(item.split("=") for item in variant.split(","))
        variants.append((variant, argparse.Namespace(**vars(options) | {key: int(n) for key, n in changed.items()})))
    folder = Path(os.environ.get("COTMILL_SEEDS", "/nonexistent"))
    files = options.seeds or [path for name in ("pyedu", "pal_gsm_hard") for path in folder.glob(f"{name}.jsonl")]
    proven, made = learned_from(files, max(each.augment for _, each in variants), options.seed)
    for name, each in variants:
        report = {"variant": name} | measure(each, proven + made[: each.augment])
        print(json.dumps(report) if options.json else "\n".join(f"{key:22} {value}" for key, value in report.items()))
        print(flush=True)


if __name__ == "__main__":
    main()
