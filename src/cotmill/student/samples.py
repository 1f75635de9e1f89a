"""The samples of a run, each with the execution that stands behind it.

A data set keeps no traces: they lie in the run's proven shards. What a student is taught in place of a narration, such
as the raw trace, is made from there.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from pathlib import Path

from cotmill.base.ledger import read_commits
from cotmill.base.records import Execution, Question, Sample, Verified
from cotmill.base.shards import read_shard
from cotmill.base.stage import CotmillError
from cotmill.prove.directions import mode_of
from cotmill.prove.ground import Mode

__all__ = ["Known", "known", "samples_of"]


@dataclass(frozen=True, slots=True)
class Known:
    """A sample and what is known of it beyond the data set. `Known.of` makes one."""

    sample: Sample
    packed: bytes  # the trace, deflated: a tenth of its size, so that 100,000 of them are in memory at once
    untraced: Execution  # all else of the execution
    moment: int = -1  # as in Question
    mode: Mode = "strict"  # how its solution was checked

    @staticmethod
    def of(sample: Sample, execution: Execution, moment: int = -1, mode: Mode = "strict") -> Known:
        packed = zlib.compress(execution.trace.encode("utf-8", "surrogatepass"))
        # texts that the sample holds too are held once
        untraced = replace(
            execution, trace="", input=sample.input, lineage=sample.lineage, source=sample.source, answer=sample.output
        )
        return Known(sample, packed, untraced, moment, mode)

    @property
    def execution(self) -> Execution:
        """The run behind the sample, with its trace."""
        return replace(self.untraced, trace=zlib.decompress(self.packed).decode("utf-8", "surrogatepass"))

    @property
    def question(self) -> Question:
        """What the sample asks, as a narration of it needs it."""
        sample = self.sample
        return Question(
            sample.id, self.execution, sample.problem, sample.direction, sample.answer, sample.asked, self.moment
        )


def known(run: Path) -> list[Known]:
    """The samples of `run/dataset` in its order. Raises CotmillError where there are none, or no traces of them."""
    samples = samples_of(run)
    behind: dict[str, Known] = {}
    for path in _proven(run):
        if not path.is_file():
            raise CotmillError(f"{path} is gone; the same `cotmill run` makes it again")
        for verified in read_shard(path, Verified):
            sample = samples.get(verified.id)
            if sample is not None:
                draft = verified.draft
                question = draft.question
                if not question.execution.trace:
                    raise CotmillError(f"{run} kept no trace of sample {sample.id}; run its recipe into another folder")
                behind[verified.id] = Known.of(sample, question.execution, question.moment, mode_of(draft))
    lost = next((name for name in samples if name not in behind), None)
    if lost is not None:
        raise CotmillError(
            f"{run} does not hold what sample {lost} was proven by; the same `cotmill run` makes it again"
        )
    return [behind[name] for name in samples]


def samples_of(run: Path) -> dict[str, Sample]:
    """The data set by id, in its order. Raises CotmillError where there is none."""
    if not (run / "recipe.yaml").is_file():
        raise CotmillError(f"{run} is not a cotmill run; `cotmill run RECIPE --out {run}` makes one")
    data = run / "dataset" / "data"
    if not data.is_dir():
        raise CotmillError(f"{run} is not finished: it has no data set yet; the same `cotmill run` goes on with it")
    samples = {sample.id: sample for path in sorted(data.glob("*.parquet")) for sample in read_shard(path, Sample)}
    if not samples:
        raise CotmillError(f"the data set of {run} holds no samples; `cotmill status {run}` says where they went")
    return samples


def _proven(run: Path) -> list[Path]:
    """Shards of the step that checks every claim; what is behind a sample does not change after it."""
    return [
        run / path
        for commit in read_commits(run)
        if commit.stage.endswith("-prove.ground")
        for path in commit.files
        if not path.startswith("rejects/")
    ]
