"""The headings of a message as an outline that who listens can follow: one at its top, and no level skipped.

The check says where an author's own levels are no such outline; what is sent is one in any case.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from handover.model.nodes import Block, Heading, Items, Quote


def outlined(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks with such levels. Where none has level 1, the message's title is the heading above them all."""
    has_top = any(isinstance(block, Heading) and block.level == 1 for block in blocks)
    return _Outline(0 if has_top else 1).blocks(blocks)


@dataclass(slots=True)
class _Outline:
    before: int
    """The level of the heading above; 0 at the start."""

    def blocks(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        return tuple(self._block(block) for block in blocks)

    def _block(self, block: Block) -> Block:
        match block:
            case Heading():
                self.before = min(max(block.level, 2 if self.before else 1), self.before + 1)
                return block if block.level == self.before else replace(block, level=self.before)
            case Items():
                return replace(block, items=tuple(self.blocks(item) for item in block.items))
            case Quote():
                return replace(block, blocks=self.blocks(block.blocks))
            case _:
                return block
