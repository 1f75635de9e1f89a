"""What a student is examined on, apart from what it learns from: split by structure, so that no near twin is on both
sides.

Samples of one structure stay together: programs whose syntax trees agree, names and literals aside
(`compose.structure.shape_key`). Of that module's two keys it is the one that leaves more aside: with `novelty_key`,
programs that swap two variables, or `min` for `max`, would be strangers, though one can be guessed from the other.

Which structures are held out follows from the seed and the structure alone, so order, kills and added data change
little. What is left to learn from and asks nearly what a held-out sample asks, though by another program, is dropped.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from cotmill.base.chance import chance
from cotmill.base.records import Sample
from cotmill.base.stage import CotmillError
from cotmill.compose.structure import shape_key
from cotmill.student.masking import masked
from cotmill.student.twins import Twins, Words

__all__ = ["Dropped", "Split", "definitions", "split", "structure"]

STAGE = "student.split"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sample that is on neither side."""

    sample: Sample
    reason: Literal["near-twin", "same-structure"]  # the second: of a held-out structure, beyond the most held out
    of: str  # id of a held-out sample that it is like


@dataclass(frozen=True, slots=True)
class Split:
    """All samples, each in one of three places, in the order in which they came."""

    train: list[Sample]
    held_out: list[Sample]
    dropped: list[Dropped]


def split(samples: Sequence[Sample], share: float, at_most: int, seed: int) -> Split:
    """Hold out about this share of the structures, at most so many samples, with as many structures as can be.

    Raises CotmillError where nothing would be held out, or nothing left to learn from.
    """
    groups: dict[str, list[Sample]] = {}
    for sample in samples:
        groups.setdefault(structure(sample), []).append(sample)
    chosen = _chosen(groups, share, at_most, seed)
    if not chosen or len(chosen) == len(groups):
        raise CotmillError(
            f"{len(samples)} samples of {len(groups)} structures cannot be split: both what is learned and what is "
            "held out needs one at least; run the recipe with more programs"
        )
    held_out = _spread([groups[key] for key in chosen], at_most, seed)
    examined = {sample.id for sample in held_out}
    twin_of = _twins(groups, chosen, examined)
    parts = Split([], [], [])
    for sample in samples:
        key = structure(sample)
        if sample.id in examined:
            parts.held_out.append(sample)
        elif key in chosen:
            one = next(other.id for other in groups[key] if other.id in examined)
            parts.dropped.append(Dropped(sample, "same-structure", one))
        elif sample.id in twin_of:
            parts.dropped.append(Dropped(sample, "near-twin", twin_of[sample.id]))
        else:
            parts.train.append(sample)
    if not parts.train:
        raise CotmillError(
            f"all of {len(samples)} samples ask nearly what a held-out one asks; run the recipe with more programs, "
            "or hold out fewer"
        )
    return parts


def structure(sample: Sample) -> str:
    """Names what a sample's program has in common with its near twins."""
    return _structure(definitions(sample))


def definitions(sample: Sample) -> str:
    """The program without its input."""
    return sample.code.rpartition("\ninput = ")[0]


@lru_cache(maxsize=1 << 17)
def _structure(code: str) -> str:
    unsigned = _Unsigned()
    tree = unsigned.visit(ast.parse(code))
    return shape_key(ast.unparse(tree) if unsigned.changed else code)


class _Unsigned(ast.NodeTransformer):
    """-3 is a number as much as 3, where Python's syntax tree has an operator."""

    changed = False

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        if isinstance(node.op, (ast.USub, ast.UAdd)) and isinstance(node.operand, ast.Constant):
            self.changed = True
            return node.operand
        return self.generic_visit(node)


def _chosen(groups: Iterable[str], share: float, at_most: int, seed: int) -> list[str]:
    """Structures that are held out: each by its own chance, at least one, the luckiest where they are too many."""
    luck = {key: chance(seed, STAGE, key).random() for key in groups}
    ranked = sorted(luck, key=lambda key: (luck[key], key))
    wanted = [key for key in ranked if luck[key] < share] or ranked[:1]
    return wanted[:at_most]


def _spread(groups: list[list[Sample]], at_most: int, seed: int) -> list[Sample]:
    """One sample of each group, then a second of each that has one, and so on; which, is chance."""
    queues = [sorted(group, key=lambda sample: chance(seed, STAGE, sample.id).random()) for group in groups]
    rows = max(map(len, queues))
    return [queue[row] for row in range(rows) for queue in queues if row < len(queue)][:at_most]


def _twins(groups: dict[str, list[Sample]], chosen: Iterable[str], examined: set[str]) -> dict[str, str]:
    """Sample that is of no held-out structure and asks nearly what a held-out one asks -> that one."""
    texts = {key: {_words(sample) for sample in group} for key, group in groups.items()}
    twins = Twins((key, words) for key, group in texts.items() for words in group)
    asked: dict[Words, str] = {}
    for key in chosen:
        for sample in groups[key]:
            if sample.id in examined:
                asked.setdefault(_words(sample), sample.id)
    find = twins.finder(sorted(asked))
    found: dict[str, str] = {}
    for key, group in groups.items():
        if key not in chosen:
            near = {words: find(words) for words in sorted(texts[key])}
            for sample in group:
                twin = near[_words(sample)]
                if twin is not None:
                    found[sample.id] = asked[twin]
    return found


def _words(sample: Sample) -> Words:
    return masked(sample.problem, definitions(sample))
