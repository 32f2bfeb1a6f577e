"""Jobs of organisations: bringing in a list of people, forgetting old lists."""

from django.utils import timezone
from procrastinate.contrib.django import app

from guiche.organizations.actions import importing
from guiche.organizations.models import PeopleImport


@app.task(queue="imports", retry=3)
def apply_people_import(*, import_id: int) -> None:
    wanted = PeopleImport.objects.select_related("organization", "made_by").filter(pk=import_id).first()
    if wanted and wanted.confirmed_at and not wanted.applied_at:
        importing.apply(wanted, at=timezone.now())


@app.periodic(cron="37 4 * * *")
@app.task(queue="imports", queueing_lock="organizations.forget_lists")
def forget_old_lists(timestamp: int) -> None:
    importing.forget_old(at=timezone.now())
