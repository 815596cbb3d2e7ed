"""A browser without script: it asks for pages and parts of pages, and reads what they say."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
# Everything else begins a line of its own.
WITHIN_LINES = {"a", "bdi", "code", "em", "mark", "span", "strong", "textarea", "time"}
CORE = {"organization": "smle-reg", "registry": "Model"}
COLLECTION = CORE | {"collection": "Zoo_Classifier_Models"}


@dataclass
class Node:
    tag: str
    attributes: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text in it, with the spaces of a reader."""
        return " ".join(self.raw_text.split())

    @property
    def raw_text(self) -> str:
        inner = "".join(
            child if isinstance(child, str) else child.raw_text for child in self.children
        )
        return inner if self.tag in WITHIN_LINES else f" {inner} "

    @property
    def everything(self) -> list[Node]:
        """The node and all below it, in the order of the page."""
        below = [child.everything for child in self.children if isinstance(child, Node)]
        return [self, *(node for nodes in below for node in nodes)]

    def all(self, tag: str = "", **attributes: str) -> list[Node]:
        """`class_` is one of its classes; other attributes are compared whole."""
        return [node for node in self.everything if node.fits(tag, attributes)]

    def one(self, tag: str = "", **attributes: str) -> Node:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} of {tag} {attributes}"
        return found[0]

    def fits(self, tag: str, attributes: dict[str, str]) -> bool:
        if tag and self.tag != tag:
            return False
        wanted = dict(attributes)
        one_class = wanted.pop("class_", "")
        if one_class and one_class not in self.attributes.get("class", "").split():
            return False
        return all(self.attributes.get(name.replace("_", "-")) == wanted[name] for name in wanted)


class Page(HTMLParser):
    """What was answered: `status`, `headers`, and the document as a tree in `root`."""

    def __init__(self, response: Any) -> None:
        super().__init__(convert_charrefs=True)
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        self.source = response.content.decode()
        self.root = Node("", {})
        self._open = [self.root]
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    @property
    def is_whole(self) -> bool:
        return bool(self.root.all("html"))

    @property
    def main(self) -> Node:
        return self.root.one("main")

    @property
    def text(self) -> str:
        return self.root.text

    def values(self, name: str) -> list[str]:
        """What stands in the fields called so."""
        inputs = [node.attributes.get("value", "") for node in self.root.all("input", name=name)]
        # A browser drops the first line break of a textarea.
        areas = [node.raw_text.removeprefix("\n") for node in self.root.all("textarea", name=name)]
        return inputs + areas

    def errors(self) -> dict[str, str]:
        """By the name of the field a sentence stands beside; "" for those beside none."""
        beside: dict[str, str] = {}
        tied = {
            identifier: node.attributes.get("name", "")
            for node in self.root.everything
            if node.attributes.get("aria-invalid") == "true"
            for identifier in node.attributes.get("aria-describedby", "").split()
        }
        for node in self.root.all("p", class_="field__error"):
            beside[tied.get(node.attributes.get("id", ""), "")] = node.text
        return beside

    def notices(self) -> list[str]:
        return [node.text for node in self.root.all(class_="notice--refused")]

    def toasts(self) -> list[str]:
        shown = self.root.all(id="toasts")
        return [node.text for box in shown for node in box.all(class_="toast__text")]

    def badges(self) -> list[str]:
        """As a screen reader says them."""
        return [node.text for node in self.root.all("span", class_="badge__name")]


class Browser:
    """Signed in as one person. `part` is the id of the part HTMX asks for."""

    def __init__(self, user: User | None) -> None:
        self.client = Client()
        if user is not None:
            self.client.force_login(user)

    def get(self, name: str, query: Any = None, *, part: str = "", **at: Any) -> Page:
        answer = self.client.get(reverse(name, kwargs=at), query, headers=headers_for(part))
        return Page(answer)

    def post(self, name: str, body: Any = None, *, part: str = "", **at: Any) -> Page:
        answer = self.client.post(reverse(name, kwargs=at), body or {}, headers=headers_for(part))
        return Page(answer)

    def follow(self, page: Page) -> Page:
        """Where a form led to."""
        assert page.status in {302, 303}
        return Page(self.client.get(page.headers["Location"]))


def headers_for(part: str) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Target": part} if part else {}
