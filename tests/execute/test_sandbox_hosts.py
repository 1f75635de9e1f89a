"""The sandbox on hosts that refuse a part of it, as root and as an ordinary user: what it says, and that it holds.

Hosts are made in hosts.py, in a process of their own each.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from pyarrow.parquet import read_table

import cotmill
from cotmill.base.recipe import Isolation, Layer, Tier
from cotmill.execute import isolation
from cotmill.execute.isolation import LAYERS, SAFE_TIERS, TIERS, objection, table, warning
from cotmill.execute.sandbox import MODULES
from execute.corpus import entries
from execute.hosts import HOSTS, USER

HERE = Path(__file__).parent
SOURCES = (Path(cotmill.__file__).parents[1], HERE.parent)
NAMESPACES_REFUSED = {"namespaces": "unshare: Operation not permitted", "root": "needs namespaces"}
OPTIONAL = {"cgroup", "oom", "user"}  # not of interest here: this machine's, or the place of the interpreter
TELLING = "kill_victim,netlink,udp_send,read_root_files,fork_bomb,truncate_by_path,signal_by_descriptor,cripple_server"


@cache
def interpreter(user: bool) -> str:
    """A Python that can run the sandbox; for another user, one that this user can read. Skips where there is none."""
    if not user:
        return sys.executable
    if os.geteuid() != 0:
        pytest.skip("only root can become another user; the other tests run as an ordinary one already")
    check = "import sys; sys.exit(sys.version_info < (3, 11))\n"
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        try:
            done = subprocess.run(
                [python, "-c", check + "import cotmill.execute.sandbox, execute.corpus"],
                check=False, capture_output=True, env=environment(), user=USER, group=USER, extra_groups=[], cwd="/",
            )  # fmt: skip
        except OSError:
            continue
        if done.returncode == 0:
            return python
    pytest.skip(f"no Python 3.11 that user {USER} can run with these files")


def environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(map(str, SOURCES)), "PYTHONDONTWRITEBYTECODE": "1"}


def on(host: str, *options: str, user: bool = False) -> dict[str, Any]:
    """What hosts.py tells."""
    command = [interpreter(user), str(HERE / "hosts.py"), host, *(["--user"] if user else []), *options]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment(), cwd="/", timeout=300)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("user", [False, True], ids=["caller", "user"])
@pytest.mark.parametrize(
    ("host", "tier", "refused"),
    [
        ("plain", "full", {}),
        ("docker", "landlock", NAMESPACES_REFUSED),
        ("kubernetes-restricted", "landlock", NAMESPACES_REFUSED),
        ("ubuntu-mount", "landlock", {"root": "mount on /: Permission denied"}),
        ("ubuntu-maps", "landlock", {"namespaces": "Permission denied: '/proc/self/", "root": "needs namespaces"}),
        ("no-user-namespaces", "landlock", {"namespaces": "unshare: No space left", "root": "needs namespaces"}),
        ("kernel-5.12", "namespaces", {"landlock": "landlock: Function not implemented"}),
        ("landlock-off", "namespaces", {"landlock": "landlock: Operation not supported"}),
    ],
)
def test_the_best_tier_of_each_host(host: str, tier: str, refused: dict[str, str], user: bool) -> None:
    """The tier follows from what works, each refusal is told with its reason, the canaries and the verdicts hold."""
    told = on(host, user=user)
    if host == "ubuntu-maps" and os.geteuid() == 0 and not user:
        tier, refused = "full", {}  # root needs no user namespace
    layers = told["layers"]
    assert layers["tier"] == tier
    assert set(layers["refused"]) - OPTIONAL == set(refused)
    assert set(layers["layers"]) | set(layers["refused"]) <= set(LAYERS)
    assert all(text in layers["refused"][name] for name, text in refused.items())
    assert layers["self_test"] and all(layers["self_test"].values())
    statuses = {name: status for name, (status, _) in told["runs"].items()}
    assert statuses.pop("reads a file") in ("denied", "error")
    assert statuses == {"honest": "ok", "lazy import": "ok", "starts a process": "denied", "raises": "error"}


@pytest.mark.parametrize("user", [False, True], ids=["caller", "user"])
@pytest.mark.parametrize(
    ("host", "says"),
    [
        ("docker-kernel-5.12", ["tier 'seccomp'", "unshare: Operation not permitted", "Linux 5.13", "execute.sandbox"]),
        ("no-seccomp", ["tier 'none'", "seccomp filter refused", "CONFIG_SECCOMP_FILTER"]),
        ("other-architecture", ["tier 'none'", "no system call table for i686", "x86_64 or aarch64"]),
        ("kernel-5.2", ["tier 'none'", "pidfd_open: Function not implemented", "Linux 5.3"]),
    ],
)
def test_a_host_that_is_not_enough_is_refused(host: str, says: list[str], user: bool) -> None:
    """One message says what is missing and what to do; nothing runs."""
    told = on(host, user=user)
    assert list(told) == ["error"]
    assert all(text in told["error"] for text in [*says, "programs are not run"]), told


@pytest.mark.parametrize("user", [False, True], ids=["caller", "user"])
def test_strict_tier_where_it_is_accepted(user: bool) -> None:
    """Neither namespaces nor Landlock: modules imported beforehand work, no other is there, no file is opened."""
    told = on("docker-kernel-5.12", "--accept", "seccomp", "--attacks", TELLING, user=user)
    assert told["layers"]["tier"] == "seccomp"
    assert all(told["layers"]["self_test"].values())
    assert told["runs"]["honest"] == ["ok", ""]
    assert told["runs"]["lazy import"] == ["error", "ModuleNotFoundError: No module named 'colorsys'"]
    assert told["runs"]["reads a file"][1].startswith("FileNotFoundError")
    assert (len(told["attacks"]), any(told["attacks"].values())) == (TELLING.count(",") + 1, False), told["attacks"]


@pytest.mark.parametrize(
    ("host", "user", "names"),
    [
        ("plain", True, "all"),
        ("docker", True, "all"),
        ("docker", False, TELLING),
        ("kubernetes-restricted", False, TELLING),
        ("ubuntu-mount", True, TELLING),
        ("kernel-5.12", True, TELLING),
    ],
)
def test_attacks_on_restricted_hosts(host: str, user: bool, names: str) -> None:
    """Hostile programs get accepted verdicts and change nothing outside, between honest ones, whoever runs them."""
    told = on(host, "--attacks", names, user=user)
    expected = {entry["name"] for entry in entries(HERE / "attacks")} if names == "all" else set(names.split(","))
    assert told["attacks"].keys() == expected - set(told["skipped"])
    assert len(told["skipped"]) <= 5  # those that need numpy, where the user's interpreter has none
    assert {name: wrong for name, wrong in told["attacks"].items() if wrong} == {}


def cotmill_on(host: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line, run there."""
    command = [sys.executable, str(HERE / "hosts.py"), host, "--", sys.executable, "-c"]
    return subprocess.run(
        [*command, "from cotmill.cli import main; main()", *arguments],
        check=False, capture_output=True, text=True, env=environment() | {"COLUMNS": "100"}, timeout=300,
    )  # fmt: skip


