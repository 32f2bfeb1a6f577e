"""Which letters: due, waiting, refused, unknown, late; and which addresses refuse letters."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from guiche.mail.states import ATTEMPT_ENDS_WITHIN, LATE_AFTER, STILL_COMING, State

if TYPE_CHECKING:
    from guiche.mail.models import OutgoingMail, RefusedAddress  # noqa: F401 - named in strings below


class OutgoingMailQuerySet(QuerySet["OutgoingMail"]):
    def waiting(self) -> "OutgoingMailQuerySet":
        return self.filter(state=State.QUEUED)

    def failed(self) -> "OutgoingMailQuerySet":
        return self.filter(state=State.FAILED)

    def sent(self) -> "OutgoingMailQuerySet":
        return self.filter(state=State.SENT)

    def held(self) -> "OutgoingMailQuerySet":
        return self.filter(state=State.HELD)

    def unknown(self, *, at: datetime) -> "OutgoingMailQuerySet":
        """Letters that may or may not have left, whether or not somebody has noted it yet."""
        return self.filter(Q(state=State.UNKNOWN) | self._cut_off(at))

    def cut_off(self, *, at: datetime) -> "OutgoingMailQuerySet":
        """Letters whose attempt never ended: the worker died in it."""
        return self.filter(self._cut_off(at))

    def late(self, *, at: datetime) -> "OutgoingMailQuerySet":
        """Letters that should have left minutes ago."""
        return self.waiting().filter(created_at__lt=at - LATE_AFTER)

    def due(self, *, at: datetime) -> "OutgoingMailQuerySet":
        """What may be sent at `at`, oldest first: a thread's letters to one address leave in their order."""
        before = self.model.objects.filter(
            thread=OuterRef("thread"), recipient=OuterRef("recipient"), pk__lt=OuterRef("pk"), state__in=STILL_COMING
        ).exclude(thread="")
        return self.waiting().filter(~Exists(before), next_attempt_at__lte=at).order_by("pk")

    def in_thread_of(self, mail: "OutgoingMail") -> "OutgoingMailQuerySet":
        """The letters of the same thread to the same address; none when it has no thread."""
        return self.filter(thread=mail.thread, recipient=mail.recipient) if mail.thread else self.none()

    def for_log(self) -> "OutgoingMailQuerySet":
        """What a row of the mail log shows, the latest first; never the secret nor the bodies."""
        return self.defer("secret", "text", "html").order_by(F("pk").desc())

    @staticmethod
    def _cut_off(at: datetime) -> Q:
        return Q(state=State.ATTEMPTING, attempted_at__lt=at - ATTEMPT_ENDS_WITHIN)


class RefusedAddressQuerySet(QuerySet["RefusedAddress"]):
    def among(self, addresses: Iterable[str]) -> "RefusedAddressQuerySet":
        """Which of these addresses refused their last letter."""
        return self.filter(address__in=[address.lower() for address in addresses])
