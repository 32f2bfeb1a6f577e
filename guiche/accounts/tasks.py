"""Jobs of people and their access."""

from django.utils import timezone
from procrastinate.contrib.django import app

from guiche.accounts import attempts, remembered
from guiche.accounts.actions import answering
from guiche.accounts.models import AccessRequest


@app.task(queue="mail", retry=5)
def answer_access_request(*, request_id: int) -> None:
    request = AccessRequest.objects.filter(pk=request_id).first()
    if request:
        answering.answer(request, at=timezone.now())


@app.periodic(cron="17 4 * * *")
@app.task(queue="upkeep")
def forget_old_attempts(timestamp: int) -> None:
    attempts.forget_old(at=timezone.now())


@app.periodic(cron="22 4 * * *")
@app.task(queue="upkeep")
def forget_expired_devices(timestamp: int) -> None:
    remembered.forget_expired(at=timezone.now())
