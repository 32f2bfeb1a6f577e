"""The time zones that forms offer."""

from guiche.web import zones


class TestChoices:
    def test_say_how_far_each_is_from_greenwich(self) -> None:
        offered = dict(zones.choices("", "A da organização"))

        assert offered[""] == "A da organização"
        assert offered["America/Manaus"] == "Manaus (GMT-4)"

    def test_keep_the_one_that_was_chosen(self) -> None:
        assert dict(zones.choices("Asia/Ho_Chi_Minh", ""))["Asia/Ho_Chi_Minh"] == "Asia/Ho Chi Minh (GMT+7)"


class TestGrouped:
    def test_has_every_zone_once_those_of_brazil_first(self) -> None:
        (brazil, ours), (_others, rest) = zones.grouped()
        names = [name for name, _label in [*ours, *rest]]

        assert (str(brazil), ours[0][0]) == ("Brasil", "America/Sao_Paulo")
        assert len(names) == len(set(names)) > 300
        assert "Africa/Luanda" in names
