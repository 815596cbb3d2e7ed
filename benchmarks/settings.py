"""The product's own settings, with the data of a benchmark in a folder that outlives it.

`WAYMARK_DATA` and `DATABASE_URL` come from `benchmarks.databases`.
"""

import os

os.environ.setdefault("WAYMARK_SECRET_KEY", "of the benchmarks, used nowhere else")

from registry_site.settings import *  # noqa: F403
