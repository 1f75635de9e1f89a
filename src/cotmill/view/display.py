"""Text for people: shortened, counted, and with nothing in it that a terminal or a browser would act on.

Storage keeps the truth; everything that is shown goes through here.
"""

from __future__ import annotations

import re

__all__ = ["clock_time", "count", "duration", "percent", "shorten", "visible"]

# Control characters, marks that turn the writing direction round (Trojan Source, CVE-2021-42574), lone surrogates.
ACTIVE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    r"""The text with its active characters written out, as in ``\x1b``; line ends become ``\n``."""
    return ACTIVE.sub(_written_out, text.replace("\r\n", "\n"))


def _written_out(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def shorten(text: str, *, chars: int, lines: int = 1_000_000) -> tuple[str, bool]:
    """The text's beginning, at most so many characters and lines, and whether something is missing."""
    head = "\n".join(text.split("\n", lines)[:lines])[:chars]
    return head, len(head) < len(text)


def count(number: int) -> str:
    """12345 -> '12,345'."""
    return f"{number:,}"


def percent(part: float, whole: float) -> str:
    """A share that never claims all or nothing where it is not: 99.98 % is '> 99.9 %', not '100 %'."""
    share = 100 * part / whole if whole else 0.0
    if 0 < share < 0.1:
        return "< 0.1 %"
    if 99.9 < share < 100:
        return "> 99.9 %"
    return f"{share:.0f} %" if share in (0, 100) else f"{share:.1f} %"


def duration(seconds: float) -> str:
    """0.4 s, 12 s, 3 min 20 s, 2 h 5 min."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 120:
        return f"{whole} s"
    if whole < 7200:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def clock_time(seconds: float) -> str:
    """0:07, 12:05, 1:02:03."""
    whole = int(seconds)
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
