"""The program's source as the narrator needs it: which node stands where, which statements begin on a line."""

from __future__ import annotations

import ast
import itertools
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from cotmill.base.trace import Site
from cotmill.explain.expressions import is_number, is_plain

__all__ = ["COMPOUND", "FUNCTIONS", "LOOPS", "NAMELESS", "Block", "Source", "place"]

LOOPS = (ast.For, ast.AsyncFor, ast.While)
NAMELESS: dict[type[ast.AST], str] = {
    ast.ListComp: "<listcomp>", ast.SetComp: "<setcomp>", ast.DictComp: "<dictcomp>", ast.GeneratorExp: "<genexpr>",
    ast.Lambda: "<lambda>",
}  # fmt: skip
COMPOUND = (*LOOPS, ast.If, ast.Match, ast.Try, ast.With, ast.AsyncWith)  # statements that hold others
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
Block = ast.stmt | ast.ExceptHandler | ast.match_case  # what a line of the program can begin
Place = tuple[int, int, int, int]  # line, column, last line, last column, as in `Site`


def place(node: ast.expr | ast.stmt | ast.pattern) -> Place:
    """Where a node stands, in the form of `Site` without its kind."""
    return (node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0)


@dataclass
class Source:
    """One parsed program. Built once per narration, in one walk over the tree."""

    code: str
    tree: ast.Module
    at: dict[Place, ast.expr] = field(default_factory=dict)  # the expression at a place
    loop_at: dict[Place, ast.stmt] = field(default_factory=dict)  # the loop whose statement or test is at a place
    lines: dict[int, list[Block]] = field(default_factory=dict)  # statements of which a line is a part, outermost first
    inside: dict[Block, tuple[ast.stmt, ...]] = field(default_factory=dict)  # loops whose body holds the statement
    functions: dict[tuple[str, int], ast.stmt] = field(default_factory=dict)  # by name and first line
    classes: set[str] = field(default_factory=set)
    callables: set[str] = field(default_factory=set)  # names of the program's functions, methods and classes
    holder: dict[ast.stmt, ast.stmt] = field(default_factory=dict)  # definition that a function stands in
    nameless: dict[tuple[str, int], list[ast.expr]] = field(default_factory=dict)  # comprehensions, lambdas, by line
    _keeps: dict[ast.stmt, bool] = field(default_factory=dict)
    _yields: dict[tuple[str, int], bool] = field(default_factory=dict)
    _plain: dict[ast.expr, bool] = field(default_factory=dict)
    _stored: dict[ast.expr, list[str]] = field(default_factory=dict)
    _augmented: dict[ast.AugAssign, ast.BinOp] = field(default_factory=dict)
    _definitions: list[ast.stmt] = field(default_factory=list)  # open ones, while the tree is walked

    @staticmethod
    def parse(code: str) -> Source:
        """Raises SyntaxError where the code is not Python (it ran, so it is)."""
        source = Source(code, ast.parse(code))
        source._block(source.tree.body, ())
        return source

    @cached_property
    def variables(self) -> frozenset[str]:
        """Names that the program binds: variables and parameters."""
        return frozenset(
            part.arg if isinstance(part, ast.arg) else part.id
            for part in ast.walk(self.tree)
            if isinstance(part, ast.arg) or (isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store))
        )

    @cached_property
    def given(self) -> frozenset[ast.stmt]:
        """Assignments of a number as it stands in the source to a name that its function binds once and reads."""
        return frozenset(node for function in set(self.functions.values()) for node in _given(function))

    @cached_property
    def cached(self) -> frozenset[str]:
        """Names of functions whose results are kept by `functools.cache` or `lru_cache`."""
        return frozenset(
            function.name
            for function in set(self.functions.values())
            if isinstance(function, FUNCTIONS)
            for decorator in function.decorator_list
            if ast.unparse(decorator).partition("(")[0].rpartition(".")[2] in ("cache", "lru_cache")
        )

    @cached_property
    def last(self) -> frozenset[ast.stmt]:
        """``return NAME`` at the end of functions."""
        ends = (getattr(function, "body", [None])[-1] for function in self.functions.values())
        return frozenset(end for end in ends if isinstance(end, ast.Return) and isinstance(end.value, ast.Name))

    @cached_property
    def copies(self) -> frozenset[ast.stmt]:
        """``result = total`` right before ``return result``."""
        bodies = (getattr(node, "body", None) for node in ast.walk(self.tree))
        return frozenset(
            node
            for body in bodies
            if isinstance(body, list)
            for node, then in itertools.pairwise(body)
            if isinstance(node, ast.Assign) and isinstance(then, ast.Return) and _is_handed_on(node, then)
        )

    @cached_property
    def _rows(self) -> list[bytes]:
        return [row.encode() for row in self.code.splitlines(keepends=True)]

    def text(self, node: ast.expr | ast.pattern) -> str:
        """The source of an expression on one line; line breaks inside it become single spaces."""
        if node.end_lineno is None:
            return ast.unparse(node)
        line, col, end_line, end_col = place(node)
        rows = self._rows[line - 1 : end_line]
        if len(rows) == 1:
            return rows[0][col:end_col].decode()
        rows = [rows[0][col:], *rows[1:-1], rows[-1][:end_col]]
        if any(b"#" in row or b'"""' in row or b"'''" in row for row in rows):
            return ast.unparse(node)
        return " ".join(row.decode().strip() for row in rows)

    def node(self, site: Site) -> ast.expr | None:
        """The expression at a site."""
        return self.at.get((site.line, site.col, site.end_line, site.end_col))

    def keeps(self, name: str, line: int) -> bool:
        """Whether the function is a constructor that keeps its arguments, each under its own name, and constants."""
        node = self.functions.get((name, line))
        if name != "__init__" or not isinstance(node, ast.FunctionDef):
            return False
        known = self._keeps.get(node)
        if known is None:
            known = self._keeps[node] = all(map(_is_kept, node.body))
        return known

    def leaves(self, loop: ast.stmt) -> bool:
        """Whether the loop can end before it runs out."""
        return any(isinstance(part, (ast.Break, ast.Return)) for part in ast.walk(loop))

    def yields(self, name: str, line: int) -> bool:
        """Whether the function is a generator."""
        known = self._yields.get((name, line))
        if known is None:
            known = self._yields[name, line] = self._has_yield(name, line)
        return known

    def plain(self, node: ast.expr) -> bool:
        """Whether values can be put in all through the expression (`expressions.is_plain`)."""
        known = self._plain.get(node)
        if known is None:
            known = self._plain[node] = is_plain(node)
        return known

    def augmented(self, node: ast.AugAssign) -> ast.BinOp:
        """``total + x`` of ``total += x``."""
        whole = self._augmented.get(node)
        if whole is None:
            whole = self._augmented[node] = ast.copy_location(ast.BinOp(node.target, node.op, node.value), node)
            whole.end_lineno = None  # it stands nowhere in the source as it is
        return whole

    def stored(self, target: ast.expr) -> list[str]:
        """The names that an assignment to the target binds."""
        names = self._stored.get(target)
        if names is None:
            parts = (part for part in ast.walk(target) if isinstance(part, ast.Name))
            names = self._stored[target] = [part.id for part in parts if isinstance(part.ctx, ast.Store)]
        return names

    def _has_yield(self, name: str, line: int) -> bool:
        node = self.functions.get((name, line))
        waiting: list[ast.AST] = list(getattr(node, "body", []))
        while waiting:
            part = waiting.pop()
            if isinstance(part, (ast.Yield, ast.YieldFrom)):
                return True
            if not isinstance(part, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
                waiting += ast.iter_child_nodes(part)
        return False

    def _block(self, body: list[ast.stmt], loops: tuple[ast.stmt, ...]) -> None:
        for statement in body:
            self._statement(statement, loops)

    def _statement(self, node: ast.stmt, loops: tuple[ast.stmt, ...]) -> None:
        self.inside[node] = loops
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            self._definition(node)
            return
        within = loops
        if isinstance(node, LOOPS):
            within = (*loops, node)
            key = place(node.test) if isinstance(node, ast.While) else place(node)
            self.loop_at[key] = node
            self.loop_at[place(node)] = node
        self._mark(node, node.lineno, _header_end(node))
        for name, part in ast.iter_fields(node):
            if isinstance(part, list) and part and isinstance(part[0], ast.stmt):
                self._block(part, within if name == "body" else loops)
            elif isinstance(part, list) and part and isinstance(part[0], (ast.ExceptHandler, ast.match_case)):
                for clause in part:
                    self._clause(clause, loops)
            elif isinstance(part, list):
                for item in part:
                    if isinstance(item, ast.AST):  # names of `global` and `nonlocal` are plain str
                        self._expressions(item)
            elif isinstance(part, ast.AST):
                self._expressions(part)

    def _clause(self, node: ast.ExceptHandler | ast.match_case, loops: tuple[ast.stmt, ...]) -> None:
        self.inside[node] = loops
        first = node.lineno if isinstance(node, ast.ExceptHandler) else node.pattern.lineno
        self._mark(node, first, max(first, min(node.body[0].lineno - 1, first)))
        for part in (node.type,) if isinstance(node, ast.ExceptHandler) else (node.pattern, node.guard):
            if part is not None:
                self._expressions(part)
        self._block(node.body, loops)

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        self._mark(node, first, node.lineno)
        self.callables.add(node.name)
        if isinstance(node, ast.ClassDef):
            self.classes.add(node.name)
        else:
            self.functions[node.name, first] = self.functions[node.name, node.lineno] = node
            for default in (*node.args.defaults, *node.args.kw_defaults):
                if default is not None:
                    self._expressions(default)
            if self._definitions:
                self.holder[node] = self._definitions[-1]
        self._definitions.append(node)
        self._block(node.body, ())
        self._definitions.pop()

    def _mark(self, node: Block, first: int, last: int) -> None:
        for line in range(first, last + 1):
            self.lines.setdefault(line, []).append(node)

    def _expressions(self, root: ast.AST) -> None:
        nested: set[ast.AST] = set()
        for node in ast.walk(root):
            if isinstance(node, ast.expr):
                self.at.setdefault(place(node), node)
                if type(node) in NAMELESS and node not in nested:
                    self.nameless.setdefault((NAMELESS[type(node)], node.lineno), []).append(node)
                    if not isinstance(node, ast.Lambda):
                        nested.update(ast.walk(node))


def _given(function: ast.stmt) -> list[ast.stmt]:
    names = [part for part in ast.walk(function) if isinstance(part, ast.Name)]
    bound = Counter(part.id for part in names if isinstance(part.ctx, ast.Store))
    read = {part.id for part in names if isinstance(part.ctx, ast.Load)}
    return [
        node
        for node in getattr(function, "body", ())
        if isinstance(node, ast.Assign)
        and isinstance(name := node.targets[0], ast.Name)
        and bound[name.id] == len(node.targets) == 1
        and name.id in read
        and is_number(node.value)
    ]


def _is_kept(node: ast.stmt) -> bool:
    """``self.data = data``, ``self._data = data`` and ``self.next = None``."""
    return isinstance(node, ast.Assign) and all(
        isinstance(target, ast.Attribute)
        and isinstance(target.value, ast.Name)
        and (
            isinstance(node.value, ast.Constant)
            or (isinstance(node.value, ast.List) and not node.value.elts)
            or (isinstance(node.value, ast.Dict) and not node.value.keys)
            or (isinstance(node.value, ast.Name) and target.attr.lstrip("_") == node.value.id)
        )
        for target in node.targets
    )


def _is_handed_on(node: ast.Assign, then: ast.Return) -> bool:
    names = [*node.targets, node.value, then.value]
    ids = [name.id for name in names if isinstance(name, ast.Name)]
    return len(ids) == len(names) == 3 and ids[0] == ids[2]


def _header_end(node: ast.stmt) -> int:
    """Last line of a statement without its body."""
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    if not body:
        return node.end_lineno or node.lineno
    first = body[0].pattern.lineno if isinstance(body[0], ast.match_case) else body[0].lineno
    return max(node.lineno, min(first - 1, _last_line_of_header(node)))


def _last_line_of_header(node: ast.stmt) -> int:
    parts: list[ast.AST] = []
    for name in ("test", "target", "iter", "items", "subject"):
        part = getattr(node, name, None)
        parts += part if isinstance(part, list) else [part] if part is not None else []
    ends = [getattr(leaf, "end_lineno", None) or 0 for part in parts for leaf in ast.walk(part)]
    return max([node.lineno, *ends])
