"""Equations become programs: a person's names, one assignment per step, the stated answer."""

from __future__ import annotations

import ast
import builtins
import json
import keyword
import os
import random
from fractions import Fraction
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collect.unified import STAGE, output
from cotmill.base.reasons import Reason
from cotmill.base.records import Program, Seed
from cotmill.base.stage import Reject
from cotmill.collect.formulas.arithmetic import evaluate, solve
from cotmill.collect.formulas.notation import NotUnderstood, expression, parse_formula, split_answer
from cotmill.collect.formulas.program import program_of
from cotmill.collect.formulas.worked import final_answer, parse_worked
from cotmill.collect.sources import read
from cotmill.prove.answer import equal_json


def check(problem: str, formula: str, answer: Any, code: str, given: dict[str, Any], unit: str = "") -> None:
    """The program, its input, and that it gives the answer."""
    found = program_of(problem, formula, json.dumps(answer), unit)
    assert found.code == dedent(code).strip()
    assert found.input == given
    assert equal_json(json.dumps(output(found.code, found.input)), json.dumps(answer))


def test_names_from_the_text():
    """Each number is named by what it counts; the result by the question."""
    check(
        "Rosa has 12 red marbles and 5 green marbles. How many marbles does she have in total?", "12+5=17", 17,
        """
        def solution(red_marbles, green_marbles):
            total_marbles = red_marbles + green_marbles
            return total_marbles
        """,
        {"red_marbles": 12, "green_marbles": 5}, "marbles",
    )  # fmt: skip


def test_told_apart_by_what_was_done():
    """Two numbers of one thing differ by verb, owner or place."""
    check(
        "A shop had forty-two lamps. They sold thirteen of them. How many lamps are left?", "42-13=29", 29,
        """
        def solution(lamps, lamps_sold):
            lamps_left = lamps - lamps_sold
            return lamps_left
        """,
        {"lamps": 42, "lamps_sold": 13}, "lamps",
    )  # fmt: skip
    check(
        "Nora has 7 stamps. Piet has 9 stamps. How many more stamps does Piet have?", "9-7=2", 2,
        """
        def solution(nora_stamps, piet_stamps):
            more_stamps = piet_stamps - nora_stamps
            return more_stamps
        """,
        {"nora_stamps": 7, "piet_stamps": 9}, "stamps",
    )  # fmt: skip


def test_rates_and_steps():
    """`per`; a product inside a sum is a step of its own; a distractor is no input."""
    check(
        "A hall has 6 rows. Each row has 8 chairs. There are 5 more chairs and 3 tables outside. How many chairs are "
        "there altogether?", "(6*8)+5=53", 53,
        """
        def solution(rows, chairs_per_row, more_chairs):
            chairs_in_rows = rows * chairs_per_row
            total_chairs = chairs_in_rows + more_chairs
            return total_chairs
        """,
        {"rows": 6, "chairs_per_row": 8, "more_chairs": 5}, "chairs",
    )  # fmt: skip


def test_money_percent_and_rounding():
    """Percent is an input out of 100; cents do not show binary fractions."""
    check(
        "A coat costs $64.90. The sale price is 15% off the regular price. What was the sale price?",
        "64.90-(64.90*0.15)=55.165", 55.165,
        """
        def solution(coat_price, discount_percent):
            discount = round(coat_price * discount_percent / 100, 3)
            sale_price = round(coat_price - discount, 3)
            return sale_price
        """,
        {"coat_price": 64.9, "discount_percent": 15}, "dollars",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (7, "boxes = muffins // muffins_per_box"),
        (2, "muffins_left_over = muffins % muffins_per_box"),
        (8, "boxes = math.ceil(muffins / muffins_per_box)"),
    ],
)
def test_remainders(answer: int, body: str):
    """Of a division with remainder the answer says what is asked: the quotient, the remainder, or one more."""
    asked = "muffins are left over" if answer == 2 else "boxes are needed"
    found = program_of(
        f"There are 44 muffins. Each box holds 6 muffins. How many {asked}?", "44/6=7 r2", str(answer), ""
    )
    assert output(found.code, found.input) == answer
    assert body.partition(" = ")[2] in found.code


