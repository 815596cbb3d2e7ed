"""The alias machine against a small model of it, by sequences of requests nobody thought of."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.errors import RegistryError
from registries.models import Alias, Event, ProtectedAlias, Version
from registries.operations.aliases import add_aliases, remove_aliases
from registries.operations.protected_aliases import protect_aliases, unprotect_alias
from registries.operations.versions import link_version, unlink_version
from tests.personas import caller_of
from tests.registries.alias_model import ADMIN, DONE, MEMBER, OUTSIDER, VIEWER, Collection, Refused
from tests.things import COLLECTION, log

PEOPLE = st.sampled_from([ADMIN, ADMIN, MEMBER, MEMBER, MEMBER, VIEWER, OUTSIDER])
NAME = st.sampled_from(["best", "production", "Production", "staging", "latest", "v0", "v1", "v2"])
NAMES = st.lists(NAME, max_size=3, unique=True)
PICK = st.integers(0, 7)
ARTIFACTS = 4


class AliasMachine(RuleBasedStateMachine):
    def __init__(self, registry, artifacts, people) -> None:
        super().__init__()
        self.registry, self.artifacts, self.people = registry, artifacts, people
        self.model = Collection()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.since = Event.objects.latest("pk").pk

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @initialize()
    def first_link(self) -> None:
        self.try_both(MEMBER, "link", lambda by: self._link(by, 0, []), 0, [])

    @rule(who=PEOPLE, artifact=st.integers(0, ARTIFACTS - 1), names=NAMES)
    def link(self, who, artifact, names) -> None:
        self.try_both(who, "link", lambda by: self._link(by, artifact, names), artifact, names)

    @precondition(lambda self: self.model.artifacts)
    @rule(who=PEOPLE, pick=PICK)
    def unlink(self, who, pick) -> None:
        number = self.number(pick)
        self.try_both(who, "unlink", lambda by: unlink_version(by, self.version(number)), number)

    @precondition(lambda self: self.model.artifacts)
    @rule(who=PEOPLE, pick=PICK, names=NAMES)
    def add(self, who, pick, names) -> None:
        number = self.number(pick)
        self.try_both(
            who, "add", lambda by: add_aliases(by, self.version(number), names), number, names
        )

    @precondition(lambda self: self.model.artifacts)
    @rule(who=PEOPLE, pick=PICK, names=NAMES)
    def remove(self, who, pick, names) -> None:
        number = self.number(pick)
        self.try_both(
            who, "remove", lambda by: remove_aliases(by, self.version(number), names), number, names
        )

    @rule(who=PEOPLE, name=NAME)
    def protect(self, who, name) -> None:
        self.try_both(who, "protect", lambda by: protect_aliases(by, self.registry, [name]), name)

    @rule(who=PEOPLE, name=NAME.filter(lambda name: name != "latest"))
    def unprotect(self, who, name) -> None:
        self.try_both(who, "unprotect", lambda by: unprotect_alias(by, self.registry, name), name)

    @invariant()
    def the_rows_are_those_of_the_model(self) -> None:
        versions = Version.objects.filter(collection__name=COLLECTION)
        held = {artifact.pk: index for index, artifact in enumerate(self.artifacts)}
        assert {
            number: held[artifact]
            for number, artifact in versions.values_list("number", "artifact")
        } == self.model.artifacts
        rows = Alias.objects.filter(collection__name=COLLECTION)
        assert {name: (number, counter) for name, number, counter in self._told(rows)} == {
            name: (number, self.model.counters[name]) for name, number in self.model.aliases.items()
        }
        protected = ProtectedAlias.objects.values_list("name", flat=True)
        assert set(protected) == self.model.protected

    @invariant()
    def the_history_replays_to_the_rows(self) -> None:
        numbers, aliases, protected, given = set(), {}, set(), []
        for event in Event.objects.filter(pk__gt=self.since).order_by("pk"):
            if event.kind == "version.linked":
                numbers.add(event.number)
                given.append(event.number)
            elif event.kind == "version.unlinked":
                numbers.remove(event.number)
            elif event.kind in {"alias.added", "alias.moved"}:
                assert aliases.get(event.alias) == event.from_number
                assert event.was_protected == (event.alias in protected)
                aliases[event.alias] = event.number
            elif event.kind == "alias.removed":
                assert aliases.pop(event.alias) == event.from_number
            elif event.kind == "alias.protected":
                protected.add(event.alias)
            elif event.kind == "alias.unprotected":
                protected.remove(event.alias)
        assert numbers == set(self.model.artifacts)
        assert aliases == self.model.aliases
        assert protected == self.model.protected
        assert given == list(range(self.model.next_number))

    @invariant()
    def counters_have_no_gap_and_no_twin(self) -> None:
        told: dict[str, list[int]] = {}
        changes = Event.objects.filter(pk__gt=self.since, alias_counter__isnull=False)
        for name, counter in changes.order_by("pk").values_list("alias", "alias_counter"):
            told.setdefault(name, []).append(counter)
        assert told == {
            name: list(range(1, last + 1)) for name, last in self.model.counters.items()
        }

    def try_both(self, who, request, do, *arguments) -> None:
        """The same request to the product and to the model: one outcome, or one refusal."""
        imagined = self.model.copy()
        try:
            getattr(imagined, request)(who, *arguments)
            expected = DONE
            self.model = imagined
        except Refused as refusal:
            expected = refusal.status
        try:
            do(caller_of(self.people[who]))
            found = DONE
        except RegistryError as refusal:
            found = refusal.status
        assert found == expected, (who, request, arguments)

    def number(self, pick: int) -> int:
        numbers = sorted(self.model.artifacts)
        return numbers[pick % len(numbers)]

    def version(self, number: int) -> Version:
        return Version.objects.get(collection__name=COLLECTION, number=number)

    def _link(self, by, artifact, names) -> None:
        link_version(by, self.artifacts[artifact], self.registry.project, COLLECTION, names)

    def _told(self, rows):
        return rows.values_list("name", "version__number", "counter")


@pytest.fixture
def people(admin, member, viewer, outsider):
    return {ADMIN: admin, MEMBER: member, VIEWER: viewer, OUTSIDER: outsider}


def test_the_alias_machine_does_what_the_model_does(registry, project, member, people):
    artifacts = [log(member, project, f"content {n}").artifact for n in range(ARTIFACTS)]
    run_state_machine_as_test(
        lambda: AliasMachine(registry, artifacts, people),
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
