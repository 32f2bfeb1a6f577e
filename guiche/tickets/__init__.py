"""What was asked of us."""
