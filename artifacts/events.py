"""What the floor above must hear of, sent inside the transaction of the change."""

from django.dispatch import Signal

# `artifacts` (a queryset) are about to go with their entries and tags. Whoever points at one
# of them raises RegistryError to refuse, or lets go of it.
about_to_delete = Signal()

# `run` has another state than before, by `by`; a new run has its first.
run_changed_state = Signal()

# `run` has another summary than `before`, by `by`.
run_changed_summary = Signal()
