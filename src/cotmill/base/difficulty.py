"""How hard an executed program is to work through by hand: one number from 0 to 10, and three bands of it.

Four things are counted in one run, each as a whole number `n` from 0 on:

    lines       line events: how long the run is
    depth       loops and calls that were open at once, at most; comprehensions and recursion count
    decisions   outcomes that tests had; a test that went both ways counts twice, as a branch of the control flow
                graph that was taken does in McCabe's measure (A Complexity Measure, IEEE TSE 1976)
    operations  different operators, functions and methods in the lines that were executed: the distinct operators
                of Halstead (Elements of Software Science, 1977)

Each gives `n / (n + usual)`: 0 where there is none of it, a half at what is usual for the built-in programs, never 1.
The difficulty is ten times their mean, with the length counted twice. It rises with each of the four, and with nothing
else: names, and the size of numbers, change nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Container
from functools import lru_cache
from typing import Literal

from cotmill.base.trace import Branch, Call, Line, Trace

__all__ = ["BANDS", "Band", "band", "counts", "difficulty", "operations", "score"]

Band = Literal["easy", "middle", "hard"]
BANDS: tuple[Band, ...] = ("easy", "middle", "hard")
MIDDLE, HARD = 5.0, 6.5  # where these bands begin: of the built-in programs 62 % are easy, 1 % are hard
USUAL = (40, 2, 3, 12)  # lines, depth, decisions, operations
SHARES = (4.0, 2.0, 2.0, 2.0)
_KINDS = (
    ast.For, ast.While, ast.If, ast.IfExp, ast.Match, ast.Try, ast.With, ast.Raise, ast.Assert, ast.Break, ast.Continue,
    ast.Lambda, ast.Yield, ast.YieldFrom, ast.Subscript, ast.Slice, ast.Starred, ast.JoinedStr, ast.ListComp,
    ast.SetComp, ast.DictComp, ast.GeneratorExp,
)  # fmt: skip


def difficulty(trace: Trace, code: str) -> float:
    """Of one run of the program (definitions only), 0 to 10, three digits behind the point. Raises SyntaxError."""
    return score(*counts(trace, code))


def score(lines: int, depth: int, decisions: int, operations: int) -> float:
    """The formula: 0 where nothing ran, below 10, rising with each of the four."""
    found = zip((lines, depth, decisions, operations), USUAL, SHARES, strict=True)
    return round(sum(share * number / (number + usual) for number, usual, share in found), 3)


def band(difficulty: float) -> Band:
    return "hard" if difficulty >= HARD else "middle" if difficulty >= MIDDLE else "easy"


def counts(trace: Trace, code: str) -> tuple[int, int, int, int]:
    """Lines, depth, decisions, operations."""
    loops = _loops(code)
    base, at = {0: 0}, {0: 0}  # of each frame: what was open when it began; the line that it is at
    depth, executed = 0, set[int]()
    outcomes = set[tuple[int, bool]]()
    for event in trace.events:
        match event:
            case Call(frame, parent):
                base[frame] = base.get(parent, 0) + loops.get(at.get(parent, 0), 0) + (parent != 0)
                at[frame] = 0
                depth = max(depth, base[frame])
            case Line(frame, line):
                at[frame] = line
                executed.add(line)
                depth = max(depth, base.get(frame, 0) + loops.get(line, 0))
            case Branch(_, site, truth):
                outcomes.add((site, truth))
    return trace.lines, depth, len(outcomes), len(operations(code, executed))


def operations(code: str, lines: Container[int] | None = None) -> set[str]:
    """Operators, functions, methods and kinds of statements that a program uses, by name; in some of its lines only."""
    return {name for line, name in _operations(code) if lines is None or line in lines}


@lru_cache(maxsize=1024)
def _operations(code: str) -> frozenset[tuple[int, str]]:
    """With the lines that they begin in. Functions of the program's own are all one operation."""
    tree = ast.parse(code)
    own = {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    found: set[tuple[int, str]] = set()
    for node in ast.walk(tree):
        match node:
            case (
                ast.BinOp(op=operator) | ast.AugAssign(op=operator) | ast.UnaryOp(op=operator) | ast.BoolOp(op=operator)
            ):
                found.add((node.lineno, type(operator).__name__))
            case ast.Compare(ops=operators):
                found |= {(node.lineno, type(operator).__name__) for operator in operators}
            case ast.Call(func=ast.Attribute(attr=name)):
                found.add((node.lineno, f".{name}"))
            case ast.Call(func=ast.Name(id=name)):
                found.add((node.lineno, "call" if name in own else name))
            case ast.stmt() | ast.expr() if isinstance(node, _KINDS):
                found.add((node.lineno, type(node).__name__))
    return frozenset(found)


@lru_cache(maxsize=1024)
def _loops(code: str) -> dict[int, int]:
    """Line -> loops that it stands in, one that begins in it not counted."""
    depths: dict[int, int] = {}
    waiting: list[tuple[ast.AST, int]] = [(ast.parse(code), 0)]
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, ast.stmt):
            depths[node.lineno] = max(depth, depths.get(node.lineno, 0))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            depth = 0  # its frame counts from where it is called
        looping = isinstance(node, (ast.For, ast.AsyncFor, ast.While))
        for name, value in ast.iter_fields(node):
            below = value if isinstance(value, list) else [value]
            inside = depth + (looping and name == "body")
            waiting += [(child, inside) for child in below if isinstance(child, ast.AST)]
    return depths
