"""Top-level code: what of it is setup, what is an example call, what is a script to be made into a function.

Four shapes are understood. Everything else is not-unifiable, with a detail that says why:

* definitions only, or definitions and examples of their use where the entry is known;
* a call with literal arguments at the end: ``output = f(3, [1, 2])``, ``print(f(n=3))``, ``input = {...}`` and
  ``output = f(**input)``; also where a name stands for the literal;
* a script whose only effect is ``output = x``, or unconditional prints, at its very end;
* a function without parameters, as ``main()``, whose only effect is such prints.
"""

from __future__ import annotations

import ast
import builtins
import json
from collections import Counter
from typing import Any

from cotmill.base.reasons import Reason
from cotmill.collect.entry import Unfit, call_input, find_entry, module_functions
from cotmill.collect.lift import literal, plain_literal
from cotmill.collect.prints import join_prints, printed
from cotmill.collect.scopes import Scope, analyse, rename
from cotmill.collect.stated import stated_inputs
from cotmill.collect.tidy import Statement, statements, tidy

__all__ = ["entry_and_input"]

RESULT_NAMES = frozenset({"output", "result", "answer", "ans"})
_EFFECTS = frozenset(
    {"print", "input", "open", "exec", "eval", "globals", "locals", "vars", "dir", "exit", "quit", "breakpoint"}
)
_BUILTINS = frozenset(dir(builtins))


def entry_and_input(tree: ast.Module, name: str, has_inputs: bool) -> tuple[ast.FunctionDef, dict[str, Any] | None]:
    """Reduce the module to what its entry needs; gives the entry and the input of the program's own call, if any.

    `name` is the entry's name, or empty. Raises Unfit.
    """
    given = _take_stated_input(tree)
    _open_main_block(tree)
    if name or has_inputs:
        entry = find_entry(tree, name)
        tidy(tree, entry.name)
        return entry, given
    own = _own_call(tree, given)
    entry, given = own or (_entry_of_script(tree), given)
    tidy(tree, entry.name)
    return entry, given


def _take_stated_input(tree: ast.Module) -> dict[str, Any] | None:
    """Remove `input = {...}` and `inputs = [...]`; gives the last `input`."""
    given: dict[str, Any] | None = None
    for statement, texts in stated_inputs(tree):
        tree.body.remove(statement)
        if len(texts) == 1:
            try:
                given = json.loads(texts[0])
            except ValueError:
                raise Unfit(Reason.BAD_INPUT, f"the input is not JSON: {texts[0][:200]}") from None
    return given


def _open_main_block(tree: ast.Module) -> None:
    """Put the statements of `if __name__ == "__main__":` at the top level, where they run anyway."""
    tree.body = [inner for statement in tree.body for inner in (_main_block(statement) or [statement])]


def _main_block(statement: ast.stmt) -> list[ast.stmt]:
    if isinstance(statement, ast.If) and isinstance(statement.test, ast.Compare):
        sides = [statement.test.left, *statement.test.comparators]
        names = [node.id for node in sides if isinstance(node, ast.Name)]
        if names == ["__name__"] and isinstance(statement.test.ops[0], ast.Eq):
            return statement.body
    return []


def _is_remark(statement: ast.stmt) -> bool:
    """A docstring, or nothing at all."""
    plain = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return plain or isinstance(statement, ast.Pass)


def _result_of(statement: ast.stmt) -> ast.expr | None:
    """x of `print(x)` and of `output = x`."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        return statement.value if isinstance(target, ast.Name) and target.id in RESULT_NAMES else None
    return printed(statement)


def _own_call(tree: ast.Module, given: dict[str, Any] | None) -> tuple[ast.FunctionDef, dict[str, Any] | None] | None:
    """The function that the program ends in calling with literals, and these; None where it does not do that."""
    parts = statements(tree)
    acting = [part for part in parts if not part.is_definition and not _is_remark(part.node)]
    if not acting:
        return None
    call = _called(acting[-1].node)
    if isinstance(call, ast.Name) and len(acting) > 1 and acting[-2].binds == {call.id}:  # output = f(3); print(output)
        before = acting[-2].node
        if isinstance(before, ast.Assign):
            acting.pop()
            call = before.value
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        return None
    entry = module_functions(tree).get(call.func.id)
    if entry is None or any(part.mentions & (_EFFECTS | {entry.name}) for part in acting[:-1]):
        return None
    if not call.args and not call.keywords:
        return entry, given
    arguments = _arguments(entry, call, given, parts)
    return None if arguments is None else (entry, arguments)


def _called(statement: ast.stmt) -> ast.expr | None:
    """x of `print(x)`, of `output = x`, and of a bare x."""
    result = _result_of(statement)
    return statement.value if result is None and isinstance(statement, ast.Expr) else result


def _arguments(
    entry: ast.FunctionDef, call: ast.Call, given: dict[str, Any] | None, parts: list[Statement]
) -> dict[str, Any] | None:
    """The call's arguments by parameter; None where one of them is no literal and no name of one."""
    keywords: dict[str, Any] = {}
    try:
        positional = [plain_literal(_meant(argument, parts)) for argument in call.args]
        for item in call.keywords:
            if item.arg is not None:
                keywords[item.arg] = plain_literal(_meant(item.value, parts))
            elif given is not None and isinstance(item.value, ast.Name) and item.value.id == "input":
                keywords |= given
            else:
                return None
    except ValueError:
        return None
    return call_input(entry, positional, keywords)


