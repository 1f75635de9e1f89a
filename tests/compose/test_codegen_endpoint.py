"""A code generator that is served elsewhere."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.served import Server, text
from cotmill.backends.model import REFUSED, Completion, Request
from cotmill.backends.model_http import KEY
from cotmill.base.recipe import CodeGenerator
from cotmill.base.unified import whole_program
from cotmill.compose.codegen.endpoint import Endpoint, reach
from cotmill.compose.codegen.programs import read_program
from cotmill.compose.codegen.representation import OPERATOR
from cotmill.compose.material import Candidate

CODE = 'def solution(n):\n    """Twice a number.\n\n    And no more."""\n    return 2 * n\n'
PROGRAM = whole_program(CODE, '{"n":3}')
CANDIDATE = Candidate("Twice a number.", CODE, ('{"n":3}',), (), OPERATOR)


class Scripted:
    """A model that says what it is told to."""

    def __init__(self, *completions: Completion) -> None:
        self.completions, self.asked = completions, list[Request]()

    def complete(self, requests: Sequence[Request]) -> list[Completion]:
        self.asked += requests
        return list(self.completions)

    def close(self) -> None:
        self.completions = ()


def seeds(count: int) -> list[Random]:
    return [Random(number) for number in range(count)]


def test_a_whole_program_is_read() -> None:
    assert read_program(PROGRAM) == CANDIDATE


@given(st.text() | st.text().map(lambda more: PROGRAM + more) | st.integers(0, len(PROGRAM)).map(lambda n: PROGRAM[:n]))
def test_no_text_is_too_much(text: str) -> None:
    """Whatever a model writes is a program or has a reason."""
    found = read_program(text)
    assert isinstance(found, Candidate) or found


def test_programs_and_reasons_in_order() -> None:
    model = Scripted(
        Completion(PROGRAM, "stop", None), Completion(PROGRAM, "length", None), Completion("x = (", "stop", None),
        Completion("too long", REFUSED, None),
    )  # fmt: skip
    found = Endpoint(CodeGenerator(max_tokens=99), model).sample(seeds(4))
    assert found[0] == CANDIDATE
    assert found[1] == "no end within 99 tokens"
    assert isinstance(found[2], str) and found[2].startswith("no Python")
    assert found[3] == "the server refuses: too long"


def test_what_is_asked_follows_from_chance_and_recipe() -> None:
    settings = CodeGenerator(temperature=0.7, top_p=0.9, max_tokens=77, begin="<s>")
    asked = []
    for _ in range(2):
        model = Scripted()
        Endpoint(settings, model).sample(seeds(3))
        asked.append(model.asked)
    assert asked[0] == asked[1]
    assert len({request.sampling.seed for request in asked[0]}) == 3
    for request in asked[0]:
        assert request.prompt == "<s>"
        assert (request.sampling.temperature, request.sampling.top_p, request.sampling.max_tokens) == (0.7, 0.9, 77)


def test_over_the_wire(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The recipe's servers and model; which answer belongs to which draw does not depend on who is first."""
    for name in (KEY, "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)

    def script(number, body):
        return text(whole_program(CODE, json.dumps({"n": body["seed"]})), delay=0.02 if number % 3 == 0 else 0.0)

    servers = [Server(script), Server(script)]
    try:
        generator = reach(
            CodeGenerator(endpoints=tuple(server.url for server in servers), model="caco", in_flight=4), tmp_path
        )
        found = generator.sample(seeds(20))
        generator.close()
    finally:
        for server in servers:
            server.close()
    wanted = [json.dumps({"n": rng.getrandbits(31)}, separators=(",", ":")) for rng in seeds(20)]
    assert [candidate.inputs[0] for candidate in found] == wanted
    assert {body["model"] for server in servers for _, _, body in server.asked} == {"caco"}
