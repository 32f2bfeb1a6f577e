"""What every room stands on and that knows no business: refusals, events, timelines, text."""
