"""How fast a student writes on one core, beside transformers' own `generate`, and whether both write the same.

    python benchmarks/writing.py MODEL FILE [--limit 256] [--max-tokens 170]

MODEL is a checkpoint's folder, FILE a benchmark (docs/evaluating.md). Seconds are CPU time. Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from cotmill.base.stage import CotmillError
from cotmill.student.benchmarks import read_benchmark

BATCH = 64  # texts at a time, for generate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", default="")
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--limit", type=int, default=256)
    parser.add_argument("--max-tokens", type=int, default=170)
    wanted = parser.parse_args()
    if wanted.file is None:
        print("a model and a benchmark file are needed; see --help")
        return
    problems = [task.problem for task in read_benchmark(wanted.file)[: wanted.limit]]
    problems.sort(key=lambda problem: -len(problem))

    import torch

    from cotmill.student.decode import Local

    torch.set_num_threads(1)
    writer = Local.read(wanted.model)
    began = time.process_time()
    ours = [texts[0] for texts in writer.write(problems, max_tokens=wanted.max_tokens)]
    print(f"cotmill   {time.process_time() - began:6.1f} s, {sum(text.tokens for text in ours)} tokens")
    began = time.process_time()
    theirs = [text for at in range(0, len(problems), BATCH) for text in generated(wanted, problems[at : at + BATCH])]
    print(f"generate  {time.process_time() - began:6.1f} s, loading included")
    print(f"agree     {sum(text.text == other for text, other in zip(ours, theirs, strict=True))} of {len(ours)}")


def generated(wanted: argparse.Namespace, problems: list[str]) -> list[str]:
    import torch
    import transformers

    from cotmill.student.tokenizer import read

    tokenizer = read(wanted.model)
    tokenizer.padding_side = "left"
    model = transformers.AutoModelForCausalLM.from_pretrained(wanted.model)
    chats = [[{"role": "user", "content": problem}] for problem in problems]
    prompts = tokenizer.apply_chat_template(
        chats, add_generation_prompt=True, padding=True, return_tensors="pt", return_dict=True
    )
    with torch.inference_mode():
        found = model.generate(**prompts, do_sample=False, max_new_tokens=wanted.max_tokens)
    texts: list[str] = tokenizer.batch_decode(found[:, prompts["input_ids"].shape[1] :], skip_special_tokens=True)
    return texts


if __name__ == "__main__":
    try:
        main()
    except CotmillError as error:
        sys.exit(f"writing: {error}")
