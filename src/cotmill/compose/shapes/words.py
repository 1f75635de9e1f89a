"""Words of a language. Where the observed texts are such, random letters make no sense in their place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from random import Random

from cotmill.compose.shapes.characters import letters
from cotmill.compose.shapes.shape import Choice, Mixture, Shape, Study

__all__ = ["NAMES", "OPEN", "THINGS", "Words", "learn_words"]

NEW = 0.6  # share of words that are not among the observed
MIRRORS = 0.25  # share of words that read the same backwards, for a program that turns texts round
COMMON = 3  # words of the lists below with a pair of letters, from which it counts as common
PAIRS, SPOKEN = 5, 0.6  # of so many pairs of letters and more, this share is common: random ones reach a third


def listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# All words of such a kind there are: no other would do.
CLOSED = tuple(
    listed(text)
    for text in (
        "monday tuesday wednesday thursday friday saturday sunday",
        "mon tue wed thu fri sat sun",
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "north east south west",
    )
)
NAMES = listed(
    "ada amy ann anna bea ben bob carl cora dan dora ella emil eva finn greta hugo ida ivan jan jill karl kim lea leo "
    "lina mara max mia nina noah nora olga oscar otto paul pia ravi rosa sam sara sven tara tom uma vera will zoe"
)
OPEN = (
    NAMES,
    listed("red blue green yellow black white grey pink brown orange purple teal violet silver gold beige"),
    listed(
        "apple pear plum cherry banana lemon lime melon grape peach bread butter cheese rice soup cake tea cocoa "
        "coffee milk juice water honey salt sugar pepper onion carrot potato tomato"
    ),
    listed(
        "ant bear bee cat cow crow deer dog duck eagle fox frog goat goose hare hawk hen horse lion lynx mole moth "
        "mouse otter owl panda pig rabbit raven seal sheep snail spider swan tiger toad trout whale wolf"
    ),
    listed(
        "barn bay beach bridge castle church city farm forest garden gate harbour hill house island lake market meadow "
        "mill mountain museum park pond port river road school square station street tower town valley village"
    ),
)
THINGS = listed(
    "anchor apron arrow basket bell bench boat book bottle bowl brush bucket button candle card carpet chain "
    "chair clock cloud coat coin compass copper corn crown cup curtain desk door drum engine feather fence field "
    "flag flame flour flower glass glove hammer hat helmet ink iron jar kettle key kite knife ladder lamp lantern "
    "leaf letter linen map marble mask match mirror nail needle net note oar oven page paint paper pebble pen "
    "pencil pillow pin pipe plate pocket rain ring rope sail sand saw shelf shell shoe shovel silk snow spoon "
    "stamp star steam stone storm string summer table tent thread ticket timber tool train tray tree umbrella "
    "violin wagon wall watch wheel window winter wire wood wool"
)
SAME_BACKWARDS = ("noon", "level", "kayak", "radar", "civic", "rotor", "refer", "deed", "peep", "racecar", "madam")
_PAIRS = Counter(chain.from_iterable(set(pairwise(word)) for word in chain(THINGS, *OPEN, *CLOSED)))


@dataclass(frozen=True, slots=True)
class Words:
    """Observed words, and others of their kind."""

    known: tuple[str, ...]
    others: tuple[str, ...]
    mirrored: tuple[str, ...] = ()

    def draw(self, rng: Random) -> str:
        if self.mirrored and rng.random() < MIRRORS:
            return rng.choice(self.mirrored)
        return rng.choice(self.others if self.others and rng.random() < NEW else self.known)

    def draw_sized(self, rng: Random, length: int) -> str:
        """Pieces of words where there is no word of that length."""
        fitting = [word for word in (*self.known, *self.others) if len(word) == length]
        if fitting:
            return rng.choice(fitting)
        text = ""
        while len(text) < length:
            text += self.draw(rng)
        return text[:length]


def learn_words(values: Sequence[str], study: Study) -> Shape | None:
    """None where no words are among them. Other texts beside words keep a shape of their own."""
    words = [value for value in values if _is_word(value)]
    if not any(len(word) > 2 for word in words):
        return None
    plain = sorted({word.lower() for word in words})
    for kind in CLOSED:
        if set(plain) <= set(kind):
            return Choice(tuple(_cased(kind, words)))
    kind = next((kind for kind in OPEN if 2 * len(set(plain) & set(kind)) > len(plain)), ())
    named = all(word.istitle() for word in words)  # three letters that are no name are seldom written so
    if not kind and not (_is_spoken(plain, study) and (named or max(map(len, plain)) > 3)):
        return None
    others = _alike(_cased(kind or _of_case(words), words), words) if study.reach else []
    shape: Shape = Words(tuple(words), tuple(others), tuple(_cased(SAME_BACKWARDS, words)) if _turned(study) else ())
    rest = [value for value in values if not _is_word(value)]
    if not rest:
        return shape
    single = all(len(value) == 1 for value in rest)
    return Mixture((shape, letters(rest, study) if single else study.shape(rest)), (len(words), len(rest)))


def _is_word(text: str) -> bool:
    cased = text.islower() or text.isupper() or text.istitle()
    if len(text) == 2 and _PAIRS[text[0].lower(), text[1].lower()] < COMMON:
        return False
    return len(text) > 1 and text.isalpha() and text.isascii() and cased


def _is_spoken(words: Sequence[str], study: Study) -> bool:
    """Whether their pairs of letters are those of a language, and not of a small alphabet."""
    used = sorted(set("".join(words)))
    if len(used) < 6 or 0 < len(study.hints.alphabet(used)) < 26:
        return False
    pairs = [_PAIRS[pair] >= COMMON for word in words if len(word) > 2 for pair in pairwise(word)]
    return len(pairs) >= PAIRS and sum(pairs) >= SPOKEN * len(pairs)


def _turned(study: Study) -> bool:
    return study.hints.mirrors and bool(study.reach)


def _of_case(words: Sequence[str]) -> tuple[str, ...]:
    """Who is written with a capital letter has a name."""
    return NAMES if all(word.istitle() for word in words) else THINGS


def _cased(words: Sequence[str], like: Sequence[str]) -> list[str]:
    if all(word.isupper() for word in like):
        return [word.upper() for word in words]
    return [word.title() for word in words] if all(word.istitle() for word in like) else list(words)


def _alike(words: Sequence[str], observed: Sequence[str]) -> list[str]:
    """Those of about the observed lengths; of the one length where there is one."""
    low, high = min(map(len, observed)), max(map(len, observed))
    wider = 0 if low == high and len(observed) > 2 else 1
    return [word for word in words if low - wider <= len(word) <= high + wider]
