"""Is `10 + 3 * 4` what the program worked out when it ran `total + x * y`? The expression with values put in.

An expression of the text stands for one of the source at a moment if they have the same form, and wherever the text
has a value the source's part had that value. Parts may be worked out already (`10 + 12`); sums and products may be
turned round; a comparison may be told from its other side, or denied (`5 >= 5` for `i < n` that is false).
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cotmill.prove.claims.run.equal import same
from cotmill.prove.claims.run.evaluate import Unknown, evaluate
from cotmill.prove.claims.run.timeline import Timeline
from cotmill.prove.claims.run.trees import is_closed, is_value

__all__ = ["Scene", "stands_for"]

_COMMUTES = (ast.Add, ast.Mult, ast.BitAnd, ast.BitOr, ast.BitXor)
_MIRRORED: dict[type, type] = {
    ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE, ast.Eq: ast.Eq, ast.NotEq: ast.NotEq,
    ast.Is: ast.Is, ast.IsNot: ast.IsNot,
}  # fmt: skip
_DENIED: dict[type, type] = {
    ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_IDENTITY: dict[type, type] = {ast.Is: ast.Eq, ast.IsNot: ast.NotEq}  # "x is 3" and "x == 3" say the same of a value
MAX_DEPTH = 60
MAX_STEPS = 3_000  # comparisons of parts for one claim: turning sums round is exponential in a hostile text


@dataclass(slots=True)
class Scene:
    """One run of one statement: the frame, the moment it began and the moment up to which it is looked at."""

    timeline: Timeline
    frame: int
    start: int
    moment: int
    fuel: int = MAX_STEPS  # comparisons of parts that are left

    def value(self, node: ast.expr) -> Any:
        """What the source's expression was worth. Raises Unknown."""
        try:
            return self.timeline.recorded(node, self.frame, self.start, self.moment)
        except Unknown:
            return evaluate(node, self.lookup)

    def lookup(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Name):
            return self.timeline.lookup(self.start, self.frame)(node)
        member = self.timeline.member(node)
        return self.timeline.recorded(node, self.frame, self.start, self.moment) if member is None else member

    def evaluated(self, node: ast.expr) -> bool:
        """False where the run is known not to have come to this expression."""
        if id(node) not in self.timeline.site_of:
            return True
        try:
            self.timeline.recorded(node, self.frame, self.start, self.moment)
        except Unknown:
            return False
        return True

    def worth(self, node: ast.expr, value: Any) -> bool:
        try:
            if same(value, self.value(node)):
                return True
        except Unknown:
            pass
        if isinstance(node, ast.GeneratorExp):
            return any(same(value, items) for items in self.timeline.generated(self.start, self.moment))
        if not isinstance(node, ast.Name) or not self._bound_within(node):
            return False
        held = self.timeline.held(self.frame, node.id, self.moment)  # bound within the statement itself
        return held is not None and held[0] > self.start and same(value, self.timeline.value(held[1]))

    def _bound_within(self, node: ast.Name) -> bool:
        """Whether the statement itself may have bound the name before it came to this place."""
        if isinstance(node.ctx, ast.Store) or self.timeline.held(self.frame, node.id, self.start) is None:
            return True
        statement = self.timeline.step(self.moment)
        sources = statement.expressions if statement is not None else ()
        return any(target.id == node.id for part in sources for target in _inner_targets(part))


def _inner_targets(node: ast.expr) -> list[ast.Name]:
    """Names that an expression binds: by a walrus, or in a comprehension."""
    if isinstance(node, ast.NamedExpr):
        return [node.target]
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        return [part for inner in node.generators for part in ast.walk(inner.target) if isinstance(part, ast.Name)]
    return []


