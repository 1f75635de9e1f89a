"""What came back from a child -> Outcome. The bytes are the program's to forge: nothing here trusts them."""

from __future__ import annotations

import json
import signal
import struct
from dataclasses import dataclass
from typing import Any, NamedTuple

from cotmill.base.trace import Trace
from cotmill.base.values import NotJson, answer_json, parse_json
from cotmill.execute.forkserver import CPU, WALL, Reply

__all__ = ["Outcome", "outcomes_of"]

FRAME = struct.Struct("<16sII")  # as in child.py: nonce, length of the report, length of the trace
SPOILED = 70  # as in child.py
REPORTED = frozenset(
    {"ok", "error", "memory", "denied", "no_result", "no_output", "bad_output", "output_limit", "tampered", "invalid"}
    | {"trace_limit"}
)  # statuses that a child may give itself; the others are seen from outside
SETTLED = frozenset(
    {"ok", "error", "no_output", "bad_output", "trace_limit"}
)  # statuses that a program gets in company as it does alone; where the process itself matters it is run again
CRASHES = frozenset(
    {signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE, signal.SIGTRAP}
)  # the interpreter broke
TEXT = 2000  # characters of a message that are kept


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run of one program."""

    status: str  # as in docs/sandbox.md, section "Verdicts"
    output: Any = None  # the answer as plain JSON data
    answer: str = ""  # canonical JSON text of the answer; empty unless status is ok
    error: str = ""  # "TypeName: message" of the exception that left the program
    detail: str = ""  # for a person: which limit, which call
    cpu_ms: float = 0.0  # of the child, harness included
    wall_ms: float = 0.0
    peak_mb: float = 0.0  # resident memory of the child, with what it shares with its server
    stdout: str = ""  # what it printed, bounded
    trace: str = ""  # JSON text (cotmill.base.trace) of a traced run
    isolation: str = ""  # the tier that held it: docs/sandbox.md, section "Tiers"; the weakest where it ran repeatedly
    chance: str = ""  # state of the shared random generators where the program changed it


def outcomes_of(reply: Reply, isolation: str) -> list[Outcome]:
    """The verdicts on a child's programs, in their order.

    Fewer than there are programs where the child ended early: an empty list for one program means that it ended before
    the program began, and for several, that the next one has to be run by itself.
    """
    if len(reply.nonces) > 1:
        return _together(reply, isolation)
    if not reply.frames.startswith(b"S"):
        return []
    end = reply.end
    outcome = Outcome(
        **_verdict(reply),
        cpu_ms=round(1000 * end.cpu, 3),
        wall_ms=round(1000 * end.wall, 3),
        peak_mb=round(end.rss_kb / 1024, 1),
        stdout=reply.stdout.decode("utf-8", "replace"),
        isolation=isolation,
    )
    return [outcome]


def _together(reply: Reply, isolation: str) -> list[Outcome]:
    """Up to the first program that did not simply run: harmless.py says why the others can be believed."""
    outcomes: list[Outcome] = []
    position, peak = 0, round(reply.end.rss_kb / 1024, 1)
    for nonce in reply.nonces:
        frame = _read(reply.frames, position, nonce)
        if frame is None or frame.verdict["status"] not in SETTLED:
            break
        seconds, stdout = frame.report.get("cpu"), frame.report.get("stdout")
        if not isinstance(seconds, float) or not isinstance(stdout, str):
            break
        spent = round(1000 * seconds, 3)
        seen = Outcome(**frame.verdict, cpu_ms=spent, wall_ms=spent, peak_mb=peak, stdout=stdout, isolation=isolation)
        outcomes.append(seen)
        position = frame.end
    return outcomes


def _verdict(reply: Reply) -> dict[str, Any]:
    end = reply.end
    if reply.flood:
        return {"status": "output_limit", "detail": f"more {reply.flood} than allowed"}
    if end.cause in (CPU, WALL) or end.signal == signal.SIGXCPU:
        return {"status": "timeout", "detail": "wall limit" if end.cause == WALL else "CPU limit"}
    if end.signal:
        return _died(end.signal)
    if end.code or len(reply.frames) == 1:
        return _silent(reply)
    frame = _read(reply.frames, 0, reply.nonces[0])
    if frame is None or frame.end != len(reply.frames):
        return {"status": "tampered", "detail": "the result channel holds what the harness did not write"}
    return frame.verdict


def _died(number: int) -> dict[str, Any]:
    detail = f"ended by {signal.Signals(number).name}" if number in set(signal.Signals) else f"ended by signal {number}"
    if number == signal.SIGSYS:
        return {"status": "denied", "detail": "a system call that the sandbox forbids"}
    return {"status": "crash" if number in CRASHES else "killed", "detail": detail}


def _silent(reply: Reply) -> dict[str, Any]:
    if reply.end.code == SPOILED:
        return {"status": "tampered", "detail": "the program left the harness unable to report"}
    if len(reply.frames) > 1:
        return {"status": "tampered", "detail": "the result channel holds what the harness did not write"}
    return {"status": "no_result", "detail": f"left with exit code {reply.end.code} before it could report"}


class _Frame(NamedTuple):
    """What one program's report says."""

    verdict: dict[str, Any]  # fields of Outcome
    report: dict[str, Any]
    end: int  # where the frame ends among the bytes that came


def _read(frames: bytes, position: int, nonce: bytes) -> _Frame | None:
    """The frame that begins here with its start mark; None where it is not one that the harness writes."""
    begin = position + 1 + FRAME.size
    if frames[position : position + 1] != b"S" or len(frames) < begin:
        return None
    bound, size, trace_size = FRAME.unpack_from(frames, position + 1)
    end = begin + size + trace_size
    if bound != nonce or len(frames) < end:
        return None
    try:
        report = parse_json(frames[begin : begin + size].decode())
        status = report["status"]
        texts = {name: report.get(name, "") for name in ("error", "detail")}
        trace = frames[begin + size : end].decode("ascii")
        if status not in REPORTED or not all(isinstance(text, str) for text in texts.values()):
            return None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if status != "ok":
        return _Frame({"status": status, **{name: _text(text) for name, text in texts.items()}}, report, end)
    if trace and not _is_trace(trace):
        return None
    return _Frame({**_answer(report), "trace": trace}, report, end)


def _text(text: str) -> str:
    """A program's message as text that every file can hold: JSON knows lone surrogates, UTF-8 does not."""
    return text[:TEXT].encode("utf-8", "backslashreplace").decode()


def _is_trace(text: str) -> bool:
    try:
        Trace.parse(text)
    except Exception:  # noqa: BLE001  forged data may fail in any way
        return False
    return True


def _answer(report: dict[str, Any]) -> dict[str, Any]:
    try:
        answer = answer_json(report.get("output"))
        chance = _text(str(report.get("chance", "")))[:40]
        return {"status": "ok", "answer": answer, "output": json.loads(answer), "chance": chance}
    except NotJson as error:
        return {"status": "bad_output", "detail": _text(str(error))}
    except Exception as error:  # noqa: BLE001  no encoding of ours; `decode` may fail in any way on forged data
        return {"status": "tampered", "detail": f"not a typed encoding: {type(error).__name__}"}