def test_a_command_warns_once(tmp_path: Path) -> None:
    """However many workers: one line on stderr; result rows say the tier."""
    rows = "".join(json.dumps({"id": number, "code": "output = 1"}) + "\n" for number in range(40))
    (tmp_path / "in.jsonl").write_text(rows)
    done = cotmill_on("docker", "exec", "--jsonl", str(tmp_path / "in.jsonl"), "--workers", "2", "--once")
    assert [json.loads(line)["isolation"] for line in done.stdout.splitlines()] == ["landlock"] * 40
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("cotmill: warning: programs run with isolation tier 'landlock', without namespaces")


def test_a_run_is_warned_of_and_stamped(tmp_path: Path) -> None:
    """Each sample says in which tier its program ran."""
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "p.py").write_text("def solution(n):\n    return n * 2\n\ninput = {'n': 3}\n")
    run = ["run", "grounded", "--seeds", str(tmp_path / "seeds"), "--out", str(tmp_path / "R")]
    done = cotmill_on("docker", *run, "--workers", "1")
    assert done.stderr.count("warning: programs run with isolation tier 'landlock'") == 1, done.stderr
    parts = sorted((tmp_path / "R" / "dataset" / "data").glob("*.parquet"))
    assert [row["isolation"] for part in parts for row in read_table(part).to_pylist()] == ["landlock"]


