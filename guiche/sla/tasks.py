"""What runs later of promises."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from guiche.accounts import system
from guiche.sla.actions import bulk, marking, waking
from guiche.sla.models import Retargeting


@app.task(queue="deadlines")
def retarget(*, retargeting_id: int) -> None:
    """Go through the open tickets; one that is not to begin yet is left to `go_on_retargeting`."""
    _retarget(Retargeting.objects.get(pk=retargeting_id))


@app.periodic(cron="* * * * *")
@app.task(queue="deadlines", queueing_lock="deadlines.go_on", pass_context=False)
def go_on_retargeting(timestamp: int) -> None:
    """Begin what was asked for a later day, and go on with what a worker left behind."""
    for asked in Retargeting.objects.to_do(timezone.now()):
        _retarget(asked)


def _retarget(asked: Retargeting) -> None:
    bulk.run(asked, at=timezone.now(), by=system.user())


@app.periodic(cron="* * * * *")
@app.task(queue="deadlines", queueing_lock="deadlines.wake", pass_context=False)
def wake_clocks(timestamp: int) -> None:
    """Record what deadlines have reached, and do what escalations ask for."""
    waking.wake_due(by=system.user(), at=timezone.now())


@app.task(queue="deadlines")
def mark_again(*, added: list[int]) -> None:
    """Let the running clocks be woken at the marks that there are now; of the `added` ones nobody is told late."""
    marking.mark_again(added=added, at=timezone.now())
