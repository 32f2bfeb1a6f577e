"""Statuses and transitions as rows; what a stage means as code."""
