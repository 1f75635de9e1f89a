"""What the claim check says of texts about small programs."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from cotmill.base.reasons import Reason
from cotmill.base.records import Draft, Execution, Lineage, Question, Verified
from cotmill.base.stage import Reject
from cotmill.prove.directions import prove_ground
from cotmill.prove.ground import check_solution
from execute.tracing import trace_in_process, trace_text
from prove.grounded import bad, checked, verdicts

DISCOUNT = """
def solution(price, count):
    total = price * count
    if total > 100:
        total = total - 10
    return total
"""
DISCOUNT_TEXT = """The inputs are price = 30 and count = 4.
total = 30 * 4 = 120. `total > 100` is true, since 120 > 100. total = 120 - 10 = 110.
Return total = 110.
Answer: 110"""

SQUARES = """
def solution(nums):
    total = 0
    for x in nums:
        if x % 2 == 0:
            total += x * x
    return total
"""

FACT = """
def fact(n):
    if n == 0:
        return 1
    return n * fact(n - 1)

def solution(n):
    return fact(n)
"""

EGGS = """
def solution(eggs_laid, eggs_eaten, price):
    eggs_sold = eggs_laid - eggs_eaten
    income = eggs_sold * price
    return income
"""

STACK = """
class Stack:
    def __init__(self, limit):
        self.items = []
        self.limit = limit

    def push(self, item):
        if len(self.items) == self.limit:
            raise ValueError("full")
        self.items.append(item)

def solution(numbers):
    stack = Stack(2)
    lost = 0
    for number in numbers:
        try:
            stack.push(number)
        except ValueError:
            lost += 1
    return [stack.items, lost]
"""


def test_true_text_passes() -> None:
    """A text that follows the run passes, with every claim verified and bound to an event of the trace."""
    trace = trace_in_process(DISCOUNT, {"price": 30, "count": 4})
    check = check_solution(DISCOUNT, {"price": 30, "count": 4}, DISCOUNT_TEXT, trace)
    assert (check.verdict, check.answer_ok, check.reason, check.reason_code) == ("pass", True, "", None)
    assert check.claims
    for claim in check.claims:
        assert claim.verdict == "verified", claim
        assert DISCOUNT_TEXT[claim.span[0] : claim.span[1]] == claim.text
        assert 0 <= claim.step < len(trace.events)
    assert check.coverage == 1.0


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("30 * 4 = 120", "30 * 4 = 130", Reason.REFUTED_CLAIM),  # false arithmetic
        ("30 * 4 = 120", "60 * 2 = 120", Reason.UNSUPPORTED_CLAIM),  # true, but not what the program worked out
        ("is true", "is false", Reason.REFUTED_CLAIM),  # the branch the other way
        ("120 > 100", "130 > 100", Reason.UNSUPPORTED_CLAIM),  # another side of the comparison
        ("price = 30", "price = 31", Reason.REFUTED_CLAIM),  # an input
        ("Return total = 110", "Return total = 120", Reason.REFUTED_CLAIM),  # what is returned
        ("Answer: 110", "Answer: 111", Reason.WRONG_FINAL_ANSWER),
    ],
)
def test_one_thing_changed(old: str, new: str, reason: Reason) -> None:
    """Each single untruth fails with its reason."""
    assert old in DISCOUNT_TEXT
    check = checked(DISCOUNT, {"price": 30, "count": 4}, DISCOUNT_TEXT.replace(old, new))
    assert (check.verdict, check.reason_code) == ("fail", reason), check.reason


def test_a_text_may_end_in_the_result() -> None:
    """Without an answer's mark, the last sentence that claims anything must state the result."""
    text = DISCOUNT_TEXT.replace("\nAnswer: 110", "")
    assert checked(DISCOUNT, {"price": 30, "count": 4}, text).verdict == "pass"
    check = checked(
        DISCOUNT, {"price": 30, "count": 4}, text.replace(" total = 120 - 10 = 110.\nReturn total = 110.", "")
    )
    assert (check.verdict, check.answer_ok) == ("fail", None)


def test_reason_names_the_first_bad_claim() -> None:
    """The reason quotes the first claim that is not verified and says what is true instead."""
    check = checked(DISCOUNT, {"price": 30, "count": 4}, DISCOUNT_TEXT.replace("- 10 = 110", "- 10 = 115"))
    assert "total = 120 - 10 = 115" in check.reason
    assert "110" in check.reason


