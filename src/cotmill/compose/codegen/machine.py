"""Reads a skeleton from left to right and says which token may come next.

A model that is only offered what `Machine` allows cannot write a program that does not parse, reads an unbound name,
adds a number to a list where that can be seen, goes on behind `return`, or stops raising an error of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cotmill.compose.codegen.grammar import BLOCKS, END, GO, INPUT, LEAVES, NAMED, NEW, PRODUCTIONS, SLOTS, TYPES, head
from cotmill.compose.codegen.kinds import (
    ANY,
    INT,
    KEYWORD,
    NONE,
    NUM,
    STR,
    Kind,
    alike,
    argument_wants,
    arity,
    callable_for,
    does,
    element,
    gives,
    join,
    may_give,
    of_type,
    wants,
)  # fmt: skip

__all__ = ["Machine", "Place", "fits"]

_LEAVING = frozenset(("Return", "Return0", "Raise", "Break", "Continue"))
_BLOCKED = frozenset(("Gen", "ListComp", "SetComp", "DictComp", "Lambda"))  # names end with it
_NEVER = frozenset(("Raise", "Assert", "Pass"))  # programs have them, but those that are written need none
_VALUES = frozenset(("expr", "index", "bound", "args", "items", "ifs", "parts", "literal"))
_PARTS = frozenset(("Kw", "Star", "Slice", "Empty", "Hole", "Pair", "In", "Link", "Targets", *NAMED))
_LITERAL = frozenset(("I", "F", "S", "C", "<int>", "<float>", "<str>", "List", "Tuple", "Set", "Dict"))
_KEYWORDS = {
    "sorted": {"key", "reverse"}, "sort": {"key", "reverse"}, "min": {"key", "default"}, "max": {"key", "default"},
    "enumerate": {"start"}, "sum": {"start"}, "print": {"end", "sep"},
}  # fmt: skip
_STORED = frozenset(("target", "targets", "place"))
_INPUTS = 8  # at most
_TOGETHER = 3  # names that one `return` may have to read, at most
_MANY = 99
_DEEP = 8  # from which an expression ends soon
_LONG = 6  # statements of a block from which it may end in any case
# Tokens that the shortest way through a slot takes.
_SHORTEST = {"body": 3, "loop": 3, "function": 3, "args": 2, "targets": 2, "loops": 4, "links": 5, "parts": 2}


@dataclass(frozen=True, slots=True)
class Place:
    """What the place of the next token asks for, names aside."""

    slot: str
    heads: frozenset[str]
    wanted: frozenset[str] | None = None  # kinds of value; None: any
    called: bool = False  # the function of a call comes next, and `wanted` is what the call may give
    keywords: frozenset[str] = frozenset()
    leaf: bool = True  # whether a literal will do


def fits(place: Place, token: str) -> bool:
    """Whether a token that is no name to be read may stand there."""
    kind, argument = head(token), token.partition(":")[2]
    if place.slot == "type":
        return token in place.heads or kind in place.heads
    if kind not in place.heads or kind in _NEVER or kind in ("L", "U", "G"):
        return False
    if not place.leaf and kind in LEAVES:
        return False
    if kind == "Kw":
        return argument in place.keywords
    if kind == END or kind in _PARTS or place.slot not in _VALUES | {"statement"}:
        return True
    if place.slot == "statement":
        return does(kind, argument)
    if place.called:
        return callable_for(kind, argument, place.wanted)
    return may_give(kind, argument, place.wanted)


@dataclass(slots=True)
class _Scope:
    """Names of one function, what they hold, and which of them can be read here."""

    kinds: list[Kind] = field(default_factory=list)
    readable: set[int] = field(default_factory=set)
    arity: dict[int, tuple[int, int]] = field(default_factory=dict)  # of the functions among them
    results: list[Kind] = field(default_factory=list)  # of `return` so far
    defaults: list[bool] = field(default_factory=list)  # of the parameters, while they are read
    names: dict[int, str] = field(default_factory=dict)  # where the token says it, and while it can be read
    unread: set[int] = field(default_factory=set)  # names that hold what nothing has read so far
    needs: dict[int, frozenset[str]] = field(default_factory=dict)  # kinds that its parameters must have
    takes: dict[int, dict[int, frozenset[str]]] = field(default_factory=dict)  # `needs` of the functions among them


@dataclass(slots=True, eq=False)
class _Frame:
    """A production or a list that is being read."""

    slot: str  # of the list; empty for a node
    todo: list[str]  # slots of the node that are still to come, the next one last
    token: str = ""
    wanted: frozenset[str] | None = None  # kinds that the node may have
    kids: list[Any] = field(default_factory=list)  # kinds of what was read
    callee: str = ""  # what a call calls
    given: Kind = ANY  # what a target takes
    base: int = 0  # names that were bound before it
    stored: bool = False  # a part of a value that is set, not read
    left: bool = False  # a block that was left by its last statement: nothing may follow
    before: set[int] = field(default_factory=set)  # readable when the block began
    after: set[int] | None = None  # readable behind the branches so far; None: none goes on


class Machine:
    """One skeleton that is being read; `done` when it is whole."""

    def __init__(self) -> None:
        self._scopes = [_Scope()]  # the module's first
        self._types = 0  # parts of the input's type that are to come
        self._inputs: list[list[str]] = []
        self._input_names: list[str] = []
        self._frames: list[_Frame] = []
        self.done = False

    # what may come

    def place(self, *, short: bool = False, free: bool = False) -> Place:
        """What the next token is asked to be; `short`: on the shortest way to the program's end.

        `free`: names that nothing reads are no matter.
        """
        if not self._frames:
            return Place("type", self._type_heads(short=short))
        frame = self._frames[-1]
        slot = frame.slot or frame.todo[-1]
        heads = self._heads(frame, slot)
        if not short and slot in _VALUES and self._depth() >= _DEEP:
            short = True
        if not frame.slot and not frame.kids and _reads_from(frame.token):
            heads -= _LITERAL
        if (
            slot == "items"
            and not frame.kids
            and head(self._frames[-3].token) in ("Bin", "Sub", "Meth", "For", "In", "Cmp")
        ):
            heads -= {END}  # nothing to work on
        room = None if free or short else self._room()
        if not (free or short):
            heads = self._settled(frame, slot, heads, room)
        if short:
            heads = _shortest(slot, heads)
        if slot not in _VALUES:
            statement = not frame.slot and head(frame.token) == "Expr"
            return Place("statement" if statement else slot, heads)
        if not frame.slot and head(frame.token) == "Expr":
            return Place("statement", heads)
        called = self._calls(frame)
        keywords = frozenset(_KEYWORDS.get(self._callee(), ())) if slot == "args" else frozenset()
        wanted = frame.wanted if called else self._wanted(frame)
        return Place(slot, heads, wanted, called, keywords, room is None or room >= 0)

    def _settled(self, frame: _Frame, slot: str, heads: frozenset[str], room: int | None) -> frozenset[str]:
        """Without those that would leave a name behind that nothing has read."""
        scope = self._scopes[-1]
        if slot in ("body", "loop", "orelse") and len(frame.kids) < _LONG:
            inside = any(number >= frame.base for number in scope.unread)
            return heads - {END} if inside and not frame.left else heads
        if slot == "function" and frame is self._function():
            count = len(self._owed())
            return heads - {"Return0"} - ({"Return"} if count > _TOGETHER else set())
        if (
            room is not None
            and slot in ("items", "pairs")
            and len(frame.kids) < _LONG
            and (self._room(ending=True) or 0) < 0
        ):
            return heads - {END}
        return heads

    def _depth(self) -> int:
        """Parts of this statement's expressions that the next token is inside of."""
        return next(place for place, frame in enumerate(reversed(self._frames)) if frame.slot in BLOCKS)

    def _function(self) -> _Frame:
        """The innermost function's block."""
        return next(frame for frame in reversed(self._frames) if frame.slot in ("function", "module"))

    def _owed(self) -> set[str]:
        """Names that are still to be read before the function ends; in `solution` the module's functions too."""
        letter = "L" if len(self._scopes) > 1 else "G"
        found = {f"{letter}{number}" for number in self._scopes[-1].unread}
        if self._frames[0].slot == "function" and len(self._scopes) == 2:
            found |= {f"G{number}" for number in self._scopes[0].unread}
        return found

    def _room(self, *, ending: bool = False) -> int | None:
        """In the function's last `return`: places that come behind this one, less the names that are to be read.

        Below zero this place must read one of them, or make more places. None elsewhere. `ending`: if the list that is
        read ends here.
        """
        start = self._frames.index(self._function()) + 1
        if start >= len(self._frames) or self._frames[start].token != "Return":
            return None
        frames = self._frames[start:]
        lists = sum(frame.slot in ("items", "pairs") for frame in frames)
        if lists > ending:  # has as many places as it takes
            return _MANY
        places = sum(slot in ("expr", "loops", "index") for frame in frames for slot in frame.todo)
        places -= not frames[-1].slot  # this one
        return places - len(self._owed())

    def _type_heads(self, *, short: bool) -> frozenset[str]:
        if self._types:
            return frozenset(("int", "str") if short else TYPES)
        if not self._inputs:
            return frozenset({INPUT})
        return frozenset({GO}) if short or len(self._inputs) == _INPUTS else frozenset({INPUT, GO})

    def _heads(self, frame: _Frame, slot: str) -> frozenset[str]:
        heads = SLOTS[slot].heads
        if not frame.slot:
            return heads
        if frame.left:
            return frozenset({END})
        if slot in BLOCKS:
            heads -= self._senseless(slot)
        fewest = SLOTS[slot].least or 0
        if slot == "args":
            fewest, most = self._arity(self._frames[-2])
            count = len(frame.kids)
            if KEYWORD in frame.kids:
                return frozenset({END})
            if count < fewest or self._callee() not in _KEYWORDS:
                heads -= {"Kw"}
            if count >= most:
                heads &= {"Kw"}
            return heads | {END} if count >= fewest else heads
        entry = slot == "function" and frame is self._frames[0]  # is left by `return` alone
        return heads | {END} if len(frame.kids) >= fewest and not entry else heads

    def _senseless(self, slot: str) -> frozenset[str]:
        """Statements that would parse there, and that no one would write."""
        if slot == "module":
            return frozenset({"Assign"})  # nothing that depends on an input
        found = frozenset({"Def"})  # a function of a function
        if slot == "loop":
            found |= _LEAVING  # at the end of the first pass
        elif not self._in_loop():
            found |= {"Break", "Continue"}
        return found

    def _callee(self) -> str:
        node = self._frames[-2]
        return node.token.partition(":")[2] if head(node.token) == "Meth" else node.callee

    def _wanted(self, frame: _Frame) -> frozenset[str] | None:
        if not frame.slot:
            if frame.todo[-1] in ("target", "place", "name"):
                return None
            kind, argument = head(frame.token), frame.token.partition(":")[2]
            if kind == "Kw":
                return frozenset({"func"}) if argument == "key" else None
            return wants(kind, argument, frame.kids, frame.wanted)
        if frame.slot == "args":
            node = self._frames[-2]
            method = node.token.partition(":")[2] if head(node.token) == "Meth" else ""
            if node.callee[:1] in ("L", "U", "G") and node.callee[1:].isdigit():
                scope, number = self._home(node.callee)
                return scope.takes.get(number, {}).get(len(frame.kids))
            return argument_wants(node.callee, method, node.kids[0], frame.kids)
        if (
            frame.slot == "items"
            and frame.kids
            and self._frames[-2].token != "Tuple"
            and self._frames[-3].token != "Return"
        ):
            return alike(frame.kids[0])
        return None

    def _result_wanted(self, frame: _Frame) -> frozenset[str] | None:
        """Where a function that is called, or a container that is read from, comes next: kinds that it may give."""
        return frame.wanted if not frame.slot and head(frame.token) in ("Call", "Sub") and not frame.kids else None

    @staticmethod
    def _calls(frame: _Frame) -> bool:
        """Whether the function of a call comes next."""
        return not frame.slot and head(frame.token) == "Call" and not frame.kids

    def least(self) -> int:
        """Tokens that the shortest way to the end takes, about."""
        if not self._frames:
            return 3 + _SHORTEST["function"]
        found = 0
        for frame in self._frames:
            if frame.slot:
                found += 1 if frame.kids else _SHORTEST.get(frame.slot, 1)
            found += sum(_SHORTEST.get(slot, 1) for slot in frame.todo)
        return found + (_SHORTEST["function"] if self._frames[0].slot == "module" else 0)

    def taken(self) -> set[str]:
        """Names that the next binding would hide."""
        if not self._frames:
            return set(self._input_names)
        found = {name for scope in self._scopes for name in scope.names.values()}
        return found | set(self._input_names) if len(self._scopes) == 1 else found

    def names(self, *, free: bool = False) -> list[str]:
        """Tokens of the names that fit in the next place; `free` as in `place`."""
        if not self._frames:
            return []
        frame = self._frames[-1]
        slot = frame.slot or frame.todo[-1]
        if slot in _STORED:
            letter = "L" if len(self._scopes) > 1 else "G"
            scope = self._scopes[-1]
            return [f"{letter}{n}" for n, kind in enumerate(scope.kinds) if kind[0] != "func"]
        wanted, result, calls = self._wanted(frame), self._result_wanted(frame), self._calls(frame)
        found = []
        for letter, number, kind in self._readable():
            if kind[0] == "func":
                fits = (
                    wanted is not None
                    and "func" in wanted
                    and (result is None or kind[1][0] in result or kind[1] == ANY)
                )
            elif kind == ANY:
                fits = not calls
            else:
                fits = wanted is None or kind[0] in wanted
                if fits and result is not None and not calls:
                    inner = kind[2] if kind[0] == "dict" else kind if kind == STR else element(kind)
                    fits = inner == ANY or inner[0] in result or kind[0] in result
            if fits:
                found.append(f"{letter}{number}")
        room = None if free else self._room()
        if room is not None and room < 0:
            owed = self._owed()
            return [name for name in found if name in owed] if room == -1 else []
        return found

    def _readable(self) -> list[tuple[str, int, Kind]]:
        module, *functions = self._scopes
        found = [("G", number, module.kinds[number]) for number in module.readable]
        if functions and self._frames[0].slot == "module" and not functions[0].results:
            found.pop()  # the function that is being written calls itself only behind a way out
        if functions:
            found += [("L", number, functions[-1].kinds[number]) for number in functions[-1].readable]
            base = 0
            for scope in functions[:-1]:
                found += [("U", base + number, scope.kinds[number]) for number in scope.readable]
                base += len(scope.kinds)
        return found

    def _arity(self, node: _Frame) -> tuple[int, int]:
        if head(node.token) == "Meth":
            return arity("", node.token.partition(":")[2])
        if node.callee[:1] in ("L", "U", "G") and node.callee[1:].isdigit():
            scope, number = self._home(node.callee)
            return scope.arity.get(number, (0, 6))
        return arity(node.callee, "", self._frames[-1].kids)

    def _home(self, token: str) -> tuple[_Scope, int]:
        """The scope that a name lives in, and its number there."""
        module, *functions = self._scopes
        number = int(token[1:])
        if token[0] == "G":
            return module, number
        if token[0] == "L":
            return functions[-1], number
        for scope in functions[:-1]:
            if number < len(scope.kinds):
                return scope, number
            number -= len(scope.kinds)
        raise IndexError(token)

    def _in_loop(self) -> bool:
        for frame in reversed(self._frames):
            if frame.slot == "loop":
                return True
            if frame.slot in ("function", "module"):
                return False
        return False

    # what comes

    def push(self, token: str) -> None:
        """Take the next token."""
        if not self._frames:
            self._push_type(token)
            return
        if token == END:
            self._end()
            return
        frame = self._frames[-1]
        slot = frame.slot or frame.todo[-1]
        kind = head(token)
        slots = PRODUCTIONS[kind]
        wanted = self._wanted(frame) if slot in ("expr", "index", "bound", "args") else None
        if slots and kind != "Default":
            if not frame.slot:
                frame.todo.pop()
            node = _Frame("", list(reversed(slots)), token, wanted, stored=slot in _STORED)
            if kind in _BLOCKED:
                node.before, node.base = set(self._scopes[-1].readable), len(self._scopes[-1].kinds)
            if kind == "Targets":
                node.given = self._given(frame)
            self._frames.append(node)
        else:
            if not frame.slot:
                frame.todo.pop()
            self._leaf(frame, slot, token, kind, wanted)
        self._settle()

    def _push_type(self, token: str) -> None:
        if token == GO:
            self._frames.append(_Frame("module", []))
        elif head(token) == INPUT:
            self._inputs.append([])
            self._input_names.append(token.partition(":")[2])
            self._types = 1
        else:
            self._inputs[-1].append(token)
            self._types += TYPES[token] - 1

    def _leaf(self, frame: _Frame, slot: str, token: str, kind: str, wanted: frozenset[str] | None) -> None:
        if kind in NAMED:
            self._bind(frame, slot, token, kind)
            return
        if kind in ("L", "U", "G"):
            home, number = self._home(token)
            if slot in _STORED:
                given = self._given(frame)
                home.kinds[number] = given if number not in home.readable else join([home.kinds[number], given])
                home.readable.add(number)
                if head(frame.token) == "Assign" and not self._in_loop():
                    home.unread.add(number)
            else:
                if not self._changes(frame):
                    home.unread.discard(number)
                if wanted is not None and home is self._scopes[-1]:
                    _narrow(home, number, wanted)
            here = home.kinds[number]
        else:
            here = gives(kind, token.partition(":")[2], (), "")
        if self._calls(frame):
            frame.callee = token if kind in ("L", "U", "G") else token.partition(":")[2]
        frame.kids.append(here)

    def _changes(self, frame: _Frame) -> bool:
        """Whether a name comes next whose value is changed, and not read."""
        if frame.slot or frame.kids:
            return False
        return frame.stored or (head(frame.token) == "Meth" and self._frames[-2].token == "Expr")

    def _bind(self, frame: _Frame, slot: str, token: str, kind: str) -> None:
        scope = self._scopes[-1]
        number, name = len(scope.kinds), token.partition(":")[2]
        if kind == "Default":
            self._frames.append(_Frame("", ["literal"], token))
        scope.readable.add(number)
        if name:
            scope.names[number] = name
        if slot == "name":
            scope.kinds.append(("func", ANY))
            scope.unread.add(number)
        elif kind == NEW:
            scope.kinds.append(self._given(frame))
            if head(frame.token) == "Assign":
                scope.unread.add(number)
        else:
            scope.kinds.append(ANY)
            if head(self._frames[-2 if kind != "Default" else -3].token) == "Def":
                scope.defaults.append(kind == "Default")
                scope.unread.add(number)
        if kind != "Default":
            frame.kids.append(ANY)

    def _given(self, frame: _Frame) -> Kind:
        """What a target takes that stands next in this frame."""
        if frame.slot == "targets":
            whole = self._frames[-2].given
            place = len(frame.kids)
            parts: list[Kind] = list(whole[1:]) if whole[0] == "tuple" else []
            return parts[place] if place < len(parts) else element(whole)
        first: Kind = frame.kids[0] if frame.kids else ANY
        kind = head(frame.token)
        return first if kind == "Assign" else element(first) if kind in ("For", "In") else ANY

    def _settle(self) -> None:
        """Close what is complete, and open the lists that come next."""
        while self._frames:
            frame = self._frames[-1]
            if frame.slot:
                return
            if frame.todo:
                slot = frame.todo[-1]
                if SLOTS[slot].least is None:
                    return
                frame.todo.pop()
                self._open(frame, slot)
                return
            self._frames.pop()
            self._close(frame)

    def _open(self, node: _Frame, slot: str) -> None:
        if head(node.token) == "Def" and slot == "params":
            self._scopes.append(_Scope())
        scope = self._scopes[-1]
        if slot == "function" and len(self._scopes) > 1 and head(node.token) == "Def":
            outer = self._scopes[-2]
            fewest = sum(not default for default in scope.defaults)
            outer.arity[len(outer.kinds) - 1] = (fewest, len(scope.defaults))
            outer.takes[len(outer.kinds) - 1] = scope.needs
        if slot == "orelse":
            scope.readable = set(node.before)
        if slot in ("body", "loop"):
            node.before = set(scope.readable)
        self._frames.append(_Frame(slot, [], node.token, before=set(scope.readable), base=len(scope.kinds)))

    def _end(self) -> None:
        """A list ends."""
        block = self._frames.pop()
        scope = self._scopes[-1]
        if block.slot == "module" and not self._frames:
            kinds = [of_type(tokens) for tokens in self._inputs]
            names = {number: name for number, name in enumerate(self._input_names) if name}
            every = set(range(len(kinds)))
            self._scopes.append(_Scope(kinds, every, names=names, unread=set(every)))
            self._frames.append(_Frame("function", []))
            return
        if block.slot == "function":
            self._scopes.pop()
            if not self._frames:
                self.done = True
                return
            outer = self._scopes[-1]
            mine = len(outer.kinds) - 1
            outer.kinds[mine] = ("func", join(scope.results) if scope.results else NONE)
        node = self._frames[-1]
        node.kids.append(block.kids)
        if block.slot == "body":
            node.after = None if block.left else set(scope.readable)
        elif block.slot == "loop":
            scope.readable = set(block.before)
        elif block.slot == "orelse":
            here = None if block.left else scope.readable
            ways = [way for way in (node.after, here) if way is not None]
            both = set.intersection(*ways) if ways else None
            scope.readable = set(node.before if both is None else both)
            node.left = both is None
        self._settle()

    def _close(self, node: _Frame) -> None:
        """A node is complete."""
        kind = head(node.token)
        scope = self._scopes[-1]
        if kind in _BLOCKED:
            scope.readable &= node.before
            for number in range(node.base, len(scope.kinds)):
                scope.names.pop(number, None)
        if not self._frames:
            return
        parent = self._frames[-1]
        if kind == "Return":
            scope.results.append(node.kids[0])
        if kind == "Default":
            parent.kids.append(ANY)
            scope.kinds[-1] = (
                ("func", ANY) if node.kids[0] == ("func",) else node.kids[0] if node.kids[0] != NONE else ANY
            )
            return
        if kind == "Meth" and node.token == "Meth:append" and node.kids[1]:
            self._grown(node)
        parent.kids.append(gives(kind, node.token.partition(":")[2], node.kids, node.callee))
        if parent.slot in BLOCKS:
            parent.left = kind in _LEAVING or node.left

    def _grown(self, node: _Frame) -> None:
        """A list that was empty holds what is appended to it."""
        for scope in reversed(self._scopes):
            for number, kind in enumerate(scope.kinds):
                if kind is node.kids[0] and kind == ("list", ANY):
                    scope.kinds[number] = ("list", node.kids[1][0])
                    return


def _narrow(scope: _Scope, number: int, wanted: frozenset[str]) -> None:
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


def _reads_from(token: str) -> bool:
    """Whether it takes something out of a value, or asks for something of it, that no one would of a literal."""
    return token == "Sub" or (head(token) == "Meth" and token not in ("Meth:join", "Meth:format"))


def _shortest(slot: str, heads: frozenset[str]) -> frozenset[str]:
    """Those of the heads that end soonest."""
    if END in heads:
        return frozenset({END})
    if slot in BLOCKS:
        return heads & {"Return"} or heads
    return heads & (LEAVES | {NEW, "List", "Dict", "Empty", "B", "E"}) or heads
