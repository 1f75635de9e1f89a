"""The comparison of answers: what is the same, what is not, and that nothing makes it hang or guess."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cotmill.prove.answer import compare, equal, equal_json, extract
from cotmill.prove.answers import symbolic
from cotmill.prove.answers.numerals import Number, same_number

TABLE = [json.loads(line) for line in Path(__file__).with_name("equality.jsonl").read_text("utf-8").splitlines()]


# --- the table ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", TABLE, ids=[row["why"] for row in TABLE])
def test_table(row: dict[str, Any]) -> None:
    """Each tricky pair is judged right, whichever side is the gold one."""
    assert equal(row["prediction"], row["gold"]) is row["equal"]
    assert equal(row["gold"], row["prediction"]) is row["equal"]


def test_table_is_large_and_has_both_kinds() -> None:
    """At least 120 different pairs, and no verdict is rare."""
    assert len({(row["prediction"], row["gold"]) for row in TABLE}) >= 120
    assert min(sum(row["equal"] for row in TABLE), sum(not row["equal"] for row in TABLE)) >= 50


def documented() -> list[tuple[str, str, str]]:
    page = Path(__file__).parents[2] / "docs" / "answers.md"
    return re.findall(r"^\| `(.+?)` \| `(.+?)` \| ([a-z-]+) \|$", page.read_text("utf-8"), re.MULTILINE)


def test_the_examples_on_the_page_are_true() -> None:
    """Each row of the table in docs/answers.md."""
    rows = documented()
    assert len(rows) > 20
    assert [(a, b, compare(a, b).verdict) for a, b, _ in rows] == rows


# --- properties -----------------------------------------------------------------------------------------------------

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
# Pieces of every notation, so that random texts get past the first character of each reader.
SCRAPS = st.lists(
    st.sampled_from(
        [
            "1",
            "2.5",
            "0",
            "-",
            "+",
            "/",
            "^",
            "*",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            ",",
            ":",
            "=",
            "%",
            "$",
            "x",
            "cm",
            "e3",
            "yes",
            "None",
            "'a'",
            '"',
            "\\",
            "\\frac",
            "\\{",
            "\\}",
            "\\left(",
            "\\text{",
            "\\times",
            "inf",
            "_",
            "or",
        ]
    ),
    max_size=9,
).flatmap(lambda scraps: st.sampled_from(["", " ", "\n"]).map(lambda gap: gap.join(scraps)))


@settings(max_examples=150, deadline=None)
@given(JSON_VALUES)
def test_a_value_equals_itself_in_any_spelling(value: Any) -> None:
    """JSON, indented JSON and the Python literal of one value are the same answer."""
    spellings = (json.dumps(value), json.dumps(value, indent=1, ensure_ascii=False), repr(value))
    for one in spellings:
        for other in spellings:
            assert equal(one, other), (one, other)
    assert equal_json(spellings[0], spellings[1])


@settings(max_examples=150, deadline=None)
@given(JSON_VALUES, JSON_VALUES)
def test_comparison_of_values_is_symmetric(a: Any, b: Any) -> None:
    """Exchanging the sides changes no verdict."""
    left, right = json.dumps(a), json.dumps(b)
    assert compare(left, right) == compare(right, left)
    assert equal_json(left, right) == equal_json(right, left)


@settings(max_examples=200, deadline=None)
@given(SCRAPS, SCRAPS)
def test_comparison_of_any_texts_is_symmetric_and_total(a: str, b: str) -> None:
    """Any two texts get a verdict, the same one both ways, and a text equals itself."""
    assert equal(a, b) == equal(b, a)
    assert equal(a, a)


@settings(max_examples=300, deadline=None)
@given(st.integers(), st.integers(min_value=1, max_value=10**6), st.sampled_from(["{}", "[{}]", "{} cm", "{{{}}}"]))
def test_another_integer_is_never_equal(number: int, off: int, spelling: str) -> None:
    """However large the number and however small the difference, alone and inside something else."""
    assert not equal(spelling.format(number), spelling.format(number + off))
    assert not equal_json(f"[{number}]", f"[{number + off}]")


@pytest.mark.parametrize("relative", [4, 5, 6, 9, 12])
def test_near_misses_of_integers_are_different(relative: int) -> None:
    """One part in 10**4 to 10**12 off is another integer."""
    number = 10**relative
    for other in (number + 1, number - 1):
        assert not equal(str(number), str(other))
        assert not equal(f"{number}.0", str(other))
        assert not equal_json(f"{number}.0", f"{other}")


@settings(max_examples=200, deadline=None)
@given(st.integers(10**5, 10**9), st.integers(1, 10**6), st.integers(4, 8))
def test_a_fraction_equals_its_rounding_and_no_neighbour(top: int, bottom: int, places: int) -> None:
    """From 4 places and 3 digits on; one unit of the last place further is another number."""
    scaled = round(Fraction(top, bottom) * 10**places)
    exact = Number(top, bottom)
    written = Number(scaled, 10**places, places, len(str(scaled)))
    if written.digits > 15 or written.whole:  # a printed double, or an integer: other rules
        return
    assert same_number(written, exact)
    assert same_number(exact, written)
    for neighbour in (scaled + 1, scaled - 1):
        tie = 2 * abs(Fraction(top, bottom) * 10**places - neighbour) == 1
        assert same_number(Number(neighbour, 10**places, places, written.digits), exact) is tie


@settings(max_examples=100, deadline=None)
@given(st.floats(min_value=1, max_value=1e300))
def test_a_double_equals_the_integer_that_it_holds(value: float) -> None:
    """What Python prints for a double, and that double as an integer."""
    whole = float(int(value))
    assert equal(repr(whole), str(int(whole)))
    assert equal_json(repr(-whole), str(-int(whole)))


# --- how it decides ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "verdict", "how"),
    [
        ("7", "7", "equal", "same-text"),
        ("7", "7.0", "equal", "typed"),
        ("7", "8", "different", "typed"),
        ("x+2", "2+x", "equal", "symbolic"),
        ("x+2", "x-2", "different", "symbolic"),
        ("9^{9^{9^{9}}}", "3", "could-not-check", "too-large"),
        ("\\sqrt{", "3", "could-not-check", "not-understood"),
    ],
)
def test_how_says_which_layer_decided(a: str, b: str, verdict: str, how: str) -> None:
    """A comparison names the layer that gave the verdict."""
    found = compare(a, b)
    assert (found.verdict, found.how) == (verdict, how)


@pytest.mark.parametrize(
    "text",
    [
        "x+2^{1001}",
        "x+2^{2^{11}}",
        "x^{y^{z^{2}}}",
        "x^x^x^{10^4}",
        "x+1000!",
        "x+(9!)!",
        "x+" + "(" * 22 + "1" + ")" * 22,
        "x+" * 400,
        "x+" + "9" * 200,
    ],
)
def test_what_is_large_is_not_computed(text: str) -> None:
    """Powers, factorials, depth and length are bounded before anything is asked."""
    assert compare(text, "x+1").how == "too-large"


def test_a_typed_difference_needs_no_algebra() -> None:
    """Where one element differs by type, nothing is asked of the worker."""
    symbolic.shut_down()
    assert compare("[x+1, 2]", "[1+x, 3]").how == "typed"
    assert symbolic._worker.process is None


# --- JSON -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("-4321980", "-4321980.0", True),
        ("5123405.700000001", "5123405.7", True),
        ("[1, 0.1]", "[1.0, 0.1000000000000000055]", True),
        ('{"a": 1, "b": [2.0]}', '{"b": [2], "a": 1}', True),
        ('"5"', "5", False),
        ('["5"]', "[5]", False),
        ('"Yes"', '"yes"', False),
        ('"a "', '"a"', False),
        ("true", "1", False),
        ("null", "0", False),
        ("[1, 2]", "[2, 1]", False),
        ('{"1": 2}', '{"1.0": 2}', False),
        ("[]", "{}", False),
        ("1/2", "0.5", False),
        ("oops", "oops", False),
        ("1e9999999999999999999", "null", False),
        ("[" * 5000, "[" * 5000, False),
    ],
)
def test_equal_json(a: str, b: str, same: bool) -> None:
    """Numbers by value, all else exact; what is not JSON equals nothing."""
    assert equal_json(a, b) is same
    assert equal_json(b, a) is same


# --- extraction -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("So we get 9.\nAnswer: 9", "9"),
        ("Answer: 8\nNo, wait.\nAnswer: 9\n", "9"),
        ("**Answer:** 9", "9"),
        ("**Final Answer**: 9.5 kg", "9.5 kg"),
        ("### Final answer: [1, 2]", "[1, 2]"),
        ("Answer:\n\n9", "9"),
        ("The answer is 9. It is odd.", "9"),
        ("Therefore, the final answer is: 9.5.", "9.5"),
        ("16 - 7 = 9\n#### 9", "9"),
        ("\\boxed{9}", "9"),
        ("so \\boxed{\\frac{1}{2}} holds", "\\frac{1}{2}"),
        ("\\boxed{\\{1, 2\\}}", "\\{1, 2\\}"),
        ("The final answer is $\\boxed{\\sqrt{2}}$.", "\\sqrt{2}"),
        ("Answer: \\boxed{9}", "9"),
        ("Answer: The answer is 9.", "9"),
        ("\\boxed{8} is wrong. The answer is 9", "9"),
        ("The answer is 8.\n#### 9", "9"),
        ('Answer: "the answer is 5"', '"the answer is 5"'),
        ('Answer: ["#### 5", "\\\\boxed{6}"]', '["#### 5", "\\\\boxed{6}"]'),
        ('Answer: {"a": 1}', '{"a": 1}'),
        ("## Final Answer\n\n9", "9"),
        ("**Final Answer**\n\n$\\boxed{9}$", "9"),
        ("**Answer: 9** (see above)", "9"),
        ("3 * 3 = 9. Answer: 9", "9"),
        ("$\\fbox{9}$", "9"),
        ("$\\boxed 9$", "9"),
        ("The answer is 9! / 8! = \\boxed{9}.", "9"),
        ("The answer is $\\frac{9!}{8!}$. So it is!", "$\\frac{9!}{8!}$"),
        ("\\boxed{9}. We see that the answer is correct.", "9"),
        ("The answer is:\n\n**9**", "9"),
        ("The answer is 8. No, wait, the answer is 9.", "9"),
        ("The answer is 9, because 8 + 1 = 9.", "9"),
        ("Answer is 9", "9"),
        ("<answer>\n9\n</answer>", "9"),
        ("The answer is:\n\\[\n9\n\\]", "9"),
        ("Answer:\n```json\n[1, 2]\n```", "[1, 2]"),
        ('Answer: {\n  "a": 1\n}\nDone.', '{\n  "a": 1\n}'),
        ("nothing is stated here", None),
        ("no answer: here", None),
        ("\\boxed{9", None),
        ("Answer:", None),
        ("", None),
    ],
)
def test_extract(text: str, answer: str | None) -> None:
    """The answer stated last is found, whole, and never inside another one."""
    assert extract(text) == answer


@settings(max_examples=100, deadline=None)
@given(JSON_VALUES)
def test_a_stated_json_value_is_read_back(value: Any) -> None:
    """Whatever a value's text holds, the line "Answer: ..." gives it back."""
    text = json.dumps(value)
    assert extract(f"First, 1 + 1 = 2.\nAnswer: {text}") == text


