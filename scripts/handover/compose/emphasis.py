"""Where emphasis begins and ends: the rules of CommonMark, extended for Chinese, Japanese and Korean.

These languages have no spaces, so that CommonMark finds no end of `**` between a full stop and the next word. The
extension is that of https://github.com/tats-u/markdown-cjk-friendly/blob/main/specification.md. A single star within a
word is a character, as German has it.
"""

from markdown_it.common.utils import isPunctChar, isWhiteSpace
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned

from handover.model.text import is_cjk


class _State(StateInline):
    """The state of parsing one paragraph."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803 - the parser's names
        """Whether the marks at `start` can begin or end emphasis, and how many they are."""
        marker = self.src[start]
        end = start
        while end < self.posMax and self.src[end] == marker:
            end += 1
        before = self.src[start - 1] if start > 0 else " "
        after = self.src[end] if end < self.posMax else " "
        is_left = not isWhiteSpace(ord(after)) and (not _is_bound(after) or _is_edge(before))
        is_right = not isWhiteSpace(ord(before)) and (not _is_bound(before) or _is_edge(after))
        if marker == "*" and end - start == 1 and before.isalnum() and after.isalnum() and self._is_alone(start):
            return Scanned(False, False, 1)
        can_open = is_left and (canSplitWord or not is_right or isPunctChar(before))
        can_close = is_right and (canSplitWord or not is_left or isPunctChar(after))
        return Scanned(can_open, can_close, end - start)

    def _is_alone(self, position: int) -> bool:
        """True if no other star is in the word around the one at `position`, as in `Kund*innen` or `3*4`."""
        before = self.src[max(position - 80, 0) : position].split()[-1]
        after = self.src[position + 1 : position + 80].split()[0]
        return "*" not in before + after and not is_cjk(before[-1])


def _is_bound(character: str) -> bool:
    """True for punctuation that begins or ends emphasis only beside an edge."""
    return isPunctChar(character) and not is_cjk(character)


def _is_edge(character: str) -> bool:
    return isWhiteSpace(ord(character)) or isPunctChar(character) or is_cjk(character)


def parse_inline(state: StateCore) -> None:
    """The rule of the parser that reads the inside of paragraphs and headings, with the findings of each counted."""
    for token in state.tokens:
        if token.type == "inline":
            state.env["findings"] = 0
            token.children = []
            inside = _State(token.content, state.md, state.env, token.children)
            state.md.inline.tokenize(inside)
            for rule in state.md.inline.ruler2.getRules(""):
                rule(inside)
