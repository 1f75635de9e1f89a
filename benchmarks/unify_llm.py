"""Which programs that a model may write for a problem in words are taken: true ones, and such as only fake the answer.

    COTMILL_SEEDS=folder python benchmarks/unify_llm.py [--limit N] [--recipe NAME] [--json]

Problems are those of the built-in programs and of up to --limit seeds of each asdiv*.jsonl and pal*.jsonl in
COTMILL_SEEDS for which rules find a program that the recipe takes. The problem is then asked in words, and the "model"
answers with that program (true), or with one of the ways in which the stated answer comes out and is not worked out,
or with another answer. No repairs. Status 1 where a fake is taken.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from cotmill.backends.conversations import converse
from cotmill.backends.ladder import Ladder
from cotmill.backends.model import Completion, Finished, Request
from cotmill.backends.prompts import built_in, load_prompt
from cotmill.base.model_settings import UnifyTask
from cotmill.base.recipe import load_recipe
from cotmill.base.records import Execution, Program, Seed
from cotmill.base.stage import Reject
from cotmill.base.unified import whole_program
from cotmill.collect.sources import read
from cotmill.collect.unify import unify
from cotmill.collect.unify_llm import unifier
from cotmill.execute.trial import Trial
from cotmill.prove.answer import equal_json

FILES = ("asdiv*.jsonl", "pal*.jsonl")


class Says:
    """A model that says one thing."""

    text = ""

    def complete(self, requests: Sequence[Request], finished: Finished) -> list[Completion]:
        return [_heard(finished, number, Completion(self.text, "stop", None)) for number in range(len(requests))]

    def close(self) -> None:
        pass


def _heard(finished: Finished, number: int, completion: Completion) -> Completion:
    finished(number, completion)
    return completion


def fakes(program: Program, answer: str) -> Iterator[tuple[str, str]]:
    """Way of faking -> program."""
    given, value = json.loads(program.inputs[0]), json.loads(answer)
    if not given:
        return
    names = ", ".join(given)
    first, held = next(iter(given.items()))

    def whole(body: str, more: str = "", **also: object) -> str:
        return whole_program(f"def solution({names}{more}):\n{body}", json.dumps(given | also))

    yield "the answer as a literal", whole(f"    return {value!r}\n")
    yield "a literal for this input", whole(f"    if {first} == {held!r}:\n        return {value!r}\n    return 1\n")
    yield "the answer as an input", whole("    return total\n", ", total", total=value)
    idle = f"    rest = 0 * len(str([{names}]))\n    return [total, rest][rest]\n"
    yield "an input, the others touched", whole(idle, ", total", total=value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        yield "numbers that come to it", whole(f"    more = {value + 7!r}\n    less = 7\n    return more - less\n")
        yield "another answer", whole(f"    near = {value!r}\n    far = near + 1\n    return far\n")


def problems(trial: Trial, limit: int) -> Iterator[tuple[Seed, Program]]:
    """Seeds in words, each with the program that rules find for it."""
    folder = os.environ.get("COTMILL_SEEDS", "")
    files = [file for pattern in FILES for file in sorted(Path(folder).glob(pattern))] if folder else []
    for path in (Path(), *files):
        rows = read(path, "auto" if path.name else "starter", {}, source=path.stem or "starter", max_row_mb=4)
        seeds = [row for row in rows if isinstance(row, Seed)]
        random.Random(0).shuffle(seeds)
        for seed in seeds[:limit]:
            found = next(iter(unify(seed)))
            if isinstance(found, Reject) or not found.problem:
                continue
            single = replace(found, pairs=found.pairs[:1], inputs=found.inputs[:1], answers=("",))
            ran = trial(single)
            if isinstance(ran, Execution) and (not found.answers[0] or equal_json(ran.answer, found.answers[0])):
                words = Seed(seed.id, seed.source, "", found.problem, "", "", (), (ran.answer,), solution="As usual.")
                yield words, single


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--limit", type=int, default=100)
    parser.add_argument("--recipe", default="grounded-llm")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    recipe = load_recipe(options.recipe)
    task = UnifyTask(use=True, repairs=0)
    prompt = load_prompt(built_in()["unify"], "unify", task.FIELDS)
    trial = Trial(recipe.execute, equal_json)
    talk = unifier(Ladder("collect.unify_llm", task, prompt, "scripted", 0, Counter()), trial, equal_json)
    model = Says()
    asked, taken, why = Counter[str](), Counter[str](), Counter[str]()
    seconds = 0.0
    for seed, program in problems(trial, options.limit):
        true = ("true", whole_program(program.code, program.inputs[0]))
        for way, text in (true, *fakes(program, seed.answers[0])):
            began = time.perf_counter()
            model.text = f"```python\n{text}```"
            (found,) = converse(model, [talk(seed)])
            seconds += time.perf_counter() - began
            assert isinstance(found, list)
            asked[way] += 1
            taken[way] += isinstance(found[0], Program)
            if way == "true" and isinstance(found[0], Reject):
                why[" ".join(found[0].detail.partition(":")[0].split()[:4])] += 1
    trial.close()
    figures = {
        "asked": dict(asked),
        "taken": dict(taken),
        "true_rejected": dict(why),
        "ms_each": 1000 * seconds / asked.total(),
    }
    if options.json:
        print(json.dumps(figures, indent=2))
    else:
        for way in asked:
            print(f"{way:30} {taken[way]:5} of {asked[way]:5} taken")
        print(f"true ones turned away: {dict(why) or 'none'}; {figures['ms_each']:.0f} ms each")
    return int(any(taken[way] for way in asked if way != "true"))


if __name__ == "__main__":
    sys.exit(main())
