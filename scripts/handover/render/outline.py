"""The headings of a message as an outline for screen readers: one at the top, and no skipped level.

The check reports levels that break this outline; the email that is sent always has it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from handover.model.nodes import Block, Heading, Items, Quote


def outlined(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks with corrected levels. If none has level 1, the message's title is the top heading."""
    has_top = any(isinstance(block, Heading) and block.level == 1 for block in blocks)
    return _Outline(0 if has_top else 1).blocks(blocks)


@dataclass(slots=True)
class _Outline:
    previous: int
    """The level of the previous heading; 0 at the start."""

    def blocks(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        return tuple(self._block(block) for block in blocks)

    def _block(self, block: Block) -> Block:
        match block:
            case Heading():
                self.previous = min(max(block.level, 2 if self.previous else 1), self.previous + 1)
                return block if block.level == self.previous else replace(block, level=self.previous)
            case Items():
                return replace(block, items=tuple(self.blocks(item) for item in block.items))
            case Quote():
                return replace(block, blocks=self.blocks(block.blocks))
            case _:
                return block
