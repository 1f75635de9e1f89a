"""The arms of an ablation: from the same samples, what each student is given to learn from.

An arm tells the samples in another way, or takes a part of them. It is given what may be learned from (the training
side of a split) and leaves the rest alone; what it takes follows from the seed and the samples, not from their order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from cotmill.base.chance import chance
from cotmill.base.records import Grounding, Message, Sample, Verified
from cotmill.base.stage import CotmillError, Reject
from cotmill.explain.narrate import NarrateSettings, narrator
from cotmill.prove.directions import prove_ground
from cotmill.publish.sample import count_tokens
from cotmill.student.corrupt import corrupt
from cotmill.student.raw_trace import raw_trace
from cotmill.student.samples import Known

__all__ = ["ARMS", "Arm"]

STAGE = "student.arms"
UNCHECKED = Grounding(0, 0, 0.0)
Select = Callable[[Sequence[Known], int], list[Sample]]


@dataclass(frozen=True, slots=True)
class Arm:
    """One way of making training data of samples."""

    name: str
    description: str  # one line, for tables
    work: Select
    each: bool = True  # each sample by itself: parts may be worked on in different places
    narrates: bool = True  # in sentences and equations, which the claim checker reads

    def select(self, known: Sequence[Known], seed: int) -> list[Sample]:
        """Its samples, in the order given; none where nothing could be told so. Raises CotmillError where what is given
        cannot fill it."""
        return self.work(known, seed)


def _told(sample: Sample, solution: str, grounding: Grounding = UNCHECKED) -> Sample:
    messages = (Message("user", sample.problem), Message("assistant", solution))
    tokens = count_tokens(solution)
    return replace(sample, solution=solution, messages=messages, n_tokens=tokens, grounding=grounding)


def _answer(known: Sequence[Known], _seed: int) -> list[Sample]:
    return [_told(one.sample, f"Answer: {one.sample.answer}") for one in known]


def _raw(known: Sequence[Known], _seed: int) -> list[Sample]:
    return [_told(one.sample, raw_trace(one.question)) for one in known]


def _narrated(known: Sequence[Known], _seed: int) -> list[Sample]:
    return [one.sample for one in known]


def _in_style(known: Sequence[Known], seed: int, style: str) -> list[Sample]:
    """Told anew, and proven like any release: what does not pass is left out."""
    narrate = narrator(NarrateSettings(styles=(style,), seed=seed))
    found: list[Sample] = []
    for one in known:
        draft = narrate(one.question)
        proven = draft if isinstance(draft, Reject) else prove_ground(replace(draft, plainer=""))
        if isinstance(proven, Verified):
            found.append(_told(one.sample, proven.draft.solution, proven.grounding))
    return found


def _corrupted(known: Sequence[Known], seed: int, share: float) -> list[Sample]:
    return [
        _told(one.sample, corrupt(one.question, one.sample.solution, share, seed, one.mode).solution) for one in known
    ]


def _directed(known: Sequence[Known], seed: int, wanted: tuple[str, ...]) -> list[Sample]:
    """As many samples for one direction as for both together."""
    ways = {
        way: _by_chance([one.sample for one in known if one.sample.direction == way], seed)
        for way in ("forward", "backward")
    }
    size = min(map(len, ways.values()))
    if size < 2:
        raise CotmillError(
            "comparing directions takes samples of both; run the recipe with --set explain.directions="
            "'[forward, backward]'"
        )
    shares = [(size + place) // len(wanted) for place in range(len(wanted))]
    chosen = [sample.id for way, share in zip(wanted, shares, strict=True) for sample in ways[way][:share]]
    return _of(known, chosen)


def _many(known: Sequence[Known], seed: int, what: str) -> list[Sample]:
    """As many samples of few programs with all their inputs as of many programs with one each."""
    programs: dict[str, list[Sample]] = {}
    for one in known:
        programs.setdefault(one.sample.id.rpartition(".")[0], []).append(one.sample)
    several = [program for program in sorted(programs) if len(programs[program]) > 1]
    size = min(len(programs), sum(len(programs[program]) for program in several))
    if not size:
        raise CotmillError(
            "comparing many inputs with many programs takes programs with several inputs; run the recipe with "
            "--set compose.inputs=4, or with seeds that have several"
        )
    luck = {program: chance(seed, STAGE, program).random() for program in programs}
    if what == "inputs":
        ranked = sorted(several, key=lambda program: (luck[program], program))
        chosen = [sample.id for program in ranked for sample in _by_chance(programs[program], seed)]
    else:
        ranked = sorted(programs, key=lambda program: (luck[program], program))
        chosen = [_by_chance(programs[program], seed)[0].id for program in ranked]
    return _of(known, chosen[:size])


def _rounds(known: Sequence[Known], _seed: int, last: int) -> list[Sample]:
    if not any(one.sample.lineage.round == last for one in known):
        raise CotmillError(
            f"there are no samples of round {last}; "
            + (f"run the recipe with --set compose.rounds={last}" if last else "run the recipe with seeds")
        )
    return [one.sample for one in known if one.sample.lineage.round <= last]


def _by_chance(samples: list[Sample], seed: int) -> list[Sample]:
    return sorted(samples, key=lambda sample: (chance(seed, STAGE, sample.id).random(), sample.id))


def _of(known: Sequence[Known], chosen: list[str]) -> list[Sample]:
    names = set(chosen)
    return [one.sample for one in known if one.sample.id in names]


_ALL = (
    Arm("answer", "the final answer alone", _answer),
    Arm("raw-trace", "the trace as a debugger prints it, then the answer", _raw, narrates=False),
    Arm("narrated", "the solutions as released, in every way of telling", _narrated),
    Arm("worked", "told anew in equations, whole", partial(_in_style, style="worked")),
    Arm("terse", "told anew in equations, as few as can be", partial(_in_style, style="terse")),
    Arm("steps", "told anew as a list of steps", partial(_in_style, style="steps")),
    Arm(
        "sourced",
        "told anew, each expression as it stands in the program, then with values",
        partial(_in_style, style="sourced"),
    ),
    Arm("prose", "told anew in sentences", partial(_in_style, style="prose")),
    Arm("corrupted-10", "as released, one step in ten made wrong, the answer right", partial(_corrupted, share=0.1)),
    Arm("corrupted-30", "as released, three steps in ten made wrong, the answer right", partial(_corrupted, share=0.3)),
    Arm("forward", "what comes out: forward problems alone", partial(_directed, wanted=("forward",)), each=False),
    Arm(
        "backward",
        "what went in: backward problems alone, as many",
        partial(_directed, wanted=("backward",)),
        each=False,
    ),
    Arm(
        "both",
        "half forward problems, half backward, as many",
        partial(_directed, wanted=("forward", "backward")),
        each=False,
    ),
    Arm("many-inputs", "few programs with all their inputs", partial(_many, what="inputs"), each=False),
    Arm(
        "many-programs",
        "many programs with one input each, as many samples",
        partial(_many, what="programs"),
        each=False,
    ),
    Arm("round-0", "the seeds' own programs", partial(_rounds, last=0), each=False),
    Arm("round-1", "and the programs composed in round 1", partial(_rounds, last=1), each=False),
    Arm("round-2", "and the programs composed in rounds 1 and 2", partial(_rounds, last=2), each=False),
)
ARMS: dict[str, Arm] = {arm.name: arm for arm in _ALL}
