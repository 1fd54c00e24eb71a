"""``python -m kinerja.cli``: sama dengan perintah ``kinerja``."""

from kinerja.cli import main

main()