def test_ratio():
    """A ratio is shortened by the common divisor; a missing term is worked out."""
    found = program_of("There are 8 cats and 12 dogs. Find the ratio of cats to dogs.", "8:12=2:3", '"2:3"', "")
    assert output(found.code, {"cats": 9, "dogs": 6}) == "3:2"
    found = program_of(
        "The ratio of cats to dogs is 2:3. There are 8 cats. How many dogs are there?", "2:3=8:12", "12", "dogs"
    )
    assert found.input == {"cats_share": 2, "dogs_share": 3, "cats": 8}
    assert output(found.code, found.input) == 12


def test_unknown():
    """An equation is solved for its unknown, and the program is the way to it."""
    found = program_of("Five times a number minus 12 gives 28. Find the number.", "x:The number; 5*x-12=28", "8", "")
    assert output(found.code, found.input) == 8
    assert sorted(found.input.values()) == [5, 12, 28]


def test_owner_of_the_larger():
    """A comparison returns whose it is; other inputs can turn it round."""
    found = program_of(
        "Ada's rope is 30 cm long. Ben's rope is 4 cm longer than Ada's. Who has the longer rope?",
        "30 cm(Ada) < 30+4=34 cm(Ben)", '"Ben"', "",
    )  # fmt: skip
    assert output(found.code, found.input) == "Ben"
    names = list(found.input)
    assert output(found.code, {names[0]: 30, names[1]: -1}) == "Ada"


def test_time_of_day():
    """Hours and minutes of the text are inputs; the answer is written as a time."""
    found = program_of(
        "The bus leaves at 9:50. The ride takes 25 minutes. What time does it arrive?",
        "((9 (hour)*60 (min/hour) + 50 (min)) + 25 (min))/60 (min/hour) = 10 r15; hh:mm=10:15", '"10:15"', "",
    )  # fmt: skip
    assert output(found.code, found.input) == "10:15"


WORKED = """Together they pour out 3+4 = <<3+4=7>>7 cups.
The pot then holds 12-7 = <<12-7=5>>5 cups.
At 2 dollars a cup that is worth 5*2 = $<<5*2=10>>10.
#### 10"""


def test_worked_solution():
    """Annotations become assignments, named by the sentences that state them."""
    problem = "A pot holds 12 cups. Mia pours out 3 cups and Tom pours out 4. At $2 per cup, what is the rest worth?"
    found = program_of(problem, WORKED, "10", "")
    assert output(found.code, found.input) == 10
    assert found.code.count("\n") == 4
    assert [name for name in found.input if "cup" not in name] == []
    assert final_answer("so it is\n#### $1,250") == "1250"
    assert split_answer("9 (red apples)") == ("9", "red apples")
    with pytest.raises(NotUnderstood):
        parse_worked("Nothing is computed.\n#### 3")


def test_unseen_numbers_are_refused():
    """A number that is neither in the problem nor worked out nor common knowledge would be wrong for other inputs."""
    with pytest.raises(NotUnderstood, match="73 stands neither"):
        program_of("A child is 37 years old. How old was she?", "73-37=36", "36", "years")
    with pytest.raises(NotUnderstood, match="2 unknowns"):
        program_of("The sum of 2 numbers is 9.", "x:One; y:Two; x+y=9; x-y=1", "5", "")


def test_reject_tells_both_sides():
    """unify keeps the seed's one pair, as a program or as a reject with formula and answer."""
    good = Seed("s-0", "s", "", "Ann has 3 cups and 4 jugs. How many pieces?", "", "", (), ("7",), "3+4=7", "pieces")
    (program,) = STAGE(good)
    assert isinstance(program, Program)
    assert (program.pairs, program.answers) == (("s-0.0",), ("7",))
    bad = Seed("s-1", "s", "", "Ann has cups.", "", "", (), ("7",), "about seven", "")
    (reject,) = STAGE(bad)
    assert isinstance(reject, Reject)
    assert (reject.reason, "about seven" in reject.detail, "the answer is 7" in reject.detail) == (
        Reason.NOT_UNIFIABLE, True, True,
    )  # fmt: skip


# Properties

NOUNS = (
    "apples",
    "red pens",
    "classes",
    "list",
    "sum",
    "prints",
    "boxes of chalk",
    "None",
    "imports",
    "über",
    "7-packs",
    "",
)
numbers = st.integers(2, 400)


