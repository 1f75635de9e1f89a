"""The starter programs as proven ones, in the form in which a code generator learns them."""

from __future__ import annotations

import ast
import json
from functools import cache
from typing import Any

from compose.parents import answer_of
from cotmill.collect.starter import starter_files
from cotmill.compose.material import Case, Material


@cache
def starters() -> tuple[Material, ...]:
    made = []
    for file in starter_files():
        tree = ast.parse(file.read_text(encoding="utf-8"))
        inputs: list[dict[str, Any]] = []
        definitions = []
        for node in tree.body[1:]:
            match node:
                case ast.Assign(targets=[ast.Name(id="inputs")], value=value):
                    inputs = ast.literal_eval(value)
                case _:
                    definitions.append(node)
        code = ast.unparse(ast.Module(definitions, [])) + "\n"
        cases = tuple(Case(json.dumps(given), json.dumps(answer_of(code, given)), 12) for given in inputs)
        made.append(Material(f"{file.parent.name}/{file.stem}", file.stem, "", code, cases))
    return tuple(made)


def inputs_of(material: Material) -> list[dict[str, Any]]:
    return [json.loads(case.input) for case in material.cases]
