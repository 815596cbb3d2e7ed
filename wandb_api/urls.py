"""Addresses the SDK builds by itself."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

import registries.views.addresses  # noqa: F401 gives `name`: a NUL never reaches a database
from wandb_api.views.downloads import artifact_file
from wandb_api.views.graphql import graphql
from wandb_api.views.stream import file_stream


@csrf_exempt
@login_not_required
def nothing_here(request: HttpRequest) -> HttpResponse:
    """The SDK's own telemetry: it takes 404 in silence."""
    return HttpResponse(status=404)


urlpatterns = [
    path("graphql", graphql, name="graphql"),
    path(
        "files/<name:entity>/<name:project>/<name:run>/file_stream", file_stream, name="file-stream"
    ),
    path(
        "artifactsV2/<name:region>/<name:entity>/<name:project>/<name:collection>"
        "/<name:artifact>/<name:birth>/<name:md5>/<path:name>",
        artifact_file,
        name="artifact-file",
    ),
    path("sdk/otel/v1/metrics", nothing_here, name="sdk-metrics"),
]
