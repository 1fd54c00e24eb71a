"""Dari ``data/raw`` ke ``data/processed``: baca semua tabel, periksa silang, simpan hasil yang bertipe.

Hasil olahan dipakai selama sidik berkas mentahnya sama. Catatan sumber (``sources.yml``) menyegel setiap berkas dengan
sha256-nya.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import yaml

from kinerja import paths
from kinerja.berkas import parse_yaml, replacing, write_whole
from kinerja.data import reading, schema
from kinerja.data.tulisan import near
from kinerja.errors import GalatData, GalatParameter, raise_all

SEGEL = "segel.json"
KOLOM_SUMBER = ("id", "judul", "judul_pendek", "penerbit", "tanggal", "alamat", "lisensi", "cara_salin", "bagian")
KOLOM_ANGKA = ("tabel", "nilai", "teks", "desimal", *schema.KOLOM_FAKTA[1:], "berkas", "baris")
"""Kolom setiap angka laporan, di samping ``id``-nya."""

_TAWARAN = 20  # rujukan putus yang dicarikan miripnya
_KODE = ("schema.py", "reading.py", "tulisan.py", "process.py")


def check_year(raw: Path, tahun: int) -> None:
    """Pastikan tahun ada.

    Raises
    ------
    GalatParameter
        Tidak ada folder tahun itu; pesannya menyebut tahun yang ada.
    """
    if tahun not in paths.years(raw):
        ada = ", ".join(map(str, paths.years(raw))) or "belum ada"
        raise GalatParameter(f"Tahun {tahun} tidak ada di data/raw. Tahun yang ada: {ada}.")


def read_year(raw: Path, tahun: int) -> tuple[dict[str, pd.DataFrame], pd.DataFrame, pd.DataFrame]:
    """Baca dan periksa semua tabel satu tahun beserta tabel acuan.

    Returns
    -------
    tabel : dict of str to pandas.DataFrame
        Nama tabel ke isinya.
    satuan, sumber : pandas.DataFrame
        Daftar satuan dan catatan sumber.

    Raises
    ------
    GalatData
        Berkas wajib tidak ada, berkas tak dikenal, isi tidak sesuai skema, rujukan putus, atau bagian tidak
        berjumlah total.
    GalatParameter
        Tahun tidak ada.
    """
    check_year(raw, tahun)
    satuan = reading.read_units(raw)
    sumber = load_sources(raw)
    dikenal = frozenset(sumber["id"])
    skema = schema.tables()
    masalah = _check_files(raw, tahun, skema)
    tabel = {}
    for nama, spec in skema.items():
        berkas = raw / spec.berkas(tahun)
        # tautan yang putus bukan tabel yang belum diisi; pembacanya menolaknya
        if spec.wajib or berkas.exists() or berkas.is_symlink():
            try:
                isi = reading.read_table(raw, spec, tahun, satuan, dikenal)
            except GalatData as galat:
                masalah.append(galat)
                continue
            # berkas yang baru berisi kepala sama dengan tabel yang belum diisi
            if len(isi) or spec.wajib:
                tabel[nama] = isi
    raise_all(masalah)
    raise_all(_check_references(tabel, skema))
    raise_all(_check_sums(tabel))
    return tabel, satuan, sumber


def _check_files(raw: Path, tahun: int, skema: dict[str, schema.Tabel]) -> list[GalatData]:
    dikenal = {spec.berkas(tahun) for spec in skema.values()} | {"acuan/satuan.csv"}
    ada = [f"{x}/{berkas.name}" for x in (str(tahun), "acuan") for berkas in sorted((raw / x).glob("*.csv"))]
    return [
        GalatData(
            x, ditemukan="berkas yang tidak ada dalam skema", diharapkan=_like(x, dikenal, "nama tabel dari kamus data")
        )
        for x in ada
        if x not in dikenal
    ]


def _like(kata: str, pilihan: Iterable[str], harapan: str) -> str:
    dekat = near(kata, pilihan)
    return f"{harapan} (mungkin {dekat})" if dekat else harapan


def _check_references(tabel: dict[str, pd.DataFrame], skema: dict[str, schema.Tabel]) -> list[GalatData]:
    semua = {id_ for isi in tabel.values() for id_ in isi["id"]}
    masalah: list[GalatData] = []

    def putus(berkas: str, baris: int, kolom: str, temuan: str, pilihan: Iterable[str], harapan: str) -> None:
        if len(masalah) < _TAWARAN:
            harapan = _like(temuan, pilihan, harapan)
        masalah.append(GalatData(berkas, baris=int(baris), kolom=kolom, ditemukan=f"'{temuan}'", diharapkan=harapan))

    for nama, isi in tabel.items():
        spec = skema[nama]
        for kolom, tujuan in spec.rujukan.items():
            if tujuan not in tabel:
                continue
            ada = set(tabel[tujuan][next(iter(skema[tujuan].kunci))].astype(str))
            # kolom rujukan yang boleh kosong: baris itu tidak menunjuk apa pun
            for x in isi[~isi[kolom].astype(str).isin(ada | {""})].to_dict("records"):
                putus(x["berkas"], x["baris"], kolom, str(x[kolom]), ada, f"kode yang ada di {tujuan}.csv")
        for kolom in (k for k, tipe in spec.tipe.items() if tipe in ("acuan", "acuan_daftar", "acuan_banyak")):
            for berkas, baris, acuan in zip(isi["berkas"], isi["baris"], isi[kolom], strict=True):
                for id_ in (x for x in acuan.split() if x not in semua):
                    putus(berkas, baris, kolom, id_, semua, "id baris yang ada")
    return masalah


def _check_sums(tabel: dict[str, pd.DataFrame]) -> list[GalatData]:
    if "jumlah" not in tabel:
        return []
    masalah = []
    jumlah = [(x, [x.total, *x.bagian_id.split()]) for x in tabel["jumlah"].itertuples()]
    perlu = {id_ for _, ids in jumlah for id_ in ids}
    angka = pd.concat([isi[isi["id"].isin(perlu)] for isi in tabel.values() if "nilai" in isi]).set_index("id")
    fakta = angka[["nilai", "desimal", "berkas", "baris"]].to_dict("index")
    for aturan, ids in jumlah:
        for bukan in (x for x in ids if x not in fakta):
            raise GalatData(
                aturan.berkas, baris=aturan.baris, ditemukan=f"'{bukan}'", diharapkan="id baris tabel angka"
            )
        total, *bagian = (fakta[x] for x in ids)
        desimal = max(x["desimal"] for x in (total, *bagian))
        hasil = round(math.fsum(x["nilai"] for x in bagian), desimal)
        if hasil == hasil and total["nilai"] == total["nilai"] and hasil != round(total["nilai"], desimal):
            temuan = f"total {aturan.total} = {total['nilai']:.{desimal}f}, jumlah bagiannya {hasil:.{desimal}f}"
            harapan = f"sama (aturan di {aturan.berkas}, baris {aturan.baris}: {aturan.bagian_id})"
            masalah.append(
                GalatData(total["berkas"], baris=total["baris"], kolom="nilai", ditemukan=temuan, diharapkan=harapan)
            )
    return masalah


def fingerprint(raw: Path, tahun: int) -> dict[str, str]:
    """Sidik semua masukan: berkas tahun itu, acuan, catatan sumber, skema, dan kode pembacanya."""
    sidik = {}
    for folder in (str(tahun), "acuan"):
        for berkas in sorted((raw / folder).rglob("*.csv")):
            sidik[berkas.relative_to(raw).as_posix()] = sha256(berkas)
    if (raw / "sources.yml").is_file():
        sidik["sources.yml"] = sha256(raw / "sources.yml")
    kode = hashlib.sha256(schema.path().read_bytes())
    for nama in _KODE:
        kode.update(Path(__file__).with_name(nama).read_bytes())
    sidik["skema"] = kode.hexdigest()
    return sidik


def files_by_source(tabel: dict[str, pd.DataFrame]) -> dict[str, set[str]]:
    """Nama berkas ke id sumber yang disebut baris-barisnya."""
    return {isi["berkas"].iloc[0]: set(isi["sumber"]) for isi in tabel.values() if len(isi)}


def is_current(tujuan: Path, sidik: dict[str, str]) -> bool:
    """Apakah hasil olahan di folder tujuan dibuat dari masukan bersidik ini."""
    try:
        return json.loads((tujuan / SEGEL).read_text(encoding="utf-8")) == sidik
    except (OSError, ValueError):
        return False


def build(raw: Path, tujuan: Path, tahun: int) -> dict[str, pd.DataFrame]:
    """Bangun ulang ``data/processed/<tahun>``.

    Setiap berkas ditulis di samping lalu diganti namanya, dan segel ditulis paling akhir, sehingga pembangunan yang
    terputus atau berbarengan tidak pernah meninggalkan hasil setengah jadi yang dianggap utuh.
    """
    sidik = fingerprint(raw, tahun) if (raw / str(tahun)).is_dir() else {}
    tabel, satuan, sumber = read_year(raw, tahun)
    tujuan.mkdir(parents=True, exist_ok=True)
    isi = tabel | {"satuan": satuan.reset_index(), "sumber": sumber.drop(columns="berkas"), "fakta": facts(tabel)}
    with replacing(tujuan / SEGEL) as segel:
        for nama, frame in isi.items():
            berkas = segel.with_name(f"{nama}.csv")
            berkas.write_text(_to_csv(frame), encoding="utf-8", newline="")
            berkas.replace(tujuan / berkas.name)
        for sisa in {x.name for x in tujuan.glob("*.csv")} - {f"{nama}.csv" for nama in isi}:
            (tujuan / sisa).unlink(missing_ok=True)
        segel.write_text(json.dumps(sidik, indent=1, sort_keys=True), encoding="utf-8")
    return tabel


def facts(tabel: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Semua angka laporan dalam satu tabel panjang: ``id`` dan :data:`KOLOM_ANGKA`; tanpa deret menurut wilayah."""
    kolom = ["id", *KOLOM_ANGKA]
    ada = {nama: isi for nama, isi in tabel.items() if schema.tables()[nama].laporan}
    # kolom kunci dibuang sebelum digabung: menjajarkan ratusan kolom yang tidak dipakai sepuluh kali lebih lama
    return pd.concat(
        [isi.assign(tabel=nama, teks=isi.get("teks", ""))[kolom] for nama, isi in ada.items()], ignore_index=True
    )


