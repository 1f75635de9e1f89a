"""The tokenizer of students from scratch, and how samples become tokens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotmill.base.stage import CotmillError
from student.learning import blank, lessons

pytestmark = pytest.mark.extra
TEXTS = [f"{lesson.problem}\n{lesson.solution}" for lesson in lessons()]


@pytest.fixture(scope="module")
def own() -> Any:
    from cotmill.student.tokenizer import learn

    return learn([*TEXTS, "shared_total = (shared_total + shared_total)\n    shared_total, -shared_total"] * 3, 400)


def pieces(tokenizer: Any, text: str) -> list[str]:
    return [tokenizer.decode([token]) for token in tokenizer(text, add_special_tokens=False)["input_ids"]]


@given(text=st.text())
def test_any_text_comes_back(own: Any, text: str) -> None:
    """Whatever letters, spaces or bytes the tokenizer never saw."""
    assert own.decode(own(text, add_special_tokens=False)["input_ids"]) == text


def test_numbers_are_digits(own: Any) -> None:
    """Each digit of any number, and nothing with it."""
    assert pieces(own, "12 + -345.07") == ["1", "2", " + ", "-", "3", "4", "5", ".", "0", "7"]


@pytest.mark.parametrize("around", ["{}", " {}", "({})", "x = {} - 1", "\n    {} = 3", "the {} of", "-{}", "{}1"])
def test_a_name_is_one_token_wherever_it_stands(own: Any, around: str) -> None:
    """No variant with a space before it, or with a bracket."""
    assert "shared_total" in pieces(own, around.format("shared_total"))


def test_the_same_texts_make_the_same_tokenizer() -> None:
    """To the byte: a training that was killed learns it again."""
    from cotmill.student.tokenizer import learn

    first, second = (learn(TEXTS, 320).backend_tokenizer.to_str() for _ in range(2))
    assert first == second


@pytest.mark.parametrize("template", [None, "own", "im"])
def test_tokens_are_those_that_trl_makes(
    own: Any, template: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a conversational prompt and completion, and so are the labels: those of the completion alone."""
    import datasets
    import transformers
    import trl

    from cotmill.student.tokenizer import encode, read

    monkeypatch.setenv("CI", "1")  # TRL tells its makers nothing
    tokenizer = own if template == "own" else read(blank(tmp_path / "checkpoint", IM if template == "im" else None))
    samples = lessons(8)
    rows = [
        {
            "prompt": [{"role": "user", "content": sample.problem}],
            "completion": [{"role": "assistant", "content": sample.solution}],
        }
        for sample in samples
    ]
    config = transformers.LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=2
    )
    args = trl.SFTConfig(
        output_dir=str(tmp_path / "out"), max_length=None, report_to="none", use_cpu=True, bf16=False,
        activation_checkpointing=False,
    )  # fmt: skip
    prepared = trl.SFTTrainer(
        transformers.LlamaForCausalLM(config), args, train_dataset=datasets.Dataset.from_list(rows),
        processing_class=tokenizer,
    ).train_dataset  # fmt: skip
    for row, (tokens, prompt) in zip(prepared, encode(tokenizer, samples), strict=True):
        assert row["input_ids"] == list(tokens)
        assert row["labels"] == [-100] * prompt + list(tokens[prompt:])
        assert 0 < prompt < len(tokens)


IM = (  # as Qwen's, where the end of a turn is another token than the tokenizer's end, and a line break follows it
    "{% for m in messages %}{{ '<im>' + m['role'] + '\n' + m['content'] + '<end>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<im>assistant\n' }}{% endif %}"
)


def test_a_solution_ends_as_the_template_ends_it(own: Any) -> None:
    """Generation must stop there."""
    import copy

    from cotmill.student.tokenizer import endings

    assert endings(own) == [own.eos_token_id]
    other = copy.deepcopy(own)
    other.add_special_tokens({"additional_special_tokens": ["<|im_end|>"]})
    other.chat_template = IM.replace("<end>", "<|im_end|>")
    assert endings(other) == sorted([own.eos_token_id, other.convert_tokens_to_ids("<|im_end|>")])


def test_a_tokenizer_without_an_end_is_refused(tmp_path: Path) -> None:
    """No solution would ever end; a folder without one is a message too."""
    import json

    from cotmill.student.tokenizer import read

    folder = blank(tmp_path / "checkpoint")
    config = json.loads((folder / "tokenizer_config.json").read_text())
    config["eos_token"] = None
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    with pytest.raises(CotmillError, match="has no end token"):
        read(folder)
    with pytest.raises(CotmillError, match="no tokenizer can be read from"):
        read(tmp_path)
