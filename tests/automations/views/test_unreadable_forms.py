"""A form that cannot be read changes nothing, whatever it is about."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.access.automated import rows
from tests.access.automation_address_table import AUTOMATION_ROWS
from tests.refusals import nothing_changes
from tests.registries.views.pages import Browser
from tests.registries.views.test_forms import WRONG_BODIES

# The form is the button, or it answers a question and changes nothing.
NEED_NO_FIELD = {
    "delete-automation",
    "delete-integration",
    "delete-secret",
    "dismiss-note",
    "finish-rotation",
    "send-again",
    "switch-automation",
    "switch-integration",
    "test-automation",
    "test-integration",
    "check-signature",
    "preview-message",
}
FORMS = {
    row.name: row.at
    for row in AUTOMATION_ROWS
    if row.method == "POST" and row.name not in NEED_NO_FIELD
}


@pytest.fixture
def ids(org_admin, organization, second_version):
    made = rows({"org_admin": org_admin}, organization, second_version)
    found = {name: row.pk for name, row in made.items()}
    return found | {"home": second_version.collection.project_id}


@pytest.mark.parametrize("kind", WRONG_BODIES)
def test_it_changes_nothing(kind, org_admin, ids, project, subtests):
    browser, (content_type, body) = Browser(org_admin), WRONG_BODIES[kind]
    browser.get("home", organization="smle-reg")
    for name, at in FORMS.items():
        kwargs = {key: ids.get(str(value).strip("{}"), value) for key, value in at.items()}
        with subtests.test(name), nothing_changes():
            address = reverse(name, kwargs=kwargs)
            answer = browser.client.generic("POST", address, body, content_type)
            assert 300 <= answer.status_code < 500
