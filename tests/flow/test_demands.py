"""What a recipe with a code generator needs is asked for before anything is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from cotmill import flow
from cotmill.backends import needs
from cotmill.base.recipe import Recipe, load_recipe
from cotmill.base.stage import CotmillError
from cotmill.runner import run


@pytest.fixture
def without_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "find_spec", lambda name: None)


def recipe(*settings: str) -> Recipe:
    return load_recipe("caco", settings)


@pytest.mark.usefixtures("without_torch")
def test_a_share_without_torch_is_refused() -> None:
    with pytest.raises(CotmillError, match="pip install"):
        flow.check(recipe("compose.generator.share=0.1"))


@pytest.mark.usefixtures("without_torch")
@pytest.mark.parametrize(
    "settings",
    [
        (),
        ("compose.generator.share=1", "compose.generator.endpoints=[http://localhost:1]"),
        ("compose.generator.share=1", "compose.rounds=0"),
        ("compose.generator.steps=9", "compose.generator.augment=9"),
    ],
)
def test_what_trains_nothing_needs_none(settings: tuple[str, ...]) -> None:
    """No share, a model that is served, no rounds."""
    flow.check(recipe(*settings))


def test_with_torch_a_share_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "find_spec", lambda name: object())
    flow.check(recipe("compose.generator.share=0.1"))


@pytest.mark.usefixtures("without_torch")
def test_it_is_refused_before_there_is_a_folder(tmp_path: Path) -> None:
    """Not hours later, where the first round ends."""

    class Closed:
        slots = 0

        def __getattr__(self, name: str) -> object:
            raise AssertionError(name)

    class Silent:
        def begin(self, text: str) -> None:
            raise AssertionError(text)

    with pytest.raises(CotmillError, match="pip install"):
        run(recipe("compose.generator.share=0.1"), tmp_path / "R", Closed(), Silent())  # type: ignore[arg-type]
    assert not (tmp_path / "R").exists()


def test_trained_is_where_a_generator_lies(tmp_path: Path) -> None:
    """Wanted where programs are to be written here; a folder that is half made has another name."""
    ours = recipe("compose.generator.share=0.1")
    served = recipe("compose.generator.share=0.1", "compose.generator.endpoints=[http://localhost:1]")
    (tmp_path / "models" / "round-01" / ".codegen.building").mkdir(parents=True)
    assert [flow.is_trained(each, tmp_path, 1) for each in (recipe(), served, ours)] == [True, True, False]
    (tmp_path / "models" / "round-01" / "codegen").mkdir()
    assert flow.is_trained(ours, tmp_path, 1) and not flow.is_trained(ours, tmp_path, 2)
