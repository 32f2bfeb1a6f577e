"""A stored letter as the message that leaves: parts, headers, encodings."""

from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from guiche.mail import secrets
from guiche.mail.models import OutgoingMail


def build(mail: OutgoingMail) -> EmailMultiAlternatives:
    """Return the message of `mail`, plain and HTML, its secret in place. Raises SecretLost if that cannot be read."""
    secret = secrets.unseal(mail.secret) if mail.secret else secrets.PLACEHOLDER
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text.replace(secrets.PLACEHOLDER, secret),
        from_email=_sender(mail.sender_name),
        to=[mail.recipient],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=_headers(mail),
    )
    if mail.html:
        message.attach_alternative(mail.html.replace(secrets.PLACEHOLDER, secret), "text/html")
    return message


def _sender(name: str) -> str:
    known_as, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or known_as, address))


def _headers(mail: OutgoingMail) -> dict[str, str]:
    headers = {
        "Message-ID": mail.message_id,
        "In-Reply-To": mail.in_reply_to,
        "References": mail.in_reply_to,
        "Auto-Submitted": "auto-generated",  # RFC 3834: nobody's absence notice answers this
        "X-Auto-Response-Suppress": "All",  # the same, as Exchange understands it
        "List-Unsubscribe": mail.list_unsubscribe,
        "Content-Language": mail.language,
    }
    return {name: value for name, value in headers.items() if value}
