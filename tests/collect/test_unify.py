"""Seeds become programs: the entry is found and named `solution`, inputs are checked, pairs keep their ids."""

from __future__ import annotations

import json
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collect.test_scripts import SCRIPTS, printed
from collect.unified import STAGE, check, outcomes, output, program, refusal
from cotmill.base.reasons import Reason
from cotmill.base.records import Program, Seed
from cotmill.base.stage import Reject
from cotmill.collect.sources import read
from cotmill.collect.sources.folder import STARTER


def test_named_entry():
    """The entry that the seed names becomes `solution`, in recursion and where others call it."""
    check(
        "def even(n):\n    return n == 0 or not main_solution(n - 1)\ndef main_solution(n):\n    return n == 0 or not even(n - 1)",
        "def even(n):\n    return n == 0 or not solution(n - 1)\n\ndef solution(n):\n    return n == 0 or not even(n - 1)",
        {"n": 3},
        {"n": 3},
        entry="main_solution",
    )


def test_other_solution():
    """A helper that is named `solution` already gets out of the way."""
    check(
        "def solution(n):\n    return n + 1\ndef main_solution(n):\n    return solution(n) * 2",
        "def solution_1(n):\n    return n + 1\n\ndef solution(n):\n    return solution_1(n) * 2",
        {"n": 3},
        {"n": 3},
        entry="main_solution",
    )


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("def only(n):\n    return n", {"n": 1}),
        ("def a(n):\n    return n\ndef solve(n):\n    return n + 1\ndef b(n):\n    return n", {"n": 1}),
        ("def top(n):\n    return low(n)\ndef low(n):\n    return low(n - 1) if n else 0", {"n": 1}),
    ],
)
def test_entry_found(code: str, given: dict[str, int]):
    """Without a name: the only function, a usual name, or the one that no other calls."""
    assert "def solution(n)" in program(code, given).code


def test_constants_classes_helpers_stay():
    """What the entry needs stays as it is, docstrings too."""
    code = '''
        MOD = 10 ** 9 + 7

        class Box:
            """Holds a number."""

            def __init__(self, n):
                self.n = n

        def solution(n):
            """The number, reduced."""
            return Box(n).n % MOD
    '''
    assert program(code, {"n": 4}).code == dedent(code).strip()


def test_table_that_is_called_inputs():
    """`inputs = [...]` that a definition reads is the program's own data."""
    code = "inputs = [{'a': 1}]\n\ndef solution(k):\n    return inputs[0][k]"
    assert program(code, {"k": "a"}).code == code


def test_positional_only_parameters():
    """Parameters that no keyword could reach become ordinary ones."""
    assert program("def solution(a, /, b):\n    return a - b", {"a": 5, "b": 3}).code.startswith("def solution(a, b)")


def test_empty_input_of_a_program_without_parameters():
    """`{}` for a program that holds its own values is filled with these values."""
    assert program("def f():\n    n = 4\n    return n", {}, entry="f").inputs == ('{"n":4}',)


def test_pairs_keep_their_ids():
    """A bad input is rejected alone; the others keep their place, their answer and their id."""
    seed = Seed("s-1", "s", "t", "p", "def f(n, k=2):\n    return n ** k", "f",
                ('{"n": 2}', "[2]", '{"n": 3, "k": 1.0}', '{"m": 1}', '{"n": NaN}', "no"),
                ("4", "4", "3.0", "", "", ""))  # fmt: skip
    *rejects, made = STAGE(seed)
    assert isinstance(made, Program)
    assert (made.id, made.pairs) == ("s-1", ("s-1.0", "s-1.2"))
    assert (made.inputs, made.answers) == (('{"n":2}', '{"k":1.0,"n":3}'), ("4", "3.0"))
    assert (made.lineage.seed_id, made.title, made.problem) == ("s-1", "t", "p")
    assert [(r.id, r.reason) for r in rejects if isinstance(r, Reject)] == [
        (f"s-1.{k}", Reason.BAD_INPUT) for k in (1, 3, 4, 5)
    ]


