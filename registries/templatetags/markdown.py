"""Markdown of cards and descriptions: HTML off, then an allow-list."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

TAGS = {
    *("p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "a", "h2", "h3", "h4", "h5", "h6"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
LONGEST_SENTENCE = 160

_parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def _image(renderer: RendererHTML, tokens: Sequence[Token], at: int, *_: object) -> str:
    """Its text: a picture would come from elsewhere."""
    return escape(tokens[at].content)


_parser.add_render_rule("image", _image)


def to_html(text: str, highest_heading: int) -> SafeString:
    """Safe to show: no script, no style, no picture from elsewhere, no address but web and mail.

    The highest heading of the text becomes `<h{highest_heading}>`, to fit below the page's own.
    """
    tokens = _parser.parse(text)
    _move_headings(tokens, highest_heading)
    html = _parser.renderer.render(tokens, _parser.options, {})
    cleaned = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES)
    return mark_safe(cleaned)  # noqa: S308 cleaned by the allow-list


def first_sentence(text: str) -> str:
    """Text of the first paragraph, cut to one line of a list."""
    tokens = _parser.parse(text[:2000])
    for before, token in pairwise(tokens):
        if before.type == "paragraph_open" and token.type == "inline":
            return _cut(_words(token.children or []))
    return ""


def _move_headings(tokens: Sequence[Token], highest: int) -> None:
    """The levels used, however they were written, follow each other without a gap."""
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    levels = sorted({token.tag for token in headings})
    for token in headings:
        token.tag = f"h{min(6, highest + levels.index(token.tag))}"


def _words(tokens: Sequence[Token]) -> str:
    spaced = {"softbreak": " ", "hardbreak": " "}
    return "".join(spaced.get(token.type, token.content) for token in tokens).strip()


def _cut(sentence: str) -> str:
    end = sentence.find(". ")
    sentence = sentence[: end + 1] if end > 0 else sentence
    if len(sentence) <= LONGEST_SENTENCE:
        return sentence
    return sentence[: LONGEST_SENTENCE - 1].rstrip() + "…"
