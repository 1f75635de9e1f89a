"""Runs a folder of hostile and honest programs through the sandbox and looks at what they did, from outside.

A folder holds `attacks.jsonl`, one object per program: `name`, `file`, `accept` (verdicts that are fine), `value` (the
right answer where there is one and the verdict is ok; "NOT:x" forbids x), `why`. In a program, @CANARY@ stands for a
folder with `secret.txt` and `precious.txt` that the sandbox's user could write, @PORT@ for a TCP listener on loopback
(and the abstract socket canary-PORT), @UPORT@ for a UDP port. Run it alone:

    python tests/execute/corpus.py FOLDER [--without namespaces,landlock] [--python INTERPRETER]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import secrets
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cotmill.execute.harmless import is_harmless
from cotmill.execute.sandbox import Limits, Outcome, Run, Sandbox, same_outcome

SECRET = "CANARY-FILE-7f3a"
KEY = "CANARY-ENV-91bd"
SENTINEL = (
    'input = {"n": 20}\ndef solution(n):\n    return sum(range(n)) + len("abc") + 1\noutput = solution(**input)\n'
)
CROWD = "keep = [[number] for number in range(9000)]\noutput = len(keep)\n"  # enough for the collector to run in it
LIMITS = Limits(cpu_s=1.0, wall_s=4.0, memory_mb=256)


@dataclass
class World:
    """Everything outside the sandbox that an attack could touch or read."""

    folder: Path
    tcp: socket.socket
    udp: socket.socket
    unix: socket.socket
    victim: subprocess.Popen[bytes]  # a process of the same user with a secret in its environment

    def fill_in(self, source: bytes) -> str:
        port, uport = self.tcp.getsockname()[1], self.udp.getsockname()[1]
        for token, text in (("@CANARY@", str(self.folder)), ("@PORT@", str(port)), ("@UPORT@", str(uport))):
            source = source.replace(token.encode(), text.encode())
        return source.decode()

    def harm(self) -> list[str]:
        """What has changed since the world was made."""
        found = []
        names = sorted(path.name for path in self.folder.iterdir())
        if names != ["precious.txt", "secret.txt"]:
            found.append(f"files: {names}")
        elif (self.folder / "precious.txt").read_text() != "precious" or (
            self.folder / "precious.txt"
        ).stat().st_mode & 0o777 != 0o666:
            found.append("precious.txt changed")
        with selectors.DefaultSelector() as ready:
            for listener in (self.tcp, self.udp, self.unix):
                ready.register(listener, selectors.EVENT_READ)
            if ready.select(0):
                found.append("network: a listener was reached")
        if self.victim.poll() is not None:
            found.append("the victim process is dead")
        if _stopped(self.victim.pid):
            found.append("the victim process is stopped")
        if any("canary" in path.name for path in Path("/dev/shm").iterdir()):
            found.append("/dev/shm has new files")
        return found


@contextlib.contextmanager
def world() -> Iterator[World]:
    """A folder, listeners and a victim, taken away in the end."""
    os.environ["SANDBOX_TEST_API_KEY"] = KEY
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir="/var/tmp")))
        folder.chmod(0o777)
        for name, text in (("secret.txt", SECRET), ("precious.txt", "precious")):
            (folder / name).write_text(text)
            (folder / name).chmod(0o666)
        tcp, udp, unix = (stack.enter_context(socket.socket(*kind)) for kind in (
            (socket.AF_INET, socket.SOCK_STREAM), (socket.AF_INET, socket.SOCK_DGRAM), (socket.AF_UNIX, socket.SOCK_STREAM)
        ))  # fmt: skip
        for listener in (tcp, udp):
            listener.bind(("127.0.0.1", 0))
        tcp.listen()
        unix.bind(f"\0canary-{tcp.getsockname()[1]}")
        unix.listen()
        victim = subprocess.Popen(["sleep", "7200"])
        stack.callback(victim.wait)
        stack.callback(victim.kill)
        yield World(folder, tcp, udp, unix, victim)
    os.environ.pop("SANDBOX_TEST_API_KEY", None)


@dataclass
class Judge:
    """Two sandboxes of unlike variants, and the world around them."""

    world: World
    first: Sandbox
    second: Sandbox

    def problems(self, entry: dict[str, Any], source: bytes) -> tuple[str, list[str]]:
        """Run one program between two honest ones. Gives its verdict and everything that is wrong."""
        wrong = []
        code = self.world.fill_in(source)
        marker = f"RESIDUE-{secrets.token_hex(4)}"
        same_server = "\n# numpy" if "numpy" in code else ""
        if self.first.run(f"print({marker!r})\noutput = 1{same_server}").output != 1:
            wrong.append("the program before it failed")
        servers = dict(self.first._servers)
        started = time.monotonic()
        outcome = self.first.run(code)
        took = time.monotonic() - started
        verdict = self._verdict(entry, code, outcome)
        if verdict not in entry["accept"]:
            wrong.append(f"verdict {verdict}, accepted are {entry['accept']}: {outcome.error} {outcome.detail}")
        wrong += _wrong_value(entry, outcome)
        if took > LIMITS.wall_s + 1:
            wrong.append(f"took {took:.1f} s")
        told = f"{outcome.answer}{outcome.stdout}{outcome.error}"
        if re.search(rf"CANARY-FILE|CANARY-ENV|{marker}", told):
            wrong.append("it read a secret")
        if self.first._servers != servers:
            wrong.append("it cost the server")
        if self.first.run(SENTINEL + same_server).output != 194:
            wrong.append("the program after it failed")
        wrong += self._company(code) + _left_behind(self.first) + self.world.harm()
        return verdict, wrong

    def _company(self, code: str) -> list[str]:
        """What is wrong where the program shares a child with honest ones, if it may."""
        if not is_harmless(code):
            return []
        before, _, *after = self.first.run_all([Run(SENTINEL), Run(code), Run(SENTINEL), Run(CROWD)])
        told = [(outcome.output, outcome.stdout) for outcome in (before, *after)]
        return [] if told == [(194, ""), (194, ""), (9000, "")] else [f"in company: {told}"]

    def _verdict(self, entry: dict[str, Any], code: str, outcome: Outcome) -> str:
        if "nondeterministic" in entry["accept"] and not same_outcome(outcome, self.second.run(code)):
            return "nondeterministic"
        return outcome.status


def _wrong_value(entry: dict[str, Any], outcome: Outcome) -> list[str]:
    value = entry["value"]
    if outcome.status != "ok" or value is None:
        return []
    forbidden = isinstance(value, str) and value.startswith("NOT:")
    right = str(outcome.output) != value[4:] if forbidden else outcome.output == value
    return [] if right else [f"answer {outcome.answer[:80]}, right is {value}"]


def _stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "Tt"


def _left_behind(box: Sandbox) -> list[str]:
    """Processes in the server's session that are neither the server nor its waiting parent; descriptors too many."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    problems = []
    for started in box._servers.values():
        top = started._process.pid
        server = (children.get(top) or [top])[0]
        if server != top and (left := children.get(server)):
            problems.append(f"processes left: {left}")
        folder = Path(f"/proc/{server}/fd")
        if os.access(folder, os.R_OK) and len(list(folder.iterdir())) > 6:
            problems.append(f"{len(list(folder.iterdir()))} descriptors in the server")
    return problems


def entries(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "attacks.jsonl").read_text().splitlines()]


@contextlib.contextmanager
def judge(**options: Any) -> Iterator[Judge]:
    with world() as outside, Sandbox(LIMITS, **options) as first, Sandbox(LIMITS, variant=1, **options) as second:
        yield Judge(outside, first, second)


def main(folder: Path, options: dict[str, Any]) -> int:
    bad = 0
    with judge(**options) as court:
        for entry in entries(folder):
            verdict, wrong = court.problems(entry, (folder / entry["file"]).read_bytes())
            bad += bool(wrong)
            print(f"{'BAD' if wrong else 'ok ':4}{entry['name']:28}{verdict:18}{'; '.join(wrong)}")
        print(f"{bad} bad; tier {court.first.layers()['tier']}, Python {court.first.layers()['python']}")
    return int(bad > 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--without", type=lambda text: tuple(text.split(",")), default=())
    parser.add_argument("--python")
    options = vars(parser.parse_args())
    sys.exit(main(options.pop("folder"), options))
