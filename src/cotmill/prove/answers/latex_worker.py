"""The process that runs math-verify, one request at a time: `python -P latex_worker.py`.

Protocol, one JSON text per line: it writes ``"ready"`` when the library is loaded, then for each request, a list of
pairs of LaTeX texts, a reply: a list of ``{"same": true | false | null, "values": [number or null, number or null]}``.
`same` is null where a text could not be read; a value is 40 digits of a text that has one real value.

It ends when its standard input ends, so that it does not outlive its parent, and when a request takes more CPU time
than CPU_SECONDS, deep in a computation or not.
"""

from __future__ import annotations

import json
import logging
import os
import re
import resource
import signal
import sys
from dataclasses import replace
from typing import Any

from math_verify import LatexExtractionConfig, parse, verify
from sympy import Symbol  # type: ignore[import-untyped]  # sympy has no types
from sympy.core.function import AppliedUndef  # type: ignore[import-untyped]  # sympy has no types

CPU_SECONDS = 1.5  # not of a clock: a busy machine must not change a verdict
MEMORY_BYTES = 2 * 1024**3
VALUE_DIGITS = 40
FLOAT_PLACES = 12  # math-verify's own 6 is too coarse


def main() -> None:
    """Serve requests until the input ends."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever the libraries print is no reply
    logging.disable(logging.CRITICAL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))

    print('"ready"', file=replies, flush=True)
    for line in sys.stdin:
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)  # SIGPROF ends a process that does not handle it
        print(json.dumps([compare(a, b) for a, b in json.loads(line)]), file=replies, flush=True)


def compare(a: str, b: str) -> dict[str, Any]:
    """One pair of texts -> one reply."""
    try:
        left, right = _parse(a), _parse(b)
    except Exception:  # noqa: BLE001  whatever a parser raises on a hostile text: the text could not be read
        left, right = [], []
    if not left or not right:
        return {"same": None, "values": [None, None]}
    same = any(
        verify(gold, target, float_rounding=FLOAT_PLACES, timeout_seconds=None)
        for gold, target in ((left, right), (right, left))  # it is not symmetric
    )
    return {"same": bool(same), "values": [_value(left), _value(right)]}


# Left to itself it drops what it takes for a unit: 5m would be 5.
_DEFAULT = LatexExtractionConfig()
_READING = replace(_DEFAULT, normalization_config=replace(_DEFAULT.normalization_config, units=False, boxed="none"))
_NO_LETTER = re.compile(r"\\mathbb\{.\}|\\(?:begin|end)\{[a-z]+\}|\\[a-zA-Z]+")
_CONSTANTS = set("ei")


def _parse(text: str) -> list[Any]:
    """The expression in a list, or an empty list where the text, or a letter of it, was not understood."""
    found = parse(f"${text}$", extraction_config=[_READING], parsing_timeout=None)
    read = [item for item in found if not isinstance(item, str)]  # a str is the text as it was
    names = "".join(str(name) for item in read for name in item.atoms(Symbol, AppliedUndef))
    letters = set(re.findall("[a-zA-Z]", _NO_LETTER.sub("", text)))
    return read if letters <= set(names) | _CONSTANTS else []


def _value(parsed: list[Any]) -> str | None:
    try:
        value = parsed[0].evalf(VALUE_DIGITS)
        return str(value) if len(parsed) == 1 and (value.is_Float or value.is_Integer) else None
    except (AttributeError, TypeError, ValueError, ArithmeticError):
        return None


if __name__ == "__main__":
    main()
