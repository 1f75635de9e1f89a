"""The machine that says which token may follow: what it takes, what it refuses, and that any walk through it ends well."""

from __future__ import annotations

import ast
from functools import cache
from random import Random

import numpy as np
import pytest

from compose.bound import unbound
from compose.starters import inputs_of, starters
from cotmill.compose.codegen.machine.gives import gives
from cotmill.compose.codegen.machine.kinds import ANY, BOOL, INT, NONE, NUM, STR, Kind, element, join, of_type
from cotmill.compose.codegen.machine.machine import Machine
from cotmill.compose.codegen.machine.place import fits
from cotmill.compose.codegen.machine.wants import argument_wants, may_give, wants
from cotmill.compose.codegen.skeleton.decode import decode
from cotmill.compose.codegen.skeleton.encode import encode
from cotmill.compose.codegen.skeleton.grammar import GO, Unsupported
from cotmill.compose.codegen.skeletons import Skeletons


@cache
def learned() -> Skeletons:
    return Skeletons.learn(starters())


def after(tokens: str) -> Machine:
    """A machine that has read these tokens."""
    machine = Machine()
    for token in tokens.split():
        machine.push(token)
    return machine


def takes(tokens: str, *following: str) -> list[bool]:
    """For each token whether it may follow."""
    machine = after(tokens)
    return [fits(machine.place(), token) or token in machine.names() for token in following]


# --- real programs


def test_real_programs_are_taken() -> None:
    """Nearly every token of the starter programs, which nobody wrote for the machine, is offered in its place."""
    offered = tokens = 0
    for material in starters():
        try:
            skeleton = encode(material.code, inputs_of(material))
        except Unsupported:
            continue
        machine = Machine()
        for token in skeleton.tokens:
            tokens += 1
            offered += fits(machine.place(), token) or token in machine.names()
            machine.push(token)
        assert machine.done, material.id
    assert tokens > 10_000
    assert offered / tokens >= 0.975  # what is missing are mostly modules whose functions are not in the tables


# --- walks


def walk(limit: int, seed: int, count: int = 40) -> list[list[int]]:
    """Sequences drawn evenly from what is allowed, behind the inputs of real programs: without those none are known."""
    representation = learned()
    rng = np.random.default_rng(seed)
    go = representation._number[GO]
    heads = [tokens[: tokens.index(go) + 1] for m in starters() if (tokens := representation.encode(m))]
    begun = [heads[number] for number in rng.integers(len(heads), size=count)]
    guide = representation.guide(count, limit)
    last, rows = [representation.bos] * count, [[] for _ in range(count)]
    for step in range(limit):
        mask = guide.allowed(last)
        assert mask.any(axis=1).all(), "a place where nothing may follow"
        drawn = np.where(mask, rng.random(mask.shape), -1).argmax(axis=1)
        last = [
            head[step + 1] if step + 1 < len(head) else int(token) for head, token in zip(begun, drawn, strict=True)
        ]
        for row, token in zip(rows, last, strict=True):
            row.append(token)
    return rows


@pytest.mark.parametrize("limit", [40, 100, 300])
@pytest.mark.parametrize("seed", range(4))
def test_any_walk_is_a_program(limit: int, seed: int) -> None:
    """Whatever is drawn ends within the limit, parses, and reads no name that may be unbound."""
    representation = learned()
    for row in walk(limit, seed):
        assert representation.eos in row, "cut off at the limit"
        ended = row.index(representation.eos)
        assert set(row[ended + 1 :]) <= {representation.pad}
        tokens = [representation._vocabulary[number] for number in row[:ended]]
        skeleton, inputs = representation._filling.fill(tokens, Random(seed)) or pytest.fail("no inputs")
        code = decode(skeleton)
        ast.parse(code)
        assert inputs
        assert unbound(code) == [], code


def test_walks_differ() -> None:
    """The machine leaves a choice."""
    assert len({tuple(row) for row in walk(100, 0)}) == 40


def test_a_finished_sequence_is_filled_up() -> None:
    """Behind the end only padding may follow, whatever the others do."""
    representation = learned()
    guide = representation.guide(2, 50)
    guide.allowed([representation.bos, representation.bos])
    mask = guide.allowed([representation.eos, representation._number["Input"]])
    assert np.flatnonzero(mask[0]).tolist() == [representation.pad]
    assert mask[1].sum() > 1


# --- kinds

XS = "Input:xs list int Input:n int Input:x float Input:s str Input:b bool Input:d dict str int Go End "


