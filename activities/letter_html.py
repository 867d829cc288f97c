"""The HTML part of a letter: the same words as the text part, in the town's frame.

Mail programs know little CSS: a few inline styles, no image, nothing fetched from anywhere. Those
that read in the dark and know a style sheet get its colours; the others turn ours around.
"""

import re
from html import escape

from domain import french

_FRAME = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>{title}</title>
<style>@media (prefers-color-scheme: dark) {{
body {{ background: #11161d !important; color: #e9edf1 !important }}
.sheet {{ background: #1b2430 !important; border-color: #4a5664 !important }}
a {{ color: #8fd3df !important }}
}}</style></head>
<body style="margin:0;background:#f4f6f8;color:#1b2430;font:16px/1.5 Arial,Helvetica,sans-serif">
<div style="max-width:36rem;margin:0 auto;padding:16px">
<div role="banner"><h1 style="margin:0 0 12px;font-size:16px">Portail Famille
<span style="font-weight:normal">Mairie {of_town}</span></h1></div>
<div role="main" class="sheet" style="background:#ffffff;border:1px solid #d5dbe1;\
border-radius:8px;overflow-wrap:anywhere;padding:16px 20px">
{body}
</div></div></body></html>
"""
_HEADINGS = frozenset({"Accusé de réception", "Voies et délais de recours"})


def as_html(text: str, *, title: str, town: str, link: str) -> str:
    """The text as an HTML mail: paragraphs, lists ("- "), and the one link that can be followed.

    `link` is the letter's own address, or the mark that stands for it until the mail leaves. Any
    other address stays plain text: nothing that somebody typed becomes a link of the town's.
    """
    blocks = [block for block in re.split(r"\n\s*\n", text.strip()) if block]
    body = "\n".join(_block(block, link) for block in blocks)
    return _FRAME.format(title=escape(title), of_town=escape(french.of(town)), body=body)


def _block(block: str, link: str) -> str:
    if block in _HEADINGS:
        return f'<h2 style="margin:20px 0 8px;font-size:18px">{escape(block)}</h2>'
    if block.startswith("- "):
        items = re.split(r"(?:^|\n)- ", block)[1:]
        lines = "".join(f"<li>{_words(item, link)}</li>" for item in items)
        return f'<ul style="margin:0 0 12px;padding-left:20px">{lines}</ul>'
    return f'<p style="margin:0 0 12px">{_words(block, link)}</p>'


def _words(words: str, link: str) -> str:
    safe = escape(words.strip()).replace("\n", "<br>\n")
    return safe.replace(escape(link), _anchor(escape(link)))


def _anchor(address: str) -> str:
    # As high as a finger needs.
    style = "display:inline-block;padding:4px 0;color:#0b5a68"
    return f'<a href="{address}" style="{style}">{address}</a>'
