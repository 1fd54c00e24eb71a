// Kendali kecil di halaman laporan. Datanya di blok JSON kendali itu sendiri; hitungannya sama dengan ukurannya di Python.
(() => {
  "use strict";

  // Hitungan ----------------------------------------------------------------------------------------------------------

  const ada = (x) => x !== null && x !== undefined && !Number.isNaN(x);

  function rerata(baris) {
    const isi = baris.filter((x) => ada(x.nilai));
    const berat = isi.reduce((s, x) => s + x.bobot, 0);
    return isi.length ? isi.reduce((s, x) => s + x.nilai * x.bobot, 0) / berat : null;
  }

  // capaian.iku, sasaran, dan mean_achievement; batas null: tanpa batas.
  function hitungBatas(isi, batas) {
    const iku = isi.iku.map((x) => {
      if (batas === null) return { ...x, nilai: x.capaian };
      if (x.nol) return { ...x, nilai: batas };
      return { ...x, nilai: x.dibatasi && ada(x.capaian) ? Math.min(x.capaian, batas) : x.capaian };
    });
    const sasaran = isi.sasaran.map((s) => ({
      ...s,
      nilai: rerata(iku.filter((x) => x.sasaran === s.kode).map((x) => ({ nilai: x.nilai, bobot: x.bobot_sasaran }))),
    }));
    const dasar = isi.dari === "iku" ? iku : sasaran;
    return { iku, sasaran, rata: rerata(dasar.map((x) => ({ nilai: x.nilai, bobot: x.bobot }))) };
  }

  // dtks.score: K/L tetap, penyebut tetap.
  function hitungDtks(isi, kabkota) {
    const realisasi = ((isi.kl + kabkota) / isi.total) * 100;
    const tanpa = (isi.naik ? realisasi / isi.target : Math.max(2 - realisasi / isi.target, 0)) * 100;
    return { realisasi, capaian_tanpa_batas: tanpa, capaian: isi.batas === null ? tanpa : Math.min(tanpa, isi.batas) };
  }

  // pkh.benefit: orang yang bantuannya tertinggi lebih dulu, lalu rentang setahun.
  function hitungPkh(isi, orang) {
    const banyak = isi.komponen.map((x) => orang[x.komponen] ?? 0);
    const jumlahOrang = banyak.reduce((a, b) => a + b, 0);
    if (!jumlahOrang) return null;
    const dihitung = isi.komponen.map(() => 0);
    let sisa = isi.maksimal;
    const urut = [...isi.komponen.keys()].sort((a, b) => isi.komponen[b].per_tahun - isi.komponen[a].per_tahun || a - b);
    for (const i of urut) {
      dihitung[i] = Math.min(banyak[i], sisa);
      sisa -= dihitung[i];
    }
    const jumlah = isi.komponen.map((x, i) => dihitung[i] * x.per_tahun);
    const sebelum = jumlah.reduce((a, b) => a + b, 0);
    const batas = sebelum > isi.tertinggi ? "tertinggi" : sebelum < isi.terendah ? "terendah" : "";
    return { dihitung, jumlah, sebelum, batas, per_tahun: batas ? isi[batas] : sebelum, luar: jumlahOrang - (isi.maksimal - sisa) };
  }

  // Tampilan ----------------------------------------------------------------------------------------------------------

  function buat(nama, atribut = {}, ...isi) {
    const x = document.createElement(nama);
    for (const [a, v] of Object.entries(atribut)) {
      if (a.startsWith("on")) x.addEventListener(a.slice(2), v);
      else if (v === true) x.setAttribute(a, "");
      else if (v !== false) x.setAttribute(a, v);
    }
    x.append(...isi);
    return x;
  }

  const isian = (kalimat, nilai) => kalimat.replace(/\{(\w+)\}/g, (x, k) => nilai[k] ?? x);

  // Kalimat dengan **tebal**, sebagai simpul teks: isinya tidak pernah dibaca sebagai HTML.
  function tulis(wadah, kalimat) {
    wadah.replaceChildren(...kalimat.split("**").map((x, i) => (i % 2 ? buat("b", {}, x) : x)));
  }

  const angka = (bahasa, desimal) => (x) =>
    ada(x) ? new Intl.NumberFormat(bahasa, { minimumFractionDigits: desimal, maximumFractionDigits: desimal }).format(x).replace("-", "\u2212") : "\u2026";

  let nomor = 0;

  function penggeser(sebutan, atribut, ubah) {
    const id = `kendali-${++nomor}`, keluar = buat("output", { for: id });
    const geser = buat("input", { type: "range", id, ...atribut, oninput: () => ubah(Number(geser.value)) });
    return { geser, keluar, baris: buat("p", { class: "kendali-geser" }, buat("label", { for: id }, sebutan), geser, keluar) };
  }

  function tabel(kepala, badan, angkaMulai) {
    const kelas = (j) => (j >= angkaMulai ? "tk-angka" : false);
    const isi = badan.map((b) => buat("tr", {}, ...b.map((x, j) => (j ? buat("td", { class: kelas(j) }, x) : buat("th", { scope: "row" }, x)))));
    const tr = buat("tr", {}, ...kepala.map((x, j) => buat("th", { scope: "col", class: kelas(j) }, x)));
    return buat("div", { class: "tabel-kinerja" }, buat("div", { class: "tk-gulir", tabindex: 0, role: "group", "aria-label": kepala[0] }, buat("table", { class: "tk" }, buat("thead", {}, tr), buat("tbody", {}, ...isi))));
  }

  function batas(wadah, isi, kata, bahasa) {
    const satu = angka(bahasa, 1), bulat = angka(bahasa, 0);
    const kalimat = buat("p", { class: "kendali-hasil", "aria-live": "polite" }), rincian = buat("div");
    const id = `kendali-${++nomor}`;
    const pakai = buat("input", { type: "checkbox", id, checked: isi.terbatas, onchange: perbarui });
    const tinggi = Math.max(250, Math.ceil(isi.batas / 5) * 5);
    const g = penggeser(kata.batas, { min: 100, max: tinggi, step: 5, value: isi.batas }, perbarui);
    function perbarui() {
      const nilai = pakai.checked ? Number(g.geser.value) : null;
      const hasil = hitungBatas(isi, nilai);
      const kena = hasil.iku.filter((x) => nilai !== null && ada(x.capaian) && x.nilai < x.capaian);
      g.geser.disabled = !pakai.checked;
      g.keluar.textContent = bulat(Number(g.geser.value));
      const kunci = hasil.rata === null ? "kosong" : nilai === null ? "tanpa" : "dengan";
      tulis(kalimat, isian(kata[kunci], { rata: satu(hasil.rata), batas: bulat(nilai), n: kena.length }));
      const baris = hasil.iku.map((x) => [x.nama, `${satu(x.nilai)}${kena.includes(x) ? ` (${kata.kena})` : ""}`]);
      rincian.replaceChildren(tabel([kata.kolom_nama, kata.kolom_nilai], baris, 1));
    }
    wadah.append(buat("p", {}, pakai, " ", buat("label", { for: id }, kata.pakai)), g.baris, kalimat, rincian);
    perbarui();
  }

  function dtks(wadah, isi, kata, bahasa) {
    const satu = angka(bahasa, 1), bulat = angka(bahasa, 0);
    const kalimat = buat("p", { class: "kendali-hasil", "aria-live": "polite" });
    const isiBatang = buat("span"), tanda = buat("i", { title: kata.target });
    const g = penggeser(kata.dihitung, { min: 0, max: isi.kabkota, step: 1, value: isi.awal }, perbarui);
    function perbarui() {
      const n = Number(g.geser.value), hasil = hitungDtks(isi, n);
      const capai = isi.naik ? hasil.realisasi >= isi.target : hasil.realisasi <= isi.target;
      g.keluar.textContent = bulat(n);
      tulis(kalimat, isian(kata[capai ? "tercapai" : "meleset"], { n: bulat(n), total: bulat(isi.kabkota), skor: satu(hasil.realisasi), target: satu(isi.target), capaian: satu(hasil.capaian_tanpa_batas) }));
      isiBatang.style.width = `${Math.min(100, hasil.realisasi)}%`;
      isiBatang.classList.toggle("kurang", !capai);
      tanda.style.left = `${Math.min(100, isi.target)}%`;
    }
    wadah.append(g.baris, kalimat, buat("div", { class: "kendali-batang", "aria-hidden": "true" }, isiBatang, tanda));
    perbarui();
  }

  function pkh(wadah, isi, kata, bahasa) {
    const bulat = angka(bahasa, 0), rupiah = (x) => `Rp${bulat(x)}`;
    const kalimat = buat("p", { class: "kendali-hasil", "aria-live": "polite" }), orang = { ...isi.awal };
    const sel = isi.komponen.map((x) => ({ dihitung: buat("td", { class: "tk-angka kendali-lebar" }), jumlah: buat("td", { class: "tk-angka" }), nama: x.nama }));
    const baris = isi.komponen.map((x, i) => {
      const kotak = buat("input", { type: "number", min: 0, max: isi.terbanyak, step: 1, value: orang[x.komponen] ?? 0, "aria-label": isian(kata.orang, { nama: x.nama }), oninput: () => {
        orang[x.komponen] = Math.max(0, Math.min(isi.terbanyak, Math.floor(Number(kotak.value)) || 0));
        perbarui();
      } });
      return buat("tr", {}, buat("th", { scope: "row" }, x.nama), buat("td", { class: "tk-angka" }, kotak), sel[i].dihitung, buat("td", { class: "tk-angka kendali-lebar" }, rupiah(x.per_tahun)), sel[i].jumlah);
    });
    const kepala = ["komponen", "orang", "dihitung", "per_tahun", "jumlah"].map((x, j) => buat("th", { scope: "col", class: j === 2 || j === 3 ? "tk-angka kendali-lebar" : j ? "tk-angka" : false }, kata[`kolom_${x}`]));
    function perbarui() {
      const hasil = hitungPkh(isi, orang);
      sel.forEach((x, i) => {
        x.dihitung.textContent = hasil ? bulat(hasil.dihitung[i]) : "0";
        x.jumlah.textContent = hasil ? rupiah(hasil.jumlah[i]) : rupiah(0);
      });
      if (!hasil) return tulis(kalimat, kata.kosong);
      const catatan = [hasil.luar && isian(kata.luar, { maksimal: isi.maksimal, luar: hasil.luar }), hasil.batas && isian(kata[hasil.batas], { jumlah: rupiah(hasil.sebelum) })];
      return tulis(kalimat, [isian(kata.hasil, { rupiah: rupiah(hasil.per_tahun) }), ...catatan.filter(Boolean)].join(" "));
    }
    const isiTabel = buat("table", { class: "tk" }, buat("thead", {}, buat("tr", {}, ...kepala)), buat("tbody", {}, ...baris));
    wadah.append(kalimat, buat("div", { class: "tabel-kinerja" }, buat("div", { class: "tk-gulir", tabindex: 0, role: "group", "aria-label": kata.kolom_komponen }, isiTabel)));
    perbarui();
  }

  const KENDALI = { batas, dtks, pkh };

  document.querySelectorAll(".kendali[data-kendali]").forEach((wadah) => {
    const { isi, kata, bahasa } = JSON.parse(wadah.querySelector("script").textContent);
    wadah.append(buat("h3", {}, kata.judul));
    KENDALI[wadah.dataset.kendali](wadah, isi, kata, bahasa);
    wadah.hidden = false;
  });

  window.kendali = { batas: hitungBatas, dtks: hitungDtks, pkh: hitungPkh };
})();
