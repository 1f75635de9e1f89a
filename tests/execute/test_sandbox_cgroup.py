"""The group around a server: made where the host delegates, never required, never left behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from cotmill.execute import cgroup
from cotmill.execute.cgroup import MARGIN, Group
from cotmill.execute.sandbox import Sandbox, SandboxError

FILES = ("cgroup.procs", "cgroup.kill", "memory.max", "memory.swap.max", "pids.max")


class Hierarchy:
    """A folder that looks like cgroup v2, and a /proc whose process is in the group `own`."""

    def __init__(self, folder: Path, own: str, root: str = "/") -> None:
        self.top, self.proc = folder / "cgroup fs", folder / "proc"
        (self.proc / "self").mkdir(parents=True)
        (self.proc / str(os.getpid())).mkdir()
        (self.proc / "self" / "cgroup").write_text(f"4:memory:/old\n0::{own}\n")
        mounted = str(self.top).replace(" ", "\\040")
        (self.proc / "self" / "mountinfo").write_text(
            "24 1 0:22 / /proc rw - proc proc rw\n35 24 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
            f"36 24 0:31 {root} {mounted} rw,relatime shared:9 - cgroup2 cgroup2 rw\n"
        )
        self.add(self.top)
        path = self.top
        for part in Path(own).relative_to(root).parts:
            path /= part
            self.add(path)

    def add(self, path: Path, controllers: str = "cpu memory pids", enabled: str = "") -> None:
        path.mkdir(exist_ok=True)
        (path / "cgroup.controllers").write_text(controllers)
        (path / "cgroup.subtree_control").write_text(enabled)

    def made(self) -> list[Path]:
        return sorted(self.top.rglob("cotmill-*"))


@pytest.fixture(autouse=True)
def kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new folder among groups has the kernel's files, and goes away with them."""
    mkdir, rmdir = Path.mkdir, Path.rmdir

    def make(path: Path, *arguments: int, **options: bool) -> None:
        mkdir(path, *arguments, **options)
        if path.name.startswith("cotmill-") and not str(path).startswith("/sys"):
            for name in FILES:
                (path / name).touch()
            (path / "memory.current").write_text("1000\n")

    def remove(path: Path) -> None:
        if str(path).startswith("/sys"):
            rmdir(path)
        elif path.name.startswith("cotmill-"):
            shutil.rmtree(path)

    monkeypatch.setattr(Path, "mkdir", make)
    monkeypatch.setattr(Path, "rmdir", remove)


def test_a_group_is_made_beside_the_own_one(tmp_path: Path) -> None:
    """As in a slice that systemd delegates: the group above has the controllers on; limits are written, the pid enters."""
    host = Hierarchy(tmp_path, "/app.slice/shell.scope")
    host.add(host.top / "app.slice", enabled="memory pids")
    (host.top / "app.slice" / "shell.scope" / "cgroup.subtree_control").unlink()
    group = Group(4321, [], host.proc)
    assert group.problem == ""
    (path,) = host.made()
    assert path.parent == host.top / "app.slice"
    group.limit(5 << 20)
    told = {name: (path / name).read_text() for name in FILES}
    assert told["cgroup.procs"] == "4321"
    assert told["memory.max"] == str(2 * 1000 + (5 << 20) + MARGIN)
    assert (told["memory.swap.max"], told["pids.max"], told["cgroup.kill"]) == ("0", "32", "")
    group.end()
    assert host.made() == []


def test_controllers_are_turned_on_where_that_is_allowed(tmp_path: Path) -> None:
    """At the top of a hierarchy the own group will do."""
    host = Hierarchy(tmp_path, "/box", root="/box")
    group = Group(1, [], host.proc)
    assert (group.problem, host.made()[0].parent) == ("", host.top)
    assert (host.top / "cgroup.subtree_control").read_text() == "+memory +pids"


def test_what_is_not_delegated_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    """No controllers here, no right to enter there: one line, no group."""
    host = Hierarchy(tmp_path, "/a/b")
    host.add(host.top / "a", controllers="cpu")
    (host.top / "a" / "b" / "cgroup.subtree_control").unlink()
    (host.top / "a" / "b" / "cgroup.subtree_control").mkdir()
    group = Group(1, [], host.proc)
    assert "a has no controllers memory and pids" in group.problem and "\n" not in group.problem
    assert host.made() == []


def test_a_group_that_cannot_be_entered_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel refuses to move a process across a border that the user may not cross."""
    host = Hierarchy(tmp_path, "/")
    write = cgroup._write

    def refuse(path: Path, text: str) -> None:
        if path.name == "cgroup.procs":
            raise OSError(f"{path}: Permission denied")
        write(path, text)

    monkeypatch.setattr(cgroup, "_write", refuse)
    group = Group(1, [], host.proc)
    assert "Permission denied" in group.problem
    assert host.made() == []
    group.limit(1)
    group.end()


def test_without_a_hierarchy(tmp_path: Path) -> None:
    """Neither cgroup v1 alone nor a group outside of what is mounted will do."""
    host = Hierarchy(tmp_path, "/box", root="/box")
    (host.proc / "self" / "cgroup").write_text("4:memory:/old\n")
    assert "no cgroup v2" in Group(1, [], host.proc).problem
    (host.proc / "self" / "cgroup").write_text("0::/boxes\n")
    assert "no cgroup v2" in Group(1, [], host.proc).problem


def test_groups_of_killed_clients_are_swept(tmp_path: Path) -> None:
    """The next client removes what a killed one left, and no group of a living one."""
    host = Hierarchy(tmp_path, "/")
    for owner in (999_999_999, os.getpid()):
        (host.top / f"cotmill-{owner}-77").mkdir()
    group = Group(1, [], host.proc)
    assert sorted(path.name.split("-")[1] for path in host.made()) == [str(os.getpid())] * 2
    group.end()


def test_a_server_says_whether_it_has_a_group() -> None:
    """In force or refused with a reason; demanded and refused, nothing runs."""
    with Sandbox(modules=(), without=("cgroup",)) as box:
        assert box.layers()["refused"]["cgroup"] == "left out on request"
    demanding = Sandbox(modules=(), without=("cgroup",), demand=("cgroup",))
    with demanding, pytest.raises(SandboxError, match=r"cgroup \(left out on request"):
        demanding.run("output = 1")


def test_a_real_group_is_entered_killed_and_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    """On this machine's own hierarchy, with whatever controllers it has."""
    monkeypatch.setattr(cgroup, "NEEDED", ())
    process = subprocess.Popen(["sleep", "60"])
    group = Group(process.pid, [])
    try:
        if group.problem:
            pytest.skip(f"no group can be made here: {group.problem}")
        assert group._path is not None
        path = group._path
        assert (path / "cgroup.procs").read_text().split() == [str(process.pid)]
        if not (path / "cgroup.kill").exists():
            process.kill()
        group.end()
        assert process.wait(10) == -signal.SIGKILL
        assert not path.exists()
    finally:
        process.kill()
        process.wait()
        group.end()
