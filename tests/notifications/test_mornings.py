"""Eight o'clock, wherever and on whatever day."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from guiche.notifications.mornings import last_morning, next_morning

SAO_PAULO, LISBON, KATHMANDU = ZoneInfo("America/Sao_Paulo"), ZoneInfo("Europe/Lisbon"), ZoneInfo("Asia/Kathmandu")


@pytest.mark.parametrize(
    ("at", "zone", "last", "following"),
    [
        ("2026-11-18T12:00", SAO_PAULO, "2026-11-18T11:00", "2026-11-19T11:00"),
        ("2026-11-18T10:59", SAO_PAULO, "2026-11-17T11:00", "2026-11-18T11:00"),
        ("2026-11-18T11:00", SAO_PAULO, "2026-11-18T11:00", "2026-11-19T11:00"),
        ("2026-11-18T02:15", KATHMANDU, "2026-11-18T02:15", "2026-11-19T02:15"),
        # The clocks of Lisbon went back at 1:00 UTC of 25 October 2026: 8:00 is an hour later from then on.
        ("2026-10-25T07:30", LISBON, "2026-10-24T07:00", "2026-10-25T08:00"),
    ],
)
def test_the_mornings_around_a_moment(at: str, zone: ZoneInfo, last: str, following: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)

    assert last_morning(moment, zone).astimezone(UTC).isoformat()[:16] == last
    assert next_morning(moment, zone).astimezone(UTC).isoformat()[:16] == following
