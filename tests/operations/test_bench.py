"""The measurement: what it loads is as large as it says, what it says of a figure is true, and it runs."""

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from guiche.accounts.models import Team
from guiche.operations.bench import __main__ as bench
from guiche.operations.bench import loading, pages, report, words
from guiche.operations.bench.outside import Waited
from guiche.operations.bench.report import Constant, Figures, Line, Pace
from guiche.operations.bench.sizes import Size
from guiche.operations.home import ROOT
from guiche.organizations.models import Membership, Organization
from guiche.sla.models import Clock
from guiche.tickets.actions import conversation
from guiche.tickets.models import Activity, Attachment, Comment, Ticket
from guiche.workflows.stages import Stage

SMALL = Size.of(600)


def line(**figures: float) -> Line:
    page = pages.Page("a page", None, ("/",))  # type: ignore[arg-type]  # nobody is asked
    waited = Waited.of([0.001, 0.002])
    given = {"queries": 12, "cpu_ms": 10.0, "inside_cpu_ms": 1.0, "database_ms": 1.0, **figures}
    return Line(page, Figures(**given, alone=waited, crowded=waited))  # type: ignore[arg-type]


class TestReport:
    def test_says_ok_up_to_the_limit_and_missed_past_it(self) -> None:
        assert line().verdicts() == ("ok", "ok")
        assert line(queries=13, cpu_ms=10.1).verdicts() == ("missed", "missed")
        assert report.missed([line(queries=13), line()], [Constant("a list", 3, 4), Constant("another", 3, 3)]) == 2

    def test_puts_every_figure_beside_its_limit(self) -> None:
        shown = report.table([line(cpu_ms=12.34)])

        assert "12.3 / 10" in shown
        assert "12 / 12" in shown

    def test_keeps_what_it_prints(self, tmp_path: Path) -> None:
        report.write(tmp_path / "bench.json", [line()], [Constant("a list", 3, 3)], {"cores": 2})

        kept = json.loads((tmp_path / "bench.json").read_text())
        assert kept["pages"][0]["cpu_ms"] == 10.0
        assert kept["lists"] == [{"name": "a list", "few": 3, "many": 3, "verdict": "ok"}]


class TestPaces:
    def test_stand_beside_their_limits(self) -> None:
        found = [Pace("quick", 4.9, "µs", 5), Pace("slow", 5.1, "ms", 5), Pace("any", 70.0, "ms")]

        shown = report.paces("business time", found)

        assert [one.verdict for one in found] == ["ok", "missed", ""]
        assert "5.1 / 5" in shown
        assert report.missed([], [], found) == 1

    def test_are_measured_and_kept_without_a_database(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        out = tmp_path / "kept.json"

        assert bench.main(["--part", "worktime", "--quick", "--out", str(out)]) == 0

        kept = {one["name"]: one for one in json.loads(out.read_text())["paces"]}
        assert kept["add 40 business hours"]["limit"] == 5
        assert kept["compile a year"]["unit"] == "ms"
        assert all(one["figure"] > 0 for one in kept.values())
        assert "add 40 business hours" in capsys.readouterr().out

    def test_refuse_an_unknown_part(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PART", "everything")

        with pytest.raises(SystemExit):
            bench.main([])


class TestWords:
    def test_are_the_same_for_the_same_seed_and_never_said_twice(self) -> None:
        said = [words.paragraph(Random(3)) for _again in range(2)]
        one = Random(3)

        assert said[0] == said[1]
        assert len({words.paragraph(one) for _again in range(500)}) == 500


@pytest.mark.slow
@pytest.mark.django_db
class TestLoading:
    def test_loads_what_it_says_and_takes_back_what_was_added(self) -> None:
        last = loading.load(SMALL)

        assert Ticket.objects.count() == 600
        assert Organization.objects.count() == SMALL.organizations
        assert Membership.objects.count() == SMALL.people
        assert Team.objects.count() == SMALL.teams
        assert 2 < Comment.objects.count() / 600 < 4
        assert Attachment.objects.exists()
        assert {clock.motion for clock in Clock.objects.all()} == {"running", "paused", "stopped"}
        stages = {str(stage) for stage in Stage} - {Stage.WAITING_ON_PROVIDER}  # which hardly a workflow has
        assert set(Ticket.objects.values_list("status__stage", flat=True)) >= stages
        assert not Activity.objects.filter(kind="ticket.commented", comment=None).exists()
        large = Organization.objects.order_by("id")[0]
        assert 0.12 < Ticket.objects.of(large).count() / 600 < 0.28
        assert Ticket.objects.of(Organization.objects.order_by("-id")[0]).count() == 2
        self._check_pages()
        self._check_take_back(last)

    def _check_pages(self) -> None:
        names = [page.name for page in pages.standard()]
        assert len(names) == len(set(names))
        queue = next(page for page in pages.standard() if page.name == "desk: queue, 25 rows")
        assert Ticket.objects.visible_to(queue.user).open().filter(assignee=queue.user).count() == 25
        for pair in pages.pairs():
            assert pair.few.addresses

    def _check_take_back(self, last: dict[str, int]) -> None:
        page = next(page for page in pages.standard() if page.name == "comment")
        ticket = Ticket.objects.get(number=int(page.address(0).split("/")[2]))
        before = ticket.comments.count()
        conversation.comment(ticket, by=page.user, at=ticket.touched_at, body="Outra vez.")
        assert ticket.comments.count() == before + 1

        loading.take_back(last)

        assert ticket.comments.count() == before


@pytest.mark.slow
def test_measures_every_page_over_http(folder: Path) -> None:
    out = folder / "bench.json"
    order = ["--part", "pages", "--tickets", "300", "--quick", "--folder", str(folder / "bench"), "--out", str(out)]
    done = subprocess.run(
        [sys.executable, "-m", "guiche.operations.bench", *order], cwd=ROOT, capture_output=True, text=True, timeout=300
    )

    assert done.returncode == 0, done.stderr
    kept = json.loads(out.read_text())
    assert len(kept["pages"]) == 11
    assert all(page["cpu_ms"] > 0 and page["queries"] > 0 for page in kept["pages"])
    assert [one["name"] for one in kept["lists"] if one["verdict"] != "ok"] == []
    assert [one["name"] for one in kept["paces"]] == ["begin the clocks of an opened ticket"]
    assert "portal: home" in done.stdout


@pytest.mark.slow
def test_measures_a_pass_through_all_clocks(folder: Path) -> None:
    out = folder / "promises.json"
    order = ["--part", "promises", "--clocks", "400", "--folder", str(folder / "bench"), "--out", str(out)]
    command = [sys.executable, "-m", "guiche.operations.bench", *order]
    for _again in range(2):  # the second time the hours go back
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr

    kept = {one["name"]: one["figure"] for one in json.loads(out.read_text())["paces"]}
    assert kept["tickets with another deadline"] == 100
    assert kept["memory of the worker at most"] < 300
