"""What the acts of the audit trail are called on a page."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words(act: str) -> str:
    """Return what an act is called; one that has no words yet is called a change."""
    return _acts().get(act) or _("Change of the configuration")


def _acts() -> dict[str, str]:
    return {
        "person.registered": _("Person registered"),
        "person.changed": _("Person's record changed"),
        "person.email_changed": _("E-mail changed"),
        "person.deactivated": _("Access taken away"),
        "person.reactivated": _("Access given back"),
        "person.roles_changed": _("Roles changed"),
        "person.merged": _("Records merged"),
        "person.password_changed": _("Password changed"),
        "person.second_factor_changed": _("Second factor changed"),
        "person.device_remembered": _("Device remembered for the second step"),
        "person.device_forgotten": _("Remembered device forgotten"),
        "person.signed_in": _("Signed in"),
        "person.signed_in_on_new_device": _("Signed in on a new device"),
        "person.invited": _("Invitation sent"),
        "person.administrator_set_up": _("First administrator set up"),
        "organization.created": _("Organisation registered"),
        "organization.changed": _("Organisation changed"),
        "organization.deactivated": _("Organisation closed"),
        "organization.reactivated": _("Organisation opened again"),
        "organization.products_changed": _("Products of an organisation changed"),
        "contract.created": _("Contract written down"),
        "contract.changed": _("Contract changed"),
        "contract.ended": _("Contract ended"),
        "contract.reopened": _("Contract opened again"),
        "group.changed": _("Business group changed"),
        "site.changed": _("Unit changed"),
        "domain.added": _("Domain added"),
        "domain.verified": _("Domain verified"),
        "domain.removed": _("Domain removed"),
        "membership.created": _("Person added to an organisation"),
        "membership.changed": _("Reach changed"),
        "membership.ended": _("Person taken out of an organisation"),
        "membership.restored": _("Person brought back to an organisation"),
        "membership.joined_by_domain": _("Person came in by domain"),
        "join_request.made": _("Access asked for"),
        "join_request.decided": _("Access request decided"),
        "people_import.applied": _("People imported"),
        "custom_field.created": _("Own field made"),
        "custom_field.changed": _("Own field changed"),
        "form.published": _("Form published"),
        "form.field_added": _("Field added to a form"),
        "form.field_changed": _("Field of a form changed"),
        "form.field_moved": _("Field of a form moved"),
        "form.field_removed": _("Field removed from a form"),
        "form.reordered": _("Form put in order"),
        "impact.added": _("Impact added"),
        "impact.changed": _("Impact changed"),
        "impact.removed": _("Impact removed"),
        "matrix.changed": _("Matrix changed"),
        "product.created": _("Product made"),
        "product.changed": _("Product changed"),
        "product.moved": _("Product moved"),
        "product.removed": _("Product removed"),
        "module.added": _("Module added"),
        "module.changed": _("Module changed"),
        "module.removed": _("Module removed"),
        "service.added": _("Service added"),
        "service.changed": _("Service changed"),
        "service.removed": _("Service removed"),
        "failure.added": _("Kind of failure added"),
        "failure.changed": _("Kind of failure changed"),
        "failure.removed": _("Kind of failure removed"),
        "request_type.created": _("Request type made"),
        "request_type.changed": _("Request type changed"),
        "request_type.moved": _("Request type moved"),
        "service_table.imported": _("Service table imported"),
        "severity.changed": _("Severity changed"),
        "team.created": _("Team made"),
        "team.changed": _("Team changed"),
        "workflow.created": _("Workflow made"),
        "workflow.published": _("Workflow published"),
        "workflow.renamed": _("Workflow renamed"),
        "letter.reworded": _("Words of a letter changed"),
        "letter.restored": _("Original words of a letter restored"),
        "letter.reused": _("Own words of a letter taken again"),
        "calendar.created": _("Calendar made"),
        "calendar.renamed": _("Calendar renamed"),
        "calendar.published": _("Version of a calendar published"),
        "calendar.withdrawn": _("Version of a calendar withdrawn"),
        "calendar.made_default": _("Default calendar changed"),
        "calendar.archived": _("Calendar archived"),
        "calendar.restored": _("Calendar brought back"),
        "installation.changed": _("Brand or rules of the portal changed"),
    }


def every() -> dict[str, str]:
    """Return all acts and their words."""
    return _acts()
