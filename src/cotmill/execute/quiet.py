"""The lines of a program after which nothing but the names that they bind can be different.

The recorder compares every value that a name can reach with what it was. After a *quiet* line that is needed for the
names only that the line binds: it stores into no container and no object, and the code that it calls is the
program's own, which has lines itself, or known to change nothing. Everything else is loud, and so is every line of a
program where a callable written in C may hide behind a value (`map(xs.append, ys)`, `__add__ = xs.append`), where
code runs that is not traced (destructors), or that uses a module without an entry below.

Standard library only: it runs inside the sandbox's child, where it is loaded by its path.
"""

from __future__ import annotations

import ast
import builtins
from collections import Counter
from typing import Any

__all__ = ["Look"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ALL_BUILTINS = frozenset(vars(builtins))
_QUIET_BUILTINS = _words("""
    abs all any ascii bin bool bytes callable chr classmethod complex dict dir divmod enumerate filter float format
    frozenset hasattr hash hex id input int isinstance issubclass iter len list map max min next object oct ord pow
    print property range repr reversed round set slice sorted staticmethod str sum tuple type zip Ellipsis
    NotImplemented __debug__ __name__ __doc__
""") | {name for name, item in vars(builtins).items() if isinstance(item, type) and issubclass(item, BaseException)}
# With these a program reaches, or makes a callable of, what no look at its text shows.
_WILD = _words("""
    getattr globals locals vars exec eval compile __import__ __builtins__ breakpoint get_type_hints attrgetter
    methodcaller
""")
# Methods of built-in types and of types of the modules below that change nothing.
_QUIET_METHODS = _words("""
    as_integer_ratio bit_count bit_length capitalize casefold center conjugate copy count date day days decode
    denominator difference elements encode end endswith expandtabs find findall finditer format from_bytes fromhex
    fromisoformat fromkeys fullmatch get group groupdict groups hex hour imag index intersection is_integer isalnum
    isalpha isascii isdecimal isdigit isdisjoint isidentifier islower isnumeric isoformat isprintable isspace issubset
    issuperset istitle isupper isoweekday items join keys limit_denominator ljust lower lstrip maketrans match maxlen
    microsecond minute month most_common name numerator partition quantize real removeprefix removesuffix replace rfind
    rindex rjust rpartition rsplit rstrip search second seconds span split splitlines start startswith step stop
    strftime strip sub swapcase symmetric_difference time timetuple title to_bytes toordinal total total_seconds union
    upper value weekday year zfill
""")
_LOUD_METHODS = _words("""
    add append appendleft cache_clear clear close difference_update discard extend extendleft gauss insert
    intersection_update move_to_end normalvariate pop popitem popleft read readline readlines register remove reverse
    rotate seed send setdefault setstate shuffle sort subtract symmetric_difference_update throw update write writelines
""")
# Special methods that are called by name. Others may give a callable of their own.
_LOUD_SPECIAL = _words("""
    __init__ __setattr__ __setitem__ __delattr__ __delitem__ __getitem__ __contains__ __len__ __eq__ __lt__ __hash__
    __str__ __repr__ __iter__ __next__ __add__ __sub__ __mul__ __post_init__ __init_subclass__ __missing__
""")
_QUIET_ATTRIBUTES = _QUIET_METHODS | _words("args getter setter deleter __name__ __qualname__ __class__ __doc__")
# Functions and classes of a module that change none of their arguments ("*": all of it), and functions that do.
_MODULES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    name: (_words(quiet), _words(loud))
    for name, (quiet, _, loud) in {
        name: text.partition("|")
        for name, text in {
            "__future__": "*",
            "abc": "ABC ABCMeta abstractmethod",
            "bisect": "bisect bisect_left bisect_right | insort insort_left insort_right",
            "cmath": "*",
            "collections": "Counter OrderedDict defaultdict deque namedtuple",
            "collections.abc": "*",
            "copy": "copy | deepcopy",
            "dataclasses": "dataclass field asdict astuple",
            "datetime": "*",
            "decimal": "Decimal ROUND_HALF_UP ROUND_HALF_EVEN ROUND_DOWN ROUND_UP getcontext",
            "enum": "Enum IntEnum Flag IntFlag auto unique",
            "fractions": "Fraction",
            "functools": "lru_cache cache reduce cmp_to_key wraps total_ordering partial",
            "heapq": "nlargest nsmallest merge | heappush heappop heapify heappushpop heapreplace",
            "itertools": "*",
            "json": "dumps loads",
            "math": "*",
            "numbers": "*",
            "operator": "itemgetter add sub mul truediv floordiv mod and_ or_ xor neg lt le gt ge eq ne not_",
            "random": "random randint choice randrange uniform sample choices getrandbits | shuffle seed gauss",
            "re": "*",
            "statistics": "*",
            "string": "ascii_letters ascii_lowercase ascii_uppercase capwords digits hexdigits punctuation whitespace",
            "sys": "maxsize float_info version_info setrecursionlimit exit stdin stdout stderr",
            "time": "*",
            "typing": "*",
        }.items()
    }.items()
}
_EVERYTHING = frozenset("*")
_RISKY = _ALL_BUILTINS - _QUIET_BUILTINS
# With these in it, a statement does more than its operands.
_LOUD = frozenset(getattr(ast, name) for name in ("NamedExpr", "YieldFrom", "Await"))


