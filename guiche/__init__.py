"""Guichê: a customer service portal."""
