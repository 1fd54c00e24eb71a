"""Kaidah setiap notebook: tipis, sudah dijalankan, tanpa jejak waktu dan widget, susunan bagian yang sama."""

import ast
import io
import re
import subprocess
import sys
import tokenize
from pathlib import Path

import nbformat
import numpy as np
import pytest
import yaml
from nbval.plugin import get_sanitize_patterns

from kinerja.data import schema
from kinerja.render.rencana import layout, read_parameters
from notebook_di_proses import run
from tergambar import plotted

AKAR = Path(__file__).resolve().parents[1]
BERKAS = sorted((AKAR / "notebooks").glob("*.ipynb"))
BAGIAN = list(layout()["bagian"])
WAJIB = {
    "ringkasan", "ss1_ikesos", "ss2_pemberi_layanan", "ss3_dtks", "ss4_reformasi_birokrasi", "keuangan", "pen_bansos",
    "prioritas_nasional", "profil_wilayah", "jelajah_ikesos",
}  # fmt: skip
TAG_DIKENAL = {"parameters", "nbval-ignore-output"}
PALING_BANYAK_DIABAIKAN = 9
PASANGAN_PENYERAGAM = 1
BARIS_SEL = 12
BARIS_PARAMETER = 16
MIME_DIKENAL = {"text/plain", "text/html", "image/png"}

setiap_notebook = pytest.mark.parametrize("berkas", BERKAS, ids=lambda x: x.stem)


def baca(berkas):
    return nbformat.read(berkas, as_version=4)


def sel_kode(berkas):
    return [sel for sel in baca(berkas).cells if sel.cell_type == "code"]


def tag(sel):
    return set(sel.metadata.get("tags", []))


def test_semua_notebook_ada():
    assert WAJIB - {x.stem for x in BERKAS} == set()


@setiap_notebook
def test_dituturkan_menurut_pertanyaan(berkas):
    teks = [sel.source for sel in baca(berkas).cells if sel.cell_type == "markdown"]
    judul = [x for isi in teks for x in re.findall(r"^(#{1,2}) +(.+?) *$", isi, re.M)]
    assert [x for x in judul if x[0] == "#"] == judul[:1], "satu judul, di awal"
    bagian = [nama for pagar, nama in judul if pagar == "##"]
    tanya = [x for x in bagian if x.endswith("?")]
    assert 1 <= len(tanya) <= 6, tanya
    assert bagian[: len(tanya) + 1] == [BAGIAN[0], *tanya], "pertanyaan tepat sesudah jawaban singkat"
    sisa = bagian[len(tanya) + 1 :]
    wajib = [x for x in BAGIAN[1:] if x not in ("Coba sendiri", "Rincian")]
    assert [x for x in sisa if x in wajib] == wajib and sisa == [x for x in BAGIAN if x in sisa], sisa


@setiap_notebook
def test_analisis_terlihat_di_sel(berkas):
    kode = "\n".join(sel.source for sel in sel_kode(berkas))
    assert re.search(r"\bsns\.|\b(waterfall|bullet|dots|estimates|stacked|heatmap|small_multiples|tile_map)\(", kode)


@setiap_notebook
def test_angka_yang_tergambar_ada_di_bingkai_jawabannya(berkas):
    for nama, jawaban in run(berkas.stem).jawab.items():
        isi = jawaban.frame.select_dtypes("number").astype(float).to_numpy().ravel()
        for ax in jawaban.axes:
            for jenis, seri, angka in plotted(ax):
                letak = range(max(len(angka), 1)) if jenis == "titik" else ()
                hilang = [x for x in angka if np.isfinite(x) and not np.isclose(isi, x, rtol=1e-9, atol=1e-9).any()]
                hilang = (
                    [x for x in hilang if x not in letak and not float(x).is_integer()] if jenis == "titik" else hilang
                )
                assert hilang == [], f"{nama}: {jenis} {seri} menggambar {hilang}, yang tidak ada di tabelnya"


@setiap_notebook
def test_judul_gambar_temuan_dan_kalimat_pendek(berkas):
    terlihat = run(berkas.stem)
    assert len(re.sub(r"\*\*", "", terlihat.ringkas.kepala).split()) <= 20
    assert 3 <= len(terlihat.ringkas.butir) <= 5
    assert [x for x in terlihat.ringkas.butir if len(x.split()) > 32] == []
    gambar = [x.kalimat["gambar"] for x in terlihat.jawab.values() if x.axes]
    assert len(gambar) == len(set(gambar)) and 1 <= len(gambar) <= 6


