"""Tokens -> sentences of items: expressions, code quotes, words and marks.

An item is what a claim pattern looks at. All that belongs to one expression (`arr[mid + 1]`, `2 * 3`, `f(3, 'a, b')`,
"16 minus 3", "eggs sold") is one item; whether a word is a name is decided here, from the program's names.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cotmill.prove.claims.run.known_calls import CALLS
from cotmill.prove.claims.run.program import Program
from cotmill.prove.claims.run.trees import literal, parse
from cotmill.prove.claims.text.literals_in_text import Tokens, tokens_of

__all__ = ["Sentence", "sentences_of"]


class Sentence:
    """One sentence as a row of items, column by column; what only some items have is kept by their place.

    Kinds: ``expr`` (has a node), ``code`` (backticks around what is no plain value or name; node where it parses),
    ``word``, ``mark`` (punctuation and `=`), ``ord``, ``dots``, ``lost`` (too much to read).
    """

    __slots__ = ("ends", "kinds", "marks", "nodes", "opens", "quoted", "starts", "texts", "words")

    def __init__(self, opens: bool) -> None:
        self.opens = opens  # it ends with a colon
        self.kinds: list[str] = []
        self.texts: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.words: dict[int, str] = {}  # in lower case
        self.marks: dict[int, str] = {}
        self.nodes: dict[int, ast.expr] = {}
        self.quoted: set[int] = set()  # in backticks

    def add(self, kind: str, text: str, start: int, end: int) -> None:
        self.kinds.append(kind)
        self.texts.append(text)
        self.starts.append(start)
        self.ends.append(end)

    def add_word(self, text: str, lower: str, start: int, end: int) -> None:
        self.words[len(self.kinds)] = lower.replace("\u2019", "'")
        self.add("word", text, start, end)

    def add_node(self, node: ast.expr, text: str, start: int, end: int) -> None:
        self.nodes[len(self.kinds)] = node
        self.add("expr", text, start, end)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OPERATORS = _words("+ - * / // % ** | & ^ << >> < > <= >= == !=")
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


def sentences_of(text: str, program: Program) -> Iterator[Sentence]:
    """All sentences in order; a line end is a sentence's end."""
    tokens = tokens_of(text)
    reader = _Reader(text, tokens, program)
    kinds = tokens.kinds
    first = 0
    ends = [place for place, kind in enumerate(kinds) if kind in ("stop", "line")]
    for place in (*ends, len(kinds)):
        if place > first:
            opens = tokens.texts[place - 1] == ":" and (place == len(kinds) or kinds[place] == "line")
            yield reader.sentence(first, place, Sentence(opens))
        first = place + 1


