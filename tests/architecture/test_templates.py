"""Templates hold nothing that the content security policy would refuse."""

from __future__ import annotations

import re

import pytest
from django.template import Context, Template
from django_cotton.compiler_regex import CottonCompiler

from registry_site.components import ICON, written_icon
from tests.architecture.source import ROOT, place

REFUSED = {
    "a style attribute": r"<[^>]*\sstyle=",
    "a style element": r"<style",
    "an event attribute": r"<[^>]*\s(?:on[a-z]+|hx-on[:-][^=\s]*)=",
    "a script in the page": r"<script(?![^>]*\ssrc=)",
    "a javascript address": r"javascript:",
    "a file of another site": r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"']?(?:https?:)?//",
    "unescaped output": r"\|\s*safe\b|autoescape\s+off",
}

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def uncommented(source: str) -> str:
    return re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}", "", source, flags=re.DOTALL)


@pytest.mark.parametrize("kind", REFUSED)
def test_no_template_holds(kind):
    found = [
        place(path, 1 + source[: match.start()].count("\n"))
        for path in TEMPLATES
        for source in [uncommented(path.read_text())]
        for match in re.finditer(REFUSED[kind], source)
    ]
    assert not found, f"{kind}: {', '.join(found)}"


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("a style attribute", '<p class="a" style="color: red">'),
        ("a style element", "<style>"),
        ("an event attribute", '<a href="/" onclick="go()">'),
        ("an event attribute", '<a hx-on:click="go()">'),
        ("a script in the page", "<script>go()</script>"),
        ("a javascript address", '<a href="javascript:go()">'),
        ("a file of another site", '<script src="https://cdn.example/x.js">'),
        ("unescaped output", "{{ name|safe }}"),
    ],
)
def test_it_would_be_found(kind, source):
    assert re.search(REFUSED[kind], source)


def test_a_script_of_our_own_is_let_through():
    assert not re.search(REFUSED["a script in the page"], '<script src="/static/a.js" defer>')


def test_an_icon_written_at_loading_is_the_icon_of_the_component():
    """`registry_site.components` writes what `components/icon.html` would."""
    for named, given in (
        ('name="lock"', ":name=\"'lock'\""),
        ('name="x" small', ":name=\"'x'\" small"),
    ):
        written = Template(ICON.sub(written_icon, CottonCompiler().process(f"<c-icon {named} />")))
        component = Template(CottonCompiler().process(f"<c-icon {given} />"))
        assert written.render(Context()) == component.render(Context()).strip()
        assert "{% cotton" not in str(written.source)
