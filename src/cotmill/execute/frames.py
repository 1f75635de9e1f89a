"""The frames of a traced program: each is the local trace function of one running frame.

Standard library only: it runs inside the sandbox's child, where it is loaded by its path.
"""

from __future__ import annotations

import builtins
import dis
import marshal
import sys
import types
from typing import Any

__all__ = ["Code", "Frame", "Module", "Passes"]

NO_VALUE = -1
_GENERATOR = 0x20  # CO_GENERATOR
_RETURNS = frozenset(dis.opmap[name] for name in ("RETURN_VALUE", "RETURN_CONST") if name in dis.opmap)
# From Python 3.13 on a generator that waits stands at the instruction with which it will go on.
_YIELDS = frozenset((dis.opmap["RESUME" if sys.version_info >= (3, 13) else "YIELD_VALUE"],))
_YIELD_FROM = dis.opmap.get("YIELD_FROM")  # up to Python 3.10, later SEND, which from 3.12 on ends in END_SEND
_ENDS_OF_ITERATION = frozenset(
    dis.opmap[name] for name in ("FOR_ITER", "YIELD_FROM", "SEND", "END_SEND") if name in dis.opmap
)
_BUILTIN_ERRORS = frozenset(
    id(item) for item in vars(builtins).values() if isinstance(item, type) and issubclass(item, BaseException)
)
_ARGS = BaseException.__dict__["args"].__get__
_MRO, _NAME = type.__dict__["__mro__"].__get__, type.__dict__["__name__"].__get__
_MISSING = object()
_KEYED_BY_VALUE = frozenset(map(id, (int, str, bool, type(None))))  # as in valuetable.py
_gettrace, _settrace = sys.gettrace, sys.settrace


class Code:
    """What is the same for all frames of one code object."""

    __slots__ = ("binds_early", "code", "line", "name", "opcodes", "params", "quiet")

    def __init__(self, code: types.CodeType, line: int, quiet: dict[int, tuple[str, ...]]) -> None:
        self.code = code  # kept, so that its id() stays its own
        first = code.co_varnames[0] if code.co_varnames else ""
        self.name = first[1:] if first[:2] == ".<" else code.co_name  # as instrument.py names comprehensions
        self.line = line
        self.opcodes = code.co_code if _YIELD_FROM is None else _as_later(code.co_code)
        # A comprehension gives its names new values in the middle of a line: they are told before what is made of them.
        self.binds_early = first[:1] == "."
        count = code.co_argcount + code.co_kwonlyargcount
        count += bool(code.co_flags & 0x4) + bool(code.co_flags & 0x8)  # *args, **kwargs
        self.quiet = quiet
        if code.co_flags & _GENERATOR and code.co_cellvars:  # frames that outlive it can share what it binds
            shared = code.co_cellvars
            self.quiet = {at: names for at, names in quiet.items() if not any(name in shared for name in names)}
        self.params = [name for name in code.co_varnames[:count] if name[0] != "."]


def _as_later(opcodes: bytes) -> bytes:
    """The instructions of Python 3.8 to 3.10, such that what stands at `f_lasti` is what it is in later versions.

    A generator that waits in a `yield from` stands one instruction before it, one with a long argument at its prefix.
    """
    marked = bytearray(opcodes)
    for at in range(len(opcodes) - 2, 0, -2):
        if marked[at - 2] == dis.EXTENDED_ARG:
            marked[at - 2] = marked[at]
        elif marked[at] == _YIELD_FROM:
            marked[at - 2] = dis.opmap["YIELD_VALUE"]
    return bytes(marked)


