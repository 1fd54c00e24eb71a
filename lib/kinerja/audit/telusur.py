"""Asal-usul sebuah angka: rumusnya dengan angka-angkanya, dan jalurnya ke baris data mentah."""

from __future__ import annotations

from colformula import Words, write
from colformula.tree import Call, Compare, Name, Ref
from kinerja import fmt
from kinerja.audit.klaim import Klaim
from kinerja.audit.tulisan import formula_words, plain, show, word

_KOLOM_JEJAK = ("berkas", "baris", "sumber", "bagian", "keadaan")


class Telusur:
    """Bagian :class:`kinerja.audit.Audit` yang menceritakan asal-usul angka."""

    def formula(self, klaim: Klaim) -> str:
        """Rumus klaim dengan angka-angkanya, dalam bahasa dan format angka yang berlaku."""
        kata = Words(formula_words(), "," if fmt.language() == "id" else ".", longest=None)
        match klaim.rumus:
            case Call("rows", (tabel, *lain)):
                kolom = "".join(f".{x.name}" for x in lain if isinstance(x, Name))
                tanda = {"=": "=", "!=": "≠"}
                saring = [f"{x.left.name} {tanda[x.sign]} {x.right.value}" for x in lain if isinstance(x, Compare)]
                isi = f"{tabel.value}{kolom}" + (f" ({'; '.join(saring)})" if saring else "")
                return word("banyak_baris", isi=isi)
            case Call("class_of", (pohon, tabel)):
                return word("kelas", isi=write(pohon, self._scope(), kata), tabel=tabel.value)
        rumus = write(klaim.rumus, self._scope(), kata)
        return word("sama_dengan", isi=rumus) if isinstance(klaim.rumus, Ref) else rumus[0].upper() + rumus[1:]

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
            ``bagian``, ``keadaan``. Besaran antara (misalnya capaian sebuah indikator, yang menjadi masukan rata-rata)
            bernilai hasil hitungannya, di baris tabel yang mengaturnya.

        Raises
        ------
        GalatParameter
            Id tidak ada.
        """
        self.d.baris(id_)
        hasil: list[dict] = []

        def walk(satu: str, jalur: tuple[str, ...]) -> None:
            klaim = self._utama.get(satu)
            masukan = [m.removeprefix("=") for m in klaim.masukan] if klaim else []
            if set(masukan) & {*jalur, satu}:
                # total dan bagiannya saling memeriksa; yang sudah dilewati menjadi pangkal
                klaim, masukan = None, []
            nilai = self._stated(satu)
            hasil.append(
                {
                    "tingkat": len(jalur),
                    "id": satu,
                    "nilai": fmt.HILANG if nilai is None else plain(nilai, self._desimal[satu]),
                    "rumus": self.formula(klaim) if klaim else "",
                    **{k: self._asal[satu][k] for k in _KOLOM_JEJAK},
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
            isi.append(self.formula(klaim) + ("" if hasil is None or klaim.menyalin else f" = {show(hasil)}"))
        masukan = [m.removeprefix("=") for m in klaim.masukan] if klaim else []
        for satu in dict.fromkeys([id_, *masukan]):
            asal = self._asal[satu]
            tempat = f"{asal['berkas']}, {word('baris')} {asal['baris']}; {self.place(satu)}"
            isi.append(f"{satu}: {self.printed(satu)} ({tempat})")
        return isi
