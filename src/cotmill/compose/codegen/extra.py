"""What the extra `train` brings. Without it, importing this is one message that says how to get it."""

from __future__ import annotations

from importlib.util import find_spec

from cotmill.base.stage import CotmillError

for name in ("torch", "transformers", "accelerate", "peft"):
    if find_spec(name) is None:
        raise CotmillError(f"the code generator needs {name}: pip install 'cotmill[train]'")

import torch  # noqa: E402
import transformers  # noqa: E402

__all__ = ["torch", "transformers"]

transformers.logging.set_verbosity_error()  # what a user should know is said by us, once
transformers.logging.disable_progress_bar()
