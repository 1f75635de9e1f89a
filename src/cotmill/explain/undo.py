"""Plain arithmetic undone: from the result back to one input, operation by operation.

Of ``money = sold * 2`` and ``sold = laid - 3`` with the result 18: ``sold = 18 / 2 = 9``, ``laid = 9 + 3 = 12``. Where
an operation has the hidden input on both sides, what it stands for is collected: ``total = x + (x - 6) = 2 * x - 6``.
Only where each step is exact in decimal numbers, and has one answer. Every value is the one that the execution had.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from cotmill.explain.straight import Straight, reads, straight

__all__ = ["undo"]

MAX_DIGITS = 15  # a number that takes more of them is not one that a person works with
MAX_EXPANDED = 120  # characters of an expression that is collected
_SUM, _PRODUCT, _ATOM = range(3)
_SIGNS: dict[type[ast.operator], tuple[str, int]] = {
    ast.Add: ("+", _SUM), ast.Sub: ("-", _SUM), ast.Mult: ("*", _PRODUCT), ast.Div: ("/", _PRODUCT),
}  # fmt: skip
_WORK: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip
_INVERSE = {"+": "-", "-": "+", "*": "/", "/": "*"}


class _Form(NamedTuple):
    """An expression as text, how strongly it binds, and its value: exact, and as Python works it out."""

    text: str
    strength: int
    value: Fraction
    rough: float


class _CannotUndo(Exception):
    pass


class _OnBothSides(_CannotUndo):
    pass


def undo(code: str, inputs: Mapping[str, Any], hidden: str, values: Mapping[str, Any], output: Any) -> list[str]:
    """Sentences that lead from the output to the hidden input; none where the program cannot be undone.

    `values` are what the names of the program held, as the execution saw it.
    """
    program = straight(code, inputs)
    if program is None:
        return []
    try:
        return _Undoing(program, hidden, {**inputs, **values}).sentences(output)
    except _CannotUndo:
        return []


@dataclass
class _Undoing:
    program: Straight
    hidden: str
    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        self.unknown = {self.hidden}  # names that depend on the hidden input
        for name, value in self.program.steps.items():
            if reads(value) & self.unknown:
                self.unknown.add(name)
        self.told: list[str] = []
        self.named: set[str] = set()  # known quantities that were worked out already

    def sentences(self, output: Any) -> list[str]:
        label, node, known = "", self.program.result, _number(output)
        while True:
            while isinstance(node, ast.Name):
                if node.id == self.hidden:
                    return self.told
                if node.id not in self.unknown:
                    raise _CannotUndo
                label, node = node.id, self.program.steps[node.id]
            head = f"{label} =" if label else "The result is"
            try:
                leaf, inverse = self._inverse(node, _atom(known))
            except _OnBothSides:
                last = self._collected(node, known)  # tells first what it needs
                return [*self.told, f"{head} {last}"]
            found = _number(self.values[leaf])
            if inverse.value != found or not _is_neat(inverse):
                raise _CannotUndo
            equation = f"{head} {self._written(node).text} = {_shown(known)}"
            self.told.append(f"{equation}, so {leaf} = {inverse.text} = {_shown(found)}.")
            label, node, known = leaf, self.program.steps.get(leaf, ast.Name(leaf)), found

    def _inverse(self, node: ast.expr, known: _Form) -> tuple[str, _Form]:
        """The name that the expression hangs on, and its value in terms of the expression's own."""
        if isinstance(node, ast.Name):
            return node.id, known
        if not isinstance(node, ast.BinOp) or type(node.op) not in _SIGNS:
            raise _CannotUndo
        left, right = (bool(reads(side) & self.unknown) for side in (node.left, node.right))
        if left == right:
            raise _OnBothSides if left else _CannotUndo
        sign, _ = _SIGNS[type(node.op)]
        other = self._written(node.right if left else node.left)
        if sign == "*" and not other.value:
            raise _CannotUndo
        if left or sign in "+*":
            nothing = other.value == (sign in "*/")  # times 1, plus 0
            before = known if nothing else _joined(known, _INVERSE[sign], other)
            return self._inverse(node.left if left else node.right, before)
        return self._inverse(node.right, _joined(other, sign, known))  # 10 - x = 4: x = 10 - 4

    def _collected(self, node: ast.expr, known: Fraction) -> str:
        """The expression as a multiple of the hidden input and a number, and what follows for the input."""
        slope, rest = self._line(node)
        whole = self._written(node, expand=True)
        found = _number(self.values[self.hidden])
        line = _joined(_atom(slope), "*", _Form(self.hidden, _ATOM, found, float(found)))
        inverse = _atom(known)
        if rest:
            line = _joined(line, "+" if rest > 0 else "-", _atom(abs(rest)))
            inverse = _joined(inverse, "-" if rest > 0 else "+", _atom(abs(rest)))
        inverse = _joined(inverse, "/", _atom(slope))
        forms = (_atom(slope), _atom(rest), line, whole, inverse)
        if inverse.value != found or line.value != known or not all(map(_is_neat, forms)):
            raise _CannotUndo
        if len(whole.text) > MAX_EXPANDED:
            raise _CannotUndo
        return f"{whole.text} = {line.text} = {_shown(known)}, so {self.hidden} = {inverse.text} = {_shown(found)}."

    def _line(self, node: ast.expr) -> tuple[Fraction, Fraction]:
        """(a, b) where the expression is a times the hidden input plus b."""
        if isinstance(node, ast.Name) and node.id == self.hidden:
            return Fraction(1), Fraction(0)
        if isinstance(node, ast.Name) and node.id in self.unknown:
            return self._line(self.program.steps[node.id])
        if not isinstance(node, ast.BinOp) or type(node.op) not in _SIGNS:
            return Fraction(0), self._written(node).value
        (a, b), (c, d) = self._line(node.left), self._line(node.right)
        sign, _ = _SIGNS[type(node.op)]
        if sign in "+-":
            work = _WORK[sign]
            return work(a, c), work(b, d)
        if sign == "*" and not (a and c):
            return (a * d, b * d) if a else (b * c, b * d)
        if sign == "/" and not c and d:
            return a / d, b / d
        raise _CannotUndo

    def _written(self, node: ast.expr, *, expand: bool = False) -> _Form:
        """The expression with values for the names that are known, and, on demand, the others as they come about."""
        if isinstance(node, ast.Name):
            if expand and node.id in self.unknown and node.id != self.hidden:
                return self._written(self.program.steps[node.id], expand=True)
            if node.id in self.unknown:
                value = _number(self.values[node.id])
                return _Form(node.id, _ATOM, value, float(value))
            self._work_out(node.id)
            value = _number(self.values[node.id])
            return _atom(value)
        if isinstance(node, ast.Constant):
            value = _number(node.value)
            return _atom(value)
        if isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
            left, right = (self._written(side, expand=expand) for side in (node.left, node.right))
            return _joined(left, _SIGNS[type(node.op)][0], right)
        raise _CannotUndo

    def _work_out(self, name: str) -> None:
        """A known quantity that is not given is worked out first."""
        value = self.program.steps.get(name)
        if value is None or name in self.named or isinstance(value, ast.Constant):
            return
        self.named.add(name)
        form = self._written(value)
        if isinstance(value, ast.Name):
            return
        if form.value != _number(self.values[name]) or not _is_neat(form):
            raise _CannotUndo
        self.told.append(f"{name} = {form.text} = {_shown(form.value)}.")


def _joined(left: _Form, sign: str, right: _Form) -> _Form:
    own = _PRODUCT if sign in "*/" else _SUM
    before = f"({left.text})" if left.strength < own else left.text
    after = f"({right.text})" if right.strength < own + (sign in "-/") or right.text.startswith("-") else right.text
    if sign == "/" and not right.value:
        raise _CannotUndo
    work = _WORK[sign]
    return _Form(f"{before} {sign} {after}", own, work(left.value, right.value), work(left.rough, right.rough))


def _atom(value: Fraction) -> _Form:
    return _Form(_shown(value), _ATOM, value, float(value))


def _number(value: Any) -> Fraction:
    """The number as it is written."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _CannotUndo
    try:
        return Fraction(repr(value))
    except ValueError:  # inf, nan
        raise _CannotUndo from None


def _is_neat(form: _Form) -> bool:
    """Whether the value can be written down, and arithmetic in binary comes to it as well."""
    text = _shown(form.value)
    same = math.isclose(form.rough, form.value, rel_tol=1e-13, abs_tol=0.0)
    return same and len(text) <= MAX_DIGITS and Fraction(text) == form.value


def _shown(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    return repr(float(value))
