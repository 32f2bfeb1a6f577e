"""The operator's door: start, stop, check, back up and restore an installation."""
