"""Whether a text is a problem at all: words that ask for something, whole, no code, no talk of a program."""

from __future__ import annotations

import ast
import json
import re

from cotmill.explain.chatter import chatter
from cotmill.explain.posed.stands import leaves
from cotmill.explain.quoting import quoted_code, spoken_program

__all__ = ["misformed"]

LONGEST = 3000  # characters of a problem, beyond those of its input, of which each may take three
_ASKS = re.compile(
    r"\?|\b(?:answer|arrange|calculate|choose|compute|convert|count|decide|describe|determine|evaluate|express|"
    r"figure out|find|give|how (?:many|much|long|old|far|often)|identify|join|list|name|predict|print|put|read|remove|"
    r"replace|report|return|reverse|say|show|solve|sort|split|state|tell|translate|turn|what|which|who|work out|write"
    r")\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^\W*(?:(?:word |math )*problem(?: statement)?|question)\W*:", re.IGNORECASE)
_PYTHON = re.compile(
    r"(?:def|for|while|if|elif|class)\b.*:$|return \w+[\w.()\[\]]*$|\w+ (?:[-+*/]=|=) \w+(?:[(\[.]| [-+*/%]+ )"
)
_PLACEHOLDER = re.compile(
    r"\{\{?\s*\w+\s*\}?\}|<(?:input|value|number|name|answer)>|\[(?:input|value|number|answer)\]", re.IGNORECASE
)


def misformed(text: str, code: str, input: str) -> tuple[str, str]:
    """What is wrong, for a person, and what to do about it, for its writer; two empty texts where nothing is."""
    if not text.strip():
        return "it is empty", "Write a problem."
    if more := chatter(text, json.dumps(json.loads(input), ensure_ascii=False)):
        return f"beside itself it has {more:.80}", f"Write the problem alone, in plain English ({more:.80})."
    if len(text) > LONGEST + 3 * len(input):
        return f"it has {len(text)} characters", "Write it shorter."
    if quoted := quoted_code(text, code) or _statement(text, code):
        return f"it quotes the program: {quoted:.80}", f"Do not quote code ({quoted:.80})."
    if name := _name(text, code):
        return f"it names {name} of the program", f"Do not use the name {name}; say it in words."
    own = _without(text, input)
    if spoken := spoken_program(own):
        return f"it speaks of a program: {spoken}", f'Do not speak of a program ("{spoken}").'
    if found := _LABEL.search(text):
        return f"it speaks of itself: {found.group().strip()}", "Write the problem alone, nothing before it."
    if found := _PLACEHOLDER.search(own):
        return f"it has a gap: {found.group()}", f"Put the value where you wrote {found.group()}."
    if not _ASKS.search(text):
        return "it asks nothing", "End with a question or say what is to be found."
    return "", ""


def _without(text: str, input: str) -> str:
    """What is left without the texts of the input, which may hold anything."""
    found = (leaf.value for value in json.loads(input).values() for leaf in leaves(value))
    texts = {known for known in found if isinstance(known, str) and len(known) > 1}
    for known in sorted(texts, key=len, reverse=True):
        text = text.replace(known, " ")
    return text


def _name(text: str, code: str) -> str:
    """A name that only a program has (``eggs_sold``), or a call of one of its functions."""
    tree = ast.parse(code)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    functions = {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    shaped = {name for name in names | functions if "_" in name.strip("_")}
    for found in re.finditer(r"(?<!\w)([^\W\d]\w*)(\(?)", text):
        if found[1] in shaped or (found[2] and found[1] in functions):
            return found.group()
    return ""


def _statement(text: str, code: str) -> str:
    """A line of the text that is a statement of the program, or looks like one of Python."""
    own = {line.strip() for line in code.splitlines() if len(line.strip()) > 5}
    for line in text.splitlines():
        bare = line.strip(" \t`*>")
        if bare in own or _PYTHON.match(bare):
            return bare
    return ""
