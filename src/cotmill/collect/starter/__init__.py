"""The starter set: small programs written for Cotmill, one per file, in a folder per family.

A file holds a docstring (a title, then a paragraph that states the problem for a student), an entry `solution(...)`
and `inputs`, a list of keyword arguments. The programs are data: they are read and run in the sandbox, never imported.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

__all__ = ["families", "starter_files"]

_ROOT = Path(__file__).parent


def families() -> list[str]:
    """Names of the families, in alphabetical order."""
    return sorted(folder.name for folder in _ROOT.iterdir() if folder.is_dir() and not folder.name.startswith("_"))


def starter_files() -> Iterator[Path]:
    """Every program's file: families in alphabetical order, and within a family by name."""
    for family in families():
        yield from sorted((_ROOT / family).glob("*.py"))
