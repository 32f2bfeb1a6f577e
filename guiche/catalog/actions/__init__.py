"""What administrators do with the catalogue."""
