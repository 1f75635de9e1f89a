"""Programs as skeletons, for small models from scratch: a vocabulary, a guide, and what fills in the rest."""

from __future__ import annotations

import ast
import builtins
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from cotmill.base.shards import write_text
from cotmill.compose.codegen.machine.machine import Machine
from cotmill.compose.codegen.machine.place import Place, fits
from cotmill.compose.codegen.representation import OPERATOR, Guide
from cotmill.compose.codegen.skeleton.decode import decode
from cotmill.compose.codegen.skeleton.encode import encode
from cotmill.compose.codegen.skeleton.fill import Filling
from cotmill.compose.codegen.skeleton.grammar import NAMED, Skeleton, Unsupported, argument, head
from cotmill.compose.codegen.skeleton.liveness import idle_names
from cotmill.compose.material import Candidate, Material

__all__ = ["FILE", "Skeletons"]

FILE = "skeletons.json"
_PAD, _BOS, _EOS = "<pad>", "<bos>", "<eos>"
_NAMES = 160  # tokens that bind a name, the most frequent ones
_SEVERAL = 5  # programs that a token must stand in, where there are many
_MANY = 800  # programs
_SLACK = 12  # tokens before the limit from which a program is brought to its end


class Skeletons:
    """The representation that `Skeletons.learn` makes for given programs."""

    def __init__(self, vocabulary: Sequence[str], filling: Filling) -> None:
        self._vocabulary = tuple(vocabulary)
        self._number = {token: number for number, token in enumerate(vocabulary)}
        self._filling = filling
        self._masks = _Masks(self._vocabulary)
        self.size = len(vocabulary)
        self.pad, self.bos, self.eos = (self._number[token] for token in (_PAD, _BOS, _EOS))

    @classmethod
    def learn(cls, materials: Iterable[Material]) -> Self:
        """What is common among these programs becomes the vocabulary, the rest is kept to fill in."""
        programs = list(materials)
        counts = Counter[str]()
        for material in programs:
            skeleton = _encoded(material)
            counts.update(set(skeleton.tokens) if skeleton else ())
        vocabulary = (_PAD, _BOS, _EOS, *sorted(_common(counts, len(programs)) | {*NAMED, "<int>", "<float>", "<str>"}))
        known = set(vocabulary)
        taken_apart = []
        for material in programs:
            skeleton = _encoded(material, known)
            if skeleton is not None:
                inputs = [json.loads(case.input) for case in material.cases]
                taken_apart.append((skeleton, _parameters(material.code), inputs))
        return cls(vocabulary, Filling.learn(taken_apart))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Raises OSError for a file that is missing, ValueError for one that is damaged."""
        stored = json.loads((folder / FILE).read_text(encoding="utf-8"))
        try:
            return cls(stored["vocabulary"], Filling(**stored["filling"]))
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"{folder / FILE} is damaged: {error}") from error

    def save(self, folder: Path) -> None:
        stored = {"vocabulary": self._vocabulary, "filling": self._filling.state()}
        write_text(folder / FILE, json.dumps(stored, ensure_ascii=False))

    def encode(self, material: Material) -> tuple[int, ...] | None:
        skeleton = _encoded(material, self._number.keys())
        if skeleton is None or any(token not in self._number for token in skeleton.tokens):
            return None
        return (self.bos, *(self._number[token] for token in skeleton.tokens), self.eos)

    def decode(self, tokens: Sequence[int], rng: Random) -> Candidate | str:
        written = [self._vocabulary[number] for number in tokens]
        machine = Machine()
        try:
            for token in written:
                if machine.done:
                    return "goes on behind its end"
                machine.push(token)
        except ValueError:
            return "no program"
        if not machine.done:
            return "unfinished"
        filled = self._filling.fill(written, rng)
        if filled is None:
            return "no inputs of these types are known"
        skeleton, inputs = filled
        try:
            code = decode(skeleton)
            idle = idle_names(code)
        except (SyntaxError, ValueError, RecursionError):  # a backslash within a formatted string, among others
            return "does not parse"
        if idle:
            return f"{', '.join(sorted(set(idle)))} changes nothing"
        return Candidate("", code, tuple(inputs), (), OPERATOR)

    def guide(self, sequences: int, limit: int) -> Guide:
        return _Guide(self._masks, sequences, limit, (self.pad, self.eos))


def _common(counts: Counter[str], programs: int) -> set[str]:
    """The tokens that a vocabulary is made of."""
    several = min(_SEVERAL, 1 + programs * _SEVERAL // _MANY)
    modules = {argument(token).partition(".")[0] for token in counts if head(token) == "E"}
    hiding = modules.union(dir(builtins))
    stated = [token for token in counts if head(token) in NAMED and argument(token) not in hiding]
    names = sorted((-counts[token], token) for token in stated)[:_NAMES]
    others = {token for token, count in counts.items() if head(token) not in NAMED and count >= several}
    return others | {token for _, token in names}


def _parameters(code: str) -> list[str]:
    entry = next(node for node in ast.parse(code).body if isinstance(node, ast.FunctionDef) and node.name == "solution")
    return [arg.arg for arg in entry.args.args]


def _encoded(material: Material, known: Any = None) -> Skeleton | None:
    """None for a program that the grammar has no words for. `known`: literals and names that need not be left open."""
    inputs = [json.loads(case.input) for case in material.cases]
    try:
        return encode(material.code, inputs, (lambda _: True) if known is None else known.__contains__)
    except (Unsupported, SyntaxError, RecursionError):
        return None


class _Masks:
    """Which tokens of a vocabulary fit into a place; worked out once for each kind of place."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self.vocabulary = vocabulary
        self.number = {token: number for number, token in enumerate(vocabulary)}
        self.binding: dict[str, list[int]] = {}  # name -> tokens that bind it
        for number, token in enumerate(vocabulary):
            if head(token) in NAMED and argument(token):
                self.binding.setdefault(argument(token), []).append(number)
        self._known: dict[Place, NDArray[np.bool_]] = {}

    def of(self, place: Place) -> NDArray[np.bool_]:
        mask = self._known.get(place)
        if mask is None:
            fitting = ((token[0] != "<" or token in place.heads) and fits(place, token) for token in self.vocabulary)
            self._known[place] = mask = np.fromiter(fitting, dtype=bool, count=len(self.vocabulary))
        return mask


