"""What somebody typed into a form, and the sentence beside each field that was refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from accounts.errors import Invalid, RegistryError


@dataclass(frozen=True)
class Field:
    value: str = ""
    error: str = ""


@dataclass
class TypedForm:
    """`fields` by name, for templates; `sentence` is a refusal that belongs to no field."""

    fields: dict[str, Field] = field(default_factory=dict)
    sentence: str = ""

    @classmethod
    def of(cls, **values: str) -> TypedForm:
        """The form as it is first shown."""
        return cls({name: Field(value) for name, value in values.items()})

    @classmethod
    def refused(
        cls,
        refusal: RegistryError,
        values: Mapping[str, str],
        beside: Mapping[str, str] | None = None,
    ) -> TypedForm:
        """`beside` says which field of this form a field of the refusal is, if named otherwise."""
        named = refusal.field or ""
        shown_at = (beside or {}).get(named, named)
        fields = {
            name: Field(value, refusal.sentence if name == shown_at else "")
            for name, value in values.items()
        }
        return cls(fields, "" if shown_at in fields else refusal.sentence)


def sent(form: Mapping[str, str], name: str) -> str:
    """What stands in a field, or Invalid when the form came without it.

    An empty field empties what it stands for; a missing one must not.
    """
    if name not in form:
        raise Invalid(
            "field_missing", "The form came without its fields. Load the page again.", field=name
        )
    return plain(form[name])


def lines(text: str) -> list[str]:
    """One name on each line. Empty lines do not count."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def plain(text: str) -> str:
    """Text with the line breaks it was typed with; browsers send others."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
