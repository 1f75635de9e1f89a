"""Text for people."""

from __future__ import annotations

from cotmill.view.display import clock_time, duration, percent, shorten, visible


def test_active_characters_are_written_out():
    """Control characters, direction marks and lone surrogates become visible; tabs and line ends stay."""
    assert (
        visible("a\tb\r\nc\rd\x00\x9b\u202e\ud800\u00e9") == r"a" + "\tb\nc" + r"\x0dd\x00\x9b\u202e\ud800" + "\u00e9"
    )


def test_shorten_keeps_the_beginning_and_says_so():
    """By lines, by characters, or not at all."""
    assert shorten("a\nb\nc", chars=99, lines=2) == ("a\nb", True)
    assert shorten("abcdef", chars=3) == ("abc", True)
    assert shorten("a\nb", chars=99, lines=2) == ("a\nb", False)


def test_a_share_never_claims_all_or_nothing_where_it_is_not():
    """Rounding does not hide the last per mille."""
    assert [percent(part, 10_000) for part in (0, 1, 5_000, 9_999, 10_000)] == [
        "0 %",
        "< 0.1 %",
        "50.0 %",
        "> 99.9 %",
        "100 %",
    ]
    assert percent(0, 0) == "0 %"


def test_times():
    """As a person says them, and as a clock shows them."""
    assert [duration(s) for s in (0.44, 12.3, 200, 7500)] == ["0.4 s", "12 s", "3 min 20 s", "2 h 5 min"]
    assert [clock_time(s) for s in (7.9, 725, 3723)] == ["0:07", "12:05", "1:02:03"]
