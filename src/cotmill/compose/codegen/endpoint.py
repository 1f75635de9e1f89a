"""A code generator that is served elsewhere: asked for programs as text, without any condition (Caco, section 3.2).

It learned whole programs (texts.py), so that what follows the token with which a text begins is a program. A server
puts that token before an empty prompt by itself where the tokenizer has one; some (Qwen, GPT-2) have none, and programs
were learned behind the end token: then the recipe gives it as `begin`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

from cotmill.backends.model import REFUSED, Completion, Model, Request, Sampling
from cotmill.backends.model_cache import Journal
from cotmill.backends.model_http import HttpModel
from cotmill.base.recipe import CodeGenerator
from cotmill.compose.codegen.programs import read_program
from cotmill.compose.material import Candidate

__all__ = ["Endpoint", "reach"]

KEY = "compose.draw"  # of all calls: each draw's own chance makes its seed


class Endpoint:
    """Writes programs as Generator does. Which ones follows from the sources of chance as far as the server keeps to
    seeds: vLLM does for one version on one kind of device, and not where batches change its sums."""

    def __init__(self, settings: CodeGenerator, model: Model) -> None:
        self._settings, self._model = settings, model

    def sample(self, rngs: Sequence[Random]) -> list[Candidate | str]:
        """One program for each source of chance, or why there is none. Raises ModelRefused and ModelUnreachable."""
        ours = self._settings
        asked = [
            Request(ours.begin, Sampling(ours.temperature, ours.top_p, ours.max_tokens, rng.getrandbits(31)), KEY)
            for rng in rngs
        ]
        return list(map(self._program, self._model.complete(asked)))

    def close(self) -> None:
        self._model.close()

    def _program(self, completion: Completion) -> Candidate | str:
        if completion.finish == REFUSED:
            return f"the server refuses: {completion.text}"
        if completion.finish == "length":
            return f"no end within {self._settings.max_tokens} tokens"
        return read_program(completion.text)


def reach(settings: CodeGenerator, calls: Path) -> Endpoint:
    """The servers that the recipe names, behind the journal in `calls`. Raises CotmillError for URLs that cannot be."""
    served = HttpModel(settings.endpoints, settings.model, in_flight=settings.in_flight)
    return Endpoint(settings, Journal(calls, settings.model, served))
