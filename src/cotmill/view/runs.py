"""What the commands use of a run: read it, print it."""

from cotmill.view.folder import RunView, find, open_run, status, verify
from cotmill.view.terminal import print_funnel, print_records

__all__ = ["RunView", "find", "open_run", "print_funnel", "print_records", "status", "verify"]
