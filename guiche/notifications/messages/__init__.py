"""In what words people are told."""
