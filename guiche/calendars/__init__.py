"""Arithmetic of business time."""
