"""The one row of brand, limits and switches of this installation."""
