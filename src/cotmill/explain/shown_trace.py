"""A trace as text, one event per line, for a reader who is no program."""

from __future__ import annotations

from typing import Any

from cotmill.base.trace import Trace

__all__ = ["shown_trace"]


def shown_trace(trace: Trace, longest: int = 100) -> str:
    """Indented by the depth of calls; values are cut to `longest` characters."""

    def shown(index: int) -> str:
        text = repr(trace.values[index])
        return text if len(text) <= longest else f"{text[: longest - 3]}..."

    def told(name: str, value: Any) -> str:
        if name == "value":
            return f"= {shown(value)}" if value >= 0 else ""
        if name == "args":
            return f"({', '.join(f'{argument} = {shown(index)}' for argument, index in value)})"
        return f"{name} {value}" if name in ("line", "passes", "number") else str(value)

    depth: dict[int, int] = {}
    lines = []
    for event in trace.events:
        kind, fields = type(event).__name__.lower(), event._asdict()
        frame = fields.pop("frame")
        depth[frame] = depth.get(fields.pop("parent", frame), 0) + 1 if kind == "call" else depth.get(frame, 0)
        site = trace.sites[fields.pop("site")] if "site" in fields else None
        text = " ".join(told(name, value) for name, value in fields.items())
        where = f" [{site.kind} {site.line}:{site.col}]" if site else ""
        lines.append(f"{'  ' * depth[frame]}{kind} {text}{where}")
    return "\n".join(lines)