@setiap_notebook
def test_satu_sel_parameter_yang_berdiri_sendiri(berkas):
    (sel,) = [sel for sel in sel_kode(berkas) if "parameters" in tag(sel)]
    assert sel is sel_kode(berkas)[0] or sel.source == sel_kode(berkas)[0].source, "sel kode pertama"
    pohon = ast.parse(sel.source)
    keterangan = {
        x.start[0] for x in tokenize.generate_tokens(io.StringIO(sel.source).readline) if x.type == tokenize.COMMENT
    }
    for baris in pohon.body:
        assert isinstance(baris, ast.AnnAssign) and baris.simple, f"bukan 'nama: jenis = nilai': {ast.unparse(baris)}"
        ast.literal_eval(baris.value)
        assert baris.end_lineno in keterangan, f"tanpa keterangan: {ast.unparse(baris)}"
    nama = {baris.target.id: ast.unparse(baris.annotation) for baris in pohon.body}
    assert (nama.get("tahun"), nama.get("bahasa")) == ("int", "str")
    assert {x: p.jenis for x, p in read_parameters(berkas).items()} == nama, "papermill membaca yang sama"
    assert all(p.keterangan for p in read_parameters(berkas).values())


@setiap_notebook
def test_sel_tipis(berkas):
    for i, sel in enumerate(sel_kode(berkas), 1):
        baris = [x for x in sel.source.splitlines() if x.strip()]
        batas = BARIS_PARAMETER if "parameters" in tag(sel) else BARIS_SEL
        assert 0 < len(baris) <= batas, f"sel kode {i} ({sel.id}): {len(baris)} baris"
        perintah = [x for x in baris if re.match(r"\s*[%!]", x)]
        assert set(perintah) <= {"%matplotlib inline"}, f"sel {sel.id}: {perintah}"
        pohon = ast.parse("\n".join(x for x in sel.source.splitlines() if x not in perintah))
        terlarang = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.Try)
        temuan = [type(x).__name__ for x in ast.walk(pohon) if isinstance(x, terlarang)]
        assert temuan == [], f"sel {sel.id}: {temuan}"
        cetak = [x for x in ast.walk(pohon) if isinstance(x, ast.Call) and getattr(x.func, "id", "") == "print"]
        assert cetak == [], f"sel {sel.id}: print; pakai buku.text"


@setiap_notebook
def test_semua_sel_sudah_dijalankan_berurutan_dan_tanpa_galat(berkas):
    assert [sel.execution_count for sel in sel_kode(berkas)] == list(range(1, len(sel_kode(berkas)) + 1))
    for sel in sel_kode(berkas):
        assert [x for x in sel.outputs if x.output_type == "error"] == [], sel.id


@setiap_notebook
def test_keluaran_tersimpan_dan_dapat_dibandingkan(berkas):
    # Sel tanpa keluaran tersimpan lolos nbval tanpa pesan: setiap pemanggilan buku harus meninggalkan keluaran.
    for sel in sel_kode(berkas):
        tampil = re.findall(r"\bbuku\.(summary|answer|reasons|unknowns|method|panel|file)\(", sel.source)
        assert len(sel.outputs) >= len(tampil), f"sel {sel.id}: {len(tampil)} pemanggilan, {len(sel.outputs)} keluaran"
        for keluaran in sel.outputs:
            assert keluaran.output_type == "display_data", f"sel {sel.id}: {keluaran.output_type}"
            assert set(keluaran.data) <= MIME_DIKENAL, f"sel {sel.id}: {sorted(keluaran.data)}"
            assert keluaran.data.get("text/plain", "").strip(), f"sel {sel.id}: keluaran tanpa teks"
            assert " object at 0x" not in keluaran.data["text/plain"], sel.id
            if "image/png" in keluaran.data:
                assert keluaran.metadata["image/png"].get("alt"), f"sel {sel.id}: gambar tanpa alt"


@setiap_notebook
def test_tanpa_jejak_waktu_dan_widget(berkas):
    nb = baca(berkas)
    assert (nb.nbformat, nb.nbformat_minor) == (4, 5)
    assert nb.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for sel in nb.cells:
        assert set(sel.metadata) <= {"tags"}, f"sel {sel.id}: {sorted(sel.metadata)}"
        assert tag(sel) <= TAG_DIKENAL, sel.id
    pengenal = [sel.id for sel in nb.cells]
    assert len(pengenal) == len(set(pengenal))
    assert [x for x in pengenal if not re.fullmatch(r"[a-z][a-z0-9-]*", x)] == [], (
        "pengenal sel berupa kata, bukan acak"
    )


@setiap_notebook
def test_tanpa_letak_mesin(berkas):
    assert re.findall(r"/(?:home|root|work|tmp|Users)/\w+", berkas.read_text("utf-8")) == []