@st.composite
def formulas(draw: st.DrawFn) -> tuple[str, str, Fraction]:
    """A problem that says some numbers, a formula over them, and its value."""
    values = draw(st.lists(numbers, min_size=2, max_size=5))
    nouns = draw(st.lists(st.sampled_from(NOUNS), min_size=len(values), max_size=len(values)))
    people = draw(
        st.lists(st.sampled_from(["Ann", "He", "The max", "One id"]), min_size=len(values), max_size=len(values))
    )
    problem = " ".join(f"{who} has {value} {noun}." for who, value, noun in zip(people, values, nouns, strict=True))
    text = str(values[0])
    for value in values[1:]:
        operator = draw(st.sampled_from("+-*/"))
        text = f"({text}){operator}{value}" if draw(st.booleans()) else f"{text}{operator}{value}"
    value = evaluate(ast.parse(text, mode="eval").body, {})
    return problem + " How many is that?", text, value


@given(formulas())
@settings(max_examples=300, deadline=None)
def test_any_formula(case: tuple[str, str, Fraction]):
    """Names are identifiers, each once, none that Python knows; the program gives the formula's value."""
    problem, text, value = case
    found = program_of(problem, f"{text}={float(value):.6f}", "", "")
    (function,) = (node for node in ast.parse(found.code).body if isinstance(node, ast.FunctionDef))
    names = [arg.arg for arg in function.args.args]
    names += [node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    assert len(set(names)) == len(names)
    assert [
        name for name in names if not name.isidentifier() or keyword.iskeyword(name) or hasattr(builtins, name)
    ] == []
    assert set(found.input) == {arg.arg for arg in function.args.args}
    assert output(found.code, found.input) == pytest.approx(float(value), rel=1e-6, abs=1e-2)


@given(
    st.text(max_size=200), st.text(alphabet="0123456789+-*/=()<>;:,.#x \nrGCDLM[]$%", max_size=60), st.text(max_size=5)
)
@settings(max_examples=400, deadline=None)
def test_any_text(problem: str, formula: str, unit: str):
    """Whatever is in a row, unify gives a program or a reject, never an error."""
    seed = Seed("s-0", "s", "", problem, "", "", (), ("1",), formula or "=", unit)
    (found,) = STAGE(seed)
    if isinstance(found, Program):
        ast.parse(found.code)


@given(st.integers(-9, 9), st.integers(2, 9), st.integers(-20, 20), st.integers(-9, 1))
def test_solving(x: int, a: int, b: int, c: int):
    """a*x + b = c*x + d, solved, is x again."""
    d = a * x + b - c * x
    tree = solve(expression(f"{a}*x+({b})"), expression(f"{c}*x+({d})"), "x")
    assert evaluate(tree, {}) == x


def test_formulas_of_every_kind_are_parsed():
    """Kinds of steps."""
    for formula, kinds in (
        ("3+4=7; 7*2=14", ["value", "value"]),
        ("42/12=3 r6", ["value"]),
        ("8:10=4:5", ["ratio"]),
        ("LCM[4,6]=12", ["value"]),
        ("8*4=32 square feet(Rug A) < 5*7=35 square feet(Rug B)", ["compare"]),
        ("x:The number; 5x-28=232", ["solve"]),
        ("955/60 (min/hour)=15 r55; hh:mm=15:55", ["value", "time"]),
    ):
        assert [step.kind for step in parse_formula(formula)[0]] == kinds


SEEDS = os.environ.get("COTMILL_SEEDS")


@pytest.mark.skipif(not SEEDS, reason="COTMILL_SEEDS names no folder")
def test_asdiv():
    """At least nine of ten seeds that carry an equation become programs whose output is the stated answer."""
    rows = [row for row in read(Path(str(SEEDS)) / "asdiv.jsonl", "auto", {}, source="asdiv", max_row_mb=1)
            if isinstance(row, Seed) and "=" in row.formula]  # fmt: skip
    right = 0
    for seed in random.Random(1).sample(rows, 400):
        (found,) = STAGE(seed)
        if isinstance(found, Program):
            given = json.loads(found.inputs[0])
            right += equal_json(json.dumps(output(found.code, given)), found.answers[0])
    assert right >= 360
