"""The records that flow from stage to stage. Frozen, typed; a field's meaning is the line beside it.

Everything is counted in **pairs** (program, input): a record with several inputs counts as several, so that
``in = out + rejected`` holds at every stage from the first row read to the last sample released. A pair's id is
``<program id>.<index of the input>`` from the first stage on.

Each record class maps to a Parquet schema (`cotmill.base.shards`): fields are str, int, float, bool, tuples of these,
or other records.
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = [
    "Draft", "Draw", "Execution", "Grounding", "Lineage", "Message", "Program", "Question", "Rejected", "Sample",
    "Seed", "Verified",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where a program comes from."""

    seed_id: str  # id of the seed it was made from
    parents: tuple[str, ...] = ()  # ids of the programs it was composed from
    generator: str = ""  # what composed it; empty for a seed's own program
    model: str = ""  # names of the models behind any of its text, with ", " between; empty when there was none
    prompt_id: str = ""  # ids of the prompts (name, version, digest) that its text was written to, with ", " between
    round: int = 0  # round of the compose loop; 0 is the seeds


@dataclass(frozen=True, slots=True)
class Seed:
    """One row of outside data, as found. `inputs` is empty where the seed's values still stand in its code."""

    id: str  # "<source>-<16 hex digits of the row's content>"
    source: str  # the reader's name, or the name the recipe gives
    title: str  # one line that says what the program does; may be empty
    problem: str  # the seed's own problem text; may be empty
    code: str  # source code as found; empty where there is a formula, or words alone
    entry: str  # name of the function to call; empty where it is to be found
    inputs: tuple[str, ...] = ()  # JSON objects of keyword arguments, one per pair
    answers: tuple[str, ...] = ()  # JSON of the known answer of each pair; an empty string where none is known
    formula: str = ""  # where there is no code: the equations, or the worked solution that states them
    unit: str = ""  # what the answer counts ("apples"), where the seed says it
    solution: str = ""  # where there is neither: the solution in words, if there is one

    def pair_ids(self) -> tuple[str, ...]:
        return tuple(f"{self.id}.{index}" for index in range(max(1, len(self.inputs))))


@dataclass(frozen=True, slots=True)
class Program:
    """A unified program: definitions with one entry `solution(...)`, and the inputs to run it on."""

    id: str  # the seed's id, or "<generator>-<16 hex digits>"
    source: str
    title: str
    problem: str
    code: str  # definitions only: no `input = ...`, no `output = ...`
    pairs: tuple[str, ...]  # the pairs' ids; where an input was rejected, its id is missing here
    inputs: tuple[str, ...]  # canonical JSON objects of keyword arguments, one per pair, at least one
    answers: tuple[str, ...]  # as in Seed, one per pair
    lineage: Lineage

    def pair_ids(self) -> tuple[str, ...]:
        return self.pairs


@dataclass(frozen=True, slots=True)
class Draw:
    """A program that is to be composed: nothing but its place in the run, from which all chance follows."""

    id: str  # "draw-<round>-<number>"; becomes the program's id
    round: int  # of the compose loop, from 1 on
    inputs: int  # pairs that the program is to have

    def pair_ids(self) -> tuple[str, ...]:
        return tuple(f"{self.id}.{index}" for index in range(self.inputs))


@dataclass(frozen=True, slots=True)
class Execution:
    """One program on one input that ran inside the limits and gave the same answer in two processes."""

    id: str  # the pair's id
    source: str
    title: str
    problem: str  # the seed's own problem text
    code: str  # definitions only
    input: str  # canonical JSON object of keyword arguments
    answer: str  # canonical JSON of the output
    expected: str  # JSON of the answer that the seed states; empty where none is known
    trace: str  # JSON (cotmill.base.trace); empty where the recipe does not trace
    lineage: Lineage
    isolation: str = ""  # weakest tier of isolation that the program ran in (docs/sandbox.md)

    def pair_ids(self) -> tuple[str, ...]:
        return (self.id,)


@dataclass(frozen=True, slots=True)
class Question:
    """An execution with a problem in words."""

    id: str
    execution: Execution
    problem: str  # what a student is asked
    direction: str  # "forward", "backward" or "variable" (docs/questions.md)
    answer: str  # canonical JSON of what a solution's last line states; backward: of the input that was executed
    asked: str = ""  # backward: the hidden input; variable: the variable, or the function whose result is asked for
    moment: int = -1  # variable: index of the trace's last event at the moment that is asked about
    template: str = ""  # where a model wrote the problem: what is asked in its place if no solution of it passes

    def pair_ids(self) -> tuple[str, ...]:
        return (self.id,)


@dataclass(frozen=True, slots=True)
class Draft:
    """A question with a solution whose claims are not checked yet."""

    id: str
    question: Question
    solution: str  # chain of thought that ends in the final answer's fixed form
    style: str  # which way of telling was chosen
    plainer: str = ""  # the same told with fewer words, for where a claim of the first cannot be verified; may be empty
    mode: str = "strict"  # how its claims are checked: "strict", or "provenance" where its writer saw only the problem

    def pair_ids(self) -> tuple[str, ...]:
        return (self.id,)


@dataclass(frozen=True, slots=True)
class Grounding:
    """How much of a solution was checked against the trace."""

    n_claims: int  # claims found in the text
    n_verified: int  # of these, seen in the trace (equal to n_claims in every released sample)
    coverage: float  # share of the trace's key events that the text states, 0 to 1


@dataclass(frozen=True, slots=True)
class Verified:
    """A draft whose answer and claims agree with the execution; what `publish` may release."""

    id: str
    draft: Draft
    grounding: Grounding

    def pair_ids(self) -> tuple[str, ...]:
        return (self.id,)


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A row of the released data set."""

    id: str  # the pair's id
    problem: str
    solution: str
    answer: str  # canonical JSON of what the problem asks for; any input that gives `output` answers a backward one
    output: str  # canonical JSON of the program's output
    code: str  # whole unified program with its input and output lines; runs alone
    input: str  # canonical JSON object of keyword arguments
    messages: tuple[Message, ...]  # problem and solution as a chat
    direction: str
    asked: str  # as in Question
    source: str
    difficulty: float  # 0 to 10 (cotmill.base.difficulty)
    n_steps: int  # line events of the trace
    n_tokens: int  # words, numbers and punctuation marks of the solution, no tokenizer needed
    grounding: Grounding
    lineage: Lineage = field(default_factory=lambda: Lineage(seed_id=""))
    isolation: str = ""  # weakest tier of isolation that its program ran in

    def pair_ids(self) -> tuple[str, ...]:
        return (self.id,)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row of `rejects/`: a pair that went no further, and the record as it was when it was turned away."""

    id: str  # the pair's id
    stage: str  # "<folder>.<module>"
    reason: str  # one of cotmill.base.reasons.Reason
    detail: str  # for a person
    record: str  # the record as JSON; the raw line where no record could be made of it
