"""Renaming follows the language's rules of scope."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from cotmill.collect.scopes import Unrenamable, rename


def plain(code: str) -> str:
    """The program as `ast.unparse` writes it."""
    return ast.unparse(ast.parse(dedent(code)))


def renamed(code: str, old: str = "f", new: str = "solution") -> str:
    tree = ast.parse(dedent(code))
    rename(tree, old, new)
    return ast.unparse(tree)


def test_references():
    """Every reference to the module's name is renamed: calls, recursion, decorators, defaults, `global`."""
    before = """
        def f(n):
            return f(n - 1)
        @f
        def g(k=f):
            global f
            f = [f for _ in k]
    """
    after = """
        def solution(n):
            return solution(n - 1)
        @solution
        def g(k=solution):
            global solution
            solution = [solution for _ in k]
    """
    assert renamed(before) == plain(after)


def test_other_scopes():
    """The same name of another scope, an attribute and a keyword are other names."""
    code = """
        def f(n):
            return n
        def g(f):
            return f(f=1) + n.f
        def h():
            f = 2
            return [f for f in range(f)]
        class C:
            def f(self):
                return f(self)
    """
    assert renamed(code) == plain(
        code.replace("def f(n)", "def solution(n)").replace("return f(self)", "return solution(self)")
    )


def test_other_solution_gets_out_of_the_way():
    """A module-level name that is in use becomes another, wherever it is used."""
    assert renamed("def solution(n):\n    return solution_1\ndef f(n):\n    return solution(n)") == (
        "def solution_2(n):\n    return solution_1\n\ndef solution(n):\n    return solution_2(n)"
    )


def test_local_that_would_hide_it():
    """A local variable with the new name is renamed only where the entry is used below it."""
    assert renamed(
        "def f(n):\n    solution = f(n - 1)\n    return solution\ndef g():\n    solution = 1\n    return solution"
    ) == (
        "def solution(n):\n    solution_1 = solution(n - 1)\n    return solution_1\n\ndef g():\n    solution = 1\n    return solution"
    )


def test_class_body_hides_nothing_from_its_methods():
    """A method does not see the names of its class."""
    assert renamed("def f():\n    pass\nclass C:\n    solution = 1\n    def g(self):\n        return f()") == (
        "def solution():\n    pass\n\nclass C:\n    solution = 1\n\n    def g(self):\n        return solution()"
    )


@pytest.mark.parametrize(
    "code",
    [
        "def f(n):\n    return n\ndef g(solution):\n    return f(solution)",
        "def f(n):\n    return n\nclass C:\n    solution = f(1)",
        "import solution.part\ndef f(n):\n    return solution.part",
    ],
)
def test_unrenamable(code: str):
    """Names that callers or readers from outside may rely on are not changed."""
    with pytest.raises(Unrenamable):
        renamed(code)


def test_binding_forms():
    """Captures of `match`, `except ... as`, `:=` and imports bind names as assignments do."""
    code = """
        def f(x):
            match x:
                case {"k": f, **rest}:
                    return f, rest
                case [f, *_]:
                    return f
            try:
                return [y for _ in x if (f := 1)]
            except ValueError as f:
                from m import f
                return f
        g = lambda f: f
    """
    assert renamed(code) == plain(code.replace("def f(x)", "def solution(x)"))


def test_walrus_in_a_comprehension():
    """`:=` in a comprehension binds in the function around it, not in the comprehension."""
    code = "def f():\n    pass\n\ndef g(xs):\n    return ([f for x in xs if (f := x)], f)"
    assert renamed(code) == code.replace("def f", "def solution")
