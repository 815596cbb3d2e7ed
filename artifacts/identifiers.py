"""How the SDK knows an artifact: base64 of `Artifact:number`, also inside manifests."""

import base64

from artifacts.models import Artifact


def artifact_identifier(artifact: Artifact) -> str:
    return base64.b64encode(f"Artifact:{artifact.pk}".encode()).decode()
