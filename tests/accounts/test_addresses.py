"""Addresses that are put together are those that Django's `reverse` writes."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, get_resolver, reverse

from accounts.addresses import address_of

ODD = [
    "zoo",
    "Zoo-1.0",
    "..",
    ".hidden",
    "a b",
    "ä",
    "50%",
    "%s",
    "a/b",
    "/",
    "a?b#c",
    "",
    "{0}",
    "7",
]
NAMES = {
    (name, len(parts))
    for name in get_resolver().reverse_dict
    if isinstance(name, str)
    for possibilities, *_ in get_resolver().reverse_dict.getlist(name)
    for _, parts in possibilities
}


def told(write, name, *parts):
    try:
        return write(name, *parts)
    except NoReverseMatch:
        return NoReverseMatch


def reversed_by_django(name, *parts):
    return reverse(name, args=parts)


@pytest.mark.parametrize("part", ODD)
def test_every_address_is_the_one_that_reverse_writes(part):
    for name, count in NAMES:
        for at in range(count):
            parts = [f"a{number}" for number in range(count)]
            parts[at] = part
            for given in (parts, [*parts[:-1], 3]):
                assert told(address_of, name, *given) == told(reversed_by_django, name, *given)


def test_most_addresses_are_put_together(monkeypatch):
    """The test above would hold as well if none was."""
    address_of("version", "smle-reg", "Model", "zoo", 1)
    monkeypatch.setattr("accounts.addresses.reverse", None)
    address = address_of("version", "smle-reg", "Model", "Zoo_1", 3)
    assert address == "/orgs/smle-reg/registry/Model/collections/Zoo_1/versions/v3"


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ('{% url "home" name %}', "/orgs/a&amp;b/"),
        ('{% autoescape off %}{% url "home" name %}{% endautoescape %}', "/orgs/a&b/"),
        ('{% url "home" organization=name %}', "/orgs/a&amp;b/"),
        ('{% url "home" name as there %}[{{ there }}]', "[/orgs/a&amp;b/]"),
        ('{% url "home" as there %}[{{ there }}]', "[]"),
        ('{% url "nowhere" name as there %}[{{ there }}]', "[]"),
    ],
)
def test_the_tag_writes_them_as_django_does(tag, written):
    assert Template(tag).render(Context({"name": "a&b"})) == written


def test_the_tag_refuses_what_is_nowhere():
    with pytest.raises(NoReverseMatch):
        Template('{% url "nowhere" %}').render(Context())
