"""The compiler's HTML, mended: as HTML has it today for everybody, and as Word needs it for Outlook on Windows.

The compiler writes attributes that HTML gave up long ago (`align`, `bgcolor`, `cellpadding` …), because Word, which
draws Outlook's emails, goes by them. So a tag that has one is written twice: as the compiler wrote it, in a
conditional comment that only Word reads, and for everybody else with CSS in the attributes' place.
"""

import re
from functools import lru_cache

_PIECE = re.compile(
    r'<!--.*?-->|<!doctype html>|<style type="text/css">|<(?:table|td|th|tr|div|br|hr|img|meta)\b[^>]*>',
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
_MSO = re.compile(r"mso-[a-z-]+:[^;]*;?")

_AS_CSS = {"bgcolor": "background-color", "valign": "vertical-align", "width": "width", "height": "height"}
"""Attributes that a CSS property replaces."""
_OBSOLETE = frozenset({*_AS_CSS, "align", "border", "cellpadding", "cellspacing", "vertical-align"})
"""Attributes of tables, rows and cells that HTML has given up."""


def mend(html: str) -> str:
    """The compiled email without what validators rightly refuse; Word still gets every tag as it was compiled."""
    return _PIECE.sub(lambda found: _mended(found[0]), html)


@lru_cache(maxsize=4096)
def _mended(piece: str) -> str:
    if piece.startswith("<!--"):
        return piece
    if piece.startswith("<!"):
        return "<!DOCTYPE html>"
    if piece.startswith("<style"):
        return "<style>"
    if piece.startswith("<div"):
        # An `article` would be an element of its own, which several mail programs drop together with its language.
        return piece.replace(' role="article"', ' role="group"')
    piece = re.sub(r"\s*/>$", ">", piece)
    attributes = dict(_ATTRIBUTE.findall(piece))
    if piece.startswith(("<br", "<hr", "<img", "<meta")) or not _OBSOLETE & attributes.keys():
        return piece
    return f"<!--[if mso]>{piece}<![endif]--><!--[if !mso]><!-->{_with_css(piece, attributes)}<!--<![endif]-->"


def _with_css(piece: str, attributes: dict[str, str]) -> str:
    name = piece[1:].split(maxsplit=1)[0]
    style = _MSO.sub("", attributes.pop("style", ""))
    has = {each.partition(":")[0].strip() for each in style.split(";")}
    has |= {"background-color"} if "background" in has else set()
    for property_, value in _css_of(name, attributes):
        if property_ not in has:
            style += f"{'' if style.endswith(';') or not style else ';'}{property_}:{value};"
    kept = "".join(f' {key}="{value}"' for key, value in attributes.items() if key not in _OBSOLETE)
    return f'<{name}{kept} style="{style}">' if style else f"<{name}{kept}>"


def _css_of(name: str, attributes: dict[str, str]) -> list[tuple[str, str]]:
    """What the obsolete attributes of one tag say, in CSS."""
    made = [
        (_AS_CSS[key], f"{value}px" if value.isdigit() else value)
        for key, value in attributes.items()
        if key in _AS_CSS
    ]
    align = attributes.get("align")
    if name != "table":
        return [*made, ("text-align", align)] if align else made
    if attributes.get("cellspacing") == "0":
        made += [("border-collapse", "collapse"), ("border-spacing", "0")]
    if align in ("center", "right"):
        made += [("margin-left", "auto"), ("margin-right", "auto" if align == "center" else "0")]
    return made
