"""Products, modules and services; request types with the fields of their forms; severities and where they come from."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guiche.accounts.models import Team, User
from guiche.catalog.conditions import Condition
from guiche.catalog.conditions import load as load_conditions
from guiche.catalog.fields import Kind, StandardField
from guiche.catalog.querysets import MatrixQuerySet, ProductQuerySet, RequestTypeQuerySet
from guiche.catalog.severity import Scale, SeveritySource
from guiche.core.fields import SortKey
from guiche.organizations.models import Organization
from guiche.workflows.models import Workflow


class Tone(models.TextChoices):
    OK = "ok", _("Green")
    INFO = "info", _("Blue")
    WAIT = "wait", _("Yellow")
    DANGER = "danger", _("Red")


class Severity(models.Model):
    """How bad it is, in the customer's words. Level 1 is the worst."""

    level = models.PositiveSmallIntegerField(_("level"), unique=True)
    name = models.CharField(_("name"), max_length=60)
    description = models.CharField(_("description"), max_length=200, blank=True)
    tone = models.CharField(_("colour"), max_length=8, choices=Tone.choices, default=Tone.INFO)
    asks_to_call = models.BooleanField(_("asks the customer to call too"), default=False)

    class Meta:
        ordering = ["-level"]
        constraints = [models.CheckConstraint(name="severity_level_is_1_to_4", condition=Q(level__gte=1, level__lte=4))]

    def __str__(self) -> str:
        return self.name

    @property
    def bars(self) -> int:
        """How many of the four bars are lit."""
        return 5 - self.level


class Product(models.Model):
    """A system or family that customers ask about."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    description = models.CharField(_("description"), max_length=200, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_for_all = models.BooleanField(_("every organisation has it"), default=False)
    organizations = models.ManyToManyField(Organization, related_name="products", blank=True)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name", "id"]

    def __str__(self) -> str:
        return self.name


class Module(models.Model):
    """A part of a product."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="modules")
    name = models.CharField(_("name"), max_length=80)
    is_active = models.BooleanField(_("active"), default=True)
    search_key = models.GeneratedField(expression=SortKey("name"), output_field=models.TextField(), db_persist=True)

    class Meta:
        ordering = ["search_key", "id"]
        constraints = [models.UniqueConstraint(name="module_once", fields=["product", "name"])]

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """A function of a module: the finest thing a ticket can be about."""

    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="services")
    name = models.CharField(_("name"), max_length=300)
    is_active = models.BooleanField(_("active"), default=True)
    search_key = models.GeneratedField(expression=SortKey("name"), output_field=models.TextField(), db_persist=True)

    class Meta:
        ordering = ["search_key", "id"]
        constraints = [models.UniqueConstraint(name="service_once", fields=["module", "name"])]

    def __str__(self) -> str:
        return self.name


class Impact(models.Model):
    """What a failure of a service does to the customer, and the severity that follows."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="impacts")
    description = models.CharField(_("impact"), max_length=200)
    severity = models.ForeignKey(Severity, on_delete=models.PROTECT, related_name="+")
    diagnosis_minutes = models.PositiveIntegerField(_("diagnosis, in business minutes"), null=True, blank=True)
    solution_minutes = models.PositiveIntegerField(_("solution, in business minutes"), null=True, blank=True)

    class Meta:
        ordering = ["severity__level", "id"]
        constraints = [models.UniqueConstraint(name="impact_once", fields=["service", "description"])]

    def __str__(self) -> str:
        return self.description


class Failure(models.Model):
    """A kind of failure of a product: what the form asks as "O que falhou"."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="failures")
    name = models.CharField(_("name"), max_length=80)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(name="failure_once", fields=["product", "name"])]

    def __str__(self) -> str:
        return self.name


class MatrixCell(models.Model):
    """Urgency × impact → severity, one row a cell."""

    urgency = models.CharField(max_length=6, choices=Scale.choices)
    impact = models.CharField(max_length=6, choices=Scale.choices)
    severity = models.ForeignKey(Severity, on_delete=models.PROTECT, related_name="+")

    objects = MatrixQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="matrix_cell_once", fields=["urgency", "impact"])]

    def __str__(self) -> str:
        return f"{self.urgency} × {self.impact}"


