"""Makes wrong solutions out of right ones, in ways that a careless writer would: one thing is changed each time.

Works on the text alone, with patterns of its own: nothing of the checker or the narrator is asked.
"""

from __future__ import annotations

import random
import re

__all__ = ["CORRUPTIONS", "branch_flipped", "pass_dropped", "steps_swapped", "value_changed", "wrong_steps"]

_QUOTED = re.compile(r"`[^`\n]*`|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*\w)")
_TRUTH = re.compile(r"\bis (true|false)\b")
_PASS = re.compile(r"^( *)Pass (\d+):")


def _blanked(text: str) -> str:
    """The text with quoted parts replaced by spaces, so that places stay."""
    return _QUOTED.sub(lambda found: " " * len(found.group()), text)


def _body(text: str) -> tuple[str, str]:
    """All but the last line, and the last line."""
    head, _, last = text.rpartition("\n")
    return head, last


def value_changed(text: str, rng: random.Random) -> str | None:
    """One number that stands for a value is another one."""
    body, last = _body(text)
    places = [
        found
        for found in _NUMBER.finditer(_blanked(body))
        if not re.search(r"(?:Pass|Passes|pass|to)\s$", body[max(0, found.start() - 7) : found.start()])
        and "gives" not in body[max(0, found.start() - 3) : found.start()]
    ]
    if not places:
        return None
    chosen = rng.choice(places)
    old = chosen.group()
    change = rng.choice([-2, -1, 1, 2, 10])
    new = str(round(float(old) + change, 6)) if "." in old else str(abs(int(old) + change))
    if float(new) == float(old):
        new = str(int(float(old)) + 3)
    return body[: chosen.start()] + new + body[chosen.end() :] + "\n" + last


def branch_flipped(text: str, rng: random.Random) -> str | None:
    """One test comes out the other way."""
    body, last = _body(text)
    places = list(_TRUTH.finditer(_blanked(body)))
    if not places:
        return None
    chosen = rng.choice(places)
    other = "false" if chosen.group(1) == "true" else "true"
    return body[: chosen.start(1)] + other + body[chosen.end(1) :] + "\n" + last


def pass_dropped(text: str, rng: random.Random) -> str | None:
    """One pass of a loop is left out, with all that stands in it."""
    lines = text.split("\n")
    heads = [(n, len(found.group(1))) for n, line in enumerate(lines) if (found := _PASS.match(line))]
    if not heads:
        return None
    first, indent = rng.choice(heads)
    last = first + 1
    while last < len(lines) and len(lines[last]) - len(lines[last].lstrip()) > indent:
        last += 1
    return "\n".join(lines[:first] + lines[last:])


def steps_swapped(text: str, rng: random.Random) -> str | None:
    """Two neighbouring lines that are steps of the same block change places."""
    lines = text.split("\n")
    pairs = [
        n
        for n in range(1, len(lines) - 2)
        if _indent(lines[n]) == _indent(lines[n + 1])
        and not any(line.endswith(":") or _PASS.match(line) for line in lines[n : n + 2])
        and lines[n].strip() != lines[n + 1].strip()
        and not _follows(lines, n + 1)
    ]
    if not pairs:
        return None
    n = rng.choice(pairs)
    return "\n".join([*lines[:n], lines[n + 1], lines[n], *lines[n + 2 :]])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _follows(lines: list[str], n: int) -> bool:
    return "loop ends" in lines[n] or "Leave the loop" in lines[n]


def wrong_steps(text: str, rng: random.Random) -> str | None:
    """One value is wrong, and so is everything worked out with it by name; the answer stays right."""
    body, last = _body(text)
    blank = _blanked(body)
    places = list(re.finditer(r"= (\d+)(?=[.,]? |\.?$)", blank, re.MULTILINE))
    if len(places) < 2:
        return None
    chosen = rng.choice(places[: max(1, len(places) - 1)])
    old = chosen.group(1)
    new = str(int(old) + rng.choice([1, 2, 3]))
    start = chosen.start(1)
    rest = re.sub(rf"(?<![\w.]){old}(?![\w.]*\w)", new, body[start:])
    return body[:start] + rest + "\n" + last


CORRUPTIONS = {
    "value": value_changed,
    "branch": branch_flipped,
    "pass": pass_dropped,
    "order": steps_swapped,
    "wrong steps": wrong_steps,
}
