"""How the SDK knows an artifact: base64 of `Artifact:number`, also inside manifests."""

import base64

from django.db.models import Q

from artifacts.models import Artifact, JoinedAnnouncement


def artifact_identifier(artifact: Artifact) -> str:
    return base64.b64encode(f"Artifact:{artifact.pk}".encode()).decode()


def called(client_id: str, *, or_its_sequence: bool = False) -> Q:
    """Of announcements: what a client calls so, whichever of those that fill it together."""
    same = Q(client_id=client_id)
    if or_its_sequence:
        same |= Q(sequence_client_id=client_id)
    joined = JoinedAnnouncement.objects.filter(same).values_list("announcement", flat=True)
    return same | Q(pk__in=list(joined))
