"""Why a measurement cannot be made."""

from guiche.operations.errors import OperationRefused


class BenchRefused(OperationRefused):
    """Something answered what it should not: a figure would say nothing."""
