"""Pekerjaan berdampingan: hasil, kegagalan, kematian pekerja, dan penghentian tanpa sisa proses."""

import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial

import psutil
import pytest

from kinerja.render import jalankan
from kinerja.render.jalankan import Dihentikan, run_side_by_side, stop_on_signals


def kembalikan(nilai, jeda=0.0):
    time.sleep(jeda)
    return nilai


def lempar():
    raise ValueError("sengaja")


def mati():
    os._exit(7)


def tidur_dengan_anak():
    subprocess.run(["sleep", "60"])


def test_hasil_menurut_urutan_selesai():
    kerja = [("lambat", partial(kembalikan, 1, 0.4)), ("cepat", partial(kembalikan, 2))]
    assert [(x.nama, x.isi, x.galat) for x in run_side_by_side(kerja, 2)] == [("cepat", 2, None), ("lambat", 1, None)]


def test_satu_kegagalan_tidak_menghentikan_yang_lain():
    kerja = [("lempar", lempar), ("mati", mati), ("baik", partial(kembalikan, 3))]
    hasil = {x.nama: (x.isi, x.galat) for x in run_side_by_side(kerja, 1)}
    assert hasil == {
        "lempar": (None, "ValueError: sengaja"),
        "mati": (None, "proses pelaksananya mati sebelum selesai"),
        "baik": (3, None),
    }


def test_paling_banyak_sekian_sekaligus():
    mulai = []
    hasil = run_side_by_side([(str(i), partial(kembalikan, i, 0.1)) for i in range(3)], 2, mulai=mulai.append)
    assert next(hasil).nama in "01"
    assert mulai == ["0", "1", "2"], "yang ketiga mulai begitu satu selesai"
    assert len(list(hasil)) == 2


def test_berhenti_di_tengah_mematikan_pekerja_dan_anaknya():
    lain = psutil.Process().children(recursive=True)  # peladen uji lain dalam proses ini
    hasil = run_side_by_side([("baik", partial(kembalikan, 1)), ("lama", tidur_dengan_anak)], 2)
    next(hasil)
    time.sleep(0.2)
    anak = [x for x in psutil.Process().children(recursive=True) if x not in lain]
    assert len(anak) >= 2
    hasil.close()
    _, sisa = psutil.wait_procs(anak, timeout=5)
    assert sisa == []


@pytest.mark.parametrize("sinyal", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_sinyal_menjadi_penghentian(sinyal):
    semula = signal.getsignal(sinyal)
    with pytest.raises(Dihentikan) as henti, stop_on_signals():
        os.kill(os.getpid(), sinyal)
        time.sleep(1)
    assert henti.value.sinyal == sinyal
    assert signal.getsignal(sinyal) == semula


def test_di_utas_lain_sinyal_dibiarkan():
    def coba():
        with stop_on_signals():
            terlewati.append(True)

    terlewati = []
    utas = threading.Thread(target=coba)
    utas.start()
    utas.join()
    assert terlewati == [True]


LANGSUNG = "list(k.run_side_by_side([('lama', t.tidur_dengan_anak)], 1))"
DIASUH = "with k.Pengasuh() as x: list(x.run([('lama', t.tidur_dengan_anak)], 1, mulai=print, denyut=list))"


@pytest.mark.parametrize(("perintah", "banyak"), [(LANGSUNG, 2), (DIASUH, 3)])
def test_pekerja_mengakhiri_diri_bila_induknya_dibunuh(perintah, banyak):
    kode = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_render_jalankan as t\n"
        f"from kinerja.render import jalankan as k\n{perintah}"
    )
    induk = subprocess.Popen([sys.executable, "-c", kode, os.path.dirname(__file__)])
    keturunan = []
    batas = time.monotonic() + 10
    while len(keturunan) < banyak and time.monotonic() < batas:
        time.sleep(0.1)
        keturunan = psutil.Process(induk.pid).children(recursive=True)
    assert len(keturunan) == banyak
    induk.kill()
    induk.wait()
    _, sisa = psutil.wait_procs(keturunan, timeout=5)
    assert sisa == []


def test_beberapa_pekerjaan_di_satu_proses_dan_yang_mati_tidak_menyeret_sisanya():
    kerja = [("a", os.getpid), ("b", os.getpid), ("mati", mati), ("c", os.getpid), ("d", os.getpid), ("e", os.getpid)]
    mulai = []
    hasil = {x.nama: x for x in run_side_by_side(kerja, 1, seproses=3, mulai=mulai.append)}
    assert mulai == [nama for nama, _ in kerja]
    assert hasil["mati"].galat == "proses pelaksananya mati sebelum selesai"
    pid = {nama: x.isi for nama, x in hasil.items() if nama != "mati"}
    assert pid["a"] == pid["b"] != pid["c"], "tiga pertama seproses, dan sisanya mendapat proses baru"
    assert all(x.galat is None for nama, x in hasil.items() if nama != "mati")


@pytest.mark.parametrize(("banyak", "jobs"), [(1, 1), (5, 2), (34, 2), (17, 3)])
def test_setiap_pekerjaan_sekali(banyak, jobs):
    kerja = [(str(i), partial(kembalikan, i)) for i in range(banyak)]
    assert sorted(x.isi for x in run_side_by_side(kerja, jobs, seproses=8)) == list(range(banyak))


def siapkan(berkas):
    berkas.write_text(str(os.getpid()))
    os.environ["DISIAPKAN"] = "ya"
    raise ValueError("penyiapan yang gagal tidak menghentikan pekerja")


def lihat():
    return os.getppid(), os.environ.get("DISIAPKAN")


def bunuh_pengasuh():
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)


@pytest.mark.skipif(sys.platform != "linux", reason="hanya di Linux proses bercabang")
def test_pengasuh_mencabangkan_pekerja_yang_mewarisi_penyiapannya(tmp_path):
    mulai, denyut = [], []
    with jalankan.Pengasuh(partial(siapkan, tmp_path / "pid")) as pengasuh:
        kerja = [(x, lihat) for x in "abc"]
        hasil = list(pengasuh.run(kerja, 2, mulai=mulai.append, denyut=lambda: denyut.append(1)))
    assert mulai == ["a", "b", "c"] and denyut
    assert {x.nama: x.isi for x in hasil} == dict.fromkeys("abc", (int((tmp_path / "pid").read_text()), "ya"))
    assert "DISIAPKAN" not in os.environ
    assert not psutil.pid_exists(hasil[0].isi[0])


def test_pengasuh_yang_tidak_jadi_dipakai_berakhir(tmp_path):
    with pytest.raises(ZeroDivisionError), jalankan.Pengasuh(partial(time.sleep, 60)) as pengasuh:
        proses = pengasuh._proses
        raise ZeroDivisionError
    assert proses is None or not proses.is_alive()


@pytest.mark.skipif(sys.platform != "linux", reason="hanya di Linux proses bercabang")
def test_pengasuh_yang_mati_dilaporkan_tiap_pekerjaan():
    with jalankan.Pengasuh() as pengasuh:
        kerja = [("a", bunuh_pengasuh), ("b", os.getpid)]
        hasil = list(pengasuh.run(kerja, 1, mulai=lambda nama: None, denyut=lambda: None))
    assert [(x.nama, x.galat) for x in hasil] == [(x, "proses pengasuh para pekerja mati") for x in "ab"]