@setiap_notebook
def test_tanpa_latex(berkas):
    for sel in baca(berkas).cells:
        if sel.cell_type == "markdown":
            assert not re.search(r"\$[^$\n]+\$|\\\(|\\\[", sel.source), f"sel {sel.id}: rumus ditulis sebagai teks"


@setiap_notebook
def test_teks_dua_bahasa_lengkap_dan_dipakai(berkas):
    teks = yaml.safe_load((AKAR / "lib" / "kinerja" / "teks" / f"{berkas.stem}.yml").read_text("utf-8"))
    assert set(_jawaban_dipanggil(berkas)) == set(teks["jawab"]), "jawaban tanpa uraian, atau uraian yang tidak dipakai"
    assert list(_satu_bahasa(teks)) == []
    dari = {x for isi in teks["jawab"].values() for x in isi.get("dari", [])}
    assert dari - set(schema.tables()) == set(), "tabel mentah yang tidak dikenal"
    sel = {x.id for x in baca(berkas).cells if x.cell_type == "markdown"}
    assert set(teks.get("sel") or {}) - sel == set(), "terjemahan sel yang tidak ada"


def _jawaban_dipanggil(berkas):
    """Nama setiap jawaban yang dipanggil, yang selalu tertulis."""
    for sel in sel_kode(berkas):
        for x in ast.walk(ast.parse(re.sub(r"^%.*$", "", sel.source, flags=re.M))):
            if isinstance(x, ast.Call) and getattr(x.func, "attr", "") == "answer":
                yield x.args[0].value


def _satu_bahasa(isi, jejak=""):
    """Tempat di berkas teks yang hanya punya satu bahasa."""
    if isinstance(isi, dict):
        if "id" in isi and isinstance(isi["id"], str) and not isi.get("en"):
            yield jejak
        for kunci, anak in isi.items():
            yield from _satu_bahasa(anak, f"{jejak}/{kunci}")
    elif isinstance(isi, list):
        for i, anak in enumerate(isi):
            yield from _satu_bahasa(anak, f"{jejak}/{i}")


@setiap_notebook
def test_sel_markdown_punya_terjemahan(berkas):
    teks = yaml.safe_load((AKAR / "lib" / "kinerja" / "teks" / f"{berkas.stem}.yml").read_text("utf-8"))
    terjemahan = teks.get("sel") or {}
    for sel in baca(berkas).cells:
        if sel.cell_type == "markdown" and sel.source.removeprefix("## ") not in BAGIAN:
            assert (terjemahan.get(sel.id) or {}).get("en"), f"sel '{sel.id}' belum ada terjemahannya"


def test_pengecualian_nbval_hanya_segelintir():
    banyak = {berkas.stem: sum("nbval-ignore-output" in tag(sel) for sel in sel_kode(berkas)) for berkas in BERKAS}
    assert sum(banyak.values()) <= PALING_BANYAK_DIABAIKAN, banyak
    komentar = [x.stem for x in BERKAS if re.search(r"NBVAL_|PYTEST_VALIDATE", x.read_text("utf-8"))]
    assert komentar == [], "pengecualian lewat komentar tidak terhitung"


def test_penyeragam_terbaca_semua_dan_tidak_rakus():
    isi = (AKAR / "notebooks" / "sanitasi.cfg").read_text("utf-8")
    pasangan = get_sanitize_patterns(isi)
    assert len(pasangan) == PASANGAN_PENYERAGAM == isi.count("regex:") == isi.count("replace:")
    for pola, pengganti in pasangan:
        assert pengganti.strip() and not re.search(r"(?<!\\)\.[*+]", pola), f"rakus: {pola}"
        for angka in ("Rp134.171.839.274.000", "97,12%", "35.841", "<td>101,52</td>"):
            assert re.sub(pola, pengganti, angka) == angka, f"menelan angka: {pola}"


def test_nbval_tanpa_pilihan_memakai_penyeragam_dan_melewati_stderr(tmp_path):
    for nama in ("conftest.py", "sanitasi.cfg"):
        (tmp_path / nama).write_bytes((AKAR / "notebooks" / nama).read_bytes())
    keluaran = [
        nbformat.v4.new_output("stream", name="stderr", text="lain sama sekali\n"),
        nbformat.v4.new_output(
            "execute_result", {"text/plain": "<__main__.X object at 0x7f0000000000>"}, execution_count=1
        ),
    ]
    sel = nbformat.v4.new_code_cell(
        "import sys\nprint('peringatan', file=sys.stderr)\ntype('X', (), {})()", outputs=keluaran, execution_count=1
    )
    nbformat.write(nbformat.v4.new_notebook(cells=[sel]), tmp_path / "n.ipynb")
    hasil = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", str(tmp_path), "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert "1 passed" in hasil.stdout, hasil.stdout
