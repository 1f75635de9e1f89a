"""Ways of telling: what each says, what it leaves out, and who gets which."""

from __future__ import annotations

import typing

import pytest

from cotmill.base.recipe import Explain
from cotmill.base.records import Draft, Question, Verified
from cotmill.explain.narrate import NarrateSettings, narrator
from cotmill.explain.source import Source
from cotmill.explain.styles import STYLES, USUAL, choose, in_words, is_plural
from cotmill.prove.directions import prove_ground
from explain.narrating import drafted, execution_of, narrated

EGGS = """
def solution(days):
    eggs_laid = 16
    eggs_eaten = 3
    eggs_sold = (eggs_laid - eggs_eaten) * days
    total = 0
    for price in [2, 3]:
        total += price * eggs_sold
    if total > 50:
        total -= 1
    result = total
    return result
"""
SAID = {
    "worked": "eggs_laid = 16. eggs_eaten = 3. eggs_sold = (16 - 3) * 2 = 26. total = 0.",
    "terse": "eggs_sold = (16 - 3) * 2 = 26. total = 0.",
    "steps": "- eggs_laid = 16 and eggs_eaten = 3.\n- eggs_sold = (16 - 3) * 2 = 26.\n- total = 0.\n- For each price in [2, 3]:",
    "prose": "eggs_laid is 16 and eggs_eaten is 3. eggs_sold is (16 - 3) * 2 = 26. total is 0.",
    "sourced": "- eggs_sold = (eggs_laid - eggs_eaten) * days = (16 - 3) * 2 = 26.\n- total = 0.\n- For each price in [2, 3]:",
    "sourced-in-words": "- eggs sold = (eggs_laid - eggs_eaten) * days = (16 - 3) * 2 = 26.\n",
    "worked-in-words": "eggs laid = 16. eggs eaten = 3. eggs sold = (16 - 3) * 2 = 26. total = 0.",
    "terse-in-words": "eggs sold = (16 - 3) * 2 = 26. total = 0.",
    "steps-in-words": "- eggs laid = 16 and eggs eaten = 3.\n- eggs sold = (16 - 3) * 2 = 26.\n",
    "prose-in-words": "The eggs laid are 16 and eggs eaten are 3. The eggs sold are (16 - 3) * 2 = 26. The total is 0.",
}


@pytest.mark.parametrize("style", STYLES)
def test_each_style_has_its_words(style: str) -> None:
    """The same steps and values in every style, each in its own layout."""
    text = narrated(EGGS, {"days": 2}, style=style)
    assert SAID[style] in text
    assert text.endswith("\nAnswer: 129")


@pytest.mark.parametrize("style", STYLES)
def test_every_style_is_verified(style: str) -> None:
    """The checker takes each style as it is, without its plainer telling."""
    draft = drafted(EGGS, {"days": 2}, style=style)
    assert isinstance(draft, Draft)
    verified = prove_ground(draft)
    assert isinstance(verified, Verified), verified
    assert verified.draft.style == style


@pytest.mark.parametrize("style", STYLES)
def test_a_wrong_value_is_refuted_in_every_style(style: str) -> None:
    """No style hides its claims from the checker."""
    draft = drafted(EGGS, {"days": 2}, style=style)
    assert isinstance(draft, Draft) and "= 26." in draft.solution
    wrong = Draft(draft.id, draft.question, draft.solution.replace("= 26.", "= 27."), style)
    assert not isinstance(prove_ground(wrong), Verified)


def test_brief_leaves_out_what_goes_without_saying() -> None:
    """Given numbers that are put in, the copy that is returned, the return of a name; nothing else."""
    text = narrated(EGGS, {"days": 2}, style="terse")
    assert "eggs_laid" not in text and "result" not in text and "Return" not in text
    assert "total = 0." in text  # it changes later


def test_a_number_that_is_the_answer_is_said() -> None:
    """A telling is never empty: without steps, the return is told."""
    text = narrated("def solution():\n    coins = 25\n    result = coins\n    return result\n", {}, style="terse")
    assert text == "Return result = 25.\nAnswer: 25"


def test_names_bound_twice_or_in_branches_are_not_given() -> None:
    """A number is left out only where its name stands for it all through the function."""
    code = "def solution(n):\n    a = 1\n    a = 2\n    if n:\n        b = 3\n    else:\n        b = 4\n    c = 5\n    return a + b + c\n"
    text = narrated(code, {"n": 1}, style="terse")
    assert "a = 1." in text and "a = 2." in text and "b = 3." in text
    assert "c = 5" not in text


def test_chance_comes_from_the_record() -> None:
    """The same record gets the same style; records of a run get all of them; another seed gives others."""
    first = [choose(tuple(STYLES), 0, f"r.{n}").name for n in range(200)]
    assert first == [choose(tuple(reversed(STYLES)), 0, f"r.{n}").name for n in range(200)]
    assert set(first) == set(STYLES)
    assert first != [choose(tuple(STYLES), 1, f"r.{n}").name for n in range(200)]


