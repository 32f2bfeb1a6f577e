"""How fast business time and pages are: `make bench [PART=worktime] [TICKETS=100000]`. See docs/howto/measure.md."""
