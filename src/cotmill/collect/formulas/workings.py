"""What a program works out so far: numbers of the text as inputs, results of equations under placeholder names.

An equation's literals are looked up in what was worked out before and in the text; what stands in neither stays a
constant. Inputs are `@0`, `@1`, ... by their place in the text, results `#0`, `#1`, ... in order, until all names are
known (`write`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from cotmill.collect.formulas.arithmetic import constant, decimals, evaluate, module_call, number
from cotmill.collect.formulas.measures import MEASURES
from cotmill.collect.formulas.numbers import Mention, mentions
from cotmill.collect.formulas.operations import operation_names
from cotmill.collect.formulas.phrases import Phrase, read_phrase
from cotmill.collect.formulas.words import is_plural, proper_nouns, singular, tokenize

__all__ = ["Result", "Units", "Workings"]

Units = tuple[tuple[Fraction, str], ...]

_PI = Fraction("3.14")
_FACTORS = {
    2: frozenset({"twice", "double", "doubled", "doubles", "half", "halves", "halved"}),
    3: frozenset({"triple", "tripled", "triples", "thrice", "third", "thirds"}),
    4: frozenset({"quarter", "quarters", "fourth", "fourths", "quadruple"}),
}


@dataclass
class Result:
    """A value that the program works out."""

    key: str  # stands for it in expressions
    expression: ast.expr
    value: Fraction
    names: list[str]  # candidates, the best first
    base: str = ""  # what it counts, for the names of what is made of it
    uses: int = 0
    is_unknown: bool = False  # what an equation was solved for: the formula says what it stands for


class Workings:
    """Inputs and results of one program in the making."""

    def __init__(self, problem: str, unit: str) -> None:
        self.tokens = tokenize(problem)
        self.mentions: list[Mention] = mentions(self.tokens)
        self.phrases: list[Phrase] = []
        self.results: list[Result] = []
        self.values = {f"@{index}": mention.value for index, mention in enumerate(self.mentions)}
        self._uses = [0] * len(self.mentions)
        self._units: Units = ()
        self._words = frozenset(word.lower() for token in self.tokens for word in token.split("-"))
        self._read_phrases(unit)

    def _read_phrases(self, before: str) -> None:
        proper = proper_nouns(self.tokens)
        for mention in self.mentions:
            phrase = read_phrase(self.tokens, mention, proper, before)
            self.phrases.append(phrase)
            if phrase.said and mention.kind == "count" and not phrase.base.startswith("times"):
                before = phrase.base

    # Literals

    def resolved(self, tree: ast.expr, units: Units = ()) -> ast.expr:
        """The expression with names of inputs and results in place of its literals.

        `units` says what the equation's numbers count, where it does.
        """
        self._units = units
        return self._resolve(_repeated_to_product(tree), [])

    def _resolve(self, node: ast.expr, here: list[str], *, is_dividend: bool = False) -> ast.expr:
        match node:
            case ast.Constant(value=int() | float() as value):
                return self._literal(number(value), here, may_be_factor=not is_dividend)
            case ast.BinOp(left=left, op=operator, right=right):
                if self._is_said_fraction(node):
                    return node
                first = self._resolve(left, here, is_dividend=isinstance(operator, ast.Div))
                second = right if isinstance(operator, ast.Pow) else self._resolve(right, here)
                if (
                    isinstance(operator, ast.Div)
                    and isinstance(first, ast.Name)
                    and ast.dump(first) == ast.dump(second)
                ):
                    second = right  # nobody divides a thing by itself: the 2 of a half beside 2 yards
                return _scaled(first, operator, second)
            case ast.UnaryOp(op=sign, operand=operand):
                return ast.UnaryOp(sign, self._resolve(operand, here))
            case ast.Call(func=ast.Name(id=name), args=args):
                return module_call(f"math.{name}", *(self._resolve(argument, here) for argument in args))
        return node

    def _is_said_fraction(self, node: ast.BinOp) -> bool:
        """`3/5` of an equation where the text says 3/5."""
        match node:
            case ast.BinOp(
                left=ast.Constant(value=int() | float() as a),
                op=ast.Div(),
                right=ast.Constant(value=int() | float() as b),
            ):
                pairs = zip(self.mentions, self.mentions[1:], strict=False)
                return any(
                    one.kind == two.kind == "fraction" and two.begin - one.end == 1
                    and (one.value, two.value) == (number(a), number(b))
                    for one, two in pairs
                )  # fmt: skip
        return False

    def _literal(self, value: Fraction, here: list[str], *, may_be_factor: bool) -> ast.expr:
        """The best match: not used yet in this equation, counted in the same unit, not used at all, earlier."""
        made = [(result.uses, 0, place, result.key, result.base) for place, result in enumerate(self.results)
                if result.value == value]  # fmt: skip
        said = [(self._uses[index], 1, index, f"@{index}", self.phrases[index].base)
                for index, mention in enumerate(self.mentions)
                if mention.value == value and mention.kind != "fraction"]  # fmt: skip
        counted_words = [word for other, unit in self._units if other == value for word in unit.split()]
        counted = set(map(singular, counted_words))
        if value == _PI:
            return constant(value)
        found = sorted(
            ((key in here, not counted & set(map(singular, base.split())), uses > 0, which, place), key)
            for uses, which, place, key, base in [*made, *said]
        )
        if found:
            (_, elsewhere, used, _, _), key = found[0]
            converts = any(other == value and "/" in unit for other, unit in self._units)  # 1 (cent/penny)
            counts_others = elsewhere and any(map(is_plural, counted_words))  # 2 people, where the text says 2 books
            factor = may_be_factor and _FACTORS.get(int(value), frozenset()) & self._words  # twice, half
            if used and (converts or counts_others or factor):
                return constant(value)
            here.append(key)
            return self.use(key)
        return self._share(value) or constant(value)

    def _share(self, value: Fraction) -> ast.expr | None:
        """0.2, 0.8 or 1.2 where the text says 20 %, 0.1 where it says 10 cents; or where that was worked out."""
        hundred = ast.Constant(100)
        for index, mention in enumerate(self.mentions):
            share = mention.value / 100
            percent = mention.kind == "percent"
            if share == value and (percent or self.phrases[index].base.endswith("cents")):
                return ast.BinOp(self.use(f"@{index}"), ast.Div(), hundred)
            if percent and value in (1 - share, 1 + share):
                operator = ast.Sub() if value == 1 - share else ast.Add()
                return ast.BinOp(ast.Constant(1), operator, ast.BinOp(self.use(f"@{index}"), ast.Div(), hundred))
        for result in reversed(self.results):
            if result.value == value * 100 and value.denominator > 1:
                return ast.BinOp(self.use(result.key), ast.Div(), hundred)
        return None

    def knows(self, value: Fraction) -> bool:
        """Whether the text says this number."""
        return any(mention.value == value for mention in self.mentions)

    def use(self, key: str) -> ast.Name:
        """A placeholder, counted as used."""
        if key.startswith("@"):
            self._uses[int(key[1:])] += 1
        else:
            self.results[int(key[1:])].uses += 1
        return ast.Name(key)

    # Results

    def add(self, tree: ast.expr, names: list[str], base: str) -> Result:
        """A result under names given. Raises NotUnderstood where the expression has no value."""
        result = Result(f"#{len(self.results)}", tree, evaluate(tree, self.values), names, base)
        self.results.append(result)
        self.values[result.key] = result.value
        return result

    def assigned(self, tree: ast.expr, stated: Fraction | None = None) -> Result:
        """The expression as a result named by its operation, its parts as results of their own."""
        self._split(tree)
        names = operation_names(tree, self.bases(tree))
        return self.add(self.exact(tree, stated), names, names[0].removeprefix("total "))

    def atom(self, tree: ast.expr) -> ast.expr:
        """The expression if it is a name or a number, else a name for it."""
        return tree if isinstance(tree, (ast.Name, ast.Constant)) else self.use(self.assigned(tree).key)

    def _split(self, tree: ast.expr) -> None:
        """Sums inside products and products inside sums become results; equal ones one."""
        if isinstance(tree, ast.Call):
            tree.args = [self._part(argument, None) for argument in tree.args]
        elif isinstance(tree, ast.BinOp):
            tree.left = self._part(tree.left, tree.op)
            if not isinstance(tree.op, ast.Pow):
                chained = (
                    tree.op
                    if isinstance(tree.op, (ast.Add, ast.Mult)) and not isinstance(tree.right, ast.BinOp)
                    else None
                )
                tree.right = self._part(tree.right, chained)

    def _part(self, part: ast.expr, around: ast.operator | None) -> ast.expr:
        self._split(part)
        if not isinstance(part, (ast.BinOp, ast.Call)) or _is_share(part):
            return part
        if isinstance(part, ast.BinOp) and (
            isinstance(part.op, ast.Pow) or (around and _level(part.op) == _level(around))
        ):
            return part
        for result in self.results:
            if ast.dump(result.expression) == ast.dump(part):
                return self.use(result.key)
        self._share_out(part)
        names = operation_names(part, self.bases(part))
        return self.use(self.add(part, names, names[0].removeprefix("total ")).key)

    def exact(self, tree: ast.expr, stated: Fraction | None) -> ast.expr:
        """The expression as Python should compute it: whole where wholes are shared out, rounded where the seed is."""
        self._share_out(tree)
        value = evaluate(tree, self.values)
        places = decimals(stated) if stated is not None else None
        if stated is None or places is None or value == stated or abs(value - stated) >= Fraction(1, 10**places):
            return tree
        if places:
            return module_call("round", tree, ast.Constant(places)) if round(value, places) == stated else tree
        if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Div) and stated == value // 1:
            return ast.BinOp(tree.left, ast.FloorDiv(), tree.right)
        return module_call("math.floor" if stated == value // 1 else "math.ceil", tree)

    def _share_out(self, tree: ast.expr) -> None:
        """`/` becomes `//` where things that are counted come out even."""
        for node in ast.walk(tree):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                a, b = evaluate(node.left, self.values), evaluate(node.right, self.values)
                counted = self.bases(node.left)
                measured = not counted or any(MEASURES & set(base.split()) for base in counted)
                if b and a.denominator == b.denominator == (a / b).denominator == 1 and not measured:
                    node.op = ast.FloorDiv()

    def bases(self, tree: ast.expr) -> list[str]:
        """What the inputs and results in an expression count."""
        names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id[0] in "@#"]
        bases = [self.phrases[int(key[1:])].base if key[0] == "@" else self.results[int(key[1:])].base for key in names]
        return [base for base in bases if base]


def _level(operator: ast.operator) -> int:
    return 0 if isinstance(operator, (ast.Add, ast.Sub)) else 1


def _is_share(part: ast.expr) -> bool:
    """`percent / 100`, `1 / 3`."""
    match part:
        case ast.BinOp(left=ast.Constant() | ast.Name(), op=ast.Div(), right=ast.Constant()):
            return True
    return False


def _scaled(left: ast.expr, operator: ast.operator, right: ast.expr) -> ast.expr:
    """`price * (percent / 100)` as `price * percent / 100`."""
    if isinstance(operator, ast.Mult) and isinstance(right, ast.BinOp) and _is_share(right):
        return ast.BinOp(ast.BinOp(left, operator, right.left), ast.Div(), right.right)
    return ast.BinOp(left, operator, right)


def _repeated_to_product(tree: ast.expr) -> ast.expr:
    """`8+8+8+8` as `8*4`: one number again and again is a product that somebody wrote out."""
    terms = list(_terms(tree))
    first = terms[0]
    if len(terms) > 3 and isinstance(first, ast.Constant) and all(ast.dump(term) == ast.dump(first) for term in terms):
        return ast.BinOp(first, ast.Mult(), ast.Constant(len(terms)))
    return tree


def _terms(tree: ast.expr) -> Iterator[ast.expr]:
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add):
        yield from _terms(tree.left)
        yield from _terms(tree.right)
    else:
        yield tree
