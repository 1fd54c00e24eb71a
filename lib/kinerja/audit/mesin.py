"""Mesin audit: setiap klaim dihitung ulang atas pecahan tepat, dibandingkan pada ketelitian cetak, dan diceritakan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from typing import Any

import pandas as pd

from colformula import FormulaError, Missing, Node, Scope, Words, evaluate, write
from colformula.tree import Call, Compare, Name, Ref, Text
from kinerja import capaian, fmt, terbaca
from kinerja.audit.klaim import KODE, TANPA, TEKS, Klaim, Pembuat, Pola, derive, written
from kinerja.audit.sebab import Sebab
from kinerja.audit.tulisan import Nilai, exact, formula_words, local, plain, show, to_step, word
from kinerja.data.load import Data
from kinerja.errors import GalatData
from kinerja.istilah import section
from kinerja.kelas import classify

_KOLOM_JEJAK = ("berkas", "baris", "sumber", "bagian", "keadaan")
_TANPA_PEMISAH = ("tahun", "nomor", "tanggal")
_DESIMAL_BINER = 12  # membuang ekor biner, supaya angka yang tepat di tengah dibulatkan menjauhi nol
_BERUMUS = (f"{x} {y}" for x in (capaian.TURUN, capaian.RENTANG) for y in (capaian.SELISIH, capaian.KEBALIKAN))
_CARA = (capaian.NAIK, TEKS, *_BERUMUS)


class _Lingkup(Scope):
    """Angka satu klaim sebagai pecahan tepat; ``ganti`` menukar nilai sebagian masukan."""

    exact = True

    def __init__(self, audit: Audit, ganti: dict[str, Nilai] | None = None) -> None:
        self.audit, self.ganti = audit, ganti or {}
        self.forms = audit.forms

    def _tokens(self, leaf: Node) -> list[str]:
        if not isinstance(leaf, Ref):
            raise FormulaError("Klaim hanya menyebut angka menurut id", leaf.position)
        return self.audit.pola.expand(leaf.path)

    def one(self, leaf: Node) -> Nilai:
        return self.many(leaf)[0]

    def many(self, leaf: Node) -> list[Nilai]:
        nilai = [self.ganti[x] if x in self.ganti else self.audit.input(x) for x in self._tokens(leaf)]
        if any(x is None for x in nilai):
            raise Missing(leaf.path)
        return nilai

    def say(self, leaf: Node, many: bool) -> list[str]:
        return [self.audit.say(token) for token in self._tokens(leaf)]


class Audit:
    """Klaim satu tahun dan hasil hitung ulangnya: dari susunan data, dan dari tabel ``klaim`` dan ``jumlah``.

    ``toleransi``: kelonggaran dalam satuan desimal terakhir yang dicetak; 0 berarti harus sama persis.

    Raises
    ------
    GalatData
        Klaim merujuk angka yang tidak ada, aturan yang tidak dikenal, atau saling merujuk melingkar.
    """

    def __init__(self, d: Data, toleransi: int = 0):
        self.d, self.toleransi = d, toleransi
        fakta = d.facts_unnoted()
        ids = [id_ for id_, _ in d.filled_ids()]
        nilai = dict(zip(ids, map(exact, fakta["nilai"], fakta["desimal"], fakta["teks"]), strict=True))
        ditulis = written(d, nilai)
        pembuat = Pembuat(d, nilai, dict(zip(ids, fakta["satuan"], strict=True)))
        self.klaim = [*ditulis, *derive(pembuat, ditulis)]
        antara = pembuat.antara
        self._antara = frozenset(antara)
        self.pola = Pola([*ids, *antara])
        self._nilai = terbaca.PerId(d.tahun, nilai | dict.fromkeys(antara))
        asal = fakta[["satuan", "desimal", *_KOLOM_JEJAK]].astype({"desimal": int}).to_dict("index")
        self._asal = terbaca.PerId(d.tahun, asal | {k: x.asal for k, x in antara.items()})
        self._utama: dict[str, Klaim] = {}
        for klaim in [*self.klaim, *antara.values()]:
            # klaim yang masukannya memuat angka itu sendiri mengujinya, bukan menghasilkannya; klaim "sama" hanya
            # menyalin, jadi yang menghitung dari angka pokok didahulukan sebagai hasil hitung ulang
            lama = self._utama.get(klaim.tercetak)
            if klaim.tercetak not in klaim.masukan and (lama is None or (lama.menyalin and not klaim.menyalin)):
                self._utama[klaim.tercetak] = klaim
        self.forms = _forms(d)
        self._hasil: dict[str, Nilai | None] = {}
        self._sedang: list[str] = []

    # ---- angka

    def written(self, id_: str) -> Nilai | None:
        """Isi tertulis sebuah id."""
        return self._nilai[id_]

    def decimals(self, id_: str) -> int:
        """Banyaknya desimal yang dicetak."""
        return self._asal[id_]["desimal"]

    def place(self, id_: str) -> str:
        """Tempat sebuah angka di laporan, dalam bahasa yang berlaku."""
        return section(self._asal[id_]["bagian"])

    def input(self, token: str) -> Nilai | None:
        """Nilai sebuah masukan klaim: hasil hitung ulangnya bila berawalan ``=``."""
        return self.recompute(token[1:]) if token.startswith("=") else self._nilai[token]

    def say(self, token: str) -> str:
        """Nilai sebuah masukan untuk kalimat."""
        return self._in_words(self.input(token), token)

    def printed(self, id_: str) -> str:
        """Angka tertulis sebuah id, atau hasil hitung besaran antara, dengan desimal cetaknya."""
        return self._in_words(self._stated(id_), id_, self.decimals(id_))

    def _stated(self, id_: str) -> Nilai | None:
        return self.recompute(id_) if id_ in self._antara else self._nilai[id_]

    def _in_words(self, nilai: Nilai | None, token: str, desimal: int | None = None) -> str:
        """Angka untuk kalimat; tahun dan nomor ditulis tanpa pemisah ribuan."""
        if nilai is None:
            return fmt.HILANG
        if self._asal[token.removeprefix("=")]["satuan"] in _TANPA_PEMISAH:
            return plain(nilai)
        return show(nilai) if desimal is None else local(plain(nilai, desimal))

    def recompute(self, id_: str) -> Nilai | None:
        """Hasil hitung ulang (tidak dibulatkan) sebuah angka; nilainya sendiri bila tidak ada aturan untuknya.

        None bila ada masukan yang tidak tersedia.
        """
        if id_ not in self._hasil:
            if id_ in self._sedang:
                raise self.wrong(f"lingkaran {' -> '.join([*self._sedang, id_])}", "rujukan tanpa lingkaran")
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
        ditulis = not klaim.kode.startswith(KODE)
        if ditulis and not klaim.menyalin and any(isinstance(self.input(x), str) for x in klaim.masukan):
            raise self.wrong(f"klaim {klaim.kode} atas nilai teks", "masukan berupa angka")
        return self.evaluate(klaim.rumus)

    def evaluate(self, rumus: Node, ganti: dict[str, Nilai] | None = None) -> Nilai | None:
        """Hasil sebuah rumus; ``ganti`` menukar masukan dengan nilai lain, untuk mencari sebab perbedaan."""
        try:
            return evaluate(rumus, _Lingkup(self, ganti))
        except (Missing, ZeroDivisionError):
            return None

    def wrong(self, ditemukan: str, diharapkan: str) -> GalatData:
        """Galat tabel klaim."""
        return GalatData(f"{self.d.tahun}/klaim.csv", ditemukan=ditemukan, diharapkan=diharapkan)

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
        baris = [self._verdict(x) for x in self.klaim if self._asal[x.tercetak]["keadaan"] == "dikutip"]
        _contradictions(baris, self.place)
        dipakai = Counter(id_ for klaim in self.klaim for id_ in self._basis(klaim))
        diklaim = {klaim.tercetak for klaim in self.klaim}
        for id_, nilai in self._nilai.items():
            if nilai is not None and id_ not in diklaim and self._asal[id_]["keadaan"] == "dikutip":
                alasan = word("pokok", kali=dipakai[id_]) if id_ in dipakai else word("lepas")
                baris.append(self._row(Klaim("pokok", id_, None, besaran=id_), None, "tak_dapat_dihitung", alasan))
        tabel = pd.DataFrame(baris)
        ganda = tabel["id"].duplicated(keep=False)
        tabel.loc[ganda, "id"] = tabel.loc[ganda, "id"] + "@" + tabel.loc[ganda, "kode"]
        urut = {id_: n for n, id_ in enumerate(self.pola.ids)}
        return tabel.sort_values("id_tercetak", key=lambda s: s.map(urut), kind="stable").reset_index(drop=True)

    def _basis(self, klaim: Klaim) -> set[str]:
        """Angka yang dipakai sebuah klaim, langsung atau lewat besaran antara."""
        hasil: set[str] = set()
        for id_ in (x.removeprefix("=") for x in klaim.masukan):
            hasil |= self._basis(self._utama[id_]) if id_ in self._antara else {id_}
        return hasil

    def _row(self, klaim: Klaim, dihitung: Nilai | None, vonis: str, penjelasan: str) -> dict:
        asal, tercetak = self._asal[klaim.tercetak], self._nilai[klaim.tercetak]
        angka = isinstance(tercetak, Fraction) and isinstance(dihitung, Fraction)
        tabel, *kunci = klaim.tercetak.split("/")
        return {
            "id": klaim.tercetak,
            "bagian": asal["bagian"],
            "uraian": klaim.uraian or f"{tabel}: {', '.join(k.replace('_', ' ') for k in kunci)}",
            "tercetak": plain(tercetak, asal["desimal"]),
            "dihitung": "" if dihitung is None else plain(dihitung),
            "selisih": float(tercetak - dihitung) if angka else float("nan"),
            "vonis": vonis,
            "penjelasan": penjelasan,
            "sumber": asal["sumber"],
            "satuan": asal["satuan"],
            "desimal": asal["desimal"],
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
        langkah = Fraction(klaim.opsi.get("ketelitian", "0")) or Fraction(1, 10 ** self.decimals(klaim.tercetak))
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

    # ---- asal-usul

    def formula(self, klaim: Klaim) -> str:
        """Rumus klaim dengan angka-angkanya, dalam bahasa dan format angka yang berlaku."""
        kata = Words(formula_words(), "," if fmt.language() == "id" else ".", longest=None)
        tulis = partial(write, teller=_Lingkup(self), words=kata)
        match klaim.rumus:
            case Call("rows", (tabel, *lain)):
                kolom = "".join(f".{x.name}" for x in lain if isinstance(x, Name))
                tanda = {"=": "=", "!=": "≠"}
                saring = [f"{x.left.name} {tanda[x.sign]} {x.right.value}" for x in lain if isinstance(x, Compare)]
                isi = f"{tabel.value}{kolom}" + (f" ({'; '.join(saring)})" if saring else "")
                return word("banyak_baris", isi=isi)
            case Call("class_of", (pohon, tabel)):
                return word("kelas", isi=tulis(pohon), tabel=tabel.value)
        rumus = tulis(klaim.rumus)
        return word("sama_dengan", isi=rumus) if klaim.menyalin else rumus[0].upper() + rumus[1:]

    def trace(self, id_: str) -> list[dict]:
        """Jalur sebuah angka ke baris-baris data mentah.

        Returns
        -------
        list of dict
            Menurun (mendalam dahulu): ``tingkat``, ``id``, ``nilai``, ``rumus``, ``berkas``, ``baris``, ``sumber``,
            ``bagian``, ``keadaan``. Besaran antara (misalnya capaian sebuah indikator, yang menjadi masukan rata-rata)
            bernilai hasil hitungannya, di baris tabel yang mengaturnya.

        Raises
        ------
        GalatParameter
            Id tidak ada.
        """
        self.d.baris(id_)
        return list(self._walk(id_, ()))

    def _walk(self, id_: str, jalur: tuple[str, ...]) -> Iterator[dict]:
        klaim = self._utama.get(id_)
        masukan = [m.removeprefix("=") for m in klaim.masukan] if klaim else []
        if set(masukan) & {*jalur, id_}:
            # total dan bagiannya saling memeriksa; yang sudah dilewati menjadi pangkal
            klaim, masukan = None, []
        nilai = self._stated(id_)
        yield {
            "tingkat": len(jalur),
            "id": id_,
            "nilai": fmt.HILANG if nilai is None else plain(nilai, self.decimals(id_)),
            "rumus": self.formula(klaim) if klaim else "",
            **{k: self._asal[id_][k] for k in _KOLOM_JEJAK},
        }
        for masuk in masukan:
            yield from self._walk(masuk, (*jalur, id_))

    def sentences(self, id_: str, kode: str | None = None) -> list[str]:
        """Asal-usul satu angka sebagai kalimat: rumusnya, lalu setiap masukan dengan berkas, baris, dan bagiannya.

        ``kode``: klaim yang dijelaskan, bila satu angka diuji dengan beberapa klaim; bila kosong klaim utamanya. Tanpa
        kalimat bila id itu tidak ada. Masukan hanya satu tingkat; jalur selengkapnya ada di :meth:`trace`.
        """
        if id_ not in self._nilai:
            return []
        klaim, isi = self._utama.get(id_), []
        if kode is not None:
            klaim = next((x for x in self.klaim if (x.tercetak, x.kode) == (id_, kode)), None)
        if klaim:
            hasil = self.recompute(id_) if kode is None else self.compute(klaim)
            isi.append(self.formula(klaim) + ("" if hasil is None or klaim.menyalin else f" = {show(hasil)}"))
        for satu in dict.fromkeys([id_, *(m.removeprefix("=") for m in (klaim.masukan if klaim else ()))]):
            asal = self._asal[satu]
            tempat = f"{asal['berkas']}, {word('baris')} {asal['baris']}; {self.place(satu)}"
            isi.append(f"{satu}: {self.printed(satu)} ({tempat})")
        return isi


def _contradictions(baris: list[dict], place: Callable[[str], str]) -> None:
    """Versi yang tidak sesuai hitungan menjadi ``bertentangan`` bila versi lain dari besaran itu sesuai."""

    def sebut(x: dict) -> dict[str, str]:
        return {"angka": local(x["tercetak"]), "tempat": place(x["id_tercetak"])}

    kelompok: dict[str, list[dict]] = {}
    for satu in baris:
        kelompok.setdefault(satu["besaran"], []).append(satu)
    for anggota in kelompok.values():
        versi = {satu["id_tercetak"]: satu for satu in anggota}.values()
        if len(versi) < 2:
            continue
        benar = [satu for satu in versi if satu["vonis"] == "cocok"]
        for satu in anggota:
            if satu["vonis"] == "beda" and benar:
                satu["vonis"] = "bertentangan"
                satu["penjelasan"] += " " + word("versi_sesuai", **sebut(benar[0]))
            elif satu["vonis"] == "cocok":
                salah = [sebut(x) for x in versi if x["vonis"] in ("beda", "bertentangan")]
                if lain := sorted({f"{x['angka']} ({x['tempat']})" for x in salah}):
                    satu["penjelasan"] += " " + word("versi_lain", versi="; ".join(lain))


# Fungsi rumus ---------------------------------------------------------------------------------------------------------


def _forms(d: Data) -> dict[str, Callable[[tuple[Node, ...], Scope], Any]]:
    """Fungsi yang membaca daftar, dan yang memanggil :mod:`kinerja.capaian`."""
    isi = {"rows": partial(_count_rows, d), "class_of": partial(_category, d)}
    isi |= {f"capaian {x}{b}": partial(_achievement, d, x) for x in _CARA for b in ("", " batas")}
    return isi | {f"golongan {x}": partial(_in_class, d, x) for x in capaian.GOLONGAN}


def _count_rows(d: Data, masukan: tuple[Node, ...], lingkup: Scope) -> Fraction:
    tabel, *lain = masukan
    isi, kolom = d[tabel.value], None
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


def _category(d: Data, masukan: tuple[Node, ...], lingkup: Scope) -> str:
    nilai, tabel = masukan
    isi = d[tabel.value]
    if "ukuran" in isi:
        lebar = isi.pivot(index=["kelas", "nama"], columns="ukuran", values="nilai").reset_index()
        isi = lebar.rename(columns={"kelas": "kode"})
    kode = classify(float(evaluate(nilai, lingkup)), isi)
    return isi.set_index("kode").at[kode, "nama"]


def _achievement(d: Data, cara: str, masukan: tuple[Node, ...], lingkup: Scope) -> Fraction:
    (kode, batas, *isi), (arah, *rumus) = masukan, cara.split()
    nilai = [None if x == TANPA else evaluate(x, lingkup) for x in isi]
    atas = None if batas == TANPA else float(evaluate(batas, lingkup))
    if arah == TEKS:
        jenjang = d["jenjang"].query("kode == @kode.value").sort_values("urutan")["sebutan"] if d.has("jenjang") else ()
        hasil = capaian.achievement_text(*nilai, tuple(jenjang))
    else:
        angka = [None if x is None else float(x) for x in nilai]
        hitung = capaian.achievement_range if arah == capaian.RENTANG else partial(capaian.achievement, arah=arah)
        hasil = hitung(*angka, batas=atas, **({"rumus": rumus[0]} if rumus else {}))
    if hasil != hasil:
        raise Missing(kode.value)
    return exact(hasil, _DESIMAL_BINER, None)


def _in_class(d: Data, golongan: str, masukan: tuple[Node, ...], lingkup: Scope) -> Fraction:
    """Banyaknya indikator atau sasaran segolongan menurut :mod:`kinerja.capaian`."""
    hitung = capaian.iku if masukan[0].path.startswith("=iku/") else capaian.sasaran
    return Fraction(int((hitung(d)["golongan"] == golongan).sum()))