@pytest.mark.parametrize(
    "text",
    [
        "total starts at 0. 3 is odd, so it is skipped. 4 is even: 4 * 4 = 16, so total becomes 16. Answer: 16",
        "Initially total is 0. Since 3 is not even, nothing happens. Since 4 % 2 == 0, the total grows to 16.\n#### 16",
        "We set total to 0. x = 3: 3 % 2 = 1. x = 4: total -> 0 + 16 = 16. The function returns 16.",
        "- `total` is now `0`\n- x = 4 gives total = 16\n\nFinal answer: \\boxed{16}",
        "**Pass 1:** x = 3, total stays 0.\n**Pass 2:** x = 4, total = 0 + 4 \u00d7 4 = 16.\nThe answer is 16.",
        "In the first pass x is 3. In the second pass x is 4 and total is 16. Answer: 16",
    ],
)
def test_other_ways_of_speaking(text: str) -> None:
    """Words, marks and layouts of other writers are understood."""
    check = checked(SQUARES, {"nums": [3, 4]}, text)
    assert check.verdict == "pass", (check.reason, bad(check))


@pytest.mark.parametrize(
    "text",
    [
        "total starts at 0. 3 is even, so it is skipped. Answer: 16",
        "Initially total is 0. 4 is even: 4 * 4 = 15, so total becomes 16. Answer: 16",
        "We set total to 1. Answer: 16",
        "total is 0. The total grows to 9 and then to 16. Answer: 16",
        "total = 0. **Pass 1:** x = 4, total = 16. **Pass 2:** x = 3. Answer: 16",
        "The numbers are [3, 5]. Answer: 16",
        "There are 77 numbers. Answer: 16",
    ],
)
def test_other_ways_of_being_wrong(text: str) -> None:
    """The same ways of speaking, with an untruth."""
    check = checked(SQUARES, {"nums": [3, 4]}, text)
    assert check.verdict == "fail", check
    assert bad(check)


@pytest.mark.parametrize(
    "text", ["", "Answer: 16", "It is clear what comes out.\nAnswer: 16", "Trust me, I ran it.\n#### 16"]
)
def test_nothing_to_check_never_passes(text: str) -> None:
    """A text without claims does not pass, whatever its answer."""
    check = checked(SQUARES, {"nums": [3, 4]}, text)
    assert check.verdict == "fail"
    assert check.reason_code in (Reason.NO_CLAIMS, Reason.WRONG_FINAL_ANSWER)


def test_true_values_in_the_wrong_order() -> None:
    """Two steps that change places are found, though each value was seen."""
    right = "eggs_sold = 16 - 3 = 13.\nincome = 13 * 2 = 26.\nAnswer: 26"
    wrong = "income = 13 * 2 = 26.\neggs_sold = 16 - 3 = 13.\nAnswer: 26"
    given = {"eggs_laid": 16, "eggs_eaten": 3, "price": 2}
    assert checked(EGGS, given, right).verdict == "pass"
    check = checked(EGGS, given, wrong)
    assert (check.verdict, check.reason_code) == ("fail", Reason.UNSUPPORTED_CLAIM)


def test_names_said_as_words() -> None:
    """A variable may be called by its words, with a capital letter and currency."""
    text = "Eggs sold is 16 - 3 = 13. The income is 13 * $2 = $26.\nAnswer: 26"
    assert checked(EGGS, {"eggs_laid": 16, "eggs_eaten": 3, "price": 2}, text).verdict == "pass"
    assert (
        checked(EGGS, {"eggs_laid": 16, "eggs_eaten": 3, "price": 2}, text.replace("13.", "12.", 1)).verdict == "fail"
    )


LOOP = "total = 0.\nPass 1: x = 2. total = 0 + 2 * 2 = 4.\nPass 2: x = 4. total = 4 + 4 * 4 = 20.\n"


