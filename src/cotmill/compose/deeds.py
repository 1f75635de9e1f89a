"""What to call a program once it is a function among others: by what it gives."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections.abc import Iterator

from cotmill.compose.material import Material
from cotmill.compose.stories.quantities import is_vague, words_of
from cotmill.compose.stories.vocabulary import listed

__all__ = ["deed_of"]

_BUILTINS = frozenset(dir(builtins))
_VERBS = listed(
    "get find generate calculate calc compute solve create make print check count do run determine is has can gen "
    "build produce show return display evaluate perform main my the a an all"
)
# Words that say nothing of what is given; a name needs another one.
_DULL = listed(
    "main solution solve solver run process calculate compute find result results res ret retval ans answer "
    "answers output out outcome value values total final temp tmp data s lst arr func function helper list lists "
    "dict dictionary text texts string strings count counts num nums number numbers problem method current first "
    "last under those these json serializable array item items element elements possible given integer integers "
    "sequence sequences back tracking way ways reduce completed match moves times best found seen ordered order "
    "left right all index lines combos maximum minimum largest smallest shortest longest quantity stands "
    "result_list digits letters heights different positive distinct unique valid test case cases operations steps "
    "state states new"
)
_ASKS = re.compile(
    r"(?i)(?:how many|what (?:is|are)|determine|find|compute|calculate|return|generate|count|give|list|name)\s+"
    r"(?:out\s+)?(?:all\s+)?(?:of\s+)?(?:the\s+|a\s+|an\s+|its\s+|their\s+)?((?:[a-z-]+\s*){1,6})"
)
_STOPS = listed(
    "of in that which such if whether are is can for to from with given and or when by there as on at where using "
    "does do did has have had will would each between after before be been were was the into this it you we they "
    "its exist exists remain remains indicating representing written obtained needed required must should could "
    "so not until than then over under holds holding through while who whose what how"
)
_LONGEST = 4  # words


def deed_of(material: Material, tree: ast.Module, entry: ast.FunctionDef) -> str:
    """A name for the function that the program has no other use for; an empty text where nothing tells one."""
    taken = {text for node in ast.walk(tree) for _, text in ast.iter_fields(node) if isinstance(text, str)} | _BUILTINS
    text = material.problem.strip() or material.title
    for words in (*_called(entry), *_returned(entry), *_asked(text), _until_stop(material.title)):
        name = _name(words)
        if name and name not in taken:
            return name
        if name and f"find_{name}" not in taken:
            return f"find_{name}"
    return ""


def _name(words: list[str]) -> str:
    yes_or_no = bool(words) and words[0] in ("is", "has", "can")
    while words and words[0] in _VERBS and not yes_or_no:
        words = words[1:]
    name = "_".join(words)
    telling = [word for word in words if word not in _DULL and word not in _VERBS and len(word) > 2]
    if not telling or not 3 < len(name) < 32 or len(words) > _LONGEST or is_vague(name) or keyword.iskeyword(name):
        return ""
    return name if name.isascii() and name.isidentifier() else ""


def _called(entry: ast.FunctionDef) -> Iterator[list[str]]:
    """Words of the function or method whose value is what the entry gives."""
    last = entry.body[-1]
    value = last.value if isinstance(last, ast.Return) else None
    if isinstance(value, ast.Name):
        for node in entry.body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=given) if name == value.id:
                    value = given
                    break
    match value:
        case ast.Call(func=ast.Name(id=name)) if name not in _BUILTINS:
            yield words_of(name)
        case ast.Call(func=ast.Attribute(value=ast.Name(), attr=name)) if name not in ("join", "format", "append"):
            yield words_of(name)


def _returned(entry: ast.FunctionDef) -> Iterator[list[str]]:
    last = entry.body[-1]
    if isinstance(last, ast.Return) and isinstance(last.value, ast.Name):
        yield words_of(last.value.id)


def _asked(text: str) -> Iterator[list[str]]:
    for match in _ASKS.finditer(text):
        words = _until_stop(match[1])
        if 2 <= len(words) <= _LONGEST:
            yield words


def _until_stop(text: str) -> list[str]:
    """The first words of a phrase, up to one that begins what is said about them."""
    words: list[str] = []
    for word in re.findall(r"[a-z]+", text.lower()):
        if word in ("a", "an", "the") and not words:
            continue
        if word in _STOPS or word in ("a", "an", "the"):
            break
        words.append(word)
    return words
