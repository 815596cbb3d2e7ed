"""How often Python looks for garbage: things that refer to each other and nothing else to them.

What has been loaded when a process begins to answer stays as long as the process. A page makes some
fifty thousand things that are gone with it; to look at them after every seven hundred, as Python
does unless told otherwise, is a twentieth of the time a page takes.
"""

import gc

MADE_BEFORE_A_LOOK = 5_000


def look_seldom() -> None:
    """Called once, when everything is loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(MADE_BEFORE_A_LOOK, *gc.get_threshold()[1:])
