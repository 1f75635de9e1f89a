"""Rules: a small program, and why it is rejected."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cotmill.base.recipe import Execute
from cotmill.base.records import Execution, Lineage, Program
from cotmill.base.stage import Reject
from cotmill.execute.rules import judge_execution, judge_family, screen
from cotmill.execute.run import Executor
from cotmill.prove.answer import equal_json

SUM = "def solution(n, k):\n    total = 0\n    for i in range(n):\n        total += i\n    return total\n"


def reasons(code: str, *, rules: list[str], inputs: tuple[str, ...] = ('{"n":1}',), **settings: Any) -> list[str]:
    """Why the screen rejects a program's pairs."""
    pairs = tuple(f"p.{index}" for index in range(len(inputs)))
    program = Program("p", "test", "", "", code, pairs, inputs, ("",) * len(inputs), Lineage("p"))
    outcomes = screen(program, Execute(rules=tuple(rules), **settings))
    return [str(outcome.reason) for outcome in outcomes if isinstance(outcome, Reject)]


def execution(code: str, input: dict[str, Any], answer: str, number: int = 0) -> Execution:
    return Execution(f"p.{number}", "test", "", "", code, json.dumps(input), answer, "", "", Lineage("p"))


def run_in_process(execution: Execution, input: str) -> str:
    """What the sandbox would say of a trusted program."""
    space: dict[str, Any] = {}
    exec(execution.code, space)
    try:
        return json.dumps(space["solution"](**json.loads(input)))
    except Exception:  # noqa: BLE001 - any error is an outcome
        return "error"


def rerun(changes: list[tuple[Execution, str]]) -> list[str]:
    return [run_in_process(execution, input) for execution, input in changes]


def family_reasons(code: str, inputs: list[dict[str, Any]], rules: list[str]) -> list[str]:
    made = []
    for number, input in enumerate(inputs):
        blank = execution(code, input, "", number)
        made.append(execution(code, input, run_in_process(blank, blank.input), number))
    judging, answers = judge_family(made, Execute(rules=tuple(rules))), None
    while True:
        try:
            answers = rerun(judging.send(answers))
        except StopIteration as done:
            return [str(outcome.reason) for outcome in done.value if isinstance(outcome, Reject)]


def test_effective_lines_are_counted_without_comments_docstrings_and_imports() -> None:
    """Five lines of code, and the two of the template, stay seven whatever stands around them."""
    padded = f'"""A sum.\n\nLong."""\nimport math\n\n# a comment\n{SUM}'
    assert reasons(padded, rules=["too-few-lines"], min_lines=7) == []
    assert reasons(padded, rules=["too-few-lines"], min_lines=8) == ["too-few-lines"]


def test_an_input_that_is_not_always_given_is_asked_about_where_it_is() -> None:
    """A parameter with a default, left out by the second input."""
    code = "def solution(n, k=1):\n    return n + (k if n > 1 else 0)"
    assert family_reasons(code, [{"n": 1, "k": 2}, {"n": 9}], ["unused-input"]) == []


def test_an_input_that_matters_beside_larger_values() -> None:
    """No small change of `cost` turns the comparison, a large one does."""
    code = "def solution(cost, price):\n    return 'sell' if price > cost else 'keep'"
    assert family_reasons(code, [{"cost": 3, "price": 500}], ["unused-input", "constant-output"]) == []


def test_imports_are_seen_wherever_they_stand() -> None:
    """Inside a function, dotted, and from-imports."""
    code = "def solution(n):\n    import os.path\n    from subprocess import run\n    return n\n"
    assert reasons(code, rules=["forbidden-import"], allowed_imports=("os",)) == ["forbidden-import"]
    assert reasons(code, rules=["forbidden-import"], allowed_imports=("os", "subprocess")) == []


def test_one_large_input_does_not_take_the_others_along() -> None:
    """Only the pair with the large input is rejected; the program goes on with the other."""
    inputs = ('{"n":1}', json.dumps({"n": "x" * 3000}))
    assert reasons(SUM, rules=["input-too-large"], inputs=inputs, max_input_kb=2) == ["input-too-large"]


def test_a_large_source_is_rejected() -> None:
    """Measured in bytes of the source."""
    assert reasons(SUM + "#" * 3000, rules=["source-too-large"], max_source_kb=2) == ["source-too-large"]


def test_a_rule_that_is_off_rejects_nothing() -> None:
    """A recipe turns rules on."""
    assert reasons("x = 1", rules=[]) == []


@pytest.mark.parametrize("answer", ["null", '""', "[]", "{}"])
def test_empty_answers_are_rejected(answer: str) -> None:
    """Each empty JSON value."""
    outcome = judge_execution(execution(SUM, {"n": 1, "k": 1}, answer), Execute(rules=("empty-output",)))
    assert isinstance(outcome, Reject)


@pytest.mark.parametrize("answer", ["0", "false", "[0]", '"0"'])
def test_answers_that_only_look_empty_go_on(answer: str) -> None:
    """Zero and false say something."""
    made = execution(SUM, {"n": 1, "k": 1}, answer)
    assert judge_execution(made, Execute(rules=("empty-output",))) is made


@pytest.mark.parametrize(
    "code", ["def solution(n, k):\n    return {'n': n, 'k': k}", "def solution(n, k):\n    m = n\n    return m, k"]
)
def test_a_program_that_works_nothing_out_is_trivial(code: str) -> None:
    """It hands its inputs back."""
    outcome = judge_execution(execution(code, {"n": 1, "k": 1}, "[1,1]"), Execute(rules=("trivial",)))
    assert isinstance(outcome, Reject)


