"""Kemajuan render di terminal: satu batang, dan satu baris per notebook yang selesai."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from kinerja import fmt
from kinerja.render.jalankan import Layar
from kinerja.render.rencana import Tugas


class LayarTerminal(Layar):
    """Penerima kabar render yang menulis ke terminal; di luar terminal hanya baris per notebook yang ditulis."""

    def __init__(self, console: Console) -> None:
        self.console = console
        # Tanpa utas penyegar: proses pekerja dicabangkan dari proses ini, dan bercabang di tengah utas tidak aman.
        self._kemajuan = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            auto_refresh=False,
            transient=True,
            disable=not console.is_terminal,
        )
        self._jalan: list[str] = []
        self._batang = self._kemajuan.add_task("", total=None)

    def __enter__(self) -> LayarTerminal:
        return self

    def __exit__(self, *_: object) -> None:
        self._kemajuan.stop()

    def begin(self, tugas: Sequence[Tugas], jobs: int) -> None:
        """Umumkan banyaknya notebook dan mulai batang kemajuan."""
        self.console.print(f"Merender {len(tugas)} notebook, {jobs} sekaligus.", highlight=False)
        self._kemajuan.update(self._batang, total=len(tugas))
        self._kemajuan.start()

    def start(self, nama: str) -> None:
        """Tambahkan notebook ke keterangan batang."""
        self._jalan.append(nama)
        self._describe()

    def finish(self, nama: str, detik: float, galat: str | None) -> None:
        """Tulis satu baris untuk notebook yang selesai atau gagal."""
        self._jalan.remove(nama)
        tanda = "[green]selesai[/]" if galat is None else "[red]GAGAL[/]  "
        akhir = "" if galat is None else f"  {escape(galat.splitlines()[0])}"
        # Lewat konsol batang, supaya baris tercetak di atas batang dan tidak menimpanya.
        self._kemajuan.console.print(
            f"  {tanda}  {escape(nama):<24} {fmt.angka(detik, 1):>6} detik{akhir}", highlight=False, soft_wrap=True
        )
        self._kemajuan.advance(self._batang)
        self._describe()

    def tick(self) -> None:
        """Gambar ulang batang."""
        self._kemajuan.refresh()

    def _describe(self) -> None:
        self._kemajuan.update(self._batang, description=escape(", ".join(self._jalan)) or "menyusun laporan")
