"""What the layers of a machine amount to: which are missing, what that means, whether it is enough.

Works on what a server reports at its start (`Layers.report` with the tries of the canaries).
"""

from __future__ import annotations

from typing import Any

__all__ = ["LAYERS", "SAFE_TIERS", "TIERS", "objection", "table", "warning", "weakest"]

TIERS = ("full", "namespaces", "landlock", "seccomp", "none")  # strongest first
SAFE_TIERS = TIERS[:3]  # each keeps programs from files, network and other processes

USER_NAMESPACES = (
    "allow user namespaces (sysctl user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns; in a "
    "container: a seccomp profile with unshare and mount)"
)
LANDLOCK = "take Linux 5.13 or newer with landlock in /sys/kernel/security/lsm"
# name: (what is lost without it, what to do)
LAYERS = {
    "namespaces": ("network, processes and file names are forbidden, but not hidden", USER_NAMESPACES),
    "root": ("the machine's files are forbidden, but not out of sight", USER_NAMESPACES),
    "user": ("programs run as root, though without its powers", "put the interpreter where every user can read it"),
    "capabilities": ("programs keep privileges of the caller", "do not run as root"),
    "no_new_privs": ("programs could gain privileges", "take Linux 3.5 or newer"),
    "not_dumpable": ("processes of the same user can look into the server", "take another kernel"),
    "landlock": ("one lock less on files and network", LANDLOCK),
    "seccomp": (
        "every system call is open",
        "take a Linux kernel with CONFIG_SECCOMP_FILTER on x86_64 or aarch64, no emulated one",
    ),
    "deadline": ("programs cannot be ended on time", "take Linux 5.3 or newer"),
    "oom": ("when memory is short the kernel may end another process than a program's", "mount /proc writable"),
    "cgroup": ("memory that is nobody's address space is bounded per program alone", "delegate a cgroup v2 subtree"),
}
OPTIONAL = ("oom", "cgroup")  # nothing that a program could do hangs on them
VITAL = ("seccomp", "deadline")  # without these there is no tier at all
UNTRIED = "not tried: cotmill does not run as root, so there is no root to leave"  # of `user`, and of no other


def objection(ready: dict[str, Any], accept: tuple[str, ...], demand: tuple[str, ...]) -> str:
    """Why programs may not run on this machine, and what to do; empty where they may."""
    tier, refused = ready["tier"], ready["refused"]
    through = [name for name, kept in ready["self_test"].items() if not kept]
    lacking = [name for name in demand if name not in ready["layers"]]
    if tier not in accept:
        what = f"this machine offers only the isolation tier {tier!r} ({_reasons(refused, list(refused))})"
        vital = [name for name in refused if name in VITAL]
        cure = _cures(vital or [name for name in refused if name not in OPTIONAL])
        if tier != "none":
            cure += f"; or accept {tier!r} in the recipe's execute.sandbox.tiers or in Sandbox(accept=...)"
    elif lacking:
        what = f"layers are demanded that are not in force ({_reasons(refused, lacking)})"
        cure = _cures(lacking) + "; or demand less in the recipe's execute.sandbox.demand or in Sandbox(demand=...)"
    elif through and tier != "none":
        what, cure = f"the layers of tier {tier!r} did not keep a program from: {', '.join(through)}", "report this"
    else:
        return ""
    return f"{what}; programs are not run. To do: {cure}. See docs/sandbox.md, section Tiers."


def warning(ready: dict[str, Any]) -> str:
    """One line for a person where a layer that matters is missing; else empty."""
    missing = [name for name in ready["refused"] if name not in OPTIONAL]
    if ready["tier"] == "full" and not missing:
        return ""
    losses = "; ".join(f"{_reasons(ready['refused'], [name])}: {LAYERS[name][0]}" for name in missing)
    return (
        f"warning: programs run with isolation tier {ready['tier']!r}, without {losses}. To have all: "
        f"{_cures(missing)}. See docs/sandbox.md, section Tiers."
    )


def table(ready: dict[str, Any]) -> str:
    """The layers of this machine, one per line."""
    lines = [f"tier       {ready['tier']}", f"kernel     {ready['kernel']} {ready['machine']}", ""]
    for name, (loss, _) in LAYERS.items():
        if name in ready["layers"]:
            lines.append(f"{name:14}in force")
        elif name in ready["refused"]:
            lines.append(f"{name:14}REFUSED   {ready['refused'][name]} -> {loss}")
        else:
            lines.append(f"{name:14}-         {UNTRIED}")
    kept = sum(ready["self_test"].values())
    lines += ["", f"{kept} of {len(ready['self_test'])} canaries were kept from what they tried"]
    if ready["missing_modules"]:
        lines.append(f"not installed: {', '.join(ready['missing_modules'])}")
    return "\n".join(lines)


def weakest(tiers: list[str]) -> str:
    return max(tiers, key=TIERS.index)


def _reasons(refused: dict[str, str], names: list[str]) -> str:
    return "; ".join(f"{name} ({refused.get(name, UNTRIED)})" for name in names) or "nothing refused"


def _cures(names: list[str]) -> str:
    return "; ".join(dict.fromkeys(LAYERS[name][1] for name in names)) or "look at `cotmill exec --layers`"