@pytest.mark.parametrize(
    ("code", "inputs", "reason", "why"),
    [
        ("def f(n:\n    return n", [{}], Reason.SYNTAX_ERROR, "line 1"),
        ("def f(n):\n    return n\n\0", [{}], Reason.SYNTAX_ERROR, "null"),
        ("return 4", [{}], Reason.SYNTAX_ERROR, "outside function"),
        ("x = " + "(" * 5000 + ")" * 5000, [{}], Reason.SYNTAX_ERROR, "paren"),
        ("x = " + "-" * 160 + "1", [{}], Reason.SYNTAX_ERROR, "nested deeper than 150 levels"),
        ("x = " + "1 + " * 950 + "1", [{}], Reason.SYNTAX_ERROR, "nested deeper than 150 levels"),
        ("x = " + "-" * 200000 + "1", [{}], Reason.SYNTAX_ERROR, "nested deeper than 150 levels"),
        ("x = 1", [{}], Reason.NO_ENTRY, "none"),
        ("", [{}], Reason.NO_ENTRY, "none"),
        ("def a():\n    return 1\ndef b():\n    return 2", [], Reason.NO_ENTRY, "a, b"),
        ("def f(n):\n    return n", [], Reason.BAD_INPUT, "parameter n"),
        ("def f(n):\n    return n", [{"n": 1, "m": 2}], Reason.BAD_INPUT, "named m"),
        ("def f(n):\n    return n", [7], Reason.BAD_INPUT, "not a JSON object: 7"),
        ("def f(n):\n    return n", ['{"n": ' + "[" * 100 + "]" * 100 + "}"], Reason.BAD_INPUT, "nested"),
        ("async def f(n):\n    return n", [{"n": 1}], Reason.NO_ENTRY, "none"),
        ("def main(n):\n    return g(n)\ndef g(solution):\n    return main(solution)",
         [{"n": 1}], Reason.NOT_UNIFIABLE, "parameter named solution"),
    ],
)  # fmt: skip
def test_rejected(code: str, inputs: list[object], reason: Reason, why: str):
    """Every program that cannot be unified is rejected for the true reason, with a detail that says what is wrong."""
    found, detail = refusal(code, *inputs)
    assert (found, why in detail) == (reason, True), detail


def test_missing_named_entry():
    """A name that is not there is no reason to call something else."""
    assert refusal("def f(n):\n    return n", {"n": 1}, entry="g") == (
        Reason.NO_ENTRY, "no function named g at the top level; found: f",
    )  # fmt: skip


def test_starter_programs():
    """Every program of the starter set is stable when unified twice, and its output does not change."""
    for seed in read(STARTER, "starter", {}, source="starter", max_row_mb=1):
        assert isinstance(seed, Seed)
        assert seed.title
        unified = program(seed.code, *seed.inputs)
        again = program(unified.code, *unified.inputs)
        assert (again.code, again.inputs, unified.inputs) == (unified.code, unified.inputs, seed.inputs)
        first = json.loads(seed.inputs[0])
        assert repr(output(unified.code, first)) == repr(output(seed.code, json.loads(seed.inputs[0])))


_NAMES = st.sampled_from(["a", "b", "total", "xs", "solution", "sum"])
_VALUES = st.one_of(
    st.integers(-9, 9), st.lists(st.integers(0, 5), max_size=3), st.sampled_from(["(1, 2)", "{1, 2}", "[]", "1.5"])
)


@st.composite
def _scripts(draw: st.DrawFn) -> str:
    """Straight-line scripts over a few names, with helpers, loops and aliases, that end in a print."""
    lines = (
        ["K = 3", "def helper(v):\n    return [v, K]"] if draw(st.booleans()) else ["def helper(v):\n    return [v, 1]"]
    )
    names = draw(st.lists(_NAMES, min_size=1, max_size=4, unique=True))
    lines += [f"{name} = {draw(_VALUES)}" for name in names]
    for _ in range(draw(st.integers(0, 4))):
        target, used = draw(_NAMES), draw(st.sampled_from(names))
        lines.append(
            draw(
                st.sampled_from([
                    f"{target} = [{used}]", f"{target} = {used}", f"{target} = helper({used})", f"{target} = {draw(_VALUES)}",
                    f"for i in range(2):\n    {target} = [{used}, i]", f"{target} = {{str({used}): 1}}",
                    f"if {used}:\n    {target} = {used}\nelse:\n    {target} = 7", f"{target} = [i for i in [{used}]]",
                ])
            )
        )  # fmt: skip
        names.append(target)
    return "\n".join([*lines, f"print(repr({draw(st.sampled_from(names))}))"])


@settings(max_examples=150)
@given(_scripts())
def test_scripts_keep_their_output(code: str):
    """Whatever script is unified, its function gives what the script printed, and unifying again changes nothing."""
    (outcome,) = outcomes(code)
    if isinstance(outcome, Reject):
        assert outcome.reason is Reason.NOT_UNIFIABLE
        return
    given = json.loads(outcome.inputs[0])
    assert output(outcome.code, given) == printed(code)
    assert program(outcome.code, *outcome.inputs).code == outcome.code


def test_scripts_unify_twice():
    """What came out of a script goes in unchanged."""
    for code in SCRIPTS:
        unified = program(code)
        again = program(unified.code, *unified.inputs)
        assert (again.code, again.inputs) == (unified.code, unified.inputs)
