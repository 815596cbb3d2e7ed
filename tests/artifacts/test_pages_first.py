"""Between two pieces a transfer waits while a page is answered, and never for long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from artifacts.pages_first import PagesFirst

NEVER = 3600.0
SECONDS_TO_GO_ON = 30


def test_a_transfer_waits_for_the_last_of_the_pages_under_way():
    pages = PagesFirst(longest_wait=NEVER, seconds_of_a_page=NEVER)
    with ThreadPoolExecutor(1) as threads:
        with pages.page():
            with pages.page():
                waiting = threads.submit(pages.make_way)
            assert not waiting.done()
        waiting.result(SECONDS_TO_GO_ON)


def test_without_a_page_nothing_waits():
    pages = PagesFirst(longest_wait=NEVER, seconds_of_a_page=NEVER)
    with pages.page():
        pass
    pages.make_way()


def test_a_page_that_fails_holds_up_nothing():
    pages = PagesFirst(longest_wait=NEVER, seconds_of_a_page=NEVER)
    with pytest.raises(ZeroDivisionError), pages.page():
        raise ZeroDivisionError
    pages.make_way()


def test_a_page_that_takes_long_is_waited_for_no_more():
    pages = PagesFirst(longest_wait=NEVER, seconds_of_a_page=0)
    with pages.page():
        pages.make_way()


def test_each_piece_waits_no_longer_than_that():
    pages = PagesFirst(longest_wait=0.001, seconds_of_a_page=NEVER)
    with pages.page():
        pages.make_way()
