"""A process of its own that calls a served model through a journal: `python calling.py FOLDER URL FIRST COUNT`.

Keys are FIRST, FIRST + 1, ...; in batches of 40, 8 in flight. It prints a batch's texts, as JSON, when it has them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cotmill.backends.model import Request, Sampling
from cotmill.backends.model_cache import Journal
from cotmill.backends.model_http import HttpModel

IN_FLIGHT = 8


def requests(first: int, count: int) -> list[Request]:
    return [Request("", Sampling(seed=number), f"test/{number}") for number in range(first, first + count)]


def main(folder: str, url: str, first: int, count: int) -> None:
    journal = Journal(Path(folder), "m", HttpModel([url], "m", in_flight=IN_FLIGHT))
    for begin in range(first, first + count, 40):
        found = journal.complete(requests(begin, min(40, first + count - begin)))
        print(json.dumps([completion.text for completion in found]), flush=True)
    journal.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
