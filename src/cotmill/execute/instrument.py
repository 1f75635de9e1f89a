"""Hooks woven into a program's syntax tree for what `sys.settrace` cannot see: values, tests and loop passes.

    x = f(a) + b[0]        ->  x = VALUE(3, VALUE(1, f(a)) + VALUE(2, b[0]))
    if a > b and c:        ->  if TEST(4, (False, None), VALUE(5, a > b)) and TEST(4, (False, True), c):
    while n:               ->  while WHILE(6, (False, True), n):
    for x in xs:           ->  for x in LOOP(7, xs):

A hook gets the number of its place in the source (a *site*) and hands on what it got. The program must not notice:

* nothing is evaluated more or less often, or in another order: the operators of a test stay, as CPython compiles
  them to jumps, and each of their operands gets its own hook, with what its truth decides (None: not yet);
* constants that CPython folds stay as they are;
* `settrace` sees the same line events: a hook's call begins on the line where its operand begins to be evaluated
  and ends on the line where that ends.

Standard library only: it runs inside the sandbox's child, where it is loaded by its path.
"""

from __future__ import annotations

import ast
import sys
from typing import Any, NamedTuple

__all__ = ["LOOP", "TEST", "VALUE", "WHILE", "Instrumented", "instrument"]

VALUE, TEST, WHILE, LOOP = "__cotmill_value__", "__cotmill_test__", "__cotmill_while__", "__cotmill_loop__"

# Fields with operands, in each kind of node that has nothing special about it.
_OPERANDS: dict[type, tuple[str, ...]] = {
    ast.Attribute: ("value",), ast.Await: ("value",), ast.BinOp: ("left", "right"),
    ast.Compare: ("left", "comparators"), ast.Dict: ("keys", "values"), ast.FormattedValue: ("value", "format_spec"),
    ast.JoinedStr: ("values",), ast.List: ("elts",), ast.NamedExpr: ("value",), ast.Set: ("elts",),
    ast.Slice: ("lower", "upper", "step"), ast.Starred: ("value",), ast.Subscript: ("value", "slice"),
    ast.Tuple: ("elts",), ast.UnaryOp: ("operand",), ast.Yield: ("value",), ast.YieldFrom: ("value",),
    ast.AnnAssign: ("target", "value"), ast.Assign: ("targets", "value"), ast.AugAssign: ("target", "value"),
    ast.Delete: ("targets",), ast.Expr: ("value",), ast.Return: ("value",),
}  # fmt: skip
_PROBED = frozenset((ast.Attribute, ast.BinOp, ast.Compare, ast.Subscript, ast.UnaryOp))
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
# Calls whose result is a namespace or a proxy, not a value of the computation.
_NAMESPACES = frozenset(("super", "globals", "locals", "vars"))
# The operand that is evaluated first, by kind of node.
_FIRST: dict[type, str] = {
    ast.Attribute: "value", ast.Await: "value", ast.BinOp: "left", ast.BoolOp: "values", ast.Call: "func",
    ast.Compare: "left", ast.IfExp: "test", ast.NamedExpr: "value", ast.Subscript: "value", ast.UnaryOp: "operand",
}  # fmt: skip
_LOAD = ast.Load()
# Statements that have a line event from Python 3.10 on (PEP 626), and before only where code was needed for them.
_SILENT = frozenset((ast.Pass, ast.Continue, ast.Break)) if sys.version_info < (3, 10) else frozenset()

_INLINES = sys.version_info >= (3, 12)  # comprehensions into the frame around them (PEP 709)
_FRAMES = {ast.ListComp: ".<listcomp>", ast.SetComp: ".<setcomp>", ast.DictComp: ".<dictcomp>"}
_OF_ITS_FUNCTION = frozenset(("super", "__class__", "locals", "vars", "dir", "eval", "exec"))


class Instrumented(NamedTuple):
    """What the recorder must know about an instrumented tree."""

    sites: list[tuple[str, int, int, int, int]]  # as in cotmill.base.trace
    spans: dict[int, tuple[int, int]]  # site of a while loop -> first and last line of the statement
    endless: dict[int, int]  # line of a `while True:` -> its site; it has no test, its passes show as line events
    def_lines: dict[tuple[int, str], int]  # (line of the first decorator, name) -> line of the def
    defining: set[int]  # module-level lines that only define: def, class, import, docstring
    declared: set[str]  # names that some function declares global
    imports: set[str]  # modules that the program imports
    imported: set[str]  # names that it imports
    stars: set[str]  # modules of which it imports all names
    quiet: dict[int, tuple[str, ...]]  # quiet lines (quiet.py) with the names that they bind
    augmented: set[int]  # those of them that augment a name


