"""How far a row is moved: the two buttons post a direction, a drop posts the place it fell on."""

from __future__ import annotations

from guiche.web.http import Request


def places(request: Request, index: int) -> int:
    """Return by how many places the row at `index` (from 0) moves: down when positive, 0 for what cannot be read."""
    position = request.POST.get("position", "")
    if position.isdecimal() and len(position) < 6:
        return int(position) - index
    return {"up": -1, "down": 1}.get(request.POST.get("direction", ""), 0)
