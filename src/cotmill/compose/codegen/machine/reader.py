"""Reads a skeleton from left to right: where in the program it is, what is bound, and what everything gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cotmill.compose.codegen.machine.gives import gives
from cotmill.compose.codegen.machine.kinds import ANY, FUNCTION, NONE, Kind, alike, element, join, of_type
from cotmill.compose.codegen.machine.scopes import Scope, Scopes, grown, home, is_name, narrow
from cotmill.compose.codegen.machine.signatures import arity
from cotmill.compose.codegen.machine.wants import Kinds, argument_wants, wants
from cotmill.compose.codegen.skeleton.grammar import (
    BLOCKS,
    END,
    GO,
    INPUT,
    NAMED,
    NEW,
    PRODUCTIONS,
    SLOTS,
    TYPES,
    argument,
    head,
)  # fmt: skip

__all__ = ["LEAVING", "STORED", "Frame", "Reader"]

LEAVING = frozenset(("Return", "Return0", "Raise", "Break", "Continue"))
STORED = frozenset(("target", "targets", "place"))  # slots of what is set
_ENCLOSING = frozenset(("Gen", "ListComp", "SetComp", "DictComp", "Lambda"))  # names that they bind end with them


@dataclass(slots=True, eq=False)
class Frame:
    """A production or a list that is being read."""

    slot: str  # of the list; empty for a node
    todo: list[str]  # slots of the node that are still to come, the next one last
    token: str = ""  # the node's, or that of the node whose list it is
    wanted: Kinds = None  # kinds that the node may have
    kids: list[Any] = field(default_factory=list)  # kinds of what was read
    callee: str = ""  # what a call calls
    given: Kind = ANY  # what a target takes
    fewest: int = 0  # arguments that a list of arguments must have
    base: int = 0  # names that were bound before it
    stored: bool = False  # a part of a value that is set, not read
    left: bool = False  # a block that was left by its last statement: nothing may follow
    before: set[int] = field(default_factory=set)  # readable before it
    after: set[int] | None = None  # readable behind the branches so far; None: none goes on

    @property
    def calls(self) -> bool:
        """Whether the function of a call comes next."""
        return not self.slot and not self.kids and self.token == "Call"


class Reader:
    """One skeleton that is being read; `done` when it is whole."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []  # what is being read, the innermost last; empty before the program begins
        self.scopes: Scopes = [Scope()]
        self.inputs: list[list[str]] = []  # the type of each, as far as it was read
        self.input_names: list[str] = []
        self.type_parts = 0  # tokens that the last input's type still needs
        self.done = False

    # where it is

    def function(self) -> Frame:
        """The block of the innermost function, or the module's."""
        return next(frame for frame in reversed(self.frames) if frame.slot in ("function", "module"))

    def in_loop(self) -> bool:
        around = (frame.slot for frame in reversed(self.frames) if frame.slot in ("loop", "function", "module"))
        return next(around) == "loop"

    def depth(self) -> int:
        """Parts of this statement's expressions that the next token is inside of."""
        return next(depth for depth, frame in enumerate(reversed(self.frames)) if frame.slot in BLOCKS)

    def callee(self) -> str:
        """Where an argument comes next: the name of what is called."""
        node = self.frames[-2]
        return argument(node.token) if head(node.token) == "Meth" else node.callee

    def arity(self, node: Frame, given: Sequence[Kind]) -> tuple[int, int]:
        """Fewest and most arguments of a call. `given`: kinds of those that stand already."""
        if head(node.token) == "Meth":
            return arity("", argument(node.token))
        if is_name(node.callee):
            scope, number = home(self.scopes, node.callee)
            return scope.arity.get(number, (0, 6))
        return arity(node.callee, "", given)

    def wanted(self) -> Kinds:
        """Kinds of values that fit into the next place."""
        frame = self.frames[-1]
        if not frame.slot:
            if frame.todo[-1] in ("target", "place", "name"):
                return None
            if head(frame.token) == "Kw":
                return FUNCTION if frame.token == "Kw:key" else None
            return wants(head(frame.token), argument(frame.token), frame.kids, frame.wanted)
        if frame.slot == "args":
            node = self.frames[-2]
            if is_name(node.callee):
                scope, number = home(self.scopes, node.callee)
                return scope.takes.get(number, {}).get(len(frame.kids))
            method = argument(node.token) if head(node.token) == "Meth" else ""
            return argument_wants(node.callee, method, node.kids[0], frame.kids)
        if frame.slot == "items" and frame.kids:
            mixed = frame.token == "Tuple" or self.frames[-3].token == "Return"
            return None if mixed else alike(frame.kids[0])
        return None

    # what comes

    def push(self, token: str) -> None:
        """Take the next token. Raises ValueError for one that the grammar does not have there."""
        if not self.frames:
            self._push_type(token)
            return
        frame = self.frames[-1]
        slot = frame.slot or frame.todo[-1]
        if token == END and frame.slot and len(frame.kids) >= (SLOTS[slot].least or 0):
            self._end()
            return
        kind = head(token)
        if kind not in SLOTS[slot].heads:
            raise ValueError(token)
        slots = PRODUCTIONS[kind]
        wanted = self.wanted() if slot in ("expr", "index", "bound", "args") else None
        if not frame.slot:
            frame.todo.pop()
        if slots and kind != "Default":
            node = Frame("", list(reversed(slots)), token, wanted, stored=slot in STORED)
            if kind in _ENCLOSING or kind == "For":
                node.before, node.base = set(self.scopes[-1].readable), len(self.scopes[-1].kinds)
            if kind == "Targets":
                node.given = self._given(frame)
            self.frames.append(node)
        elif kind in NAMED:
            self._bind(frame, slot, token, kind)
        else:
            here = self._name(frame, slot, token, wanted) if is_name(token) else gives(kind, argument(token), (), "")
            if frame.calls:
                frame.callee = token if is_name(token) else argument(token)
            frame.kids.append(here)
        self._settle()

    def _push_type(self, token: str) -> None:
        if self.type_parts and token in TYPES:
            self.inputs[-1].append(token)
            self.type_parts += TYPES[token] - 1
        elif token == GO and not self.type_parts:
            self.frames.append(Frame("module", []))
        elif head(token) == INPUT and not self.type_parts:
            self.inputs.append([])
            self.input_names.append(argument(token))
            self.type_parts = 1
        else:
            raise ValueError(token)

    def _name(self, frame: Frame, slot: str, token: str, wanted: Kinds) -> Kind:
        """A name that is bound is set anew, or read. Gives what it holds."""
        scope, number = home(self.scopes, token)
        if slot in STORED:
            given = self._given(frame)
            scope.kinds[number] = given if number not in scope.readable else join([scope.kinds[number], given])
            scope.readable.add(number)
            if frame.token == "Assign" and not self.in_loop():
                scope.unread.add(number)
        else:
            if not self._changes(frame):
                scope.unread.discard(number)
            if wanted is not None and scope is self.scopes[-1]:
                narrow(scope, number, wanted)
        return scope.kinds[number]

    def _changes(self, frame: Frame) -> bool:
        """Whether a name comes next whose value is changed, and not read."""
        if frame.slot or frame.kids:
            return False
        return frame.stored or (head(frame.token) == "Meth" and self.frames[-2].token == "Expr")

    def _bind(self, frame: Frame, slot: str, token: str, kind: str) -> None:
        scope = self.scopes[-1]
        number = len(scope.kinds)
        scope.readable.add(number)
        if argument(token):
            scope.said[number] = argument(token)
        if slot == "name":
            scope.kinds.append(("func", ANY))
            scope.unread.add(number)
        elif kind == NEW:
            scope.kinds.append(self._given(frame))
            if frame.token == "Assign":
                scope.unread.add(number)
        else:
            scope.kinds.append(ANY)
            if self.frames[-2].token == "Def":
                scope.defaults.append(kind == "Default")
                scope.unread.add(number)
        if kind == "Default":
            self.frames.append(Frame("", ["literal"], token))
        else:
            frame.kids.append(ANY)

    def _given(self, frame: Frame) -> Kind:
        """What a target takes that stands next in this frame, the innermost."""
        if frame.slot == "targets":
            whole = self.frames[-2].given
            place = len(frame.kids)
            parts: list[Kind] = list(whole[1:]) if whole[0] == "tuple" else []
            return parts[place] if place < len(parts) else element(whole)
        first: Kind = frame.kids[0] if frame.kids else ANY
        return first if frame.token == "Assign" else element(first) if frame.token in ("For", "In") else ANY

    # what begins and ends

    def _settle(self) -> None:
        """Close what is complete, and open the lists that come next."""
        while self.frames:
            frame = self.frames[-1]
            if frame.slot:
                return
            if frame.todo:
                slot = frame.todo[-1]
                if SLOTS[slot].least is None:
                    return
                frame.todo.pop()
                self._open(frame, slot)
                return
            self.frames.pop()
            self._close(frame)

    def _open(self, node: Frame, slot: str) -> None:
        """A list begins."""
        if node.token == "Def" and slot == "params":
            self.scopes.append(Scope())
        scope = self.scopes[-1]
        if slot == "function":
            outer = self.scopes[-2]
            mine = len(outer.kinds) - 1
            outer.arity[mine] = (scope.defaults.count(False), len(scope.defaults))
            outer.takes[mine] = scope.needs
        if slot == "orelse":
            scope.readable = set(node.before)
        if slot == "body" or node.token == "While":
            node.before = set(scope.readable)
        fewest = self.arity(node, ())[0] if slot == "args" else 0
        self.frames.append(Frame(slot, [], node.token, fewest=fewest, base=len(scope.kinds)))

    def _end(self) -> None:
        """A list ends."""
        block = self.frames.pop()
        if block.slot == "module":
            self._begin_entry()
            return
        if block.slot == "function":
            results = self.scopes.pop().results
            if not self.frames:
                self.done = True
                return
            outer = self.scopes[-1]
            outer.kinds[-1] = ("func", join(results) if results else NONE)
        scope, node = self.scopes[-1], self.frames[-1]
        node.kids.append(block.kids)
        if block.slot == "body":
            node.after = None if block.left else set(scope.readable)
        elif block.slot == "loop":
            scope.readable = set(node.before)  # it may not run once, and then binds not even its target
        elif block.slot == "orelse":
            here = None if block.left else scope.readable
            ways = [way for way in (node.after, here) if way is not None]
            scope.readable = set.intersection(*ways) if ways else set(node.before)
            node.left = not ways
        self._settle()

    def _begin_entry(self) -> None:
        """`solution` begins, with the inputs as its names."""
        kinds = [of_type(tokens) for tokens in self.inputs]
        said = {number: name for number, name in enumerate(self.input_names) if name}
        self.scopes.append(Scope(kinds, set(range(len(kinds))), set(range(len(kinds))), said))
        self.frames.append(Frame("function", []))

    def _close(self, node: Frame) -> None:
        """A node is complete."""
        kind, parent, scope = head(node.token), self.frames[-1], self.scopes[-1]
        if kind == "Default":
            parent.kids.append(ANY)
            scope.kinds[-1] = node.kids[0] if node.kids[0] != NONE else ANY
            return
        if kind in _ENCLOSING:
            scope.readable &= node.before
            for number in range(node.base, len(scope.kinds)):
                scope.said.pop(number, None)
        if kind == "Return":
            scope.results.append(node.kids[0])
        if node.token == "Meth:append" and node.kids[1]:
            grown(self.scopes, node.kids[0], node.kids[1][0])
        parent.kids.append(gives(kind, argument(node.token), node.kids, node.callee))
        if parent.slot in BLOCKS:
            parent.left = kind in LEAVING or node.left
