"""Cotmill: training data for reasoning models, made out of code that ran."""

from __future__ import annotations

__version__ = "0.1.0"