def instrument(tree: ast.Module, look: Any) -> Instrumented:
    """Weave the hooks into the tree, in place, and show the look (quiet.py) what is met on the way."""
    weaver = _Weaver(look)
    quiet: set[int] = set()
    loud: set[int] = set()
    _sort_lines(tree.body, quiet, loud)
    weaver.statements(tree.body)
    weaver.plan.defining.update(quiet - loud)
    bound, augmented = look.quiet()
    weaver.plan.quiet.update(bound)
    weaver.plan.augmented.update(augmented)
    return weaver.plan


def _sort_lines(body: list[ast.stmt], quiet: set[int], loud: set[int]) -> None:
    """Lines of module-level definitions, and lines that other statements have."""
    for node in body:
        last = node.end_lineno or node.lineno
        if isinstance(node, _DEFINITIONS):
            first = min([node.lineno, *(part.lineno for part in getattr(node, "decorator_list", ()))])
            quiet.update(range(first, last + 1))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            quiet.update(range(node.lineno, last + 1))
        elif hasattr(node, "body"):
            loud.add(node.lineno)
            for name in ("body", "orelse", "finalbody"):
                _sort_lines(getattr(node, name, []), quiet, loud)
            for handler in getattr(node, "handlers", ()):
                _sort_lines(handler.body, quiet, loud)
        else:
            loud.update(range(node.lineno, last + 1))


