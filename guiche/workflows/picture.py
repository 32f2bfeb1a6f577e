"""The picture of a workflow: where each status stands, which lines join them, and the same in one sentence.

Pure: the page draws what this says. This drawing is for wide screens: the way of a ticket goes from left to right. On
phones it goes down: narrow_picture.py. What cancels is drawn once per cancelled status; the sentence tells all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guiche.workflows.plan import Plan, PlannedStatus, PlannedStep
from guiche.workflows.stages import Stage

NODE_HEIGHT = 44
LETTER = 8.4  # width of a letter of a name, in units of the drawing
LABEL_LETTER = 7
ICON_SIDE = 54  # what stands beside a name in its box
LANE = 40
LETTERS = 26  # of a name in its box
# Where words go, from their place on the line, when something stands there: the nearest first.
ASIDE = ((0, 0), *((x, y) for far in (14, 28, 42) for x, y in ((0, -far), (0, far), (2 * far, 0), (-2 * far, 0))))
ROW = 138
WIDE_WIDTH = 940  # a short workflow is not blown up
UPRIGHT = 32  # where the first line down leaves a box, from its left side
BESIDE_UPRIGHT = 44  # from one such line to the next


@dataclass(frozen=True, slots=True)
class Node:
    """A box with its name; `x` and `y` are its upper left corner."""

    status: PlannedStatus
    x: int
    y: int
    width: int
    text: str
    height: int = NODE_HEIGHT

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def centre(self) -> int:
        return self.y + self.height // 2

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Line:
    """A line with an arrow at its end and its words. Dashed: it happens by itself."""

    path: str
    words: str
    x: int
    y: int
    anchor: str = "middle"
    is_dashed: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    top: int  # the upper edge of the view; negative when lines pass above the boxes
    width: int
    height: int
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """All steps that lead from one status to another in the same way, as one line."""

    origin: str
    target: str
    words: str
    is_dashed: bool


def wide(plan: Plan) -> Drawing:
    """Return the drawing for wide screens: the way of a ticket on a line, what leads aside below it."""
    spine, columns = arranged(plan)
    edges = edges_of(plan)
    nodes = _wide_nodes(plan, spine, columns, edges)
    lines = apart(_wide_lines(spine, columns, nodes, edges), nodes.values())
    lanes = _lanes(spine, edges)
    top = -LANE * len(lanes) - (20 if lanes else 0)
    boxes = tuple(nodes.values())
    bottom = max([node.bottom for node in boxes] + [line.y + 4 for line in lines], default=0)
    right = max((node.right for node in boxes), default=0)
    return Drawing(top, max(WIDE_WIDTH, right), bottom - top + 12, boxes, tuple(lines))


def sentence(plan: Plan) -> str:
    """Return what the picture shows, in words, for who does not see it."""
    return " ".join(_from_status(plan, status) for status in plan.statuses if plan.steps_from(status.key))


def _from_status(plan: Plan, status: PlannedStatus) -> str:
    ways = [
        _("to %(target)s by “%(step)s”") % {"target": plan.status(step.target).name, "step": _words(plan, step)}
        for step in plan.steps_from(status.key)
    ]
    return _("From %(status)s it goes %(ways)s.") % {"status": status.name, "ways": ", ".join(ways)}


def _words(plan: Plan, step: PlannedStep) -> str:
    days = plan.status(step.origin).closes_after_days
    if not step.happens_by_itself or not days:
        return step.name
    return ngettext("%(n)s business day", "%(n)s business days", days) % {"n": days}


def arranged(plan: Plan) -> tuple[list[str], dict[str, int]]:
    """Return the way of a ticket, as keys in order, and for every other status the place it stands beside."""
    spine = _longest_way(plan)
    columns: dict[str, int] = {}
    for status in plan.statuses:
        if status.key in spine:
            continue
        origins = [step.origin for step in plan.steps if step.target == status.key and step.origin in spine]
        columns[status.key] = min((spine.index(origin) for origin in origins), default=0)
    return spine, columns


def _longest_way(plan: Plan) -> list[str]:
    """The longest way forward from the first status to one that is done, without waiting and cancelling."""
    if not plan.statuses:
        return []
    aside = {status.key for status in plan.statuses if status.stage in {Stage.WAITING_ON_CUSTOMER, Stage.CANCELLED}}
    done = {status.key for status in plan.statuses if status.stage == Stage.DONE}
    ways: dict[str, list[str]] = {}
    for status in reversed(plan.statuses):
        ways[status.key] = [status.key] if status.key in done else _best(plan, status.key, aside, ways)
    return ways[plan.statuses[0].key] or [plan.statuses[0].key]


def _best(plan: Plan, key: str, aside: set[str], ways: dict[str, list[str]]) -> list[str]:
    onward = [ways[step.target] for step in plan.steps_from(key) if ways.get(step.target) and step.target not in aside]
    return [key, *max(onward, key=len)] if onward else []


def edges_of(plan: Plan) -> list[Edge]:
    cancelled = {status.key for status in plan.statuses if status.stage == Stage.CANCELLED}
    drawn: set[str] = set()
    grouped: dict[tuple[str, str, bool], list[str]] = {}
    for status in plan.statuses:
        for step in plan.steps_from(status.key):
            if step.target in cancelled and step.target in drawn and (step.origin, step.target, False) not in grouped:
                continue
            drawn.add(step.target)
            words = grouped.setdefault((step.origin, step.target, step.happens_by_itself), [])
            if _words(plan, step) not in words:
                words.append(_words(plan, step))
    return [Edge(origin, target, " / ".join(words), dashed) for (origin, target, dashed), words in grouped.items()]


def box_width(text: str) -> int:
    return max(110, round(len(text) * LETTER) + ICON_SIDE)


def _wide_nodes(plan: Plan, spine: list[str], columns: dict[str, int], edges: list[Edge]) -> dict[str, Node]:
    places = _places(spine, columns)
    nodes: dict[str, Node] = {}
    lefts, x = [], 0
    for index, key in enumerate(spine):
        lefts.append(x)
        below = [plan.status(one).name for one, (column, _depth) in places.items() if column == index]
        width = max(box_width(short(name, LETTERS)) for name in (plan.status(key).name, *below))
        x = lefts[index] + max(width + _gap(spine, index, edges), _room(spine, places, edges, index))
        nodes[key] = _node(plan, key, lefts[index], 0)
    for key, (column, depth) in places.items():
        nodes[key] = _node(plan, key, lefts[column], ROW * depth)
    return nodes


def _node(plan: Plan, key: str, x: int, y: int) -> Node:
    name = short(plan.status(key).name, LETTERS)
    return Node(plan.status(key), x, y, box_width(name), name)


def _places(spine: list[str], columns: dict[str, int]) -> dict[str, tuple[int, int]]:
    """Return column and depth below the line: under where a ticket comes from, or in the next free column."""
    taken: dict[int, int] = {}
    places = {}
    for key, wanted in columns.items():
        free = [column for column in range(wanted, len(spine)) if column not in taken]
        column = free[0] if free else wanted
        taken[column] = taken.get(column, 0) + 1
        places[key] = (column, taken[column])
    return places


def _gap(spine: list[str], index: int, edges: list[Edge]) -> int:
    """Room between a status of the line and the next, for the words on the line and those of lines that go down."""
    here = spine[index]
    after = spine[index + 1] if index + 1 < len(spine) else ""
    along = [edge.words for edge in edges if (edge.origin, edge.target) == (here, after)]
    return max([100, *(round(len(words) * LABEL_LETTER) + 34 for words in along)])


def _room(spine: list[str], places: dict[str, tuple[int, int]], edges: list[Edge], index: int) -> int:
    """How far a column begins before the next, so that the words beside the lines that go down keep apart."""
    here, after = (_upright_words(spine, places, edges, one) for one in (index, index + 1))
    rights = [UPRIGHT + BESIDE_UPRIGHT * place + 8 + width for place, width in enumerate(here) if place or not index]
    return max(rights, default=0) + max(0, after[0] - UPRIGHT + 8 if after else 0) + 24


def _upright_words(spine: list[str], places: dict[str, tuple[int, int]], edges: list[Edge], index: int) -> list[int]:
    """How wide the words of the lines between the boxes of one column are, in the order in which they are drawn."""
    column = {*spine[index : index + 1], *(key for key, (place, _depth) in places.items() if place == index)}
    return [round(len(edge.words) * LABEL_LETTER) for edge in edges if edge.origin in column and edge.target in column]


def _wide_lines(spine: list[str], columns: dict[str, int], nodes: dict[str, Node], edges: list[Edge]) -> Iterable[Line]:
    lanes = _lanes(spine, edges)
    ports: dict[str, int] = {}
    for edge in edges:
        origin, target = nodes[edge.origin], nodes[edge.target]
        if is_next(spine, edge):
            shift = 10 if edge.is_dashed else (-10 if has_twin(edges, edge) else 0)
            yield _straight(origin, target, edge, shift)
        elif edge in lanes:
            yield _arc(origin, target, edge, -LANE * (lanes.index(edge) + 1), ports)
        elif origin.x == target.x:
            yield _upright(origin, target, edge, ports)
        elif _is_displaced(spine, columns, nodes, edge):
            yield _bent(origin, target, edge, ports)
        else:
            yield _elbow(origin, target, edge, ports, [node for node in nodes.values() if node.y == origin.y])


def _lanes(spine: list[str], edges: list[Edge]) -> list[Edge]:
    """The lines that pass above the boxes, the shortest lowest."""
    over = [edge for edge in edges if edge.origin in spine and edge.target in spine and not is_next(spine, edge)]
    return sorted(over, key=lambda edge: abs(spine.index(edge.target) - spine.index(edge.origin)))


def is_next(spine: list[str], edge: Edge) -> bool:
    return edge.origin in spine and edge.target in spine and spine.index(edge.target) == spine.index(edge.origin) + 1


def has_twin(edges: list[Edge], edge: Edge) -> bool:
    return any(other is not edge and (other.origin, other.target) == (edge.origin, edge.target) for other in edges)


def _straight(origin: Node, target: Node, edge: Edge, shift: int) -> Line:
    y = origin.centre + shift
    middle = (origin.right + target.x) // 2
    return Line(
        f"M{origin.right} {y}H{target.x - 2}",
        edge.words,
        middle,
        y + (18 if shift > 0 else -8),
        is_dashed=edge.is_dashed,
    )


def _port(node: Node, ports: dict[str, int]) -> int:
    """Where along the box the next line begins or ends: in the middle, then to its left and right in turn."""
    count = ports.get(node.status.key, 0)
    ports[node.status.key] = count + 1
    step = 18 * ((count + 1) // 2)
    return node.middle + (step if count % 2 else -step)


def _arc(origin: Node, target: Node, edge: Edge, y: int, ports: dict[str, int]) -> Line:
    start, end = _port(origin, ports), _port(target, ports)
    turn = 12 if end > start else -12
    path = (
        f"M{start} {origin.y}V{y + 12}Q{start} {y} {start + turn} {y}H{end - turn}"
        f"Q{end} {y} {end} {y + 12}V{target.y - 2}"
    )
    return Line(path, edge.words, (start + end) // 2, y + 4, is_dashed=edge.is_dashed)


def _upright(origin: Node, target: Node, edge: Edge, ports: dict[str, int]) -> Line:
    """A line between two boxes of one column; those that come back stand a little to the right."""
    goes_down = target.y > origin.y
    used = ports.get(f"{origin.x} upright", 0)
    ports[f"{origin.x} upright"] = used + 1
    x = origin.x + UPRIGHT + BESIDE_UPRIGHT * used
    path = f"M{x} {origin.bottom}V{target.y - 2}" if goes_down else f"M{x} {origin.y}V{target.bottom + 2}"
    y = (min(origin.bottom, target.bottom) + max(origin.y, target.y)) // 2 + 4
    is_left = used == 0 and origin.x > 0  # the first column has no room at its left
    return Line(path, edge.words, x - 8 if is_left else x + 8, y, "end" if is_left else "start", edge.is_dashed)


def _is_displaced(spine: list[str], columns: dict[str, int], nodes: dict[str, Node], edge: Edge) -> bool:
    """Whether the line joins a box below with where tickets come to it from, and it stands in another column."""
    below, above = (edge.origin, edge.target) if edge.origin in columns else (edge.target, edge.origin)
    return below in columns and above == spine[columns[below]] and nodes[below].x != nodes[above].x


def _bent(origin: Node, target: Node, edge: Edge, ports: dict[str, int]) -> Line:
    """A line down (or up), along, and down again, halfway between the two rows."""
    level = ports.get("bent", 0)
    ports["bent"] = level + 1
    lane = NODE_HEIGHT + 22 + 26 * (level % 3)
    start = origin.right - 18 - 14 * level if target.y > origin.y else origin.x + 36
    end = target.x + 18 if target.y > origin.y else target.right - 18 - 14 * level
    first, last = (origin.bottom, target.y - 2) if target.y > origin.y else (origin.y, target.bottom + 2)
    path = f"M{start} {first}V{lane}H{end}V{last}"
    return Line(path, edge.words, (start + end) // 2 + 20, lane + 4, is_dashed=edge.is_dashed)


def _elbow(origin: Node, target: Node, edge: Edge, ports: dict[str, int], row: list[Node]) -> Line:
    """A line between a box below and one of another column: along, then up or down; under the `row` it would cross."""
    level = ports.get("elbow", 0)
    ports["elbow"] = level + 1
    y = origin.centre - 10 + 20 * (level % 2) if origin.y else origin.centre
    x = target.x + min(target.width - 14, 60 + 18 * level)
    if target.y < origin.y and any(min(origin.right, x) < node.middle < max(origin.x, x) for node in row):
        return _under(origin, target, edge, x, origin.bottom + 20 + 18 * level)
    side = origin.right if x > origin.x else origin.x
    turn = 12 if x > side else -12
    goes_up = target.y < origin.y
    end = target.bottom + 2 if goes_up else target.y - 2
    path = f"M{side} {y}H{x - turn}Q{x} {y} {x} {y + (-12 if goes_up else 12)}V{end}"
    return Line(path, edge.words, (side + x) // 2, y + 4, is_dashed=edge.is_dashed)


def _under(origin: Node, target: Node, edge: Edge, x: int, y: int) -> Line:
    """A line down to `y`, along to `x` and up to a box of the row above."""
    start = origin.right - 18 if x > origin.x else origin.x + 18
    turn = 12 if x > start else -12
    path = (
        f"M{start} {origin.bottom}V{y - 12}Q{start} {y} {start + turn} {y}H{x - turn}"
        f"Q{x} {y} {x} {y - 12}V{target.bottom + 2}"
    )
    return Line(path, edge.words, (start + x) // 2, y + 4, is_dashed=edge.is_dashed)


def apart(lines: Iterable[Line], nodes: Iterable[Node]) -> list[Line]:
    """Return `lines` with their words moved a little where they would stand over other words, or over a name."""
    taken = [(node.x, node.y + 6, node.right, node.bottom - 6) for node in nodes]
    placed = []
    for line in lines:
        tries = [replace(line, x=line.x + x, y=line.y + y) for x, y in ASIDE]
        line = next((one for one in tries if not any(_overlap(_words_box(one), other) for other in taken)), line)
        taken.append(_words_box(line))
        placed.append(line)
    return placed


def _words_box(line: Line) -> tuple[int, int, int, int]:
    width = round(len(line.words) * 6) + 6
    left = line.x - {"start": 3, "middle": width // 2, "end": width - 3}[line.anchor]
    return left, line.y - 10, left + width, line.y + 3


def _overlap(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def short(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"
