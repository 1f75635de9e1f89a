"""A process of its own that calls a served model through a journal: `python calling.py FOLDER URL FIRST COUNT TURNS`.

Keys are FIRST, FIRST + 1, ...; in batches of 40, 8 in flight. Each answer is asked about again, until a conversation has
TURNS of them. It prints the texts of a batch's last answers, as JSON, when it has them.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

from cotmill.backends.model import Completion, Finished, Request, Sampling
from cotmill.backends.model_cache import Journal
from cotmill.backends.model_http import HttpModel

IN_FLIGHT = 8


def requests(first: int, count: int) -> list[Request]:
    return [Request("", Sampling(seed=number), f"test/{number}") for number in range(first, first + count)]


def talks(asked: list[Request], turns: int) -> Finished:
    """Each answer is the next prompt; a request's key ends in which one of the conversation it is, but for the first."""
    said = Counter[int]()

    def finished(number: int, completion: Completion) -> Request | None:
        said[number] += 1
        if said[number] == turns:
            return None
        return replace(asked[number], prompt=completion.text, key=f"{asked[number].key}/{said[number]}")

    return finished


def main(folder: str, url: str, first: int, count: int, turns: int) -> None:
    journal = Journal(Path(folder), "m", HttpModel([url], "m", in_flight=IN_FLIGHT))
    for begin in range(first, first + count, 40):
        asked = requests(begin, min(40, first + count - begin))
        found = journal.complete(asked, talks(asked, turns))
        print(json.dumps([completion.text for completion in found]), flush=True)
    journal.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