class _Guide:
    """A machine for each sequence of a batch."""

    def __init__(self, masks: _Masks, sequences: int, limit: int, ends: tuple[int, int]) -> None:
        self._masks = masks
        self._machines: list[Machine | None] = [Machine() for _ in range(sequences)]
        self._left = limit
        self._pad, self._eos = ends

    def allowed(self, last: Sequence[int]) -> NDArray[np.bool_]:
        vocabulary = self._masks.vocabulary
        mask: NDArray[np.bool_] = np.zeros((len(self._machines), len(vocabulary)), dtype=bool)
        for row, (machine, number) in enumerate(zip(self._machines, last, strict=True)):
            if machine is not None and number in (self._eos, self._pad):
                machine = self._machines[row] = None
            if machine is None:
                mask[row, self._pad] = True
                continue
            if vocabulary[number] != _BOS:
                machine.push(vocabulary[number])
            if machine.done:
                mask[row, self._eos] = True
            else:
                self._row(machine, mask[row])
        self._left -= 1
        return mask

    def _row(self, machine: Machine, row: NDArray[np.bool_]) -> None:
        short = machine.least() + _SLACK >= self._left
        place = machine.place(short=short)
        self._add(machine, place, row, free=short)
        if short and not row.any() and not place.called:  # no literal of the kind that is wanted
            row |= self._masks.of(Place("any", place.heads - {"B", "E"}))
        if not row.any():  # nothing that would read what is to be read
            place = machine.place(free=True)
            self._add(machine, place, row, free=True)
        if not row.any():  # nothing of the kind that is wanted
            row |= self._masks.of(Place("any", place.heads))

    def _add(self, machine: Machine, place: Place, row: NDArray[np.bool_], *, free: bool) -> None:
        row |= self._masks.of(place)
        if "L" in place.heads:
            names = (self._masks.number.get(name) for name in machine.names(free=free))
            row[[number for number in names if number is not None]] = True
        if place.heads & NAMED:
            for name in machine.taken():
                row[self._masks.binding.get(name, [])] = False
