"""One outcome for all processes: what depends on the process is found, without and with a trace."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cotmill.base.recipe import Execute
from cotmill.execute.sandbox import Run, TraceLimits
from cotmill.execute.witnesses import Witnesses


@pytest.fixture(scope="module")
def witnesses() -> Iterator[Witnesses]:
    made = Witnesses(Execute())
    yield made
    made.close()


@pytest.mark.parametrize("trace", [None, TraceLimits()], ids=["plain", "traced"])
@pytest.mark.parametrize(
    "source",
    [
        "output = hash('x') % 2",
        "output = list({'a', 'b'})",
        "output = list(set(['apple', 'pear']))",
        "output = [x for x in frozenset('xy')]",
        "output = min(set(['aa', 'bb']), key=len)",
        "output = list(dict(a=1, b=2).keys() & dict(a=1, b=2, c=3).keys())",
        "output = list({'a': 1, 'b': 2, 'c': 3}.keys() - ['c'])",
        "import os\noutput = os.getpid()",
        "import os\noutput = os.getpid() % 2",
        "import os\noutput = os.urandom(1)[0] % 2",
        "import time\noutput = time.time_ns() % 2",
        "import time\noutput = int(time.perf_counter() * 1e7) % 2",
        "import random\noutput = random.Random().random() < 0.5",
        "import numpy\noutput = int(numpy.random.default_rng().integers(2))",
        "output = __import__('secrets').randbelow(2)",
        "output = id(object())",
        "output = repr(object())",
    ],
)
def test_two_values_are_enough(witnesses: Witnesses, source: str, trace: TraceLimits | None) -> None:
    """Two outcomes agree by luck in two runs, not in eight: of ten tries at most one passes."""
    statuses = [outcome.status for outcome in witnesses.run_all([Run(source, trace=trace)] * 10)]
    assert statuses.count("nondeterministic") >= 9, statuses


@pytest.mark.parametrize(
    "source",
    [
        "output = sorted(set('hello'))",
        "output = len({'a', 'b'})",
        "output = list({3, 1, 2})",
        "import random\nrandom.seed(1)\noutput = random.random()",
        "import time\ntime.sleep(0)\noutput = 1",
        "import datetime\noutput = str(datetime.date(2024, 2, 28) + datetime.timedelta(days=2))",
    ],
)
def test_what_every_process_agrees_on_passes(witnesses: Witnesses, source: str) -> None:
    """A source of chance that the answer does not depend on is none."""
    assert witnesses.run_all([Run(source)])[0].status == "ok"


def test_a_disagreement_tells_both_outcomes(witnesses: Witnesses) -> None:
    """A person sees what differed; the answer itself is gone."""
    outcome = witnesses.run_all([Run("output = hash('a')")])[0]
    assert outcome.status == "nondeterministic" and (outcome.answer, outcome.output) == ("", None)
    assert "first" in outcome.error and "then" in outcome.error
