"""What administrators do with calendars."""
