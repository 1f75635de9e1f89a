"""Series of points -> the geometry of a line drawing; the page draws it as SVG. The ordinate begins at 0, or is
logarithmic."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cotmill.view.charts import AXIS, WIDTH, figure, round_step

__all__ = ["Curve", "Drawing", "drawing"]

TOP, RIGHT = 8, 32  # of the drawing's SVG units, left free; what is on the right is for the levels' labels
DOTS = 24  # points of a series up to which each is marked
KEPT = 240  # points of a series that are drawn
DECADES = 4  # of a logarithmic ordinate; what is lower lies on the abscissa
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Curve:
    name: str
    points: str  # of an SVG polyline
    dots: tuple[tuple[float, float, str], ...]  # x, y and a tooltip: "round 2, proven programs: 499"


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the page draws: lines and ticks in SVG units, and the same in words."""

    title: str
    unit: str
    curves: tuple[Curve, ...]
    ticks: tuple[tuple[float, str], ...]  # of the abscissa
    levels: tuple[tuple[float, str], ...]  # of the ordinate
    summary: str  # "proven programs: 178 to 668; structures: 178 to 667"


def drawing(
    title: str, unit: str, abscissa: str, series: Mapping[str, Sequence[Point]], *, logarithmic: bool = False
) -> Drawing | None:
    """`abscissa` names what the first number of a point is. None where no series has two points."""
    found = {name: points for name, points in series.items() if len(points) > 1}
    if not found:
        return None
    every = [point for points in found.values() for point in points]
    first, last = min(x for x, _ in every), max(x for x, _ in every)
    highest = max(y for _, y in every) or 1.0
    lowest = 10.0 ** (math.ceil(math.log10(highest)) - DECADES) if logarithmic else 0.0

    def up(y: float) -> float:
        return math.log10(max(y, lowest) / lowest) / math.log10(highest / lowest) if logarithmic else y / highest

    def place(point: Point) -> Point:
        x, y = point
        across = (x - first) / ((last - first) or 1)
        return round(across * (WIDTH - RIGHT), 1), round(AXIS - (AXIS - TOP) * up(y), 1)

    curves = tuple(
        Curve(
            name,
            " ".join(f"{x},{y}" for x, y in map(place, _thinned(points))),
            tuple((*place(point), f"{abscissa} {figure(point[0])}, {name}: {figure(point[1])}") for point in points)
            if len(points) <= DOTS
            else (),
        )
        for name, points in found.items()
    )
    across, step = round_step((last - first) / 6, whole=True), round_step(highest / 4, whole=False)
    ticks = tuple((place((x, 0))[0], figure(x)) for x in _steps(first, last, across))
    powers = [lowest * 10**power for power in range(1, DECADES + 1) if lowest * 10**power <= highest * (1 + 1e-9)]
    levels = tuple((place((first, y))[1], figure(y)) for y in (powers if logarithmic else _steps(step, highest, step)))
    summary = "; ".join(f"{name}: {figure(points[0][1])} to {figure(points[-1][1])}" for name, points in found.items())
    return Drawing(title, unit, curves, ticks, levels, summary)


def _thinned(points: Sequence[Point]) -> Sequence[Point]:
    """So many that a screen could show more of them only on top of each other; the last one is kept."""
    every = -(-len(points) // KEPT)
    return [*points[:-1:every], points[-1]]


def _steps(first: float, last: float, step: float) -> list[float]:
    """Multiples of the step between the two."""
    begin = -(-first // step)
    return [step * (begin + index) for index in range(int(last / step - begin + 1 + 1e-9))]
