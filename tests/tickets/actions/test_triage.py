"""Putting a ticket in the right hands."""

from datetime import date, timedelta

import pytest

from guiche.accounts.roles import Role
from guiche.core.errors import NotAllowed, Refused
from guiche.tickets.actions import sharing, triage
from guiche.tickets.models import Ticket
from tests.factories.accounts import make_team, make_user
from tests.factories.assets import make_contract
from tests.factories.catalog import make_module, make_product, severity, shipped_type
from tests.factories.tickets import MORNING, NOON, make_ticket


class TestAssign:
    def test_is_written_in_the_timeline(self, ana, bruno):
        other = make_user(roles=[Role.AGENT], name="Rafael")
        ticket = make_ticket(requester=bruno)

        triage.assign(ticket, other, by=ana, at=NOON)

        assert ticket.timeline.last().details["assignee"] == "Rafael"

    def test_to_somebody_who_cannot_see_it_is_refused(self, bruno, gustavo, restricted, davi):
        ticket = make_ticket(requester=bruno, team=restricted)

        for who in (make_user(roles=[Role.AGENT]), davi, bruno):
            with pytest.raises(Refused):
                triage.assign(ticket, who, by=gustavo, at=NOON)

    @pytest.mark.parametrize("who", ["bruno", "beatriz", "davi", "elisa", "olga"])
    def test_is_for_the_desk(self, who, request, ana, bruno):
        with pytest.raises(NotAllowed):
            triage.assign(make_ticket(requester=bruno), ana, by=request.getfixturevalue(who), at=NOON)


class TestTransfer:
    def test_case_50_who_does_not_work_there_loses_it(self, ana, bruno, restricted):
        ticket = make_ticket(requester=bruno, assignee=ana)

        triage.transfer(ticket, restricted, by=ana, at=NOON, reason="É reclamação")

        ticket.refresh_from_db()
        assert ticket.assignee is None
        assert not Ticket.objects.visible_to(ana).filter(pk=ticket.pk).exists()

    def test_needs_a_reason_and_a_living_team(self, ana, bruno):
        ticket = make_ticket(requester=bruno)

        with pytest.raises(Refused):
            triage.transfer(ticket, make_team(), by=ana, at=NOON, reason=" ")
        with pytest.raises(Refused):
            triage.transfer(ticket, make_team(is_active=False), by=ana, at=NOON, reason="Outra equipe")


class TestChange:
    def test_keeps_both_values_and_the_reason(self, ana, bruno):
        ticket = make_ticket(requester=bruno, severity=severity(4))

        triage.change(ticket, by=ana, at=NOON, reason="Três setores parados", severity=severity(1))

        line = ticket.timeline.last()
        assert line.details["reason"] == "Três setores parados"
        assert line.details["changes"] == [
            {"field": "severity", "from": "Baixo impacto", "to": "Indisponibilidade total"}
        ]

    def test_nothing_changed_writes_nothing(self, ana, bruno):
        ticket = make_ticket(requester=bruno, severity=severity(4))
        lines = ticket.timeline.count()

        triage.change(ticket, by=ana, at=NOON, reason="", severity=severity(4))

        assert ticket.timeline.count() == lines

    def test_a_module_of_another_product_is_refused(self, ana, bruno):
        ticket = make_ticket(requester=bruno, product=make_product())

        with pytest.raises(Refused):
            triage.change(ticket, by=ana, at=NOON, reason="Engano", module=make_module())

    def test_a_type_of_another_workflow_is_refused(self, ana, bruno):
        with pytest.raises(Refused):
            triage.change(
                make_ticket(requester=bruno), by=ana, at=NOON, reason="Engano", request_type=shipped_type("comercial")
            )

    def test_case_143_only_what_is_triaged_can_be_written(self, ana, bruno):
        with pytest.raises(TypeError):
            triage.change(make_ticket(requester=bruno), by=ana, at=NOON, reason="x", outcome="approved")

    def test_puts_it_under_another_contract_of_its_organisation(self, ana, bruno, acme):
        second = make_contract(organization=acme, valid_from=date(2024, 1, 1))
        first = make_contract(organization=acme)
        ticket = make_ticket(requester=bruno)
        assert ticket.contract == first

        triage.change(ticket, by=ana, at=NOON, reason="Renovado", contract=second)

        assert Ticket.objects.get(pk=ticket.pk).contract == second

        triage.change(ticket, by=ana, at=NOON, reason="Avulso", contract=None)

        assert Ticket.objects.get(pk=ticket.pk).contract is None

    def test_a_contract_of_another_organisation_is_refused(self, ana, bruno, bela):
        ticket = make_ticket(requester=bruno)

        with pytest.raises(Refused) as refused:
            triage.change(ticket, by=ana, at=NOON, reason="Engano", contract=make_contract(organization=bela))

        assert set(refused.value.fields) == {"contract"}
        assert Ticket.objects.get(pk=ticket.pk).contract is None

    def test_tells_of_the_contract_to_staff_alone(self, ana, bruno, acme):
        """A ticket may go to another company later, and its lines go with it: numbers of contracts do not."""
        contract = make_contract(organization=acme, number="Ouro 2025/014", is_active=False)
        ticket = make_ticket(requester=bruno, severity=severity(4))
        touched = ticket.touched_at

        triage.change(ticket, by=ana, at=NOON, reason="Renovado", contract=contract)
        assert Ticket.objects.get(pk=ticket.pk).touched_at == touched

        triage.change(ticket, by=ana, at=NOON, reason="Parado", contract=None, severity=severity(1))

        internal = {"field": "contract", "from": "Ouro 2025/014", "to": ""}
        public = {"field": "severity", "from": "Baixo impacto", "to": "Indisponibilidade total"}
        changed = [line for line in ticket.timeline.order_by("pk") if line.kind == "ticket.fields_changed"]
        assert [(line.is_internal, line.details["changes"]) for line in changed[1:]] == [
            (False, [public]),
            (True, [internal]),
        ]
        seen = ticket.timeline.visible_to(bruno)
        assert not [line for line in seen if "contract" in str(line.details)]
        assert Ticket.objects.get(pk=ticket.pk).touched_at == NOON


