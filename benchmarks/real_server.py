"""Cotmill as the client of a server that others wrote: single calls, and a whole recipe.

    python benchmarks/real_server.py [--recipe NAME [--set KEY=VALUE]... [--limit 8]]

The server is `transformers serve`, over a Llama of 0.1 million random weights that is made on the spot: nothing is
downloaded and no network is used. What such a model writes is noise. So this shows that both sides mean the same by
requests and answers, and that all calls of a recipe get there and back; it says nothing about yields.

Without --recipe it shows what comes back for a completion, a chat, one that is cut off, one under the same seed, a
model that is not served, a request that cannot be answered, and JSON mode. The exit status is 0 if both kinds of calls
were answered; with --recipe it is that of `cotmill run`. Needs the extra `serving`.
"""

from __future__ import annotations

import argparse
import http.client
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cotmill.backends.model import ModelUnreachable, Request, Sampling, Turn
from cotmill.backends.model_calls import every_line
from cotmill.backends.model_http import HttpModel, Patience
from cotmill.base.stage import CotmillError

MODEL = "tiny"  # the checkpoint's folder, relative to the server's
CONTEXT = 32_768  # tokens, here bytes: room for a recipe's prompts
START_S = 180.0  # until the server answers; 5 s where nothing else is at work
RUN_S = 1800.0
NEEDS = ("torch", "transformers", "fastapi", "uvicorn", "openai")
UP = re.compile(r"Uvicorn running on (http://127\.0\.0\.1:\d+)")
# The pipe that it reads ends with this process, however that ends.
SERVER = """
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
from transformers.cli.transformers import main
main()
"""
COTMILL = "import sys; from cotmill.cli import main; sys.argv[0] = 'cotmill'; main()"
CHAT = (Turn("system", "You add."), Turn("user", "What is 2 + 2?"))


def missing() -> str:
    """Why there can be no server here; empty where there can be one."""
    lacking = [name for name in NEEDS if importlib.util.find_spec(name) is None]
    return f"transformers serve needs {', '.join(lacking)}: pip install 'cotmill[serving]'" if lacking else ""


def checkpoint(folder: Path) -> None:
    """A Llama that knows nothing, its tokens single bytes. A text ends at each of them with a chance of 1 in 257."""
    import tokenizers
    import torch
    import transformers

    letters = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    words = tokenizers.Tokenizer(
        tokenizers.models.BPE(vocab={letter: number for number, letter in enumerate(["<end>", *letters])}, merges=[])
    )
    words.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    words.decoder = tokenizers.decoders.ByteLevel()
    reads = transformers.PreTrainedTokenizerFast(tokenizer_object=words, eos_token="<end>")
    reads.chat_template = (
        "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}"
        "{% if add_generation_prompt %}assistant: {% endif %}"
    )
    reads.save_pretrained(folder)
    transformers.utils.logging.disable_progress_bar()
    torch.manual_seed(0)
    model = transformers.LlamaForCausalLM(
        transformers.LlamaConfig(
            vocab_size=len(reads), hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
            max_position_embeddings=CONTEXT, tie_word_embeddings=True, bos_token_id=None, eos_token_id=0,
        )
    )  # fmt: skip
    model.generation_config.do_sample = True  # without it the server leaves every temperature out of account
    model.save_pretrained(folder)


