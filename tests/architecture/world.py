"""One of everything that an address can name, all of Acme, and the people who ask for it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from guiche.accounts import first_access
from guiche.accounts.actions import people
from guiche.accounts.models import LinkPurpose, User
from guiche.accounts.roles import Role
from guiche.calendars.actions import versions as calendar_versions
from guiche.calendars.hours import Window
from guiche.calendars.plan import OwnDay, WorkedDay
from guiche.drafts import actions as drafts
from guiche.files import actions as files
from guiche.files.models import StoredFile
from guiche.mail.models import OutgoingMail
from guiche.notifications import actions as notifications
from guiche.notifications.models import BellItem
from guiche.organizations.actions import importing
from guiche.organizations.models import Group, JoinRequest, Organization, Reach
from guiche.sla import rules
from guiche.sla.actions import bulk, versions
from guiche.sla.models import Escalation
from guiche.tickets.actions import conversation, moving, sharing
from guiche.tickets.models import Activity, Ticket
from tests.factories.accounts import make_team, make_user
from tests.factories.assets import make_contract
from tests.factories.calendars import make_calendar, make_plan, week
from tests.factories.catalog import (
    default_team,
    load_shipped,
    make_failure,
    make_impact,
    make_module,
    make_product,
    make_service,
    severity,
    shipped_type,
)
from tests.factories.organizations import make_domain, make_membership, make_organization, make_site
from tests.factories.promises import assign, make_policy
from tests.factories.tickets import make_ticket
from tests.factories.workflows import suporte
from tests.files import samples

NOBODYS_NUMBER = 987_654_321
NOBODYS_KEY = uuid.UUID("00000000-0000-4000-8000-000000000000")
NOBODYS_TOKEN = "x" * 43


@dataclass
class World:
    """`names` holds what the table of gates writes in braces; `people` whom it writes in columns, and a few more."""

    people: dict[str, User | None] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)


@contextmanager
def passing_world() -> Iterator[World]:
    """Make the world for the length of a `with`; nothing of it stays in the database."""
    with transaction.atomic():
        yield build()
        transaction.set_rollback(True)


def build() -> World:
    world = World()
    load_shipped()
    acme = _people(world)
    _catalogue(world, acme)
    _tickets(world)
    _conversation(world)
    _belongings(world, acme)
    _restricted(world)
    _deadlines(world, acme)
    _calendars(world)
    rules.current()  # read once: the pages find it as they mostly do
    return world


def _people(world: World) -> Organization:
    """The cast, as in tests/cast.py; the installation has a system person already."""
    acme, bela = make_organization(name="Acme"), make_organization(name="Bela")
    site = make_site(organization=acme, name="Matriz")
    staff = {
        "ana": ("Ana Analista", Role.AGENT),
        "davi": ("Davi Dias", Role.TECHNICIAN),
        "elisa": ("Elisa Esteves", Role.ADMINISTRATOR),
        "olga": ("Olga Oliveira", Role.INTEGRITY_OFFICER),
    }
    for key, (name, role) in staff.items():
        world.people[key] = make_user(name=name, email=f"{key}@lume.example", roles=[role])
    contacts: dict[str, tuple[str, Organization, dict[str, Any]]] = {
        "bruno": ("Bruno Braga", acme, {"reach": Reach.ALL, "site": site}),
        "beatriz": ("Beatriz Barros", acme, {"reach": Reach.ALL, "is_portal_administrator": True}),
        "caio": ("Caio Costa", acme, {"reach": Reach.OWN}),
        "carla": ("Carla Campos", bela, {"reach": Reach.ALL, "is_portal_administrator": True}),
    }
    for key, (name, organization, place) in contacts.items():
        world.people[key] = make_user(name=name, email=f"{key}@{organization.name.lower()}.example")
        made = make_membership(user=world.people[key], organization=organization, **place)
        world.names[f"place_of_{key}"] = made.pk
        world.names[key] = made.user_id
    world.people["anonymous"] = None
    domain = make_domain(organization=acme, name="acme.example")
    group = Group.objects.create(name="Grupo Acme")
    asking = JoinRequest.objects.create(
        organization=acme, email="rosa@fora.example", name="Rosa Reis", created_at=timezone.now()
    )
    world.names |= {
        "acme": acme.pk,
        "site": site.pk,
        "domain": domain.pk,
        "group": group.pk,
        "join_request": asking.pk,
    }
    return acme


def _catalogue(world: World, acme: Organization) -> None:
    product = make_product(name="Visor", organizations=[acme])
    module = make_module(product=product, name="Laudos")
    service = make_service(module=module, name="Assinatura")
    contract = make_contract(organization=acme, number="Ouro 2025/014", products=[product])
    default_team().people.add(world.people["ana"])
    workflow = suporte()
    world.names |= {
        "_product": product,
        "contract": contract.pk,
        "product": product.slug,
        "module": module.pk,
        "service": service.pk,
        "impact": make_impact(service=service).pk,
        "failure": make_failure(product=product).pk,
        "modules": "modulo",
        "level": 2,
        "type": "falha-tecnica",
        "form_field": shipped_type("falha-tecnica").form_fields.first().code,
        "queue": default_team().slug,
        "workflow": workflow.workflow.slug,
        "status": str(workflow.working.pk),
        "step": str(workflow.offer.pk),
    }


def _tickets(world: World) -> None:
    """One in work with files and talk, one whose solution waits for a verdict."""
    now = timezone.now()
    bruno, ana, steps = world.people["bruno"], world.people["ana"], suporte()
    photo = kept(bruno, "tela.png", samples.picture(), "image/png")
    asked = {"requester": bruno, "product": world.names["_product"], "severity": severity(2)}
    ticket = make_ticket(**asked, at=now - timedelta(days=2), title="Imagens demoram a abrir", files=[photo])
    moving.take(ticket, steps.start, by=ana, at=now - timedelta(days=1))
    judged = make_ticket(**asked, at=now - timedelta(days=2), title="Laudo sem assinatura")
    moving.take(judged, steps.start, by=ana, at=now - timedelta(days=1))
    moving.take(judged, steps.offer, by=ana, at=now - timedelta(hours=1), given={"solution": "Reinicie o serviço."})
    world.names |= {
        "ticket": ticket.number,
        "judged": judged.number,
        "approve": steps.approve.pk,
        "reject": steps.reject.pk,
        "cancel_step": steps.cancel_working.pk,
        "attachment": ticket.attachments.get().pk,
    }


def _conversation(world: World) -> None:
    now = timezone.now()
    bruno, ana = world.people["bruno"], world.people["ana"]
    ticket = Ticket.objects.get(number=world.names["ticket"])
    sharing.share(ticket, "nina@fora.example", by=bruno, at=now)
    said = conversation.comment(ticket, by=bruno, at=now, body="Segue a tela.")
    answer = conversation.comment(ticket, by=ana, at=now, body="Já estamos olhando.")
    conversation.edit(answer, by=ana, at=now, body="Já estamos **olhando**.")
    note = conversation.note(ticket, by=ana, at=now, body="SEGREDO-DA-EQUIPE")
    for activity in Activity.objects.filter(ticket__number__in=[ticket.number, world.names["judged"]]).order_by("id"):
        notifications.tell(activity, at=now)
    bell = BellItem.objects.filter(user=bruno, ticket=ticket).latest("id").pk
    world.names |= {"comment_of_bruno": said.pk, "comment_of_ana": answer.pk, "note": note.pk, "bell": bell}
    world.names |= {"letter": OutgoingMail.objects.latest("id").pk, "letter_file": "0" * 32}
    world.names |= {"shape": "solucao", "language": "pt-br"}


def _deadlines(world: World, acme: Organization) -> None:
    """An agreement with a draft, which Acme has, and a pass through the open tickets that waits."""
    now, elisa = timezone.now(), world.people["elisa"]
    policy = make_policy({(2, "first_response"): 2, (2, "solution"): 8}, name="Ouro")
    versions.begin(policy, by=elisa, at=now)
    world.names |= {
        "policy": policy.slug,
        "policy_version": 1,
        "assignment": assign(policy, organization=acme).pk,
        "level_of_assignment": "organizacao",
        "search": "organization",
        "retargeting": bulk.begin(by=elisa, at=now).pk,
        "escalation": Escalation.objects.get(percent=100).pk,
    }


def _calendars(world: World) -> None:
    """A calendar with a day of every kind, and a draft that says otherwise."""
    own = OwnDay("Véspera de Natal", date(2026, 12, 24), closes=12 * 3600)
    worked = WorkedDay(date(2026, 12, 12), "Implantação", (Window(8 * 3600, 12 * 3600),))
    plan = make_plan(own=(own,), worked=(worked,))
    calendar = make_calendar(name="Plantão", plan=plan)
    drafted = replace(plan, weekly=week((7, 19)))
    calendar_versions.save_draft(calendar, drafted, by=world.people["elisa"], at=timezone.now())
    world.names |= {"calendar": calendar.pk, "calendar_version": 1, "own_day": "2026-12-24", "worked_day": "2026-12-12"}


def _belongings(world: World, acme: Organization) -> None:
    """What is one's own: a photo, a file not sent yet, drafts, a passkey, a list of people, links."""
    now = timezone.now()
    bruno, beatriz = world.people["bruno"], world.people["beatriz"]
    people.set_photo(bruno, SimpleUploadedFile("eu.png", samples.picture(size=(300, 300))), by=bruno, at=now)
    unsent = kept(bruno, "rascunho.txt", b"ainda nao enviado", "text/plain")
    drafts.save(bruno, f"comment:{world.names['ticket']}", {"body": "Ainda escrevendo"}, [unsent], at=now)
    drafts.save(bruno, "opening:falha-tecnica", {"title": "Ainda escrevendo"}, [], at=now)
    rows = b"nome;e-mail\nIvo;ivo@acme.example\nRui;torto"
    listed = importing.read(acme, rows, file_name="pessoas.csv", by=beatriz, at=now)
    RecoveryCodes.activate(bruno)
    invited = make_user(name="Nina Nunes", email="nina.nunes@acme.example", password=None)
    make_membership(user=invited, organization=acme)
    world.names |= {
        "unsent": unsent.pk,
        "list": listed.pk,
        "passkey": passkey(bruno).pk,
        "invitation": first_access.issue(LinkPurpose.INVITATION, at=now, user=invited),
        "renewal": first_access.issue(LinkPurpose.NEW_PASSWORD, at=now, user=make_user()),
        "confirmation": first_access.issue(
            LinkPurpose.CONFIRM_ADDRESS, at=now, address="novo@acme.example", details={"name": "Nino Novo"}
        ),
        "nobodys_token": NOBODYS_TOKEN,
    }


