"""How many right problems the check of a model's problem refuses, and how many wrong ones it finds.

    COTMILL_SEEDS=folder python benchmarks/posed.py [FILE]... [--pairs 800] [--misses] [--json]

Right problems: those of the seeds of each file (of the folder that COTMILL_SEEDS names, or FILE; and the built-in
programs), with a sentence that gives the inputs where the seed's text has none of them. `alarms` is the share that is
refused. What is left of these is then made wrong in every way that it can be, with chance of its own for each pair:

drop    a value of the input is taken out everywhere, as often as no other input needs it
change  it is replaced by another
swap    two items of a list stand in each other's place
answer  the answer is put in: as a statement, a line of its own, in words, as an aside
step    a calculation with two of its numbers is put in
code    lines, a definition, a call or a name of the program are put in

and the share that is found is printed for each. `--misses` prints those that are not. PyEdu's problems are read up to
their list of parameters. PAL's texts differ from their programs in one of seven: there an alarm is mostly right.

Goals: 99.5 % found of each, fewer than 10 % alarms.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cotmill.base.literal import literal
from cotmill.base.number_words import TENS, UNITS
from cotmill.base.recipe import Execute
from cotmill.base.records import Execution, Lineage, Program, Seed
from cotmill.collect.sources import read
from cotmill.collect.unify import unify
from cotmill.execute.answers import Answers
from cotmill.explain.posed.objections import object_to_problem
from cotmill.explain.styles import spoken
from cotmill.explain.wording import described, given

FILES = ("asdiv*.jsonl", "gsm8k*.jsonl", "pal*.jsonl", "pyedu*.jsonl")
LARGEST = 4000  # characters of an input
WORDS = {number: word for word, number in (UNITS | TENS).items()}


@dataclass(frozen=True)
class Case:
    """An execution (without a trace) and a right problem."""

    execution: Execution
    text: str

    @property
    def inputs(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.execution.input)
        return found

    @property
    def answer(self) -> Any:
        return json.loads(self.execution.answer)


def main() -> None:
    options = _options()
    answers = Answers(Execute())
    tables = {}
    try:
        for path in options.files or [None, *_seed_files()]:
            name = path.name if path else "built-in"
            tables[name] = table(cases(path, options.pairs, answers), show=options.misses)
            if not options.json:
                print(_line(name, tables[name]), flush=True)
    finally:
        answers.close()
    if options.json:
        print(json.dumps(tables))


def cases(path: Path | None, count: int, answers: Answers) -> list[Case]:
    """So many of a file's pairs that have a problem, by chance, the same for every call."""
    rows = read(path or Path(), "auto" if path else "starter", {}, source="bench", max_row_mb=4)
    programs = [made for row in rows if isinstance(row, Seed) for made in _unified(row) if made.problem.strip()]
    pairs = [(program, number) for program in programs for number in range(len(program.pairs))]
    found = []
    for program, number in random.Random(5).sample(pairs, min(count, len(pairs))):
        input = program.inputs[number]
        answer = program.answers[number] or answers(program.code, [json.loads(input)])[0]
        if answer and len(input) <= LARGEST:
            execution = Execution(
                program.pairs[number], program.source, program.title, program.problem, program.code, input, answer, "",
                "", Lineage("bench"),
            )  # fmt: skip
            found.append(Case(execution, _text(execution, told=path is not None)))
    return found


def _unified(seed: Seed) -> list[Program]:
    return [item for item in unify(seed) if isinstance(item, Program)]


def _text(execution: Execution, *, told: bool) -> str:
    """The seed's words; where these tell no inputs, the inputs behind them, by names in words."""
    text, listed, _ = described(execution.problem).partition("\n\nInput:")
    if told and not listed:
        return text
    inputs = {spoken(name).replace("_", " "): value for name, value in json.loads(execution.input).items()}
    return "\n\n".join([text, *given(inputs, text, random.Random(execution.id))])


