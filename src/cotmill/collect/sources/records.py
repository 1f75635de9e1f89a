"""What a reader yields beside seeds, and what it raises."""

from __future__ import annotations

from dataclasses import dataclass

from cotmill.base.chance import content_id
from cotmill.base.reasons import Reason
from cotmill.base.stage import CotmillError

__all__ = ["MAX_RAW", "Broken", "SeedsError", "broken"]

MAX_RAW = 20_000  # characters of a broken row that are kept


class SeedsError(CotmillError):
    """Nothing can be read; the message says what was found, what is needed and what to do."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that is no seed. It counts as one pair."""

    id: str  # "<source>-<16 hex digits of the raw row>"
    reason: Reason  # malformed-row, missing-field or row-too-large
    detail: str  # file name, line or row number (from 1), what is wrong
    raw: str  # the row as found, its first MAX_RAW characters; bytes that are not UTF-8 as \\xNN

    def pair_ids(self) -> tuple[str, ...]:
        return (f"{self.id}.0",)


def broken(source: str, reason: Reason, detail: str, raw: bytes | str, whole: str = "") -> Broken:
    """Make a Broken; `whole` names the content where `raw` is cut already."""
    data = raw if isinstance(raw, bytes) else raw.encode("utf-8", "backslashreplace")
    text = data.decode("utf-8", "backslashreplace")
    return Broken(f"{source}-{content_id(whole or text)}", reason, detail, text[:MAX_RAW])
