"""The headings of a message as an outline for screen readers: one at the top, and no skipped level.

The check reports levels that break this outline; the email that is sent always has it.
"""

from dataclasses import replace

from handover.model.nodes import Block, Heading, Items, Quote


def outlined(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks with corrected levels. If none has level 1, the message's title is the top heading."""
    has_top = any(isinstance(block, Heading) and block.level == 1 for block in blocks)
    previous = 0 if has_top else 1

    def corrected(block: Block) -> Block:
        nonlocal previous
        match block:
            case Heading():
                previous = min(max(block.level, 2 if previous else 1), previous + 1)
                return replace(block, level=previous)
            case Items():
                return replace(block, items=tuple(tuple(map(corrected, item)) for item in block.items))
            case Quote():
                return replace(block, blocks=tuple(map(corrected, block.blocks)))
            case _:
                return block

    return tuple(map(corrected, blocks))
