"""Literal inputs become parameters, and only where that changes nothing."""

from __future__ import annotations

import json

import pytest

from collect.unified import check, output, program


def test_pal_program():
    """Literals of a program without parameters become its input; the docstring that states other numbers goes."""
    check(
        '''
        def solution():
            """Ducks lay 16 eggs. She eats three. How many are left?"""
            eggs = 16
            eaten = 4933828
            left = eggs - eaten
            price = 2
            return left * price
        ''',
        """
        def solution(eggs, eaten, price):
            left = eggs - eaten
            return left * price
        """,
        {"eggs": 16, "eaten": 4933828, "price": 2},
    )


def test_docstring_without_numbers_stays():
    """A docstring that states no number speaks of every input."""
    code = 'def solution():\n    """What is left of the eggs."""\n    eggs = 5\n    return eggs - 1'
    assert '"""What is left of the eggs."""' in program(code).code


def test_values_are_kept_exactly():
    """Integers of any size, floats, booleans, null, texts and nested lists arrive as they were."""
    code = """
        def solution():
            big = 123456789012345678901234567890
            real = 1.0
            small = -2.5e-07
            yes = True
            word = "naïve"
            rows = [[1, 2.0], {"k": None}]
            return [big, real, small, yes, word, rows]
        """
    unified = program(code)
    assert unified.inputs[0] == (
        '{"big":123456789012345678901234567890,"real":1.0,"rows":[[1,2.0],{"k":null}],"small":-2.5e-07,'
        '"word":"naïve","yes":true}'
    )
    given = json.loads(unified.inputs[0])
    assert repr(output(unified.code, given)) == repr(
        [given[name] for name in ("big", "real", "small", "yes", "word", "rows")]
    )


def test_order_of_parameters():
    """Parameters come in the order in which the program binds them, also from `a, b = 3, 4` and `c: int = 5`."""
    check(
        """
        def solution():
            z = 1
            a, b = 3, 4
            c: int = 5
            return z + a * b - c
        """,
        """
        def solution(z, a, b, c):
            return z + a * b - c
        """,
        {"z": 1, "a": 3, "b": 4, "c": 5},
    )


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("x = 0", "for i in range(3):\n        x += i\n    return x + n"),  # where a sum begins
        ("x = []", "for i in range(n):\n        x.append(i)\n    return x"),  # where a list begins
        ("x = [2]", "x.append(n)\n    return x"),  # a list that grows
        ("x = None", "for x in range(n):\n        pass\n    return x"),  # nothing yet
        ("x = (1, 2)", "return {x: n}[1, 2]"),  # a tuple that a list cannot stand for
        ("x = (1, 2)", "return x + (n,)"),
        ("x = {1, 2}", "return [i for i in x] + [n]"),  # the order of a set is its own
        ("x = {1, 2}", "x -= {2}\n    return len(x) + n"),
        ("x = {3: 4}", "return x[3] + n"),  # keys that JSON would make texts of
        ("x = 5", "return n"),  # reaches nothing
        ("x = 5\n    y = x * 2", "return n"),  # reaches only what reaches nothing
        ("x = 1e999", "return x > n"),  # infinity is no JSON
        ("x = b'1'", "return x == n"),
        ("x = 2 + 3", "return x + n"),  # not a literal
        ("print\n    x = 4\n    y = locals()", "return len(y) + n"),  # the program looks at its own names
    ],
)  # fmt: skip
def test_left_in_place(line: str, rest: str):
    """Values that start something, reach nothing, or have no faithful JSON form stay where they are."""
    code = f"def solution():\n    n = 7\n    {line}\n    {rest}"
    unified = program(code)
    assert "x" not in json.loads(unified.inputs[0])
    assert output(unified.code, json.loads(unified.inputs[0])) == output(code, {})


@pytest.mark.parametrize(
    ("value", "use"),
    [
        ("(3, 1, 2)", "sum(x) + x[0] + (5 in x)"),
        ("(3, 1, 2)", "[i * 2 for i in x]"),
        ("{3, 1, 2}", "sorted(x) + [len(x), 4 in x]"),
    ],
)
def test_list_will_do(value: str, use: str):
    """A tuple or set becomes a list in the input where every use of it gives the same."""
    code = f"def solution():\n    x = {value}\n    return {use}"
    unified = program(code)
    assert json.loads(unified.inputs[0]) == {"x": [3, 1, 2]}
    assert output(unified.code, json.loads(unified.inputs[0])) == output(code, {})


def test_rebound_value_is_an_input():
    """A value that the program works on is its input, unless it is a neutral start."""
    check(
        """
        def solution():
            n = 600851475143
            digits = 0
            while n:
                n //= 10
                digits += 1
            return digits
        """,
        """
        def solution(n):
            digits = 0
            while n:
                n //= 10
                digits += 1
            return digits
        """,
        {"n": 600851475143},
    )


def test_bound_twice():
    """Only the first binding of a name is lifted, and none that comes after a use of the name."""
    code = """
        def solution():
            total = sum(n for n in [4, 5])
            n = 3
            n = n * total
            n = 8
            def later():
                return extra
            extra = 9
            return n + later()
        """
    unified = program(code)
    assert json.loads(unified.inputs[0]) == {"n": 3}
    assert output(unified.code, {"n": 3}) == 17


def test_branch_is_not_lifted():
    """A literal that is bound in a branch or a loop stays."""
    code = """
        def solution():
            n = 3
            if n > 2:
                bonus = 10
            else:
                bonus = 20
            return n + bonus
        """
    assert json.loads(program(code).inputs[0]) == {"n": 3}


def test_defaults_are_inputs():
    """Without any other input, literal defaults are the input, and no longer stand in the code."""
    check(
        "def solution(n=5, *, k=[2]):\n    return n + k[0]",
        "def solution(n, *, k):\n    return n + k[0]",
        {"n": 5, "k": [2]},
    )


@pytest.mark.parametrize(
    "code",
    [
        "def solution(n=3, seen=[]):\n    return 0 if n == 0 else solution(n - 1) + 1",
        "def solution():\n    depth = 4\n    return solution if depth > 9 else depth",
        "import functools\n\n@functools.lru_cache\ndef solution():\n    xs = [1, 2]\n    return sum(xs)",
    ],
)
def test_own_calls_and_decorators(code: str):
    """Where the program itself or a decorator relies on how the entry is called, its parameters stay."""
    unified = program(code)
    assert unified.inputs == ("{}",)
    assert output(unified.code, {}) == output(code, {})