@pytest.mark.parametrize(
    "code", [SUM, "def solution(n, k):\n    return [n, k][::-1]", "def solution(n, k):\n    return str(n)"]
)
def test_a_program_that_works_something_out_is_not_trivial(code: str) -> None:
    """One operator, slice or call is enough."""
    made = execution(code, {"n": 1, "k": 1}, "2")
    assert judge_execution(made, Execute(rules=("trivial",))) is made


def test_only_lines_that_ran_count_against_triviality() -> None:
    """A helper that is never called works nothing out."""
    code = "def helper(n):\n    return n * 2\n\ndef solution(n):\n    return [n]"
    program = Program("p", "test", "", "", code, ("p.0",), ('{"n":3}',), ("",), Lineage("p"))
    executor = Executor(Execute(rules=("trivial",)), equal_json)
    try:
        assert [str(row.reason) for row in executor(program) if isinstance(row, Reject)] == ["trivial"]
    finally:
        executor.close()


def test_a_large_answer_is_rejected() -> None:
    """Measured on the answer's JSON."""
    made = execution(SUM, {"n": 1, "k": 1}, json.dumps("x" * 3000))
    assert isinstance(judge_execution(made, Execute(rules=("output-too-large",), max_output_kb=2)), Reject)


def test_constant_output_is_found_over_all_inputs_of_a_program() -> None:
    """Different inputs, one answer: every pair of the program is rejected."""
    code = "def solution(n):\n    return 7\n"
    assert family_reasons(code, [{"n": 1}, {"n": 2}], ["constant-output"]) == ["constant-output"] * 2
    assert family_reasons(SUM, [{"n": 3, "k": 1}, {"n": 4, "k": 1}], ["constant-output"]) == []


def test_a_single_input_is_varied_to_find_constant_output() -> None:
    """With one input known, changed ones are run."""
    assert family_reasons("def solution(n):\n    return 7\n", [{"n": 1}], ["constant-output"]) == ["constant-output"]
    assert family_reasons("def solution(n):\n    return n * 2\n", [{"n": 1}], ["constant-output"]) == []


def test_an_input_that_is_named_but_changes_nothing_is_unused() -> None:
    """Mentioning `k` is not using it: the peers' filters look for the name."""
    mentioned = "def solution(n, k):\n    k = k * 0\n    return n + k\n"
    assert family_reasons(mentioned, [{"n": 1, "k": 2}], ["unused-input"]) == ["unused-input"]
    assert family_reasons(SUM, [{"n": 3, "k": 1}], ["unused-input"]) == ["unused-input"]


def test_use_through_a_dict_counts() -> None:
    """`data["n"]` is a use."""
    code = 'def solution(data):\n    return data["n"] + 1\n'
    assert family_reasons(code, [{"data": {"n": 1}}], ["unused-input"]) == []


def test_an_input_that_matters_only_beside_others_counts() -> None:
    """k does nothing to an empty list, but it does in the program's other input."""
    code = "def solution(xs, k):\n    return [x + k for x in xs]\n"
    assert family_reasons(code, [{"xs": [], "k": 1}, {"xs": [1], "k": 2}], ["unused-input"]) == []


@pytest.mark.parametrize(
    ("code", "input"),
    [
        ("def solution(a, b):\n    return a and b\n", {"a": 0, "b": 0}),
        ("def solution(xs, total, least):\n    return total and least or sum(xs)\n", {"xs": [1], "total": False, "least": True}),
        ("def solution(size, pack, price):\n    return size // pack * price\n", {"size": 18, "pack": 8437946, "price": 3}),
    ],
)  # fmt: skip
def test_an_input_that_matters_only_beside_a_change_of_another_counts(code: str, input: dict[str, Any]) -> None:
    """No single change of it shows, whatever the program's one input."""
    assert family_reasons(code, [input], ["unused-input"]) == []
    assert family_reasons(code.replace("return ", "return 0 * "), [input], ["unused-input"]) == ["unused-input"]


def test_an_input_that_matters_only_when_it_is_small() -> None:
    """Of a huge loss, half is all that there was."""
    code = "def solution(cards, lost):\n    return round((cards - lost) / (cards + 30 - lost) * 100)\n"
    assert family_reasons(code, [{"cards": 40, "lost": 256139}], ["unused-input"]) == []


def test_texts_that_are_compared() -> None:
    """Only an equal text makes a difference."""
    code = "def solution(one, other):\n    return one.split() == other.split()\n"
    for rule in ("unused-input", "constant-output"):
        assert family_reasons(code, [{"one": "He eats", "other": "She drinks"}], [rule]) == []


def test_texts_that_read_the_same_backwards() -> None:
    """A text and its mirror have what few texts have."""
    code = "def solution(text):\n    return any(text[i] != text[i + 1] and text[i : i + 4] == text[i : i + 4][::-1] for i in range(len(text) - 3))\n"
    assert family_reasons(code, [{"text": "palm"}, {"text": "river"}], ["constant-output"]) == []


def test_an_error_under_a_changed_input_is_a_change() -> None:
    """An input whose change breaks the program is used."""
    code = "def solution(n, mode):\n    return {'a': n}[mode]\n"
    assert family_reasons(code, [{"n": 1, "mode": "a"}], ["unused-input"]) == []
