"""Which holidays there are in Brazil, by year, state and city, under the names that the law gives them.

The knowledge is the `holidays` package's; it is imported when first asked, since most processes never ask.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from guiche.calendars.plan import Holiday, Level, Plan

if TYPE_CHECKING:
    from holidays import HolidayBase

YEARS_AHEAD = 10  # frozen with a version; what lies further is asked again
FIRST_YEAR, LAST_YEAR = 1890, 2300
STATES = {
    "AC": "Acre",
    "AL": "Alagoas",
    "AM": "Amazonas",
    "AP": "Amapá",
    "BA": "Bahia",
    "CE": "Ceará",
    "DF": "Distrito Federal",
    "ES": "Espírito Santo",
    "GO": "Goiás",
    "MA": "Maranhão",
    "MG": "Minas Gerais",
    "MS": "Mato Grosso do Sul",
    "MT": "Mato Grosso",
    "PA": "Pará",
    "PB": "Paraíba",
    "PE": "Pernambuco",
    "PI": "Piauí",
    "PR": "Paraná",
    "RJ": "Rio de Janeiro",
    "RN": "Rio Grande do Norte",
    "RO": "Rondônia",
    "RR": "Roraima",
    "RS": "Rio Grande do Sul",
    "SC": "Santa Catarina",
    "SE": "Sergipe",
    "SP": "São Paulo",
    "TO": "Tocantins",
}
CITIES = {
    ("SP", "São Paulo"): "São Paulo Capital"
}  # those whose own holidays the package knows, and its names for them

# The package's names, and those of the acts that make the days: Lei 662/1949, Lei 9.093/1995, and the yearly Portaria.
_LEGAL_NAMES = {"Sexta-feira Santa": "Paixão de Cristo", "Dia do Trabalhador": "Dia Mundial do Trabalho"}
# Two days with one name, which are chosen one by one; by their weekday.
_CODES = {("Carnaval", 0): "Carnaval (segunda-feira)", ("Carnaval", 1): "Carnaval (terça-feira)"}


def cities_of(state: str) -> list[str]:
    """Return the cities of `state` whose own holidays are known."""
    return [city for of, city in CITIES if of == state]


@lru_cache(maxsize=512)
def offered(year: int, state: str = "", city: str = "") -> tuple[Holiday, ...]:
    """Return all holidays of a place in `year` by date, the optional ones too. A date may have several.

    An unknown place has those of the country.
    """
    if not FIRST_YEAR <= year < LAST_YEAR:
        return ()
    national = set(_entries(year, "public"))
    of_state = set(_entries(year, "public", state)) - national if state in STATES else set()
    subdivision = CITIES.get((state, city))
    of_city = set(_entries(year, "public", subdivision)) - national - of_state if subdivision else set()
    levels = [
        (Level.NATIONAL, national),
        (Level.STATE, of_state),
        (Level.CITY, of_city),
        (Level.OPTIONAL, set(_entries(year, "optional")) - of_state - of_city),
    ]
    found = (Holiday(day, name, level, code(name, day)) for level, entries in levels for day, name in sorted(entries))
    return tuple(sorted(found, key=lambda one: one.day))


def of(plan: Plan, year: int) -> tuple[Holiday, ...]:
    """Return the holidays that `plan` keeps in `year`, by date: without the declined, with the optional it chose."""
    if not plan.country:
        return ()
    chosen = {one.code for one in plan.optional}
    return tuple(
        one
        for one in offered(year, plan.state, plan.city)
        if (one.code in chosen if one.level == Level.OPTIONAL else one.code not in plan.declined)
    )


def frozen(plan: Plan, first: int, last: int) -> dict[int, tuple[Holiday, ...]]:
    """Return what `plan` keeps in the years from `first` to `last`, to be held on to."""
    return {year: of(plan, year) for year in range(first, last + 1)}


def code(name: str, day: date) -> str:
    return _CODES.get((name, day.weekday()), name)


def _entries(year: int, category: str, subdivision: str | None = None) -> Iterator[tuple[date, str]]:
    known = _known(year, category, subdivision)
    for day in known:
        for name in known.get_list(day):
            yield day, _LEGAL_NAMES.get(name, name)


def _known(year: int, category: str, subdivision: str | None) -> HolidayBase:
    import holidays

    return holidays.country_holidays(
        "BR", subdiv=subdivision, years=year, expand=False, language="pt_BR", categories=(category,)
    )