# --- hostile texts ----------------------------------------------------------------------------------------------------

HOSTILE = {
    "digits": "9" * 100_000,
    "a megabyte of digits": "9" * 1_000_000,
    "a megabyte of letters": "a" * 1_000_000,
    "a megabyte of spaces": "5" + " " * 1_000_000 + "x",
    "a megabyte of JSON": "[" + "[1]," * 250_000 + "1]",
    "deep lists": "[" * 100_000,
    "closed deep lists": "[" * 900 + "]" * 900,
    "deep brackets": "(" * 9_900 + ")" * 9_900,
    "deep braces": "\\{" * 9_000,
    "deep fractions": "\\frac{" * 3_000,
    "deep text": "\\text{" * 3_000,
    "deep boxes": "\\boxed{" * 2_500 + "}" * 2_500,
    "huge exponent": "1e" + "9" * 1_000,
    "huge float": "1e999999999999999999",
    "tower": "10**10**10",
    "long tower": "2^" * 9_000 + "2",
    "hidden tower": "x+2^{2^{30}}",
    "factorial": "99999!",
    "factorials": "((9!)!)!",
    "minus signs": "-" * 19_000 + "1",
    "quotes": "'" * 19_999,
    "escapes": '"' + "\\" * 19_000,
    "blanks before a power": "1" + " " * 19_000 + "^",
    "commas": "1," * 9_900,
    "alternatives": " or ".join("1" * 4_000),
    "equations": "x=" * 9_000,
    "millions": "5" + " million" * 2_000,
    "percents": "5" + "%" * 19_000,
    "sets of sets": "{" + ",".join("{" + ",".join(f"[{i + j}]" for i in range(40)) + "}" for j in range(80)) + "}",
    "roots": "\u221a(" * 9_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_returns_soon(name: str) -> None:
    """A text made to hang, overflow or exhaust gets a verdict, and not "equal" unless it is the same text."""
    text = HOSTILE[name]
    symbolic.judge([("x", "y")])  # the worker's start is no part of this
    start = time.process_time()
    for other in ("1", "x+1", text[:-1] + "7"):
        assert compare(text, other).verdict != "equal"
        assert not equal_json(text, other)
    assert equal(text, text)
    extract(text)
    extract("Answer: " + text)
    assert time.process_time() - start < 12  # seven comparisons and two searches of a text of up to a megabyte


# --- the worker -------------------------------------------------------------------------------------------------------

SLOW = "(x+1)^{999}(x+2)^{999}"


def test_a_slow_question_is_given_up_and_the_next_one_answered() -> None:
    """The worker is killed at the limit, and the comparison after that has a new one."""
    equal("x+1", "1+x")
    before = symbolic._worker.process
    assert before is not None
    found = compare(SLOW, "x+1")
    assert (found.verdict, found.how) == ("could-not-check", "no-time")
    assert before.popen.poll() is not None
    assert equal("x+1", "1+x")


def test_a_worker_killed_while_idle_is_replaced() -> None:
    """Somebody else's kill costs nothing but a restart."""
    equal("x+1", "1+x")
    process = symbolic._worker.process
    assert process is not None
    process.popen.kill()
    process.popen.wait()
    assert equal("x+3", "3+x")


def test_a_worker_that_does_not_come_to_run_is_waited_for() -> None:
    """Its limit is on its own time: on a busy machine a right answer is still right."""
    equal("x+1", "1+x")
    process = symbolic._worker.process
    assert process is not None
    os.kill(process.popen.pid, signal.SIGSTOP)
    awake = threading.Timer(2.5, os.kill, (process.popen.pid, signal.SIGCONT))
    awake.start()
    assert equal("x+4", "4+x")
    awake.join()


def test_threads_may_compare_at_once() -> None:
    """Each thread gets the answer to its own question."""

    def ask(number: int) -> bool:
        return equal(f"x+{number}", f"{number}+x") and not equal(f"x+{number}", f"{number + 1}+x")

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(ask, [*range(4)] * 3))


