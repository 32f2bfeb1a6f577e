"""Which contract covers a product on a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest

from guiche.assets import coverage
from guiche.assets.coverage import State

TODAY = date(2026, 11, 18)
PACS, RIS = 7, 8


@dataclass(frozen=True)
class One:
    pk: int = 1
    valid_from: date = date(2026, 1, 1)
    valid_until: date | None = None
    is_active: bool = True
    product_ids: tuple[int, ...] = ()


class TestState:
    @pytest.mark.parametrize(
        ("contract", "state"),
        [
            (One(), State.IN_FORCE),
            (One(valid_from=TODAY), State.IN_FORCE),
            (One(valid_until=TODAY), State.IN_FORCE),
            (One(valid_from=date(2026, 11, 19)), State.TO_BEGIN),
            (One(valid_until=date(2026, 11, 17)), State.EXPIRED),
            (One(is_active=False), State.ENDED),
            (One(is_active=False, valid_until=date(2026, 11, 17)), State.ENDED),
        ],
    )
    def test_counts_the_first_and_the_last_day(self, contract: One, state: State) -> None:
        assert coverage.state(contract, TODAY) == state


class TestChoose:
    def test_without_contracts_there_is_none(self) -> None:
        assert coverage.choose([], PACS, TODAY) is None

    @pytest.mark.parametrize(
        "wrong", [One(valid_from=date(2027, 1, 1)), One(valid_until=date(2026, 1, 2)), One(is_active=False)]
    )
    def test_leaves_out_what_is_not_in_force(self, wrong: One) -> None:
        assert coverage.choose([wrong], PACS, TODAY) is None

    def test_leaves_out_what_names_other_products(self) -> None:
        assert coverage.choose([One(product_ids=(RIS,))], PACS, TODAY) is None

    def test_takes_one_that_covers_all(self) -> None:
        assert coverage.choose([One()], PACS, TODAY) == One()

    def test_prefers_the_one_that_names_the_product_though_it_is_older(self) -> None:
        named = One(pk=1, valid_from=date(2020, 1, 1), product_ids=(RIS, PACS))

        assert coverage.choose([One(pk=2), named], PACS, TODAY) is named

    def test_then_the_one_that_began_last(self) -> None:
        older, newer = One(pk=2, valid_from=date(2026, 1, 1)), One(pk=1, valid_from=date(2026, 6, 1))

        assert coverage.choose([newer, older], PACS, TODAY) is newer

    def test_then_the_one_written_down_last(self) -> None:
        first, second = One(pk=1), One(pk=2)

        assert coverage.choose([second, first], PACS, TODAY) is second

    def test_about_no_product_only_one_that_covers_all_counts(self) -> None:
        everything = One(pk=1, valid_from=date(2020, 1, 1))

        assert coverage.choose([One(pk=2, product_ids=(PACS,)), everything], None, TODAY) is everything
        assert coverage.choose([replace(everything, product_ids=(PACS,))], None, TODAY) is None
