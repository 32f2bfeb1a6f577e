"""Moves letters. Knows addresses, not people."""
