"""New inputs look like the observed ones, and keep what holds between their parts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from cotmill.compose.inputs import Care, learn
from cotmill.compose.shapes.words import NAMES, OPEN, THINGS

Input = dict[str, Any]


def draws(observed: list[Input], code: str = "", count: int = 60, care: Care = Care.USUAL) -> list[Input]:
    model = learn(observed, code, care=care)
    rng = Random(5)
    return [model.draw(rng) for _ in range(count)]


def column(values: list[Any], code: str = "", name: str = "x") -> list[Any]:
    """Draws for a program with one parameter that was seen with these values."""
    return [drawn[name] for drawn in draws([{name: value} for value in values], code)]


Fact = Callable[[Any], bool]

DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
SHAPES: list[tuple[str, list[Any], Fact]] = [
    ("a count stays positive", [3, 8, 5], lambda n: isinstance(n, int) and 1 <= n <= 12),
    ("a wide range widens by half", [100, 500, 900], lambda n: 100 <= n <= 999),
    ("negative numbers stay so", [-9, -30, -14], lambda n: -60 < n < 0),
    ("round numbers stay round", [1200, 500, 3000, 700], lambda n: n % 100 == 0),
    ("nought and one are all there is", [0, 1, 1], lambda n: n in (0, 1)),
    ("two decimals stay two", [1.25, 3.5, 2.75], lambda x: x > 0 and round(x, 2) == x),
    ("a share stays a share", [0.45, 0.21, 0.9], lambda x: 0 <= x <= 1),
    ("a permutation", [[2, 0, 1], [0, 1, 3, 2], [1, 0]], lambda xs: sorted(xs) == list(range(len(xs)))),
    ("an arrangement", [["x", "y", "z"], ["z", "x", "y"], ["y", "x", "z"]], lambda xs: sorted(xs) == ["x", "y", "z"]),
    ("sorted lists", [[1, 5, 9, 12], [3, 4, 80], [2, 6, 7]], lambda xs: all(a <= b for a, b in pairwise(xs))),
    ("falling lists", [[9, 5, 1, 0], [30, 4, 2], [8, 6, 5]], lambda xs: all(a >= b for a, b in pairwise(xs))),
    ("distinct elements", [[4, 1, 6, 2, 5], [2, 6, 1, 3], [5, 3, 1, 2, 6, 4]], lambda xs: len(set(xs)) == len(xs)),
    ("intervals", [[[1, 4], [2, 9], [3, 5]], [[0, 7], [5, 6]], [[2, 8]]], lambda rows: all(a <= b for a, b in rows)),
    ("a square", [[[1, 2], [3, 1]], [[1, 2, 3], [4, 5, 1], [7, 1, 9]]], lambda m: {len(line) for line in m} == {len(m)}),
    ("a rectangle", [[[0, 1, 0], [1, 1, 0]], [[1] * 2] * 4, [[0] * 5] * 3], lambda m: len({len(line) for line in m}) == 1),
    ("an undirected graph", [[[0, 1, 1], [1, 0, 0], [1, 0, 0]], [[0, 0, 1, 1], [0, 0, 0, 1], [1, 0, 0, 0], [1, 1, 0, 0]]],
     lambda m: all(m[i][j] == m[j][i] and m[i][i] == 0 for i in range(len(m)) for j in range(len(m)))),
    ("always the same list", [[9, 5, 1], [9, 5, 1], [9, 5, 1]], lambda xs: xs == [9, 5, 1]),
    ("maps in lines", [["#..", ".#."], ["#...", "..#.", "...."]], lambda m: len({len(line) for line in m}) == 1),
    ("cards", [[[13, "s"], [5, "h"]], [[2, "h"], [9, "s"], [4, "h"]]], lambda xs: all(len(x) == 2 and x[1] in "sh" for x in xs)),
    ("shares of one", [[0.25, 0.75], [0.5, 0.5], [0.1, 0.9]], lambda xs: abs(sum(xs) - 1) < 1e-9),
    ("numbered keys", [{"v0": 3, "v1": 4}, {"v0": 5}], lambda d: list(d) == [f"v{n}" for n in range(len(d))]),
    ("fixed keys", [{"a": 3, "b": "x"}, {"a": 4, "b": "y"}], lambda d: list(d) == ["a", "b"] and isinstance(d["a"], int)),
    ("a marked board", [["X", "O", None], [None, "X", "O"], ["O", None, "X"]], lambda xs: set(xs) <= {"X", "O", None}),
    ("numbers as texts", ["17", "25", "8"], lambda s: str(int(s)) == s),
    ("leading zeros", ["09", "25", "81", "64"], lambda s: re.fullmatch(r"\d\d", s)),
    ("dates", ["2024-03-26", "2023-11-02", "2019-07-30"], lambda s: re.fullmatch(r"\d{4}-(0\d|1[012])-([01]\d|2[0-8])", s)),
    ("times", ["09:30", "14:05", "23:59"], lambda s: re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", s)),
    ("JSON texts", ["[1, 2, 3]", "[4, 9]"], lambda s: all(isinstance(n, int) for n in json.loads(s))),
    ("fields", ["R8,U5,L12", "D3,R4", "U2,L9,D1,R3"], lambda s: re.fullmatch(r"([A-Z]\d+,)*[A-Z]\d+", s)),
    ("numbers in fields", ["4,8,15", "16,23", "42,1,2,3"], lambda s: all(int(n) > 0 for n in s.split(","))),
    ("few letters", ["GATTACA", "CCGATA", "TTGACA"], lambda s: set(s) <= set("ACGT")),
    ("a board in lines", [["1.3456789", "94567812.", ".23123.56"], ["78912345.", "2.4.67891", "345678912"]], lambda xs: set("".join(xs)) <= set("123456789.")),
    ("letters", ["xwb", "iobk", "emn"], lambda s: re.fullmatch(r"[a-z]*", s)),
    ("codes", ["BFFFBBF", "FFBFBBB", "BBBFFFF"], lambda s: re.fullmatch(r"[BF]{7}", s)),
    ("squares of a chessboard", ["g1", "b5", "a8", "h4"], lambda s: re.fullmatch(r"[a-h][1-9]\d?", s)),
    ("nested calls", ["AND(a,OR(b,c))", "OR(x,y)", "AND(p,q)"], lambda s: s.count("(") == s.count(")") > 0),
    ("sums", ["3 + 4 * 2", "10 - 2 + 7", "8 * 8"], lambda s: re.fullmatch(r"\d+( [-+*] \d+)+", s)),
    ("two kinds of lines", [["cut 4", "turn", "cut 12", "turn"], ["turn", "cut 3"]], lambda xs: all(re.fullmatch(r"turn|cut \d+", x) for x in xs)),
    ("rules in lines", ["H => Rd\nQ => Td", "U => QO\nM => ep", "Z => Pr\nA => Ho"],
     lambda s: all(re.fullmatch(r"[A-Z] => [A-Za-z]{2}", line) for line in s.split("\n"))),
    ("conditions", ["col2 > 79", "col1 < 51", "col3 > 8"], lambda s: re.fullmatch(r"col[1-5] [<>] \d+", s)),
    ("days of the week", ["FRIDAY", "MONDAY", "FRIDAY"], lambda s: s in DAYS),
    ("two players", [-1, 1, 1], lambda n: n in (-1, 1)),
    ("sentences", ["He has 4 red hats", "She has 9 red hats"], lambda s: re.fullmatch(r"(He|She) has \d+ red hats", s)),
]  # fmt: skip


@pytest.mark.parametrize(("values", "fact"), [case[1:] for case in SHAPES], ids=[case[0] for case in SHAPES])
def test_shape(values: list[Any], fact: Fact) -> None:
    """Every new value is of the observed shape, and new ones there are."""
    found = column(values)
    assert all(map(fact, found)), [value for value in found if not fact(value)][:3]
    if len(set(map(json.dumps, values))) > 2 and len(set(map(str, values)) - {"-1", "0", "1"}) > 1:
        assert any(value not in values for value in found)


RELATIONS: list[tuple[str, list[Input], Fact]] = [
    ("n is a length", [{"n": 3, "xs": [4, 8, 1]}, {"n": 5, "xs": [2, 7, 7, 1, 3]}], lambda v: v["n"] == len(v["xs"])),
    ("lists of one length",
     [{"a": [1, 5], "b": [7, 7]}, {"a": [2, 2, 9], "b": [1, 3, 4]}, {"a": [4], "b": [6]}], lambda v: len(v["a"]) == len(v["b"])),
    ("widths and lengths agree", [{"m": [[1, 2, 3], [4, 5, 6]], "v": [7, 8, 9]}, {"m": [[1, 2]] * 5, "v": [3, 4]}],
     lambda v: len(v["m"][0]) == len(v["v"])),
    ("a board in one list", [{"h": 2, "t": [0] * 6, "w": 3}, {"h": 4, "t": [1] * 8, "w": 2}], lambda v: v["h"] * v["w"] == len(v["t"])),
    ("the same elements",
     [{"a": [3, 1, 2], "b": [1, 2, 3]}, {"a": [9, 4, 6, 5], "b": [6, 5, 9, 4]}], lambda v: sorted(v["a"]) == sorted(v["b"])),
    ("nodes of a graph", [{"edges": [[0, 2], [1, 2], [2, 0]], "n": 3}, {"edges": [[4, 1], [0, 3], [3, 4]], "n": 5}],
     lambda v: all(0 <= node < v["n"] for edge in v["edges"] for node in edge)),
    ("neighbours are nodes", [{"g": [[1, 2], [0], [0, 1]]}, {"g": [[3], [2, 0], [1, 3], [0], [4]]}],
     lambda v: all(node < len(v["g"]) for line in v["g"] for node in line)),
    ("names of a network", [{"g": {"A": ["B"], "B": ["C", "A"], "C": []}, "start": "A"}, {"g": {"D": ["A"], "A": ["D"]}, "start": "D"},
                            {"g": {"E": [], "B": ["E", "B"]}, "start": "B"}],
     lambda v: v["start"] in v["g"] and all(name in v["g"] for names in v["g"].values() for name in names)),
    ("ends of a range", [{"low": 20, "high": 25}, {"low": 3, "high": 44}, {"low": 19, "high": 70}], lambda v: v["low"] < v["high"]),
    ("days side by side", [{"a": [3, 8, 2, 9], "b": [5, 8, 7, 9]}, {"a": [1, 6, 4], "b": [9, 7, 4]}],
     lambda v: all(x <= y for x, y in zip(v["a"], v["b"], strict=True))),
    ("three pegs", [{"f": "A", "h": "C", "t": "B"}, {"f": "C", "h": "A", "t": "B"}, {"f": "B", "h": "C", "t": "A"}],
     lambda v: len(set(v.values())) == 3),
    ("JSON texts too", [{"n": 2, "s": "[4, 8]"}, {"n": 4, "s": "[1, 1, 2, 3]"}], lambda v: v["n"] == len(json.loads(v["s"]))),
]  # fmt: skip


@pytest.mark.parametrize(("observed", "fact"), [case[1:] for case in RELATIONS], ids=[case[0] for case in RELATIONS])
def test_relation(observed: list[Input], fact: Fact) -> None:
    """What holds in all observed inputs, and is no accident, holds in every new one."""
    found = draws(observed)
    assert all(map(fact, found)), [values for values in found if not fact(values)][:3]
    assert len({json.dumps(values) for values in found}) > 5


def test_a_new_board_has_all_its_cells() -> None:
    """A length that follows from two numbers is made anew with them."""
    observed = [{"h": 2, "t": [0, 1] * 3, "w": 3}, {"h": 4, "t": [1, 0] * 4, "w": 2}]
    assert len({(drawn["h"], drawn["w"]) for drawn in draws(observed)}) > 16


def test_nodes_are_brought_into_the_graph() -> None:
    """A list that breaks a relation is mended, not thrown away: large graphs have as many edges as small ones."""
    observed = [
        {"edges": [[0, 7], [1, 2], [2, 0], [6, 5]] * 3, "n": 8},
        {"edges": [[4, 1], [0, 3], [3, 4]] * 4, "n": 5},
    ]
    model = learn(observed, "")
    rng = Random(2)
    fresh = [drawn for drawn in (model.draw(rng) for _ in range(40)) if drawn["n"] not in (5, 8)]
    assert sum(len(drawn["edges"]) >= 12 and drawn["n"] < 5 for drawn in fresh) > 3


def test_parameters_that_may_be_missing() -> None:
    """Inputs have the parameters that some observed input has, no other mixture."""
    observed = [{"op": "find", "x": 3, "y": 8}, {"op": "place", "n": 55}, {"op": "find", "x": 9, "y": 1}]
    assert {tuple(drawn) for drawn in draws(observed)} == {("op", "x", "y"), ("op", "n")}


def test_inputs_of_another_model() -> None:
    """What an earlier model drew may not read as what the texts are taken for now; it does no harm."""
    observed = [{"s": "12"}, {"s": "40"}, {"s": "7"}]
    assert learn(observed, "", ran=[{"s": "x y"}], failed=[{"s": "1,2"}]).draw(Random(1))["s"].isdigit()


def test_a_word_that_another_text_speaks_of() -> None:
    """Such a word is one of those seen, and the text has such words in such places."""
    observed = [
        {"bag": "red", "rules": ["red bags hold 2 blue bags.", "blue bags hold 5 green bags, 1 red bag."]},
        {"bag": "green", "rules": ["blue bags hold 4 red bags.", "green bags hold 2 red bags, 3 blue bags."]},
    ]
    assert {drawn["bag"] for drawn in draws(observed)} == {"red", "green"}
    rules = [rule for drawn in draws(observed) for rule in drawn["rules"]]
    assert all(re.match(r"(red|green|blue) bags", rule) for rule in rules)
    assert {word for rule in rules for word in re.findall("[a-z]+", rule)} == {
        *["red", "green", "blue", "bags", "bag", "hold"]
    }


def test_glued_words() -> None:
    """A text of words that the program knows is made of such words."""
    code = "STEPS = {'e': 1, 'w': 2, 'ne': 3, 'sw': 4, 'nw': 5, 'se': 6}"
    found = column(["nwnesese", "ewsw", "sweene"], code)
    assert all(re.fullmatch("(e|w|ne|nw|se|sw)*", text) for text in found)


def test_a_length_may_limit_a_number() -> None:
    """k < len(xs), which so few inputs hardly show, is kept, but for some bold draws that try it."""
    observed = [{"k": 2, "xs": [5, 1, 8]}, {"k": 6, "xs": [3, 4, 9, 9, 2, 7]}, {"k": 4, "xs": [2, 2, 6, 1, 8]}]
    assert all(drawn["k"] <= len(drawn["xs"]) for drawn in draws(observed))
    assert 0 < sum(drawn["k"] > len(drawn["xs"]) for drawn in draws(observed, care=Care.BOLD)) < 20


def test_what_ran_relaxes_and_what_failed_tightens() -> None:
    """A doubtful relation that an input ran without is given up; beyond what ran nothing is drawn where inputs failed."""
    observed = [{"a": 3, "b": 9}, {"a": 4, "b": 5}, {"a": 8, "b": 30}]
    model = learn(observed, "", ran=[{"a": 9, "b": 2}], failed=[{"a": 2, "b": 9}, {"a": 1, "b": 3}])
    rng = Random(1)
    found = [model.draw(rng) for _ in range(100)]
    assert any(drawn["a"] > drawn["b"] for drawn in found)
    assert all(drawn["a"] >= 3 for drawn in found)


def test_words_of_the_program() -> None:
    """A text that the program compares or keeps beside others may be any of those."""
    code = "def solution(op, day):\n    if op == 'push' or op == 'pop':\n        return op\n    return {'mon': 1, 'tue': 2, 'wed': 3}[day]"
    found = draws([{"op": "push", "day": "tue"}, {"op": "push", "day": "mon"}], code)
    assert {drawn["op"] for drawn in found} == {"push", "pop"}
    assert {drawn["day"] for drawn in found} == {"mon", "tue", "wed"}


def test_numbers_of_the_program() -> None:
    """A number that is compared with a few is one of these."""
    code = "def solution(part):\n    if part == 1:\n        return 5\n    if part == 2:\n        return 6"
    assert set(column([1, 1, 2], code, name="part")) == {1, 2}


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["market", "station"], OPEN[4] + THINGS),
        (["maple", "violin", "sock"], THINGS),
        (["red", "teal"], OPEN[1]),
        ([["Ann", "Ben"], ["Cas", "Dora"]], NAMES),
        ([{"tea": 3, "cake": 5}, {"cocoa": 4}], OPEN[2]),
    ],
)
def test_words_of_a_language(values: list[Any], kind: tuple[str, ...]) -> None:
    """Where words were observed, these and others come, in their manner of writing; no random letters."""
    seen = set(re.findall("[A-Za-z]+", json.dumps(values)))
    drawn = set(re.findall("[A-Za-z]+", json.dumps(column(values))))
    assert drawn - seen
    assert {word.lower() for word in drawn - seen} <= set(kind)
    assert all(word.istitle() for word in drawn) == all(word.istitle() for word in seen)


@pytest.mark.parametrize("values", [["enodbzk", "caetmmfq", "fwkhjfib"], ["GATTACA", "TACCAGAT"], ["aeb", "cab"]])
def test_letters_are_no_words(values: list[str]) -> None:
    assert not set(column(values)) & set(THINGS)


def test_words_that_read_the_same_backwards() -> None:
    found = column(["garden", "noon", "river"], "def solution(x):\n    return x == x[::-1]")
    assert 5 < sum(text == text[::-1] for text in found) < 40


def test_mirrored_texts() -> None:
    """A program that turns its text round is shown palindromes now and then, and other texts."""
    found = column(["abc", "kayo", "zed"], "def solution(x):\n    return x == x[::-1]")
    assert 5 < sum(text == text[::-1] and len(text) > 2 for text in found) < 40


def test_two_of_a_kind_are_sometimes_equal() -> None:
    """What compares two texts sees equal ones, anagrams and others."""
    found = draws([{"s1": "kxw", "s2": "owq"}, {"s1": "ebn", "s2": "zzu"}, {"s1": "gty", "s2": "plc"}], count=200)
    assert 3 < sum(drawn["s1"] == drawn["s2"] for drawn in found) < 60
    assert any(drawn["s1"] != drawn["s2"] and sorted(drawn["s1"]) == sorted(drawn["s2"]) for drawn in found)


def test_trees_grow_where_only_leaves_were_seen() -> None:
    """Fields named left and right lead to nodes of the same kind."""
    found = column([{"left": None, "right": None, "val": n} for n in (4, 70, 33)])
    sizes = [json.dumps(tree).count("val") for tree in found]
    assert min(sizes) == 1 < max(sizes) <= 7
    assert all(set(tree) == {"left", "right", "val"} for tree in found)


def test_care() -> None:
    """Exact draws stay inside what was seen, bold ones leave it further than usual ones."""
    observed = [{"x": n} for n in (20, 31, 50)]
    widths = {
        care: [drawn["x"] for drawn in draws(observed, care=care, count=200)]
        for care in (Care.BOLD, Care.USUAL, Care.EXACT)
    }
    assert (min(widths[Care.EXACT]), max(widths[Care.EXACT])) == (20, 50)
    assert 50 < max(widths[Care.USUAL]) <= 65 < max(widths[Care.BOLD]) <= 95


def test_neighbours_differ_in_one_place() -> None:
    """With the greatest care an observed input is changed in one parameter."""
    observed = [{"a": n, "b": 10 * n + 7, "c": 100 * n} for n in (21, 40, 64, 83)]
    for drawn in draws(observed, care=Care.NEIGHBOURS):
        assert max(sum(drawn[name] == values[name] for name in drawn) for values in observed) >= 2


def test_draws_share_nothing() -> None:
    """What a caller does to a drawn input does not change later ones."""
    model = learn([{"xs": [[1, 2], [3, 4]]}], "")
    drawn = model.draw(Random(1))
    drawn["xs"].clear()
    assert model.draw(Random(1)) != drawn


def test_nothing_observed() -> None:
    """There must be something to learn from, and it must be JSON."""
    with pytest.raises(ValueError, match="no input"):
        learn([], "")
    with pytest.raises(ValueError, match="not JSON"):
        learn([{"x": {1, 2}}], "")