class _Weaver:
    def __init__(self, look: Any) -> None:
        self.look = look
        self.plan = Instrumented([], {}, {}, {}, set(), set(), set(), set(), set(), {}, set())

    # --- statements: changed in place ---------------------------------------------------------------------------

    def statements(self, body: list[ast.stmt]) -> None:
        for node in body:
            self.look.open(node)
            special = _STATEMENTS.get(type(node))
            if special is not None:
                special(self, node)
            else:
                self.operands(node)
        if _SILENT:
            body[:] = [part for node in body for part in (_sounds(node), node) if part is not None]

    def function(self, node: ast.FunctionDef) -> None:
        if node.decorator_list:
            self.plan.def_lines[node.decorator_list[0].lineno, node.name] = node.lineno
        self.statements(node.body)

    def coroutine(self, node: ast.AsyncFunctionDef) -> None:
        if node.decorator_list:
            self.plan.def_lines[node.decorator_list[0].lineno, node.name] = node.lineno

    def class_(self, node: ast.ClassDef) -> None:
        # The body runs in a namespace of its own that becomes the class: only what it defines is instrumented.
        self.statements([part for part in node.body if isinstance(part, (ast.FunctionDef, ast.ClassDef))])

    def if_(self, node: ast.If) -> None:
        node.test = self.test(node.test, "if")
        self.statements(node.body)
        self.statements(node.orelse)

    def while_(self, node: ast.While) -> None:
        last = node.end_lineno or node.lineno
        site = len(self.plan.sites)
        if not _folds(node.test):
            node.test = self.test(node.test, "while")
            self.plan.spans[site] = node.lineno, last
        elif isinstance(node.test, ast.Constant) and node.test.value and self.shows_passes(node):
            self.plan.endless[node.lineno] = self.site("while", node.test)
            self.plan.spans[site] = node.lineno, last
            if _SILENT:
                node.test = _hooked(TEST, [site, (None, None)], node.test)
        self.statements(node.body)
        self.statements(node.orelse)

    def shows_passes(self, node: ast.While) -> bool:
        """Whether each pass of a `while True` is one line event of its first line."""
        return node.body[0].lineno > node.lineno or node.end_lineno == node.lineno

    def for_(self, node: ast.For) -> None:
        site = self.site("for", node)
        node.target = self.expression(node.target)
        node.iter = _hooked(LOOP, [site], self.iterable(node.iter))
        self.statements(node.body)
        self.statements(node.orelse)

    def iterable(self, node: ast.expr) -> Any:
        """A display of constants becomes a constant, as CPython makes it for the iterable of a loop."""
        if isinstance(node, (ast.List, ast.Set)) and all(isinstance(item, ast.Constant) for item in node.elts):
            if isinstance(node, ast.List):
                return ast.copy_location(ast.Tuple(node.elts, _LOAD), node)
            items: Any = frozenset(item.value for item in node.elts if isinstance(item, ast.Constant))
            return ast.copy_location(ast.Constant(items), node)
        return self.expression(node)

    def with_(self, node: ast.With) -> None:
        for item in node.items:
            item.context_expr = self.expression(item.context_expr)
            if item.optional_vars is not None:
                item.optional_vars = self.expression(item.optional_vars)
        self.statements(node.body)

    def try_(self, node: ast.Try) -> None:
        self.statements(node.body)
        for handler in node.handlers:
            self.statements(handler.body)
        self.statements(node.orelse)
        self.statements(node.finalbody)

    def assert_(self, node: ast.Assert) -> None:
        node.test = self.test(node.test, "assert")
        if node.msg is not None:
            node.msg = self.expression(node.msg)

    def raise_(self, node: ast.Raise) -> None:
        for name in ("exc", "cause"):
            error = getattr(node, name)
            if isinstance(error, ast.Call):  # the exception itself is told by the raise event
                self.call_operands(error)
            elif error is not None:
                setattr(node, name, self.expression(error))

    def match(self, node: Any) -> None:
        node.subject = self.expression(node.subject)
        for case in node.cases:
            if case.guard is not None:
                case.guard = self.decide(case.guard, None, False, True)
            self.statements(case.body)

    def global_(self, node: ast.Global) -> None:
        self.plan.declared.update(node.names)

    def import_(self, node: ast.Import) -> None:
        for alias in node.names:
            self.plan.imports.add(alias.name)
            self.plan.imported.add(alias.asname or alias.name.partition(".")[0])

    def import_from(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        self.plan.imports.add(module)
        for alias in node.names:
            if alias.name == "*":
                self.plan.stars.add(module)
            self.plan.imported.add(alias.asname or alias.name)

    # --- expressions: replaced ----------------------------------------------------------------------------------

    def expression(self, node: Any) -> Any:
        """The node with hooks in it and, if it has a value worth telling, around it."""
        kind = type(node)
        if kind is ast.Name:
            self.look.name(node)
            return node
        if kind is ast.Constant:
            return node
        special = _EXPRESSIONS.get(kind)
        if special is not None:
            return special(self, node)
        if kind is ast.Attribute:
            self.look.attribute(node)
            if type(node.value) is ast.Name:
                return self.probed(node, _nothing) if type(node.ctx) is ast.Load else node
        else:
            self.look.other(node)
        if kind in _PROBED:
            if type(getattr(node, "ctx", _LOAD)) is not ast.Load:
                self.operands(node)
                return node
            if _folds(node):
                return node
            return self.probed(node, self.operands)
        self.operands(node)
        return node

    def operands(self, node: ast.AST) -> None:
        for name in _OPERANDS.get(type(node), ()):
            child = getattr(node, name)
            if type(child) is list:
                child[:] = [item if item is None else self.expression(item) for item in child]
            elif child is not None:
                setattr(node, name, self.expression(child))

    def probed(self, node: Any, inside: Any) -> Any:
        if node.lineno != node.end_lineno and isinstance(_first(node), (ast.Dict, ast.JoinedStr)):
            inside(node)  # where the evaluation of these begins depends on too much
            return node
        site = self.site("expr", node)
        inside(node)
        return _hooked(VALUE, [site], node)

    def call(self, node: ast.Call) -> Any:
        if isinstance(node.func, ast.Name) and node.func.id in _NAMESPACES:
            self.call_operands(node)
            return node
        return self.probed(node, self.call_operands)

    def call_operands(self, node: ast.Call) -> None:
        self.look.call(node)
        if isinstance(node.func, ast.Attribute):
            if type(node.func.value) is not ast.Name:
                node.func.value = self.expression(node.func.value)
        elif type(node.func) is not ast.Name:
            node.func = self.expression(node.func)
        node.args[:] = [self.expression(item) for item in node.args]
        for keyword in node.keywords:
            keyword.value = self.expression(keyword.value)

    def bool_op(self, node: ast.BoolOp) -> Any:
        # The call of a hook belongs to one line, but the last line of this node depends on which operand decides.
        if node.lineno != node.end_lineno:
            self.choices(node)
            return node
        return self.probed(node, self.choices)

    def choices(self, node: ast.BoolOp) -> None:
        # An operator directly inside another shares its jumps: a hook between them would ask for the truth twice.
        for index, item in enumerate(node.values):
            if isinstance(item, ast.BoolOp):
                self.choices(item)
            else:
                node.values[index] = self.expression(item)

    def if_exp(self, node: ast.IfExp) -> Any:
        if node.lineno != node.end_lineno:
            self.alternatives(node)
            return node
        return self.probed(node, self.alternatives)

    def alternatives(self, node: ast.IfExp) -> None:
        node.test = self.test(node.test, "ifexp")
        node.body = self.expression(node.body)
        node.orelse = self.expression(node.orelse)

    def comprehension(self, node: Any) -> Any:
        hooked = self.probed(node, self.clauses)
        if not _INLINES or any(_needs_its_function(part) for part in ast.walk(node)):
            return hooked
        framed = _framed(node)
        if hooked is node:
            return framed
        hooked.args[-1] = framed
        return hooked

    def generator(self, node: ast.GeneratorExp) -> ast.expr:
        self.clauses(node)
        return node

    def clauses(self, node: Any) -> None:
        for clause in node.generators:
            clause.target = self.expression(clause.target)
            if not isinstance(clause.iter, (ast.List, ast.Set)) or not _constants(clause.iter.elts):
                clause.iter = self.expression(clause.iter)
            clause.ifs[:] = [self.test(test, "comp") for test in clause.ifs]
        for name in ("key", "value", "elt"):
            if hasattr(node, name):
                setattr(node, name, self.expression(getattr(node, name)))

    def lambda_(self, node: ast.Lambda) -> ast.expr:
        self.look.scan(node.args)
        node.body = self.expression(node.body)
        return node

    # --- tests --------------------------------------------------------------------------------------------------

    def test(self, node: ast.expr, kind: str) -> ast.expr:
        return node if _folds(node) else self.decide(node, self.site(kind, node), False, True)

    def decide(self, node: Any, site: int | None, no: bool | None, yes: bool | None) -> Any:
        """A test whose truth decides `yes`, whose untruth decides `no` (None: nothing yet).

        A `site` of None stands for a test that has no branch event (a guard).
        """
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            node.operand = self.decide(node.operand, site, yes, no)
            return node
        if isinstance(node, ast.BoolOp):
            rest_no, rest_yes = (no, None) if isinstance(node.op, ast.And) else (None, yes)
            last = len(node.values) - 1
            for index, item in enumerate(node.values):
                outcome = (no, yes) if index == last else (rest_no, rest_yes)
                node.values[index] = self.decide(item, site, *outcome)
            return node
        if isinstance(node, ast.IfExp):
            node.test = self.test(node.test, "ifexp")
            node.body = self.decide(node.body, site, no, yes)
            node.orelse = self.decide(node.orelse, site, no, yes)
            return node
        leaf = self.expression(node)
        if site is None:
            return leaf
        hook = WHILE if self.plan.sites[site][0] == "while" else TEST
        hooked = _hooked(hook, [site, (no, yes)], leaf)
        if not isinstance(node, ast.Compare):
            return hooked
        # The jump of a comparison belongs to the line of the comparison, that of anything else to the statement's.
        true = ast.copy_location(ast.Constant(True), hooked)
        return ast.copy_location(ast.Compare(hooked, [ast.Is()], [true]), node)

    def site(self, kind: str, node: Any) -> int:
        self.plan.sites.append((kind, node.lineno, node.col_offset, node.end_lineno, node.end_col_offset))
        return len(self.plan.sites) - 1


def _hooked(hook: str, leading: list[Any], node: Any) -> ast.Call:
    """`hook(*leading, node)`, with the lines that keep the program's line events as they are."""
    start = node if node.lineno == node.end_lineno else _first(node)
    line, col, end_line, end_col = start.lineno, start.col_offset, start.end_lineno, start.end_col_offset
    func = ast.Name(hook, _LOAD, lineno=line, col_offset=col, end_lineno=end_line, end_col_offset=end_col)
    args = [
        ast.Constant(item, lineno=line, col_offset=col, end_lineno=end_line, end_col_offset=end_col) for item in leading
    ]
    last = _last_line(node)
    call = ast.Call(func, [*args, node], [], lineno=last, col_offset=0, end_lineno=last, end_col_offset=0)
    if last == node.lineno:
        ast.copy_location(call, node)
    return call


def _sounds(node: ast.stmt) -> ast.stmt | None:
    """A statement that does nothing, for the line of one to which Python before 3.10 gives no line event."""
    if type(node) not in _SILENT:
        return None
    nothing = ast.copy_location(ast.Constant(None), node)
    return ast.copy_location(ast.Expr(_hooked(TEST, [0, (None, None)], nothing)), node)


def _framed(node: Any) -> ast.Call:
    """A comprehension in a frame of its own, which Python 3.12 took from it: `(lambda .0: [f(x) for x in .0])(xs)`.

    The one parameter, with a name that no program can use, is the iterable; frames.py knows the frame by it.
    """
    name, outermost = _FRAMES[type(node)], node.generators[0]
    given, outermost.iter = outermost.iter, ast.copy_location(ast.Name(name, _LOAD), outermost.iter)
    parameter = ast.copy_location(ast.arg(name), node)
    bare = ast.arguments(posonlyargs=[], args=[parameter], kwonlyargs=[], kw_defaults=[], defaults=[])
    return ast.copy_location(ast.Call(ast.copy_location(ast.Lambda(bare, node), node), [given], []), node)


def _needs_its_function(node: ast.AST) -> bool:
    """Whether it means something else in an inner function: `:=` binds a name, `super()` reads the class."""
    return isinstance(node, ast.NamedExpr) or (isinstance(node, ast.Name) and node.id in _OF_ITS_FUNCTION)


def _first(node: Any) -> Any:
    """The part of an expression where its evaluation begins."""
    while not _folds(node):
        name = _FIRST.get(type(node))
        if name is None:
            break
        child = getattr(node, name)
        node = child[0] if type(child) is list else child
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)) and 0 < len(node.elts) <= 30 and not _constants(node.elts):
        return _first(node.elts[0])
    return node