def table(found: list[Case], *, show: bool) -> dict[str, Any]:
    alarms = Counter[str]()
    right = []
    for case in found:
        objection = object_to_problem(case.execution, case.text)
        if objection is None:
            right.append(case)
        else:
            alarms[re.sub(r"(\d|'|\").*", "", objection.detail)[:24].strip()] += 1
            if show:
                print(f"ALARM {objection.detail}\n  {case.text}\n  {case.execution.input}")
    tried, caught = Counter[str](), Counter[str]()
    for case in right:
        for kind, spoil in SPOILS.items():
            wrong = spoil(case, random.Random(f"{kind} {case.execution.id}"))
            if wrong is None or wrong == case.text:
                continue
            tried[kind] += 1
            refused = object_to_problem(case.execution, wrong) is not None
            caught[kind] += refused
            if show and not refused:
                print(f"MISS {kind}\n  {wrong}\n  {case.execution.input} {case.execution.answer}")
    share = {kind: [caught[kind], tried[kind]] for kind in SPOILS}
    return {"pairs": len(found), "alarms": sum(alarms.values()), "why": dict(alarms.most_common()), "found": share}


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, (list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _parts(part)
    else:
        yield value


def _forms(value: Any) -> re.Pattern[str] | None:
    """How a number, or a word of some length, is written as a rule."""
    if isinstance(value, str):
        return (
            re.compile(rf"(?<!\w){re.escape(value)}(?!\w)", re.IGNORECASE)
            if len(value) > 3 and value.isalnum()
            else None
        )
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        return None
    forms = {repr(value), f"{value:,}", f"{value:g}", WORDS.get(value, repr(value))}
    return re.compile(rf"(?<![\w.])(?<!\d,)(?:{'|'.join(map(re.escape, forms))})(?!\w|[.,]\d)", re.IGNORECASE)


def _replaced(case: Case, rng: random.Random, other: Callable[[Any], str]) -> str | None:
    """One value is replaced wherever no other input needs it."""
    values = [value for value in _parts(case.inputs) if (form := _forms(value)) and form.search(case.text)]
    if not values:
        return None
    value = rng.choice(values)
    form = _forms(value)
    assert form is not None
    needed = sum(part == value and type(part) is type(value) for part in _parts(case.inputs)) - 1
    places = list(form.finditer(case.text))
    text = case.text
    for place in sorted(rng.sample(places, max(0, len(places) - needed)), key=lambda found: -found.start()):
        text = text[: place.start()] + other(value) + text[place.end() :]
    return text


def drop(case: Case, rng: random.Random) -> str | None:
    return _replaced(case, rng, lambda _: "some")


def change(case: Case, rng: random.Random) -> str | None:
    values = set(map(repr, _parts(case.inputs)))

    def other(value: Any) -> str:
        if isinstance(value, str):
            return "".join(rng.sample("bcdfghjklmnpqrstvwxz", 6))
        while repr(changed := value + rng.choice((1, 2, 3, 5, 10, 17, 100))) in values:
            pass
        return repr(changed)

    return _replaced(case, rng, other)


def swap(case: Case, rng: random.Random) -> str | None:
    """Two unequal items of a list that stands in the text as a literal."""
    for value in case.inputs.values():
        if isinstance(value, list) and len(set(map(repr, value))) > 1 and literal(value) in case.text:
            first, second = rng.choice(
                [(i, j) for i in range(len(value)) for j in range(i) if repr(value[i]) != repr(value[j])]
            )
            swapped = list(value)
            swapped[first], swapped[second] = value[second], value[first]
            return case.text.replace(literal(value), literal(swapped))
    return None


def answer(case: Case, rng: random.Random) -> str | None:
    right = case.answer
    shown = case.execution.answer if rng.random() < 0.5 else literal(right)
    ways = ["The answer is {}.", "\nAnswer: {}", "**Answer:** {}", "The result is {}."]
    if right is not None and not isinstance(right, bool) and list(_parts(right)):
        ways += ["In the end it comes to {}.", "(It should be {}.)", "Show that you get {}."]
    if type(right) is int and right in WORDS and right > 1:
        ways += [f"There are {WORDS[right]} left in the end."]
    return _inserted(case.text, rng.choice(ways).format(shown), rng)


def step(case: Case, rng: random.Random) -> str | None:
    numbers = [part for part in _parts(case.inputs) if type(part) is int and abs(part) < 10**6]
    if len(numbers) < 2:
        return None
    a, b = rng.sample(numbers, 2)
    sign, value = rng.choice([("+", a + b), ("-", a - b), ("*", a * b), ("\u00d7", a * b)])
    return _inserted(case.text, f"First, {a} {sign} {b} = {value}.", rng) if min(a, b, value) >= 0 else None


def code(case: Case, rng: random.Random) -> str | None:
    source = case.execution.code
    lines = [line for line in source.splitlines() if len(line.strip()) >= 8]
    names = {
        node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name) and "_" in node.id.strip("_")
    }
    start = rng.randrange(max(1, len(lines) - 1))
    ways = ["\n".join(lines[start : start + 2]), f"```\n{source}```", lines[0], "What does solution(3) give?"]
    ways += [f"What is {rng.choice(sorted(names))}?"] if names else []
    return _inserted(case.text, f"\n{rng.choice(ways)}\n", rng)


def _inserted(text: str, more: str, rng: random.Random) -> str:
    """Behind one of its sentences."""
    ends = [found.end() for found in re.finditer(r"[.?!](?=\s|$)", text)] or [len(text)]
    place = rng.choice(ends)
    return f"{text[:place]} {more} {text[place:].lstrip()}"


SPOILS: dict[str, Callable[[Case, random.Random], str | None]] = {
    "drop": drop, "change": change, "swap": swap, "answer": answer, "step": step, "code": code,
}  # fmt: skip


def _line(name: str, found: dict[str, Any]) -> str:
    shares = "  ".join(
        f"{kind} {100 * caught / tried:.1f} % of {tried}" for kind, (caught, tried) in found["found"].items() if tried
    )
    alarms = 100 * found["alarms"] / found["pairs"]
    return f"{name}: {found['pairs']} pairs, {alarms:.1f} % alarms {found['why']}\n  {shares}"


def _seed_files() -> list[Path]:
    folder = os.environ.get("COTMILL_SEEDS")
    return [path for pattern in FILES for path in sorted(Path(folder).glob(pattern))] if folder else []


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, help="seed files")
    parser.add_argument("--pairs", type=int, default=800, help="of each file")
    parser.add_argument("--misses", action="store_true", help="print alarms and what is not found")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