def test_a_pass_left_out() -> None:
    """A numbered pass may not be missing in between, nor at the end that the text tells; folding allows it."""
    given = {"nums": [2, 4, 6]}
    last = "Pass 3: x = 6. total = 20 + 6 * 6 = 56.\nThe loop ends after 3 passes.\nAnswer: 56"
    assert checked(SQUARES, given, LOOP + last).verdict == "pass"
    middle = LOOP.split("Pass 2", maxsplit=1)[0] + last
    assert "left out" in checked(SQUARES, given, middle).reason
    assert checked(SQUARES, given, LOOP + "The loop ends after 3 passes.\nAnswer: 56").verdict == "fail"
    assert checked(SQUARES, given, LOOP + last.replace("after 3", "after 2")).verdict == "fail"
    folded = (
        "total = 0.\nPass 1: x = 2. total = 4.\n"
        "Passes 2 to 3 run the same way, and so on until after pass 3: x = 6, total = 56.\nAnswer: 56"
    )
    assert checked(SQUARES, given, folded).verdict == "pass"
    assert checked(SQUARES, given, folded.replace("x = 6, total = 56", "x = 6, total = 20")).verdict == "fail"


def test_a_change_left_out() -> None:
    """Without pass numbers, a name that is told densely may not miss a change."""
    given = {"nums": [2, 4, 6, 8]}
    text = "total = 0. Then total becomes 4. Then total becomes 20. Then total becomes 56. At last total is 120.\nAnswer: 120"
    assert checked(SQUARES, given, text).verdict == "pass"
    check = checked(SQUARES, given, text.replace(" Then total becomes 20.", ""))
    assert check.verdict == "fail"
    assert "20 is left out" in check.reason


def test_recursion() -> None:
    """Calls are told apart by their arguments, returns by their frames."""
    text = (
        "Call fact with n = 2:\n  Call fact with n = 1:\n    Call fact with n = 0:\n      `n == 0` is true, since 0 == 0. "
        "Return 1.\n    Return 1 * fact(0) = 1 * 1 = 1.\n  Return 2 * fact(1) = 2 * 1 = 2.\nReturn fact(2) = 2.\nAnswer: 2"
    )
    assert checked(FACT, {"n": 2}, text).verdict == "pass"
    short = "fact(0) returns 1, so fact(1) = 1 and fact(2) = 2 * 1 = 2.\nAnswer: 2"
    assert checked(FACT, {"n": 2}, short).verdict == "pass"
    assert checked(FACT, {"n": 2}, text.replace("with n = 1", "with n = 3")).verdict == "fail"
    assert checked(FACT, {"n": 2}, short.replace("fact(1) = 1", "fact(1) = 2")).verdict == "fail"


STACK_TEXT = """The input is numbers = [5, 7, 9].
Make a Stack with limit = 2:
  self.items = []. self.limit = limit = 2.
stack = Stack(2) = Stack(items=[], limit=2). lost = 0.
For each number in [5, 7, 9]:
  Pass 1: number = 5.
    Call Stack.push on Stack(items=[], limit=2) with item = 5:
      `len(self.items) == self.limit` is false, since len(self.items) = 0, self.limit = 2 and 0 != 2.
      Append 5 to self.items, now [5].
  Pass 2: number = 7.
    Call Stack.push on Stack(items=[5], limit=2) with item = 7:
      Append 7 to self.items, which now has 2 elements.
  Pass 3: number = 9.
    Call Stack.push on a Stack with item = 9:
      `len(self.items) == self.limit` is true. Raise ValueError: 'full'. ValueError leaves push.
    ValueError is caught. lost = 0 + 1 = 1.
The loop ends after 3 passes.
Answer: [[5, 7], 1]"""


def test_objects_changes_and_exceptions() -> None:
    """Attributes, in-place changes, constructor and method calls, exceptions raised and caught."""
    check = checked(STACK, {"numbers": [5, 7, 9]}, STACK_TEXT)
    assert check.verdict == "pass", (check.reason, bad(check))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Append 5 to self.items, now [5]", "Append 6 to self.items, now [5]"),
        ("Append 5 to self.items, now [5]", "Append 5 to self.items, now [5, 5]"),
        ("now has 2 elements", "now has 3 elements"),
        ("self.limit = limit = 2", "self.limit = limit = 3"),
        ("'full'", "'empty'"),
        ("ValueError is caught", "KeyError is caught"),
        ("Stack(items=[5], limit=2) with item = 7", "Stack(items=[6], limit=2) with item = 7"),
        ("Make a Stack with limit = 2", "Make a Stack with limit = 4"),
        ("len(self.items) = 0", "len(self.items) = 1"),
    ],
)
def test_untruths_about_objects(old: str, new: str) -> None:
    """Each of these is found."""
    assert old in STACK_TEXT
    assert checked(STACK, {"numbers": [5, 7, 9]}, STACK_TEXT.replace(old, new, 1)).verdict == "fail"