@pytest.mark.parametrize("demand", ["tiers=[full]", "demand=[landlock, namespaces]"])
def test_a_run_refuses_a_machine_that_lacks_what_the_recipe_demands(tmp_path: Path, demand: str) -> None:
    """At once, with one message, before anything is written."""
    run = ["run", "demo", "--out", str(tmp_path / "R"), "--set", f"execute.sandbox.{demand}"]
    done = cotmill_on("docker", *run)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "programs are not run. To do: allow user namespaces" in done.stderr
    assert not (tmp_path / "R").exists()


def test_layers_are_shown_where_nothing_would_run() -> None:
    """As a table or as JSON, with the objection; exit status 1."""
    done = cotmill_on("docker-kernel-5.12", "exec", "--layers")
    assert done.returncode == 1
    assert "landlock      REFUSED   [Errno 38] landlock: Function not implemented" in done.stdout
    assert "programs are not run" in done.stderr
    assert json.loads(cotmill_on("docker-kernel-5.12", "exec", "--layers", "--json").stdout)["tier"] == "seccomp"
    assert cotmill_on("plain", "exec", "--layers").returncode == 0


READY: dict[str, Any] = {
    "tier": "landlock", "layers": ["landlock", "seccomp", "deadline"], "kernel": "6.1", "machine": "x86_64",
    "refused": {"namespaces": "unshare: Operation not permitted", "root": "needs namespaces", "cgroup": "no"},
    "self_test": {"fork": True}, "missing_modules": ["numpy"],
}  # fmt: skip


def test_objections_name_what_is_missing_and_what_to_do() -> None:
    """A tier that is not accepted, a layer that is demanded, a canary that got through; else none."""
    assert objection(READY, SAFE_TIERS, ("landlock",)) == ""
    assert "tier 'landlock'" in objection(READY, ("full",), ()) and "max_user_namespaces" in objection(
        READY, ("full",), ()
    )
    demanded = objection(READY, SAFE_TIERS, ("cgroup", "user"))
    assert "cgroup (no)" in demanded and "user (not tried" in demanded and "delegate" in demanded
    assert "from: fork" in objection(READY | {"self_test": {"fork": False, "ptrace": True}}, SAFE_TIERS, ())


def test_a_missing_layer_that_matters_is_warned_of() -> None:
    """One line: what, why, what that means, what to do. Nothing where only optional layers are missing."""
    text = warning(READY)
    assert "\n" not in text
    for part in ("'landlock'", "namespaces (unshare: Operation not permitted)", "not hidden", "max_user_namespaces"):
        assert part in text
    assert "cgroup" not in text
    assert warning(READY | {"tier": "full", "refused": {"cgroup": "no", "oom": "no"}}) == ""


def test_the_table_shows_every_layer() -> None:
    """In force, refused and why, or not tried."""
    text = table(READY)
    rows = {line.split()[0]: line for line in text.splitlines() if line.strip()}
    assert set(LAYERS) <= set(rows)
    assert "in force" in rows["landlock"]
    assert "REFUSED   unshare" in rows["namespaces"]
    assert "not tried" in rows["user"]


def test_recipes_know_the_names() -> None:
    """Layers and tiers that a recipe may name are those that there are; `none` is no tier to accept."""
    assert set(get_args(Layer)) == set(LAYERS)
    assert (*get_args(Tier), "none") == TIERS
    assert Isolation().tiers == SAFE_TIERS
    assert set(isolation.OPTIONAL) < set(LAYERS)


def test_the_page_names_layers_tiers_and_modules() -> None:
    """docs/sandbox.md says which modules work in the strict tier, and what each name means."""
    page = (HERE.parents[1] / "docs" / "sandbox.md").read_text()
    assert [name for name in (*LAYERS, *TIERS, *MODULES) if f"`{name}`" not in page] == []


def test_every_host_is_used() -> None:
    """No host is described and forgotten."""
    text = Path(__file__).read_text()
    assert all(f'"{host}"' in text for host in HOSTS)
