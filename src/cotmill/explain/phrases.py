"""Words around values: lists in prose, sentences on a page, and how a text is counted."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["LINE", "PARAGRAPH", "Page", "count_tokens", "joined", "passes"]

LINE = 80  # characters after which the next step begins a new line
PARAGRAPH = 320  # the same where sentences stand in paragraphs
_TOKEN = re.compile(r"\w+|[^\w\s]")


def count_tokens(text: str) -> int:
    """Words, numbers and punctuation marks. No tokenizer is needed; most count some 10 to 40 percent more."""
    return len(_TOKEN.findall(text))


def joined(parts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def passes(number: int) -> str:
    return "1 pass" if number == 1 else f"{number} passes"


class Page:
    """Sentences in lines and indented blocks, in the order in which they are said."""

    def __init__(self, *, line: int = LINE, listed: bool = False, varied: bool = False) -> None:
        self._full = line
        self._listed = listed
        self._varied = varied  # sentences of one kind begin in different ways
        self._reasons = 0
        self._lines: list[str] = []
        self._line: list[str] = []  # sentences of the line that is being written
        self._depth = 0
        self._label = ""
        self._gathered: list[str] = []  # what is about to be said in one sentence
        self._reason = ""  # what the next sentence follows from

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been said."""
        return not (self._lines or self._line or self._gathered or self._reason)

    @property
    def is_inside(self) -> bool:
        """Whether a block is open."""
        return self._depth > 0

    def gather(self, *sentences: str) -> None:
        """Sentences that stand as one together with those gathered right before and after."""
        self._gathered += sentences

    def _say_gathered(self) -> None:
        if self._gathered:
            self._line.append(f"{joined(self._gathered)}.")
            self._gathered = []

    def say(self, *sentences: str) -> None:
        """Further sentences on the current line; the full stops are put here."""
        if sentences and self._gathered:
            self._say_gathered()
            self.wrap()
        for sentence in sentences:
            if self._reason and sentence.startswith(_OWN):
                self._put(self._reason)
            elif self._reason:
                sentence = self._following(sentence)
            self._put(sentence)
            self._reason = ""

    def _following(self, sentence: str) -> str:
        self._reasons += 1
        if ", so " in sentence or (self._varied and self._reasons % 2 == 0):
            return f"Since {self._reason}, {_inside(sentence)}"
        return f"{self._reason}, so {_inside(sentence)}"

    def _put(self, sentence: str) -> None:
        self._line.append(f"{'B' + sentence[1:] if sentence.startswith('both are ') else sentence}.")

    def reason(self, clause: str) -> None:
        """Why the next sentence is so; a sentence of its own where the line ends before one comes."""
        self.pause()
        self._say_gathered()
        self._reason = clause

    def pause(self) -> None:
        """The next sentence does not follow from the reason given last."""
        if self._reason:
            self._put(self._reason)
            self._reason = ""

    def end_line(self) -> None:
        """The next sentence begins a new line."""
        self.pause()
        self._break()

    def _break(self) -> None:
        self._say_gathered()
        if self._label:
            self._lines.append("  " * (self._depth - 1) + " ".join([self._label, *self._line]))
        elif self._line:
            self._lines.append(self._margin() + " ".join(self._line))
        self._line, self._label = [], ""

    def wrap(self) -> None:
        """A good place for a new line, taken where the current one is long; the next item of a list at the margin."""
        if self._gathered:
            return
        if sum(map(len, self._line)) > self._full or (self._listed and not self._depth):
            self._break()

    def open(self, header: str) -> None:
        """A line of its own that ends with a colon; what follows is indented under it."""
        self.end_line()
        self._lines.append(self._margin() + header)
        self._depth += 1

    def label(self, label: str) -> None:
        """A line that begins with a label (`Pass 2:`); its own sentences follow on it, blocks are indented under it."""
        self.end_line()
        self._label = label
        self._depth += 1

    def _margin(self) -> str:
        return "- " if self._listed and not self._depth else "  " * self._depth

    def close(self) -> None:
        """The end of what the last `open` or `label` began."""
        self.end_line()
        self._depth -= 1

    def close_call(self, header: str, words: str) -> None:
        """The end of a call's block; where it holds nothing but what the call returns, one sentence says it all."""
        inside = self._line[0] if len(self._line) == 1 and self._lines[-1].endswith(header) else ""
        result = inside.removeprefix("This returns ").removeprefix("Return ")
        if result in (inside, "None.") or self._label or self._gathered or self._reason:
            self.close()
            return
        self._lines.pop()
        self._depth -= 1
        self._line = [f"Calling {words} gives {result}"]
        if len(self._line[0]) > self._full:
            self.end_line()

    def mark(self) -> int:
        """The place where the next line begins."""
        self.end_line()
        return len(self._lines)

    def since(self, mark: int) -> list[str]:
        """The lines from a mark on."""
        self.end_line()
        return self._lines[mark:]

    def replace(self, begin: int, end: int, *lines: str) -> None:
        """Other lines, at the depth of the block that is open, in place of those between two marks."""
        self._lines[begin:end] = [self._margin() + line for line in lines]

    def close_stay(self, mark: int) -> None:
        """The end of a generator's stay that began at a mark: nothing is said of one in which nothing happens."""
        self.close()
        inside = self._lines[mark + 1 :]
        deeper = "  " * (self._depth + 2)
        if not inside or [line.strip() for line in inside] == ["Return."]:
            del self._lines[mark:]
        elif inside[0].lstrip().startswith("Go on in ") and all(line.startswith(deeper) for line in inside[1:]):
            self._lines[mark:] = [line[2:] for line in inside]

    def text(self) -> str:
        self.end_line()
        return "\n".join(self._lines)


_VERBS = frozenset((
    "Add", "Append", "Calling", "Clear", "Do", "Extend", "Go", "Leave", "Make", "Pop", "Put", "Raise", "Remove",
    "Return", "Reverse", "Sort", "Take", "This", "Yield",
))  # fmt: skip
_OWN = ("Taking ", "The lambda", "`")  # sentences that follow from nothing


def _inside(sentence: str) -> str:
    """The sentence as it stands after other words; names keep their capitals."""
    first = sentence.partition(" ")[0]
    return sentence[:1].lower() + sentence[1:] if first in _VERBS else sentence
