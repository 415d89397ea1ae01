# SPDX-License-Identifier: GPL-2.0-only
"""What the test programs have in common: the cache, child processes, KTAP."""

import ctypes
import os
import pathlib
import re
import signal
import subprocess

TESTING = pathlib.Path(__file__).resolve().parent
CHECKOUT = TESTING.parents[2]
ENGINE = TESTING / "engine" / "quickdata-engine"
KERNELS = ("6.1", "6.12")                       # stock ones
DEBUG_KERNELS = ("6.12-debug", "6.12-kcsan")    # see vm/kernel/
# Stock ones that are in a chroot: see vm/setup
MATRIX = ("bookworm-6.1", "bookworm-6.12", "trixie-6.12", "trixie-6.12-rt", "trixie-7.2")


def cache():
    """The folder that vm/setup fills."""
    base = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    return pathlib.Path(os.environ.get("NETDMA_CACHE") or base / "netdma")


def die_with_parent():
    # What runs in the background of a script ignores SIGINT, but a session of
    # its own has no background.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)     # PR_SET_PDEATHSIG


def spawn(command, **options):
    """Start a program that cannot outlive this one, whatever ends this one."""
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True,
                            preexec_fn=die_with_parent, **options)


def end(process, patience=5):
    """End a program in a way that lets it clean up."""
    try:
        process.terminate()
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Ktap:
    """Follows test results, line by line."""

    def __init__(self):
        self.planned = None
        self.passed = self.skipped = 0
        self.failed = []

    def line(self, line):
        if match := re.match(r"1\.\.(\d+)", line):
            self.planned = (self.planned or 0) + int(match[1])
        elif re.match(r"ok \d", line):
            self.passed += 1
            self.skipped += "# SKIP" in line
        elif match := re.match(r"not ok \d+(?: -)?\s*(.*)", line):
            self.failed.append(match[1])

    def blame(self):
        """What is wrong with the run as a whole."""
        seen = self.passed + len(self.failed)
        if self.planned is None:
            return ["there is no plan"]
        if seen != self.planned:
            return [f"{seen} results of {self.planned}"]
        return []
