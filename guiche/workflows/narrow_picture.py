"""The picture of a workflow for phones: the way goes down, what leads aside stands at its right. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from guiche.workflows.picture import (
    Drawing,
    Edge,
    Line,
    Node,
    apart,
    arranged,
    box_width,
    edges_of,
    has_twin,
    is_next,
    short,
)
from guiche.workflows.plan import Plan

WIDTH = 358
ROW = 88
LETTERS = 21


def draw(plan: Plan) -> Drawing:
    """Return the drawing for phones: the way of a ticket goes down, what leads aside stands at the right of it."""
    spine, columns = arranged(plan)
    edges = edges_of(plan)
    nodes = _nodes(plan, spine, columns)
    lines = tuple(apart(_lines(spine, nodes, edges), nodes.values()))
    bottom = max((node.bottom for node in nodes.values()), default=0)
    return Drawing(0, WIDTH, bottom + 24, tuple(nodes.values()), lines)


def _nodes(plan: Plan, spine: list[str], columns: dict[str, int]) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    y = 0
    for index, key in enumerate(spine):
        status = plan.status(key)
        text = short(status.name, LETTERS)
        nodes[key] = Node(status, 40, y, min(244, box_width(text)), text, height=40)
        aside = [one for one, column in columns.items() if column == index]
        for place, one in enumerate(aside):
            name = short(plan.status(one).name, 11)
            nodes[one] = Node(plan.status(one), 214, y + 48 + 56 * place, 138, name, height=40)
        y += max(ROW, 56 * len(aside) + 76)
    return nodes


def _lines(spine: list[str], nodes: dict[str, Node], edges: list[Edge]) -> Iterable[Line]:
    ports: dict[str, int] = {}
    for edge in edges:
        origin, target = nodes[edge.origin], nodes[edge.target]
        if is_next(spine, edge):
            yield _down(origin, target, edge, has_twin=has_twin(edges, edge))
        elif edge.origin in spine and edge.target in spine:
            yield _along_left(origin, target, edge, ports)
        elif edge.origin in spine:
            yield _to_the_side(origin, target, edge)
        else:
            below = [node for node in nodes.values() if node.x == origin.x and origin.y < node.y < target.y]
            yield _back_from_the_side(origin, target, edge, ports, max((node.bottom for node in below), default=0))


def _down(origin: Node, target: Node, edge: Edge, *, has_twin: bool) -> Line:
    x = 140 if edge.is_dashed else 84
    y = origin.bottom + 18 if has_twin and not edge.is_dashed else target.y - 12
    path = f"M{x} {origin.bottom}V{target.y - 2}"
    beside = 148 if has_twin else x + 8  # beside both lines
    return Line(path, short(edge.words, 24), beside, y, anchor="start", is_dashed=edge.is_dashed)


def _along_left(origin: Node, target: Node, edge: Edge, ports: dict[str, int]) -> Line:
    lane = ports.get("left", 0)
    ports["left"] = lane + 1
    x = max(4, 26 - 9 * lane)
    start, end = origin.centre + 4, target.centre - 4 + 4 * lane
    goes_up = end < start
    bend = -10 if goes_up else 10
    path = f"M40 {start}H{x + 10}Q{x} {start} {x} {start + bend}V{end - bend}Q{x} {end} {x + 10} {end}H38"
    y = origin.bottom + 16 if not goes_up else origin.y - 28
    return Line(path, short(edge.words, 14), x + 4, y, anchor="start", is_dashed=edge.is_dashed)


def _to_the_side(origin: Node, target: Node, edge: Edge) -> Line:
    x = target.x + 100
    path = f"M{origin.right} {origin.centre}H{x - 10}Q{x} {origin.centre} {x} {origin.centre + 10}V{target.y - 2}"
    is_first = target.y < origin.y + 60
    y = origin.centre - 6 if is_first else target.y - 5  # the second one's words stand between the two boxes
    return Line(path, short(edge.words, 20), WIDTH - 8, y, "end", edge.is_dashed)


def _back_from_the_side(origin: Node, target: Node, edge: Edge, ports: dict[str, int], beyond: int) -> Line:
    """A line from a box at the side back to the way; `beyond` is where boxes that stand below it end, or 0."""
    lane = ports.get("right", 0)
    ports["right"] = lane + 1
    if target.y <= origin.y:
        end = min(target.right - 16, 150 + 12 * (lane % 3))
        bend = f"Q{end} {origin.centre} {end} {origin.centre - 10}"
        path = f"M{origin.x} {origin.centre}H{end + 10}{bend}V{target.bottom + 2}"
        return Line(
            path, short(edge.words, 18), origin.x - 6, origin.centre - 6, anchor="end", is_dashed=edge.is_dashed
        )
    if beyond:
        x = WIDTH - 1
        path = (
            f"M{origin.right} {origin.centre}Q{x} {origin.centre} {x} {origin.centre + 6}"
            f"V{target.centre - 10}Q{x} {target.centre} {x - 10} {target.centre}H{target.right + 2}"
        )
        return Line(path, short(edge.words, 20), x - 8, beyond + 18, anchor="end", is_dashed=edge.is_dashed)
    x = origin.right - 30 - 16 * (lane % 3)
    path = f"M{x} {origin.bottom}V{target.centre - 10}Q{x} {target.centre} {x - 10} {target.centre}H{target.right + 2}"
    return Line(
        path,
        short(edge.words, 20),
        x - 8,
        origin.bottom + 18 + 16 * (lane % 3),
        anchor="end",
        is_dashed=edge.is_dashed,
    )
