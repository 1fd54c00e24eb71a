"""Dari lembar isian ke tabel data: kode, satuan, sumber, dan aturan yang tidak ditulis petugas diisi di sini."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from kinerja.data import tulisan
from kinerja.errors import GalatData
from kinerja.lembaga.bentuk import (
    ANGGARAN,
    IDENTITAS,
    INDIKATOR,
    Satuan,
    basic_units,
    columns,
    unit_list,
    unit_names,
    units,
)
from kinerja.lembaga.indikator import put_indicator
from kinerja.lembaga.isian import Baris, Isian
from kinerja.lembaga.susunan import Lama, Susunan, code, decimals
from kinerja.periode import TAHUN, end_date


def compose(isian: Isian, lama: Callable[[str], Lama]) -> Susunan:
    """Susun tabel dari lembar isian; semua masalahnya ada di ``masalah``, dan bila ada tabelnya tidak lengkap.

    Parameters
    ----------
    isian : Isian
    lama : callable
        Dari nama lembaga ke yang sudah ada di folder datanya.
    """
    s = Susunan(masalah=list(isian.masalah), diabaikan=isian.diabaikan)
    _identity(s, isian)
    ada = lama(s.nama)
    s.satuan = {k: units()[k] for k in basic_units()} | ada.satuan
    if not isian.indikator and not isian.anggaran and not s.masalah:
        s.masalah.append(
            GalatData(
                isian.nama, ditemukan="tanpa satu pun indikator atau anggaran", diharapkan="paling sedikit satu baris"
            )
        )
    satuan = _resolve_units(s, isian)
    _indicators(s, isian, ada, satuan)
    _budget(s, isian)
    return s


# Identitas ------------------------------------------------------------------------------------------------------------


def _identity(s: Susunan, isian: Isian) -> None:
    isi = {k: s.value(IDENTITAS, isian.identitas.get(k), k) for k in columns(IDENTITAS)}
    for k, x in columns(IDENTITAS).items():
        if x.wajib and k not in isian.identitas:
            s.masalah.append(GalatData(IDENTITAS, kolom=x.judul, ditemukan="sel kosong", diharapkan=x.uraian))
    s.nama, s.tahun = isi["nama"], int(isi["tahun"] or 0)
    periode = isi["periode"] or TAHUN
    teks = {
        "nama_institusi": s.nama,
        "nama_pendek": isi["singkatan"] or s.nama,
        "jenis_institusi": (isi["jenis"] or s.nama.partition(" ")[0]).casefold(),
        **{k: isi[k] for k in ("penerbit", "kontak", "sebutan_sasaran", "sebutan_indikator")},
        "periode": periode,
        "agregasi_sasaran": "rata_rata",
        "agregasi_institusi": "rata_rata_sasaran",
    }
    skala = int(isi["pembulatan"] or 0)
    angka = {
        "batas_capaian": (isi["batas"], "persen_capaian"),
        "tahun_akhir_renstra": (isi["akhir"], "tahun"),
        "pembulatan_uang": (str(10**skala) if skala else "", "rupiah"),
    }
    asal = isian.identitas.get("nama")
    for kunci, x in teks.items():
        if x:
            s.add("aturan", asal, kunci=kunci, teks=x, nilai="", satuan="teks")
    for kunci, (x, satuan) in angka.items():
        if x:
            s.add("aturan", asal, kunci=kunci, teks="", nilai=x, satuan=satuan)
    if isi["batas"] and Decimal(isi["batas"]) < 100:
        s.wrong(isian.identitas["batas"], "Batas capaian (%)", isi["batas"], "100 atau lebih")
    akhir = end_date(max(s.tahun, 1), periode).isoformat()  # tahun yang salah tulis sudah disebut
    s.bawaan = {"periode": periode, "tanggal": isi["tanggal"] or akhir, "skala": skala, "akhir": isi["akhir"]}


# Satuan ---------------------------------------------------------------------------------------------------------------


def _resolve_units(s: Susunan, isian: Isian) -> list[str]:
    """Kode satuan setiap baris indikator; satuan yang belum dikenal didaftarkan, kecuali mirip yang dikenal."""
    kenal = dict(unit_names())
    for x in s.satuan.values():
        kenal.setdefault(x.nama.casefold(), x.kode)
    kode = []
    for baris in isian.indikator:
        tulis = s.value(INDIKATOR, baris, "satuan")
        kunci = tulis.casefold()
        if not tulis:
            s.wrong(baris, "Satuan", "sel kosong", f"satuan: {', '.join(unit_list())}, atau satuan sendiri")
        elif kunci not in kenal and (dekat := tulisan.near(tulis, kenal, 0.82)):
            s.wrong(
                baris,
                "Satuan",
                f"'{tulis}'",
                f"satuan {_unit_name(s, kenal[dekat.casefold()])}, atau nama yang lebih berbeda",
            )
        elif kunci not in kenal:
            kenal[kunci] = _new_unit(s, isian, tulis)
        kode.append(kenal.get(kunci, ""))
        if kode[-1] in units():
            s.satuan.setdefault(kode[-1], units()[kode[-1]])
    return kode


def _unit_name(s: Susunan, kode: str) -> str:
    return (s.satuan.get(kode) or units()[kode]).nama


def _new_unit(s: Susunan, isian: Isian, tulis: str) -> str:
    """Satuan lembaga sendiri: bulat bila semua angkanya bulat; teks bila semua isinya bukan angka."""
    milik = [x for x in isian.indikator if x.sel.get("satuan") and x.sel["satuan"].teks.casefold() == tulis.casefold()]
    sel = [
        x
        for baris in milik
        for k, x in baris.sel.items()
        if k.split("_")[0] in ("target", "realisasi", "lalu", "akhir")
    ]
    if sel and not any(re.search(r"[0-9]", x.teks) for x in sel):
        return "teks"
    desimal = max((decimals(x.teks if x.angka else x.teks.replace(".", "").replace(",", ".")) for x in sel), default=0)
    kode = code(tulis, set(s.satuan) | set(units()))
    s.satuan[kode] = Satuan(kode, tulis, tulis, "pecahan" if desimal else "bulat", str(desimal))
    s.baru.append(tulis)
    return kode


# Indikator ------------------------------------------------------------------------------------------------------------


def _indicators(s: Susunan, isian: Isian, lama: Lama, satuan: Sequence[str]) -> None:
    kode_sasaran, kode_iku = dict(lama.sasaran), dict(lama.iku)
    dipakai: set[str] = set()
    sasaran = ""
    for baris, sat in zip(isian.indikator, satuan, strict=True):
        sasaran = s.value(INDIKATOR, baris, "sasaran") or sasaran
        nama = s.value(INDIKATOR, baris, "indikator")
        if not sasaran:
            s.wrong(baris, "Sasaran", "sel kosong", "nama sasaran, paling sedikit di baris pertama")
        if not nama:
            s.wrong(baris, "Indikator", "sel kosong", "nama indikator")
        if not (sasaran and nama and sat):
            continue
        ss, kode = _coded(kode_sasaran, sasaran, "SS"), _coded(kode_iku, nama, "IK")
        if ss not in {x["kode"] for x in s.tabel.get("sasaran", ())}:
            s.add("sasaran", baris, kode=ss, nama=sasaran, tujuan=sasaran)
        if kode in dipakai:
            s.wrong(baris, "Indikator", f"'{nama}' untuk kedua kalinya", "setiap indikator satu baris")
            continue
        dipakai.add(kode)
        put_indicator(s, baris, kode, ss, nama, sat)
    ditulis = {(x["kode"], x["tahun"]) for x in s.tabel.get("renstra", ())}
    s.tabel.setdefault("renstra", []).extend(x for x in lama.renstra if (x["kode"], x["tahun"]) not in ditulis)


def _coded(kode: dict[str, str], nama: str, awalan: str) -> str:
    kunci = nama.casefold()
    if kunci not in kode:
        nomor = [int(x[2:]) for x in kode.values() if re.fullmatch(rf"{awalan}[0-9]+", x)]
        kode[kunci] = f"{awalan}{max(nomor, default=0) + 1}"
    return kode[kunci]


# Anggaran -------------------------------------------------------------------------------------------------------------


def _budget(s: Susunan, isian: Isian) -> None:
    sasaran = {x["nama"].casefold(): x["kode"] for x in s.tabel.get("sasaran", ())}
    dipakai: set[str] = set()
    ada: set[tuple[str, str]] = set()
    for baris in isian.anggaran:
        rincian, nama = (s.value(ANGGARAN, baris, k) for k in ("rincian", "nama"))
        if not rincian and "rincian" not in baris.sel:
            s.wrong(baris, "Rincian", "sel kosong", f"salah satu dari {', '.join(columns(ANGGARAN)['rincian'].daftar)}")
        if rincian not in ("", "total") and not nama:
            s.wrong(baris, "Nama", "sel kosong", "nama yang dirinci")
        if not rincian or (rincian != "total" and not nama):
            continue
        if (rincian, nama.casefold()) in ada:
            s.wrong(baris, "Nama", f"'{nama or rincian}' untuk kedua kalinya", "setiap rincian satu baris")
            continue
        ada.add((rincian, nama.casefold()))
        if rincian == "total":
            kode, nama = "lembaga", s.nama
        elif rincian == "sasaran":
            kode = sasaran.get(nama.casefold(), "")
            if not kode:
                harap = tulisan.one_of(nama, (x["nama"] for x in s.tabel.get("sasaran", ())))
                s.wrong(baris, "Nama", f"'{nama}'", f"sasaran di lembar {INDIKATOR}: {harap}")
                continue
        else:
            kode = code(re.sub(r"\Abelanja\s+", "", nama, flags=re.I), dipakai)
        _amounts(s, baris, {"rincian": rincian, "kode": kode, "per": s.bawaan["tanggal"], "nama": nama})


def _amounts(s: Susunan, baris: Baris, kunci: dict[str, str]) -> None:
    nilai = {k: s.value(ANGGARAN, baris, k, utuh=True) for k in ("pagu", "realisasi")}
    for k, x in nilai.items():
        uang = Decimal(x or 0).scaleb(s.bawaan["skala"])
        if uang != uang.to_integral_value():
            s.wrong(baris, columns(ANGGARAN)[k].judul, f"'{x}'", "rupiah utuh, tanpa sen")
        elif x:
            s.add("anggaran", baris, **kunci, ukuran=k, nilai=f"{uang.to_integral_value():f}", satuan="rupiah")
    if serap := s.value(ANGGARAN, baris, "penyerapan"):
        s.add("anggaran", baris, **kunci, ukuran="penyerapan", nilai=serap, satuan="persen")
    elif not any(nilai.values()) and not {"pagu", "realisasi"} & set(baris.sel):
        s.wrong(baris, "Pagu", "sel kosong", "pagu, realisasi, atau penyerapan")
