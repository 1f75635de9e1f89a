"""Strict settings from YAML: built-in ones by name, or a file, with keys that a user sets on top."""

from __future__ import annotations

import difflib
import typing
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from cotmill.base.stage import CotmillError

__all__ = ["RecipeError", "load", "override"]

NOT_YAML = (yaml.YAMLError, ValueError, RecursionError)  # ValueError: bytes that are no text, a date in month 13
Settings = TypeVar("Settings", bound=BaseModel)


class RecipeError(CotmillError):
    """The recipe, or other settings, cannot be used; the message names the key and what to write instead."""


def load(
    model: type[Settings],
    name_or_path: str,
    built_in: Mapping[str, Path],
    *,
    kind: str,
    listing: str,
    overrides: Iterable[str] = (),
    change: Callable[[dict[str, Any]], None] = lambda raw: None,  # noqa: ARG005
) -> Settings:
    """Raises RecipeError. `overrides` are `section.key=value` with YAML values; `change` comes after them; `listing` is
    the command that lists what is built in."""
    path = built_in.get(name_or_path) or Path(name_or_path)
    if not path.is_file():
        raise RecipeError(f"no {kind} {name_or_path!r}{_nearest(name_or_path, built_in)} `{listing}` lists them")
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except NOT_YAML as error:
        raise RecipeError(f"{path}: not readable as YAML: {' '.join(str(error).split())}") from None
    raw = {} if raw is None else raw
    if not isinstance(raw, dict):
        raise RecipeError(f"{path}: a {kind} is a mapping of keys, this is a {type(raw).__name__}")
    for text in overrides:
        override(raw, text)
    change(raw)
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        problems = "\n".join(f"  {_explain(item, model)}" for item in error.errors())
        raise RecipeError(f"{kind} {path}:\n{problems}") from None


def override(raw: dict[str, Any], text: str) -> None:
    """Set one key in place. Raises RecipeError."""
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise RecipeError(f"--set {text}: write it as --set section.key=value")
    *path, last = key.strip().split(".")
    for part in path:
        raw = raw.setdefault(part, {})
        if not isinstance(raw, dict):
            raise RecipeError(f"--set {text}: {part} is not a section")
    try:
        raw[last] = yaml.safe_load(value)
    except NOT_YAML:
        raise RecipeError(f"--set {text}: the value is not readable as YAML") from None


def _explain(error: Any, model: Any) -> str:
    """A pydantic error -> one line: the key, what is wrong, the nearest valid key."""
    *path, last = error["loc"] or ("",)
    where = ".".join(str(part) for part in error["loc"])
    if error["type"] == "value_error":  # of our own validators, which say themselves what is wrong
        return ": ".join(filter(None, (where, str(error["ctx"]["error"]))))
    if error["type"] != "extra_forbidden":
        return f"{where}: {error['msg'][0].lower()}{error['msg'][1:]}, not {error['input']!r}"
    for part in path:
        model = typing.get_args(model)[0] if isinstance(part, int) else model.model_fields[part].annotation
    keys = list(model.model_fields)
    return f"unknown key {where!r}{_nearest(str(last), keys)} Keys here: {', '.join(keys)}"


def _nearest(name: str, names: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(names), n=1, cutoff=0.5)
    return f", did you mean {close[0]!r}?" if close else "."