def printed(frame: pd.DataFrame) -> list[str]:
    """Kolom ``nilai`` seperti tercetak: bilangan bulat besar tanpa ".0", supaya rupiah tetap terbaca dan tepat."""
    return [f"{x:.{d}f}" if x == x else "" for x, d in zip(frame["nilai"], frame["desimal"], strict=True)]


def _to_csv(frame: pd.DataFrame) -> str:
    frame = frame.copy()
    if "nilai" in frame:
        frame["nilai"] = printed(frame)
    return frame.to_csv(index=False, lineterminator="\n")


# Catatan sumber -------------------------------------------------------------------------------------------------------


def sha256(berkas: Path) -> str:
    """Sidik sha256 isi sebuah berkas."""
    return hashlib.sha256(berkas.read_bytes()).hexdigest()


def load_sources(raw: Path) -> pd.DataFrame:
    """Baca catatan sumber.

    Parameters
    ----------
    raw : Path
        Folder ``data/raw``.

    Returns
    -------
    pandas.DataFrame
        Satu baris per sumber dengan kolom ``KOLOM_SUMBER`` dan ``berkas`` (dict nama berkas ke sha256).

    Raises
    ------
    GalatData
        Berkas tidak ada, bukan YAML yang benar, atau sebuah catatan tidak lengkap atau ganda.
    """
    berkas = raw / "sources.yml"
    if not berkas.is_file():
        raise GalatData("sources.yml", ditemukan="berkas tidak ada", diharapkan="catatan sumber")
    try:
        isi = parse_yaml(berkas.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as galat:
        baris = getattr(getattr(galat, "problem_mark", None), "line", None)
        raise GalatData(
            "sources.yml",
            baris=None if baris is None else baris + 1,
            ditemukan="tulisan yang bukan YAML",
            diharapkan="YAML UTF-8 dengan daftar 'sumber'",
        ) from galat
    catatan = isi.get("sumber") if isinstance(isi, dict) else None
    if not isinstance(catatan, list) or not catatan:
        raise GalatData("sources.yml", ditemukan="tanpa daftar 'sumber'", diharapkan="daftar 'sumber' yang berisi")
    for nomor, satu in enumerate(catatan, 1):
        if not isinstance(satu, dict):
            raise GalatData(
                "sources.yml",
                ditemukan=f"catatan ke-{nomor} bukan pasangan nama dan isi",
                diharapkan="satu catatan sumber",
            )
        kurang = [kolom for kolom in KOLOM_SUMBER if kolom not in satu]
        if kurang:
            raise GalatData(
                "sources.yml", ditemukan=f"catatan ke-{nomor} tanpa {', '.join(kurang)}", diharapkan="semua isian"
            )
    tabel = pd.DataFrame([{**{k: str(s[k]) for k in KOLOM_SUMBER}, "berkas": s.get("berkas") or {}} for s in catatan])
    ganda = tabel["id"][tabel["id"].duplicated()]
    if len(ganda):
        raise GalatData("sources.yml", kolom="id", ditemukan=f"id ganda '{ganda.iloc[0]}'", diharapkan="id yang unik")
    return tabel


def unsealed(raw: Path, sumber: pd.DataFrame, berkas_sumber: dict[str, set[str]]) -> list[str]:
    """Berkas yang isinya berbeda dari segel, belum disegel, atau disegel tetapi sudah tidak ada.

    Parameters
    ----------
    raw : Path
        Folder ``data/raw``.
    sumber : pandas.DataFrame
        Keluaran `load_sources`.
    berkas_sumber : dict of str to set of str
        Nama berkas ke id sumber yang disebut baris-barisnya.
    """
    segel = {(satu.id, berkas): sidik for satu in sumber.itertuples() for berkas, sidik in satu.berkas.items()}
    perlu = {(id_, berkas) for berkas, ids in berkas_sumber.items() for id_ in ids}
    beda = {berkas for id_, berkas in perlu if segel.get((id_, berkas)) != sha256(raw / berkas)}
    diperiksa = set(berkas_sumber)
    folder = {berkas.split("/")[0] for berkas in diperiksa}
    yatim = {berkas for _, berkas in segel if berkas.split("/")[0] in folder and berkas not in diperiksa}
    return sorted(beda | yatim)


def seal(raw: Path, berkas_sumber: dict[str, set[str]]) -> None:
    """Tulis ulang segel sha256 di ``sources.yml`` untuk berkas yang disebut.

    Segel berkas tahun lain dibiarkan. Isi lain catatan sumber tidak berubah.
    """
    berkas = raw / "sources.yml"
    isi = parse_yaml(berkas.read_text(encoding="utf-8"))
    folder = {nama.split("/")[0] for nama in berkas_sumber}
    for satu in isi["sumber"]:
        lama = {nama: sidik for nama, sidik in (satu.get("berkas") or {}).items() if nama.split("/")[0] not in folder}
        baru = {nama: sha256(raw / nama) for nama, ids in berkas_sumber.items() if satu["id"] in ids}
        satu["berkas"] = dict(sorted({**lama, **baru}.items()))
    write_whole(berkas, yaml.safe_dump(isi, sort_keys=False, allow_unicode=True, width=160))
