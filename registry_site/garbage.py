"""How often Python looks for garbage: things that refer to each other and nothing else to them.

What has been loaded when a process begins to answer stays as long as the process, and nearly all
that a page makes is gone with it. To look after every seven hundred things, as Python does unless
told otherwise, took 1 to 9 % of seven pages.
"""

import gc

MADE_BEFORE_A_LOOK = 5_000


def look_seldom() -> None:
    """Called once, when everything is loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(MADE_BEFORE_A_LOOK, *gc.get_threshold()[1:])
