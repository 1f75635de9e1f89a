"""Prompts are files; what is wrong with one is said before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from cotmill.backends.model import Turn
from cotmill.backends.model_tasks import built_in_prompts
from cotmill.backends.prompts import load_prompt
from cotmill.base.model_settings import ModelSettings
from cotmill.base.stage import CotmillError

GOOD = "{% set version = 1 %}{% block user %}Solve: {{ problem }}{% endblock %}"


def prompt(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "own.jinja"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD.replace("problem", "problm"), "no field 'problm' here, did you mean 'problem'"),
        (GOOD.replace("{{ problem }}", "{{ answer }}"), "no field 'answer' here. Fields: problem"),
        (GOOD.replace("{% endblock %}", ""), "line 1"),
        (GOOD.replace("block user", "block body"), "needs a block user"),
        (GOOD.replace("{% set version = 1 %}", ""), "sets no version"),
        (GOOD.replace("= 1", "= 'one'"), "sets no version"),
        (GOOD.replace("{{ problem }}", "{{ problem | nofilter }}"), "nofilter"),
        (GOOD.replace("{{ problem }}", "{{ ''.__class__.__mro__ }}"), "unsafe"),
        ("", "needs a block user"),
        (GOOD.replace("problem", "objection"), "objection is a field of the block repair alone"),
    ],
)
def test_a_broken_prompt_says_what_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    """The file, and the field or line that is at fault."""
    with pytest.raises(CotmillError, match=says) as raised:
        load_prompt(prompt(tmp_path, text), "solve", ("problem",)).turns({"problem": "1 + 1"})
    assert "prompt" in str(raised.value)


def test_a_prompt_that_is_not_there(tmp_path: Path) -> None:
    """One message with its path."""
    with pytest.raises(CotmillError, match=r"gone\.jinja: cannot be read"):
        load_prompt(tmp_path / "gone.jinja", "solve", ("problem",))
    with pytest.raises(CotmillError, match=r"cannot be read: No such file or directory$"):
        load_prompt(tmp_path / "gone.jinja", "solve", ("problem",))


def test_turns_and_identity(tmp_path: Path) -> None:
    """A system turn where there is one; another text is another prompt, whatever its version says."""
    plain = load_prompt(prompt(tmp_path, GOOD), "solve", ("problem",))
    assert plain.turns({"problem": "1 + 1"}) == (Turn("user", "Solve: 1 + 1"),)
    assert plain.repair({"problem": "1 + 1"}, "No.") == Turn("user", "No.")
    with_system = GOOD + "{% block system %}Be brief.{% endblock %}"
    other = load_prompt(prompt(tmp_path, with_system), "solve", ("problem",))
    assert other.turns({"problem": "x"})[0] == Turn("system", "Be brief.")
    assert plain.id != other.id
    assert plain.id.startswith("solve-1-")


def test_what_a_field_holds_is_no_template(tmp_path: Path) -> None:
    """Programs and problems may hold braces."""
    found = load_prompt(prompt(tmp_path, GOOD), "solve", ("problem",)).turns({"problem": "{{ 7 * 7 }} {% if %}"})
    assert found == (Turn("user", "Solve: {{ 7 * 7 }} {% if %}"),)


def test_every_built_in_prompt_renders() -> None:
    """With nothing but the fields that its stage gives."""
    settings = ModelSettings()
    for name, (found, what) in built_in_prompts().items():
        fields = dict.fromkeys(getattr(settings, "narrate" if name == "polish" else name).FIELDS, "")
        assert found.turns(fields)[-1].content
        assert found.repair(fields, "No.").content
        assert found.id.startswith(f"{name}-")
        assert what
