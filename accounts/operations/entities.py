"""Names that paths begin with."""

from django.db import IntegrityError, transaction

from accounts.errors import Conflict
from accounts.models import Entity
from accounts.names import valid_entity_name


def claim_entity(name: str, kind: Entity.Kind) -> Entity:
    """The new entity, or Conflict when anybody has the name in any case."""
    valid_entity_name(name)
    try:
        with transaction.atomic():
            return Entity.objects.create(name=name, kind=kind)
    except IntegrityError as error:
        raise Conflict(
            "entity_name_taken", f"The name “{name}” is taken. Choose another.", field="name"
        ) from error
