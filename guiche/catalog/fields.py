"""The standard fields that any form may have, and the kinds a custom one may be."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class StandardField(TextChoices):
    ON_BEHALF_OF = "on_behalf_of", _("On behalf of")
    TITLE = "title", _("Title")
    PRODUCT = "product", _("Product, module and service")
    FAILURE = "failure", _("What failed")
    SEVERITY = "severity", _("Severity")
    URGENCY = "urgency", _("Urgency and impact")
    DESCRIPTION = "description", _("Description")
    ATTACHMENTS = "attachments", _("Attachments")
    CONTACT = "contact", _("Contact: name and phone")
    CONTACT_EMAIL = "contact_email", _("E-mail of the contact")
    BEST_TIME = "best_time", _("Best time to call")
    COPIES = "copies", _("E-mails in copy")


class Kind(TextChoices):
    TEXT = "text", _("Text")
    LONG_TEXT = "long_text", _("Long text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    CHOICE = "choice", _("Choice")
    CHOICES = "choices", _("Several choices")
    CHECKBOX = "checkbox", _("Check box")
    PERSON = "person", _("Person")
