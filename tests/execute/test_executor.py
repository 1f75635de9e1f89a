"""Executions: traced once, again elsewhere, compared."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest

from cotmill.base.reasons import Reason
from cotmill.base.recipe import Execute
from cotmill.base.records import Execution, Lineage, Program
from cotmill.base.stage import Reject
from cotmill.execute import rules
from cotmill.execute.run import Executor
from cotmill.prove.answer import equal_json


@pytest.fixture(scope="module")
def executor() -> Iterator[Executor]:
    made = Executor(Execute(), equal_json)
    yield made
    made.close()


def settle(executor: Executor, code: str, *inputs: str, answers: tuple[str, ...] = ()) -> list[str]:
    """What becomes of each pair: its answer, or the reason of its reject."""
    pairs = tuple(f"p.{index}" for index in range(len(inputs)))
    program = Program("p", "t", "", "", code, pairs, inputs, answers or ("",) * len(inputs), Lineage("p"))
    outcomes = sorted(executor(program), key=lambda outcome: outcome.id)
    return [item.answer if isinstance(item, Execution) else str(item.reason) for item in outcomes]


def test_each_input_is_its_own_execution(executor: Executor) -> None:
    """What one input does to module-level state is not seen by the next."""
    code = "seen = []\n\ndef solution(n):\n    seen.append(n)\n    return seen\n"
    assert settle(executor, code, '{"n":1}', '{"n":2}') == ["[1]", "[2]"]


@pytest.mark.parametrize(
    "body",
    [
        "return time.time()",
        "return random.random()",
        "return str(datetime.date.today())",
        "return id(object())",
        "return hash('a')",
        "return [random.choice('ab') for _ in range(8)]",
    ],
)
def test_what_depends_on_the_process_is_found(executor: Executor, body: str) -> None:
    """Clock, randomness, date, addresses, hash seed."""
    code = f"import datetime, random, time\n\ndef solution(n):\n    {body}\n"
    assert settle(executor, code, '{"n":1}') == ["nondeterministic"]


@pytest.mark.parametrize(
    "expression", ["list({n + 'a', n + 'b'})", "[x for x in set([n, 'q'])]", "''.join(frozenset([n, 'zz']))"]
)
def test_the_order_of_even_a_small_set_is_found(executor: Executor, expression: str) -> None:
    """Two elements keep their order under two hash seeds half of the time; under all that are tried, hardly ever."""
    code = f"def solution(n):\n    return {expression}\n"
    outcomes = settle(executor, code, *(f'{{"n":"w{number}"}}' for number in range(24)))
    assert outcomes.count("nondeterministic") >= 23


@pytest.mark.parametrize(
    "expression", ["sorted({n, n + 1, n * 7})", "len({str(n), 'a'})", "list({n, n + 1})", "'a' in {'a', 'b'}"]
)
def test_sets_that_do_no_harm_go_on(executor: Executor, expression: str) -> None:
    """A sorted set, its length, membership; a set of numbers has one order everywhere."""
    assert settle(executor, f"def solution(n):\n    return {expression}\n", '{"n":3}') != ["nondeterministic"]


def test_an_answer_that_differs_from_the_seeds_is_rejected(executor: Executor) -> None:
    """Compared as values: 4 and 4.0 agree, 4 and 5 do not."""
    code = "def solution(n):\n    return n + 1\n"
    answers = settle(executor, code, '{"n":3}', '{"n":3}', '{"n":3}', answers=("4.0", "5", ""))
    assert answers == ["4", "answer-mismatch", "4"]


def test_a_reject_names_both_outcomes(executor: Executor) -> None:
    """A person can see what differed."""
    program = Program(
        "p", "t", "", "", "def solution(n):\n    return hash('a')\n", ("p.0",), ('{"n":1}',), ("",), Lineage("p")
    )
    (reject,) = executor(program)
    assert isinstance(reject, Reject)
    assert "first" in reject.detail and "then" in reject.detail


@pytest.mark.parametrize("draw", ["random.random() < 2", "bool(numpy.random.choice(9) < 9)", "random.choice([n]) > 0"])
def test_an_unseeded_draw_is_found_whatever_it_does_to_the_answer(executor: Executor, draw: str) -> None:
    """Outcomes may agree by luck, or always: the state of the generators tells."""
    code = f"import random, numpy\n\ndef solution(n):\n    return {draw}\n"
    assert settle(executor, code, '{"n":1}') == ["nondeterministic"]


def test_generators_are_read_without_their_help(executor: Executor) -> None:
    """A program that breaks the generator, so that it cannot tell its state, has drawn from it all the same."""
    broken = "random.getrandbits(8)\n    del random._inst.gauss_next, random.random, random._inst"
    code = f"import random\n\ndef solution(n):\n    {broken}\n    return n\n"
    assert settle(executor, code, '{"n":1}') == ["nondeterministic"]


@pytest.mark.parametrize("seeding", ["random.seed(n)", "numpy.random.seed(n)"])
def test_a_seeded_draw_is_deterministic(executor: Executor, seeding: str) -> None:
    """A program that seeds what it draws from is as good as any."""
    module = seeding.partition(".seed")[0]
    code = f"import random, numpy\n\ndef solution(n):\n    {seeding}\n    return int({module}.random() * 1000)\n"
    (outcome,) = settle(executor, code, '{"n":5}')
    assert outcome.isdigit()


@pytest.mark.parametrize("draw", ["random.randrange(10 ** 6)", "int(numpy.random.choice(10 ** 6))"])
def test_unseeded_randomness_comes_out_the_same_in_every_run(draw: str) -> None:
    """A program that draws is rejected for what it does, not for what it drew: the detail is the same every time."""
    code = f"import random, numpy\n\ndef solution(n):\n    return {draw}\n"
    program = Program("p", "t", "", "", code, ("p.0",), ('{"n":1}',), ("",), Lineage("p"))
    details = set()
    for _ in range(2):
        executor = Executor(Execute(), equal_json)
        (reject,) = executor(program)
        executor.close()
        assert isinstance(reject, Reject)
        details.add(f"{reject.reason}: {reject.detail}")
    assert len(details) == 1


def test_a_rule_that_breaks_on_one_program_lets_no_other_pass_unjudged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail closed: what was run ahead and not judged to its end is judged when it is asked for."""
    usual = rules.FAMILY_RULES[Reason.UNUSED_INPUT]

    def breaks(executions: list[Execution]) -> Generator[rules.Changes, list[str], rules.Details]:
        if executions[0].id.startswith("odd"):
            raise RuntimeError("a bug")
        return (yield from usual(executions))

    monkeypatch.setitem(rules.FAMILY_RULES, Reason.UNUSED_INPUT, breaks)
    idle, odd = (
        Program(
            id, "t", "", "", "def solution(n, k):\n    return n", (f"{id}.0",), ('{"n":1,"k":2}',), ("",), Lineage(id)
        )
        for id in ("idle", "odd")
    )
    executor = Executor(Execute(rules=("unused-input",)), equal_json)
    try:
        with pytest.raises(RuntimeError):
            executor.ahead([idle, odd])
        assert [str(item.reason) for item in executor(idle) if isinstance(item, Reject)] == ["unused-input"]
        with pytest.raises(RuntimeError):
            list(executor(odd))
    finally:
        executor.close()
