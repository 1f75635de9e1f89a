"""Settings of students: built-in ones, files, and what is said of mistakes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cotmill.base.settings_file import RecipeError
from cotmill.student.settings import HeldOut, StudentSettings, built_in_students, load_student

PAGE = Path(__file__).parents[2] / "docs" / "students.md"


@pytest.mark.parametrize("name", built_in_students())
def test_every_built_in_student_loads(name: str) -> None:
    """And says in a line what it is."""
    assert load_student(name).description


def test_papers_settings_are_the_papers() -> None:
    """Caco's, by its released script."""
    caco = load_student("caco")
    assert (caco.epochs, caco.batch, caco.batch_unit, caco.max_length) == (3, 128, "sequences", 4096)
    assert (caco.learning_rate, caco.schedule, caco.warmup, caco.weight_decay) == (5e-6, "cosine", 0.03, 0.1)


def test_a_key_is_set_on_top(tmp_path: Path) -> None:
    """Of built-in settings and of a file."""
    assert load_student("laptop", ("tokens=7", "held_out.share=0.5")).held_out.share == 0.5
    (tmp_path / "my.yaml").write_text("layers: 2\n")
    assert load_student(str(tmp_path / "my.yaml"), ("heads=2",)) == StudentSettings(layers=2, heads=2)


@pytest.mark.parametrize(
    ("text", "override", "message"),
    [
        ("layrs: 2", "", "unknown key 'layrs', did you mean 'layers'?"),
        ("held_out: {shares: 1}", "", "unknown key 'held_out.shares', did you mean 'share'? Keys here: share, at_most"),
        ("layers: 0", "", "layers: input should be greater than or equal to 1, not 0"),
        ("hidden: 36", "", "hidden must be a multiple of twice the heads"),
        ("- layers", "", "a student is a mapping of keys, this is a list"),
        ("", "layers", "write it as --set section.key=value"),
    ],
)
def test_a_mistake_is_one_message(tmp_path: Path, text: str, override: str, message: str) -> None:
    """It names the key and what to write in its place."""
    file = tmp_path / "my.yaml"
    file.write_text(text)
    with pytest.raises(RecipeError, match=re.escape(message)):
        load_student(str(file), (override,) if override else ())


def test_a_name_that_is_none_has_a_neighbour() -> None:
    """And a command that lists them."""
    with pytest.raises(RecipeError, match=r"no student 'laptp', did you mean 'laptop'\? `cotmill recipes --students`"):
        load_student("laptp")


def test_every_setting_is_described() -> None:
    """docs/students.md has a row for each key, in order, that says what the key's own description says."""
    rows = re.findall(r"^\| `([\w.]+)` \| .*\| (.+) \|$", PAGE.read_text(), re.MULTILINE)
    fields = {
        key: field for key, field in StudentSettings.model_fields.items() if key not in ("description", "held_out")
    }
    fields |= {f"held_out.{key}": field for key, field in HeldOut.model_fields.items()}
    assert rows == [(key, field.description) for key, field in fields.items()]
