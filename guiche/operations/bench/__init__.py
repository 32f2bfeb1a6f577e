"""How fast the pages are on a large installation: `make bench [TICKETS=100000]`. See docs/howto/measure.md."""
