"""Public functions of `operations/` that are no doors, each with the reason why nobody is judged
there. What is neither here nor in the table of operations fails the tests."""

from __future__ import annotations

from accounts.operations import (
    api_keys,
    entities,
    invitations,
    new_users,
    sessions,
    sign_in_links,
    teams,
)
from accounts.operations import locks as accounts_locks
from artifacts.operations import artifacts, drafts, multipart, runs
from automations.operations import (
    automations,
    claims,
    integrations,
    notes,
    outbox,
    results,
    trials,
)
from registries.operations import (
    aliases,
    collections,
    edits,
    grants,
    history,
    locks,
    members,
    new_collections,
    registries,
    versions,
)
from registries.operations import drafts as logging

READS = "reads only"
LOCKS_ONLY = "locks, changes nothing"
JUDGED_BEFORE = "the operation that calls it has judged"
JUDGED_BY_ADDRESS = "whoever has the signed address was judged when it was made"
BY_THE_WORKER = "the worker that delivers acts for nobody"
IS_THE_WAY_IN = "answers who somebody is, before anybody can be judged"

NOT_DOORS = {
    api_keys.user_of_api_key: IS_THE_WAY_IN,
    api_keys.digest_of: READS,
    sign_in_links.use_sign_in_link: IS_THE_WAY_IN,
    entities.claim_entity: JUDGED_BEFORE,
    invitations.open_invitation: READS,
    invitations.accept_invitation: "whoever has the link was let in when it was made",
    invitations.join_as_somebody_new: "whoever has the link was let in when it was made",
    accounts_locks.hold_organization: LOCKS_ONLY,
    accounts_locks.hold_every_organization: LOCKS_ONLY,
    accounts_locks.hold_user: LOCKS_ONLY,
    new_users.make_user: JUDGED_BEFORE,
    new_users.save_user: JUDGED_BEFORE,
    new_users.valid_full_name: READS,
    new_users.free_email: READS,
    new_users.put_password: "sets a value in memory; its callers judge and save",
    sessions.end_sessions: JUDGED_BEFORE,
    teams.join_team: JUDGED_BEFORE,
    teams.require_team_role: READS,
    artifacts.store_files: "bytes nobody refers to; log_version judges first",
    artifacts.keep_bytes: "bytes nobody refers to; their callers judge first",
    artifacts.digest_of: READS,
    automations.end_automations: "their home ends, which was judged",
    automations.hold_automation: "locks and judges, changes nothing",
    integrations.hold_integration: "locks and judges, changes nothing",
    notes.note_dead: BY_THE_WORKER,
    notes.note_switched_off: BY_THE_WORKER,
    notes.drop_notes: JUDGED_BEFORE,
    claims.anything_is_due: READS,
    claims.claim: BY_THE_WORKER,
    outbox.put_event: JUDGED_BEFORE,
    outbox.put_run_state: JUDGED_BEFORE,
    results.record_results: BY_THE_WORKER,
    results.attempt_of: READS,
    trials.story_to_show: READS,
    drafts.receive_file: JUDGED_BY_ADDRESS,
    drafts.receive_manifest: JUDGED_BY_ADDRESS,
    multipart.receive_part: JUDGED_BY_ADDRESS,
    drafts.lock_pending: JUDGED_BEFORE,
    drafts.require_pending: "judges, and changes nothing",
    runs.receive_run_file: JUDGED_BY_ADDRESS,
    aliases.put_aliases: "judges each name by the access it is handed",
    aliases.put_latest: "`latest` comes with a number, which was judged",
    aliases.take_off: JUDGED_BEFORE,
    collections.end_collection: JUDGED_BEFORE,
    edits.protecting_registries: READS,
    edits.record_tags: JUDGED_BEFORE,
    grants.role_of: READS,
    grants.put_grant: JUDGED_BEFORE,
    grants.drop_grant: JUDGED_BEFORE,
    history.record: JUDGED_BEFORE,
    history.last_counter: READS,
    locks.hold_home: "locks and loads the judge, changes nothing",
    locks.hold_registry: "locks and loads the judge, changes nothing",
    locks.hold_collection: "locks and loads the judge, changes nothing",
    locks.hold_version: "locks and loads the judge, changes nothing",
    locks.lock_collection: LOCKS_ONLY,
    locks.lock_collections_of: LOCKS_ONLY,
    locks.share_source: LOCKS_ONLY,
    locks.lock_artifact: LOCKS_ONLY,
    locks.share_registries: LOCKS_ONLY,
    logging.newest_of: READS,
    logging.run_named: READS,
    members.find_grantee: READS,
    members.require_an_admin: READS,
    members.refuse_lost: READS,
    members.without_admin: READS,
    new_collections.collection_for_link: JUDGED_BEFORE,
    new_collections.sequence_for_log: JUDGED_BEFORE,
    new_collections.make_collection: JUDGED_BEFORE,
    new_collections.judge_type: READS,
    registries.accepted_types_of: READS,
    versions.place: JUDGED_BEFORE,
    versions.let_go: JUDGED_BEFORE,
    versions.give_number: JUDGED_BEFORE,
    versions.aliases_on: READS,
    versions.source_label: READS,
}