class Frame:
    """One frame of the program, from its call to its end; a generator's sleeps in between."""

    __slots__ = (
        "about", "bound", "caller", "depth", "frame", "line", "new_moment", "number", "passes", "raised_at",
        "recorder", "seen", "shown", "tokens",
    )  # fmt: skip

    def __init__(self, recorder: Any, caller: Frame | None, about: Code, number: int, frame: Any) -> None:
        self.recorder = recorder
        self.new_moment = recorder.values.new_moment
        self.caller = caller
        self.about = about
        self.number = number
        self.frame = frame  # only while it runs
        self.depth: int = 0 if caller is None else caller.depth + 1
        self.tokens: dict[str, Any] = {}  # name -> immutable value, fingerprint, or mark of a type that tells all
        self.shown: dict[str, int] = {}  # name -> index of the value that was last recorded
        self.passes: dict[int, int] = {}  # site of a while loop under way -> passes so far
        self.line = 0  # under way; none yet
        self.bound: tuple[str, ...] | None = ()  # names that it can bind; None: it can change anything
        self.seen = -1  # recorder.changes at the last look at everything
        self.raised_at = -1  # offset of the instruction that raised, until the next line

    def __call__(self, frame: types.FrameType, event: str, arg: Any) -> Frame:
        if event == "line":
            self.on_line(frame, frame.f_lineno)
            return self
        self.new_moment()
        if event == "return":
            self.on_exit(frame, arg)
        elif event == "exception":
            self.on_exception(frame, arg[0], arg[1])
        return self

    def resume(self, caller: Frame, frame: types.FrameType) -> None:
        self.caller, self.frame = caller, frame
        self.seen = -1  # names that it shares with other frames can have got other values
        self.recorder.events.append(("resume", self.number))

    def on_line(self, frame: types.FrameType, line: int) -> None:
        recorder, bound = self.recorder, self.bound
        if bound is None or recorder.changes != self.seen:
            self.new_moment()
            self.compare()
        elif bound:
            names, known = frame.f_locals, self.tokens.get
            for name in bound:
                value = names.get(name, _MISSING)
                if known(name, _MISSING) is value:
                    continue
                if id(type(value)) in _KEYED_BY_VALUE and self.number:
                    self.changed(name, value, value)
                else:
                    self.new_moment()
                    self.compare()
                    break
        recorder.count_line()
        recorder.events.append(("line", self.number, line))
        self.line = line
        self.bound = self.about.quiet.get(line)
        self.raised_at = -1
        if self.passes:
            spans = recorder.plan.spans
            for site in tuple(self.passes):
                first, last = spans[site]
                if not first <= line <= last:
                    del self.passes[site]
        if line in recorder.plan.endless:
            self.next_pass(recorder.plan.endless[line])

    def next_pass(self, site: int) -> None:
        """A pass of a while loop begins."""
        number = self.passes[site] = self.passes.get(site, 0) + 1
        self.recorder.events.append(("pass", self.number, site, number, NO_VALUE))

    def on_exit(self, frame: types.FrameType, value: Any) -> None:
        """The frame is left, for good or until a generator goes on."""
        recorder, events = self.recorder, self.recorder.events
        self.compare()
        operation = self.about.opcodes[frame.f_lasti]
        if operation in _RETURNS:
            self.on_return(value)
        elif operation in _YIELDS and self.raised_at != frame.f_lasti:
            events.append(("yield", self.number, recorder.values.index(value)))
        elif events[-2:] == [("resume", self.number), ("raise", self.number, "GeneratorExit", "")]:
            del events[-2:]  # a generator that nobody needs any more was closed, and none of its code ran
        else:
            events.append(("unwind", self.number))
        self.frame = None
        if self.caller is not None:
            recorder.current, self.caller = self.caller, None
            recorder.current.compare()

    def on_return(self, value: Any) -> None:
        self.recorder.events.append(("return", self.number, self.recorder.values.index(value)))

    def on_exception(self, frame: types.FrameType, kind: type, error: BaseException) -> None:
        if issubclass(kind, StopIteration) and self.about.opcodes[frame.f_lasti] in _ENDS_OF_ITERATION:
            return  # how a loop ends
        recorder = self.recorder
        if issubclass(kind, RecursionError):
            recorder.overflow("calls as deep as the interpreter allows, which tracing makes less deep")
        self.compare()
        self.raised_at = frame.f_lasti
        name, text = _NAME(kind), message(error)
        recorder.events.append(("raise", self.number, name, text))
        recorder.spend(len(name) + len(text))

    # --- names --------------------------------------------------------------------------------------------------

    def learn(self, name: str, value: Any) -> int:
        """Take a parameter's value as recorded. Gives its index."""
        kind, values = type(value), self.recorder.values
        index: int = values.index(value)
        self.shown[name] = index
        if id(kind) in values.immutable:
            self.tokens[name] = value
        else:
            self.tokens[name] = values.steady.get(id(kind)) or values.fingerprint(value)
        return index

    def compare(self) -> None:
        """Record what changed among the names of this frame, and among those of the module."""
        frame, recorder = self.frame, self.recorder
        if frame is None:
            return
        if self.is_quiet() and (not self.bound or self.compare_bound(frame.f_locals)):
            return
        names = frame.f_locals
        self.compare_items(names.items())
        if len(self.tokens) != len(names):
            self.forget(names)
        self.seen = recorder.changes
        module = recorder.module
        if (module.shared or recorder.plan.declared) and module.seen_shared != recorder.changes:
            module.compare_shared()

    def is_quiet(self) -> bool:
        """Whether nothing can have changed since the last look but names that the line under way binds."""
        if self.bound is None:
            self.recorder.changes += 1
            return False
        return bool(self.recorder.changes == self.seen)

    def compare_bound(self, names: dict[str, Any]) -> bool:
        """Record what changed among the names that the line under way binds. Gives whether that is all."""
        tokens, recorder = self.tokens, self.recorder
        for name in self.bound or ():
            if name not in names:
                if name in tokens:
                    self.forget(names)
                continue
            value = names[name]
            if tokens.get(name, _MISSING) is value:
                continue
            if self.line in recorder.plan.augmented and id(type(value)) not in recorder.values.immutable:
                recorder.changes += 1  # `xs += ys` has changed the list that xs was
                return False
            self.compare_items(((name, value),))
        return True

    def compare_items(self, items: Any) -> None:
        tokens, values = self.tokens, self.recorder.values
        immutable, steady, known = values.immutable, values.steady, tokens.get
        for name, value in items:
            old = known(name, _MISSING)
            if old is value:  # only what is immutable is its own token
                continue
            kind = id(type(value))
            if kind in immutable:
                self.changed(name, value, value)
            elif kind in steady:
                if old is not steady[kind]:
                    self.changed(name, value, steady[kind])
            else:
                token = values.fingerprint(value)
                if old != token:
                    self.changed(name, value, token)

    def changed(self, name: str, value: Any, token: Any) -> None:
        recorder = self.recorder
        self.tokens[name] = token
        if name[0] == "." or (name not in self.shown and recorder.values.is_definition(value)):
            return
        index = recorder.indices.get((type(value), value)) if id(type(value)) in _KEYED_BY_VALUE else None
        if index is None:
            index = recorder.values.index(value)
        if self.shown.get(name) != index:
            self.shown[name] = index
            recorder.events.append(("set", self.number, name, index))
            recorder.spend(len(name))

    def forget(self, names: dict[str, Any]) -> None:
        """Record the names that are gone."""
        for name in [name for name in self.tokens if name not in names]:
            del self.tokens[name]
            if self.shown.pop(name, None) is not None and not self.about.binds_early:
                self.recorder.events.append(("del", self.number, name))


