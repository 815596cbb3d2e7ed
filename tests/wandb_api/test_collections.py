"""Collections as the SDK changes them."""

from __future__ import annotations

from registries.models import Collection
from tests.things import COLLECTION
from wandb_api.identifiers import encode

RENAME = """mutation Rename($id: ID!, $name: String) {
  updateArtifactPortfolio(input: {artifactPortfolioID: $id, name: $name}) {
    artifactCollection { name }
  }
}"""


def test_a_member_cannot_rename_production_away_from_the_scripts_that_ask_for_it(
    ask, protected_version, collection, member, admin
):
    portfolio = encode("ArtifactPortfolio", collection.pk)
    assert ask(member, RENAME, id=portfolio, name="Renamed").sentence == (
        "Only admins of Model can rename a collection that holds a protected alias."
    )
    assert Collection.objects.get(pk=collection.pk).name == COLLECTION
    assert ask(admin, RENAME, id=portfolio, name="Renamed").sentences == []
    assert Collection.objects.get(pk=collection.pk).name == "Renamed"