class _Reader:
    """Reads the tokens of one sentence after the other: those from `first` to `last` (exclusive)."""

    def __init__(self, text: str, tokens: Tokens, program: Program) -> None:
        self.text, self.program = text, program
        self.kinds, self.texts, self.glued = tokens.kinds, tokens.texts, tokens.glued
        self.starts, self.ends = tokens.starts, tokens.ends
        self.values, self.partners = tokens.values, tokens.partners
        self.first = self.last = 0
        names = {name: name.lower() for name in program.names}
        self.heads = _HEADS.union(names.values(), program.phrases)  # no other word begins one, unless it is called
        self.sure = {name for name, lower in names.items() if lower not in _DOUBTFUL and lower not in program.phrases}

    def sentence(self, first: int, last: int, said: Sentence) -> Sentence:
        """Fills in the items of the tokens first..last (exclusive)."""
        self.first, self.last = first, last
        kinds, heads = self.kinds, self.heads
        place = first
        while place < last:
            kind = kinds[place]
            if kind == "word":
                word = self.texts[place]
                lower = word.lower()
                if lower not in heads and not self._is_called(place):
                    said.add_word(word, lower, self.starts[place], self.ends[place])
                    place += 1
                    continue
                if word in self.sure and self._ends(place + 1) and self._name(place)[0]:
                    name = parse(word)
                    assert name is not None  # as the program has it
                    said.add_node(name, word, self.starts[place], self.ends[place])
                    place += 1
                    continue
            elif kind in _ATOMS and self._ends(place + 1):
                self._add_atom(said, place)
                place += 1
                continue
            if kind not in _NEVER_FIRST:
                end = self.expression(place, said)
                if end > place and self._add_expression(said, place, end):
                    place = end
                    continue
            self._add_plain(said, place)
            place += 1
        return said

    def _add_plain(self, said: Sentence, place: int) -> None:
        kind, text, start, end = self.kinds[place], self.texts[place], self.starts[place], self.ends[place]
        if kind == "word":
            said.add_word(text, text.lower(), start, end)
        elif kind in ("ord", "dots"):
            said.add(kind, text, start, end)
        elif kind in _ATOMS:
            self._add_atom(said, place)
        elif text == "?" and kind == "punct" and end - start > 1:
            said.add("lost", text, start, end)
        else:
            said.marks[len(said.kinds)] = text
            said.add("mark", text, start, end)

    def _add_atom(self, said: Sentence, place: int) -> None:
        """A token that is an expression by itself: a literal, or code in backticks."""
        kind, text, start, end = self.kinds[place], self.texts[place], self.starts[place], self.ends[place]
        if kind == "container":
            said.add_node(literal(text), text, start, end)
            return
        if kind != "code":
            said.add_node(ast.Constant(self.values[place]), text, start, end)
            return
        said.quoted.add(len(said.kinds))
        node = parse(text)
        if node is None:
            said.add("code", text, start, end)
            return
        said.add_node(node, text, start, end)
        if not _is_plain(node):
            said.kinds[-1] = "code"

    def _add_expression(self, said: Sentence, place: int, end: int) -> bool:
        """The tokens up to `end` as one item; False where they are no expression after all."""
        if end == place + 1 and self.kinds[place] in _ATOMS:
            self._add_atom(said, place)
            return True
        source = self._source(place, end)
        node = parse(source)
        if node is None:  # a mark stands in between that leaves no token: "13 * $2"
            source = self._joined(place, end)
            node = parse(source)
        if node is not None:
            said.add_node(node, source, self.starts[place], self.ends[end - 1])
        elif end - place > MAX_TOKENS:
            said.add("lost", "", self.starts[place], self.ends[end - 1])
        else:
            return False
        return True

    def _source(self, place: int, end: int) -> str:
        """Python source of the tokens: as written where they are written as Python writes them."""
        if all(map(self._is_itself, range(place, end))):
            return self.text[self.starts[place] : self.ends[end - 1]]
        return self._joined(place, end)

    def _is_itself(self, place: int) -> bool:
        """Whether Python would write it as the text does."""
        text = self.texts[place]
        if self.kinds[place] != "word":
            written = self.text[self.starts[place] : self.ends[place]]
            return text == written and (text != "^" or self.program.has_xor)
        lower = text.lower()
        if lower in self.program.phrases or lower in _WORD_OPERATORS or lower == "divided":
            return False
        return text in self.program.names or (lower not in self.program.names and lower != "x")

    def _joined(self, place: int, end: int) -> str:
        parts: list[str] = []
        while place < end:
            kind, text = self.kinds[place], self.texts[place]
            if kind == "word":
                length, name = self._name(place)
                if length:
                    parts.append(name)
                    place += length
                    continue
                if text.lower() == "divided":
                    parts.append("%" if self._asks_remainder(place) else "/")
                    place += 2
                    continue
                times = text in ("x", "X") and text not in self.program.names
                parts.append("*" if times else _WORD_OPERATORS.get(text.lower(), text))
            elif kind == "op" and text == "^" and not self.program.has_xor:
                parts.append("**")
            else:
                parts.append(text)
            place += 1
        return " ".join(parts).replace(" . ", ".")

    # Where an expression ends

    def expression(self, place: int, before: Sentence) -> int:
        """End of the expression that begins at this token, or the token itself."""
        kind = self.kinds[place]
        if kind == "word" and self.texts[place].lower() in _NUMERALS and not self._has_trailer(place):
            return place
        end = self.operand(place, signed=True)
        if end == place:
            return place
        if kind == "code" and end == place + 1 and not self._goes_on(end):
            return end
        each = before.words.get(len(before.kinds) - 1) in ("each", "for", "every")
        while end < self.last and self.kinds[end] in ("op", "word"):
            width = self._operator(end, each)
            if not width:
                return end
            nxt = self.operand(end + width, signed=True)
            if nxt == end + width:
                return end
            end = nxt
        return end

    def _ends(self, place: int) -> bool:
        """Whether an expression of one token surely ends before this one."""
        if place >= self.last:
            return True
        kind, text = self.kinds[place], self.texts[place]
        if kind == "word":
            return text.lower() not in _JOINING
        if kind == "op":
            return text not in _OPERATORS and text != "in"
        return not self.glued[place] or text not in ("[", "(", ".")

    def _goes_on(self, end: int) -> bool:
        return end < self.last and self.kinds[end] == "op" and self.texts[end] in _OPERATORS

    def _operator(self, place: int, each: bool) -> int:
        """How many tokens the binary operator at this token, an operator or a word, has; 0 where it is none."""
        text = self.texts[place]
        if self.kinds[place] == "op":
            return 1 if text in _OPERATORS or (text == "in" and not each) else 0
        word = text.lower()
        if word in _WORD_OPERATORS or (word == "x" and text not in self.program.names):  # "9 x 3"
            return 1
        if word == "divided" and self._word(place + 1) == "by":
            return 2
        if each:
            return 0
        if word == "in" and self._holds_items(place + 1):
            return 1
        if word == "not" and self._word(place + 1) == "in" and self._holds_items(place + 2):
            return 2
        return 0

    def _holds_items(self, place: int) -> bool:
        """A container, or a name of the program: "3 in seen", not "3 in total"."""
        if place >= self.last:
            return False
        kind, text = self.kinds[place], self.texts[place]
        return (
            kind in ("str", "container", "code")
            or text in "[{("
            or (kind == "word" and (text in CALLS or self._name(place)[0] > 0))
        )

    def _word(self, place: int) -> str:
        if place >= self.last or self.kinds[place] != "word":
            return ""
        return self.texts[place].lower()

    def _asks_remainder(self, place: int) -> bool:
        return any(self._word(n) == "remainder" for n in range(max(self.first, place - 8), place))

    def operand(self, place: int, signed: bool) -> int:
        """End of the operand at this token: a sign, an atom, and what follows it without a space."""
        if place >= self.last:
            return place
        kind = self.kinds[place]
        if kind == "num":
            return place + 1
        if kind in ("str", "formatted", "container"):
            return self._trailers(place + 1)
        if kind == "op":
            if not signed or self.texts[place] not in ("-", "+", "~"):
                return place
            end = self.operand(place + 1, signed=False)
            return place if end == place + 1 or not self.glued[place + 1] else end
        if kind == "open":
            return self._bracketed(place)
        if kind == "code":
            return place + 1
        if kind != "word":
            return place
        word = self.texts[place]
        if word in _KEEP:
            return place + 1
        if word in _TYPES and self.texts[max(self.first, place - 1)] in ("==", "!="):
            return place + 1
        if self._is_called(place) and (word in CALLS or word in self.program.spoken or word[:1].isupper()):
            return self._trailers(place + 1)
        if word == "not" and place > self.first and self.texts[place - 1] in ("(", "="):
            end = self.operand(place + 1, signed=True)
            return place if end == place + 1 else end
        length, _name = self._name(place)
        return self._trailers(place + length) if length else place

    def _has_trailer(self, place: int) -> bool:
        """`zero.tolist()` and `one[0]` are names, though they are numerals, too."""
        after = place + 1
        if self.texts[place] not in self.program.names or after + 1 >= self.last or not self.glued[after]:
            return False
        attribute = self.kinds[after + 1] == "word" and self.glued[after + 1]
        return self.texts[after] in "[(" or (self.texts[after] == "." and attribute)

    def _is_called(self, place: int) -> bool:
        return place + 1 < self.last and self.texts[place + 1] == "(" and self.glued[place + 1]

    def _bracketed(self, place: int) -> int:
        end = self.partners.get(place, -1)
        round_one = self.texts[place] == "("
        if end < 0 or end >= self.last or (end == place + 1 and round_one and self.glued[place]):
            return place
        node = parse(self._source(place, end + 1))
        if node is None or (round_one and not self._all_known(node)):
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
        while place < self.last and self.glued[place]:
            text = self.texts[place]
            if text in ("[", "(") and 0 <= self.partners.get(place, -1) < self.last:
                place = self.partners[place] + 1
            elif text == "." and place + 1 < self.last and self.glued[place + 1] and self.kinds[place + 1] == "word":
                place += 2
            else:
                break
        return place

    # Names

    def _name(self, place: int) -> tuple[int, str]:
        """How many tokens from here are a name of the program, and which."""
        word = self.texts[place]
        lower = word.lower()
        program = self.program
        for words, name in program.phrases.get(lower, ()):
            if all(self._word(place + n) == part for n, part in enumerate(words)):
                return len(words), name
        if word in program.names:
            if (
                self._word(place + 1) == "and"
                and word.endswith("ed")
                and not self._has_trailer(place)
                and self._word(place - 1) in ("is", "are", "was", "were", "get", "gets")
            ):
                return 0, ""  # "all three are swapped and ..."
            if word == "loop" and self._word(place - 1) == "the":
                return 0, ""
            if self._word(place - 2) == "most" and "most" not in program.names:
                return 0, ""
            if (lower in _SHORT or word == "I") and not self._reads_as_name(place):
                return 0, ""
            return 1, word
        if place == self.first and len(word) > 1 and lower in program.names and lower not in _SHORT:
            return 1, lower
        return 0, ""

    def _reads_as_name(self, place: int) -> bool:
        after = place + 1
        if after >= self.last:
            return place > self.first
        kind, text = self.kinds[after], self.texts[after]
        if kind == "word":
            return text.lower() in _AFTER_NAME and not (self.texts[place] in ("I", "i") and text == "am")
        return kind not in ("num", "str", "container", "code", "ord") and (kind != "open" or self.glued[after])


_KEEP = frozenset({"True", "False", "None", "inf", "nan"})
_TYPES = _words("int str float bool list tuple dict set complex bytes")  # `type(n) == int`
_HEADS = frozenset({"not", *map(str.lower, _KEEP), *_TYPES})
_JOINING = frozenset({"x", "divided", "in", "not", *_WORD_OPERATORS})  # words that may go on with an expression
_DOUBTFUL = _SHORT | _JOINING | _NUMERALS.keys()  # as the name of something
_ATOMS = frozenset({"num", "str", "container", "code"})
_NEVER_FIRST = frozenset({"punct", "close", "dots", "mark", "ord"})  # of an expression


def _is_plain(node: ast.expr) -> bool:
    """A value, a name or a place: what backticks merely quote."""
    if isinstance(node, (ast.Constant, ast.Name, ast.List, ast.Tuple, ast.Dict, ast.Set)):
        return True
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.operand, ast.Constant)
    if isinstance(node, (ast.Attribute, ast.Subscript)):
        return _is_plain(node.value)
    return False
