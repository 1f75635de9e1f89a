"""Draws lean towards the bands of difficulty that a recipe aims at."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from compose.parents import parents
from cotmill.base.difficulty import BANDS, HARD, MIDDLE, Band
from cotmill.base.recipe import Compose, RecipeError, load_recipe
from cotmill.base.records import Draw
from cotmill.base.shards import write_shard
from cotmill.compose.difficulty import by_band, chances, towards
from cotmill.compose.draw import Drawer
from cotmill.compose.material import LEAST, Case, Material, Survival, Weights, weights
from cotmill.compose.pool import Choice
from cotmill.compose.rounds import Known

DIFFICULTY: dict[Band, float] = {"easy": MIDDLE - 1, "middle": MIDDLE, "hard": HARD}
POOL = [
    Material(f"{name}-{number}", "", "", "", (Case("{}", "1", 3, value),))
    for name, value in DIFFICULTY.items()
    for number in range(10)
]


def chosen(known: Weights, count: int = 3000) -> Counter[str]:
    choose = Choice(Random(1), known.parents)
    return Counter(choose(POOL).id.partition("-")[0] for _ in range(count))


@pytest.mark.parametrize("wanted", BANDS)
def test_without_a_record_parents_of_the_wanted_band_come_first(wanted: Band) -> None:
    found = chosen(towards(wanted, Weights(), [], POOL))
    assert found.most_common(1)[0][0] == wanted
    assert found[wanted] > 0.5 * 3000
    assert len(found) == 3


def test_what_became_of_children_says_more_than_the_parent() -> None:
    """Easy parents whose programs come out hard are chosen for hard ones, hard ones whose do not are not."""
    survivals = [Survival("pipe-both", (f"easy-{n}",), True, HARD) for n in range(10)] * 8
    survivals += [Survival("derive", (f"hard-{n}",), True, 1.0) for n in range(10)] * 8
    found = chosen(towards("hard", Weights(), survivals, POOL))
    assert found["easy"] > 3 * found["hard"]
    one = towards("hard", Weights(), [*survivals, *[Survival("derive", ("easy-0",), True, 1.0)] * 30], POOL)
    assert one.parents["easy-0"] < 0.5 * one.parents["easy-1"]


def test_operators_are_weighed_by_what_they_made() -> None:
    survivals = [Survival("list-each", ("easy-1",), True, HARD), Survival("derive", ("easy-1",), True, 1.0)] * 20
    survivals += [Survival("pipe-both", ("easy-2",), False)] * 20
    known = weights(survivals)
    leaning = towards("hard", known, survivals, POOL)
    assert leaning.operators["list-each"] > 5 * leaning.operators["derive"]
    assert leaning.operators["pipe-both"] == pytest.approx(known.operators["pipe-both"])  # nothing is known of its band


def test_what_is_lacking_is_wanted_more_often() -> None:
    """As often as the recipe says where nothing is known or all is as it should be; a band without a share never."""
    aim: dict[Band, float] = {"easy": 0, "middle": 1, "hard": 3}
    assert chances(aim, []) == pytest.approx(aim)
    proven = [Survival("derive", (), True, MIDDLE)] * 25 + [Survival("derive", (), True, HARD)] * 75
    assert chances(aim, proven) == pytest.approx(aim)
    lacking = chances(aim, proven + [Survival("derive", (), True, MIDDLE)] * 100)
    assert lacking["hard"] / lacking["middle"] > 6
    assert lacking["easy"] == 0
    assert chances({}, proven) == {}


def test_no_parent_is_forgotten_and_none_weighs_more_than_all() -> None:
    survivals = [Survival("derive", ("easy-1",), True, 1.0)] * 50 + [Survival("derive", ("easy-2",), False)] * 50
    found = towards("hard", weights(survivals), survivals, POOL).parents
    assert set(found) == {material.id for material in POOL}
    assert all(LEAST <= weight <= 1 for weight in found.values())
    assert max(found.values()) == 1


def test_an_empty_pool_has_no_weights() -> None:
    assert towards("hard", Weights(), [], []) == Weights()
    assert by_band([]) == {}


def folder_of(tmp_path: Path, pool: list[Material]) -> Path:
    write_shard(tmp_path / "pool.parquet", Material, pool)
    write_shard(tmp_path / "known.parquet", Known, [])
    write_shard(tmp_path / "survivals.parquet", Survival, [])
    return tmp_path


def drawn(folder: Path, settings: Compose) -> list[object]:
    drawer = Drawer(settings, 0, lambda number: folder, lambda code, inputs: [None] * len(inputs), folder)
    return [list(drawer(Draw(f"draw-1-{number:06d}", 1, 2))) for number in range(12)]


def test_the_order_of_bands_in_a_recipe_changes_nothing(tmp_path: Path) -> None:
    """And a recipe without any composes other programs than one with."""
    folder = folder_of(tmp_path, parents())
    one, other = Compose(bands={"hard": 2, "easy": 1}), Compose(bands={"easy": 1, "hard": 2})
    assert drawn(folder, one) == drawn(folder, other)
    assert drawn(folder, one) != drawn(folder, Compose())


def test_a_recipe_s_bands_are_known_ones_with_a_share() -> None:
    assert load_recipe("caco", ("compose.bands.hard=2",)).compose.bands == {"hard": 2}
    for wrong in ("compose.bands.hrad=1", "compose.bands.hard=-1", "compose.bands={easy: 0}"):
        with pytest.raises(RecipeError, match="bands"):
            load_recipe("caco", (wrong,))