@contextmanager
def serve() -> Iterator[tuple[str, str]]:
    """Base URL and model name of a server that lives as long as the block. Raises RuntimeError if none comes up."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        checkpoint(folder / MODEL)
        (folder / "cache" / "hub").mkdir(parents=True)
        outside = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "TRANSFORMERS_"))}
        inside = {"HF_HOME": str(folder / "cache"), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
        options = ["serve", MODEL, "--host", "127.0.0.1", "--port", "0", "--device", "cpu"]
        log = folder / "log"
        with (
            log.open("wb") as said,
            subprocess.Popen(
                [sys.executable, "-c", SERVER, *options], cwd=folder, env=outside | inside, stdin=subprocess.PIPE,
                stdout=said, stderr=said,
            ) as server,
        ):  # fmt: skip
            try:
                yield _url(server, log), MODEL
            finally:
                server.kill()


def _url(server: subprocess.Popen[bytes], log: Path) -> str:
    """Where it listens, once it does."""
    deadline = time.monotonic() + START_S
    while True:
        ended, late = server.poll(), time.monotonic() > deadline
        said = log.read_text(encoding="utf-8", errors="replace")
        if found := UP.search(said):
            return found[1]
        if ended is not None or late:
            why = f"is not there after {START_S:g} s" if ended is None else f"ended with status {ended}"
            raise RuntimeError(f"transformers serve {why}; the last that it said:\n{said[-2000:]}")
        time.sleep(0.1)


def calls(url: str, name: str) -> bool:
    """Prints what comes back for single calls; whether completions and chats are answered."""
    asked = {
        "completion": (name, Request("2 + 2 =", Sampling(max_tokens=1000, seed=1))),
        "chat": (name, Request(CHAT, Sampling(max_tokens=1000, seed=2))),
        "chat, cut off": (name, Request(CHAT, Sampling(max_tokens=20, seed=3))),
        "chat, same seed": (name, Request(CHAT, Sampling(max_tokens=20, seed=3))),
        "no such model": ("other", Request(CHAT, Sampling(max_tokens=20))),
        "no text to go on with": (name, Request("", Sampling(max_tokens=20))),
    }
    answered = set()
    for what, (whose, request) in asked.items():
        model = HttpModel([url], whose, patience=Patience(call_s=120, attempts=2))
        try:
            *_, found = model.complete([request] * (8 if whose == "other" else 1))  # of one it may be the text's fault
        except (CotmillError, ModelUnreachable) as error:
            print(f"{what:22} {type(error).__name__}: {error}")
        else:
            if found.finish in ("stop", "length"):
                answered.add(what)
            print(f"{what:22} {found.finish}, {found.usage}, {found.seconds:.2f} s: {ascii(found.text)[:60]}")
        finally:
            model.close()
    body = {"model": name, "messages": [{"role": "user", "content": "2 + 2"}], "max_tokens": 20}
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=120)
    wanted = {"response_format": {"type": "json_object"}}
    connection.request("POST", "/v1/chat/completions", json.dumps(body | wanted), {"Content-Type": "application/json"})
    with connection.getresponse() as response:
        print(f"{'JSON mode':22} status {response.status}: {ascii(response.read().decode())[:60]}")
    connection.close()
    return {"completion", "chat"} <= answered


def run(recipe: str, settings: list[str], url: str, name: str, out: Path) -> tuple[int, Counter[tuple[str, str]]]:
    """Exit status of `cotmill run`, which prints the funnel; of the calls how many of which stage ended how."""
    settings = [f"model.base_url={url}/v1", f"model.name={name}", *settings]
    command = ["run", recipe, "--out", str(out), *(word for setting in settings for word in ("--set", setting))]
    done = subprocess.run([sys.executable, "-c", COTMILL, *command], check=False, timeout=RUN_S)
    return done.returncode, Counter(
        (line["key"].partition("/")[0], line["finish"]) for line in every_line(out / "calls")
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipe", help="a built-in recipe or a file, run against the server")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="handed on to cotmill run")
    parser.add_argument("--limit", type=int, default=8, help="seeds")
    options = parser.parse_args()
    if lacking := missing():
        sys.exit(lacking)
    with serve() as (url, name):
        if not options.recipe:
            return 0 if calls(url, name) else 1
        with tempfile.TemporaryDirectory() as folder:
            settings = [f"collect.limit={options.limit}", *options.set]
            status, ends = run(options.recipe, settings, url, name, Path(folder) / "run")
        for (stage, finish), count in sorted(ends.items()):
            print(f"{count:6} calls of {stage} ended with {finish}")
        return status


if __name__ == "__main__":
    sys.exit(main())
