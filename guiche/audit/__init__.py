"""Who did what: an append-only chain."""
