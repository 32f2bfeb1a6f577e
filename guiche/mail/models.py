"""What a letter on its way out is, and an address that refuses letters."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from guiche.mail.querysets import OutgoingMailQuerySet, RefusedAddressQuerySet
from guiche.mail.secrets import PLACEHOLDER
from guiche.mail.states import STILL_COMING, State


class OutgoingMail(models.Model):
    """One letter to one address because of one event. Its words and its Message-ID never change."""

    event_key = models.CharField(max_length=120)
    recipient = models.EmailField(max_length=254)  # lower case
    thread = models.CharField(max_length=80, blank=True)  # "ticket-42"; empty: stands alone
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField(blank=True)
    sender_name = models.CharField(max_length=120, blank=True)
    reply_to = models.EmailField(max_length=254, blank=True)
    language = models.CharField(max_length=10, blank=True)
    list_unsubscribe = models.CharField(max_length=300, blank=True)
    message_id = models.CharField(max_length=200)
    in_reply_to = models.CharField(max_length=200, blank=True)  # also its References

    # What stands in place of the placeholder, encrypted; gone once the letter has left or never will.
    secret = models.TextField(blank=True)
    expires_at = models.DateTimeField(null=True)  # after that, it is of no use to anybody and is not sent

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)  # what the server said last
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    attempted_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    gives_up_at = models.DateTimeField()
    resent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="mail_once_per_event_and_address", fields=["event_key", "recipient"]),
            models.CheckConstraint(
                name="mail_attempt_has_a_time", condition=~Q(state=State.ATTEMPTING) | Q(attempted_at__isnull=False)
            ),
            models.CheckConstraint(
                name="mail_sent_has_a_time", condition=~Q(state=State.SENT) | Q(sent_at__isnull=False)
            ),
            models.CheckConstraint(
                name="mail_keeps_no_secret_once_over",
                condition=~Q(state__in=[State.SENT, State.FAILED]) | Q(secret=""),
            ),
        ]
        indexes = [
            # The sweep and the claim: due(…).
            models.Index(name="mail_due", fields=["next_attempt_at", "id"], condition=Q(state=State.QUEUED)),
            # Whether an earlier letter of the thread is still coming: due(…), in_thread_of(…).
            models.Index(
                name="mail_thread_order", fields=["thread", "recipient", "id"], condition=Q(state__in=STILL_COMING)
            ),
            # What needs a person or has been cut off: unknown(…), failed(), cut_off(…).
            models.Index(
                name="mail_trouble",
                fields=["state", "attempted_at"],
                condition=Q(state__in=[State.ATTEMPTING, State.UNKNOWN, State.FAILED, State.HELD]),
            ),
            # What is over before it left: actions.expire().
            models.Index(
                name="mail_expiry",
                fields=["expires_at"],
                condition=Q(expires_at__isnull=False) & ~Q(state__in=[State.SENT, State.FAILED]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.recipient}"

    @property
    def carries_secret(self) -> bool:
        """Whether its words have a place for a secret; such a letter's words are shown to nobody."""
        return PLACEHOLDER in self.text


class RefusedAddress(models.Model):
    """An address whose server said, for good, that it takes no letters; until one gets through."""

    address = models.EmailField(max_length=254, unique=True)  # lower case
    answer = models.TextField()
    refused_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)

    objects = RefusedAddressQuerySet.as_manager()

    def __str__(self) -> str:
        return self.address
