"""Jobs that look after jobs: rescue what a killed worker held, forget what is long done; one of the demonstration."""

import logging

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, Status

log = logging.getLogger(__name__)

# A living worker writes its heartbeat every 5 seconds (guiche.operations.worker).
SILENT_SECONDS = 20.0
# A job whose worker died this many times is taken to be what kills it.
MOST_ATTEMPTS = 5
KEEP_DONE_HOURS = 7 * 24


# The sixth field is seconds: what a killed worker held waits for 20 to 50 seconds.
@app.periodic(cron="* * * * * */30")
@app.task(queue="operations", queueing_lock="operations.rescue", priority=100, pass_context=True)
async def rescue_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Put jobs back in the queue whose worker is gone. They run again from the start."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        if is_hopeless(job):
            log.error("Job %s (%s) has ended its worker %s times: given up.", job.id, job.task_name, job.attempts)
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)
        else:
            log.warning("Job %s (%s) lost its worker: queued again.", job.id, job.task_name)
            await manager.retry_job(job)


@app.periodic(cron="41 3 * * *")
@app.task(queue="operations", queueing_lock="operations.forget", pass_context=True)
async def forget_done_jobs(context: JobContext, timestamp: int) -> None:
    """Remove jobs that succeeded more than a week ago. Failed ones stay for somebody to look at."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEEP_DONE_HOURS)


@app.task(queue="notices", queueing_lock="operations.read_old")
def read_old_news() -> None:
    """Let the people of a new demonstration have read what is some days old, once all of them are told of it."""
    from guiche.operations.demo import reading  # what a real installation never loads

    if reading.all_are_told():
        reading.read_old(at=timezone.now())
    else:
        read_old_news.configure(schedule_in={"seconds": 10}).defer()


def is_hopeless(job: Job) -> bool:
    """Say whether a stalled job has been tried often enough."""
    return job.attempts + 1 >= MOST_ATTEMPTS
