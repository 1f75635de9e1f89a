"""Names that are bound while a skeleton is read: what they hold, which can be read, which nothing has read so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from cotmill.compose.codegen.machine.kinds import ANY, INT, NUM, STR, Kind

__all__ = ["Scope", "Scopes", "grown", "home", "is_name", "narrow", "readable"]


@dataclass(slots=True)
class Scope:
    """Names of one function, or of the module, by their numbers."""

    kinds: list[Kind] = field(default_factory=list)
    readable: set[int] = field(default_factory=set)
    unread: set[int] = field(default_factory=set)  # names that hold what nothing has read so far
    said: dict[int, str] = field(default_factory=dict)  # what they are called, where a token said it; while readable
    results: list[Kind] = field(default_factory=list)  # of `return` so far
    defaults: list[bool] = field(default_factory=list)  # for each parameter whether it has one
    needs: dict[int, frozenset[str]] = field(default_factory=dict)  # kinds that its parameters must have
    arity: dict[int, tuple[int, int]] = field(default_factory=dict)  # of the functions among the names
    takes: dict[int, dict[int, frozenset[str]]] = field(default_factory=dict)  # `needs` of the functions among them


Scopes = list[Scope]  # the module's first, the function's that is being read last


def is_name(token: str) -> bool:
    """Whether the token reads a name, or sets one that is bound."""
    return token[:1] in ("L", "U", "G") and token[1:].isdigit()


def home(scopes: Scopes, token: str) -> tuple[Scope, int]:
    """The scope that a name lives in, and its number there. Raises ValueError for one that is not bound."""
    module, *functions = scopes
    number = int(token[1:])
    for scope in [module] if token[0] == "G" else functions[-1:] if token[0] == "L" else functions[:-1]:
        if number < len(scope.kinds):
            return scope, number
        number -= len(scope.kinds)
    raise ValueError(token)


def readable(scopes: Scopes, *, unfinished: bool) -> list[tuple[str, Kind]]:
    """Tokens of the names that can be read, and what they hold. `unfinished`: not the module's newest function."""
    module, *functions = scopes
    newest = len(module.kinds) - 1
    found = [(f"G{n}", module.kinds[n]) for n in module.readable if not (unfinished and n == newest)]
    if functions:
        local = functions[-1]
        found += [(f"L{n}", local.kinds[n]) for n in local.readable]
        base = 0
        for scope in functions[:-1]:
            found += [(f"U{base + n}", scope.kinds[n]) for n in scope.readable]
            base += len(scope.kinds)
    return found


def narrow(scope: Scope, number: int, wanted: frozenset[str]) -> None:
    """A parameter of which nothing is known was read where only some kinds will do."""
    if number >= len(scope.defaults) or scope.kinds[number] != ANY:
        return
    needs = scope.needs.get(number, wanted) & wanted
    if needs:
        scope.needs[number] = needs
        if needs <= {"num", "int"}:
            scope.kinds[number] = NUM if "num" in needs else INT
        elif len(needs) == 1 and needs <= {"str", "list"}:
            scope.kinds[number] = STR if "str" in needs else ("list", ANY)


def grown(scopes: Scopes, kind: Kind, item: Kind) -> None:
    """A list that was empty holds what is appended to it. `kind`: the very object that the name holds."""
    for scope in reversed(scopes):
        for number, known in enumerate(scope.kinds):
            if known is kind and known == ("list", ANY):
                scope.kinds[number] = ("list", item)
                return
