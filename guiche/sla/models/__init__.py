"""Policies, whom they cover, and the clocks of tickets."""

from guiche.sla.models.assignment import Assignment, RuleSet
from guiche.sla.models.clock import Clock, Interval
from guiche.sla.models.policy import Policy, PolicyVersion, SeverityCalendar, Target

__all__ = [
    "Assignment",
    "Clock",
    "Interval",
    "Policy",
    "PolicyVersion",
    "RuleSet",
    "SeverityCalendar",
    "Target",
]
