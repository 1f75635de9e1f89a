"""Layers are tried, told, believed when canaries fail to get through, and demanded."""

from __future__ import annotations

import struct

import pytest

from cotmill.execute import seccomp
from cotmill.execute.forkserver import ForkServer
from cotmill.execute.isolation import TIERS
from cotmill.execute.sandbox import Sandbox, SandboxError
from cotmill.execute.seccomp import ALLOW, ENOSYS, ENOTTY, EPERM, KILL, errno


@pytest.mark.parametrize(
    ("without", "tier"),
    [
        ((), "full"),
        (("landlock",), "namespaces"),
        (("namespaces",), "landlock"),
        (("root",), "landlock"),
        (("namespaces", "landlock"), "seccomp"),
        (("seccomp",), "none"),
    ],
)
def test_tier_follows_from_what_the_host_allows(without: tuple[str, ...], tier: str) -> None:
    """Whatever is refused is named, the tier is told, and no canary gets through where there is a tier."""
    with Sandbox(accept=TIERS, without=without, modules=()) as box:
        report = box.layers()
        assert report["tier"] == tier
        assert set(without) <= set(report["refused"])
        assert all(report["self_test"].values())
        assert bool(report["self_test"]) == (tier != "none")
        assert box.run("output = 3").output == 3


@pytest.mark.parametrize("without", [("namespaces", "landlock"), ("seccomp",)])
def test_a_host_that_cannot_hold_programs_is_refused(without: tuple[str, ...]) -> None:
    """By default nothing runs where files, network and processes are not all protected; the message says why."""
    with Sandbox(without=without, modules=()) as box, pytest.raises(SandboxError, match="left out on request"):
        box.run("output = 3")


def test_a_layer_can_be_demanded() -> None:
    """A recipe may accept fewer tiers than the default."""
    with Sandbox(accept=("full",), without=("landlock",), modules=()) as box, pytest.raises(SandboxError, match="tier"):
        box.run("output = 3")


def test_single_layers_can_be_demanded() -> None:
    """Beside the tier: a layer that is refused stops the run, one that is in force does not."""
    with Sandbox(demand=("seccomp", "landlock"), modules=()) as box:
        assert box.run("output = 3").output == 3
    demanding = Sandbox(demand=("landlock",), without=("landlock",), modules=())
    with demanding, pytest.raises(SandboxError, match=r"landlock \(left out on request\)"):
        demanding.run("output = 3")


def test_a_name_that_is_none_is_a_mistake() -> None:
    """A demand for what does not exist would otherwise never be met, or always."""
    with pytest.raises(ValueError, match="landlok"):
        Sandbox(demand=("landlok",))


def test_a_new_server_must_reach_the_same_tier() -> None:
    """A host that refuses later what it allowed before is not gone on with unseen."""
    with Sandbox(modules=()) as box:
        box.run("output = 3")
        box.close()
        box._without = ("landlock",)
        with pytest.raises(SandboxError, match="'namespaces' where the one before had 'full'"):
            box.run("output = 3")