def _restricted(world: World) -> None:
    """A ticket of a team that Ana does not belong to, with a comment."""
    team = make_team(name="Ouvidoria", slug="ouvidoria-restrita", is_restricted=True)
    gustavo = make_user(name="Gustavo Gomes", email="gustavo@lume.example", roles=[Role.AGENT])
    team.people.add(gustavo)
    bruno = world.people["bruno"]
    file = kept(bruno, "relato.txt", b"relato", "text/plain")
    secret = make_ticket(requester=bruno, at=timezone.now(), title="Relato", files=[file])
    Ticket.objects.filter(pk=secret.pk).update(team=team)
    said = conversation.comment(secret, by=gustavo, at=timezone.now(), body="Recebido.")
    world.people["gustavo"] = gustavo
    world.names |= {"secret": secret.number, "comment_on_secret": said.pk, "secret_queue": team.slug}
    world.names |= {"secret_file": secret.attachments.get().pk}


def passkey(owner: User) -> Authenticator:
    """A passkey as a browser would have made it, on a device that nobody has."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    made = AttestedCredentialData.create(Aaguid.NONE, b"chave-de-teste-chave-de-teste-32", public)
    host = hashlib.sha256(b"127.0.0.1").digest()
    data = AuthenticatorData.create(host, AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT, 0, made)
    client = CollectedClientData.create("webauthn.create", b"x" * 16, "http://127.0.0.1")
    credential = {
        "id": websafe_encode(made.credential_id),
        "rawId": websafe_encode(made.credential_id),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
    }
    kind = Authenticator.Type.WEBAUTHN
    return Authenticator.objects.create(user=owner, type=kind, data={"name": "Celular", "credential": credential})


def kept(owner: User | None, name: str, content: bytes, kind: str) -> StoredFile:
    return files.keep(SimpleUploadedFile(name, content, kind), by=owner, at=timezone.now())
