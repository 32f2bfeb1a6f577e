"""Say what is wrong with an installation, and what to do about it."""

from guiche.operations.doctor.examination import report

__all__ = ["report"]
