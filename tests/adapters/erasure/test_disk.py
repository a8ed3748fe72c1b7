"""Files are worked on at the same time only as far as the disk has room for them."""

from __future__ import annotations

import threading

import pytest

from adapters.erasure.disk import Disk
from tessera.errors import InvalidInput


def test_who_finds_no_room_waits_until_there_is_some():
    disk, events = Disk(10), []
    took, may_end = threading.Event(), threading.Event()

    def first():
        with disk.room_for(7, what="a"):
            events.append("first in")
            took.set()
            may_end.wait(5)
            events.append("first out")

    def second():
        took.wait(5)
        with disk.room_for(3, what="small"):
            events.append("small beside it")
        may_end.set()
        with disk.room_for(4, what="b"):
            events.append("second in")

    threads = [threading.Thread(target=work) for work in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert events == ["first in", "small beside it", "first out", "second in"]


def test_a_file_that_never_fits_says_what_to_raise():
    with (
        pytest.raises(InvalidInput, match=r"uploads/x.csv needs 6.0 GB .+ 5.0: raise 'jobs"),
        Disk(5 * 10**9).room_for(6 * 10**9, what="uploads/x.csv"),
    ):
        pass


def test_an_error_gives_the_room_back():
    disk = Disk(10)
    with pytest.raises(ZeroDivisionError), disk.room_for(10, what="a"):
        raise ZeroDivisionError
    with disk.room_for(10, what="a"):
        pass
