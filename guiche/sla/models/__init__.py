"""Policies, whom they cover, and the clocks of tickets."""

from guiche.sla.models.assignment import Assignment, RuleSet
from guiche.sla.models.clock import Clock, Interval
from guiche.sla.models.escalation import DueRemedy, Escalation
from guiche.sla.models.policy import Policy, PolicyVersion, SeverityCalendar, Target
from guiche.sla.models.retargeting import Retargeting

__all__ = [
    "Assignment",
    "Clock",
    "DueRemedy",
    "Escalation",
    "Interval",
    "Policy",
    "PolicyVersion",
    "Retargeting",
    "RuleSet",
    "SeverityCalendar",
    "Target",
]
