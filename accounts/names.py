"""How names are compared and what a name may be."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower

from accounts.errors import Invalid

ENTITY_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

RESERVED_ENTITY_NAMES = frozenset(
    {
        "accounts",
        "admin",
        "api",
        "artifacts",
        "artifactsv2",
        "authorize",
        "automations",
        "docs",
        "favicon.ico",
        "files",
        "graphql",
        "healthz",
        "login",
        "logout",
        "oidc",
        "orgs",
        "projects",
        "ready",
        "readyz",
        "registries",
        "robots.txt",
        "sdk",
        "search",
        "settings",
        "sign-in",
        "static",
        "storage",
        "theme",
    }
)


# `name__lower=…` asks the index that keeps names of entities unique; `name__iexact` does not.
models.CharField.register_lookup(Lower)


def entity_key(name: str) -> str:
    """What `name__lower` of an entity is compared with. Names are ASCII; no other text is one."""
    return name.lower() if name.isascii() else name


def composed(text: str) -> str:
    """As names of projects, collections and aliases are kept: in NFC."""
    return unicodedata.normalize("NFC", text)


# Zero-width non-joiner and joiner: parts of Persian, Devanagari and emoji that nobody sees.
JOINERS = "\u200c\u200d"
WITHOUT_JOINERS = dict.fromkeys(map(ord, JOINERS))
# Variation selectors 15 and 16: whether a sign is drawn as text or as an emoji.
SELECTORS = "\ufe0e\ufe0f"
WITHOUT_SELECTORS = dict.fromkeys(map(ord, SELECTORS))


def fold(text: str) -> str:
    """The form in which names look alike: no joiners, NFKC, then casefold, then NFKC once more.

    Casefolding can undo a composition, hence the second normalization.
    """
    if text.isascii():
        # Nothing to normalize, and most names are so.
        return text.lower()
    text = text.translate(WITHOUT_JOINERS)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def without_selectors(folded: str) -> str:
    """What look-alikes are compared by: one sign drawn in two ways. Columns keep `fold()` alone."""
    return folded.translate(WITHOUT_SELECTORS)


class FoldedField(models.CharField):  # type: ignore[type-arg]
    """Keeps `fold()` of another field beside it, for look-alikes and for search."""

    def __init__(self, source: str = "name", **options: object) -> None:
        self.source = source
        # Folding can lengthen: one ligature may become eighteen characters, and names have 128.
        options.setdefault("max_length", 18 * 128)
        options.setdefault("editable", False)
        super().__init__(**options)  # type: ignore[arg-type]

    def deconstruct(self) -> tuple[str, str, list[object], dict[str, object]]:
        name, path, positional, options = super().deconstruct()
        options["source"] = self.source
        return str(name), path, list(positional), options

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        folded = fold(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, folded)
        return folded


def valid_entity_name(name: str) -> str:
    """`name`, or Invalid. Entities share the first segment of our addresses."""
    if not ENTITY_NAME.fullmatch(name):
        refused = f"“{name}” cannot be a name. " if name else "Type a name. "
        raise Invalid(
            "entity_name",
            f"{refused}Use 1 to 64 letters, digits, dots, dashes and "
            "underscores, beginning with a letter or digit.",
            field="name",
        )
    if name.lower() in RESERVED_ENTITY_NAMES:
        raise Invalid(
            "entity_name_reserved",
            f"“{name}” is used in our addresses. Choose another name.",
            field="name",
        )
    return name


def check_entity_name(name: str) -> None:
    """`valid_entity_name` for Django's own forms and admin."""
    try:
        valid_entity_name(name)
    except Invalid as refusal:
        raise ValidationError(refusal.sentence) from refusal
