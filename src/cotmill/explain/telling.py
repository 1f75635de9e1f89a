"""Tells the tree of steps: statements one by one, loops pass by pass, calls followed, long stretches folded."""

from __future__ import annotations

import ast
from collections import Counter, deque
from collections.abc import Callable

from cotmill.base.trace import Branch, Call, Del, Event, Raise, Return, Set, Trace, Unwind, Value, Yield
from cotmill.base.values import Record
from cotmill.explain.calls import called, given, header, shown
from cotmill.explain.conditions import again, outcome
from cotmill.explain.expressions import settled
from cotmill.explain.functionals import Nameless, is_nameless, is_quiet
from cotmill.explain.literals import article
from cotmill.explain.loops import LoopTeller
from cotmill.explain.phrases import LINE, PARAGRAPH, Page, joined
from cotmill.explain.places import Happening
from cotmill.explain.reading import Density, Reading
from cotmill.explain.source import COMPOUND, Block, Source, place
from cotmill.explain.state import UNKNOWN, State, Texts
from cotmill.explain.statements import changed, said, tell
from cotmill.explain.steps import Item, Loop, Segment, Step

__all__ = ["Teller"]

_CONNECTIVES = ("Then ", "Next, ", "After that, ", "Now ")


class Teller:
    """One telling of one trace at one density: `entry` tells it all, `page` holds the text."""

    def __init__(self, source: Source, trace: Trace, texts: Texts, density: Density) -> None:
        self.page = Page(
            line=PARAGRAPH if density.style.spoken else LINE, listed=density.style.listed, varied=density.style.spoken
        )
        self.source = source
        self._sites = trace.sites
        self.density = density
        self.texts = texts
        self.state = State(source, trace.values)
        self.reading = Reading(source, trace.sites, texts, self.state, density)
        self._told_calls: Counter[str] = Counter()
        self._results: dict[str, int] = {}  # by the words of the call, what it gave
        self._names: dict[int, str] = {}  # of frames, for generators that go on
        self._raised: dict[int, Raise] = {}  # by frame, the exception that was raised last
        self._untold: set[int] = set()  # frames of which a stay was not told: their later ones would not follow on
        self._generators: dict[int, ast.expr | None] = {}  # generator expressions by frame
        self._depth = 0
        self._said = 0  # assignments outside loops, in prose
        self._loops = LoopTeller(self)

    def entry(self, roots: list[Segment], before: list[Set | Del], opening: Callable[[list[str]], str]) -> None:
        """The entry call, the first of the trace; what the module itself bound is taken as known.

        `opening` makes the first sentence, or none, of the inputs as they are told (``n = 3``).
        """
        entry = roots[-1]
        call = entry.call
        if call is None:
            raise ValueError("the trace does not end with the entry call")
        for event in before:
            self.state.apply(event)
        for root in roots[:-1]:
            self._silent(root)
        self.state.enter(call)
        self.reading.entry = call.frame
        first = opening([given(name, index, self.reading) for name, index in call.args])
        if first:
            self.page.say(first)
            self.page.end_line()
        self.items(entry.items)

    # --- calls

    def _segment(self, segment: Segment) -> None:
        """A call or a resumption inside the step that is being told."""
        saved = self.reading.saved()
        if segment.call is not None:
            self._call(segment, segment.call)
        elif segment.frame in self._names and segment.frame not in self._untold:
            mark = self.page.mark()
            self.page.open(f"Go on in {self._names[segment.frame]}:")
            self.items(segment.items)
            self.page.close_stay(mark)
        else:
            self._silent(segment)
        self.reading.restore(saved)

    def _call(self, segment: Segment, call: Call) -> None:
        self.state.enter(call)
        name = self._names[segment.frame] = called(call, self.source, self.reading)
        words = header(call, self.source, self.reading)
        if self._is_inner_generator(call):
            self._silent(segment)
            return
        before = self._results.get(f"{call.args}{words}")
        if before is not None and isinstance(segment.end, Return) and before == segment.end.value:
            self._silent(segment)
            self.page.say(f"Calling {words} gives {shown(before, self.reading)}, as before")
        elif self._told_calls[name] >= self.density.calls or self._depth >= self.density.depth:
            self._silent(segment)
            self.page.say(*self._worked_out(segment, words))
        else:
            self._follow(segment, call, name, words)
            if (
                isinstance(segment.end, Return)
                and len(segment.items) > 1
                and not self._changes_argument(segment, call)
                and not self.source.yields(call.name, call.line)
            ):
                self._results[f"{call.args}{words}"] = segment.end.value

    def _is_inner_generator(self, call: Call) -> bool:
        """A generator that a run of the same generator asks: what it hands out is told where it is received."""
        if self.density.plain or not self.source.yields(call.name, call.line):
            return False
        return call.line in self.state.runs_around(call.frame)

    def _follow(self, segment: Segment, call: Call, name: str, words: str) -> None:
        if not self.density.plain and isinstance(segment.end, Return) and self.source.keeps(call.name, call.line):
            self._silent(segment)
            if self.density.style.whole:
                self.page.say(f"Make {article(words)}")
            return
        self._told_calls[name] += 1
        self._depth += 1
        header = f"Make {article(words)}:" if call.name == "__init__" else f"{self.density.style.call} {words}:"
        self.page.open(header)
        self.items(segment.items)
        if isinstance(segment.end, Unwind):
            raised = self._raised.get(segment.frame)
            self.page.say(f"{raised.type if raised else 'The exception'} leaves {name}")
        self.page.close_call(header, words)
        self._depth -= 1

    def _changes_argument(self, segment: Segment, call: Call) -> bool:
        """Whether a container or an object that it was given is another afterwards: it does more than give a result."""
        given = {
            name for name, index in call.args if isinstance(self.texts.values[index], (Record, list, dict, set, deque))
        }
        last = self.state.held(segment.frame)
        return any(name in given and last.get(name) != index for name, index in call.args)

    def _worked_out(self, segment: Segment, words: str) -> list[str]:
        """A call that is not followed."""
        if isinstance(segment.end, Return):
            if self.texts.values[segment.end.value] is None:
                return [f"Calling {words} goes the same way"]
            return [f"Calling {words} gives {shown(segment.end.value, self.reading)}, worked out the same way"]
        if isinstance(segment.end, Unwind):
            return [f"Calling {words} ends in an exception"]
        return []

    # --- steps

    def items(self, items: list[Item]) -> None:
        for number, item in enumerate(items):
            if isinstance(item, Loop):
                self.reading.frame = item.frame
                self._loops.tell(item)
            else:
                self._enter_clause(item, items[number + 1 : number + 2])
                self._step(item)

    def _step(self, step: Step) -> None:
        self.page.wrap()
        self.reading.start(step.frame)
        self.stretch(step, 0, len(step.parts), step.blocks)

    def stretch(self, step: Step, begin: int, end: int, blocks: list[Block], told: tuple[str, ...] = ()) -> None:
        """Tell a stretch of a step: the calls in it, then its statements, then what else changed."""
        if begin >= end and not blocks:
            return
        record = self.reading.record
        now = Happening(told=set(told))
        nameless = Nameless(self.source, self._generators)
        statement = blocks[0] if blocks else None
        for part in step.parts[begin:end]:
            if isinstance(part, Value):  # the most frequent by far
                record(part.site, part.value)
            elif isinstance(part, Segment):
                self._keep(now)
                if not is_nameless(part) and not nameless.goes_on(part):
                    self._say_so_far(now, nameless, statement)
                    now.followed = True
                now.arrived = isinstance(part.end, Unwind)
                self._inner(part, nameless)
            elif isinstance(part, Branch):
                self.reading.decide(part.site, part.truth)
                if self._sites[part.site].kind == "ifexp":
                    now.chosen.append(part)
            else:
                now.take(part)
        if self.source.cached and statement is not None:
            self._recall(step.parts[begin:end], statement)
        if self._say_so_far(now, nameless, statement):
            blocks = blocks[1:]
        self._say_statements(step, blocks, now)
        self._apply(now)

    def _recall(self, parts: list[Event | Segment], statement: Block) -> None:
        """Calls whose result was kept: nothing ran."""
        header = statement if not isinstance(statement, COMPOUND) else getattr(statement, "test", None)
        if header is None or self.density.plain:
            return
        ran = [part.call for part in parts if isinstance(part, Segment) and part.call is not None]
        given = {(call.name, *(self.texts.of(index) for _, index in call.args)) for call in ran}
        known = []
        for node in ast.walk(header):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.keywords:
                continue
            index = self.reading.result(node)
            if node.func.id not in self.source.cached or index == UNKNOWN:
                continue
            values = [settled(argument, self.reading) for argument in node.args]
            value = self.reading.value(index, 80)
            if value and (node.func.id, *values) not in given:
                known.append(f"{node.func.id}({', '.join(values)}) = {value}")
        if known:
            self.page.pause()
            self.page.say(f"{joined(list(dict.fromkeys(known)))} {'is' if len(known) == 1 else 'are'} known already")

    def _say_so_far(self, now: Happening, nameless: Nameless, statement: Block | None) -> bool:
        """Comprehensions, lambdas and the sides that were chosen. True where that told the statement, too."""
        named = ""
        if not self.density.plain:
            sentences, named = nameless.sentences(self.reading, statement)
            self.page.say(*sentences)
        for branch in now.chosen:
            test = self.source.node(self._sites[branch.site])
            if test is not None:
                self._chosen(test, truth=branch.truth)
        now.chosen = []
        if named:
            now.told.add(named)
        return bool(named)

    def _say_statements(self, step: Step, blocks: list[Block], now: Happening) -> None:
        last: list[str] = []
        for block in self._executed(blocks, now):
            if isinstance(block, ast.If) and self._tested_again(block):
                continue
            sentences = tell(block, self.reading, now)
            if isinstance(block, ast.Return):
                # what else the statement changed comes before it
                last = [] if self._is_answer(block) else sentences
            elif block in self.source.given and not self.density.style.whole:
                self.page.gather(*sentences)
            else:
                self.page.say(*self._connected(block, sentences))
            if len(blocks) > 1:
                self._settle(now)
        self.page.say(*changed(self.reading, now, self._held_before), *last)
        if now.raised is not None:
            self._raised[step.frame] = now.raised
            if not now.arrived and not (blocks and isinstance(blocks[-1], ast.Raise)):
                self.page.say(f"This raises {said(now.raised)}")

    def _chosen(self, test: ast.expr, *, truth: bool) -> None:
        """The test of a conditional expression: why the statement comes out as it does."""
        clause = again(test, truth, self.reading) if place(test) in self.reading.asked else ""
        if clause:
            self.page.reason(clause)
        else:
            self.page.say(outcome(test, truth, self.reading))

    def _tested_again(self, node: ast.If) -> bool:
        """Tell a test that was quoted before by its values, as the reason for what comes of it."""
        truth = self.reading.truth(node.test)
        if truth is None or place(node.test) not in self.reading.asked:
            return False
        if self._goes_without_saying(node):
            return True
        if isinstance(node.test, ast.BoolOp) and not (truth and isinstance(node.test.op, ast.And)):
            return False  # values alone do not say how they decided
        clause = again(node.test, truth, self.reading)
        if not clause:
            return False
        follows = node.body if truth else node.orelse
        if follows and not isinstance(follows[0], COMPOUND):
            self.page.reason(clause)
        else:
            self.page.say(clause)
        return True

    def _goes_without_saying(self, node: ast.If) -> bool:
        """``if x`` in a loop over `x`, whose value the pass has just named."""
        if not isinstance(node.test, ast.Name) or self.density.plain:
            return False
        loops = self.source.inside[node][-1:]
        return any(isinstance(loop, ast.For) and node.test.id in self.source.stored(loop.target) for loop in loops)

    def _is_answer(self, node: ast.Return) -> bool:
        """The entry call ends by returning a name: the last line says its value."""
        if self.density.style.whole or self.density.plain or self.page.is_empty:
            return False
        return node in self.source.last and self.reading.frame == self.reading.entry

    def _connected(self, block: Block, sentences: list[str]) -> list[str]:
        """In prose, every third step outside loops begins with a word that ties it to the one before."""
        if not self.density.style.spoken or self.density.plain or self.page.is_inside:
            return sentences
        if not isinstance(block, (ast.Assign, ast.AugAssign)) or not sentences:
            return sentences
        self._said += 1
        word = _CONNECTIVES[self._said // 3 % len(_CONNECTIVES)] if self._said % 3 == 0 else ""
        return [word + sentences[0], *sentences[1:]]

    def _inner(self, segment: Segment, nameless: Nameless) -> None:
        goes_on = nameless.goes_on(segment)
        if (is_nameless(segment) or goes_on) and is_quiet(segment):
            nameless.take(segment)
            self._silent(segment)
        elif goes_on or (is_nameless(segment) and segment.call is not None and segment.call.name != "<lambda>"):
            self._busy_comprehension(segment, nameless.hold(segment))
        else:
            self._segment(segment)

    def _busy_comprehension(self, segment: Segment, node: ast.expr | None) -> None:
        """One in which functions of the program are called: these are followed, in their order.

        `node`: a generator expression; what it hands out is told when it does.
        """
        saved = self.reading.saved()
        if segment.call is not None:
            self.state.enter(segment.call)
        self.reading.start(segment.frame)
        inner = Nameless(self.source, self._generators)
        for item in segment.items:
            for part in item.parts if isinstance(item, Step) else ():
                if isinstance(part, Segment):
                    self._inner(part, inner)
                elif isinstance(part, (Set, Del)):
                    self.state.apply(part)
                elif isinstance(part, Value):
                    self.reading.record(part.site, part.value)
                elif isinstance(part, Branch):
                    self.reading.decide(part.site, part.truth)
                elif isinstance(part, Yield) and isinstance(node, ast.GeneratorExp):
                    self._handed_out(node, part)
        self.reading.restore(saved)

    def _handed_out(self, node: ast.GeneratorExp, event: Yield) -> None:
        """``For x = 2, square(2) + 1 = 4 + 1 = 5``."""
        targets = (part for clause in node.generators for part in ast.walk(clause.target))
        names = [part.id for part in targets if isinstance(part, ast.Name)]
        turn = [
            f"{name} = {value}"
            for name in names
            if (index := self.reading.held(name)) != UNKNOWN and (value := self.reading.value(index, 80))
        ]
        chain = self.reading.chain(node.elt, event.value)
        if turn and " = " in chain:
            self.page.say(f"For {joined(turn)}, {chain}")

    def _executed(self, blocks: list[Block], now: Happening) -> list[Block]:
        """Those of the statements on a line that ran, as far as a branch or an exception on the same line tells."""
        if len(blocks) < 2:
            return blocks
        if isinstance(blocks[0], ast.If):
            return blocks if self.reading.truth(blocks[0].test) else blocks[:1]
        if isinstance(blocks[0], ast.ExceptHandler):
            return blocks if now.leave is not None or now.sets else []
        if isinstance(blocks[0], ast.match_case):
            return blocks if self._fits(blocks[0], blocks[1:], now) else []
        if isinstance(blocks[0], ast.With):
            return []
        names = [
            part.id
            for block in blocks
            for part in ast.walk(block)
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
        ]
        return blocks if len(names) == len(set(names)) else []

    def _fits(self, case: ast.match_case, blocks: list[Block], now: Happening) -> bool:
        """Whether the statements on the line of a `case` ran."""
        bound = {part.name for part in ast.walk(case.pattern) if isinstance(part, (ast.MatchAs, ast.MatchStar))}
        return now.leave is not None or bool(now.sets.keys() - bound) or (now.followed and bool(blocks))

    def _enter_clause(self, item: Step, following: list[Item]) -> None:
        """An `except` or `case` that applies: its line alone does not tell, but its body runs next."""
        clause = item.blocks[0] if item.blocks else None
        if not isinstance(clause, (ast.ExceptHandler, ast.match_case)) or not _runs(clause, item, following):
            return
        self.page.wrap()
        if isinstance(clause, ast.match_case):
            self.page.say(f"The case `{self.source.text(clause.pattern)}` fits")
        elif item.frame in self._raised:
            self.page.say(f"{self._raised.pop(item.frame).type} is caught")

    def _silent(self, segment: Segment) -> None:
        """A stay in a frame that is not told: names change all the same."""
        self._untold.add(segment.frame)
        if segment.call is not None and segment.frame not in self._names:
            self.state.enter(segment.call)
            self._names[segment.frame] = called(segment.call, self.source, self.reading)
        self.pass_over(segment.items, -1, {})

    def pass_over(self, items: list[Item], frame: int, changes: dict[str, int]) -> None:
        """Apply the changes of steps without telling them; those of one frame are noted."""
        waiting: list[Item | Event | Segment] = list(reversed(items))
        while waiting:
            item = waiting.pop()
            if isinstance(item, Step):
                waiting += reversed(item.parts)
            elif isinstance(item, Loop):
                waiting += reversed(_in_order(item))
            elif isinstance(item, Segment):
                self._untold.add(item.frame)
                if item.call is not None:
                    self.state.enter(item.call)
                    self._names[item.frame] = called(item.call, self.source, self.reading)
                waiting += reversed(item.items)
            elif isinstance(item, (Set, Del)):
                self.state.apply(item)
                if item.frame == frame and isinstance(item, Set):
                    changes[item.name] = item.value

    # --- names

    def _held_before(self, frame: int, name: str) -> int:
        """What a name held when the step began."""
        return self.reading.held(name) if frame == self.reading.frame else self.state.lookup(frame, name)

    def _keep(self, now: Happening) -> None:
        """Names change before a call inside the step: the statement still tells what it read before."""
        for event in now.events:
            self.reading.keep(event.name)
            self.state.apply(event)

    def _settle(self, now: Happening) -> None:
        """The first of several statements on a line is over: the next one reads what it set."""
        for event in now.events:
            if event.name in now.told:
                self.state.apply(event)

    def _apply(self, now: Happening) -> None:
        for event in now.events:
            self.state.apply(event)


def _runs(clause: ast.ExceptHandler | ast.match_case, item: Step, following: list[Item]) -> bool:
    """Whether the body of the clause is executed, on its own line or next."""
    first = clause.body[0]
    if first in item.blocks:
        return any(isinstance(part, (Return, Set, Value, Segment)) for part in item.parts)
    return any(first is step.node if isinstance(step, Loop) else first in step.blocks for step in following)


def _in_order(loop: Loop) -> list[Step | Loop]:
    """Steps of a loop in the order in which they happened."""
    items: list[Step | Loop] = []
    for round_ in loop.rounds:
        if round_.head is not None:
            items.append(round_.head)
        items += round_.items
    if loop.last is not None and not (items and items[-1] is loop.last):
        items.append(loop.last)
    elif not loop.rounds and loop.first is not None:
        items.append(loop.first)
    return items
