"""What came back from a child -> Outcome. The bytes are the program's to forge: nothing here trusts them."""

from __future__ import annotations

import json
import signal
import struct
from dataclasses import dataclass
from typing import Any

from cotmill.base.values import NotJson, answer_json, parse_json
from cotmill.execute.forkserver import Reply

__all__ = ["Outcome", "outcome_of"]

FRAME = struct.Struct("<16sII")  # as in child.py: nonce, length of the report, length of the trace
SPOILED = 70  # as in child.py
REPORTED = frozenset(
    {"ok", "error", "memory", "denied", "no_result", "no_output", "bad_output", "output_limit", "tampered", "invalid"}
    | {"trace_limit"}
)  # statuses that a child may give itself; the others are seen from outside
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
    chance: str = ""  # state of the shared random generators where the program changed it


def outcome_of(reply: Reply) -> Outcome | None:
    """The verdict; None where the child ended before the program began, which is no verdict on the program."""
    if not reply.frame.startswith(b"S"):
        return None
    end = reply.end
    return Outcome(
        **_verdict(reply),
        cpu_ms=round(1000 * end["cpu"], 3),
        wall_ms=round(1000 * end["wall"], 3),
        peak_mb=round(end["rss_kb"] / 1024, 1),
        stdout=reply.stdout.decode("utf-8", "replace"),
    )


def _verdict(reply: Reply) -> dict[str, Any]:
    end, cause = reply.end, reply.end["cause"]
    if reply.flood:
        return {"status": "output_limit", "detail": f"more {reply.flood} than allowed"}
    if cause in ("cpu", "wall") or end["signal"] == signal.SIGXCPU:
        return {"status": "timeout", "detail": "wall limit" if cause == "wall" else "CPU limit"}
    if end["signal"]:
        return _died(end["signal"])
    if end["code"] or len(reply.frame) == 1:
        return _silent(reply)
    return _report(reply)


def _died(number: int) -> dict[str, Any]:
    detail = f"ended by {signal.Signals(number).name}" if number in set(signal.Signals) else f"ended by signal {number}"
    if number == signal.SIGSYS:
        return {"status": "denied", "detail": "a system call that the sandbox forbids"}
    return {"status": "crash" if number in CRASHES else "killed", "detail": detail}


def _silent(reply: Reply) -> dict[str, Any]:
    if reply.end["code"] == SPOILED:
        return {"status": "tampered", "detail": "the program left the harness unable to report"}
    if len(reply.frame) > 1:
        return {"status": "tampered", "detail": "the result channel holds what the harness did not write"}
    return {"status": "no_result", "detail": f"left with exit code {reply.end['code']} before it could report"}


def _report(reply: Reply) -> dict[str, Any]:
    forged = {"status": "tampered", "detail": "the result channel holds what the harness did not write"}
    frame = reply.frame[1:]
    if len(frame) < FRAME.size:
        return forged
    nonce, size, trace_size = FRAME.unpack_from(frame)
    if nonce != reply.nonce or len(frame) != FRAME.size + size + trace_size:
        return forged
    try:
        report = parse_json(frame[FRAME.size : FRAME.size + size].decode())
        status = report["status"]
        texts = {name: report.get(name, "") for name in ("error", "detail")}
        trace = frame[FRAME.size + size :].decode("utf-8", "surrogatepass")
        if status not in REPORTED or not all(isinstance(text, str) for text in texts.values()):
            return forged
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return forged
    texts = {name: text[:TEXT] for name, text in texts.items()}
    if status != "ok":
        return {"status": status, **texts}
    return {**_answer(report), "trace": trace}


def _answer(report: dict[str, Any]) -> dict[str, Any]:
    try:
        answer = answer_json(report.get("output"))
        chance = str(report.get("chance", ""))[:40]
        return {"status": "ok", "answer": answer, "output": json.loads(answer), "chance": chance}
    except NotJson as error:
        return {"status": "bad_output", "detail": str(error)[:TEXT]}
    except Exception as error:  # noqa: BLE001  no encoding of ours; `decode` may fail in any way on forged data
        return {"status": "tampered", "detail": f"not a typed encoding: {type(error).__name__}"}
