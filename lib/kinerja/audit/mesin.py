"""Mesin audit: menghitung ulang setiap klaim atas pecahan tepat, lalu membandingkannya pada ketelitian cetaknya."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from colformula import FormulaError, Missing, Node, Scope, evaluate
from colformula.tree import Compare, Name, Ref, Text
from kinerja import fmt, terbaca
from kinerja.audit import susunan, susunan_iku
from kinerja.audit.klaim import Klaim, Pola, written
from kinerja.audit.sebab import Sebab
from kinerja.audit.telusur import Telusur
from kinerja.audit.tulisan import Nilai, exact, local, plain, show, to_step, word
from kinerja.data.load import Data
from kinerja.errors import GalatData
from kinerja.ips import classify
from kinerja.istilah import section

_KOLOM_ASAL = ("satuan", "berkas", "baris", "sumber", "bagian", "keadaan")
_TANPA_PEMISAH = ("tahun", "nomor", "tanggal")


class _Lingkup(Scope):
    """Angka satu klaim sebagai pecahan tepat; ``ganti`` menukar nilai sebagian masukan."""

    exact = True

    def __init__(self, audit: Audit, ganti: dict[str, Nilai] | None = None) -> None:
        self.audit, self.ganti = audit, ganti or {}
        self.forms = audit.forms

    def _tokens(self, leaf: Node) -> list[str]:
        if not isinstance(leaf, Ref):
            raise FormulaError("Klaim hanya menyebut angka menurut id", leaf.position)
        return self.audit.expand(leaf.path)

    def one(self, leaf: Node) -> Nilai:
        return self.many(leaf)[0]

    def many(self, leaf: Node) -> list[Nilai]:
        nilai = [self.ganti[x] if x in self.ganti else self.audit.input(x) for x in self._tokens(leaf)]
        if any(x is None for x in nilai):
            raise Missing(leaf.path)
        return nilai

    def say(self, leaf: Node, many: bool) -> list[str]:
        return [self.audit.say(token) for token in self._tokens(leaf)]


class Audit(Telusur):
    """Klaim satu tahun dan hasil hitung ulangnya: dari susunan data, dan dari tabel ``klaim`` dan ``jumlah``.

    Parameters
    ----------
    d : Data
        Data satu tahun.
    toleransi : int, optional
        Kelonggaran dalam satuan desimal terakhir yang dicetak; 0 berarti harus sama persis.
    ubah : dict of str to Fraction or str, optional
        Nilai pengganti per id, untuk pengandaian "bagaimana bila angka ini lain".

    Raises
    ------
    GalatData
        Klaim merujuk angka yang tidak ada, aturan yang tidak dikenal, atau saling merujuk melingkar.
    """

    def __init__(self, d: Data, toleransi: int = 0, ubah: dict[str, Nilai] | None = None):
        self.d = d
        self.toleransi = toleransi
        self._fakta = d.facts_unnoted()
        self._ids = [id_ for id_, _ in d.filled_ids()]
        nilai = {
            id_: exact(baris.nilai, baris.desimal, baris.teks)
            for id_, baris in zip(self._ids, self._fakta.itertuples(), strict=True)
        }
        satuan = dict(zip(self._ids, self._fakta["satuan"], strict=True))
        ditulis = written(d, Pola(self._ids), lambda id_: nilai[id_] is not None)
        antara, diturunkan = susunan.derive(d, satuan, lambda id_: nilai.get(id_) is not None, ditulis)
        self.klaim = [*ditulis, *diturunkan]
        self._antara = frozenset(antara)
        self._pola = Pola([*self._ids, *self._antara])
        self._nilai = terbaca.PerId(d.tahun, nilai | dict.fromkeys(self._antara) | (ubah or {}))
        self._desimal = dict(zip(self._ids, self._fakta["desimal"].astype(int), strict=True))
        asal = self._fakta[list(_KOLOM_ASAL)].to_dict("index")
        for id_, (_, baris) in antara.items():
            self._desimal[id_], asal[id_] = baris["desimal"], {k: baris[k] for k in _KOLOM_ASAL}
        self._asal = terbaca.PerId(d.tahun, asal)
        self._utama: dict[str, Klaim] = {}
        for klaim in [*self.klaim, *(x for x, _ in antara.values())]:
            # klaim yang masukannya memuat angka itu sendiri mengujinya, bukan menghasilkannya; klaim "sama" hanya
            # menyalin, jadi yang menghitung dari angka pokok didahulukan sebagai hasil hitung ulang
            lama = self._utama.get(klaim.tercetak)
            if klaim.tercetak not in klaim.masukan and (lama is None or (lama.menyalin and not klaim.menyalin)):
                self._utama[klaim.tercetak] = klaim
        self.forms = {"rows": self._count_rows, "class_of": self._category} | susunan_iku.forms(d)
        self._hasil: dict[str, Nilai | None] = {}
        self._sedang: list[str] = []

    # ---- angka

    def expand(self, token: str) -> list[str]:
        """Id yang ditunjuk sebuah rujukan rumus."""
        return self._pola.expand(token)

    def written(self, id_: str) -> Nilai | None:
        """Isi tertulis sebuah id."""
        return self._nilai[id_]

    def decimals(self, id_: str) -> int:
        """Banyaknya desimal yang dicetak."""
        return self._desimal[id_]

    def place(self, id_: str) -> str:
        """Tempat sebuah angka di laporan, dalam bahasa yang berlaku."""
        return section(self._asal[id_]["bagian"])

    def claim_of(self, id_: str) -> Klaim:
        """Klaim yang menghasilkan sebuah angka atau besaran antara."""
        return self._utama[id_]

    def input(self, token: str) -> Nilai | None:
        """Nilai sebuah masukan klaim: hasil hitung ulangnya bila berawalan ``=``."""
        return self.recompute(token[1:]) if token.startswith("=") else self._nilai[token]

    def say(self, token: str) -> str:
        """Nilai sebuah masukan untuk kalimat."""
        return self._in_words(self.input(token), token)

    def printed(self, id_: str) -> str:
        """Angka tertulis sebuah id, atau hasil hitung besaran antara, dengan desimal cetaknya."""
        return self._in_words(self._stated(id_), id_, self._desimal[id_])

    def _stated(self, id_: str) -> Nilai | None:
        return self.recompute(id_) if id_ in self._antara else self._nilai[id_]

    def recompute(self, id_: str) -> Nilai | None:
        """Hasil hitung ulang (tidak dibulatkan) sebuah angka; nilainya sendiri bila tidak ada aturan untuknya.

        Returns
        -------
        Fraction or str or None
            None bila ada masukan yang tidak tersedia.
        """
        if id_ not in self._hasil:
            if id_ in self._sedang:
                raise GalatData(
                    f"{self.d.tahun}/klaim.csv",
                    ditemukan=f"lingkaran {' -> '.join([*self._sedang, id_])}",
                    diharapkan="rujukan tanpa lingkaran",
                )
            klaim = self._utama.get(id_)
            self._sedang.append(id_)
            self._hasil[id_] = self._nilai[id_] if klaim is None else self.compute(klaim)
            self._sedang.pop()
        return self._hasil[id_]

    def compute(self, klaim: Klaim) -> Nilai | None:
        """Hitung satu klaim.

        Raises
        ------
        GalatData
            Klaim tertulis berhitung atas nilai teks.
        """
        ditulis = not klaim.kode.startswith(susunan.KODE)
        if ditulis and not klaim.menyalin and any(isinstance(self.input(x), str) for x in klaim.masukan):
            raise GalatData(
                f"{self.d.tahun}/klaim.csv",
                ditemukan=f"klaim {klaim.kode} atas nilai teks",
                diharapkan="masukan berupa angka",
            )
        return self.evaluate(klaim.rumus)

    def evaluate(self, rumus: Node, ganti: dict[str, Nilai] | None = None) -> Nilai | None:
        """Hasil sebuah rumus; ``ganti`` menukar masukan dengan nilai lain, untuk mencari sebab perbedaan."""
        try:
            return evaluate(rumus, _Lingkup(self, ganti))
        except (Missing, ZeroDivisionError):
            return None

    def _scope(self) -> _Lingkup:
        return _Lingkup(self)

    def _in_words(self, nilai: Nilai | None, token: str, desimal: int | None = None) -> str:
        """Angka untuk kalimat; tahun dan nomor ditulis tanpa pemisah ribuan."""
        if nilai is None:
            return fmt.HILANG
        if self._asal[token.removeprefix("=")]["satuan"] in _TANPA_PEMISAH:
            return plain(nilai)
        return show(nilai) if desimal is None else local(plain(nilai, desimal))

    def _count_rows(self, masukan: tuple[Node, ...], lingkup: Scope) -> Fraction:
        tabel, *lain = masukan
        isi, kolom = self.d[tabel.value], None
        for satu in lain:
            match satu:
                case Name(nama):
                    kolom = nama
                case Compare("=" | "!=" as tanda, Name(nama), Text(nilai)):
                    sama = isi[nama].astype(str) == nilai
                    isi = isi[sama if tanda == "=" else ~sama]
                case _:
                    raise FormulaError('rows hanya mengenal kolom, kolom = "isi", dan kolom != "isi"', satu.position)
        return Fraction(isi[kolom].nunique() if kolom else len(isi))

    def _category(self, masukan: tuple[Node, ...], lingkup: Scope) -> str:
        nilai, tabel = masukan
        isi = self.d[tabel.value]
        if "ukuran" in isi:
            lebar = isi.pivot(index=["kelas", "nama"], columns="ukuran", values="nilai").reset_index()
            isi = lebar.rename(columns={"kelas": "kode"})
        kode = classify(float(evaluate(nilai, lingkup)), isi)
        return isi.set_index("kode").at[kode, "nama"]

    # ---- vonis

    def table(self) -> pd.DataFrame:
        """Vonis setiap angka tercetak.

        Returns
        -------
        pandas.DataFrame
            Kolom `KOLOM` (``tercetak`` dan ``dihitung`` berupa teks dengan titik desimal, ``selisih`` float) dan
            ``satuan``, ``desimal``, ``besaran``, ``kode`` (klaimnya), ``id_tercetak``. Angka dicetak yang tidak
            dihitung dari angka lain ikut sebagai ``tak_dapat_dihitung``.
        """
        terbaca.note_table(self.d.tahun, terbaca.SEMUA)
        # angka turunan kita sendiri hanya menjadi perantara; yang divonis adalah angka yang dicetak sumber
        dicetak = [klaim for klaim in self.klaim if self._asal[klaim.tercetak]["keadaan"] == "dikutip"]
        baris = [self._verdict(klaim) for klaim in dicetak]
        self._contradictions(baris)
        dipakai = self._uses()
        diklaim = {klaim.tercetak for klaim in self.klaim}
        for id_, nilai in self._nilai.items():
            if nilai is not None and id_ not in diklaim and self._asal[id_]["keadaan"] == "dikutip":
                kali = dipakai.get(id_, 0)
                alasan = word("pokok", kali=kali) if kali else word("lepas")
                baris.append(self._row(Klaim("pokok", id_, None, besaran=id_), None, "tak_dapat_dihitung", alasan))
        tabel = pd.DataFrame(baris)
        ganda = tabel["id"].duplicated(keep=False)
        tabel.loc[ganda, "id"] = tabel.loc[ganda, "id"] + "@" + tabel.loc[ganda, "kode"]
        urut = {id_: n for n, id_ in enumerate(self._ids)}
        return tabel.sort_values("id_tercetak", key=lambda s: s.map(urut), kind="stable").reset_index(drop=True)

    def _uses(self) -> dict[str, int]:
        """Berapa klaim yang memakai setiap angka, langsung atau lewat besaran antara."""

        def pokok(klaim: Klaim) -> set[str]:
            hasil: set[str] = set()
            for id_ in (x.removeprefix("=") for x in klaim.masukan):
                hasil |= pokok(self._utama[id_]) if id_ in self._antara else {id_}
            return hasil

        dipakai: dict[str, int] = {}
        for klaim in self.klaim:
            for id_ in pokok(klaim):
                dipakai[id_] = dipakai.get(id_, 0) + 1
        return dipakai

    def _row(self, klaim: Klaim, dihitung: Nilai | None, vonis: str, penjelasan: str) -> dict:
        fakta, tercetak = self._asal[klaim.tercetak], self._nilai[klaim.tercetak]
        angka = isinstance(tercetak, Fraction) and isinstance(dihitung, Fraction)
        return {
            "id": klaim.tercetak,
            "bagian": fakta["bagian"],
            "uraian": klaim.uraian or _describe(klaim.tercetak),
            "tercetak": plain(tercetak, self._desimal[klaim.tercetak]),
            "dihitung": "" if dihitung is None else plain(dihitung),
            "selisih": float(tercetak - dihitung) if angka else float("nan"),
            "vonis": vonis,
            "penjelasan": penjelasan,
            "sumber": fakta["sumber"],
            "satuan": fakta["satuan"],
            "desimal": self._desimal[klaim.tercetak],
            "besaran": klaim.besaran,
            "kode": klaim.kode,
            "id_tercetak": klaim.tercetak,
        }

    def _verdict(self, klaim: Klaim) -> dict:
        p, c = self._nilai[klaim.tercetak], self.compute(klaim)
        rumus = self.formula(klaim)
        if c is None:
            kosong = [t.removeprefix("=") for t in klaim.masukan if self.input(t) is None]
            kata = word("tidak_tersedia", masukan=", ".join(kosong) or rumus)
            return self._row(klaim, None, "tak_dapat_dihitung", kata)
        if isinstance(p, str) or isinstance(c, str):
            sama = str(p).casefold() == str(c).casefold()
            kata = "" if sama else " " + word("tertulis_dihitung", tertulis=p, dihitung=c)
            return self._row(klaim, c, "cocok" if sama else "beda", f"{rumus}.{kata}")
        langkah = Fraction(klaim.opsi.get("ketelitian", "0")) or Fraction(1, 10 ** self._desimal[klaim.tercetak])
        hasil = rumus if klaim.menyalin else f"{rumus} = {show(c)}"
        if abs(to_step(c, langkah) - p) <= self.toleransi * langkah:
            return self._row(klaim, c, "cocok", f"{hasil}.")
        vonis, sebab = self._cause(klaim, c, Sebab(self, klaim, p, langkah))
        hasil = f"{hasil}; {word('tertulis', angka=self.printed(klaim.tercetak))}"
        return self._row(klaim, c, vonis, f"{hasil} {sebab or word('tanpa_sebab')}")

    def _cause(self, klaim: Klaim, c: Fraction, cari: Sebab) -> tuple[str, str]:
        """Vonis sebuah angka yang tidak sama dengan hitungannya, dan sebabnya bila ditemukan."""
        if sebab := cari.rounding(c):
            return "beda_pembulatan", sebab
        if klaim.menyalin:
            # dua cetakan dari besaran yang sama: pegangannya adalah angka yang dipakai menghitung
            token = klaim.masukan[0]
            dipegang = word("yang_dipegang", angka=self.say(token), tempat=self.place(token.removeprefix("=")))
            return "bertentangan", f"{cari.mistyped(c)} {dipegang}".lstrip()
        if sebab := cari.reading():
            return "beda", sebab
        if ganti := cari.substitution():
            return "beda_pembulatan" if ganti[0] else "beda", ganti[1]
        return "beda", cari.mistyped(c)

    def _contradictions(self, baris: list[dict]) -> None:
        """Versi yang tidak sesuai hitungan menjadi ``bertentangan`` bila versi lain dari besaran itu sesuai."""
        kelompok: dict[str, list[dict]] = {}
        for satu in baris:
            kelompok.setdefault(satu["besaran"], []).append(satu)
        for anggota in kelompok.values():
            versi = {satu["id_tercetak"]: satu for satu in anggota}
            if len(versi) < 2:
                continue
            benar = [satu for satu in versi.values() if satu["vonis"] == "cocok"]
            for satu in anggota:
                if satu["vonis"] == "beda" and benar:
                    satu["vonis"] = "bertentangan"
                    angka, tempat = local(benar[0]["tercetak"]), self.place(benar[0]["id_tercetak"])
                    satu["penjelasan"] += " " + word("versi_sesuai", angka=angka, tempat=tempat)
                elif satu["vonis"] == "cocok":
                    lain = {
                        f"{local(x['tercetak'])} ({self.place(i)})"
                        for i, x in versi.items()
                        if x["vonis"] in ("beda", "bertentangan")
                    }
                    if lain:
                        satu["penjelasan"] += " " + word("versi_lain", versi="; ".join(sorted(lain)))


def _describe(id_: str) -> str:
    tabel, *kunci = id_.split("/")
    return f"{tabel}: {', '.join(k.replace('_', ' ') for k in kunci)}"
