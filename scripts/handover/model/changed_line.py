"""A line of text that differs between two states, word by word."""

from typing import Literal, TypeAlias

Kind = Literal["same", "gone", "new"]
Piece: TypeAlias = tuple[Kind, str]
Line: TypeAlias = tuple[Piece, ...]
"""A changed line: its kept, removed and added pieces, in reading order."""