def stands_for(told: ast.expr, source: ast.expr, scene: Scene, depth: int = 0) -> bool:
    """Whether the text's expression is the source's one, with values for some of its parts."""
    scene.fuel -= 1
    if depth > MAX_DEPTH or scene.fuel < 0:
        return False
    if isinstance(told, ast.Constant):
        if isinstance(source, ast.Constant):
            return same(told.value, source.value)
        return scene.worth(source, told.value)
    if isinstance(told, ast.Name):
        if isinstance(source, ast.Name) and source.id == told.id:
            return True
        return _by_value(told, source, scene)
    rule = _RULES.get(type(told)) if type(told) is type(source) else None
    if rule is not None and rule(told, source, scene, depth + 1):
        return True
    if isinstance(told, ast.BinOp) and isinstance(source, ast.BinOp) and _as_sum(told, source, scene, depth + 1):
        return True
    if isinstance(told, ast.BinOp) and isinstance(source, ast.Call) and _sums_up(told, source, scene):
        return True
    if is_value(told) or _is_exact(told, source, scene):
        return _by_value(told, source, scene)
    if isinstance(told, (ast.Call, ast.Subscript)) and _is_another(told, source, scene):
        return False
    return _has_value(told) and _by_value(told, source, scene)


def _sums_up(told: ast.BinOp, source: ast.Call, scene: Scene) -> bool:
    """`72 + 85 + 91` for `sum(scores)`."""
    if not isinstance(source.func, ast.Name) or source.func.id != "sum" or len(source.args) != 1:
        return False
    try:
        rows = scene.value(source.args[0])
        terms = [sign * evaluate(term) for sign, term in _terms(told, 1)]
    except (Unknown, TypeError):
        return False
    return isinstance(rows, (list, tuple)) and same(terms, list(rows))


def _is_exact(told: ast.expr, source: ast.expr, scene: Scene) -> bool:
    """`15 / 4` where the program has an exact fraction: how that value is written."""
    if not isinstance(told, ast.BinOp) or not isinstance(told.op, ast.Div):
        return False
    if not isinstance(told.left, ast.Constant) or not isinstance(told.right, ast.Constant):
        return False
    try:
        return isinstance(scene.value(source), Fraction)
    except Unknown:
        return False


def _is_another(told: ast.Call | ast.Subscript, source: ast.expr, scene: Scene) -> bool:
    """Whether it only happens to be equal: another element, a call with other arguments, where a name stands."""
    if isinstance(told, ast.Call) and isinstance(source, ast.Call):
        return _same_function(told.func, source.func, scene, 0)
    return isinstance(source, (type(told), ast.Name, ast.Constant))


def _has_value(node: ast.expr) -> bool:
    """Something whose value may be compared as a whole: a place, or a call of what is known here."""
    if isinstance(node, (ast.Name, ast.Subscript, ast.Attribute)):
        return True
    return isinstance(node, ast.Call) and is_closed(node)


def _by_value(told: ast.expr, source: ast.expr, scene: Scene) -> bool:
    try:
        value = evaluate(told, scene.lookup)
    except Unknown:
        return False
    return scene.worth(source, value)


def _binary(told: ast.BinOp, source: ast.BinOp, scene: Scene, depth: int) -> bool:
    halves = isinstance(told.op, ast.Div) and isinstance(source.op, ast.FloorDiv)  # (0 + 6) / 2 is 3 either way
    if type(told.op) is not type(source.op) and not halves:
        return False
    if stands_for(told.left, source.left, scene, depth) and stands_for(told.right, source.right, scene, depth):
        return True
    return (
        isinstance(told.op, _COMMUTES)
        and stands_for(told.left, source.right, scene, depth)
        and stands_for(told.right, source.left, scene, depth)
    )


