"""What customers have: contracts."""
