"""Where the lanes of an alias timeline are drawn. Lengths are pixels of an unzoomed page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString

from registries.models import Event
from registries.queries.alias_timeline import AliasTimeline, Lane, Span
from registries.templatetags.text import exact, short_date

WIDTH = 760
COLUMN, WIDEST_COLUMN = 56, 120
EARLIER = 32
HEAD, LANE, BAR = 48, 32, 24
DATE_LENGTH = 76
REM = 16


@dataclass(frozen=True)
class Bar:
    span: Span
    name: str
    x: int
    y: int
    width: int
    protected: bool
    sentence: str

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def baseline(self) -> int:
        return self.y + BAR // 2 + 4

    @property
    def drawn(self) -> SafeString:
        """In one piece: a picture has dozens, and a template takes ten times as long."""
        kind = "--protected" if self.protected else ""
        return format_html(
            '<title>{}</title><rect class="lanes__bar{}" x="{}" y="{}" width="{}" height="{}"'
            ' rx="3"/><text class="lanes__number{}" x="{}" y="{}" aria-hidden="true">v{}</text>',
            self.sentence,
            f" lanes__bar{kind}" if kind else "",
            self.x,
            self.y,
            self.width,
            BAR,
            f" lanes__number{kind}" if kind else "",
            self.middle,
            self.baseline,
            self.span.number,
        )


@dataclass(frozen=True)
class Tick:
    """A moment: its date where there is room for it, the versions linked in it."""

    x: int
    at: datetime
    date: str
    linked: Event | None


@dataclass(frozen=True)
class TimelinePicture:
    """Drawn from the earliest moment on the left to now on the right."""

    timeline: AliasTimeline
    width: int
    height: int
    ticks: list[Tick]
    bars: list[Bar]

    @property
    def rem_width(self) -> str:
        """In units that grow with the text."""
        return f"{self.width / REM:g}rem"

    @property
    def rem_height(self) -> str:
        return f"{self.height / REM:g}rem"


def draw(timeline: AliasTimeline) -> TimelinePicture:
    columns = max(1, len(timeline.moments))
    column = max(COLUMN, min(WIDEST_COLUMN, WIDTH // columns))
    width = EARLIER + columns * column + 1
    bars = [
        bar
        for row, lane in enumerate(timeline.lanes)
        for bar in _bars(lane, timeline, HEAD + row * LANE, column, width)
    ]
    height = HEAD + len(timeline.lanes) * LANE
    return TimelinePicture(timeline, width, height, list(_ticks(timeline, column)), bars)


def _bars(lane: Lane, timeline: AliasTimeline, y: int, column: int, width: int) -> Iterator[Bar]:
    for span in lane.spans:
        start = 1 if span.start is None else EARLIER + span.start * column + 1
        end = width - 1 if span.end is None else EARLIER + span.end * column - 1
        top = y + (LANE - BAR) // 2
        sentence = _sentence(lane, span, timeline)
        yield Bar(span, lane.name, start, top, end - start, lane.protected, sentence)


def _sentence(lane: Lane, span: Span, timeline: AliasTimeline) -> str:
    words = [f"{lane.name} on v{span.number}"]
    if span.start is not None:
        words.append(f"from {exact(timeline.moments[span.start].at)}")
    words.append(f"to {exact(timeline.moments[span.end].at)}" if span.end is not None else "to now")
    return " ".join(words)


def _ticks(timeline: AliasTimeline, column: int) -> Iterator[Tick]:
    said, free = "", 0
    for place, moment in enumerate(timeline.moments):
        x = EARLIER + place * column
        date = short_date(moment.at)
        shown = date if date != said and x >= free else ""
        if shown:
            said, free = date, x + DATE_LENGTH
        linked = moment.linked
        yield Tick(x, moment.at, shown, linked[-1] if linked else None)
