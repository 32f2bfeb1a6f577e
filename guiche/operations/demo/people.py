"""The people, teams, customers and products of the demonstration, made through the actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from guiche.accounts import system
from guiche.accounts.actions import people, teams
from guiche.accounts.models import Team, User
from guiche.accounts.roles import Role
from guiche.catalog.models import Failure, Module, Product, RequestType, Service
from guiche.installation.models import Installation
from guiche.organizations.actions import domains, memberships, organizations
from guiche.organizations.models import Membership, Organization, Reach, Site

STAFF = (
    ("Teresa Vidal", "teresa.vidal@lume.example", (Role.ADMINISTRATOR,)),
    ("Rafael Nunes", "rafael.nunes@lume.example", (Role.AGENT,)),
    ("Elaine Prado", "elaine.prado@lume.example", (Role.AGENT,)),
    ("Igor Salles", "igor.salles@lume.example", (Role.AGENT,)),
    ("Sônia Freire", "sonia.freire@lume.example", (Role.SUPERVISOR,)),
    ("Paulo Reis", "paulo.reis@lume.example", (Role.BACK_OFFICE,)),
    ("Davi Teles", "davi.teles@lume.example", (Role.TECHNICIAN,)),
    ("Nara Lins", "nara.lins@lume.example", (Role.EDITOR,)),
    ("Olga Mendes", "olga.mendes@lume.example", (Role.INTEGRITY_OFFICER,)),
)
TEAMS = (
    ("Suporte PACS", False, ("Rafael Nunes", "Elaine Prado", "Sônia Freire")),
    ("Impressão", False, ("Igor Salles", "Paulo Reis", "Sônia Freire")),
    ("Ouvidoria e financeiro", True, ("Sônia Freire",)),
)
# Product, its team, its modules, kinds of failure.
PRODUCTS = (
    (
        "PACS",
        "Suporte PACS",
        ("Visualizador", "Arquivo", "Impressão", "Integração"),
        ("Funcionalidade com erro", "Lentidão", "Resultado incorreto"),
    ),
    (
        "RIS",
        "Suporte PACS",
        ("Agendamento", "Relatórios", "Etiquetas", "Acesso"),
        ("Funcionalidade com erro", "Sistema fora do ar", "Resultado incorreto", "Acesso negado"),
    ),
    (
        "Laudos",
        "Suporte PACS",
        ("Edição", "Assinatura", "Filas", "Integração"),
        ("Funcionalidade com erro", "Lentidão", "Resultado incorreto"),
    ),
    ("Impressão gerenciada", "Impressão", ("Manutenção", "Suprimentos"), ("Equipamento parado", "Resultado incorreto")),
)
SERVICES = {
    "Visualizador": ("Abrir exame", "Comparar exames", "Anotações"),
    "Agendamento": ("Encaixe", "Confirmação", "Bloqueio de agenda"),
}


@dataclass(frozen=True)
class Customer:
    """An organisation, its people by name, and where its stories happen."""

    organization: Organization
    people: tuple[User, ...]
    places: tuple[str, ...]
    products: tuple[str, ...]


@dataclass
class House:
    """Everything that stories need: who there is and what may be asked about."""

    admin: User
    staff: dict[str, User] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    customers: list[Customer] = field(default_factory=list)


def build(at: datetime) -> House:
    """Make the provider and its customers as they stood at `at`."""
    brand = Installation.objects.get_or_create(pk=1)[0]
    brand.name, brand.tagline = "Lume", "Suporte"
    brand.claim = "Seu chamado tem número, prazo e gente olhando"
    brand.phone, brand.hours_text = "(11) 4000-0000", "Suporte de segunda a sexta, das 8h às 18h (Brasília)"
    brand.email, brand.access_email, brand.sender_name = "suporte@lume.example", "acesso@lume.example", "Lume Suporte"
    brand.save()
    house = House(admin=_staff(STAFF[0], system.user(), at))
    house.staff = {house.admin.name: house.admin} | {row[0]: _staff(row, house.admin, at) for row in STAFF[1:]}
    for name, restricted, names in TEAMS:
        house.teams[name] = teams.create(
            name=name, is_restricted=restricted, people=[house.staff[one] for one in names], by=house.admin, at=at
        )
    _send_to_teams(house)
    _make_products(house)
    _make_customers(house, at)
    return house


def _staff(row: tuple[str, str, tuple[Role, ...]], by: User, at: datetime) -> User:
    name, email, roles = row
    return people.register_staff(name=name, email=email, roles=roles, by=by, at=at, is_invited=False)


def _send_to_teams(house: House) -> None:
    for slug in ("ouvidoria", "financeiro"):
        RequestType.objects.filter(slug=slug).update(default_team=house.teams["Ouvidoria e financeiro"])
    desk = Team.objects.get(slug="suporte")
    desk.people.set([house.staff[name] for name in ("Rafael Nunes", "Elaine Prado", "Igor Salles", "Sônia Freire")])


def _make_products(house: House) -> None:
    for position, (name, team, modules, failures) in enumerate(PRODUCTS):
        product = Product.objects.create(
            name=name, slug=name.lower().replace(" ", "-").replace("ã", "a"), team=house.teams[team], position=position
        )
        house.products[name] = product
        for module_name in modules:
            module = Module.objects.create(product=product, name=module_name)
            Service.objects.bulk_create(Service(module=module, name=one) for one in SERVICES.get(module_name, ()))
        Failure.objects.bulk_create(Failure(product=product, name=one) for one in failures)


def _make_customers(house: House, at: datetime) -> None:
    by = house.admin
    group = organizations.create_group(name="Grupo São Bento", by=by, at=at)
    imaging = ("PACS", "RIS", "Laudos")
    hospital = organizations.create(
        name="Hospital São Bento do Vale",
        legal_name="Hospital São Bento do Vale Ltda.",
        cnpj="12.ABC.345/01DE-35",
        group=group,
        by=by,
        at=at,
    )
    centre = organizations.create(name="Centro de Imagem São Bento", group=group, by=by, at=at)
    clinic = organizations.create(name="Clínica Pedra Alta", by=by, at=at)
    laboratory = organizations.create(name="Laboratório Anhumas", by=by, at=at)
    _customer(
        house,
        hospital,
        at,
        ("Centro de imagem", "Pronto-socorro", "Administrativo"),
        ("sala de laudos 1", "sala de laudos 2", "pronto-socorro", "radiologia"),
        (*imaging, "Impressão gerenciada"),
        (
            ("Marina Duarte", "marina.duarte@saobento.example", Reach.ALL, True, 0),
            ("Jonas Prado", "jonas.prado@saobento.example", Reach.ALL, False, 0),
            ("Lívia Rocha", "livia.rocha@saobento.example", Reach.UNIT, False, 1),
            ("Célia Bastos", "celia.bastos@saobento.example", Reach.OWN, False, 2),
        ),
        "saobento.example",
    )
    _customer(
        house,
        centre,
        at,
        ("Matriz",),
        ("recepção", "sala de ultrassom"),
        imaging,
        (("Tadeu Nogueira", "tadeu.nogueira@centroimagem.example", Reach.ALL, True, 0),),
        "centroimagem.example",
    )
    _customer(
        house,
        clinic,
        at,
        ("Sede",),
        ("recepção", "sala 3", "consultórios"),
        ("PACS", "Laudos", "Impressão gerenciada"),
        (
            ("Helena Faria", "helena.faria@pedraalta.example", Reach.ALL, True, 0),
            ("Osvaldo Mota", "osvaldo.mota@pedraalta.example", Reach.OWN, False, 0),
        ),
        "pedraalta.example",
    )
    _customer(
        house,
        laboratory,
        at,
        ("Anhumas", "Posto Norte"),
        ("coleta", "triagem", "posto norte"),
        ("RIS", "Impressão gerenciada"),
        (
            ("Rute Valim", "rute.valim@anhumas.example", Reach.ALL, True, 0),
            ("Sandra Bueno", "sandra.bueno@anhumas.example", Reach.UNIT, False, 1),
        ),
        "anhumas.example",
    )
    jonas = house.customers[0].people[1]  # answers for both companies of the group
    memberships.add(jonas, centre, reach=Reach.ALL, site=None, is_portal_administrator=False, by=by, at=at)


def _customer(
    house: House,
    organization: Organization,
    at: datetime,
    sites: tuple[str, ...],
    places: tuple[str, ...],
    products: tuple[str, ...],
    members: tuple[tuple[str, str, str, bool, int], ...],
    domain: str,
) -> None:
    made: list[Site] = [
        organizations.add_site(organization, name=name, city="São José", state="SP", by=house.admin, at=at)
        for name in sites
    ]
    domains.verify(domains.add(organization, domain, by=house.admin, at=at), by=house.admin, at=at)
    for product in products:
        house.products[product].organizations.add(organization)
    found: list[User] = []
    for name, email, reach, administers, site in members:
        membership = memberships.invite(
            organization,
            name=name,
            email=email,
            phone="(12) 98800-1122",
            reach=reach,
            site=made[site],
            is_portal_administrator=administers,
            by=house.admin,
            at=at,
            is_invited=False,
        )
        if isinstance(membership, Membership):
            found.append(membership.user)
    house.customers.append(Customer(organization, tuple(found), places, products))