def _meant(node: ast.expr, parts: list[Statement]) -> ast.expr:
    """What a name stands for, where one statement binds it and at most the call and prints have to do with it."""
    if isinstance(node, ast.Name):
        users = [part for part in parts if node.id in part.mentions and printed(part.node) is None]
        binder = users[0].node if users and node.id in users[0].binds else None
        if isinstance(binder, ast.Assign) and isinstance(binder.targets[0], ast.Name) and len(binder.targets) == 1:
            only_call = len(users) == 1 or (len(users) == 2 and node.id not in users[1].binds)
            return binder.value if only_call else node
    return node


def _entry_of_script(tree: ast.Module) -> ast.FunctionDef:
    """The entry of definitions alone, or a new function made of the script. Raises Unfit."""
    tree.body = [statement for statement in tree.body if not _is_remark(statement)]
    join_prints(tree.body, frozenset(module_functions(tree)))
    parts = statements(tree)
    acting = [part for part in parts if not part.is_definition]
    has_result = bool(acting) and _result_of(acting[-1].node) is not None
    if not has_result and not any(part.mentions & _EFFECTS for part in acting):
        return find_entry(tree, "")
    if not has_result:
        raise Unfit(Reason.NOT_UNIFIABLE, f"the script does not end in one print or `output = ...`{_effects(acting)}")
    return _wrap(tree, parts)


def _effects(parts: list[Statement]) -> str:
    used = sorted({name for part in parts for name in part.mentions & _EFFECTS})
    return f"; it uses {', '.join(used)}" if used else ""


def _wrap(tree: ast.Module, parts: list[Statement]) -> ast.FunctionDef:
    """Move the script into `def solution(): ...; return <result>`, leaving the constants that definitions read."""
    global_names = _names_that_stay(parts)
    staying = [part.is_definition or bool(part.binds & global_names) for part in parts]
    moved = [part for part, stays in zip(parts, staying, strict=True) if not stays]
    result = _result_of(moved[-1].node) if moved else None
    if result is None:
        raise Unfit(Reason.NOT_UNIFIABLE, "the script's result is read by its own definitions")
    _refuse_reordering(parts, staying)
    _refuse_unsafe(parts, moved, result)
    names = analyse(tree)[tree]
    _refuse_reused_builtins({name for part in moved for name in part.binds}, names)
    if "solution" in names.bound:
        rename(tree, "solution", "solution_1")
    body = [part.node for part in moved[:-1]] + [ast.Return(value=result)]
    entry = module_functions(ast.parse("def solution(): pass"))["solution"]
    entry.body = body
    tree.body = [part.node for part, stays in zip(parts, staying, strict=True) if stays] + [entry]
    ast.fix_missing_locations(tree)
    return entry


def _names_that_stay(parts: list[Statement]) -> set[str]:
    """Data names that functions and classes read, and what these are made of. Raises Unfit.

    A statement that binds such a name stays at the top level, so it may read only what stays there as well.
    """
    binders: dict[str, list[Statement]] = {}
    for part in parts:
        for name in part.binds if not part.is_definition else ():
            binders.setdefault(name, []).append(part)
    names = sorted({name for part in parts if part.is_definition for name in part.mentions} & binders.keys())
    staying: set[str] = set()
    while names:
        name = names.pop()
        if name not in staying:
            staying.add(name)
            first, *others = binders[name]
            if others or not isinstance(first.node, (ast.Assign, ast.AnnAssign)) or first.mentions & _EFFECTS:
                raise Unfit(Reason.NOT_UNIFIABLE, f"a definition reads {name}, which the script computes")
            names += sorted(first.mentions & binders.keys())
    return staying


def _refuse_reordering(parts: list[Statement], staying: list[bool]) -> None:
    """Moved code runs after all that stays, so nothing that stays may depend on it. Raises Unfit."""
    defined = Counter(name for part in parts if part.is_definition and not part.is_import for name in part.binds)
    if twice := [name for name, times in defined.items() if times > 1]:
        raise Unfit(Reason.NOT_UNIFIABLE, f"the script defines {twice[0]} twice")
    behind = parts[staying.index(False) :]
    for part, stays in zip(behind, staying[-len(behind) :], strict=True):
        if stays and not part.is_definition and not _is_literal(getattr(part.node, "value", None)):
            raise Unfit(Reason.NOT_UNIFIABLE, f"line {part.node.lineno} may depend on the script before it")


def _is_literal(node: ast.expr | None) -> bool:
    if node is None:
        return False
    try:
        literal(node)
    except ValueError:
        return False
    return True


def _refuse_unsafe(parts: list[Statement], moved: list[Statement], result: ast.expr) -> None:
    """A script may become a function only if that changes nothing but the print. Raises Unfit."""
    inner = [part.mentions for part in parts if part.is_definition] + [part.mentions for part in moved[:-1]]
    in_result = {node.id for node in ast.walk(result) if isinstance(node, ast.Name)}
    effects = sorted(_EFFECTS & in_result.union(*inner))
    if effects:
        raise Unfit(Reason.NOT_UNIFIABLE, f"beside its result the script uses {', '.join(effects)}")
    for part in moved:
        attributes = {node.attr for node in ast.walk(part.node) if isinstance(node, ast.Attribute)}
        if attributes & {"exit", "stdin", "stdout", "argv"}:
            raise Unfit(Reason.NOT_UNIFIABLE, f"the script exits or reads its surroundings (line {part.node.lineno})")


def _refuse_reused_builtins(local: set[str], names: Scope) -> None:
    """`max = max(row)` reads the builtin at the top level, but is an error in a function. Raises Unfit."""
    for name in sorted(local & _BUILTINS):
        uses = names.owned[name]
        bound = min(use.top for use in uses if use.binds)
        if any(use.top <= bound and not use.binds for use in uses):
            raise Unfit(Reason.NOT_UNIFIABLE, f"the script reads the builtin {name} and then binds that name")
