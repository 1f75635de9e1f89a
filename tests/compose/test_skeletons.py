"""Programs as skeletons and back; what fills them in; what is kept on disk."""

from __future__ import annotations

import ast
import builtins
import json
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compose.parents import answer_of
from compose.starters import inputs_of, starters
from cotmill.compose.codegen.skeleton.decode import decode
from cotmill.compose.codegen.skeleton.encode import encode
from cotmill.compose.codegen.skeleton.grammar import GO, NAMED, Skeleton, Unsupported, argument, head
from cotmill.compose.codegen.skeleton.input_types import type_tokens
from cotmill.compose.codegen.skeletons import FILE, Skeletons
from cotmill.compose.material import Candidate, Case, Material


@cache
def taken_apart() -> dict[str, tuple[Material, Skeleton]]:
    """The starter programs that the grammar has words for."""
    found = {}
    for material in starters():
        try:
            found[material.id] = material, encode(material.code, inputs_of(material))
        except Unsupported:
            continue
    return found


@cache
def learned() -> Skeletons:
    return Skeletons.learn(starters())


@cache
def written() -> list[tuple[int, ...]]:
    """The starter programs whose every token is in the vocabulary."""
    return [tokens for material in starters() if (tokens := learned().encode(material))]


def code_of(body: str, parameters: str = "a, b") -> str:
    return f"def solution({parameters}):\n    {body}\n"


def there_and_back(code: str, inputs: list[dict[str, Any]]) -> str:
    return decode(encode(code, inputs))


# --- there and back


def test_most_starter_programs_have_words() -> None:
    """Three in four; the others define classes, are generators, or handle errors of their own."""
    assert len(taken_apart()) / len(starters()) >= 0.74


def test_starter_programs_come_back() -> None:
    """The same tokens again, and the same text from then on."""
    for material, skeleton in taken_apart().values():
        code = decode(skeleton)
        again = encode(code, inputs_of(material))
        assert again.tokens == skeleton.tokens, material.id
        assert decode(again) == code, material.id


def test_starter_programs_still_do_what_they_did() -> None:
    """Every input gives the answer that the original gave."""
    for material, skeleton in taken_apart().values():
        code = decode(skeleton)
        for case in material.cases:
            assert json.dumps(answer_of(code, json.loads(case.input))) == case.answer, material.id


@pytest.mark.parametrize("open_tokens", [(), ("New", "Input", "Param"), ("I", "F", "S")])
def test_what_tokens_leave_open_is_beside_them(open_tokens: tuple[str, ...]) -> None:
    """Whatever a model has no tokens for, the names and literals of the skeleton have."""
    for material, whole in taken_apart().values():
        skeleton = encode(material.code, inputs_of(material), lambda token: head(token) not in open_tokens)
        assert decode(skeleton) == decode(whole), material.id
        assert bool(skeleton.names) <= ("New" in open_tokens)


EXACT = {
    "a negative base keeps its brackets": "return (-1) ** a",
    "a negative base that is a float": "return (-0.0) ** a + (-1.5) ** b",
    "a sum below a product": "return (a + b) * -2 - (a - (b - 1))",
    "not of a comparison": "return not a < b and (a or b)",
    "a comparison that is compared": "return (a < b) == (b > 1)",
    "a chain": "return 0 < a <= b != 7",
    "a lambda": "return sorted([a, b], key=lambda x: -x)[0]",
    "slices": "return str(a)[::-1] + str(b)[1:] + str(a)[:-1:2]",
    "a formatted string": "return f'{a:>5} of {b}%'",
    "names used again": "c = [i for i in range(a)]\n    d = [i for i in c for _ in range(b)]\n    return len(d)",
    "targets within targets": "for i, (c, d) in enumerate([(a, b)]):\n        a += i * c - d\n    return a",
    "defaults": "f = lambda x, y=-1, z=2: x * y + z\n    return f(a) + f(b, 3)",
    "conditions": "return a if a > b else b if b else 0",
}


@pytest.mark.parametrize("name", EXACT)
def test_exactly_as_it_was(name: str) -> None:
    """Text and meaning of what is easily lost."""
    code, inputs = code_of(EXACT[name]), [{"a": 3, "b": 2}, {"a": 2, "b": 5}]
    back = there_and_back(code, inputs)
    assert ast.dump(ast.parse(back)) == ast.dump(ast.parse(code))
    for given_ in inputs:
        assert answer_of(back, given_) == answer_of(code, given_)


