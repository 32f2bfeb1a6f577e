"""What an examination finds: a sentence, how bad it is, and what to do."""

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    WELL = "  ok  "
    NOTE = " note "
    WRONG = " !!!! "


@dataclass(frozen=True)
class Finding:
    level: Level
    text: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"[{self.level.value}] {self.text}" + (f"\n{' ' * 9}{self.remedy}" if self.remedy else "")


def well(text: str) -> Finding:
    return Finding(Level.WELL, text)


def note(text: str, remedy: str) -> Finding:
    return Finding(Level.NOTE, text, remedy)


def wrong(text: str, remedy: str) -> Finding:
    return Finding(Level.WRONG, text, remedy)
