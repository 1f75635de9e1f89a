"""Prompts: Jinja files that say what a model is asked, each with a name and a version.

A file has the blocks `user` and, where they are wanted, `system` and `repair` (what is said of an answer that did not
pass), and sets its `version`:

    {% set version = 1 %}
    {% block user %}Solve this problem. {{ problem }}{% endblock %}
    {% block repair %}{{ objection }} Write the whole solution again.{% endblock %}

Which fields there are depends on what is asked; a field that is not there is an error before anything runs.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import jinja2
import jinja2.meta
import jinja2.nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from cotmill.backends.model import Turn
from cotmill.base.stage import CotmillError

__all__ = ["SUFFIX", "Prompt", "built_in", "load_prompt"]

FOLDER = Path(__file__).parent.parent / "prompts"
SUFFIX = ".jinja"
BLOCKS = ("system", "user", "repair")
REPAIR_FIELD = "objection"


@dataclass(frozen=True)
class Prompt:
    """What is asked, with places for fields."""

    id: str  # "<name>-<version>-<8 hexadecimal digits of its text>"
    text: str
    template: jinja2.Template

    def turns(self, fields: dict[str, Any]) -> tuple[Turn, ...]:
        """The beginning of a conversation. Raises CotmillError where a field is missing."""
        roles: tuple[Literal["system", "user"], ...] = ("system", "user")
        said = [(role, self._block(role, fields)) for role in roles if role in self.template.blocks]
        return tuple(Turn(role, text) for role, text in said if text)

    def repair(self, fields: dict[str, Any], objection: str) -> Turn:
        """What an answer that did not pass is told."""
        if "repair" not in self.template.blocks:
            return Turn("user", objection)
        return Turn("user", self._block("repair", fields | {REPAIR_FIELD: objection}))

    def _block(self, name: str, fields: dict[str, Any]) -> str:
        try:
            return "".join(self.template.blocks[name](self.template.new_context(fields))).strip()
        except Exception as error:  # noqa: BLE001 - a prompt is a small program of the user's
            raise CotmillError(f"prompt {self.id}, block {name}: {error}") from None


def built_in() -> dict[str, Path]:
    """Name -> file of the prompts that come with cotmill."""
    return {path.stem: path for path in sorted(FOLDER.glob(f"*{SUFFIX}"))}


def load_prompt(path: Path, name: str, fields: Sequence[str]) -> Prompt:
    """A prompt of this name that uses no other fields than these. Raises CotmillError, which says what is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CotmillError(f"prompt {path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CotmillError(f"prompt {path}: cannot be read: it is not UTF-8") from None
    environment = ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    try:
        tree = environment.parse(text)
        template = environment.from_string(text)
    except jinja2.TemplateError as error:
        line = f", line {error.lineno}" if isinstance(error, jinja2.TemplateSyntaxError) else ""
        raise CotmillError(f"prompt {path}{line}: {error.message}") from None
    if unknown := sorted(jinja2.meta.find_undeclared_variables(tree) - {*fields, REPAIR_FIELD}):
        raise CotmillError(f"prompt {path}: there is no field {unknown[0]!r} here{_nearest(unknown[0], fields)}")
    if any(_uses(block, REPAIR_FIELD) for block in tree.find_all(jinja2.nodes.Block) if block.name != "repair"):
        raise CotmillError(f"prompt {path}: {REPAIR_FIELD} is a field of the block repair alone")
    version = _version(tree)
    if "user" not in template.blocks or set(template.blocks) - set(BLOCKS):
        found = ", ".join(template.blocks) or "none"
        raise CotmillError(
            f"prompt {path}: it needs a block user and may have system and repair; its blocks are {found}"
        )
    if version is None:
        raise CotmillError(f"prompt {path}: it sets no version; write {{% set version = 1 %}} in its first line")
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return Prompt(f"{name}-{version}-{digest}", text, template)


def _uses(block: jinja2.nodes.Block, field: str) -> bool:
    return any(name.name == field for name in block.find_all(jinja2.nodes.Name))


def _version(tree: jinja2.nodes.Template) -> int | None:
    for node in tree.find_all(jinja2.nodes.Assign):
        if isinstance(node.target, jinja2.nodes.Name) and node.target.name == "version":
            return (
                node.node.value if isinstance(node.node, jinja2.nodes.Const) and type(node.node.value) is int else None
            )
    return None


def _nearest(name: str, fields: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, fields, n=1)
    meant = f", did you mean {close[0]!r}?" if close else "."
    return f"{meant} Fields: {', '.join(fields)}; in the block repair also {REPAIR_FIELD}"
