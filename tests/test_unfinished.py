"""What a command leaves when it ends at once: neither folders nor programs that it had started."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import pytest

from simengine import unfinished
from simengine.unfinished import finish, remove_unfinished, temporary_folder


def test_a_temporary_folder_goes_with_its_block_or_with_the_command() -> None:
    with temporary_folder("simengine-test-") as folder:
        (folder / "inside").mkdir()
    assert not folder.exists()
    with temporary_folder("simengine-test-") as folder:
        remove_unfinished()
        assert not folder.exists()


def test_a_program_is_stopped_when_the_command_ends() -> None:
    ended: list[BaseException] = []

    def work() -> None:
        try:
            finish([sys.executable, "-c", "import time; time.sleep(600)"], os.environ)
        except subprocess.CalledProcessError as error:
            ended.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    while not unfinished._processes:
        time.sleep(0.01)
    remove_unfinished()
    thread.join(60)
    assert ended
    assert not unfinished._processes


def test_why_a_program_failed_is_told() -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        finish([sys.executable, "-c", "import sys; sys.exit('no such market')"], os.environ)
    assert "no such market" in failed.value.stderr
    assert "no such market" in "".join(failed.value.__notes__)
