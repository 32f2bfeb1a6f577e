"""What we promised: deadlines, and why they are what they are."""
