"""The final answer that a solution states."""

from __future__ import annotations

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
    r"|\b(?:the|final|my|our|correct)[ \t]{1,3}(?:final[ \t]{1,3})?answer[ \t]{1,3}is\b[ \t]{0,3}:?(?P<said>[^\n]*)"
    r"|\\f?boxed[ \t]{1,3}(?P<token>[^\s{}$\\]+)"
    r"|\\f?box(?:ed)?[ \t]{0,3}\{(?P<boxed>)",
    re.IGNORECASE | re.MULTILINE,
)
_SENTENCE_END = re.compile(r"[.?](?=\s|$)|(?<![0-9)}])!(?=\s)|!$")  # 6! / 5! is no sentence
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
        elif match["said"] is not None:
            answer = _first_sentence(match["said"])
            answer = None if answer.casefold() in _NO_ANSWER else answer
        else:
            answer = match["line"] or match["hashes"] or match["after"] or ""
            if "**" in (match["marks"] or "") and (bold := _BOLD_END.search(answer)) and bold.start():
                answer = answer[: bold.start()]
            if not _bare(answer):  # the answer stands on the next line that has any text
                answer, at = _next_line(text, match.end())
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


def _first_sentence(text: str) -> str:
    text = text.strip()
    if text[:1] in ('"', "'", "[", "{"):
        return text.removesuffix(".")
    if (boxed := text.find("\\boxed")) >= 0 and (inner := _last(text[boxed:])) is not None:
        return inner
    end = _SENTENCE_END.search(text)
    return text[: end.start()] if end else text


def _next_line(text: str, at: int) -> tuple[str, int]:
    while at < len(text):
        end = text.find("\n", at + 1)
        end = len(text) if end < 0 else end
        if _LINE.match(text, at + 1):
            return "", at
        if _bare(text[at:end]):
            return text[at:end], end
        at = end
    return "", at


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
