"""Tokens -> sentences of items: expressions, code quotes, words and marks.

An item is what a claim pattern looks at. All that belongs to one expression (`arr[mid + 1]`, `2 * 3`, `f(3, 'a, b')`,
"16 minus 3", "eggs sold") is one item; whether a word is a name is decided here, from the program's names.
"""

from __future__ import annotations

import ast
from typing import Any, NamedTuple

from cotmill.prove.claims.run.known_calls import CALLS
from cotmill.prove.claims.run.program import Program
from cotmill.prove.claims.run.trees import literal, parse
from cotmill.prove.claims.text.literals_in_text import Token, tokens_of

__all__ = ["Item", "Sentence", "sentences_of"]


class Item(NamedTuple):
    """Kinds: ``expr`` (has a node), ``code`` (backticks around what is no plain value or name; node where it parses),
    ``word`` (lower case in `text`), ``mark`` (punctuation and `=`), ``ord``, ``dots``, ``lost`` (too much to read)."""

    kind: str
    text: str
    start: int
    end: int
    node: ast.expr | None = None
    value: Any = None
    quoted: bool = False


class Sentence(NamedTuple):
    items: list[Item]
    start: int
    end: int
    opens: bool  # it ends with a colon
    indent: int  # spaces before its line


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BINARY = frozenset(["+", "-", "*", "/", "//", "%", "**", "|", "&", "^", "<<", ">>"])
_RELATIONS = frozenset(["<", ">", "<=", ">=", "==", "!="])
_WORD_OPERATORS = {"plus": "+", "minus": "-", "times": "*", "mod": "%", "modulo": "%"}
_SHORT = _words("a i an as at be by do go he if in is it me my no of on or so to up us we the then now new this that")
# After a name a sentence goes on with one of these; after the article "a" it cannot.
_AFTER_NAME = _words(
    "is are was becomes become equals equal stays remains goes drops grows falls rises gets takes starts "
    "begins to and or in not has holds which by from down up increases decreases mod divided times plus "
    "minus now"
)
MAX_TOKENS = 300  # of what looks like one expression and is none; no second look is taken at its parts
_NUMERALS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip


def sentences_of(text: str, program: Program) -> list[Sentence]:
    """All sentences in order; a line end is a sentence's end."""
    tokens = tokens_of(text)
    found: list[Sentence] = []
    first = 0
    count = len(tokens)
    for place in range(count + 1):
        if place < count and tokens[place].kind not in ("stop", "line"):
            continue
        if place > first:
            reader = _Reader(text, tokens, first, place, program)
            items = reader.items()
            start, end = tokens[first].start, tokens[place - 1].end
            opens = tokens[place - 1].text == ":" and (place == count or tokens[place].kind == "line")
            found.append(Sentence(items, start, end, opens, _indent(text, start)))
        first = place + 1
    return found


def _indent(text: str, start: int) -> int:
    line = text.rfind("\n", max(0, start - 400), start) + 1
    head = text[line:start]
    return len(head) if head.isspace() else 0