NO_WORDS = {
    "class": "class A:\n    pass\ndef solution(a, b):\n    return a\n",
    "generator": code_of("yield a"),
    "global": code_of("global b\n    return a"),
    "try": code_of("try:\n        return a\n    except ValueError:\n        return b"),
    "a format that is worked out": code_of("return f'{a:{b}}'"),
    "a conversion": code_of("return f'{a!r}'"),
    "matrix product in place": code_of("a @= b\n    return a"),
    "a submodule": "import os.path as p\ndef solution(a, b):\n    return p.join(a, b)\n",
    "something of a submodule": "from os.path import join\ndef solution(a, b):\n    return join(a, b)\n",
    "bound twice": "N = 1\nN = 2\ndef solution(a, b):\n    return N\n",
    "read before it is bound": code_of("return c"),
    "functions that call each other": "def f(x):\n    return g(x)\ndef g(x):\n    return f(x)\ndef solution(a, b):\n    return f(a)\n",
}  # fmt: skip


@pytest.mark.parametrize("name", NO_WORDS)
def test_no_words(name: str) -> None:
    """Refused by name, never taken apart wrongly."""
    with pytest.raises(Unsupported):
        encode(NO_WORDS[name], [{"a": 3, "b": 2}])


def grown(expression: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(
        expression, st.sampled_from(["+", "-", "*", "//", "%", "&", "|", "^", "<", "==", "and", "or"]), expression
    )
    return st.one_of(
        two.map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"),
        st.tuples(st.sampled_from(["-", "not ", "~", "+"]), expression).map(lambda parts: f"({parts[0]}{parts[1]})"),
        st.tuples(expression, st.sampled_from(["2", "3", "-1"])).map(lambda parts: f"({parts[0]} ** {parts[1]})"),
        st.tuples(expression, expression, expression).map(lambda parts: f"({parts[0]} if {parts[1]} else {parts[2]})"),
        st.tuples(expression, expression, expression).map(lambda parts: f"({parts[0]} < {parts[1]} <= {parts[2]})"),
        st.lists(expression, min_size=1, max_size=3).map(lambda parts: f"sum([{', '.join(parts)}])"),
        st.lists(expression, min_size=1, max_size=3).map(lambda parts: f"len([c for c in ({', '.join(parts)},) if c > {parts[0]}])"),
    )  # fmt: skip


EXPRESSIONS = st.recursive(st.sampled_from(["a", "b", "-1", "0", "7", "0.5", "-2.25", "True"]), grown, max_leaves=8)


def outcome(code: str, arguments: dict[str, Any]) -> str:
    try:
        return repr(answer_of(code, arguments))
    except Exception as error:  # noqa: BLE001 - which one is part of the outcome
        return type(error).__name__


@settings(max_examples=150)
@given(EXPRESSIONS, st.integers(-3, 3), st.integers(-3, 3))
def test_any_expression_means_the_same(expression: str, a: int, b: int) -> None:
    """Brackets, signs and chains included."""
    code = code_of(f"return {expression}")
    back = there_and_back(code, [{"a": a, "b": b}])
    assert outcome(back, {"a": a, "b": b}) == outcome(code, {"a": a, "b": b})
    assert there_and_back(back, [{"a": a, "b": b}]) == back


TYPES = {
    "int": [1, 2], "float": [1, 2.5], "any": [1, "a"], "list int": [[1], []], "list any": [[1, "a"]],
    "dict str list int": [{"a": [1]}, {"b": []}], "none": [None], "bool": [True], "list list list list any": [[[[[1]]]]],
}  # fmt: skip


@pytest.mark.parametrize("tokens", TYPES)
def test_types_of_inputs(tokens: str) -> None:
    """What all values have in common, four levels deep."""
    assert " ".join(type_tokens(TYPES[tokens])) == tokens


# --- what fills in the rest


def opened(skeleton: Skeleton) -> list[str]:
    """The tokens with all names left open."""
    return [head(token) if head(token) in NAMED else token for token in skeleton.tokens]


def fits(value: Any, tokens: list[str]) -> list[str]:
    """The tokens that are left when the value has used up its type."""
    first, *rest = tokens
    kinds: dict[str, Any] = {"int": int, "float": (int, float), "str": str, "bool": bool, "none": type(None), "any": object,
                             "list": list, "dict": dict}  # fmt: skip
    assert isinstance(value, kinds[first])
    left = rest if first != "list" else fits_any(rest)
    for item in value if first == "list" else ():
        left = fits(item, rest)
    if first == "dict":
        left = fits_any(fits_any(rest))
        for key, item in value.items():
            left = fits(item, fits(key, rest))
    return left


def fits_any(tokens: list[str]) -> list[str]:
    """Past one type."""
    first, *rest = tokens
    for _ in range({"list": 1, "dict": 2}.get(first, 0)):
        rest = fits_any(rest)
    return rest


def test_names_are_not_doubled_and_hide_nothing() -> None:
    """Names that a model left open are given once each, and are no names that the program uses already."""
    filling = learned()._filling
    for material, skeleton in taken_apart().values():
        filled = filling.fill(opened(skeleton), Random(material.id))
        assert filled is not None, material.id
        whole, inputs = filled
        assert len(set(whole.names)) == len(whole.names), material.id
        used = {argument(token).partition(".")[0] for token in whole.tokens if head(token) in ("B", "E")}
        assert not used & set(whole.names), material.id
        arguments = ast.parse(decode(whole)).body[-1].args.args
        assert all([*json.loads(text)] == sorted(arg.arg for arg in arguments) for text in inputs), material.id


def test_inputs_have_the_types_that_the_skeleton_says() -> None:
    """Those of one program, and those that are mixed of several."""
    filling = learned()._filling
    for material, skeleton in taken_apart().values():
        whole, inputs = filling.fill(skeleton.tokens, Random(material.id)) or pytest.fail(material.id)
        stated = [arg.arg for arg in ast.parse(decode(whole)).body[-1].args.args]
        for text in inputs:
            left = list(skeleton.tokens[: skeleton.tokens.index(GO)])
            for name in stated:
                left = fits(json.loads(text)[name], left[1:])
            assert left == []


def test_names_that_hide_builtins_are_no_tokens() -> None:
    """A program that calls its variable `sum` is learned with the name left open."""
    code = code_of("sum = a + b\n    return sum")
    programs = [Material(str(n), "", "", code, (Case(f'{{"a": {n}, "b": 1}}', str(n + 1), 3),)) for n in range(6)]
    representation = Skeletons.learn(programs)
    assert all(representation.encode(program) for program in programs)
    assert not any(hasattr(builtins, argument(token)) for token in representation._vocabulary if head(token) in NAMED)


def test_chance_is_the_generator_s() -> None:
    """The same generator the same program, another one another."""
    filling = learned()._filling
    tokens = [opened(skeleton) for _, skeleton in taken_apart().values()]
    one, two, other = ([filling.fill(each, Random(seed)) for each in tokens] for seed in (3, 3, 4))
    assert one == two
    assert one != other


# --- the representation


def test_what_is_written_is_read_again() -> None:
    """A program of tokens alone becomes a program, with inputs of its names."""
    representation = learned()
    assert len(written()) >= 50
    for tokens in written():
        assert (tokens[0], tokens[-1]) == (representation.bos, representation.eos)
        candidate = representation.decode(tokens[1:-1], Random(1))
        assert isinstance(candidate, Candidate), candidate
        assert there_and_back(candidate.code, [json.loads(text) for text in candidate.inputs]) == candidate.code


@settings(max_examples=300)
@given(st.data())
def test_bad_tokens_are_refused(data: st.DataObject) -> None:
    """Tokens of real programs with some put in, left out and exchanged: a program or a reason, never an exception."""
    representation = learned()
    tokens = list(data.draw(st.sampled_from(written()))[1:-1])
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(tokens) - 1))
        tokens[place : place + data.draw(st.integers(0, 1))] = data.draw(
            st.lists(st.integers(0, representation.size - 1), max_size=1)
        )
    got = representation.decode(tokens, Random(1))
    assert isinstance(got, (Candidate, str))
    if isinstance(got, Candidate):
        ast.parse(got.code)


