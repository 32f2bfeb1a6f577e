"""`python -m guiche.operations.bench [--tickets N]`: load, measure, print, keep."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from guiche.operations.bench import ground
from guiche.operations.bench.sizes import Size
from guiche.operations.errors import OperationRefused


def main(arguments: list[str] | None = None) -> int:
    """Measure and return 0; 1 when nothing could be measured. A missed limit is said, and is no failure."""
    asked = _parser().parse_args(arguments)
    size = Size.of(asked.tickets)
    folder = asked.folder or ground.folder_of(size)
    try:
        with ground.prepared(folder, size):
            _measure(folder, size, asked)
    except OperationRefused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


def _measure(folder: Path, size: Size, asked: argparse.Namespace) -> None:
    import django

    django.setup()  # only now is there a database for the settings to name
    from guiche.operations.bench import measuring, report

    _load(folder, size)
    effort = measuring.Effort.little() if asked.quick else measuring.Effort()
    with ground.served() as (listening, session):
        machine = measuring.machine(listening, session, effort)
        lines = measuring.lines(listening, session, effort, lambda name: _say(f"  {name}"))
    lists = measuring.constants()
    _say(f"\n{size.tickets} tickets, {size.organizations} organisations, {size.people} people, {size.agents} agents")
    _say("  ".join(f"{name}: {value}" for name, value in machine.items()))
    _say(f"\n{report.table(lines)}\n\n{report.constants(lists)}\n")
    report.write(asked.out, lines, lists, machine | {"size": size.mark()})
    _say(f"{report.missed(lines, lists)} limits missed. Kept in {asked.out}")


def _load(folder: Path, size: Size) -> None:
    from guiche.operations.bench import loading

    last = ground.kept(folder)
    if last is None:
        _say(f"Loading {size.tickets} tickets into {folder} …")
        began = time.monotonic()
        last = loading.load(size)
        ground.keep(folder, size, last)
        _say(f"Loaded in {time.monotonic() - began:.0f} s: {last}")
    else:
        loading.take_back(last)
    loading.settle()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench", description="Measure the standard pages on a large installation.")
    tickets = int(os.environ.get("TICKETS", "").strip() or Size().tickets)
    parser.add_argument("--tickets", type=int, default=tickets, help="how many (TICKETS)")
    parser.add_argument("--folder", type=Path, help="the state folder; under build/ by default")
    parser.add_argument("--out", type=Path, default=ground.BUILD / "bench.json", help="where the figures go")
    parser.add_argument("--quick", action="store_true", help="few requests: to see that it works")
    return parser


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
