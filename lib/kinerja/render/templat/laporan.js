// Tabel laporan yang dapat diurutkan dan dicari. Tanpa pustaka dan tanpa jaringan; tanpa skrip ini tabel tetap terbaca.
(() => {
  "use strict";
  const kata = document.currentScript.dataset;
  const bahasa = document.documentElement.lang;
  const penyusun = new Intl.Collator(bahasa, { numeric: true, sensitivity: "base" });
  const angka = new Intl.NumberFormat(bahasa);
  const CARI_MULAI = 10; // tabel yang lebih pendek terlihat seluruhnya

  // Isi sel sebagaimana terbaca: asal-usul yang terlipat dan tanda keadaan bukan bagian nilainya.
  function teksSel(sel) {
    const sumber = (sel.querySelector("summary") || sel).cloneNode(true);
    sumber.querySelectorAll("sup").forEach((x) => x.remove());
    return sumber.textContent.trim();
  }

  // Huruf tanpa tanda dan besar-kecil; angka terbaca dengan atau tanpa pemisah ribuan ("1.618" dan "1618").
  function sederhana(teks) {
    const rata = teks.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/\u2212/g, "-");
    const polos = bahasa === "en" ? /(\d),(?=\d{3})/g : /(\d)\.(?=\d{3})/g;
    return rata.replace(polos, "$1");
  }

  // Angka menurut nilai yang tidak dibulatkan, lalu teks; yang tidak ada selalu terakhir.
  function kunci(baris, kolom) {
    const sel = baris.cells[kolom];
    if (!sel) return { kosong: true };
    if (sel.dataset.nilai !== undefined) {
      return { jenis: 0, satuan: sel.dataset.satuan || "", nilai: Number(sel.dataset.nilai) };
    }
    const teks = teksSel(sel);
    const kosong = teks === "" || teks === "–" || sel.classList.contains("tk-tidak-tersedia");
    return { kosong, jenis: 1, teks };
  }

  function banding(a, b, arah) {
    if (a.kosong || b.kosong) return Number(Boolean(a.kosong)) - Number(Boolean(b.kosong));
    if (a.jenis !== b.jenis) return a.jenis - b.jenis;
    if (a.jenis === 1) return arah * penyusun.compare(a.teks, b.teks);
    // Nilai bersatuan lain tidak dibandingkan: tiap satuan berkumpul sendiri.
    return penyusun.compare(a.satuan, b.satuan) || arah * (a.nilai - b.nilai);
  }

  // Baris jumlah dan rata-rata tidak ikut diurutkan di antara bagian-bagiannya.
  function urutkan(badan, asli, kolom, arah) {
    const jumlah = asli.filter((x) => x.classList.contains("tk-tebal"));
    const biasa = asli.filter((x) => !x.classList.contains("tk-tebal"));
    const berkunci = biasa.map((baris, letak) => ({ baris, letak, kunci: kunci(baris, kolom) }));
    berkunci.sort((a, b) => banding(a.kunci, b.kunci, arah) || a.letak - b.letak);
    badan.append(...(arah ? [...berkunci.map((x) => x.baris), ...jumlah] : asli));
  }

  function pasangUrut(tabel, badan, asli, kepala, kabarkan) {
    const tanda = ["none", "ascending", "descending"];
    const arah = [0, 1, -1];
    kepala.forEach((th, kolom) => {
      const tulisan = th.firstChild;
      if (!tulisan || tulisan.nodeType !== Node.TEXT_NODE) return;
      const tombol = document.createElement("button");
      tombol.type = "button";
      tombol.className = "urut";
      tombol.title = kata.urutkan;
      tombol.append(tulisan.cloneNode());
      // Tanda catatan kaki dan keadaan tidak boleh turun sendirian ke baris berikutnya.
      const sebaris = document.createElement("span");
      sebaris.className = "kepala-urut";
      tulisan.replaceWith(tombol);
      sebaris.append(...th.childNodes);
      th.append(sebaris);
      th.setAttribute("aria-sort", "none");
      tombol.addEventListener("click", () => {
        const ke = (tanda.indexOf(th.getAttribute("aria-sort")) + 1) % 3;
        kepala.forEach((x) => x.hasAttribute("aria-sort") && x.setAttribute("aria-sort", "none"));
        th.setAttribute("aria-sort", tanda[ke]);
        badan.querySelectorAll("details.tk-asal[open]").forEach((x) => { x.open = false; });
        badan.querySelectorAll(".tk-asal-baris").forEach((x) => x.remove());
        urutkan(badan, asli, kolom, arah[ke]);
        const cara = [kata.semula, kata.naik, kata.turun][ke];
        kabarkan(cara.replace("{kolom}", tombol.textContent));
      });
    });
  }

  function pasangCari(tabel, asli, nama, kabar) {
    const bilah = document.createElement("div");
    bilah.className = "cari-tabel";
    const label = document.createElement("label");
    const kotak = document.createElement("input");
    kotak.type = "search";
    kotak.autocomplete = "off";
    kotak.spellcheck = false;
    kotak.setAttribute("aria-label", `${kata.cari}: ${nama}`);
    label.append(kata.cari, " ", kotak);
    bilah.append(label, kabar);
    const isi = asli.map((baris) => sederhana([...baris.cells].map(teksSel).join(" ")));
    const semua = kata.semua.replace("{banyak}", angka.format(asli.length));
    kabar.textContent = semua;
    kotak.addEventListener("input", () => {
      const dicari = sederhana(kotak.value).split(/\s+/).filter(Boolean);
      let cocok = 0;
      asli.forEach((baris, i) => {
        baris.hidden = !dicari.every((x) => isi[i].includes(x));
        cocok += baris.hidden ? 0 : 1;
      });
      kabar.textContent = dicari.length
        ? kata.cocok.replace("{banyak}", angka.format(cocok)).replace("{dari}", angka.format(asli.length))
        : semua;
    });
    return bilah;
  }

  // Asal-usul sebuah angka dibuka sebagai baris penuh di bawahnya, supaya kolom lain tidak terdorong keluar layar.
  function pasangAsal(tabel) {
    tabel.classList.add("asal-di-baris");
    tabel.addEventListener("toggle", (kejadian) => {
      const sel = kejadian.target.closest && kejadian.target.closest("td, th");
      if (!sel || !kejadian.target.classList.contains("tk-asal")) return;
      const baris = sel.parentElement;
      const lama = baris.nextElementSibling;
      if (lama && lama.classList.contains("tk-asal-baris")) lama.remove();
      if (!kejadian.target.open) return;
      baris.querySelectorAll("details.tk-asal[open]").forEach((x) => {
        if (x !== kejadian.target) x.open = false;
      });
      const tambahan = document.createElement("tr");
      const isi = document.createElement("td");
      tambahan.className = "tk-asal-baris";
      isi.colSpan = baris.cells.length;
      isi.append(kejadian.target.querySelector("ul").cloneNode(true));
      tambahan.append(isi);
      baris.after(tambahan);
    }, true);
  }

  document.querySelectorAll("table.tk").forEach((tabel) => {
    pasangAsal(tabel);
    const badan = tabel.tBodies[0];
    const kepala = [...tabel.querySelectorAll('thead th[scope="col"]')];
    const asli = badan ? [...badan.rows] : [];
    if (asli.length < 2 || asli.some((x) => x.cells.length !== kepala.length)) return;
    const kabar = document.createElement("output");
    kabar.setAttribute("aria-live", "polite");
    const bingkai = tabel.closest(".tk-gulir");
    const nama = tabel.caption ? tabel.caption.textContent : bingkai.getAttribute("aria-label");
    if (asli.length >= CARI_MULAI) {
      bingkai.before(pasangCari(tabel, asli, nama, kabar));
    } else {
      kabar.className = "hanya-pembaca";
      bingkai.before(kabar);
    }
    pasangUrut(tabel, badan, asli, kepala, (teks) => {
      kabar.textContent = teks;
    });
  });
})();
