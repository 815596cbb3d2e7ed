"""Files nobody refers to go once they have lain for a while; all others stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.callers import OPERATOR
from accounts.errors import Invalid
from artifacts.models import StoredFile
from artifacts.operations.cleaning import remove_unreferenced_files
from artifacts.storage import open_file, place_of
from registries.operations.sources import delete_source
from tests.personas import caller_of
from tests.things import log


def test_only_what_nobody_refers_to_goes_and_only_after_a_while(project, member):
    gone, kept = log(member, project, "gone"), log(member, project, "kept")
    path = place_of(gone.artifact.entries.get().stored_file.sha256)
    delete_source(caller_of(member), gone, delete_aliases=True)
    assert remove_unreferenced_files(OPERATOR).files == 0
    StoredFile.objects.update(arrived_at=timezone.now() - timedelta(days=2))
    assert remove_unreferenced_files(OPERATOR, dry_run=True).files == 1
    assert path.exists()
    assert remove_unreferenced_files(OPERATOR).files == 1
    assert not path.exists()
    with open_file(kept.artifact.entries.get().stored_file) as bytes_of_kept:
        assert bytes_of_kept.read() == b"kept"


def test_what_may_still_be_on_its_way_is_left_alone(db):
    with pytest.raises(Invalid):
        remove_unreferenced_files(OPERATOR, older_than=timedelta(minutes=5))
