"""Static files as the product serves them: copied, named by content, compressed."""

from __future__ import annotations

import json
import re

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

from registry_site.preparation import prepare_static_files

PRODUCT_STORAGE = {"staticfiles": {"BACKEND": "registry_site.static_files.StaticFiles"}}


@pytest.fixture
def product_files(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = settings.STORAGES | PRODUCT_STORAGE
    prepare_static_files()
    return settings.STATIC_ROOT


def named_in_templates() -> set[str]:
    pages = (settings.BASE_DIR / "templates").rglob("*.html")
    tags = (re.findall(r"{%\s*static\s+['\"]([^'\"]+)", page.read_text()) for page in pages)
    return {name for names in tags for name in names}


def test_every_file_a_template_names_is_there(product_files):
    manifest = json.loads((product_files / "staticfiles.json").read_text())["paths"]
    assert named_in_templates() <= set(manifest)


def test_nothing_is_copied_again_while_no_source_has_changed(product_files):
    (product_files / "staticfiles.json").unlink()
    prepare_static_files()
    assert not (product_files / "staticfiles.json").exists()


def test_a_changed_source_is_copied_again(product_files, settings, tmp_path):
    added = tmp_path / "added"
    added.mkdir()
    (added / "new.txt").write_text("new")
    settings.STATICFILES_DIRS = [*settings.STATICFILES_DIRS, added]
    prepare_static_files()
    assert (product_files / "new.txt").exists()


def test_a_file_keeps_its_address_and_is_there_compressed(product_files):
    address = staticfiles_storage.url("css/base.css")
    assert staticfiles_storage.url("css/base.css") == address
    copied = product_files / address.removeprefix("/static/")
    assert copied.with_name(f"{copied.name}.gz").stat().st_size < copied.stat().st_size