def test_a_refused_machine_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No other server is started on a machine that cannot hold programs."""
    started = []
    monkeypatch.setattr(
        "cotmill.execute.sandbox.ForkServer", lambda *given: started.append(given) or ForkServer(*given)
    )
    with Sandbox(without=("seccomp",), modules=()) as box, pytest.raises(SandboxError, match="tier 'none'"):
        box.run("output = 3")
    assert len(started) == 1


def test_a_canary_that_gets_through_stops_the_run() -> None:
    """A layer that is said to be in force is not believed where a child could do what it forbids."""
    with Sandbox(modules=()) as box:
        ready = {**box.layers(), "self_test": {"fork": False, "ptrace": True}}
        with pytest.raises(SandboxError, match="did not keep a program from: fork"):
            box._judge(ready)


def test_without_landlock_and_namespaces_no_file_is_opened() -> None:
    """In tier seccomp modules that were imported before the lock work, and no file can be opened."""
    with Sandbox(accept=TIERS, without=("namespaces", "landlock")) as box:
        assert box.run("import math\noutput = math.comb(5, 2)").output == 10
        assert box.run("output = open('/etc/passwd').read()").status == "error"


def verdict(program: bytes, number: int, arguments: tuple[int, ...] = (), architecture: int = 0xC000003E) -> int:
    """What a BPF filter returns for a system call: a plain interpreter of the few instructions that it uses."""
    data = struct.pack("=IIQ6Q", number, architecture, 0, *(*arguments, 0, 0, 0, 0, 0, 0)[:6])
    code = list(struct.iter_unpack("=HBBI", program))
    at, accumulator = 0, 0
    while True:
        operation, if_true, if_false, operand = code[at]
        at += 1
        if operation == seccomp.LOAD:
            (accumulator,) = struct.unpack_from("=I", data, operand)
        elif operation == seccomp.RETURN:
            return int(operand)
        elif operation == seccomp.JUMP:
            at += operand
        else:
            test = {
                seccomp.JUMP_EQUAL: accumulator == operand,
                seccomp.JUMP_FROM: accumulator >= operand,
                seccomp.JUMP_ANY: bool(accumulator & operand),
            }[operation]
            at += if_true if test else if_false


@pytest.mark.parametrize(("machine", "column", "architecture"), [("x86_64", 0, 0xC000003E), ("aarch64", 1, 0xC00000B7)])
def test_filters_say_what_the_tables_say(machine: str, column: int, architecture: int) -> None:
    """Every system call number gets the action of its table; unknown ones EPERM; other ABIs end the process."""
    server = seccomp.server_actions(opens=True)
    program = seccomp.assemble(server, EPERM, machine)
    by_number = {numbers[column]: server[name] for name, numbers in seccomp.NUMBERS.items()}
    for number in range(600):
        expected = by_number.get(number, EPERM)
        if isinstance(expected, int):
            assert verdict(program, number, architecture=architecture) == expected, number
    assert verdict(program, 0, architecture=0x40000003) == KILL
    assert verdict(program, 0x40000000, architecture=architecture) == KILL


def test_filters_look_at_arguments() -> None:
    """Fork but no thread or namespace; reading but not writing; own limits in the server, none in the child."""
    server = seccomp.assemble(seccomp.server_actions(opens=True), EPERM, "x86_64")
    child = seccomp.assemble(seccomp.child_actions(), ALLOW, "x86_64")
    number = {name: numbers[0] for name, numbers in seccomp.NUMBERS.items()}
    assert verdict(server, number["clone"], (0x1200011,)) == ALLOW
    assert verdict(server, number["clone"], (0x3D0F00,)) == EPERM
    assert verdict(server, number["clone"], (0x10000011,)) == EPERM
    assert verdict(child, number["clone"], (0x1200011,)) == EPERM
    assert verdict(server, number["clone3"]) == ENOSYS
    for flags, action in ((0, ALLOW), (0o2000000, ALLOW), (1, EPERM), (2, EPERM), (0o100, EPERM), (0o20200000, EPERM)):
        assert verdict(server, number["openat"], (0, 0, flags)) == action
    closed = seccomp.assemble(seccomp.server_actions(opens=False), EPERM, "x86_64")
    assert verdict(closed, number["openat"], (0, 0, 0)) == verdict(closed, number["readlink"]) == errno(2)
    assert verdict(server, number["ioctl"], (0, 0x5401)) == ENOTTY
    assert verdict(server, number["socketpair"], (2,)) == EPERM
    for command, action in ((0, ALLOW), (4, ALLOW), (1030, ALLOW), (8, EPERM), (10, EPERM), (15, EPERM), (1031, EPERM)):
        assert verdict(server, number["fcntl"], (0, command)) == action
    assert verdict(server, number["prlimit64"], (7, 9, 0)) == EPERM
    assert verdict(server, number["prlimit64"], (0, 9, 1 << 32)) == ALLOW
    assert verdict(child, number["prlimit64"], (0, 9, 1 << 32)) == EPERM
    assert verdict(child, number["prlimit64"], (0, 9, 0, 1)) == ALLOW