def test_the_recipe_says_which() -> None:
    """Its names are those of the styles, all by default; a single one is what every record gets."""
    assert set(Explain().styles) == set(USUAL)
    execution = execution_of(EGGS, {"days": 2})
    question = Question("t.0", execution, "", "forward", execution.answer)
    only = typing.cast("Draft", narrator(NarrateSettings(styles=("steps",)))(question))
    assert only.style == "steps"


def test_words_replace_variables_alone() -> None:
    """Quoted source, texts, calls, subscripts, attributes, what stands in brackets, unknown names and names with particles stay as they are."""
    source = Source.parse("def go_up(my_list, to_visit, x_1, egg_count):\n    return go_up(my_list)\n")
    text = "`egg_count` egg_count = 'egg_count' go_up(egg_count) my_list[0] my_list.egg_count {'a': egg_count} to_visit x_1 other_name"
    assert in_words(text, source, articles=False) == text.replace("` egg_count", "` egg count")


def test_prose_begins_with_an_article() -> None:
    """Names that are words begin a sentence with their article; short ones do not."""
    source = Source.parse("egg_count = total = n = 1\n")
    text = "egg_count is 1. Then total becomes 2. n is 1. Next, egg_count is total = 3. Do `f()`: total is now 4."
    assert in_words(text, source, articles=True) == (
        "The egg count is 1. Then the total becomes 2. n is 1. Next, the egg count is total = 3. "
        "Do `f()`: the total is now 4."
    )


def test_verbs_agree() -> None:
    """In prose the verb of a name in words agrees with it."""
    source = Source.parse("blue_pens = values = total = 1\n")
    text = "blue_pens is 1. values becomes 2. blue_pens is now 3. total is 4."
    assert in_words(text, source, articles=True) == (
        "The blue pens are 1. The values become 2. The blue pens are now 3. The total is 4."
    )


def test_plural() -> None:
    """The head of the name decides."""
    assert [is_plural(name) for name in ("blue_pens", "pens_per_bag", "eggs_sold")] == [True] * 3
    assert [is_plural(name) for name in ("price_per_egg", "bus", "address", "xs")] == [False] * 4


def test_a_plural_that_is_said_once_more_is_verified() -> None:
    """What was too long to show at every change is said when the loop is over, in the plural too."""
    code = """
def solution(n):
    values = {0: [], 1: []}
    for i in range(n):
        values.setdefault(i % 2, []).append(i * 1000)
    return len(values)
"""
    draft = drafted(code, {"n": 20}, style="prose-in-words")
    assert isinstance(draft, Draft) and "The values are now {0: [0, 2000," in draft.solution
    verified = prove_ground(draft)
    assert isinstance(verified, Verified) and verified.draft.style == "prose-in-words"


COUNT = """
def count(n):
    i = 0
    while i < n:
        yield i
        i += 1


def solution(n):
    total = 0
    for k in count(n):
        total += k
    return total
"""


def test_a_return_on_the_way_is_told() -> None:
    """Only the last statement of the entry function goes without saying."""
    code = "def solution(n):\n    total = n + 1\n    if total > 3:\n        return total\n    return n\n"
    assert "This returns total = 6." in narrated(code, {"n": 5}, style="prose")
    assert "returns" not in narrated(code, {"n": 1}, style="prose")


def test_terse_folds_earlier() -> None:
    """A loop of fifteen passes is told whole in the other styles."""
    code = "def solution(n):\n    t = 0\n    for i in range(n):\n        t += i\n    return t\n"
    assert "run the same way" in narrated(code, {"n": 15}, style="terse")
    assert "run the same way" not in narrated(code, {"n": 15}, style="steps")


def test_the_plainer_telling_is_as_rich_as_the_limit_allows() -> None:
    """It is there for where the first, which may be folded, cannot be verified."""
    code = "def solution(n):\n    t = 0\n    for i in range(n):\n        t += i\n    return t\n"
    draft = drafted(code, {"n": 15}, style="terse")
    assert isinstance(draft, Draft) and "run the same way" not in draft.plainer


def test_a_generator_that_was_passed_over_stays_silent() -> None:
    """After folded passes its next stay would not follow on what was said of it."""
    text = narrated(COUNT, {"n": 20}, style="terse")
    told, folded, after = text.partition("run the same way")
    assert folded and "Go on in count" in told and "Go on in count" not in after


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("total_cost", "The total cost is 3 + 1 = 4."),
        ("colby_took", "colby_took is 3 + 1 = 4."),  # somebody did something: no thing that is 4
        ("after_colon", "after_colon is 3 + 1 = 4."),
        ("allowed", "allowed is 3 + 1 = 4."),  # a participle by itself
        ("seed", "The seed is 3 + 1 = 4."),
    ],
)
def test_articles_stand_before_nouns(name: str, sentence: str) -> None:
    """In prose, a name is said in words where these are the name of a thing."""
    code = f"def solution(n):\n    {name} = n + 1\n    other = {name} * 2\n    return other + {name}\n"
    assert sentence in narrated(code, {"n": 3}, style="prose-in-words")
