"""What the floor above hears: each change, inside its transaction."""

from django.dispatch import Signal

# `events` (of registries.models) were written: one, or many together that are of one kind and one
# collection. A listener's rows commit with them or not at all.
happened = Signal()
