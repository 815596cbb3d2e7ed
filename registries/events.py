"""What the floor above hears: each change, inside its transaction."""

from django.dispatch import Signal

# `event` (registries.models.Event) was written. A listener's rows commit with it or not at all.
happened = Signal()