def test_kinds_and_verdicts_of_claims() -> None:
    """Verified, refuted, unsupported and uncheckable are four things."""
    text = "total = 0. x = 3. 4 * 5 = 20. total = 99. total = 9 ** 99999.\nAnswer: 16"
    check = checked(SQUARES, {"nums": [3, 4]}, text)
    assert verdicts(check) == {
        "total = 0": "verified",
        "x = 3": "verified",
        "4 * 5 = 20": "unsupported",
        "total = 99": "refuted",
        "total = 9 ** 99999": "uncheckable",
        "Answer: 16": "verified",
    }


def test_short_names_are_words_too() -> None:
    """The article "a" and the pronoun "I" are not taken for variables; as names they still are."""
    code = "def solution(a, i):\n    a = a + i\n    return a\n"
    text = "I take a 5 and add 2. Now a is 5 + 2 = 7, a nice number. Answer: 7"
    assert checked(code, {"a": 5, "i": 2}, text).verdict == "pass"
    assert checked(code, {"a": 5, "i": 2}, text.replace("a is 5 + 2 = 7", "a is 8")).verdict == "fail"


def test_literals_before_patterns() -> None:
    """Quotes, brackets and full stops inside values are parts of the values."""
    code = "def solution(text):\n    parts = text.split('. ')\n    first = parts[0]\n    return first\n"
    given = {"text": "x = 1. y = [2"}
    true = "parts = 'x = 1. y = [2'.split('. ') = ['x = 1', 'y = [2']. first = parts[0] = 'x = 1'.\nAnswer: \"x = 1\""
    assert checked(code, given, true).verdict == "pass"
    assert checked(code, given, true.replace("'y = [2']", "'y = [3']")).verdict == "fail"


def test_types_of_values() -> None:
    """1500 and 1500.0 are the same number to a person; True and 1, 1 and '1' are not the same value."""
    code = "def solution(n):\n    x = n * 1.0\n    flag = n > 3\n    return flag\n"
    assert checked(code, {"n": 1500}, "x = 1500. flag = True.\nAnswer: true").verdict == "pass"
    assert checked(code, {"n": 1500}, "x = 1,500.00. flag is True.\nAnswer: true").verdict == "pass"
    assert checked(code, {"n": 1500}, "x = 1500. flag = 1.\nAnswer: true").verdict == "fail"
    assert checked(code, {"n": 1500}, "x = '1500'. flag = True.\nAnswer: true").verdict == "fail"


def draft_of(text: str) -> Draft:
    trace, _ = trace_text(DISCOUNT, {"price": 30, "count": 4})
    given = json.dumps({"price": 30, "count": 4})
    execution = Execution("t.0", "t", "", "", DISCOUNT, given, "110", "", trace, Lineage("t"))
    return Draft("t.0", Question("t.0", execution, "", "forward", execution.answer), text, "plain")


def test_stage_gives_grounding_or_reason() -> None:
    """A draft that holds comes out verified with its counts; one that does not is rejected with a reason of the list."""
    good = prove_ground(draft_of(DISCOUNT_TEXT))
    assert isinstance(good, Verified)
    assert good.grounding.n_claims == good.grounding.n_verified > 5
    assert good.grounding.coverage == 1.0
    wrong = prove_ground(draft_of(DISCOUNT_TEXT.replace("= 120.", "= 121.")))
    assert isinstance(wrong, Reject)
    assert wrong.reason is Reason.REFUTED_CLAIM


def test_stage_fails_closed() -> None:
    """A trace that cannot be read, and a coverage below the demanded one, are rejects."""
    draft = draft_of(DISCOUNT_TEXT)
    broken = replace(draft, question=replace(draft.question, execution=replace(draft.question.execution, trace="{}")))
    settled = prove_ground(broken)
    assert isinstance(settled, Reject)
    assert settled.reason is Reason.COULD_NOT_CHECK
    thin = prove_ground(draft_of("total = 30 * 4 = 120.\nAnswer: 110"), min_coverage=0.9)
    assert isinstance(thin, Reject)
    assert thin.reason is Reason.LOW_COVERAGE


def test_checking_twice_is_the_same() -> None:
    """The check has no memory and no chance."""
    once, again = (checked(STACK, {"numbers": [5, 7, 9]}, STACK_TEXT) for _ in range(2))
    assert once == again