def test_saved_and_loaded(tmp_path: Path) -> None:
    """What is read from disk is equal to what was learned, token for token and draw for draw."""
    representation = learned()
    representation.save(tmp_path)
    loaded = Skeletons.load(tmp_path)
    assert (loaded.size, loaded.pad, loaded.bos, loaded.eos) == (
        representation.size, representation.pad, representation.bos, representation.eos,
    )  # fmt: skip
    for material in starters():
        tokens = representation.encode(material)
        assert loaded.encode(material) == tokens
        if tokens:
            assert loaded.decode(tokens[1:-1], Random(7)) == representation.decode(tokens[1:-1], Random(7))


@pytest.mark.parametrize("change", [
    lambda text: text[: len(text) // 2], lambda text: "[]", lambda text: "{}", lambda text: '{"vocabulary": [], "filling": {}}',
    lambda text: text.replace('"literals"', '"other"'), lambda text: text.replace('"<eos>"', '"<none>"'),
])  # fmt: skip
def test_a_damaged_file(tmp_path: Path, change: Any) -> None:
    """One kind of error, whatever is damaged."""
    learned().save(tmp_path)
    file = tmp_path / FILE
    file.write_text(change(file.read_text()))
    with pytest.raises(ValueError):
        Skeletons.load(tmp_path)


def test_a_missing_file(tmp_path: Path) -> None:
    """Told apart from a damaged one."""
    with pytest.raises(OSError):
        Skeletons.load(tmp_path)


def test_few_programs_have_words_too() -> None:
    """Where there are many, a token must stand in five of them; of a dozen, one is enough."""
    few = [material for material, _ in list(taken_apart().values())[:12]]
    assert all(Skeletons.learn(few).encode(material) is not None for material in few)
