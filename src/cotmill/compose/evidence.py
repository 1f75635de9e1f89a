"""Which relations the observed inputs show: every candidate that all of them keep; the doubtful are not firm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, permutations

from cotmill.compose.paths import EACH, KEYS, Path, leaves, paths
from cotmill.compose.relations import Among, Apart, Beside, Bounded, Order, Product, Relation, Same, Term, Values

__all__ = ["find"]

FIRM = 6  # observations of something that varies from which a relation is firm
PAIRS = (("start", "end"), ("start", "stop"), ("begin", "end"), ("low", "high"), ("lo", "hi"), ("min", "max"),
         ("left", "right"), ("lower", "upper"), ("from", "to"), ("first", "last"), ("bottom", "top"))  # fmt: skip
MANY = 24  # terms or paths of one input beyond which relations between them would be found by chance


def find(observed: Sequence[Values], ran: Sequence[Values]) -> tuple[Relation, ...]:
    """Relations that hold in all observed inputs, those left out that are not firm and that something ran without."""
    names = [name for name in observed[0] if all(name in values for values in observed)]
    places = {name: paths([values[name] for values in observed]) for name in names}
    candidates = [
        *_products(observed, names), *_equal(observed, names), *_counts(observed, places), *_members(observed, places),
        *_orders(observed, names), *_beside(observed, names), *_apart(observed, names),
    ]  # fmt: skip
    return tuple(relation for relation in candidates if relation.firm or all(map(relation.holds, ran)))


def _hold(relation: Relation, observed: Sequence[Values]) -> bool:
    return all(map(relation.holds, observed))


def _equal(observed: Sequence[Values], names: Sequence[str]) -> Iterator[Relation]:
    """The same elements; lengths and counts that agree."""
    shuffled: set[str] = set()
    for first, second in combinations(names, 2):
        same = Same(second, first)
        longest = max(len(values[first]) if isinstance(values[first], (list, str)) else 0 for values in observed)
        if longest > 2 and _hold(same, observed) and len({repr(values[first]) for values in observed}) > 1:
            shuffled.add(second)
            yield same
    sizes = [term for term in _sizes(observed, names) if term.name not in shuffled]
    taken: set[Term] = set()
    for one, other in combinations(sizes, 2):
        if one in taken or other in taken or (one.name == other.name and one.what == "value"):
            continue
        for offset in (0, -1, 1) if "length" in (one.what, other.what) else (0,):
            relation = Order(one, other, equal=True, offset=offset)
            varied = len({one.of(values) for values in observed})
            if _hold(relation, observed) and (varied > 1 or (offset == 0 and _is_size(one) and _is_size(other))):
                taken.add(other)
                yield replace(relation, firm=varied > 1)
                break


def _products(observed: Sequence[Values], names: Sequence[str]) -> Iterator[Relation]:
    """A board in one list, with its rows and columns."""
    sizes = _sizes(observed, names)
    for length in sizes:
        if length.what == "length" and min(length.of(values) or 0 for values in observed) > 3:
            for one, other in combinations([term for term in sizes if term.what == "value"], 2):
                varied = len({(one.of(values), other.of(values)) for values in observed}) > 1
                if varied and _hold(Product(length, one, other), observed):
                    yield Product(length, one, other)
                    return


def _is_size(term: Term) -> bool:
    return term.what in ("length", "width")


def _sizes(observed: Sequence[Values], names: Sequence[str]) -> list[Term]:
    """Whole numbers and lengths; of a square, its length alone."""
    terms = [Term(name) for name in names] + [Term(name, what) for name in names for what in ("length", "width")]
    found = []
    for term in terms:
        numbers = [term.of(values) for values in observed]
        if any(number is None or isinstance(number, float) for number in numbers):
            continue
        length = Term(term.name, "length")
        if term.what != "width" or any(
            number != length.of(values) for number, values in zip(numbers, observed, strict=True)
        ):
            found.append(term)
    return found[:MANY]


def _counts(observed: Sequence[Values], places: dict[str, list[Path]]) -> Iterator[Relation]:
    """Indices and numbered nodes."""
    limits = [
        term
        for term in _sizes(observed, list(places))
        if len({term.of(values) for values in observed}) > 1 or _is_size(term)
    ]
    taken: set[tuple[str, Path]] = set()
    for name, path in [(name, path) for name, found in places.items() for path in found][:MANY]:
        if any((name, known) in taken for known in (path, (*path[:-1], EACH))):
            continue
        numbers = [leaves(values[name], path) for values in observed]
        flat = [number for each in numbers for number in each]
        if not flat or not all(isinstance(number, int) and not isinstance(number, bool) for number in flat):
            continue
        for term, start in [(term, start) for term in limits for start in (0, 1)]:
            if term.name == name and (term.what == "value" or not path):
                continue
            relation = Bounded(name, path, start, term)
            if not _hold(relation, observed) or (start == 1 and min(flat) < 1):
                continue
            ends = [
                (max(each), (term.of(values) or 0) - 1 + start)
                for each, values in zip(numbers, observed, strict=True)
                if each
            ]
            if path and not any(
                most >= end - (len(each) < 3) for (most, end), each in zip(ends, numbers, strict=False)
            ):
                continue
            if not path and not any(
                word in name.lower() for word in ("index", "idx", "pos", "start", "k", "node", "target")
            ):
                continue
            taken.add((name, path))
            tight = sum(most == end for most, end in ends)
            yield replace(relation, firm=tight > 1 and len({end for _, end in ends}) > 1)
            break


def _members(observed: Sequence[Values], places: dict[str, list[Path]]) -> Iterator[Relation]:
    """Names and numbers that occur elsewhere: a node among the keys, a target in the list."""
    everything = [(name, path) for name, found in places.items() for path in found if path[-1:] != (0,)][:MANY]
    sources = [(name, path) for name, path in everything if EACH in path or KEYS in path]
    taken: set[tuple[str, Path]] = set()
    for (name, path), (source, where) in permutations(everything, 2):
        if (source, where) not in sources or (name, path) in taken or KEYS in path or (source, where) in taken:
            continue
        if name == source and KEYS not in where:
            continue
        relation = Among(name, path, source, where)
        found = [leaves(values[name], path) for values in observed]
        known = [set(map(str, leaves(values[source], where))) for values in observed]
        flat = [leaf for each in found for leaf in each]
        if not flat or any(isinstance(leaf, float) for leaf in flat) or not _hold(relation, observed):
            continue
        if len(set(map(str, flat))) == 1 and len(observed) > 1:
            continue
        if not path and len(set().union(*known)) <= 3:
            continue  # a mark, beside a board of such marks
        distinct = {frozenset(each) for each in known}
        taken.add((name, path))
        yield replace(relation, firm=len(flat) >= FIRM and len(distinct) > 1)


def _orders(observed: Sequence[Values], names: Sequence[str]) -> Iterator[Relation]:
    """One not greater than another: parameters, a count and a length, ends of ranges."""
    scalars = [Term(name) for name in names]
    scalars = [term for term in scalars if all(term.of(values) is not None for values in observed)]
    sizes = [Term(name, "length") for name in names if all(isinstance(values[name], list) for values in observed)]
    totals = [
        Term(name, "total") for name in names if all(Term(name, "total").of(values) is not None for values in observed)
    ]
    for one, other in [*permutations(scalars, 2), *((a, b) for a in scalars for b in (*sizes, *totals))][: MANY * MANY]:
        relation = Order(one, other, equal=False)
        if not _hold(relation, observed):
            continue
        if not _named(one.name, other.name) and any(
            isinstance(term.of(values), float) for term in (one, other) for values in observed
        ):
            continue
        if other.what == "total" and any(Order(other, one, equal=False).holds(values) for values in observed):
            continue
        pairs = [(one.of(values) or 0, other.of(values) or 0) for values in observed]
        if len(observed) > 2 and len(set(pairs)) == 1:
            continue
        if max(a for a, _ in pairs) <= min(b for _, b in pairs) and not _named(one.name, other.name):
            continue  # ranges that do not meet need no relation
        strict = all(a < b for a, b in pairs) and all(isinstance(number, int) for pair in pairs for number in pair)
        yield replace(relation, offset=int(strict), firm=_named(one.name, other.name) or len(observed) >= FIRM)


def _beside(observed: Sequence[Values], names: Sequence[str]) -> Iterator[Relation]:
    for one_name, other_name in permutations(names, 2):
        beside = Beside(one_name, other_name)
        if all(isinstance(values[one_name], list) for values in observed) and _hold(beside, observed):
            count = sum(len(values[one_name]) for values in observed)
            if count >= FIRM:
                yield replace(beside, firm=True)


def _named(one: str, other: str) -> bool:
    """Whether the names are those of the ends of a range."""
    for low, high in PAIRS:
        words = one.lower().split("_")
        if low in words and [high if word == low else word for word in words] == other.lower().split("_"):
            return True
    return (one.lower(), other.lower()) in PAIRS


def _apart(observed: Sequence[Values], names: Sequence[str]) -> Iterator[Relation]:
    letters = [
        name for name in names if all(isinstance(values[name], str) and len(values[name]) == 1 for values in observed)
    ]
    if len(letters) > 1:
        relation = Apart(tuple(letters))
        pool = {values[name] for values in observed for name in letters}
        if len(pool) >= len(letters) and _hold(relation, observed):
            yield replace(relation, firm=len(pool) <= len(letters) + 1 and len(observed) > 2)
