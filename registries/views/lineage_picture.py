"""Lineage as a picture: columns from left to right, in the order things came from each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import accumulate
from unicodedata import category, east_asian_width

from artifacts.models import Run
from registries.models import Version
from registries.queries.lineage import ARTIFACTS_SHOWN, RUNS_SHOWN, Lineage
from registries.web_addresses import run_address, version_address

WIDTH, HEIGHT = 188, 46
ACROSS, DOWN = 44, 12
EDGE = 1
# In letters as wide as most small Latin ones. From LONG on a label is squeezed into its box.
LONG, LONGEST_LABEL, LONGEST_NOTE = 20, 25, 26
WIDTH_OF_WIDE, WIDTH_OF_CAPITAL, WIDTH_OF_NARROW = 2.0, 1.3, 0.6
BROAD, NARROW = frozenset("MWmw@%"), frozenset("Ifijlrt.,:;|!'-/ ")
INNER_WIDTH = WIDTH - 2 * 14
WITHOUT_WIDTH = frozenset({"Mn", "Me", "Cf"})
INPUTS_SHOWN = 6
OF_ONE_RUN = 3


@dataclass
class Box:
    """A run or an artifact at its place. Without an address it tells of what is not drawn."""

    kind: str
    label: str
    note: str
    address: str = ""
    x: int = 0
    y: int = 0

    @property
    def short(self) -> str:
        """With its middle left out: names that belong together differ at their ends, and the
        version is there."""
        return fitting(self.label, LONGEST_LABEL)

    @property
    def squeezed_to(self) -> int | None:
        """The width its label gets, where its own may be more."""
        return INNER_WIDTH if width_of(self.short) > LONG else None

    @property
    def short_note(self) -> str:
        return fitting(self.note, LONGEST_NOTE)

    @property
    def middle(self) -> int:
        return self.y + HEIGHT // 2


@dataclass(frozen=True)
class Picture:
    boxes: list[Box]
    lines: list[str]
    width: int
    height: int
    box_width: int = WIDTH
    box_height: int = HEIGHT


def fitting(text: str, most: float) -> str:
    """As much of its beginning and its end as is no wider than `most`."""
    if width_of(text) <= most:
        return text
    half = most / 2
    end = _beginning(reversed(text), half)[::-1]
    return f"{_beginning(text, half - WIDTH_OF_WIDE)}…{end}"


def width_of(text: str) -> float:
    return sum(map(_width, text))


def _beginning(letters: Iterable[str], most: float) -> str:
    widths = accumulate(map(_width, letters := list(letters)))
    return "".join(letter for letter, width in zip(letters, widths, strict=True) if width <= most)


def _width(letter: str) -> float:
    """What fonts have is not known here; this is seldom less than they take."""
    if east_asian_width(letter) in "WF" or letter in BROAD:
        return WIDTH_OF_WIDE
    if category(letter) in WITHOUT_WIDTH:
        return 0
    if letter in NARROW:
        return WIDTH_OF_NARROW
    return WIDTH_OF_CAPITAL if letter.isupper() else 1


class _Graph:
    """Boxes by key, and what each comes from."""

    def __init__(self) -> None:
        self.boxes: dict[str, Box] = {}
        self.before: dict[str, set[str]] = {}

    def add(self, key: str, box: Box, after: str | None = None) -> str:
        self.boxes.setdefault(key, box)
        self.before.setdefault(key, set())
        if after is not None:
            self.before[key].add(after)
        return key

    def columns(self) -> list[list[str]]:
        depth: dict[str, int] = {}
        for key in TopologicalSorter(self.before).static_order():
            depth[key] = max((depth[one] + 1 for one in self.before[key]), default=0)
        columns: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
        for key in self.boxes:
            columns[depth[key]].append(key)
        return columns


def draw(version: Version, lineage: Lineage) -> Picture:
    graph = _Graph()
    here = graph.add("here", _version_box(version, "here"))
    _add_makers(graph, here, lineage)
    _add_users(graph, here, lineage)
    columns = graph.columns()
    height = _place(graph, columns)
    lines = [
        _line(graph.boxes[one], graph.boxes[key])
        for key in graph.before
        for one in graph.before[key]
    ]
    width = len(columns) * (WIDTH + ACROSS) - ACROSS + 2 * EDGE
    return Picture(list(graph.boxes.values()), lines, width, height)


def _add_makers(graph: _Graph, here: str, lineage: Lineage) -> None:
    for maker in lineage.makers[:OF_ONE_RUN]:
        key = graph.add(f"run-{maker.pk}", _run_box(maker))
        graph.before[here].add(key)
        taken = lineage.taken.get(maker.pk, [])
        for version in taken[:INPUTS_SHOWN]:
            graph.before[key].add(graph.add(f"in-{version.pk}", _version_box(version)))
        if left := taken[INPUTS_SHOWN:]:
            more = graph.add(f"more-of-{maker.pk}", _more_box(len(left), lineage.is_cut))
            graph.before[key].add(more)
    if others := lineage.makers[OF_ONE_RUN:]:
        box = _more_box(len(others), lineage.has_more_makers, "run")
        graph.before[here].add(graph.add("more-makers", box))


def _add_users(graph: _Graph, here: str, lineage: Lineage) -> None:
    drawn = 0
    for user in lineage.users[:RUNS_SHOWN]:
        key = graph.add(f"run-{user.pk}", _run_box(user), here)
        made = lineage.made.get(user.pk, [])
        shown = made[: min(OF_ONE_RUN, ARTIFACTS_SHOWN - drawn)]
        for version in shown:
            graph.add(f"out-{version.pk}", _version_box(version), key)
        drawn += len(shown)
        if left := made[len(shown) :]:
            graph.add(f"more-{user.pk}", _more_box(len(left), lineage.is_cut), key)
    if others := lineage.users[RUNS_SHOWN:]:
        graph.add("more", _more_box(len(others), lineage.has_more_users, "run"), here)


def _more_box(count: int, are_not_all: bool, noun: str = "") -> Box:
    """`count` of a noun that are not drawn, or at least so many."""
    words = noun if count == 1 and not are_not_all else f"{noun}s"
    number = f"{count}{'+' if are_not_all else ''} more"
    return Box("more", f"{number} {words}" if noun else number, "in the list")


def _run_box(run: Run) -> Box:
    return Box("run", run.display_name, f"Run, {run.get_state_display()}", run_address(run))


def _version_box(version: Version, kind: str = "version") -> Box:
    label = f"{version.collection.name}:{version.label}"
    address = "" if kind == "here" else version_address(version)
    return Box(kind, label, version.artifact.type, address)


def _place(graph: _Graph, columns: list[list[str]]) -> int:
    """Each column stands in the middle of the highest. Returns the height of all."""
    highest = max(len(column) for column in columns) * (HEIGHT + DOWN) - DOWN
    for number, column in enumerate(columns):
        top = (highest - (len(column) * (HEIGHT + DOWN) - DOWN)) // 2
        for row, key in enumerate(column):
            graph.boxes[key].x = EDGE + number * (WIDTH + ACROSS)
            graph.boxes[key].y = EDGE + top + row * (HEIGHT + DOWN)
    return highest + 2 * EDGE


def _line(start: Box, end: Box) -> str:
    """An SVG path from the right of one box to the left of the other."""
    left, right = start.x + WIDTH, end.x
    half = (left + right) // 2
    return f"M{left} {start.middle}C{half} {start.middle} {half} {end.middle} {right} {end.middle}"