@pytest.mark.parametrize(("behind", "yes", "no"), [
    ("Assign Bin:+ L0", "List L0", 'L1 I:1 S:"a" L4'),  # a number is not added to a list
    ("Assign Bin:+ L1", "L1 L2 I:1", 'L0 List S:"a" L3'),
    ("Assign Bin:+ L3", 'L3 S:"a" Fstr', "L1 I:1"),
    ("Assign Bin:*", "L0 L1 I:2", "L4 Cmp:< C:True Un:not"),  # the result of a test is not multiplied
    ("Assign Bin:-", "L1 L2", 'L0 L3 L4 S:"a"'),
    ("Assign Sub L0", "L1 I:0 Slice Meth:find", 'L2 F:0.5 L3 S:"a"'),  # an index is whole
    ("Assign Sub L5", 'L3 S:"a"', "L0 L5"),  # a key is not a list
    ("Assign Call B:len", "L0 L3 L5", "L1 L4 I:1"),
    ("Assign Call B:range", "L1 I:3", "L2 L0 L3"),
    ("Assign Cmp:<  L1", "L2 I:1", "L0 L3"),
    ("Assign Cmp:in L1", "L0 L5", "L3 L1"),
    ("Assign Meth:upper", "L3", 'L0 L1 S:"a" I:1'),  # nothing is asked of a literal
    ("For", "L0 L3 L5", "L1 I:3 L4"),
])  # fmt: skip
def test_kinds_of_what_may_follow(behind: str, yes: str, no: str) -> None:
    """Values of kinds that go together."""
    assert all(takes(XS + behind, *yes.split()))
    assert not any(takes(XS + behind, *no.split()))


@pytest.mark.parametrize(("head", "argument", "kids", "kind"), [
    ("Bin", "+", [INT, INT], INT), ("Bin", "+", [INT, NUM], NUM), ("Bin", "/", [INT, INT], NUM), ("Bin", "%", [STR, INT], STR),
    ("Bin", "+", [("list", INT), ("list", INT)], ("list", INT)), ("Bin", "*", [INT, ("list", STR)], ("list", STR)),
    ("Cmp", "<", [INT, INT], BOOL), ("Un", "not", [INT], BOOL), ("Un", "-", [NUM], NUM), ("IfExp", "", [BOOL, INT, NUM], NUM),
    ("List", "", [[INT, INT]], ("list", INT)), ("List", "", [[INT, STR]], ("list", ANY)), ("Tuple", "", [[INT, STR]], ("tuple", INT, STR)),
    ("Sub", "", [("list", STR), INT], STR), ("Sub", "", [("dict", STR, INT), STR], INT), ("Sub", "", [STR, ("slice",)], STR),
    ("ListComp", "", [[ANY], INT], ("list", INT)), ("Meth", "split", [STR, []], ("list", STR)), ("Meth", "append", [("list", INT), [INT]], NONE),
    ("Meth", "items", [("dict", STR, INT), []], ("iter", ("tuple", STR, INT))), ("Fstr", "", [[]], STR), ("Attr", "x", [ANY], ANY),
])  # fmt: skip
def test_what_nodes_give(head: str, argument: str, kids: list, kind: Kind) -> None:
    """The kind of a node from the kinds of its parts."""
    assert gives(head, argument, kids, "") == kind


@pytest.mark.parametrize(("function", "given", "kind"), [
    ("len", [("list", INT)], INT), ("sum", [("list", INT)], INT), ("sum", [("list", NUM)], NUM), ("max", [("list", STR)], STR),
    ("max", [INT, NUM], NUM), ("sorted", [STR], ("list", STR)), ("round", [NUM], INT), ("round", [NUM, INT], NUM),
    ("divmod", [INT, INT], ("tuple", INT, INT)), ("enumerate", [("list", STR)], ("iter", ("tuple", INT, STR))),
    ("zip", [STR, ("list", INT)], ("iter", ("tuple", STR, INT))), ("abs", [INT], INT),
])  # fmt: skip
def test_what_calls_give(function: str, given: list, kind: Kind) -> None:
    """Functions whose results depend on what they get."""
    assert gives("Call", "", [gives("B", function, [], ""), given], function) == kind


def test_what_places_want() -> None:
    """Kinds that fit, from what stands before; None where nothing is known."""
    assert wants("Bin", "+", [("list", INT)], None) == {"list"}
    assert wants("Bin", "*", [STR], None) == {"int"}
    assert wants("Bin", "-", [INT], None) == {"num", "int"}
    assert wants("Sub", "", [("list", INT)], None) == {"int"}
    assert wants("Sub", "", [ANY], None) is None
    assert wants("Cmp", "<", [STR], None) == {"str"}
    assert "none" in (wants("Cmp", "==", [STR], None) or ())
    assert wants("IfExp", "", [BOOL], frozenset({"str"})) == {"str"}
    assert argument_wants("range", "", ANY, []) == {"int"}
    assert argument_wants("", "join", STR, []) == {"list", "iter"}
    assert argument_wants("max", "", ANY, [INT]) == {"num", "int"}


def test_what_tokens_can_begin() -> None:
    """Whether a value of some kind can begin so."""
    assert may_give("Meth", "upper", frozenset({"str"}))
    assert not may_give("Meth", "upper", frozenset({"int"}))
    assert not may_give("Meth", "append", None)  # gives nothing
    assert not may_give("Meth", "unheard_of", None)
    assert may_give("Bin", "/", frozenset({"num"}))
    assert not may_give("Bin", "/", frozenset({"int"}))
    assert not may_give("B", "len", None)  # a function is no value but where one is asked for


