"""What the floor above hears: each change, inside its transaction."""

from django.dispatch import Signal

# One `event` is about to be written. What a listener has to know for it may be asked in the same
# trip to the database, behind the event: it answers with an `Asking`, or with None.
happening = Signal(use_caching=True)

# `events` (of registries.models) were written: one, or many together that are of one kind and one
# collection. A listener's rows commit with them or not at all. `told` has, by the receiver of
# `happening`, what it asked for; nothing when there are many.
happened = Signal(use_caching=True)