class Module(Frame):
    """The module's frame. Functions can change what its names hold, so these are compared at their events too."""

    __slots__ = ("given", "namespace", "seen_shared", "shared")

    def __init__(self, recorder: Any, about: Code, frame: types.FrameType) -> None:
        super().__init__(recorder, None, about, 0, frame)
        self.namespace = frame.f_globals
        self.given = dict(self.namespace)  # what the names held that the program did not set: not reported
        self.shared: list[str] = []  # names with a value that can change in place
        self.seen_shared = -1  # recorder.changes at the last look at these

    def on_line(self, frame: types.FrameType, line: int) -> None:
        if line in self.recorder.plan.defining:
            self.bound = None
        else:
            super().on_line(frame, line)

    def on_return(self, value: Any) -> None:
        pass

    def compare(self) -> None:
        if self.is_quiet() and not self.bound:
            return
        plan, values, given = self.recorder.plan, self.recorder.values, self.given
        self.take_imports(plan.imported, plan.stars)
        own = {
            name: value
            for name, value in self.namespace.items()
            if name[:2] != "__" and not (name in given and given[name] is value)
        }
        self.compare_items(own.items())
        if len(self.tokens) != len(own):
            self.forget(own)
        declared, settled = plan.declared, values.settled
        self.shared = [name for name, value in own.items() if name not in declared and id(type(value)) not in settled]
        self.seen = self.seen_shared = self.recorder.changes

    def take_imports(self, names: set[str], stars: set[str]) -> None:
        """Take as given what was imported, except plain numbers and texts such as `pi`."""
        for module in stars:
            names = names | vars(sys.modules.get(module, sys)).keys()
        for name in names - self.given.keys() - self.tokens.keys():
            value = self.namespace.get(name)
            if value is not None and id(type(value)) not in self.recorder.values.immutable:
                self.given[name] = value

    def compare_shared(self) -> None:
        self.seen_shared = self.recorder.changes
        for names in (self.shared, self.recorder.plan.declared):
            if names:
                space = self.namespace
                self.compare_items([(name, space[name]) for name in names if name in space])


class Passes:
    """The iterator that a for loop gets: hands on what the program's own iterator gives, and counts."""

    __slots__ = ("count", "items", "recorder", "site")

    def __init__(self, recorder: Any, site: int, iterable: Any) -> None:
        self.recorder = recorder
        self.site = site
        self.count = 0
        self.items = iter(iterable)

    def __iter__(self) -> Passes:
        return self

    def __next__(self) -> Any:
        try:
            item = next(self.items)
        except StopIteration:
            recorder = self.recorder
            recorder.events.append(("done", recorder.current.number, self.site, self.count))
            raise
        self.count += 1
        recorder = self.recorder
        if _gettrace() is recorder.trace:
            _settrace(None)
            kind = type(item)
            index = recorder.indices.get((kind, item)) if id(kind) in _KEYED_BY_VALUE else None
            if index is None:
                recorder.values.new_moment()
                index = recorder.values.index(item)
            recorder.events.append(("pass", recorder.current.number, self.site, self.count, index))
            _settrace(recorder.trace)
        return item


def message(error: BaseException) -> str:
    """What str() makes of an exception, as far as that can be told without calling code of the program."""
    try:
        marshal.dumps(_ARGS(error), 4)  # fails on everything but plain values
        own = next(kind for kind in _MRO(type(error)) if id(kind) in _BUILTIN_ERRORS)
        return str.__str__(own.__str__(error))
    except ValueError:
        return ""
