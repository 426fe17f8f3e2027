"""Modernize the HTML that the MJML compiler writes, and keep what Outlook on Windows needs.

The compiler writes obsolete attributes (`align`, `bgcolor`, `cellpadding` …), because Word, which renders Outlook's
emails, needs them. So a tag with one is written twice: as compiled, in a conditional comment that only Word reads,
and for all other email clients with CSS instead of the attributes.
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
"""Obsolete attributes, with the CSS properties that replace them."""
_OBSOLETE = frozenset({*_AS_CSS, "align", "border", "cellpadding", "cellspacing", "vertical-align"})
"""Obsolete attributes of tables, rows and cells."""


def modernize(html: str) -> str:
    """Return the compiled email as valid HTML; Word still gets every tag as compiled."""
    return _PIECE.sub(lambda match: _modernized(match[0]), html)


@lru_cache(maxsize=4096)
def _modernized(piece: str) -> str:
    if piece.startswith("<!--"):
        return piece
    if piece.startswith("<!"):
        return "<!DOCTYPE html>"
    if piece.startswith("<style"):
        return "<style>"
    if piece.startswith("<div"):
        # Several email clients drop an `article`, and its language with it.
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
    """The CSS properties that replace the obsolete attributes of one tag."""
    css = [
        (_AS_CSS[key], f"{value}px" if value.isdigit() else value)
        for key, value in attributes.items()
        if key in _AS_CSS
    ]
    align = attributes.get("align")
    if name != "table":
        return [*css, ("text-align", align)] if align else css
    if attributes.get("cellspacing") == "0":
        css += [("border-collapse", "collapse"), ("border-spacing", "0")]
    if align in ("center", "right"):
        css += [("margin-left", "auto"), ("margin-right", "auto" if align == "center" else "0")]
    return css
