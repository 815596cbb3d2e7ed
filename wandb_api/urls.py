"""Addresses the SDK builds by itself."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

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
    path("files/<str:entity>/<str:project>/<str:run>/file_stream", file_stream, name="file-stream"),
    path(
        "artifactsV2/<str:region>/<str:entity>/<str:project>/<str:collection>"
        "/<str:artifact>/<str:birth>/<str:md5>/<path:name>",
        artifact_file,
        name="artifact-file",
    ),
    path("sdk/otel/v1/metrics", nothing_here, name="sdk-metrics"),
]
