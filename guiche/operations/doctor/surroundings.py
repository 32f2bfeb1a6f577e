"""Findings about the address people type and the way letters leave. Django is set up."""

import smtplib
import ssl
from collections.abc import Iterator

from django.conf import settings

from guiche.operations.doctor.findings import Finding, note, well, wrong
from guiche.operations.words import gettext as _

PATIENCE_SECONDS = 10


def examine(*, is_real: bool) -> Iterator[Finding]:
    """Yield what is found about the address, and for a real installation about mail."""
    yield _address(is_real=is_real)
    if is_real:
        yield _mail_server()


def held_letters() -> Iterator[Finding]:
    """Say whether letters are held since a restore."""
    from guiche.installation.models import Installation

    if Installation.objects.filter(mail_held=True).exists():
        yield note(_("Letters are held since a restore."), _("When all is right: guiche release-mail."))


def administrators(*, is_real: bool) -> Iterator[Finding]:
    """Say whether there is nobody to administer a real installation."""
    from guiche.accounts.models import User
    from guiche.accounts.roles import Role

    if is_real and not User.objects.filter(is_active=True, roles__contains=[Role.ADMINISTRATOR]).exists():
        yield wrong(_("There is no administrator yet."), _("Run guiche setup and open the link that it prints."))


def _address(*, is_real: bool) -> Finding:
    if is_real and not settings.IS_HTTPS:
        return note(
            _("Links lead to %s, which only this machine can open.") % settings.ADDRESS,
            _("Set GUICHE_ADDRESS to the https address that people type."),
        )
    return well(_("Links lead to %s.") % settings.ADDRESS)


def _mail_server() -> Finding:
    if not settings.EMAIL_HOST:
        return note(
            _("No mail server is set: letters stay in %s.") % settings.MAIL_FOLDER,
            _("Set GUICHE_SMTP, such as smtp+tls://name:password@mail.example:587."),
        )
    try:
        _greet()
    except (OSError, smtplib.SMTPException) as error:
        return wrong(
            _("The mail server %(host)s does not take us: %(error)s.") % {"host": settings.EMAIL_HOST, "error": error},
            _("Check GUICHE_SMTP: host, port, name and password."),
        )
    return well(_("The mail server %s answers.") % settings.EMAIL_HOST)


def _greet() -> None:
    """Connect and sign in as a letter would, and leave without sending any."""
    context = ssl.create_default_context()
    where = (settings.EMAIL_HOST, settings.EMAIL_PORT)
    if settings.EMAIL_USE_SSL:
        session: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=PATIENCE_SECONDS, context=context)
    else:
        session = smtplib.SMTP(*where, timeout=PATIENCE_SECONDS)
    with session:
        if settings.EMAIL_USE_TLS:
            session.starttls(context=context)
        if settings.EMAIL_HOST_USER:
            session.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        session.noop()
