"""Expressions of the database that several apps sort and search by."""

from django.db.models import Func, TextField


class SortKey(Func):
    """The text without accents and case, as `sort_key()` of the database gives it: what names are sorted by."""

    function = "sort_key"
    output_field = TextField()
