"""Linear algebra in one thread: as long as asked for, in every library that is loaded."""

import sys
import types

import numpy as np
import pytest
import threadpoolctl

from tessera.customers.one_thread import _libraries, one_thread


def threads() -> set[int]:
    return {library["num_threads"] for library in threadpoolctl.threadpool_info()}


def test_every_library_has_one_thread_meanwhile():
    assert np.linalg.det(np.eye(2)) == 1  # numpy has its library
    with threadpoolctl.threadpool_limits(limits=2):
        for _ in range(2):
            with one_thread():
                assert threads() == {1}
            assert threads() == {2}


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """One entry for each search among what the process has loaded."""
    made: list[None] = []
    original = threadpoolctl.ThreadpoolController

    def controller() -> object:
        made.append(None)
        return original()

    monkeypatch.setattr(threadpoolctl, "ThreadpoolController", controller)
    _libraries.cache_clear()
    return made


def test_libraries_are_looked_for_again_when_a_module_was_imported(searches, monkeypatch):
    monkeypatch.setitem(sys.modules, "a_module", types.ModuleType("a_module"))
    for _ in range(3):
        with one_thread():
            pass
    assert len(searches) == 1
    monkeypatch.setitem(sys.modules, "another_module", types.ModuleType("another_module"))
    with one_thread():
        pass
    assert len(searches) == 2