class Section(models.TextChoices):
    """Where on the portal's home a request type stands."""

    SUPPORT = "support", _("Support")
    OTHER = "other", _("Other channels")
    EQUIPMENT = "equipment", _("Equipment")


class RequestType(models.Model):
    """A kind of request: when to use it, its form, and what follows its opening."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    icon = models.CharField(_("icon"), max_length=40, default="ask")
    sentence = models.CharField(_("when to use it"), max_length=160)
    section = models.CharField(
        _("place on the home page"), max_length=12, choices=Section.choices, default=Section.SUPPORT
    )
    products = models.ManyToManyField(Product, related_name="request_types", blank=True)  # none: all
    workflow = models.ForeignKey(Workflow, on_delete=models.PROTECT, related_name="request_types")
    default_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    severity_source = models.CharField(
        _("severity"), max_length=8, choices=SeveritySource.choices, default=SeveritySource.NONE
    )
    fixed_severity = models.ForeignKey(Severity, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    has_deadlines = models.BooleanField(_("has deadlines"), default=False)
    suggests_articles = models.BooleanField(_("suggests articles"), default=True)
    needs_validation = models.BooleanField(_("the solution must be validated"), default=False)
    has_survey = models.BooleanField(_("a survey follows"), default=False)
    is_reserved = models.BooleanField(_("reserved: colleagues don't see it"), default=False)
    is_for_customers = models.BooleanField(_("customers may use it"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = RequestTypeQuerySet.as_manager()

    class Meta:
        ordering = ["section", "position", "id"]
        constraints = [
            models.CheckConstraint(
                name="request_type_fixed_severity",
                condition=~Q(severity_source="fixed") | Q(fixed_severity__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CustomField(models.Model):
    """A field that the provider made. Removing it from a form keeps what was answered."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    choices = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    is_for_customers = models.BooleanField(_("the customer sees it"), default=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class FormField(models.Model):
    """One line of a request type's form: a standard field or a custom one."""

    request_type = models.ForeignKey(RequestType, on_delete=models.CASCADE, related_name="form_fields")
    standard = models.CharField(max_length=16, choices=StandardField.choices, blank=True)
    custom = models.ForeignKey(CustomField, null=True, blank=True, on_delete=models.CASCADE, related_name="form_fields")
    is_required = models.BooleanField(_("required"), default=False)
    help = models.CharField(_("help"), max_length=200, blank=True)
    # Shown only when all of these hold: as `conditions.dump` writes them.
    conditions = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="form_field_is_one_thing",
                condition=Q(standard="", custom__isnull=False) | (~Q(standard="") & Q(custom__isnull=True)),
            ),
            models.UniqueConstraint(
                name="form_field_standard_once", fields=["request_type", "standard"], condition=~Q(standard="")
            ),
            models.UniqueConstraint(
                name="form_field_custom_once", fields=["request_type", "custom"], condition=Q(custom__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The field's name in forms, drafts and conditions."""
        return self.standard or f"custom-{self.custom_id}"

    @property
    def rules(self) -> tuple[Condition, ...]:
        """The conditions under which it appears; none: always."""
        return load_conditions(self.conditions)


class FormVersion(models.Model):
    """A form as it was published, whole: what each version asked, and who is answerable for it."""

    request_type = models.ForeignKey(RequestType, on_delete=models.CASCADE, related_name="form_versions")
    number = models.PositiveIntegerField()
    plan = models.JSONField()  # as form_plan.dump writes it
    published_at = models.DateTimeField(null=True)  # null: as it stood when versions began
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            # Also serves the only readings: the versions of a form, and the last of them.
            models.UniqueConstraint(name="form_version_once", fields=["request_type", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.request_type_id} v{self.number}"


class FormDraft(models.Model):
    """What an administrator changed in a form and has not published."""

    request_type = models.ForeignKey(RequestType, on_delete=models.CASCADE, related_name="form_drafts")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    base = models.JSONField()  # the form that it was begun from, as form_plan.dump writes it
    plan = models.JSONField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["-updated_at", "id"]
        constraints = [models.UniqueConstraint(name="form_draft_once", fields=["request_type", "user"])]

    def __str__(self) -> str:
        return f"{self.request_type_id} by {self.user_id}"
