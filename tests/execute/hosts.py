"""Hosts that refuse what real ones refuse, made of a seccomp filter and of capabilities that are taken away.

Run alone, it becomes that host, for as long as its process lives, and tells as JSON what the sandbox does there:

    python tests/execute/hosts.py [--user] [--accept seccomp] [--attacks NAME,NAME] HOST
    python tests/execute/hosts.py [--user] HOST -- COMMAND ARGUMENT...

With --user it first gives up root for a user of its own; a command is run there in its place. Nothing but the standard library is needed, so that any
interpreter will do which that user can read.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from cotmill.execute import seccomp
from cotmill.execute.sandbox import SAFE_TIERS, Sandbox, SandboxError
from cotmill.execute.seccomp import ALLOW, ENOSYS, EPERM, Check, Filter, assemble, errno
from execute.corpus import entries, judge

USER = 1234
EINVAL, ENOSPC, EACCES, EOPNOTSUPP = errno(22), errno(28), errno(13), errno(95)
DOCKER_CAPABILITIES = {0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31}
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, PER_LINUX32 = 24, 38, 22, 8
Actions = dict[str, int | Check]

# Calls that Cotmill's own filters never name
seccomp.NUMBERS.update(
    landlock_create_ruleset=(444, 444), landlock_add_rule=(445, 445), landlock_restrict_self=(446, 446),
    seccomp=(317, 277),
)  # fmt: skip

DOCKER: Actions = dict.fromkeys(
    ("unshare", "setns", "mount", "umount2", "pivot_root", "open_tree", "move_mount", "fsopen", "mount_setattr", "keyctl",
     "add_key", "request_key", "bpf", "userfaultfd", "io_uring_setup", "perf_event_open", "kcmp"),
    EPERM,
) | {"clone": Check(0, "any", (0x7E020000,), EPERM, ALLOW), "clone3": ENOSYS}  # fmt: skip
NO_LANDLOCK = ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self")

HOSTS: dict[str, Actions] = {
    "plain": {},
    "docker": DOCKER,
    "kubernetes-restricted": DOCKER,  # and no capability at all
    "ubuntu-mount": {"mount": EACCES},  # AppArmor lets processes into user namespaces and there refuses to mount,
    "ubuntu-maps": {"openat": Check(2, "any", (0o1000,), EACCES, ALLOW)},  # or to write the maps of users
    "no-user-namespaces": {"unshare": ENOSPC},  # user.max_user_namespaces = 0
    "kernel-5.12": dict.fromkeys(NO_LANDLOCK, ENOSYS),
    "landlock-off": dict.fromkeys(NO_LANDLOCK, EOPNOTSUPP),
    "docker-kernel-5.12": DOCKER | dict.fromkeys(NO_LANDLOCK, ENOSYS),
    "no-seccomp": dict.fromkeys((*NO_LANDLOCK, "seccomp"), ENOSYS)
    | {"prctl": Check(0, "in", (PR_SET_SECCOMP,), EINVAL, ALLOW)},
    "kernel-5.2": {"pidfd_open": ENOSYS},
    "other-architecture": {},  # uname says i686
}
CAPABILITIES = {
    "docker": DOCKER_CAPABILITIES,
    "docker-kernel-5.12": DOCKER_CAPABILITIES,
    "kubernetes-restricted": set(),
}
PROGRAMS = {
    "honest": "import json, math\noutput = json.loads('{\"a\": [1]}')['a'] + [math.comb(9, 2)]",
    "lazy import": "import colorsys\noutput = 1",
    "reads a file": "output = open('/etc/passwd').read()",
    "starts a process": "import os\nos.fork()\noutput = 1",
    "raises": "1/0",
}


def become(host: str, *, user: bool) -> None:
    """From now on this process and all that it starts live on that host."""
    libc = ctypes.CDLL(None)
    prctl: Callable[..., int] = libc.prctl
    if host in CAPABILITIES and os.geteuid() == 0:
        for capability in set(range(41)) - CAPABILITIES[host]:
            prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    if user:
        os.setgroups([])
        os.setresgid(USER, USER, USER)
        os.setresuid(USER, USER, USER)
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    Filter(assemble(HOSTS[host], ALLOW)).install()
    if host == "other-architecture":
        libc.personality(PER_LINUX32)


def tell(accept: tuple[str, ...], attacks: list[str]) -> dict[str, Any]:
    """What the sandbox says of this host, and what comes of honest and of hostile programs."""
    with Sandbox(accept=(*SAFE_TIERS, *accept)) as box:
        try:
            layers = box.layers()
        except SandboxError as error:
            return {"error": str(error)}
        outcomes = {name: box.run(code) for name, code in PROGRAMS.items()}
        runs = {name: [outcome.status, outcome.error] for name, outcome in outcomes.items()}
    told: dict[str, Any] = {"layers": layers, "runs": runs, "attacks": {}, "skipped": []}
    if attacks:
        folder = Path(__file__).with_name("attacks")
        with judge(accept=(*SAFE_TIERS, *accept)) as court:
            for entry in entries(folder):
                source = (folder / entry["file"]).read_bytes()
                if b"import numpy" in source and find_spec("numpy") is None:
                    told["skipped"].append(entry["name"])
                    continue
                if attacks == ["all"] or entry["name"] in attacks:
                    told["attacks"][entry["name"]] = court.problems(entry, source)[1]
    return told


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("host", choices=HOSTS)
    parser.add_argument("--user", action="store_true")
    parser.add_argument("--accept", action="append", default=[])
    parser.add_argument("--attacks", type=lambda text: text.split(","), default=[])
    parser.add_argument("command", nargs="*")
    arguments = parser.parse_args()
    become(arguments.host, user=arguments.user)
    if arguments.command:
        os.execvp(arguments.command[0], arguments.command)
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps(tell(tuple(arguments.accept), arguments.attacks)))


if __name__ == "__main__":
    main()
