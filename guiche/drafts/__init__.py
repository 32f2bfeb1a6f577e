"""What somebody was writing and has not sent: one row per person and place, with its files."""
