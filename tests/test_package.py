"""The package as it is imported and called."""

from __future__ import annotations

import subprocess
import sys

import pytest

import cotmill

HEAVY = ("datasets", "jinja2", "math_verify", "numpy", "openai", "pyarrow", "pydantic", "ray", "rich", "torch", "typer")


def modules_after(statement: str) -> set[str]:
    script = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_public_names_are_pinned() -> None:
    """Adding or dropping one is a decision."""
    assert cotmill.__all__ == [
        "CotmillError", "Reason", "Recipe", "Reject", "Sample", "Sandbox", "Stage", "Trace", "__version__",
        "check_solution", "equal", "load_recipe", "run",
    ]  # fmt: skip
    assert all(getattr(cotmill, name) is not None for name in cotmill.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    """Lazy loading does not turn a typo into something else."""
    with pytest.raises(AttributeError, match="nothing"):
        _ = cotmill.nothing


def test_importing_cotmill_imports_nothing_heavy() -> None:
    """`import cotmill` is light; the rest comes at first use."""
    assert modules_after("import cotmill").isdisjoint(HEAVY)


def test_the_command_line_imports_nothing_heavy_before_a_command_needs_it() -> None:
    """`cotmill --help` needs typer and what comes with it."""
    assert modules_after("import cotmill.cli").isdisjoint(set(HEAVY) - {"typer", "rich"})


@pytest.mark.parametrize(
    "command",
    ["demo", "init", "recipes", "run", "status", "report", "show", "exec", "trace", "narrate", "check", "train"],
)
def test_every_command_has_help(command: str) -> None:
    """Each says what it does in its first line."""
    done = subprocess.run(
        [sys.executable, "-c", "from cotmill.cli import main; main()", command, "--help"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert f"{command} [OPTIONS]" in done.stdout
