"""Mesin audit: menjabarkan klaim, menghitung ulang, memberi vonis, dan menelusuri asal-usul.

Rumus klaim berbahasa :mod:`colformula` dan dihitung atas pecahan tepat.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pandas as pd

from colformula import (
    COLUMNS,
    FormulaError,
    Function,
    Missing,
    Node,
    Scope,
    Words,
    evaluate,
    parse,
    refs,
    round_half_away,
    write,
)
from colformula.ids import matching, pattern
from colformula.tree import Call, Compare, Name, Ref, Text
from kinerja import fmt, terbaca
from kinerja.data.load import Data
from kinerja.errors import GalatData
from kinerja.istilah import section
from kinerja.kelas import classify

Nilai = Fraction | str

#: Rumus klaim: bahasa rumus ditambah dua fungsi yang membaca daftar: ``rows("tabel", kolom, kolom != "isi")`` banyaknya
#: baris (atau isi berbeda sebuah kolom), ``class_of(x, "tabel")`` nama kelas sebuah nilai.
BAHASA = COLUMNS.extended(
    rows=Function(("text", "any"), least=1, more=True), class_of=Function(("number", "text"), "text")
)
_KATA = {
    "id": {
        "least": "terkecil dari {all}",
        "min": "terkecil dari {all}",
        "greatest": "terbesar dari {all}",
        "max": "terbesar dari {all}",
        "sum largest": "jumlah {1} terbesar dari {0}",
        "at_most": "{0}, paling tinggi {1}",
        "nearest_share": "bagian bulat dari {1} yang terdekat dengan {0} persen",
        "count <": "banyaknya yang di bawah {1} di antara {0}",
        "count =": "banyaknya yang tepat {1} di antara {0}",
        "count >": "banyaknya yang di atas {1} di antara {0}",
        "pairs <": "banyaknya pasangan yang kurang dari: {0}",
        "pairs >": "banyaknya pasangan yang melebihi: {0}",
        "against": "{0} terhadap {1}",
    },
    "en": {
        "least": "smallest of {all}",
        "min": "smallest of {all}",
        "greatest": "largest of {all}",
        "max": "largest of {all}",
        "sum largest": "sum of the {1} largest of {0}",
        "at_most": "{0}, at most {1}",
        "nearest_share": "share of {1} in whole numbers nearest to {0} percent",
        "count <": "count below {1} among {0}",
        "count =": "count exactly {1} among {0}",
        "count >": "count above {1} among {0}",
        "pairs <": "pairs below: {0}",
        "pairs >": "pairs above: {0}",
        "against": "{0} against {1}",
    },
}
_KOLOM_ASAL = ("satuan", "berkas", "baris", "sumber", "bagian", "keadaan")
_TANPA_PEMISAH = ("tahun", "nomor", "tanggal")


def _no_cause() -> str:
    return fmt.pick(
        {
            "id": "Sebabnya tidak dapat ditunjukkan dari angka yang ditulis.",
            "en": "The printed numbers do not show the cause.",
        }
    )


@dataclass(frozen=True)
class Klaim:
    """Satu angka tercetak dan rumus yang menghitungnya ulang (satu baris tabel ``klaim`` setelah dijabarkan).

    ``masukan`` id angka yang disebut rumusnya menurut urutan, berawalan ``=`` bila yang dipakai hasil hitung ulangnya.
    """

    kode: str
    tercetak: str
    rumus: Node | None
    masukan: tuple[str, ...]
    opsi: dict[str, str]
    alternatif: tuple[str, ...]
    besaran: str
    uraian: str

    @property
    def menyalin(self) -> bool:
        """Apakah klaim itu hanya menyatakan sama dengan angka lain."""
        return isinstance(self.rumus, Ref)


class _Lingkup(Scope):
    """Angka satu klaim sebagai pecahan tepat; ``ganti`` menukar nilai sebagian masukan."""

    exact = True

    def __init__(self, audit: Audit, ganti: dict[str, Nilai]) -> None:
        self.audit, self.ganti = audit, ganti
        self.forms = {"rows": audit._count_rows, "class_of": audit._category}

    def _values(self, leaf: Node) -> list[tuple[str, Nilai | None]]:
        if not isinstance(leaf, Ref):
            raise FormulaError("Klaim hanya menyebut angka menurut id", leaf.position)
        return [(x, self.ganti.get(x, self.audit._input(x))) for x in self.audit._expand(leaf.path)]

    def one(self, leaf: Node) -> Nilai:
        return self.many(leaf)[0]

    def many(self, leaf: Node) -> list[Nilai]:
        nilai = [x for _, x in self._values(leaf)]
        if any(x is None for x in nilai):
            raise Missing(leaf.path)
        return nilai

    def say(self, leaf: Node, many: bool) -> list[str]:
        return [fmt.HILANG if x is None else self.audit._say(x, token) for token, x in self._values(leaf)]


class Audit:
    """Klaim satu tahun dan hasil hitung ulangnya.

    Parameters
    ----------
    d : Data
        Data satu tahun dengan tabel ``klaim``.
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
            id_: _exact(baris.nilai, baris.desimal, baris.teks)
            for id_, baris in zip(self._ids, self._fakta.itertuples(), strict=True)
        }
        self._nilai = terbaca.PerId(d.tahun, nilai | (ubah or {}))
        self._desimal = dict(zip(self._ids, self._fakta["desimal"].astype(int), strict=True))
        self._asal = terbaca.PerId(d.tahun, self._fakta[list(_KOLOM_ASAL)].to_dict("index"))
        self._cocok: dict[str, list[str]] = {}
        self.klaim = self._claims()
        self._utama: dict[str, Klaim] = {}
        for klaim in self.klaim:
            # klaim yang masukannya memuat angka itu sendiri mengujinya, bukan menghasilkannya; klaim "sama" hanya
            # menyalin, jadi yang menghitung dari angka pokok didahulukan sebagai hasil hitung ulang
            lama = self._utama.get(klaim.tercetak)
            if klaim.tercetak not in klaim.masukan and (lama is None or (lama.menyalin and not klaim.menyalin)):
                self._utama[klaim.tercetak] = klaim
        self._hasil: dict[str, Nilai | None] = {}
        self._sedang: list[str] = []

    # ---- penjabaran

    def _claims(self) -> list[Klaim]:
        hasil = []
        for baris in self.d["klaim"].itertuples() if self.d.has("klaim") else ():
            pola = pattern(baris.tercetak)
            cocok = [m for m in map(pola.fullmatch, self._ids) if m and self._nilai.get(m.string) is not None]
            if not cocok:
                self._fail(baris, "tercetak", f"'{baris.tercetak}' tanpa satu pun angka", "id atau pola id yang ada")
            for m in cocok:
                isi = [
                    _fill(x, m.groups())
                    for x in (baris.rumus, baris.opsi, baris.alternatif, baris.besaran, _description(baris))
                ]
                rumus = self._formula(isi[0], baris)
                masukan = [id_ for token in refs(rumus) for id_ in self._tokens(token, "rumus", baris)]
                opsi = dict(pasangan.split("=", 1) for pasangan in isi[1].split())
                alternatif = tuple(
                    id_
                    for token in isi[2].split()
                    for id_ in self._tokens(token, "alternatif", baris)
                    if id_ != m.string
                )
                hasil.append(
                    Klaim(
                        baris.kode,
                        m.string,
                        rumus,
                        tuple(dict.fromkeys(masukan)),
                        opsi,
                        alternatif,
                        isi[3] or m.string,
                        isi[4],
                    )
                )
        for baris in self.d["jumlah"].itertuples() if self.d.has("jumlah") else ():
            bagian = tuple(baris.bagian_id.split())
            hasil.append(
                Klaim(
                    f"jumlah_{baris.nomor}",
                    baris.total,
                    Call("sum", tuple(map(Ref, bagian))),
                    bagian,
                    {},
                    (),
                    baris.total,
                    fmt.pick({"id": "Jumlah bagian", "en": "Sum of the parts"}),
                )
            )
        return hasil

    def _formula(self, teks: str, baris) -> Node:
        try:
            return parse(teks, BAHASA)
        except FormulaError as galat:
            self._fail(baris, "rumus", f"'{teks}': {str(galat).rstrip('.')}", "rumus yang sah")

    def _expand(self, token: str) -> list[str]:
        """Id yang ditunjuk sebuah rujukan, dengan awalan ``=`` bila yang diminta hasil hitung ulangnya."""
        awalan, id_ = ("=", token[1:]) if token.startswith("=") else ("", token)
        if id_ in self._nilai:
            return [token]
        if token not in self._cocok:
            self._cocok[token] = [awalan + x for x in matching(id_, self._ids)] if re.search(r"[*|!]", id_) else []
        return self._cocok[token]

    def _tokens(self, token: str, kolom: str, baris) -> list[str]:
        ada = self._expand(token)
        if not ada:
            self._fail(baris, kolom, f"'{token}'", "id baris yang ada")
        return ada

    def _fail(self, baris, kolom: str, ditemukan: str, diharapkan: str) -> None:
        raise GalatData(baris.berkas, baris=int(baris.baris), kolom=kolom, ditemukan=ditemukan, diharapkan=diharapkan)

    # ---- hitungan

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

    def compute(self, klaim: Klaim, ganti: dict[int, Nilai] | None = None) -> Nilai | None:
        """Hitung satu klaim; ``ganti`` menukar masukan ke-n dengan nilai lain untuk mencari sebab perbedaan."""
        tukar = {klaim.masukan[n]: nilai for n, nilai in (ganti or {}).items()}
        if not klaim.menyalin and any(isinstance(self._input(x), str) for x in klaim.masukan):
            raise GalatData(
                f"{self.d.tahun}/klaim.csv",
                ditemukan=f"klaim {klaim.kode} atas nilai teks",
                diharapkan="masukan berupa angka",
            )
        try:
            return evaluate(klaim.rumus, _Lingkup(self, tukar))
        except (Missing, ZeroDivisionError):
            return None

    def _input(self, token: str) -> Nilai | None:
        return self.recompute(token[1:]) if token.startswith("=") else self._nilai[token]

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
            ``aturan``, ``satuan``, ``desimal``, ``besaran``, ``id_tercetak``. Angka dicetak yang tidak dihitung dari
            angka lain ikut sebagai ``tak_dapat_dihitung``.
        """
        terbaca.note_table(self.d.tahun, terbaca.SEMUA)
        # angka turunan kita sendiri hanya menjadi perantara; yang divonis adalah angka yang dicetak sumber
        dicetak = [klaim for klaim in self.klaim if self._asal[klaim.tercetak]["keadaan"] == "dikutip"]
        baris = [self._verdict(klaim) for klaim in dicetak]
        self._contradictions(baris)
        dipakai: dict[str, int] = {}
        for klaim in self.klaim:
            for token in {t.removeprefix("=") for t in klaim.masukan}:
                dipakai[token] = dipakai.get(token, 0) + 1
        diklaim = {klaim.tercetak for klaim in self.klaim}
        for id_, nilai in self._nilai.items():
            if nilai is not None and id_ not in diklaim and self._asal[id_]["keadaan"] == "dikutip":
                kali = dipakai.get(id_, 0)
                alasan = _base_reason(kali)
                baris.append(
                    self._row(Klaim("pokok", id_, None, (), {}, (), id_, ""), nilai, None, "tak_dapat_dihitung", alasan)
                )
        tabel = pd.DataFrame(baris)
        ganda = tabel["id"].duplicated(keep=False)
        tabel.loc[ganda, "id"] = tabel.loc[ganda, "id"] + "@" + tabel.loc[ganda, "kode"]
        urut = {id_: n for n, id_ in enumerate(self._ids)}
        return tabel.sort_values("id_tercetak", key=lambda s: s.map(urut), kind="stable").reset_index(drop=True)

    def _row(self, klaim: Klaim, tercetak: Nilai, dihitung: Nilai | None, vonis: str, penjelasan: str) -> dict:
        fakta = self._asal[klaim.tercetak]
        angka = isinstance(tercetak, Fraction) and isinstance(dihitung, Fraction)
        return {
            "id": klaim.tercetak,
            "bagian": fakta["bagian"],
            "uraian": klaim.uraian or _describe(klaim.tercetak),
            "tercetak": _text(tercetak, self._desimal[klaim.tercetak]),
            "dihitung": "" if dihitung is None else _text(dihitung, None),
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
            kosong = [t.removeprefix("=") for t in klaim.masukan if self._input(t) is None]
            kata = fmt.pick({"id": "Masukan tidak tersedia", "en": "Inputs not available"})
            return self._row(klaim, p, None, "tak_dapat_dihitung", f"{kata}: {', '.join(kosong) or rumus}.")
        if isinstance(p, str) or isinstance(c, str):
            sama = str(p).casefold() == str(c).casefold()
            kata = (
                "" if sama else fmt.pick({"id": f" Tertulis {p}, dihitung {c}.", "en": f" Printed {p}, computed {c}."})
            )
            return self._row(klaim, p, c, "cocok" if sama else "beda", f"{rumus}.{kata}")
        langkah = Fraction(klaim.opsi.get("ketelitian", "0")) or Fraction(1, 10 ** self._desimal[klaim.tercetak])
        beda = abs(_to_step(c, langkah) - p)
        if beda <= self.toleransi * langkah:
            return self._row(klaim, p, c, "cocok", f"{rumus}." if klaim.menyalin else f"{rumus} = {_show(c)}.")
        tercetak = f"{fmt.pick({'id': 'tertulis', 'en': 'printed'})} {self._printed(klaim.tercetak)}."
        hasil = f"{rumus}; {tercetak}" if klaim.menyalin else f"{rumus} = {_show(c)}; {tercetak}"
        sebab = self._rounding_cause(klaim, p, c, langkah)
        if sebab:
            return self._row(klaim, p, c, "beda_pembulatan", f"{hasil} {sebab}")
        if klaim.menyalin:
            # dua cetakan dari besaran yang sama: pegangannya adalah angka yang dipakai menghitung
            pegangan = klaim.masukan[0].removeprefix("=")
            sebab = self._digit_cause(p, c, langkah) or self._digit_cause_elsewhere(klaim, p, langkah)
            kata = fmt.pick({"id": "Yang dipegang", "en": "Held as right"})
            dipegang = f"{kata}: {self._say(c, pegangan)} ({self._place(pegangan)})."
            return self._row(klaim, p, c, "bertentangan", f"{hasil} {sebab}{dipegang}")
        ganti = self._substitution_cause(klaim, p, langkah)
        if ganti and ganti[0]:
            return self._row(klaim, p, c, "beda_pembulatan", f"{hasil} {ganti[1]}")
        sebab = ganti[1] if ganti else self._digit_cause(p, c, langkah) or _no_cause()
        return self._row(klaim, p, c, "beda", f"{hasil} {sebab}".rstrip())

    def _rounding_cause(self, klaim: Klaim, p: Fraction, c: Fraction, langkah: Fraction) -> str:
        if truncate(c / langkah, 0) * langkah == p:
            return fmt.pick(
                {"id": "Sama bila dipotong, bukan dibulatkan.", "en": "Equal if truncated instead of rounded."}
            )
        if p.denominator == 1 and p and p % 1000 == 0 and langkah == 1:
            pangkat = next(k for k in (9, 6, 3) if p % 10**k == 0)
            kata = fmt.pick(_RIBUAN[pangkat])
            if _to_step(c, Fraction(10**pangkat)) == p:
                return fmt.pick({"id": f"Sama bila dibulatkan ke {kata}.", "en": f"Equal if rounded to {kata}."})
            if truncate(c / 10**pangkat, 0) * 10**pangkat == p:
                return fmt.pick({"id": f"Sama bila dipotong ke {kata}.", "en": f"Equal if truncated to {kata}."})
        bertingkat = [n for n, token in enumerate(klaim.masukan) if token.startswith("=")]
        for pilihan in product((False, True), repeat=min(len(bertingkat), 6)):
            posisi = [n for n, pakai in zip(bertingkat, pilihan, strict=False) if pakai]
            if not posisi:
                continue
            ganti = {n: self._rounded(klaim.masukan[n][1:]) for n in posisi}
            if _to_step(self.compute(klaim, ganti), langkah) == p:
                kata = ", ".join(_show(nilai) for nilai in ganti.values())
                return fmt.pick(
                    {
                        "id": f"Sama bila masukan dibulatkan lebih dahulu menjadi {kata}.",
                        "en": f"Equal if the inputs are first rounded to {kata}.",
                    }
                )
        return self._input_rounding_cause(klaim, p, langkah)

    def _input_rounding_cause(self, klaim: Klaim, p: Fraction, langkah: Fraction) -> str:
        """Masukan yang dicetak bulat: apakah angka tercetak ada di antara hasil terkecil dan terbesar yang mungkin."""
        if "pembulatan_masukan" not in klaim.opsi:
            return ""
        satuan = [Fraction(x) / 2 for x in klaim.opsi["pembulatan_masukan"].split(",")]
        satuan = satuan * len(klaim.masukan) if len(satuan) == 1 else satuan
        if len(satuan) != len(klaim.masukan):
            raise GalatData(
                f"{self.d.tahun}/klaim.csv",
                ditemukan=f"{len(satuan)} pembulatan masukan pada klaim {klaim.kode}",
                diharapkan=f"satu, atau {len(klaim.masukan)} (satu per masukan)",
            )
        x = [self._input(token) for token in klaim.masukan]
        # semua aturan yang memakai opsi ini monoton pada setiap masukan, jadi ujungnya ada di sudut-sudut
        sudut = [
            self.compute(klaim, dict(enumerate(isi)))
            for isi in product(*({nilai - lebar, nilai + lebar} for nilai, lebar in zip(x, satuan, strict=True)))
        ]
        bawah, atas = _to_step(min(sudut), langkah), _to_step(max(sudut), langkah)
        if not bawah <= p <= atas:
            return ""
        return fmt.pick(
            {
                "id": f"Masukan ditulis bulat; sebelum dibulatkan hasilnya antara {_show(bawah)} dan {_show(atas)}.",
                "en": f"The inputs are printed rounded; unrounded the result is {_show(bawah)} to {_show(atas)}.",
            }
        )

    def _rounded(self, id_: str) -> Fraction:
        return round_half_away(self.recompute(id_), self._desimal[id_])

    def _substitution_cause(self, klaim: Klaim, p: Fraction, langkah: Fraction) -> tuple[bool, str] | None:
        """Versi tercetak lain dari masukan yang menghasilkan angka tercetak; True bila semuanya sekadar pembulatan."""
        pilihan: list[list[str | None]] = []
        for token in klaim.masukan:
            induk = token.removeprefix("=").split("/")[:2]
            serumpun = [id_ for id_ in klaim.alternatif if id_.split("/")[:2] == induk and id_ != token]
            pilihan.append([None, *_unique(serumpun, self._nilai)])
        for jalan in sorted(product(*pilihan), key=lambda j: sum(x is not None for x in j)):
            ganti = {n: self._nilai[id_] for n, id_ in enumerate(jalan) if id_ is not None}
            if not ganti or _to_step(self.compute(klaim, ganti), langkah) != p:
                continue
            sekadar_bulat = all(
                round_half_away(self._input(klaim.masukan[n]), self._desimal[jalan[n]]) == nilai
                for n, nilai in ganti.items()
            )
            pengganti = fmt.pick({"id": "sebagai pengganti", "en": "instead of"})
            kata = "; ".join(
                f"{self._printed(jalan[n])} ({self._place(jalan[n])}) {pengganti} {_show(asli)}"
                for n, asli in ((n, self._input(klaim.masukan[n])) for n in ganti)
            )
            return sekadar_bulat, f"{fmt.pick({'id': 'Sama bila memakai', 'en': 'Equal if using'})} {kata}."
        return None

    def _printed(self, id_: str) -> str:
        return self._say(self._nilai[id_], id_, self._desimal[id_])

    def _say(self, nilai: Nilai, token: str, desimal: int | None = None) -> str:
        """Angka untuk kalimat; tahun dan nomor ditulis tanpa pemisah ribuan."""
        id_ = token.removeprefix("=")
        if id_ in self._nilai and self._asal[id_]["satuan"] in _TANPA_PEMISAH:
            return _text(nilai, None)
        return _show(nilai) if desimal is None else _local(_text(nilai, desimal))

    def _digit_cause(self, p: Fraction, c: Fraction, langkah: Fraction) -> str:
        a, b = _digits(p, langkah), _digits(_to_step(c, langkah), langkah)
        if len(a) == len(b):
            salah = [n for n in range(len(a)) if a[n] != b[n]]
            if (
                len(salah) == 2
                and salah[1] == salah[0] + 1
                and a[salah[0]] == b[salah[1]]
                and a[salah[1]] == b[salah[0]]
            ):
                return fmt.pick({"id": "Dua digit tertukar. ", "en": "Two digits are swapped. "})
            if len(salah) == 1 and len(a) >= 4:
                x, y = a[salah[0]], b[salah[0]]
                return fmt.pick(
                    {
                        "id": f"Hanya satu digit berbeda: {x} seharusnya {y}. ",
                        "en": f"Only one digit differs: {x} should be {y}. ",
                    }
                )
        for pangkat in (-6, -3, -2, -1, 1, 2, 3, 6):
            if c and _to_step(c * Fraction(10) ** pangkat, langkah) == p:
                return fmt.pick(
                    {
                        "id": f"Berbeda tepat 10 pangkat {pangkat}: satuan atau letak koma. ",
                        "en": f"Off by exactly 10 to the power {pangkat}: unit or decimal point. ",
                    }
                )
        if c and _to_step(-c, langkah) == p:
            return fmt.pick({"id": "Tandanya terbalik. ", "en": "The sign is reversed. "})
        return ""

    def _digit_cause_elsewhere(self, klaim: Klaim, p: Fraction, langkah: Fraction) -> str:
        """Salah ketik dari angka lain yang bersebelahan, misalnya target di samping realisasi."""
        for id_ in klaim.alternatif:
            sebab = self._digit_cause(p, self._nilai[id_], langkah)
            if sebab:
                kata = fmt.pick({"id": "Dibandingkan dengan", "en": "Compared with"})
                return f"{kata} {self._printed(id_)} ({self._place(id_)}): {sebab[0].lower()}{sebab[1:]}"
        return ""

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
                    pegangan = benar[0]
                    satu["vonis"] = "bertentangan"
                    tempat = self._place(pegangan["id_tercetak"])
                    kata = fmt.pick({"id": "Versi yang sesuai hitungan", "en": "Version that agrees"})
                    satu["penjelasan"] += f" {kata}: {_local(pegangan['tercetak'])} ({tempat})."
                elif satu["vonis"] == "cocok":
                    lain = sorted(
                        {
                            f"{_local(x['tercetak'])} ({self._place(i)})"
                            for i, x in versi.items()
                            if x["vonis"] in ("beda", "bertentangan")
                        }
                    )
                    if lain:
                        kata = fmt.pick({"id": "Versi lain yang tertulis", "en": "Other printed versions"})
                        satu["penjelasan"] += f" {kata}: {'; '.join(lain)}."

    def _place(self, id_: str) -> str:
        return section(self._asal[id_]["bagian"])

    # ---- asal-usul

    def formula(self, klaim: Klaim) -> str:
        """Rumus klaim dengan angka-angkanya, dalam bahasa dan format angka yang berlaku."""
        match klaim.rumus:
            case Ref():
                rumus = f"{fmt.pick({'id': 'sama dengan', 'en': 'same as'})} {{}}"
            case Call("rows", (tabel, *lain)):
                kolom = "".join(f".{x.name}" for x in lain if isinstance(x, Name))
                tanda = {"=": "=", "!=": "≠"}
                saring = [f"{x.left.name} {tanda[x.sign]} {x.right.value}" for x in lain if isinstance(x, Compare)]
                kata = fmt.pick({"id": "Banyaknya baris", "en": "Number of rows of"})
                return f"{kata} {tabel.value}{kolom}" + (f" ({'; '.join(saring)})" if saring else "")
            case Call("class_of", (_, tabel)):
                rumus = fmt.pick(
                    {"id": f"Kelas dari {{}} menurut {tabel.value}", "en": f"Class of {{}} by {tabel.value}"}
                )
            case _:
                rumus = "{}"
        titik = "," if fmt.language() == "id" else "."
        kata = Words(_KATA[fmt.language()], titik, longest=None)
        pohon = klaim.rumus.args[0] if isinstance(klaim.rumus, Call) and klaim.rumus.name == "class_of" else klaim.rumus
        rumus = rumus.format(write(pohon, _Lingkup(self, {}), kata))
        return rumus[0].upper() + rumus[1:]

    def trace(self, id_: str) -> list[dict]:
        """Jalur sebuah angka ke baris-baris data mentah.

        Parameters
        ----------
        id_ : str
            Id angka.

        Returns
        -------
        list of dict
            Menurun (mendalam dahulu): ``tingkat``, ``id``, ``nilai``, ``rumus``, ``berkas``, ``baris``, ``sumber``,
            ``bagian``, ``keadaan``.

        Raises
        ------
        GalatParameter
            Id tidak ada.
        """
        self.d.baris(id_)
        hasil: list[dict] = []

        def walk(satu: str, jalur: tuple[str, ...]) -> None:
            klaim, nilai = self._utama.get(satu), self._nilai[satu]
            masukan = [m.removeprefix("=") for m in klaim.masukan] if klaim else []
            if set(masukan) & {*jalur, satu}:
                # total dan bagiannya saling memeriksa; yang sudah dilewati menjadi pangkal
                klaim, masukan = None, []
            hasil.append(
                {
                    "tingkat": len(jalur),
                    "id": satu,
                    "nilai": fmt.HILANG if nilai is None else _text(nilai, self._desimal[satu]),
                    "rumus": self.formula(klaim) if klaim else "",
                    **{k: self._asal[satu][k] for k in ("berkas", "baris", "sumber", "bagian", "keadaan")},
                }
            )
            for masuk in masukan:
                walk(masuk, (*jalur, satu))

        walk(id_, ())
        return hasil

    def sentences(self, id_: str, kode: str | None = None) -> list[str]:
        """Asal-usul satu angka sebagai kalimat: rumusnya, lalu setiap masukan dengan berkas, baris, dan bagiannya.

        Parameters
        ----------
        id_ : str
            Id angka.
        kode : str, optional
            Klaim yang dijelaskan, bila satu angka diuji dengan beberapa klaim; bila kosong klaim utamanya.

        Returns
        -------
        list of str
            Kosong bila id itu tidak ada. Masukan hanya satu tingkat; jalur selengkapnya ada di :meth:`trace`.
        """
        if id_ not in self._nilai:
            return []
        klaim, isi = self._utama.get(id_), []
        if kode is not None:
            klaim = next((x for x in self.klaim if (x.tercetak, x.kode) == (id_, kode)), None)
        if klaim:
            hasil = self.recompute(id_) if kode is None else self.compute(klaim)
            sama_dengan = "" if hasil is None or klaim.menyalin else f" = {_show(hasil)}"
            isi.append(self.formula(klaim) + sama_dengan)
        masukan = [m.removeprefix("=") for m in klaim.masukan] if klaim else []
        kata = fmt.pick({"id": "baris", "en": "line"})
        for satu in dict.fromkeys([id_, *masukan]):
            asal, angka = self._asal[satu], fmt.HILANG if self._nilai[satu] is None else self._printed(satu)
            isi.append(f"{satu}: {angka} ({asal['berkas']}, {kata} {asal['baris']}; {section(asal['bagian'])})")
        return isi


def _exact(nilai: float, desimal: int, teks) -> Nilai | None:
    if nilai == nilai:
        return Fraction(Decimal(f"{nilai:.{int(desimal)}f}"))
    return teks if isinstance(teks, str) and teks else None


def truncate(x: Fraction, desimal: int) -> Fraction:
    """Potong pecahan tepat ke arah nol."""
    skala = Fraction(10) ** desimal
    besar = abs(x) * skala // 1
    return (besar if x >= 0 else -besar) / skala


def _to_step(x: Fraction, langkah: Fraction) -> Fraction:
    return round_half_away(x / langkah, 0) * langkah


def _unique(ids: list[str], nilai: dict) -> list[str]:
    """Satu id untuk setiap nilai yang berbeda, agar pencarian tidak mengulang percobaan yang sama."""
    return list({nilai[id_]: id_ for id_ in reversed(ids) if isinstance(nilai[id_], Fraction)}.values())


def _digits(x: Fraction, langkah: Fraction) -> str:
    return str(abs(int(x / langkah)))


def _fill(teks: str, isi: tuple[str, ...]) -> str:
    return re.sub(r"\{(\d+)\}", lambda m: isi[int(m.group(1))], teks)


def _text(nilai: Nilai, desimal: int | None) -> str:
    if isinstance(nilai, str):
        return nilai
    if desimal is not None:
        return f"{Decimal(nilai.numerator) / Decimal(nilai.denominator):.{desimal}f}"
    if nilai.denominator == 1:
        return str(nilai.numerator)
    bulat = round_half_away(nilai, 10)
    return f"{Decimal(bulat.numerator) / Decimal(bulat.denominator):.10f}".rstrip("0").rstrip(".")


def _show(nilai: Nilai) -> str:
    """Angka untuk kalimat: sampai enam desimal, tanpa nol di belakang."""
    if isinstance(nilai, str):
        return nilai
    bulat = round_half_away(nilai, 6)
    teks = f"{Decimal(bulat.numerator) / Decimal(bulat.denominator):.6f}".rstrip("0").rstrip(".")
    return _local(teks)


def _local(teks: str) -> str:
    if not re.fullmatch(r"-?\d+(\.\d+)?", teks):
        return teks
    desimal = len(teks.partition(".")[2])
    return fmt.angka(float(teks), desimal)


_RIBUAN = {
    3: {"id": "ribuan", "en": "thousands"},
    6: {"id": "jutaan", "en": "millions"},
    9: {"id": "miliaran", "en": "billions"},
}


def _base_reason(kali: int) -> str:
    if kali:
        return fmt.pick(
            {
                "id": f"Angka pokok: tidak dihitung dari angka lain, dan dipakai untuk menghitung ulang {kali} angka.",
                "en": f"Base number: not computed from others, and used to recompute {kali} numbers.",
            }
        )
    return fmt.pick(
        {
            "id": "Ditulis sekali dan tidak ada angka lain dalam sumber yang menghasilkannya.",
            "en": "Printed once; no other numbers in the source produce it.",
        }
    )


def _description(baris) -> str:
    return baris.uraian if fmt.language() == "id" else baris.uraian_en


def _describe(id_: str) -> str:
    tabel, *kunci = id_.split("/")
    return f"{tabel}: {', '.join(k.replace('_', ' ') for k in kunci)}"
