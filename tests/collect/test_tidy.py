"""What the entry does not need goes; what may matter to it stays."""

from __future__ import annotations

from textwrap import dedent

import pytest

from collect.unified import program


def tidied(code: str) -> str:
    return program(code, {}, entry="solution").code


def test_unused_goes():
    """Unused imports and unreached definitions go, comments and the main block too."""
    before = """
        # import necessary packages
        import os, math
        from typing import List, Dict
        import numpy as np

        LIMIT = 3
        UNUSED = 4

        def helper(x) -> List[int]:  # a helper
            return [math.floor(x)]

        def unused():
            return UNUSED + np.pi

        def solution():
            "What it does."
            return helper(LIMIT)

        print(solution())
        assert solution() == [3]
        if __name__ == "__main__":
            print(unused())
    """
    after = '''
        import math
        from typing import List
        LIMIT = 3

        def helper(x) -> List[int]:
            return [math.floor(x)]

        def solution():
            """What it does."""
            return helper(LIMIT)
    '''
    assert tidied(before) == dedent(after).strip()


@pytest.mark.parametrize(
    "kept",
    [
        "import sys\nsys.setrecursionlimit(5000)",
        "cells = []\nfor i in range(3):\n    cells.append(i)",
        "cells = []\n\ndef fill():\n    cells.append(1)\nfill()",
        "cells = [3, 1]\nlowest = cells.pop()",
        "cells = {}\ncells['a'] = 1",
        "cells = 1\ncells += 1",
        "try:\n    import json as cells\nexcept ImportError:\n    cells = None",
        "from string import *\ncells = ascii_letters",
        "cells = {}\n\ndef register(function):\n    cells[function.__name__] = function\n    return function\n\n@register\ndef one():\n    return 1",
        "cells = 0\n\ndef one():\n    return 1\n\ndef two():\n    return globals()['one']()",
        "cells: 'List' = []\nfrom typing import List",
    ],
)
def test_stays(kept: str):
    """Setup of modules, changes of data that the entry reads, registries and dynamic look-ups stay."""
    code = (
        kept
        + "\n\ndef solution():\n    return cells"
        + ("\n\ndef three():\n    return two()" if "globals" in kept else "")
    )
    assert kept in tidied(code)


def test_annotation_as_text():
    """An import that only an annotation written as text uses stays."""
    assert "from typing import List" in tidied(
        "from typing import List, Set\ndef solution(x: 'List[int]' = None):\n    return x"
    )
