"""Files by the addresses the SDK builds itself, with the key in the header.

`/artifactsV2/{region}/{entity}/{project}/{collection}/{artifact}/{birth}/{hex MD5}/{name}` is asked
where no signed address is at hand: single entries, references between artifacts, retries.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt

from accounts.errors import NotFound, RegistryError
from artifacts.digests import base64_of_hex
from artifacts.models import ManifestEntry
from artifacts.signing import sign_download
from registries.permissions import require_open
from registries.roles import Right
from wandb_api.authentication import user_of_request
from wandb_api.context import Context
from wandb_api.resolvers.found import collection_named, version_in


@csrf_exempt
@login_not_required
def artifact_file(
    request: HttpRequest,
    entity: str,
    project: str,
    collection: str,
    artifact: str,
    md5: str,
    name: str,
    region: str = "",
    birth: str = "",
) -> HttpResponse:
    """Judged by the project or registry in the address: through it the script came."""
    user = user_of_request(request)
    if user is None:
        return HttpResponse("This API key is unknown, expired or revoked.", status=401)
    context = Context(request, user)
    try:
        entry = _entry(context, entity, project, collection, artifact, md5)
    except RegistryError as refusal:
        return HttpResponse(refusal.sentence, status=refusal.status, content_type="text/plain")
    if entry.stored_file is None:
        return HttpResponse("This entry is a reference.", status=404, content_type="text/plain")
    return redirect(context.address("stored-file", sign_download(entry.stored_file.sha256), name))


def _entry(
    context: Context, entity: str, project: str, collection: str, artifact: str, md5: str
) -> ManifestEntry:
    """An entry of a version that is in this collection; NotFound for whatever is not."""
    found = collection_named(context, entity, project, collection)
    access = context.access(found.project)
    access.require(Right.DOWNLOAD)
    version = version_in(context, artifact, found)
    require_open(access, found.project, version.artifact)
    entries = ManifestEntry.objects.filter(artifact=version.artifact_id)
    entry = entries.filter(digest=_digest(md5)).select_related("stored_file").first()
    if entry is None:
        raise NotFound
    return entry


def _digest(md5: str) -> str:
    try:
        return base64_of_hex(md5)
    except ValueError as error:
        raise NotFound from error
