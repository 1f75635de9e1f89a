"""Recipes: strict, and helpful about mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from cotmill import flow
from cotmill.base.recipe import Recipe, RecipeError, built_in, commented_recipe, load_recipe


@pytest.mark.parametrize("name", sorted(built_in()))
def test_every_built_in_recipe_loads_and_is_described(name: str) -> None:
    """What ships works."""
    recipe = load_recipe(name, ("model.base_url=http://localhost:8000/v1", "model.name=m"))
    flow.check(recipe)
    assert recipe.name == name
    assert recipe.description


@pytest.mark.parametrize(
    ("override", "says"),
    [
        ("colect.limit=3", "did you mean 'collect'"),
        ("execute.limit=3", "did you mean 'limits'"),
        ("execute.limits.cpu=3", "did you mean 'cpu_s'"),
        ("seed=abc", "seed: input should be a valid integer"),
        ("publish.dedup=fuzzy", "publish.dedup"),
        ("execute.max_lines=0", "execute.max_lines"),
        ("execute.sandbox.tiers=[ful]", "'full', 'namespaces', 'landlock' or 'seccomp', not 'ful'"),
        ("execute.sandbox.tiers=[none]", "execute.sandbox.tiers.0"),
        ("execute.sandbox.tiers=[]", "execute.sandbox.tiers"),
        ("execute.sandbox.demand=[cgrup]", "'oom' or 'cgroup', not 'cgrup'"),
        ("execute.sandbox.pyton=x", "did you mean 'python'"),
        ("collect.seeds=[{pth: x}]", "did you mean 'path'"),
        ("execute=3", "execute"),
        ("seed", "section.key=value"),
        ("seed=[1", "YAML"),
        ("seed=2024-13-45", "YAML"),
        (f"seed={'[' * 3000}", "YAML"),
    ],
)
def test_a_mistake_is_one_message_that_says_what_to_write(override: str, says: str) -> None:
    """The message names the key and the nearest valid one."""
    with pytest.raises(RecipeError, match=says.replace("[", r"\[")):
        load_recipe("demo", (override,))


def test_an_unknown_rule_names_the_nearest() -> None:
    """Rules are checked before anything runs."""
    with pytest.raises(RecipeError, match="did you mean 'too-few-lines'"):
        flow.check(load_recipe("demo", ("execute.rules=[to-few-lines]",)))


def test_an_unknown_recipe_names_the_nearest() -> None:
    """A typo in the name too."""
    with pytest.raises(RecipeError, match="did you mean 'grounded'"):
        load_recipe("gronded")


@pytest.mark.parametrize("text", ["a: [", "- just\n- a list\n", "\xff\xfe", "seed: 2024-13-45", "[" * 3000])
def test_a_file_that_is_no_recipe_is_one_message(tmp_path: Path, text: str) -> None:
    """Bad YAML, a list, bytes that are no text, a date in month 13, brackets without end."""
    path = tmp_path / "bad.yaml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(RecipeError, match=r"bad\.yaml"):
        load_recipe(str(path))


def test_the_fingerprint_follows_content_not_place() -> None:
    """Another path with the same content is the same run; another setting is not."""
    one = load_recipe("grounded", seeds=(Path("a.jsonl"),))
    two = load_recipe("grounded", seeds=(Path("b.jsonl"),))
    assert one.fingerprint() == two.fingerprint()
    assert one.fingerprint() != load_recipe("grounded", ("seed=1",), seeds=(Path("a.jsonl"),)).fingerprint()


def test_the_same_prompt_elsewhere_is_the_same_run() -> None:
    """A prompt that was read is known by its content; one that was not by its path."""

    def told(path: str, id: str) -> str:
        use = ("model.narrate.use=true", f"model.narrate.prompt={path}", f"model.narrate.prompt_id='{id}'")
        return load_recipe("grounded", use).fingerprint()

    assert told("a.jinja", "narrate-1-aa") == told("/there/b.jinja", "narrate-1-aa")
    assert told("a.jinja", "narrate-1-aa") != told("a.jinja", "narrate-1-bb")
    assert told("a.jinja", "") != told("b.jinja", "")


def test_the_resolved_copy_is_a_recipe() -> None:
    """What lies beside the data can be run again."""
    recipe = load_recipe("demo")
    assert Recipe.model_validate(yaml.safe_load(recipe.to_yaml())) == recipe


def test_the_commented_recipe_is_the_grounded_one() -> None:
    """`cotmill init` writes every key with the value that `grounded` has."""
    written = Recipe.model_validate(yaml.safe_load(commented_recipe("grounded")))
    assert written == load_recipe("grounded")
    for key in ("max_lines", "cpu_s", "dedup", "shard_pairs"):
        assert f"{key}:" in commented_recipe("x")
