"""Every list alike: paging, and later columns, filters and views."""
