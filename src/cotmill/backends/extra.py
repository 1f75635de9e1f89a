"""What the extra `train` brings. Without it, importing this is one message that says how to get it."""

from __future__ import annotations

from cotmill.backends.needs import demand

demand()

import torch  # noqa: E402
import transformers  # noqa: E402

__all__ = ["THREADS", "torch", "transformers"]

THREADS = torch.get_num_threads()  # as torch found it, before anybody sampled with fewer

transformers.logging.set_verbosity_error()  # what a user should know is said by us, once
transformers.logging.disable_progress_bar()
