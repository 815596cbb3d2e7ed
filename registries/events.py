"""What the floor above hears: each change, inside its transaction."""

from django.dispatch import Signal

# A version of the home with this `project_id` is held, and its aliases may change. Whether anybody
# listens to aliases there is asked in the same trip to the database, by an `Asking` that tells rows
# if so.
holding = Signal(use_caching=True)

# One `event` is about to be written. What a listener has to know for it may be asked in the same
# trip to the database, behind the event: it answers with an `Asking`, or with None.
happening = Signal(use_caching=True)

# `events` (of registries.models) were written: one, or many together that are of one kind and one
# collection. A listener's rows commit with them or not at all. `told` has, by the receiver of
# `happening`, what it asked for; nothing when there are many. Aliases that nobody listens to, as
# `holding` asked, are not told.
happened = Signal(use_caching=True)