class TestMoveToOrganization:
    def test_chooses_the_contract_again_as_of_the_day_it_was_opened(self, ana, bruno, carla, bela, acme):
        product = make_product()
        make_contract(organization=acme)
        make_contract(organization=bela, products=[make_product()])
        named = make_contract(organization=bela, products=[product], valid_until=MORNING.date())
        make_contract(organization=bela)
        ticket = make_ticket(requester=bruno, product=product)
        later = NOON + timedelta(days=2)

        triage.move_to_organization(ticket, bela, carla, by=ana, at=later, reason="Aberto na empresa errada")

        assert Ticket.objects.get(pk=ticket.pk).contract == named
        assert {
            "field": "contract",
            "from": str(ticket.contract),
            "to": named.number,
        } in ticket.timeline.last().details["changes"]

    def test_leaves_the_contract_behind_where_there_is_none(self, ana, bruno, carla, bela, acme):
        make_contract(organization=acme)
        ticket = make_ticket(requester=bruno)

        triage.move_to_organization(ticket, bela, carla, by=ana, at=NOON, reason="Aberto na empresa errada")

        assert Ticket.objects.get(pk=ticket.pk).contract is None

    def test_keeps_what_was_said_of_the_contract_where_only_the_requester_changes(self, ana, bruno, caio, acme):
        make_contract(organization=acme)
        ticket = make_ticket(requester=bruno)
        triage.change(ticket, by=ana, at=NOON, reason="Avulso", contract=None)

        triage.move_to_organization(ticket, acme, caio, by=ana, at=NOON, reason="Quem pediu foi outro")

        assert Ticket.objects.get(pk=ticket.pk).contract is None

    def test_strangers_leave_and_the_product_is_checked_again(self, ana, bruno, caio, carla, bela, acme):
        ticket = make_ticket(requester=bruno, product=make_product(organizations=[acme]))
        sharing.share(ticket, caio.email, by=bruno, at=NOON)

        triage.move_to_organization(ticket, bela, carla, by=ana, at=NOON, reason="Aberto na empresa errada")

        ticket = Ticket.objects.get(pk=ticket.pk)
        assert (ticket.organization, ticket.requester, ticket.product) == (bela, carla, None)
        seeing = [
            user for user in (bruno, caio, carla) if Ticket.objects.visible_to(user).filter(pk=ticket.pk).exists()
        ]
        assert seeing == [carla]

    def test_the_contact_of_the_old_organisation_stays_there(self, ana, bruno, carla, bela):
        ticket = make_ticket(requester=bruno, contact_name="Caio", contact_phone="(11) 4000-1", best_time="De manhã")

        triage.move_to_organization(ticket, bela, carla, by=ana, at=NOON, reason="Aberto na empresa errada")

        ticket = Ticket.objects.get(pk=ticket.pk)
        assert (ticket.contact_name, ticket.contact_phone) == (carla.name, carla.phone)
        assert (ticket.contact_email, ticket.best_time) == (carla.email, "")

    def test_the_contact_stays_where_only_the_requester_changes(self, ana, bruno, caio, acme):
        ticket = make_ticket(requester=bruno, contact_name="Portaria")

        triage.move_to_organization(ticket, acme, caio, by=ana, at=NOON, reason="Quem pediu foi outro")

        assert Ticket.objects.get(pk=ticket.pk).contact_name == "Portaria"

    def test_needs_somebody_of_that_organisation(self, ana, bruno, caio, bela):
        with pytest.raises(Refused):
            triage.move_to_organization(make_ticket(requester=bruno), bela, caio, by=ana, at=NOON, reason="Engano")
