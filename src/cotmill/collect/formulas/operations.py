"""Names for an intermediate result, from the operation that gives it."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from cotmill.collect.formulas.nouns import MORE
from cotmill.collect.formulas.words import TIME_WORDS, is_plural, singular

__all__ = ["operation_names"]


def operation_names(node: ast.expr, bases: Sequence[str]) -> list[str]:
    """Candidates, the best first. `bases` are what the operands count, in order."""
    parts = [_things(base) for base in bases if base]
    heads = [words[-1] for words in parts if words]
    common = heads[0] if heads and len(set(map(singular, heads))) == 1 else ""
    first = " ".join(parts[0][-2:]) if parts else ""
    compared = [base.partition(" ")[2] for base in bases if base.partition(" ")[0] in MORE]
    percent = next((base for base in bases if "percent" in base.split()), "")
    match node:
        case ast.BinOp(op=ast.Div(), right=ast.Constant(value=100)) if percent:
            of = percent.removeprefix("percent of ").removesuffix(" percent")
            return [of if of != percent else f"share of {first}"]
        case ast.BinOp(op=ast.Add()):
            return [*compared, f"total {common}" if common else "total", "sum"]
        case ast.BinOp(op=ast.Sub()):
            left = common or first
            return [*compared, f"{left} left" if left else "difference", "difference"]
        case ast.BinOp(op=ast.Mult()):
            return _product_names(bases, parts)
        case ast.BinOp(op=ast.Div() | ast.FloorDiv(), right=right):
            thing = singular(heads[-1]) if len(heads) > 1 and isinstance(right, ast.Name) else ""
            if thing and heads[0] in ("price", "cost", "dollars"):
                return [f"price per {thing}"]
            if thing and thing != heads[0]:
                return [f"{heads[0]} per {thing}"]
            return [f"{first} share" if first else "quotient"]
        case ast.BinOp(op=ast.Mod()):
            return [f"{heads[0]} left over" if heads else "remainder", "remainder"]
        case ast.Call(func=ast.Attribute(attr="gcd")):
            return ["greatest common divisor"]
        case ast.Call(func=ast.Attribute(attr="lcm")):
            return ["least common multiple"]
    return [first or "amount"]


def _things(base: str) -> list[str]:
    """`boxes per bag`, `price in cents`, `cents left` -> boxes, price, cents."""
    words = base.partition(" per ")[0].partition(" in ")[0].partition(" of ")[0].split()
    while len(words) > 1 and words[-1] in ("left", "over", "now", "share"):
        words.pop()
    return words


def _product_names(bases: Sequence[str], parts: Sequence[Sequence[str]]) -> list[str]:
    for base, words in zip([base for base in bases if base], parts, strict=False):
        noun, _, per = base.partition(" per ")
        if noun == "price" or words[-1:] == ["price"]:
            thing = per if noun == "price" else " ".join(words[:-1])
            return [f"{thing} cost".strip(), f"total {thing} cost", "cost"]
        if per:
            holders = [others[-1] for others in parts if others and singular(others[-1]) == per]
            whole = [f"{noun} in {holders[0]}"] if holders and per not in TIME_WORDS else []
            return [*whole, f"total {noun}", f"{noun} in all"]
    if any({"dollars", "cents"} & set(words) for words in parts):
        return ["total cents" if any("cents" in words for words in parts) else "total dollars"]
    nouns = [words for words in parts if words and is_plural(words[-1])]
    chosen = nouns[-1] if nouns else parts[0] if parts else []
    return [f"total {' '.join(chosen[-2:])}" if chosen else "product"]
