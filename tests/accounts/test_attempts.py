from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from guiche.accounts import attempts
from guiche.accounts.models import Attempt

NOON = datetime(2026, 11, 20, 15, tzinfo=UTC)
LIMIT = attempts.Limit("test", 5, timedelta(minutes=15))


class TestTake:
    @pytest.mark.django_db
    def test_ends_with_the_limit_and_begins_again_when_it_is_over(self):
        taken = [attempts.take(LIMIT, "ana", at=NOON) for _ in range(7)]

        assert [attempt is not None for attempt in taken] == [True] * 5 + [False] * 2
        assert attempts.take(LIMIT, "bruno", at=NOON)
        assert attempts.take(LIMIT, "ana", at=NOON + timedelta(minutes=15))

    @pytest.mark.django_db
    def test_says_when_it_may_be_tried_again(self):
        for minute in range(5):
            attempts.take(LIMIT, "ana", at=NOON + timedelta(minutes=minute))

        assert attempts.free_at(LIMIT, "ana", at=NOON + timedelta(minutes=5)) == NOON + timedelta(minutes=15)

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.slow
    def test_case_152_parallel_tries_do_not_slip_through(self):
        assert race(attempts.take) == 5

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.slow
    def test_without_the_lock_the_race_would_be_seen(self):
        assert race(take_without_lock) > 5


class TestKeys:
    @pytest.mark.parametrize(
        ("address", "key"),
        [
            ("203.0.113.9", "203.0.113.9"),
            ("2001:db8:0:7::1", "2001:db8:0:7::/64"),
            ("2001:db8:0:7:ffff::9", "2001:db8:0:7::/64"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
            ("", "unknown"),
            (None, "unknown"),
        ],
    )
    def test_a_network_is_an_ipv4_address_or_a_64(self, address, key):
        assert attempts.network_key(address) == key


def race(take):
    """Try 24 times from 8 threads that all begin at once; return how many tries passed."""
    barrier = Barrier(8)

    def one(_number):
        try:
            barrier.wait(timeout=10)
            return sum(take(LIMIT, "ana", at=NOON) is not None for _ in range(3))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(one, range(8)))


def take_without_lock(limit, key, *, at):
    import time

    counted = Attempt.objects.filter(kind=limit.kind, key=key).count()
    time.sleep(0.02)
    return Attempt.objects.create(kind=limit.kind, key=key, at=at) if counted < limit.count else None
