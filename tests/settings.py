"""Settings of the tests: the product's own, in a folder of their own, faster where it is safe."""

import atexit
import os
import shutil
import tempfile

from tests.machine.memory import memory
from tests.machine.postgresql import TABLES

os.environ["WAYMARK_DATA"] = tempfile.mkdtemp(prefix="waymark-tests-", dir=memory())
atexit.register(shutil.rmtree, os.environ["WAYMARK_DATA"], ignore_errors=True)
os.environ["WAYMARK_SECRET_KEY"] = "of the tests alone, used nowhere else"
NOT_OF_TESTS = ("HOST", "PORT", "WAYMARK_BASE_URL", "WAYMARK_ALLOWED_HOSTS")
for option in (*NOT_OF_TESTS, "WAYMARK_CORE_REGISTRIES"):
    os.environ.pop(option, None)

from registry_site.settings import *  # noqa: E402, F403
from registry_site.settings import DATABASES, STORAGES, WAYMARK_DATA  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A file as in the product, not memory: several connections see it and wait for each other.
# What is written here need not survive the machine.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": WAYMARK_DATA / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"] = DATABASES["default"]["OPTIONS"] | {
        "init_command": ("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;")
    }
else:
    DATABASES["default"]["TEST"] = {"TEMPLATE": TABLES}

# Served from where they are written, so that no test waits for copies.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
(WAYMARK_DATA / "static").mkdir()