class _Reader:
    """Reads the tokens first..last (exclusive) of one sentence."""

    def __init__(self, text: str, tokens: list[Token], first: int, last: int, program: Program) -> None:
        self.text, self.tokens, self.first, self.last, self.program = text, tokens, first, last, program

    def items(self) -> list[Item]:
        items: list[Item] = []
        place = self.first
        while place < self.last:
            end = self.expression(place, items)
            if end > place:
                item = self._item(place, end)
                if item is not None:
                    items.append(item)
                    place = end
                    continue
                if end - place > MAX_TOKENS:
                    items.append(Item("lost", "", self.tokens[place].start, self.tokens[end - 1].end))
                    place = end
                    continue
            items.append(self._plain(self.tokens[place]))
            place += 1
        return items

    def _plain(self, token: Token) -> Item:
        if token.kind == "word":
            return Item("word", token.text.lower().replace("\u2019", "'"), token.start, token.end, value=token.text)
        if token.kind == "ord":
            return Item("ord", token.text, token.start, token.end, value=token.value)
        if token.kind == "dots":
            return Item("dots", "...", token.start, token.end)
        if token.kind == "code":
            return self._code(token)
        if token.kind in ("num", "str"):
            return Item("expr", token.text, token.start, token.end, ast.Constant(token.value))
        if token.kind == "container":
            return Item("expr", token.text, token.start, token.end, literal(token.text))
        kind = "lost" if token.text == "?" and token.kind == "punct" and token.end - token.start > 1 else "mark"
        return Item(kind, token.text, token.start, token.end)

    def _code(self, token: Token) -> Item:
        node = parse(token.text)
        kind = "expr" if node is not None and _is_plain(node) else "code"
        return Item(kind, token.text, token.start, token.end, node, quoted=True)

    def _item(self, place: int, end: int) -> Item | None:
        first, last = self.tokens[place], self.tokens[end - 1]
        if end == place + 1:
            if first.kind in ("num", "str"):
                return Item("expr", first.text, first.start, first.end, ast.Constant(first.value))
            if first.kind == "container":
                return Item("expr", first.text, first.start, first.end, literal(first.text))
            if first.kind == "code":
                return self._code(first)
        source = self._source(place, end)
        node = parse(source)
        if node is None:  # a mark stands in between that leaves no token: "13 * $2"
            source = self._joined(place, end)
            node = parse(source)
        if node is None:
            return None
        return Item("expr", source, first.start, last.end, node)

    def _source(self, place: int, end: int) -> str:
        """Python source of the tokens: as written where they are written as Python writes them."""
        tokens = self.tokens[place:end]
        if all(map(self._is_itself, tokens)):
            return self.text[tokens[0].start : tokens[-1].end]
        return self._joined(place, end)

    def _is_itself(self, token: Token) -> bool:
        """Whether Python would write it as the text does."""
        if token.kind != "word":
            return token.text == self.text[token.start : token.end] and (token.text != "^" or self.program.has_xor)
        lower = token.text.lower()
        if lower in self.program.phrases or lower in _WORD_OPERATORS or lower == "divided":
            return False
        return token.text in self.program.names or (lower not in self.program.names and lower != "x")

    def _joined(self, place: int, end: int) -> str:
        parts: list[str] = []
        while place < end:
            token = self.tokens[place]
            if token.kind == "word":
                length, name = self._name(place)
                if length:
                    parts.append(name)
                    place += length
                    continue
                if token.text.lower() == "divided":
                    parts.append("%" if self._asks_remainder(place) else "/")
                    place += 2
                    continue
                times = token.text in ("x", "X") and token.text not in self.program.names
                parts.append("*" if times else _WORD_OPERATORS.get(token.text.lower(), token.text))
            elif token.kind == "op" and token.text == "^" and not self.program.has_xor:
                parts.append("**")
            else:
                parts.append(token.text)
            place += 1
        return " ".join(parts).replace(" . ", ".")

    # Where an expression ends

    def expression(self, place: int, before: list[Item]) -> int:
        """End of the expression that begins at this token, or the token itself."""
        token = self.tokens[place]
        if token.kind == "word" and token.text.lower() in _NUMERALS and not self._has_trailer(place):
            return place
        end = self.operand(place, signed=True)
        if end == place:
            return place
        if self.tokens[place].kind == "code" and end == place + 1 and not self._goes_on(end):
            return end
        each = bool(before) and before[-1].kind == "word" and before[-1].text in ("each", "for", "every")
        while True:
            operator, width = self._operator(end, each)
            if not operator:
                return end
            nxt = self.operand(end + width, signed=True)
            if nxt == end + width:
                return end
            end = nxt

    def _goes_on(self, end: int) -> bool:
        return end < self.last and self.tokens[end].kind == "op" and self.tokens[end].text in _BINARY | _RELATIONS

    def _operator(self, place: int, each: bool) -> tuple[str, int]:
        """The binary operator at this token and its width in tokens."""
        if place >= self.last:
            return "", 0
        token = self.tokens[place]
        if token.kind == "op":
            if token.text in _BINARY or (token.text in _RELATIONS):
                return token.text, 1
            return ("in", 1) if token.text == "in" and not each else ("", 0)
        if token.kind != "word":
            return "", 0
        word = token.text.lower()
        if word == "x" and token.text not in self.program.names:  # "9 x 3"
            return "*", 1
        if word in _WORD_OPERATORS:
            return _WORD_OPERATORS[word], 1
        if word == "divided" and self._word(place + 1) == "by":
            return "/", 2
        if each:
            return "", 0
        if word == "in" and self._holds_items(place + 1):
            return "in", 1
        if word == "not" and self._word(place + 1) == "in" and self._holds_items(place + 2):
            return "not in", 2
        return "", 0

    def _holds_items(self, place: int) -> bool:
        """A container, or a name of the program: "3 in seen", not "3 in total"."""
        if place >= self.last:
            return False
        token = self.tokens[place]
        return (
            token.kind in ("str", "container", "code")
            or token.text in "[{("
            or (token.kind == "word" and (token.text in CALLS or self._name(place)[0] > 0))
        )

    def _word(self, place: int) -> str:
        if place >= self.last or self.tokens[place].kind != "word":
            return ""
        return self.tokens[place].text.lower()

    def _asks_remainder(self, place: int) -> bool:
        return any(
            self.tokens[n].kind == "word" and self.tokens[n].text.lower() == "remainder"
            for n in range(max(self.first, place - 8), place)
        )

    def operand(self, place: int, signed: bool) -> int:
        """End of the operand at this token: a sign, an atom, and what follows it without a space."""
        if place >= self.last:
            return place
        token = self.tokens[place]
        kind = token.kind
        if kind in ("num", "str", "formatted", "container"):
            end = place + 1
            if kind == "num" and end < self.last and self._is_percent(end):
                return end
            return self._trailers(end) if kind != "num" else end
        if kind == "op" and signed and token.text in ("-", "+", "~"):
            end = self.operand(place + 1, signed=False)
            return place if end == place + 1 or not self.tokens[place + 1].glued else end
        if kind == "open":
            return self._bracketed(place)
        if kind == "code":
            return place + 1
        if kind != "word":
            return place
        if token.text in _KEEP:
            return place + 1
        if token.text in _TYPES and self.tokens[max(self.first, place - 1)].text in ("==", "!="):
            return place + 1
        called = self._is_called(place)
        if called and (token.text in CALLS or token.text in self.program.spoken or token.text[:1].isupper()):
            return self._trailers(place + 1)
        if token.text == "not" and place > self.first and self.tokens[place - 1].text in ("(", "="):
            end = self.operand(place + 1, signed=True)
            return place if end == place + 1 else end
        length, _name = self._name(place)
        return self._trailers(place + length) if length else place

    def _has_trailer(self, place: int) -> bool:
        """`zero.tolist()` and `one[0]` are names, though they are numerals, too."""
        if self.tokens[place].text not in self.program.names or place + 2 >= self.last:
            return False
        after, beyond = self.tokens[place + 1 : place + 3]
        return after.glued and (after.text in "[(" or (after.text == "." and beyond.kind == "word" and beyond.glued))

    def _is_called(self, place: int) -> bool:
        return place + 1 < self.last and self.tokens[place + 1].text == "(" and self.tokens[place + 1].glued

    def _is_percent(self, place: int) -> bool:
        """A percent sign that no operand follows."""
        token = self.tokens[place]
        return token.text == "%" and token.glued and self.operand(place + 1, signed=False) == place + 1

    def _bracketed(self, place: int) -> int:
        token = self.tokens[place]
        end = token.match
        if end < 0 or end >= self.last or (end == place + 1 and token.text == "(" and token.glued):
            return place
        node = parse(self._source(place, end + 1))
        if node is None:
            return place
        if token.text == "(" and not self._all_known(node):
            return place
        return self._trailers(end + 1)

    def _all_known(self, node: ast.expr) -> bool:
        names = self.program.names
        return all(
            part.id in names or part.id in _KEEP or part.id in CALLS or part.id[:1].isupper()
            for part in ast.walk(node)
            if isinstance(part, ast.Name)
        )

    def _trailers(self, place: int) -> int:
        """Past subscripts, calls and attributes that are glued on."""
        while place < self.last and self.tokens[place].glued:
            token = self.tokens[place]
            if token.text in ("[", "(") and 0 <= token.match < self.last:
                place = token.match + 1
            elif (
                token.text == "."
                and place + 1 < self.last
                and self.tokens[place + 1].glued
                and self.tokens[place + 1].kind == "word"
            ):
                place += 2
            else:
                break
        return place

    # Names

    def _name(self, place: int) -> tuple[int, str]:
        """How many tokens from here are a name of the program, and which."""
        token = self.tokens[place]
        word = token.text
        program = self.program
        options = program.phrases.get(word.lower())
        if options:
            for words, name in options:
                if all(self._word(place + n) == part for n, part in enumerate(words)):
                    return len(words), name
        if word in program.names:
            if word.endswith("ed") and self._word(place - 1) in ("is", "are", "was", "were", "get", "gets"):
                return 0, ""  # "all three are swapped and ..."
            if (word == "loop" and self._word(place - 1) == "the") or self._word(place - 2) == "most":
                return 0, ""
            if (word.lower() in _SHORT or word == "I") and not self._reads_as_name(place):
                return 0, ""
            return 1, word
        if place == self.first and len(word) > 1 and word.lower() in program.names and word.lower() not in _SHORT:
            return 1, word.lower()
        return 0, ""

    def _reads_as_name(self, place: int) -> bool:
        if place + 1 >= self.last:
            return place > self.first
        after = self.tokens[place + 1]
        if after.kind == "word":
            return after.text.lower() in _AFTER_NAME and not (
                self.tokens[place].text in ("I", "i") and after.text == "am"
            )
        return after.kind not in ("num", "str", "container", "code", "ord") and not (
            after.kind == "open" and not after.glued
        )


_KEEP = frozenset({"True", "False", "None", "inf", "nan"})
_TYPES = _words("int str float bool list tuple dict set complex bytes")  # `type(n) == int`


def _is_plain(node: ast.expr) -> bool:
    """A value, a name or a place: what backticks merely quote."""
    if isinstance(node, (ast.Constant, ast.Name, ast.List, ast.Tuple, ast.Dict, ast.Set)):
        return True
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.operand, ast.Constant)
    if isinstance(node, (ast.Attribute, ast.Subscript)):
        return _is_plain(node.value)
    return False
