"""Rumus LaTeX di antara ``$$`` atau ``$`` menjadi MathML saat dokumentasi dibangun: terbaca tanpa skrip dan tanpa
jaringan."""

import re

from latex2mathml.converter import convert

_RUMUS = re.compile(r"^\$\$\n(.+?)\n\$\$$", re.M | re.S)
#: Kode lebih dahulu, supaya `$` di dalamnya (baris perintah) tidak tersentuh.
_SEBARIS = re.compile(r"(^```.*?^```|`[^`\n]+`)|\$(?![\s$])([^$\n]+?)(?<!\s)\$", re.M | re.S)


def on_page_markdown(markdown, **_):
    """Dipanggil MkDocs untuk setiap halaman."""
    markdown = _RUMUS.sub(lambda cocok: f'<div class="rumus">{convert(cocok[1], display="block")}</div>', markdown)
    # <span>: <math> di awal baris dibaca Markdown sebagai paragraf sendiri.
    return _SEBARIS.sub(lambda cocok: cocok[1] or f"<span>{convert(cocok[2], display='inline')}</span>", markdown)