def test_a_forked_child_has_its_own_worker() -> None:
    """After a fork, parent and child do not read each other's replies."""
    script = """
        import os
        from cotmill.prove.answer import equal
        assert equal("x+1", "1+x")
        child = os.fork()
        for number in range(5):
            assert equal(f"x+{number}", f"{number}+x") and not equal(f"x+{number}", "x")  or number == 0
        if child:
            assert os.waitpid(child, 0)[1] == 0
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=True, timeout=120)


@pytest.mark.parametrize("busy", [False, True])
def test_the_worker_does_not_outlive_its_parent(busy: bool) -> None:
    """SIGKILL of the parent ends the worker: at once when idle, by its CPU limit when it is computing."""
    script = f"""
        import sys
        from cotmill.prove.answer import compare
        from cotmill.prove.answers import symbolic
        compare("x+1", "1+x")
        print(symbolic._worker.process.popen.pid, flush=True)
        if {busy}:
            symbolic._worker.process.write('[["{SLOW}", "x+1"]]')
        sys.stdin.read()
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    assert parent.stdin is not None
    worker = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    parent.stdin.close()
    end = time.monotonic() + 60
    while _alive(worker):
        assert time.monotonic() < end
        time.sleep(0.05)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or ") Z" not in state.read_text()


def test_the_import_is_light_and_plain_answers_start_nothing() -> None:
    """No algebra system is loaded into this process, and none is started for plain answers."""
    script = """
        import sys
        from cotmill.prove.answer import equal
        from cotmill.prove.answers import symbolic
        assert equal("[1, 2.0]", "(1.0, 2)") and not equal("1/2", "0.51") and equal("5 cm", "5")
        assert symbolic._worker.process is None
        loaded = {"sympy", "math_verify", "latex2sympy2_extended", "mpmath", "numpy", "pydantic"} & set(sys.modules)
        assert not loaded, loaded
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=True, timeout=60)
