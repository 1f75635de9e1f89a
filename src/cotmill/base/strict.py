"""What every section of a recipe is."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["Strict"]


class Strict(BaseModel):
    """An unknown key is an error, and nobody changes a value afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)
