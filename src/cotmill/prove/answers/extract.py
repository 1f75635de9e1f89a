"""The final answer that a solution states."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator

__all__ = ["extract", "stated"]

TAIL_CHARS = 200_000  # a final answer stands at the end; no more than this is searched
MAX_UNWRAPS = 4  # "Answer: The answer is \boxed{5}" is three

# A stated answer takes the rest of its line, so that nothing inside it ("Answer: "the answer is 5"") is taken for
# another one. `.` stops at a line's end and no two repeats touch, so a search is linear in the text.
_LINE = re.compile(
    r"^(?P<marks>[ \t>*_#-]*)(?:the[ \t]{1,3})?(?:(?:final|correct)[ \t]{1,3})?answer[*_]{0,3}"
    r"(?:[ \t]{0,3}[:\uff1a](?P<line>[^\n]*)|[ \t]{0,8}$)"
    r"|(?<=[ \t])(?-i:Answer)[ \t]{0,3}:(?P<after>[^\n]*)"
    r"|^[ \t]{0,8}####(?!#)(?P<hashes>[^\n]*)"
    r"|<answer>(?P<tagged>[^\n]*)"
    r"|(?:^[ \t]{0,8}|\b(?:the|final|my|our|correct)[ \t]{1,3}(?:final[ \t]{1,3})?)answer[ \t]{1,3}is\b[ \t]{0,3}:?"
    r"(?P<said>[^\n]*)"
    r"|\\f?boxed[ \t]{1,3}(?P<token>[^\s{}$\\]+)"
    r"|\\f?box(?:ed)?[ \t]{0,3}\{(?P<boxed>)",
    re.IGNORECASE | re.MULTILINE,
)
_SENTENCE_END = re.compile(r"[.?](?=\s|$)|(?<![0-9)}])!(?=\s)|!$")  # 6! / 5! is no sentence
_REASON = re.compile(r"(?<=[^\s,]),?[ \t]{1,3}(?:because|since)\b", re.IGNORECASE)  # and what follows is no answer
_BLOCK = re.compile(r"\s*(?:```\w{0,20}|\$\$|\\\[)\s*")  # a line that opens a block of code or of mathematics
_BOLD_END = re.compile(r"\*\*(?!\w)")
_NO_ANSWER = frozenset({"correct", "incorrect", "right", "wrong"})  # said of one that was stated before
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


def extract(text: str) -> str | None:
    """The answer stated last: "Answer: ...", "\\boxed{...}", "#### ...", "The answer is ...". None if there is none."""
    last = _last(text[-TAIL_CHARS:])
    return None if last is None else _unwrapped(last)


def stated(text: str) -> list[str]:
    """All of them, in their order."""
    return [_unwrapped(found) for found in _all(text[-TAIL_CHARS:])]


def _unwrapped(found: str) -> str:
    """Without what states it once more inside."""
    for _ in range(MAX_UNWRAPS):
        inner = None if found[:1] in ('"', "'", "[", "{") else _last(found)  # a JSON value is what it is
        if inner is None:
            break
        found = inner
    return found


def _last(text: str) -> str | None:
    found = deque(_all(text), maxlen=1)
    return found[0] if found else None


def _all(text: str) -> Iterator[str]:
    closing = _closing_braces(text) if "box" in text else {}
    at = _first_line(text)
    while at >= 0 and (match := _LINE.search(text, at)) is not None:
        at = match.end()
        if match["boxed"] is not None:
            end = closing.get(match.end() - 1)
            answer = None if end is None else text[match.end() : end]
            at = match.end() if end is None else end
        elif match["token"] is not None:
            answer = match["token"]
        else:
            start = max(match.start(name) for name in ("said", "line", "hashes", "after", "tagged"))
            start = match.end() if start < 0 else start
            if not _bare(text[start : match.end()]):  # the answer stands on the next line that has any text
                start, at = _next_line(text, match.end())
            answer, at = _from(text, start, at, sentence=match["said"] is not None)
            if "**" in (match["marks"] or "") and (bold := _BOLD_END.search(answer)) and bold.start():
                answer = answer[: bold.start()]
            if match["said"] is not None and answer.casefold() in _NO_ANSWER:
                answer = None
        if answer is not None and _bare(answer):
            yield _bare(answer)


def _first_line(text: str) -> int:
    """Where the first line begins that may state an answer, -1 for none: letters are quicker sought than tried."""
    folded = text.casefold()
    found = [place for mark in ("answer", "####", "boxed", "fbox") if (place := folded.find(mark)) >= 0]
    if len(folded) != len(text):
        return 0
    return text.rfind("\n", 0, min(found)) + 1 if found else -1


def _bare(text: str) -> str:
    """Without the white space and the bold marks around it."""
    text = text.strip()
    if text[:1] in ('"', "'", "[", "{"):
        return text.removesuffix("**")  # no JSON value ends so
    return text.removeprefix("**").removesuffix("**").strip()


_DECODER = json.JSONDecoder()


def _from(text: str, start: int, end: int, *, sentence: bool) -> tuple[str, int]:
    """The answer that begins at `start` in a line that ends at `end`, and where it ends itself: with a JSON value that
    takes several lines, a tag, a reason, or, where it is said in a sentence, with that."""
    line = text[start:end].partition("</answer>")[0]
    answer = line.strip()
    if answer[:1] in ("[", "{"):
        try:
            _, stop = _DECODER.raw_decode(text, start + line.index(answer[0]))
        except (ValueError, RecursionError):
            stop = end
        if stop > end:
            return text[start:stop], stop
    if answer[:1] in ('"', "'", "[", "{"):
        return answer.removesuffix(".") if sentence else answer, end
    if reason := _REASON.search(line):
        line = line[: reason.start()]
    if not sentence:
        return line, end
    if (boxed := line.find("\\boxed")) >= 0 and (inner := _last(line[boxed:])) is not None:
        return inner, end
    if full_stop := _SENTENCE_END.search(line, len(line) - len(line.lstrip())):
        return line[: full_stop.start()], start + full_stop.end()
    return line, end


def _next_line(text: str, at: int) -> tuple[int, int]:
    """Where the next line with any text in it begins and ends; nothing long where that line states an answer itself."""
    while at < len(text):
        end = text.find("\n", at + 1)
        end = len(text) if end < 0 else end
        if _LINE.match(text, at + 1):
            return at, at
        if _bare(text[at:end]) and not _BLOCK.fullmatch(text, at, end):
            return at, end
        at = end
    return at, at


def _closing_braces(text: str) -> dict[int, int]:
    """Position of each opening brace -> position of its closing one; escaped braces do not count."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for match in _BRACE.finditer(text):
        if match.group() == "{":
            opened.append(match.start())
        elif match.group() == "}" and opened:
            pairs[opened.pop()] = match.start()
    return pairs
