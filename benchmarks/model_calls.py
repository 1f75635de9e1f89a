"""Calls of a served model: requests per second and memory, with and without the journal, beside the server alone.

    python benchmarks/model_calls.py [--calls 4000] [--memory 20000] [--in-flight 64] [--latency 0.05] [--json]

The server, a process of its own, answers every request after `--latency` seconds with a program of 560 characters.
`server alone` is what a bare socket client reaches that builds no request and reads no answer. Memory is what this
process has grown by from the first tenth of the calls on, through the journal, in batches of 1,000 whose answers are
let go of. `replay` is a folder opened and asked for all its answers.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from cotmill.backends.model import Model, Request, Sampling
from cotmill.backends.model_cache import Journal, spent
from cotmill.backends.model_http import HttpModel

PROGRAM = "def solution(n):\n" + "    n = n * 3 + 1\n" * 32 + "    return n\n"
ANSWER = json.dumps(
    {
        "choices": [{"index": 0, "text": PROGRAM, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 260},
    }
).encode()
REPLY = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(ANSWER), ANSWER)
BATCH = 1000


def serve(port: Connection, latency: float) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            await reader.readexactly(length)
            await asyncio.sleep(latency)
            writer.write(REPLY)

    async def quiet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def main() -> None:
        server = await asyncio.start_server(quiet, "127.0.0.1", 0)
        port.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


async def bare(port: int, calls: int, in_flight: int) -> float:
    """Requests per second by sockets that do nothing else."""
    left = iter(range(calls))
    body = json.dumps({"model": "m", "prompt": "", "max_tokens": 1024, "seed": 1}).encode()
    request = b"POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in left:
            writer.write(request)
            await reader.readexactly(len(REPLY))
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(in_flight)))
    return calls / (time.perf_counter() - began)


def requests(first: int, count: int) -> list[Request]:
    return [Request("", Sampling(0.9, seed=number), f"bench/{number}") for number in range(first, first + count)]


def rate(model: Model, first: int, calls: int) -> tuple[float, float]:
    """Requests per second, and CPU milliseconds of this process for each."""
    began, cpu = time.perf_counter(), time.process_time()
    for begin in range(first, first + calls, BATCH):
        model.complete(requests(begin, min(BATCH, first + calls - begin)))
    return calls / (time.perf_counter() - began), 1000 * (time.process_time() - cpu) / calls


def memory() -> int:
    """Bytes of this process that are in memory."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def measure(port: int, folder: Path, options: argparse.Namespace) -> Iterator[tuple[str, float]]:
    calls, url = options.calls, f"http://127.0.0.1:{port}"
    alone = asyncio.run(bare(port, calls, options.in_flight))
    yield "server alone, requests/s", alone
    plain = HttpModel([url], "m", in_flight=options.in_flight)
    plain.complete(requests(0, 4 * options.in_flight))  # connections are made
    journal = Journal(folder, "m", plain)
    with_it, without = [], []
    for half in range(2):  # in turns: whatever else the machine does falls on both
        without.append(rate(plain, 0, calls // 2))
        with_it.append(rate(journal, half * (calls // 2), calls // 2))
    for name, found in (("without the journal", without), ("with the journal", with_it)):
        speed = 2 / sum(1 / each for each, _ in found)
        yield f"{name}, requests/s", speed
        yield f"{name}, share of the server alone", speed / alone
        yield f"{name}, CPU ms a call", sum(cpu for _, cpu in found) / 2
    first = 2 * (calls // 2)
    last = max(options.memory, first + 10)
    tenth = first + (last - first) // 10
    rate(journal, first, tenth - first)
    before = memory()
    rate(journal, tenth, last - tenth)
    yield "memory growth, bytes a call", (memory() - before) / (last - tenth)
    yield "calls kept", sum(total.calls for total in spent(folder).values())
    yield "bytes on disk a call", sum(path.stat().st_size for path in folder.iterdir()) / last
    journal.close()
    began, cpu = time.perf_counter(), time.process_time()
    again = Journal(folder, "m", None)
    yield "replay: opening, ms", 1000 * (time.perf_counter() - began)
    rate(again, 0, last)
    yield "replay: CPU ms a call", 1000 * (time.process_time() - cpu) / last
    again.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=4000)
    parser.add_argument("--memory", type=int, default=20_000)
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--latency", type=float, default=0.05)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs, options.latency), daemon=True)
    server.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            found: dict[str, Any] = {}
            for name, value in measure(ours.recv(), Path(folder), options):
                found[name] = value
                if not options.json:
                    print(f"{value:10.2f}  {name}", flush=True)
        if options.json:
            print(json.dumps(found))
    finally:
        server.kill()
        server.join()


if __name__ == "__main__":
    main()
