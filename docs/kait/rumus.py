"""Rumus LaTeX di antara ``$$`` menjadi MathML saat dokumentasi dibangun: terbaca tanpa skrip dan tanpa jaringan."""

import re

from latex2mathml.converter import convert

_RUMUS = re.compile(r"^\$\$\n(.+?)\n\$\$$", re.M | re.S)


def on_page_markdown(markdown, **_):
    """Dipanggil MkDocs untuk setiap halaman."""
    return _RUMUS.sub(lambda cocok: f'<div class="rumus">{convert(cocok[1], display="block")}</div>', markdown)
