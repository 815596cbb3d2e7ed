"""The server is killed while a script logs, links and saves; it comes back, and the script goes on.

What the SDK repeats by itself is enough for most of a script. Where the package gives up first,
the script is started once more, as its owner would do it.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.counts import few_and_all
from tests.faults import places
from tests.sdk.mortal import PATIENCE, MortalServer, Product, manage
from tests.sdk.process import PYTHON, environment

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPT = """
import wandb
run = wandb.init(entity="keepers", project="zoo_experiment")
made = wandb.Artifact("zoo_dataset", type="dataset")
for name in ("features", "labels"):
    with made.new_file(name) as file:
        file.write(name * 1000)
logged = run.log_artifact(made, aliases=["nightly"]).wait()
run.link_artifact(logged, "wandb-registry-Model/Zoo", aliases=["canary"])
run.finish()
found = wandb.Api().artifact("wandb-registry-Model/Zoo:canary")
found.aliases.append("best")
found.description = "seen"
found.save()
"""
QUICK = {
    f"WANDB_X_{kind}_RETRY_WAIT_MIN_SECONDS": "0.2"
    for kind in ("GRAPHQL", "FILE_TRANSFER", "FILE_STREAM")
}
# While one script waits before it tries again, others have the machine.
SIDE_BY_SIDE = 8


@pytest.fixture(scope="module")
def furnished(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None
) -> Iterator[tuple[Product, str]]:
    """The product with one person in a team, and her key."""
    data = tmp_path_factory.mktemp("furnished") / "data"
    with places.copy_of(places.tests_own_place()) as place:
        shutil.copytree(place.folder, data)
    person = ["create_user", "ada", "--organization", "zoo", "--org-role", "admin"]
    key = manage(data, *person, "--team", "keepers", "--api-key").split()[-1]
    product = Product(data)
    yield product, key
    product.end()


class Play:
    """One server, one script, and what became of both."""

    def __init__(self, furnished: tuple[Product, str], folder: Path) -> None:
        product, key = furnished
        folder.mkdir()
        self.server = MortalServer(product, folder)
        self._folder = folder
        self._env = environment(folder, self.server.url, "http://127.0.0.1:9") | QUICK
        self._env["WANDB_API_KEY"] = key

    def run(self, fatal: int) -> int:
        """How often the script had to be started until it came to its end."""
        self.server.start(fatal)
        try:
            for attempt in (1, 2):
                if self._comes_to_its_end():
                    return attempt
        finally:
            self.server.end()
        raise AssertionError((self._folder / "script.log").read_text()[-3000:])

    def _comes_to_its_end(self) -> bool:
        with (self._folder / "script.log").open("ab") as log:
            script = subprocess.Popen(
                [PYTHON, "-c", SCRIPT], cwd=self._folder, env=self._env, stdout=log, stderr=log
            )
        give_up_at = time.monotonic() + 2 * PATIENCE
        while script.poll() is None:
            if self.server.is_dead():
                self.server.require_whole_or_absent()
                self.server.start()
            if time.monotonic() > give_up_at:
                script.kill()
            time.sleep(0.02)
        return script.returncode == 0


def require_done(server: MortalServer) -> None:
    server.require_whole_or_absent()
    assert server.aliases_in("Zoo") == {"latest": 0, "canary": 0, "best": 0}
    assert server.aliases_in("zoo_dataset") == {"latest": 0, "nightly": 0}
    committed = "SELECT description FROM artifacts_artifact WHERE state = 'COMMITTED' AND {}"
    assert server.rows(committed.format("type = 'dataset'")) == [("seen",)]


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("share", few_and_all(2, 10_000))
def test_a_script_comes_to_its_end_whenever_the_server_is_killed(furnished, tmp_path, share):
    """At `share` points spread over all there are, or at each of them."""
    undisturbed = Play(furnished, tmp_path / "undisturbed")
    assert undisturbed.run(0) == 1
    require_done(undisturbed.server)
    count = undisturbed.server.points_passed
    step = max(1, count // share)

    def unlike_undisturbed(fatal: int) -> str:
        folder = tmp_path / f"killed-at-{fatal}"
        play = Play(furnished, folder)
        try:
            play.run(fatal)
            require_done(play.server)
        except AssertionError as error:
            return f"killed at {fatal}: {error}"
        shutil.rmtree(folder)
        return ""

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        told = list(pool.map(unlike_undisturbed, range(1 + step // 2, count + 1, step)))
    assert not any(told), "\n".join(filter(None, told))
