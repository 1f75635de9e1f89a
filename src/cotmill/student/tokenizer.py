"""The tokenizer of students from scratch, and how every student's samples become tokens.

A number is its digits, and a name is the same token between all marks: spaces belong to the marks around them, or
stand by themselves, so that ` total +`, `(total` and `total` begin with no variants of the same word. What a small
student has to do is to copy names and digits, and each is one thing to copy. Words that often stand together become one
token ("step by step"): the frame of a problem, which says nothing, is then a few tokens, and copying is learned in half
the steps (lab/LOG.md). A letter by itself joins no word. Below that are bytes: any text comes back as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from cotmill.backends.extra import transformers
from cotmill.base.records import Sample
from cotmill.base.stage import CotmillError

__all__ = ["Encoded", "encode", "endings", "learn", "read"]

# Marks with the spaces around them; one digit; words with the spaces between them; a letter by itself; line breaks with
# the indentation behind them; spaces.
PIECES = r" ?[^\w\s]+ ?|\d|[^\W\d]{2,}(?: [^\W\d]{2,})*|[^\W\d]|\n *| +"
PAD, SOLUTION, END = "<|pad|>", "<|solution|>", "<|end|>"
TEMPLATE = (
    "{% for message in messages %}"
    "{% if message['role'] == 'assistant' %}{{ '" + SOLUTION + "' + message['content'] + eos_token }}"
    "{% else %}{{ message['content'] }}{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '" + SOLUTION + "' }}{% endif %}"
)
# For checkpoints that have no chat template: base models know this form from a million pages.
PLAIN_TEMPLATE = (
    "{{ bos_token if bos_token else '' }}"
    "{% for message in messages %}"
    "{% if message['role'] == 'assistant' %}{{ 'Solution:\n' + message['content'] + eos_token }}"
    "{% else %}{{ 'Problem:\n' + message['content'] + '\n\n' }}{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ 'Solution:\n' }}{% endif %}"
)
Encoded = tuple[tuple[int, ...], int]  # tokens of a sample, and how many of them are the prompt's


def learn(texts: Iterable[str], vocabulary: int) -> Any:
    """A tokenizer of at most so many tokens, 256 of them bytes; the same for the same texts."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PIECES), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=vocabulary, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False,
            special_tokens=[AddedToken(token, normalized=False, special=True) for token in (PAD, SOLUTION, END)],
        ),
    )  # fmt: skip
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token=PAD, eos_token=END, chat_template=TEMPLATE,
        clean_up_tokenization_spaces=False,
    )  # fmt: skip


def read(folder_or_name: str | Path) -> Any:
    """A checkpoint's tokenizer, with a chat template. Raises CotmillError where there is none, or it ends no text."""
    local = Path(folder_or_name).is_dir()
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder_or_name, local_files_only=local)
    except Exception as error:  # noqa: BLE001 - what a damaged file raises is up to several readers
        reason = str(error).strip().partition("\n")[0]
        raise CotmillError(f"no tokenizer can be read from {folder_or_name}: {reason}") from None
    if tokenizer.eos_token_id is None:
        raise CotmillError(f"the tokenizer of {folder_or_name} has no end token")
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    if not tokenizer.chat_template:
        tokenizer.chat_template = PLAIN_TEMPLATE
    return tokenizer


def encode(tokenizer: Any, samples: Sequence[Sample]) -> list[Encoded]:
    """The tokens that TRL makes of a conversational prompt and completion, many samples at a time."""
    render, pairs = tokenizer.apply_chat_template, [_turns(sample.problem, sample.solution) for sample in samples]
    if not pairs:
        return []
    prompts = render([prompt for prompt, _ in pairs], tokenize=False, add_generation_prompt=True)
    wholes = render([[*prompt, *completion] for prompt, completion in pairs], tokenize=False)
    return [
        (tuple(whole), _shared(prompt, whole))
        for prompt, whole in zip(_tokens(tokenizer, prompts), _tokens(tokenizer, wholes), strict=True)
    ]


def endings(tokenizer: Any) -> list[int]:
    """The tokens that end a solution: the end token, and what the chat template puts behind one in its place."""
    prompt, completion = _turns("x", "x")
    text = tokenizer.apply_chat_template([*prompt, *completion], tokenize=False)
    behind = text.rpartition("x")[2]
    found = [token for token in _tokens(tokenizer, [behind])[0] if token in tokenizer.all_special_ids]
    return sorted({tokenizer.eos_token_id, *found[:1]})


def _turns(problem: str, solution: str) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    return [{"role": "user", "content": problem}], [{"role": "assistant", "content": solution}]


def _tokens(tokenizer: Any, texts: list[str]) -> list[list[int]]:
    found: list[list[int]] = tokenizer(texts, add_special_tokens=False, return_attention_mask=False)["input_ids"]
    return found


def _shared(prompt: Sequence[int], whole: Sequence[int]) -> int:
    """Tokens at which both are alike: a completion begins where they part, as in TRL."""
    parting = (at for at, (a, b) in enumerate(zip(prompt, whole, strict=False)) if a != b)
    return next(parting, min(len(prompt), len(whole)))