def _last_line(node: Any) -> int:
    """The line on which the evaluation of an expression ends.

    CPython puts the load of an attribute and the call of a method on the line of the attribute's name.
    """
    if isinstance(node, ast.Attribute):
        return node.end_lineno or node.lineno
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        unpacks = any(isinstance(item, ast.Starred) for item in node.args)
        if not unpacks and all(keyword.arg for keyword in node.keywords):
            return node.func.end_lineno or node.lineno
    return int(node.lineno)


def _nothing(_node: ast.expr) -> None:
    """Of a name there is nothing to weave into."""


def _constants(nodes: list[ast.expr]) -> bool:
    return all(isinstance(node, ast.Constant) for node in nodes)


def _folds(node: Any) -> bool:
    """Whether the compiler makes one constant of it."""
    kind = type(node)
    if kind is ast.Constant:
        return True
    if kind is ast.UnaryOp:
        return _folds(node.operand)
    if kind is ast.BinOp:
        return _folds(node.left) and _folds(node.right)
    if kind is ast.Tuple:
        return all(_folds(item) for item in node.elts)
    if kind is ast.Subscript:
        return _folds(node.value) and _folds(node.slice)
    if kind.__name__ == "Index":
        return _folds(node.value)
    return False


_STATEMENTS: dict[type, Any] = {
    ast.FunctionDef: _Weaver.function,
    ast.AsyncFunctionDef: _Weaver.coroutine,
    ast.ClassDef: _Weaver.class_,
    ast.If: _Weaver.if_,
    ast.While: _Weaver.while_,
    ast.For: _Weaver.for_,
    ast.With: _Weaver.with_,
    ast.Try: _Weaver.try_,
    ast.Assert: _Weaver.assert_,
    ast.Raise: _Weaver.raise_,
    ast.Global: _Weaver.global_,
    ast.Import: _Weaver.import_,
    ast.ImportFrom: _Weaver.import_from,
}
_EXPRESSIONS: dict[type, Any] = {
    ast.Call: _Weaver.call,
    ast.BoolOp: _Weaver.bool_op,
    ast.IfExp: _Weaver.if_exp,
    ast.Lambda: _Weaver.lambda_,
    ast.ListComp: _Weaver.comprehension,
    ast.SetComp: _Weaver.comprehension,
    ast.DictComp: _Weaver.comprehension,
    ast.GeneratorExp: _Weaver.generator,
}
# Not every version has these.
for _name, _method in (("Match", _Weaver.match), ("TryStar", _Weaver.try_)):
    if hasattr(ast, _name):
        _STATEMENTS[getattr(ast, _name)] = _method
for _name, _fields in (("Index", ("value",)), ("ExtSlice", ("dims",))):  # what is in a subscript of Python 3.8
    if hasattr(ast, _name):
        _OPERANDS[getattr(ast, _name)] = _fields
