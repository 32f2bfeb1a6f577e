"""`python -m guiche.operations.bench [--part P] [--tickets N]`: load, measure, print, keep."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from guiche.operations.bench import ground, report, worktime
from guiche.operations.bench.sizes import Size
from guiche.operations.errors import OperationRefused

WORKTIME, PAGES, PROMISES = "worktime", "pages", "promises"  # the parts; "": all of them
PARTS = ("", WORKTIME, PAGES, PROMISES)


def main(arguments: list[str] | None = None) -> int:
    """Measure and return 0; 1 when nothing could be measured. A missed limit is said, and is no failure."""
    asked = _asked(arguments)
    out = asked.out or ground.BUILD / (f"bench-{asked.part}.json" if asked.part else "bench.json")
    found = _paces(asked) if asked.part in ("", WORKTIME) else []
    if asked.part == WORKTIME:
        report.write(out, [], [], {}, found)
        _say(f"{report.missed([], [], found)} limits missed. Kept in {out}")
        return 0
    try:
        if asked.part in ("", PAGES):
            size = Size.of(asked.tickets)
            folder = asked.folder or ground.folder_of(size)
            with ground.prepared(folder, size):
                _measure(folder, size, asked, out, found)
        else:
            _promises(asked, out)
    except OperationRefused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return _another_process(asked) if not asked.part else 0


def _paces(asked: argparse.Namespace) -> list[report.Pace]:
    found = worktime.paces(rounds=3, times=50) if asked.quick else worktime.paces()
    _say(f"{report.paces('business time', found)}\n")
    return found


def _measure(folder: Path, size: Size, asked: argparse.Namespace, out: Path, found: list[report.Pace]) -> None:
    import django

    django.setup()  # only now is there a database for the settings to name
    from guiche.operations.bench import measuring, starting

    _load(folder, size)
    effort = measuring.Effort.little() if asked.quick else measuring.Effort()
    with ground.served() as (listening, session):
        machine = measuring.machine(listening, session, effort)
        lines = measuring.lines(listening, session, effort, lambda name: _say(f"  {name}"))
    lists = measuring.constants()
    begun = starting.paces(10 if asked.quick else 200)
    found = [*found, *begun]
    _say(f"\n{size.tickets} tickets, {size.organizations} organisations, {size.people} people, {size.agents} agents")
    _say("  ".join(f"{name}: {value}" for name, value in machine.items()))
    _say(f"\n{report.table(lines)}\n\n{report.constants(lists)}\n\n{report.paces('promises', begun)}\n")
    report.write(out, lines, lists, machine | {"size": size.mark()}, found)
    _say(f"{report.missed(lines, lists, found)} limits missed. Kept in {out}")


def _load(folder: Path, size: Size) -> None:
    from guiche.operations.bench import loading

    last = ground.kept(folder)
    if last is None:
        _fill(folder, size, loading.load)
    else:
        loading.take_back(last)
    loading.settle()


def _fill(folder: Path, size: Size, load: Callable[[Size], dict[str, int]]) -> None:
    _say(f"Loading {size.tickets} tickets into {folder} …")
    began = time.monotonic()
    last = load(size)
    ground.keep(folder, size, last)
    _say(f"Loaded in {time.monotonic() - began:.0f} s: {last}")


def _promises(asked: argparse.Namespace, out: Path) -> None:
    """Measure a pass through many open clocks, two a ticket, in an installation of its own."""
    size = Size(max(1, asked.clocks // 2))
    folder = asked.folder or ground.BUILD / f"bench-clocks-{asked.clocks}"
    with ground.prepared(folder, size):
        import django

        django.setup()
        from guiche.operations.bench import loading, promises

        if ground.kept(folder) is None:
            _fill(folder, size, promises.load)
        loading.settle()
        with ground.served() as (listening, _session):
            found = promises.paces(listening)
    _say(f"\n{report.paces('promises', found)}\n")
    report.write(out, [], [], {}, found)
    _say(f"{report.missed([], [], found)} limits missed. Kept in {out}")


def _another_process(asked: argparse.Namespace) -> int:
    """Measure promises too: their installation is another one, and a process has the settings of one."""
    quick = ["--quick"] if asked.quick else []
    clocks = ["--clocks", str(asked.clocks)]
    command = [sys.executable, "-m", "guiche.operations.bench", "--part", PROMISES, *clocks, *quick]
    return subprocess.run(command, check=False).returncode


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.part not in PARTS:  # argparse does not look at its defaults
        parser.error(f"no such part: {asked.part}")
    return asked


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bench", description="Measure business time, and the pages on a large installation."
    )
    part = os.environ.get("PART", "").strip()
    parser.add_argument("--part", default=part, help="nothing but worktime, pages or promises (PART)")
    tickets = int(os.environ.get("TICKETS", "").strip() or Size().tickets)
    parser.add_argument("--tickets", type=int, default=tickets, help="how many (TICKETS)")
    clocks = int(os.environ.get("CLOCKS", "").strip() or 1_000_000)
    parser.add_argument("--clocks", type=int, default=clocks, help="open ones, for the part promises (CLOCKS)")
    parser.add_argument("--folder", type=Path, help="the state folder; under build/ by default")
    parser.add_argument("--out", type=Path, help="where the figures go; under build/ by default")
    parser.add_argument("--quick", action="store_true", help="few requests: to see that it works")
    return parser


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
