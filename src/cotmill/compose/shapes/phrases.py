"""Texts of a language of their own: brackets, nested calls, expressions. Learned from examples, not from a grammar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from cotmill.compose.shapes.shape import Choice, Shape, Study
from cotmill.compose.shapes.tokens import TOKEN, kind_of

__all__ = ["Brackets", "Chain", "Splices", "balanced", "is_spoken", "learn_chain", "learn_splices"]

CLOSING = {"(": ")", "[": "]", "{": "}"}
EXCHANGED = 0.4  # share of groups that another takes the place of
REPEATED = 0.2  # share of commas in brackets behind which another item is put in
RENEWED = 0.6  # share of words and numbers that others take the place of
DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Brackets:
    """Nothing but brackets."""

    kinds: str  # pairs, one behind the other
    low: int
    high: int
    matched: float  # share of texts in which every bracket is closed

    def draw(self, rng: Random) -> str:
        return self.draw_sized(rng, rng.randint(self.low, self.high))

    def draw_sized(self, rng: Random, length: int) -> str:
        if rng.random() >= self.matched:
            return "".join(rng.choice(self.kinds) for _ in range(length))
        text, waiting = "", ""
        openings = self.kinds[::2]
        while len(text) + len(waiting) < length - 1 or waiting:
            if waiting and (len(text) + len(waiting) >= length - 1 or rng.random() < 0.5):
                text, waiting = text + waiting[-1], waiting[:-1]
            else:
                opening = rng.choice(openings)
                text, waiting = text + opening, waiting + CLOSING[opening]
        return text or "".join(self.kinds[:2])


@dataclass(frozen=True, slots=True)
class Chain:
    """Tokens of which each follows two others as in the examples (a Markov chain of order 2)."""

    steps: tuple[tuple[tuple[str, str], tuple[str, ...]], ...]  # two kinds -> the kinds that followed; "" ends a text
    words: Shape
    numbers: Shape
    names: Shape
    shortest: int
    longest: int
    examples: tuple[str, ...]

    def draw(self, rng: Random) -> str:
        steps = dict(self.steps)
        for _ in range(30):
            kinds = ["", ""]
            while (kind := rng.choice(steps[kinds[-2], kinds[-1]])) and len(kinds) < self.longest + 2:
                kinds.append(kind)
            if not kind and len(kinds) - 2 >= self.shortest:
                return "".join(self._token(rng, kind) for kind in kinds[2:])
        return rng.choice(self.examples)

    def _token(self, rng: Random, kind: str) -> str:
        shapes = {"<number>": self.numbers, "<word>": self.words, "<name>": self.names}
        return str(shapes[kind].draw(rng)) if kind in shapes else kind


@dataclass(frozen=True, slots=True)
class Splices:
    """Examples whose bracketed groups, words and numbers are exchanged for others of theirs."""

    examples: tuple[Group, ...]
    groups: tuple[Group, ...]
    words: Shape
    heads: Shape  # words right before a bracket
    numbers: Shape

    def draw(self, rng: Random) -> str:
        return self._text(rng, rng.choice(self.examples), 0)

    def _text(self, rng: Random, group: Group, depth: int) -> str:
        pieces: list[str] = []
        for index, part in enumerate(group.parts):
            if part == ",":
                pieces.append(part)
                if rng.random() < REPEATED and group.opening:
                    other = rng.choice([found for found in self.groups if found.opening == group.opening])
                    pieces.append(self._text(rng, Group("", _item(other.parts, rng)), depth + 1) + ",")
            elif isinstance(part, Group):
                others = [other for other in self.groups if other.opening == part.opening]
                chosen = rng.choice(others) if depth < DEEPEST and rng.random() < EXCHANGED else part
                pieces.append(self._text(rng, chosen, depth + 1))
            elif kind_of(part) in ("word", "number") and rng.random() < RENEWED:
                following = group.parts[index + 1] if index + 1 < len(group.parts) else ""
                head = isinstance(following, Group) and following.opening == "("
                shape = self.numbers if kind_of(part) == "number" else self.heads if head else self.words
                pieces.append(str(shape.draw(rng)))
            else:
                pieces.append(part)
        return group.opening + "".join(pieces) + CLOSING.get(group.opening, "")


@dataclass(frozen=True, slots=True)
class Group:
    """What stands between two brackets; the whole text, where `opening` is empty."""

    opening: str
    parts: tuple[str | Group, ...]


def _item(parts: Sequence[str | Group], rng: Random) -> tuple[str | Group, ...]:
    """One of the items between commas."""
    items: list[list[str | Group]] = [[]]
    for part in parts:
        if part == ",":
            items.append([])
        else:
            items[-1].append(part)
    return tuple(rng.choice(items))


def balanced(text: str) -> bool:
    """Whether every bracket is closed, in order."""
    waiting: list[str] = []
    for letter in text:
        if letter in CLOSING:
            waiting.append(CLOSING[letter])
        elif letter in ")]}" and (not waiting or waiting.pop() != letter):
            return False
    return not waiting


def learn_chain(texts: Sequence[list[str]], study: Study) -> Shape:
    texts = [_named(tokens) for tokens in texts]
    every = [token for tokens in texts for token in tokens]
    spoken = is_spoken(every)
    steps: dict[tuple[str, str], list[str]] = {}
    for tokens in texts:
        kinds = ["", "", *(_step(token, spoken) for token in tokens), ""]
        for one, other, third in zip(kinds, kinds[1:], kinds[2:], strict=False):
            steps.setdefault((one, other), []).append(third)
    words, numbers = _pools(every, study)
    names = study.shape([token for token in every if _step(token, spoken) == "<name>"] or ["x1"])
    table = tuple((pair, tuple(following)) for pair, following in steps.items())
    return Chain(
        table,
        words,
        numbers,
        names,
        min(map(len, texts)),
        max(map(len, texts)) + 4,
        tuple("".join(tokens) for tokens in texts),
    )


def _step(token: str, spoken: bool) -> str:
    """What a chain goes over: classes of tokens, marks as they are, and in sentences words as they are."""
    if token[0].isalpha() and token[-1].isdigit():
        return "<name>"
    kind = kind_of(token)
    return token if kind == token or (kind == "word" and spoken) else f"<{kind}>"


def _named(tokens: Sequence[str]) -> list[str]:
    """The tokens, a word and the number right behind it as one: a name such as col2."""
    found: list[str] = []
    for token in tokens:
        if found and found[-1].isalpha() and token.isdigit():
            found[-1] += token
        else:
            found.append(token)
    return found


def learn_splices(values: Sequence[str], study: Study) -> Shape:
    examples = tuple(_group(TOKEN.findall(value)) for value in values)
    groups = [group for example in examples for group in _inner(example)]
    heads = [
        part
        for group in (*examples, *groups)
        for part, following in zip(group.parts, group.parts[1:], strict=False)
        if isinstance(part, str) and part.isalpha() and isinstance(following, Group) and following.opening == "("
    ]
    words, numbers = _pools([token for value in values for token in TOKEN.findall(value) if token not in heads], study)
    return Splices(examples, tuple(groups), words, Choice(tuple(heads or ["f"])), numbers)


def _pools(tokens: Sequence[str], study: Study) -> tuple[Shape, Shape]:
    """What can stand for a word, and for a number."""
    words = [token for token in tokens if kind_of(token) == "word"]
    numbers = [token for token in tokens if kind_of(token) == "number" and not token[0].isalpha()]
    return Choice(tuple(words)) if is_spoken(tokens) else study.shape(words or ["x"]), study.shape(numbers or ["1"])


def is_spoken(tokens: Sequence[str]) -> bool:
    """Whether it is a sentence, which random letters would spoil."""
    return " " in tokens and max((len(token) for token in tokens if token.isalpha()), default=0) > 2


def _group(tokens: Sequence[str]) -> Group:
    """Tokens with every bracket closed -> nested groups."""
    levels: list[tuple[str, list[str | Group]]] = [("", [])]
    for token in tokens:
        if token in CLOSING:
            levels.append((token, []))
        elif token in CLOSING.values():
            opening, parts = levels.pop()
            levels[-1][1].append(Group(opening, tuple(parts)))
        else:
            levels[-1][1].append(token)
    return Group("", tuple(levels[0][1]))


def _inner(group: Group) -> list[Group]:
    return [found for part in group.parts if isinstance(part, Group) for found in (part, *_inner(part))]
