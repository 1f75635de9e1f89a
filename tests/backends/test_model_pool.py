"""Which server is asked, and how many requests it gets: fewer when it is strained, more while it answers."""

from __future__ import annotations

import threading
import time

from hypothesis import given
from hypothesis import strategies as st

from cotmill.backends.model_pool import TOLERATED, Lease, Pool, Server

NEVER = threading.Event()


def take(pool: Pool, last: Server | None = None) -> Lease:
    lease = pool.take(last, NEVER)
    assert lease is not None
    return lease


def answered(pool: Pool, lease: Lease) -> None:
    pool.worked(lease)
    pool.give_back(lease)


def fails(pool: Pool, lease: Lease, *, strained: bool = True, asked: float = 0.0, usual: float = 0.0) -> None:
    pool.failed(lease, strained=strained, asked=asked, usual=usual)
    pool.give_back(lease)


def test_strain_halves_once_for_all_that_was_under_way() -> None:
    """Of 32 requests 16 come back with 429: one round, half the width. Those that are sent after that halve again."""
    pool = Pool(["a"], 32)
    leases = [take(pool) for _ in range(32)]
    server = leases[0].server
    for lease in leases[:16]:
        pool.failed(lease, strained=True, asked=0.0, usual=0.0)
    assert (server.width, server.round) == (16, 1)
    for lease in leases:
        pool.give_back(lease)
    server.failures = 0
    for lease in [take(pool) for _ in range(8)]:
        pool.failed(lease, strained=True, asked=0.0, usual=0.0)
    assert (server.width, server.round) == (4, 2)  # of the eight that were in flight


def test_what_is_no_strain_leaves_the_width() -> None:
    pool = Pool(["a"], 16)
    for lease in [take(pool) for _ in range(16)]:
        fails(pool, lease, strained=False)
    assert pool._servers[0].width == 16


def test_what_is_lost_now_and_then_leaves_the_width() -> None:
    """One in eight, for no reason of load; one in two is strain."""
    for every, narrowed in ((8, False), (2, True)):
        pool = Pool(["a"], 16)
        for number in range(400):
            lease = take(pool)
            if number % every:
                answered(pool, lease)
            else:
                fails(pool, lease)
        assert (pool._servers[0].round > 0) == narrowed


def test_a_round_of_answers_widens_by_one() -> None:
    pool = Pool(["a"], 16)
    server = take(pool).server
    server.in_flight, server.width = 0, 4.0
    for expected in (5, 6, 7):
        for lease in [take(pool) for _ in range(server.room())]:
            answered(pool, lease)
        assert expected - 0.5 < server.width <= expected
    for _ in range(1000):
        answered(pool, take(pool))
    assert server.width == 16


def test_one_that_failed_too_often_gets_one_request_at_a_time() -> None:
    """Until it has answered; then as many as its width says."""
    pool = Pool(["a"], 16)
    for _ in range(TOLERATED + 1):
        fails(pool, take(pool), strained=False)
    lease = take(pool)
    assert lease.server.room() == 0
    answered(pool, lease)
    assert lease.server.room() == 16


def test_the_least_busy_one_is_taken_and_another_than_the_last() -> None:
    pool = Pool(["a", "b"], 4)
    first, second = take(pool), take(pool)
    assert {first.server.url, second.server.url} == {"a", "b"}
    pool.give_back(second)
    assert take(pool).server is second.server
    assert take(pool, second.server).server is first.server


def test_what_failed_before_tries_no_server_that_fails_too_often() -> None:
    """New requests find out whether it is well again; where all fail, anyone does."""
    pool = Pool(["a", "b"], 4)
    tired, good = pool._servers
    tired.failures = TOLERATED + 1
    good.in_flight = 2
    assert take(pool, tired).server is take(pool, good).server is good
    good.in_flight = 2
    assert take(pool).server is tired
    good.failures, good.in_flight, tired.in_flight = TOLERATED + 1, 0, 0
    assert take(pool, good).server is tired


def test_one_that_rests_is_waited_for_no_longer_than_it_rests() -> None:
    pool = Pool(["a"], 4)
    fails(pool, take(pool), asked=0.1)
    began = time.monotonic()
    take(pool)
    assert 0.1 <= time.monotonic() - began < 2


def test_what_fails_together_is_one_rest() -> None:
    """Twenty requests fail at once: it rests once, not for twenty doublings; it rests again when it fails again."""
    pool = Pool(["a"], 20)
    leases = [take(pool) for _ in range(20)]
    server = leases[0].server
    for lease in leases:
        fails(pool, lease, strained=False, usual=0.1 * 2**server.rests)
    assert server.rests == 1
    assert server.rests_until - time.monotonic() <= 0.1
    lease = take(pool)
    fails(pool, lease, strained=False, usual=0.1 * 2**server.rests)
    assert server.rests == 2
    answered(pool, take(pool))
    assert (server.rests, server.failures) == (0, 0)


def test_who_waits_is_woken_by_halt() -> None:
    pool, halt = Pool(["a"], 1), threading.Event()
    take(pool)
    threading.Timer(0.05, lambda: (halt.set(), pool.wake())).start()
    assert pool.take(None, halt) is None


@given(st.lists(st.sampled_from(["take", "worked", "strained", "broken", "dropped"]), max_size=200), st.integers(1, 8))
def test_widths_and_places_stay_in_bounds(moves: list[str], widest: int) -> None:
    """Whatever happens, in whatever order: never more places than allowed, never a server without any for good."""
    pool, out = Pool(["a", "b"], widest), list[Lease]()
    servers = pool._servers
    for move in moves:
        if move == "take":
            if any(server.room() > 0 for server in servers):
                out.append(take(pool))
        elif out:
            lease = out.pop(len(out) // 2)
            if move == "worked":
                answered(pool, lease)
            elif move == "dropped":
                pool.give_back(lease)
            else:
                fails(pool, lease, strained=move == "strained")
        for server in servers:
            assert 1 <= server.width <= widest
            assert 0 <= server.in_flight <= widest
    for lease in out:
        pool.give_back(lease)
    assert all(server.in_flight == 0 and server.room() >= 1 for server in servers)


def test_all_who_wait_hear_that_there_is_room() -> None:
    """A server that has answered again takes as many as its width says, at once."""
    pool, waiting = Pool(["a"], 8), list[threading.Thread]()
    server = pool._servers[0]
    server.failures = TOLERATED + 1
    lease = take(pool)
    for _ in range(8):
        waiting.append(threading.Thread(target=take, args=(pool,), daemon=True))
        waiting[-1].start()
    time.sleep(0.05)
    assert server.in_flight == 1
    answered(pool, lease)
    for thread in waiting:
        thread.join(5)
    assert server.in_flight == 8


def test_no_place_is_forgotten() -> None:
    """32 threads, servers narrowed to one and tired: all get through, and are side by side again in the end."""
    pool, most, done, lock = Pool(["a", "b"], 16), 0, 0, threading.Lock()
    for server in pool._servers:
        server.width, server.failures = 1.0, TOLERATED + 1

    def work() -> None:
        nonlocal most, done
        for _ in range(20):
            lease = take(pool)
            with lock:
                most = max(most, sum(server.in_flight for server in pool._servers))
            time.sleep(0.001)
            answered(pool, lease)
            with lock:
                done += 1

    threads = [threading.Thread(target=work, daemon=True) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert done == 640
    assert most > 8
