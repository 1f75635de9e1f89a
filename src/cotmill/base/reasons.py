"""Why a pair was rejected: a closed list. docs/reasons.md has one heading per reason, in this order, held by a test."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Reason"]


class Reason(StrEnum):
    """The value is what is stored; the comment says which stage uses it and for what."""

    # collect.sources
    MALFORMED_ROW = "malformed-row"  # the line is not a JSON object, or not UTF-8
    MISSING_FIELD = "missing-field"  # a column that the reader needs is absent, empty or of the wrong type
    ROW_TOO_LARGE = "row-too-large"  # the row or file is larger than `collect.max_row_mb`

    # collect.unify
    SYNTAX_ERROR = "syntax-error"  # the code does not parse as Python
    NO_ENTRY = "no-entry"  # no function to call could be found or made
    NOT_UNIFIABLE = "not-unifiable"  # a script that cannot be turned into a function safely
    UNPROVEN_PROGRAM = "unproven-program"  # no program that a model wrote gives the answer that the seed states
    BAD_INPUT = "bad-input"  # the input is not a JSON object, or does not fit the entry's parameters

    # compose.draw
    NOTHING_COMPOSED = "nothing-composed"  # no proven programs were found that fit each other
    NO_FURTHER_INPUT = "no-further-input"  # no further input of the program's could be found

    # execute.screen
    FORBIDDEN_IMPORT = "forbidden-import"  # imports a module that the recipe does not allow
    TOO_FEW_LINES = "too-few-lines"  # fewer effective lines than the recipe demands
    SOURCE_TOO_LARGE = "source-too-large"  # more source than the recipe allows
    INPUT_TOO_LARGE = "input-too-large"  # a larger input than the recipe allows

    # execute.run: what the sandbox saw
    ERROR = "error"  # the program raised an exception
    TIMEOUT = "timeout"  # over the limit of CPU or wall time
    MEMORY = "memory"  # over the limit of memory
    CRASH = "crash"  # the interpreter died of a signal
    DENIED = "denied"  # the program tried what the sandbox forbids
    KILLED = "killed"  # killed by something that is none of Cotmill's limits
    NO_RESULT = "no-result"  # the program left before it could report
    NO_OUTPUT = "no-output"  # no `output` was bound
    BAD_OUTPUT = "bad-output"  # the output has no faithful JSON form
    OUTPUT_LIMIT = "output-limit"  # printed or returned more than the limit
    TAMPERED = "tampered"  # the result channel holds what the harness did not write
    INVALID = "invalid"  # source or input that cannot even be handed to the sandbox: a lone surrogate
    NONDETERMINISTIC = "nondeterministic"  # another process, hash seed and clock gave another outcome
    TRACE_TOO_LONG = "trace-too-long"  # more line events or trace bytes than the recipe allows
    OUTPUT_TOO_LARGE = "output-too-large"  # a larger answer than the recipe allows
    EMPTY_OUTPUT = "empty-output"  # the answer is null, or an empty text or container
    TRIVIAL = "trivial"  # nothing is worked out in the lines that ran
    ANSWER_MISMATCH = "answer-mismatch"  # the executed output differs from the answer that the seed states
    CONSTANT_OUTPUT = "constant-output"  # every input of the program gives the same answer
    UNUSED_INPUT = "unused-input"  # no change of this input's value changes the outcome

    # explain
    NO_QUESTION = "no-question"  # no direction that the recipe lists can be asked of it
    NOT_NARRATABLE = "not-narratable"  # the trace holds something that the narrator has no words for
    SOLUTION_TOO_LONG = "solution-too-long"  # longer than the recipe allows, folded as far as it goes

    BAD_PROBLEM = "bad-problem"  # a model's problem lacks an input, or holds the answer or the code
    COPIED_CODE = "copied-code"  # a model's solution quotes the program

    # prove
    WRONG_FINAL_ANSWER = "wrong-final-answer"  # the answer that the solution states is not the executed one
    NO_CLAIMS = "no-claims"  # nothing in the solution could be checked
    REFUTED_CLAIM = "refuted-claim"  # the trace says otherwise
    UNSUPPORTED_CLAIM = "unsupported-claim"  # the trace does not say so
    LOW_COVERAGE = "low-coverage"  # the solution leaves out too many of the trace's key events
    COULD_NOT_CHECK = "could-not-check"  # a check could not run; it fails closed

    JUDGED_BAD = "judged-bad"  # a judge says that it cannot be solved, or that the solution does not answer it
    COUNTERFACTUAL = "counterfactual"  # with other inputs, the problem has another answer than the program

    # any stage
    MODEL_REFUSED = "model-refused"  # the server will not take this request: too long, as a rule
    NO_ANSWER = "no-answer"  # what the model wrote has no end, is empty or not what was asked for
    STAGE_ERROR = "stage-error"  # Cotmill's own code failed on this record: a bug; the traceback is in the detail

    # publish
    DUPLICATE = "duplicate"  # another pair asks the same of the same program (names and layout aside) and input
    OVER_BUDGET = "over-budget"  # there are as many samples as the recipe's budget wants