class _Statement:
    """One statement without its body, as far as it has been read."""

    __slots__ = ("augments", "called", "first", "last", "loud", "methods", "names", "reads_elements")

    def __init__(self, first: int, last: int) -> None:
        self.first, self.last = first, last
        self.names: set[str] = set()  # that it binds or deletes
        self.called: list[str] = []  # names
        self.methods: list[tuple[str, str]] = []  # name before the dot ("": something else), method that is called
        self.loud = self.reads_elements = self.augments = False


class Look:
    """Collects what the weaver (instrument.py) sees on its way through the tree, and judges at the end."""

    def __init__(self) -> None:
        self.wild = False
        self.statements: list[_Statement] = []
        self.here = _Statement(0, 0)
        self.loud: set[int] = set()  # lines
        self.read: set[str] = set()  # names that are used as values
        self.attributes: set[tuple[str, str]] = set()  # name before the dot, attribute that is used as a value
        self.bound: set[str] = set()  # names that are bound otherwise than by assignment
        self.known: set[str] = set()  # attributes that the program itself defines
        self.modules: dict[str, tuple[frozenset[str], frozenset[str]]] = {}  # name of an imported one -> as above
        self.loud_names: set[str] = set()  # imported functions that may be called and nothing else
        self.inserts = self.looks_up = False  # whether reading an element can insert it; whether C code may read them
        self.declared: set[str] = set()  # names that functions bind in another frame
        self.yields = self.cleans_up = False

    def quiet(self) -> tuple[dict[int, tuple[str, ...]], set[int]]:
        """Each quiet line with the names that its code binds; and those of them that augment a name.

        The latter are quiet only if the name gets a value that cannot change: `n += 1`, not `xs += ys`.
        """
        if self.is_wild():
            return {}, set()
        bound: dict[int, set[str]] = {}
        count: Counter[int] = Counter()
        augmented: set[int] = set()
        for one in self.statements:
            lines = range(one.first, one.last + 1)
            if self.is_loud(one):
                self.loud.update(lines)
            if one.augments:
                augmented.update(lines)
            for line in lines:
                bound.setdefault(line, set()).update(one.names)
            count.update(lines)
        self.loud.update(line for line in augmented if count[line] > 1)
        found = {line: tuple(sorted(names)) for line, names in bound.items() if line not in self.loud}
        return found, augmented

    def is_wild(self) -> bool:
        self.bound.update(*(one.names for one in self.statements))
        return (
            self.wild
            or (self.yields and self.cleans_up)  # a generator that dies is closed, wherever that happens
            or (self.inserts and self.looks_up)
            or "__match_args__" in self.bound
            or not self.read.isdisjoint(_RISKY | self.modules.keys() | self.loud_names)
            or not self.bound.isdisjoint(self.modules)
            or not all(self.is_harmless(*pair, _QUIET_ATTRIBUTES) for pair in self.attributes)
            or any(self.makes_callables(*pair) for one in self.statements for pair in one.methods)
        )

    def makes_callables(self, before: str, method: str) -> bool:
        """Whether it is a function of a module, or a special method, of which nothing is known."""
        if before in self.modules:
            quiet, loud = self.modules[before]
            return method in _WILD or not (quiet == _EVERYTHING or method in quiet or method in loud)
        return _is_special(method) and method not in _LOUD_SPECIAL

    def is_loud(self, one: _Statement) -> bool:
        return (
            one.loud
            or (self.inserts and one.reads_elements)
            or any(name in _RISKY or name in self.loud_names for name in one.called)
            or not all(self.is_harmless(*pair, _QUIET_METHODS) for pair in one.methods)
            or not self.declared.isdisjoint(one.names)
        )

    def is_harmless(self, before: str, attribute: str, quiet: frozenset[str]) -> bool:
        """Whether an attribute of a module, or of any value of the program, is one of these or the program's own."""
        if before in self.modules:
            contents, _ = self.modules[before]
            return attribute in contents or (contents == _EVERYTHING and attribute not in _WILD)
        if attribute in quiet:
            return True
        # A class that is written in C can have a special method too.
        return attribute in self.known and not _is_special(attribute) and attribute not in _LOUD_METHODS

    # --- statements -----------------------------------------------------------------------------------------------

    def open(self, node: Any) -> None:
        """A statement begins; its expressions follow."""
        kind = type(node)
        last = node.end_lineno or node.lineno
        if kind is ast.If or kind is ast.While:
            last = node.test.end_lineno
        elif kind is ast.For:
            last = max(node.target.end_lineno, node.iter.end_lineno)
        elif kind is ast.Try:
            last = node.lineno
        self.here = _Statement(node.lineno, last)
        self.statements.append(self.here)
        special = _SPECIAL.get(kind)
        if special is not None:
            special(self, node)
        elif kind not in _SIMPLE:
            self.mute(node)

    def mute(self, node: Any) -> None:
        """A statement is loud with all that is in it."""
        self.here.loud = True
        self.loud.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))

    def with_(self, node: Any) -> None:
        self.cleans_up = True
        self.mute(node)

    def augment(self, _node: ast.AugAssign) -> None:
        self.here.augments = True

    def declare(self, node: Any) -> None:
        self.declared.update(node.names)

    def annotate(self, node: ast.AnnAssign) -> None:
        self.scan(node.annotation)

    def match(self, node: Any) -> None:
        self.mute(node)
        for case in node.cases:
            self.scan(case.pattern)
            for part in ast.walk(case.pattern):
                self.attributes.update(("", name) for name in getattr(part, "kwd_attrs", ()))

    def try_(self, node: ast.Try) -> None:
        self.cleans_up = True
        for handler in node.handlers:
            if handler.type is not None:
                self.scan(handler.type)
                self.statements.append(_Statement(handler.lineno, handler.type.end_lineno or handler.lineno))
            if handler.name is not None:
                self.bound.add(handler.name)  # deleted at the end, on no line of its own
                self.loud.update(range(handler.lineno, (handler.end_lineno or handler.lineno) + 1))

    def define(self, node: Any) -> None:
        self.known.add(node.name)
        self.bound.add(node.name)
        self.here.loud = True
        parts = list(node.decorator_list)
        if type(node) is ast.ClassDef:
            parts += [*node.bases, *node.keywords]
            self.wild = self.wild or bool(node.keywords)
        else:
            self.wild = self.wild or node.name in ("__del__", "__new__") or type(node) is not ast.FunctionDef
            parts += [node.args, *filter(None, [node.returns])]
        lines = [node.lineno, *(line for part in parts for line in self.scan(part))]
        self.here.first, self.here.last = min(lines), max(lines)
        if type(node) is ast.ClassDef:  # the rest of its body runs in a namespace of its own, on lines of no frame
            for part in node.body:
                if type(part) not in (ast.FunctionDef, ast.ClassDef):
                    self.scan(part)

    def import_(self, node: ast.Import) -> None:
        self.here.loud = True
        for alias in node.names:
            package = alias.name.partition(".")[0]
            self.contents(alias.name)
            self.modules[alias.asname or package] = self.contents(alias.name if alias.asname else package)

    def import_from(self, node: ast.ImportFrom) -> None:
        self.here.loud = True
        quiet, loud = self.contents(node.module or "")
        for alias in node.names:
            if alias.name in loud:
                self.loud_names.add(alias.asname or alias.name)
            elif alias.name in _WILD or not (quiet == _EVERYTHING or alias.name in quiet) or alias.name == "*":
                self.wild = True
            self.mention(alias.name)

    def contents(self, module: str) -> tuple[frozenset[str], frozenset[str]]:
        self.wild = self.wild or module not in _MODULES
        return _MODULES.get(module, (frozenset(), frozenset()))

    def mention(self, name: str) -> None:
        self.inserts = self.inserts or name == "defaultdict"
        self.looks_up = self.looks_up or name == "itemgetter"

    # --- expressions ----------------------------------------------------------------------------------------------

    def name(self, node: ast.Name) -> None:
        if type(node.ctx) is ast.Load:
            self.read.add(node.id)
        else:
            self.here.names.add(node.id)

    def call(self, node: ast.Call) -> None:
        """What is called, but for the expression before a dot where that is no name."""
        func: Any = node.func
        if type(func) is ast.Name:
            self.here.called.append(func.id)
            self.wild = self.wild or func.id in _WILD
            if func.id == "namedtuple":
                self.known.update(" ".join(_texts_in(node)).replace(",", " ").split())
        elif type(func) is ast.Attribute:
            self.here.methods.append((getattr(func.value, "id", ""), func.attr))
            self.mention(func.attr)

    def attribute(self, node: ast.Attribute) -> None:
        """An attribute that is not called, but for the expression before the dot where that is no name."""
        if type(node.ctx) is ast.Load:
            self.attributes.add((getattr(node.value, "id", ""), node.attr))
            self.mention(node.attr)
        else:
            self.known.add(node.attr)
            self.here.loud = True

    def other(self, node: ast.AST) -> None:
        """An expression of any other kind."""
        kind = type(node)
        if kind is ast.Subscript:
            if type(node.ctx) is not ast.Load:  # type: ignore[attr-defined]
                self.here.loud = True
            self.here.reads_elements = True
        elif kind is ast.BinOp and type(node.op) is ast.Mod:  # type: ignore[attr-defined]
            self.here.reads_elements = True  # a text with names in it, perhaps
        elif kind in _LOUD:
            self.here.loud = True
        if kind is ast.Yield or kind is ast.YieldFrom:
            self.yields = True

    def scan(self, root: ast.AST) -> list[int]:
        """Read what the weaver passes over: all of it can only be wild. Gives its lines."""
        here, self.here = self.here, _Statement(0, 0)
        todo: list[Any] = [root]
        lines = []
        for node in todo:  # grows while it is read
            if hasattr(node, "lineno"):
                lines += [node.lineno, node.end_lineno or node.lineno]
            kind = type(node)
            if kind is ast.Call:
                self.call(node)
                todo += [*node.args, *node.keywords]
                if type(node.func) is not ast.Name:
                    todo.append(getattr(node.func, "value", node.func))
                continue
            if kind is ast.Name:
                self.name(node)
            elif kind is ast.Attribute:
                self.attribute(node)
            else:
                self.other(node)
                names = [name for name in (getattr(node, "name", None), getattr(node, "arg", None)) if name]
                self.known.update(names)
                self.bound.update(names)
            todo += ast.iter_child_nodes(node)
        self.known |= self.here.names
        self.bound |= self.here.names
        self.wild = self.wild or any(self.makes_callables(*pair) for pair in self.here.methods)
        self.here = here
        return lines


def _is_special(name: str) -> bool:
    return name[:2] == "__" == name[-2:]


def _texts_in(node: ast.AST) -> list[str]:
    return [part.value for part in ast.walk(node) if type(part) is ast.Constant and type(part.value) is str]


_SIMPLE = frozenset((ast.Expr, ast.Assign, ast.Return, ast.Pass, ast.Break, ast.Continue, ast.Assert, ast.Raise,
    ast.Delete, ast.If, ast.While, ast.For))  # fmt: skip
_SPECIAL: dict[type, Any] = {
    ast.AugAssign: Look.augment, ast.AnnAssign: Look.annotate, ast.Global: Look.declare, ast.Nonlocal: Look.declare,
    ast.With: Look.with_, ast.Try: Look.try_, ast.Import: Look.import_, ast.ImportFrom: Look.import_from,
    **dict.fromkeys((ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef), Look.define),
}  # fmt: skip
if hasattr(ast, "Match"):
    _SPECIAL[ast.Match] = Look.match
