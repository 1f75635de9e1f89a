"""Texts that are written to break the claim check, to keep it busy or to slip through."""

from __future__ import annotations

import time

import pytest

from cotmill.prove.claims.run.evaluate import Unknown, evaluate
from cotmill.prove.claims.run.trees import parse
from cotmill.prove.claims.text.literals_in_text import tokens_of
from cotmill.prove.ground import check_solution
from execute.tracing import trace_in_process
from prove.grounded import checked

CODE = "def solution(n):\n    total = 0\n    for i in range(n):\n        total += i * i\n    return total\n"
SIZE = 100_000
HOSTILE = {
    "claims": "total = 1. ", "wrong": "total = 77777. ", "sums": "12 * 77 = 924. ", "comparisons": "since 45 > 33, ",
    "open brackets": "[", "open lists": "[1, ", "open parentheses": "(", "apostrophes": "' ", "escapes": "\\'",
    "backticks": "`", "double backticks": "`` ", "digits": "9", "thousands": "1,234,", "towers": "total = 9**9**9**9. ",
    "chain": "total = ", "plus": "1+", "minus": "-", "not": "not ", "verbs": "total is now then still ", "lines": "\n",
    "dicts": "{1: ", "fractions": "\\frac{1}{", "calls": "len(", "passes": "Pass 3: i = 2. ", "names": "total, ",
    "repetition": "'a' * 100000 * 100000 = 'a'. ", "subscripts": "total[0]", "tests": "`i < n` is true, since 3 < 5. ",
    "choices": "(1 if 1 else ", "articles": "a ", "gives": "gives 1, ",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_ends_in_time_and_does_not_pass(name: str) -> None:
    """100 kB of one pattern ends within seconds, without an exception, and never passes."""
    unit = HOSTILE[name]
    start = time.process_time()
    check = checked(CODE, {"n": 50}, unit * (SIZE // len(unit)))
    assert time.process_time() - start < 8  # 2 s on an idle machine
    assert check.verdict in ("fail", "could-not-check")


def test_a_megabyte_is_refused_at_once() -> None:
    """A text over the limit is not looked at."""
    start = time.process_time()
    assert checked(CODE, {"n": 3}, "x " * 500_000).verdict == "could-not-check"
    assert time.process_time() - start < 0.5


def test_code_that_is_no_python() -> None:
    """What goes wrong inside is could-not-check, never an exception and never a pass."""
    trace = trace_in_process(CODE, {"n": 3})
    check = check_solution("def solution(:", {}, "total = 5.\nAnswer: 5", trace)
    assert (check.verdict, check.reason_code) == ("could-not-check", "could-not-check")


@pytest.mark.parametrize(
    "source",
    [
        "9 ** 9 ** 9", "1 << 10 ** 9", "'a' * 10 ** 9", "[[0] * 100000] * 100000", "'a'.replace('', 'b' * 100000) * 9",
        "bytes(10 ** 9)", "list(range(10 ** 9))", "'%1000000000d' % 1", "sum([[1]])", "__import__('os')", "open('x')",
        "().__class__", "Fraction('1e999999')", "Decimal('1e999999') ** 9", "(lambda: 1)()", "[x for x in 'ab']", "f'{1:9}'",
        "'x'.join(['y' * 90000] * 90000)", "str([[0] * 1000] * 1000)", "list({1, 2})",
    ],
)  # fmt: skip
def test_expressions_that_are_not_worked_out(source: str) -> None:
    """Large, open-ended or effectful expressions have no value here, and take no time."""
    start = time.process_time()
    node = parse(source)
    assert node is not None
    with pytest.raises(Unknown):
        evaluate(node)
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("7 // 2 * 3 - -4 % 3", 7), ("2 ** 10", 1024), ("3 < 5 <= 5", True), ("not (1 and 0)", True), ("'ab' * 2 + 'c'", "ababc"),
        ("[1, 2, 3][-2:]", [2, 3]), ("{'a': 1}['a']", 1), ("len('abc') + max(2, 3) - min([4, 1])", 5), ("2 in {1, 2}", True),
        ("round(2.5)", 2), ("'a,b'.split(',')", ["a", "b"]), ("5 if 1 > 2 else 6", 6), ("divmod(17, 5)", (3, 2)),
        ("sum(range(5))", 10), ("-7 // 2", -4), ("0.1 + 0.2", 0.1 + 0.2), ("sorted('cab')", ["a", "b", "c"]),
    ],
)  # fmt: skip
def test_expressions_as_python_has_them(source: str, value: object) -> None:
    """What is worked out is what Python would give."""
    node = parse(source)
    assert node is not None
    assert evaluate(node) == value
    assert evaluate(node) == eval(source)


def test_deep_nesting_is_not_parsed() -> None:
    """Python's parser is never given what could exhaust its stack."""
    assert parse("(" * 100 + "1" + ")" * 100) is None
    assert parse("-" * 5000 + "1") is None
    assert parse("not " * 5000 + "1") is None


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("x = 1,234.5.", ["word", "op", "num", "stop"]),
        ("[1, 234]", ["container"]),
        ("[1,234]", ["open", "num", "punct", "num", "close"]),
        ("f(1,234)", ["word", "open", "num", "punct", "num", "close"]),
        ("Janet's 'eggs'.", ["word", "str", "stop"]),
        ("a 'b. c' d", ["word", "str", "word"]),
        ("**Pass 2:** x", ["word", "num", "punct", "word"]),
        ("2**3 * 4", ["num", "op", "num", "op", "num"]),
        ("self.n is 3.5", ["word", "punct", "word", "word", "num"]),
        ("- total = 5", ["word", "op", "num"]),
        ("3. next", ["word"]),
        ("the 3rd `a.b`", ["word", "ord", "code"]),
        ("$18 and \\boxed{18}", ["num", "word", "mark", "open", "num", "close"]),
    ],
)
def test_tokens(text: str, kinds: list[str]) -> None:
    """Literals are whole; marks of layout leave no token."""
    assert tokens_of(text).kinds == kinds