def test_kinds_join_and_come_apart() -> None:
    """The kind that all have, and that of the items."""
    assert join([INT, NUM]) == NUM
    assert join([INT, ANY]) == ANY
    assert join([INT, STR]) == ANY
    assert join([("list", INT), ("list", NUM)]) == ("list", NUM)
    assert join([]) == ANY
    assert element(("dict", STR, INT)) == STR
    assert element(("tuple", INT, INT)) == INT
    assert element(("tuple", INT, STR)) == ANY
    assert element(INT) == ANY
    assert of_type(["dict", "str", "list", "float"]) == ("dict", STR, ("list", NUM))


# --- what is owed


def test_no_return_while_too_much_is_unread() -> None:
    """Four inputs that nothing has read do not fit in one `return`; three may."""
    four = "Input:a int Input:b int Input:c int Input:d int Go End "
    assert "Return" not in after(four).place().heads
    assert "Return" in after(four).place(free=True).heads
    assert "Return" in after(four + "Assign Bin:+ L0 L1 New:e").place().heads


def test_return_reads_what_is_unread() -> None:
    """With two to read and one place left nothing but one of them will do."""
    two = "Input:a int Input:b int Go End Return "
    assert after(two).names() == []  # one place is too few
    assert takes(two, "I:1", "L0", "Bin:+", "Tuple") == [False, False, True, True]
    assert sorted(after(two + "Bin:+").names()) == ["L0", "L1"]
    assert takes(two + "Bin:+", "I:1", "Bin:-") == [False, True]
    assert after(two + "Bin:+ L0").names() == ["L1"]
    assert sorted(after(two + "Bin:+ L0").names(free=True)) == ["L0", "L1"]
    assert takes(two + "Tuple L0", "End", "L1") == [False, True]
    assert takes(two + "Tuple L0 L1", "End") == [True]


def test_a_block_does_not_end_with_what_it_bound_unread() -> None:
    """A branch that sets a name reads it, or goes on."""
    begun = "Input:a int Go End If Cmp:> L0 I:1 Assign Bin:+ L0 I:1 New:b "
    assert takes(begun, "End") == [False]
    assert takes(begun + "Aug:+ L0 L1", "End") == [True]


def test_a_helper_is_called_before_the_end() -> None:
    """A function of the module counts as unread until `solution` reads it."""
    begun = "Input:a int Go Def New:f Param:x End Return Bin:* L0 I:2 End End "
    assert takes(begun + "Return", "L0", "I:1") == [False, False]
    assert takes(begun + "Assign Call", "G0") == [True]
    assert after(begun + "Assign Call G0 L0 End New:b Return").names() == ["L1"]


def test_changing_is_not_reading() -> None:
    """A list that is only appended to is still owed."""
    begun = "Input:a int Go End Assign List End New:out "
    assert takes(begun + "Expr Meth:append L1 L0 End Return", "L1", "I:1") == [True, False]


# --- what is refused


@pytest.mark.parametrize("tokens", [
    "Return", "Input:a", "Input:a int int", "Input:a int Go Return", "Input:a int Go End End", "Input:a int Go End Return L1",
    "Input:a int Go End Return G0", "Input:a int Go End Return U0", "Input:a int Go End New:b", "Input:a int Go End Aug:+ New:b",
    "Input:a int Go End Return Chain L0 Link:< I:1 End", "Input:a int Go End For L0 New:b End", "Input:a int Go End Return Star",
])  # fmt: skip
def test_what_the_grammar_does_not_have(tokens: str) -> None:
    """Refused with the token's name; a sequence that only begins is not refused."""
    machine = Machine()
    *before, last = tokens.split()
    for token in before:
        machine.push(token)
    if tokens == "Input:a":
        machine.push(last)
        assert not machine.done
        return
    with pytest.raises(ValueError, match=last.replace("+", r"\+")):
        machine.push(last)


def test_names_end_where_they_may_be_unbound() -> None:
    """Behind a loop neither its target nor what it binds is read; behind branches what both bind is."""
    loop = "Input:xs list int Go End For L0 New:x Assign Bin:+ L1 I:1 New:y Assign L2 New:z End "
    assert after(loop + "Return").names(free=True) == ["L0"]
    assert "L1" not in after(loop + "Aug:+").names()
    both = "Input:a int Go End If Cmp:< L0 I:3 Assign I:1 New:b End {} End Return"
    assert after(both.format("Assign I:2 L1")).names(free=True) == ["L0", "L1"]
    assert after(both.format("")).names(free=True) == ["L0"]
    assert after(both.format("Return I:0")).names(free=True) == ["L0", "L1"]
    assert after("Input:a int Go End Assign ListComp In Call B:range L0 End New:i End End L1 New:b Return").names(
        free=True
    ) == ["L0", "L2"]


def test_no_binding_hides_a_name() -> None:
    """Names that the tokens say are said once while they can be read."""
    assert after("Input:a int Go End Assign I:1 New:b").taken() == {"a", "b"}
    assert after("Input:a int Go Def").taken() == {"a"}
    comp = "Input:a int Go End Assign ListComp In Call B:range L0 End New:i End"
    assert "i" in after(comp).taken()
    assert "i" not in after(comp + " End L1 New:b").taken()
