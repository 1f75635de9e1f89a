"""Small programs that a tracer easily changes or misreads: the files of the folder nasty/.

A program begins with ``=== its name === {"its": "input"}``; its last line, ``output = solution(**input)``, is left out.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

_HEAD = re.compile(r"^=== (.+) === (\{.*\})$", re.MULTILINE)


def _read() -> dict[str, tuple[str, dict[str, Any]]]:
    programs: dict[str, tuple[str, dict[str, Any]]] = {}
    for path in sorted((Path(__file__).parent / "nasty").glob("*.txt")):
        _, *parts = _HEAD.split(path.read_text(encoding="utf-8"))
        for name, given, code in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            programs[name] = (code.strip("\n") + "\n", json.loads(given))
    return programs


PROGRAMS = _read()