def _terms(node: ast.expr, sign: int) -> list[tuple[int, ast.expr]]:
    """`a - (b + c)` -> [(1, a), (-1, b), (-1, c)]."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        return _terms(node.left, sign) + _terms(node.right, sign if isinstance(node.op, ast.Add) else -sign)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return _terms(node.operand, -sign)
    return [(sign, node)]


def _factors(node: ast.expr) -> list[tuple[int, ast.expr]]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return _factors(node.left) + _factors(node.right)
    return [(1, node)]


def _as_sum(told: ast.BinOp, source: ast.BinOp, scene: Scene, depth: int) -> bool:
    """The same terms (or factors) in another order; `3 - 1` for `x + y` with y = -1."""
    if isinstance(told.op, (ast.Add, ast.Sub)) and isinstance(source.op, (ast.Add, ast.Sub)):
        ours, theirs = _terms(told, 1), _terms(source, 1)
    elif isinstance(told.op, ast.Mult) and isinstance(source.op, ast.Mult):
        ours, theirs = _factors(told), _factors(source)
    else:
        return False
    if len(ours) != len(theirs) or len(ours) > 12:
        return False
    left = list(theirs)
    for sign, term in ours:
        found = next((option for option in left if _term_stands(sign, term, option, scene, depth)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def _term_stands(sign: int, term: ast.expr, option: tuple[int, ast.expr], scene: Scene, depth: int) -> bool:
    if sign == option[0]:
        return stands_for(term, option[1], scene, depth)
    if isinstance(term, ast.Constant) and isinstance(term.value, (int, float)):
        return scene.worth(option[1], -term.value)
    return False


def _compare(told: ast.Compare, source: ast.Compare, scene: Scene, depth: int) -> bool:
    if not scene.evaluated(source):
        return False
    if len(told.ops) != len(source.ops):
        return len(told.ops) == 1 and _link(told, source, scene, depth)
    if len(told.ops) > 1:
        return all(type(a) is type(b) for a, b in zip(told.ops, source.ops, strict=True)) and all(
            stands_for(a, b, scene, depth)
            for a, b in zip([told.left, *told.comparators], [source.left, *source.comparators], strict=True)
        )
    return _sides(told, type(source.ops[0]), source.left, source.comparators[0], scene, depth)


def _link(told: ast.Compare, source: ast.Compare, scene: Scene, depth: int) -> bool:
    """One link of a chain: `3 < 5` out of `0 <= x < n`."""
    left = source.left
    for sign, right in zip(source.ops, source.comparators, strict=True):
        if _sides(told, type(sign), left, right, scene, depth):
            return True
        left = right
    return False


def _sides(told: ast.Compare, theirs: type, left: ast.expr, right: ast.expr, scene: Scene, depth: int) -> bool:
    ours = type(told.ops[0])
    ours, theirs = _IDENTITY.get(ours, ours), _IDENTITY.get(theirs, theirs)
    a, b = told.left, told.comparators[0]
    asked = ours in (theirs, _DENIED.get(theirs)) or {ours, theirs} <= _ORDER
    if asked and stands_for(a, left, scene, depth) and stands_for(b, right, scene, depth):
        return True
    mirrored = _MIRRORED.get(ours)
    if mirrored is not None and (mirrored in (theirs, _DENIED.get(theirs)) or {ours, theirs} <= _ORDER):
        return stands_for(a, right, scene, depth) and stands_for(b, left, scene, depth)
    return False


# A text may say "16 is below 23" where the program asked `16 == 23`: any order between the two decides the test.
_ORDER = {ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq}


def _unary(told: ast.UnaryOp, source: ast.UnaryOp, scene: Scene, depth: int) -> bool:
    return type(told.op) is type(source.op) and stands_for(told.operand, source.operand, scene, depth)


def _bool(told: ast.BoolOp, source: ast.BoolOp, scene: Scene, depth: int) -> bool:
    return type(told.op) is type(source.op) and _rows(told.values, source.values, scene, depth)


def _rows(ours: list[ast.expr], theirs: list[ast.expr], scene: Scene, depth: int) -> bool:
    return len(ours) == len(theirs) and all(stands_for(a, b, scene, depth) for a, b in zip(ours, theirs, strict=True))


def _call(told: ast.Call, source: ast.Call, scene: Scene, depth: int) -> bool:
    if not _same_function(told.func, source.func, scene, depth):
        return False
    if not _rows(told.args, source.args, scene, depth) or len(told.keywords) != len(source.keywords):
        return False
    theirs = {word.arg: word.value for word in source.keywords}
    return all(word.arg in theirs and stands_for(word.value, theirs[word.arg], scene, depth) for word in told.keywords)


def _same_function(told: ast.expr, source: ast.expr, scene: Scene, depth: int) -> bool:
    if isinstance(source, ast.Attribute):
        if isinstance(told, ast.Attribute):
            return told.attr == source.attr and (
                _spelled_alike(told.value, source.value) or stands_for(told.value, source.value, scene, depth)
            )
        return isinstance(told, ast.Name) and told.id == source.attr
    if isinstance(told, ast.Name) and isinstance(source, ast.Name):
        return told.id == source.id
    return type(told) is type(source) and stands_for(told, source, scene, depth)


def _spelled_alike(told: ast.expr, source: ast.expr) -> bool:
    return ast.dump(told) == ast.dump(source)


def _subscript(told: ast.Subscript, source: ast.Subscript, scene: Scene, depth: int) -> bool:
    return stands_for(told.value, source.value, scene, depth) and _index(told.slice, source.slice, scene, depth)


def _index(told: ast.expr, source: ast.expr, scene: Scene, depth: int) -> bool:
    if not isinstance(told, ast.Slice) or not isinstance(source, ast.Slice):
        return type(told) is not ast.Slice and stands_for(told, source, scene, depth)
    for ours, theirs in ((told.lower, source.lower), (told.upper, source.upper), (told.step, source.step)):
        if (ours is None) != (theirs is None):
            return False
        if ours is not None and theirs is not None and not stands_for(ours, theirs, scene, depth):
            return False
    return True


def _attribute(told: ast.Attribute, source: ast.Attribute, scene: Scene, depth: int) -> bool:
    return told.attr == source.attr and stands_for(told.value, source.value, scene, depth)


def _ifexp(told: ast.IfExp, source: ast.IfExp, scene: Scene, depth: int) -> bool:
    return _rows([told.test, told.body, told.orelse], [source.test, source.body, source.orelse], scene, depth)


def _dict(told: ast.Dict, source: ast.Dict, scene: Scene, depth: int) -> bool:
    if len(told.keys) != len(source.keys):
        return False
    return all(
        (a is None) == (b is None) and (a is None or b is None or stands_for(a, b, scene, depth))
        for a, b in zip(told.keys, source.keys, strict=True)
    ) and _rows(told.values, source.values, scene, depth)


def _starred(told: ast.Starred, source: ast.Starred, scene: Scene, depth: int) -> bool:
    return stands_for(told.value, source.value, scene, depth)


def _alike(told: ast.expr, source: ast.expr, _scene: Scene, _depth: int) -> bool:
    """Comprehensions, lambdas and formatted strings: word for word."""
    return _spelled_alike(told, source)


_RULES: dict[type, Any] = {
    ast.BinOp: _binary, ast.UnaryOp: _unary, ast.BoolOp: _bool, ast.Compare: _compare, ast.Call: _call,
    ast.Subscript: _subscript, ast.Attribute: _attribute, ast.IfExp: _ifexp, ast.Dict: _dict, ast.Starred: _starred,
    ast.List: lambda told, source, scene, depth: _rows(told.elts, source.elts, scene, depth),
    ast.Tuple: lambda told, source, scene, depth: _rows(told.elts, source.elts, scene, depth),
    ast.Set: lambda told, source, scene, depth: _rows(told.elts, source.elts, scene, depth),
    ast.ListComp: _alike, ast.SetComp: _alike, ast.DictComp: _alike, ast.GeneratorExp: _alike, ast.Lambda: _alike,
    ast.JoinedStr: _alike, ast.Slice: _index,
}  # fmt: skip
