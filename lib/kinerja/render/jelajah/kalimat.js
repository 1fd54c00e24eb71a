// Angka dan kalimat bagi pembaca: satuan, temuan, rincian pilihan, dan catatan.

function satuanSimpul(h, i) {
  return i < h.pohon.V ? h.simpul[i].satuan : "indeks_100";
}

function format(x, satuan) {
  if (Number.isNaN(x)) return "–";
  if (satuan === "indeks") return bilangan(x, 3);
  if (satuan.startsWith("rupiah") || satuan === "orang") {
    const awal = satuan === "orang" ? "" : "Rp";
    if (Math.abs(x) >= 1e6) return `${awal}${bilangan(x / 1e6, 2)} ${kata("juta")}`;
    return `${awal}${bilangan(x, 0)}`;
  }
  return bilangan(x, satuan === "indeks_100" ? 1 : 2);
}

function sebutanSatuan(h, i) {
  const satuan = satuanSimpul(h, i);
  return i >= h.pohon.V ? kata("satuan_indeks") : kata(satuan === "indeks" ? "satuan_indeks_1" : `satuan_${satuan}`);
}

// Indikator indeks terbitan dikutip apa adanya; yang lain seperti himpunannya.
function asalAngka({ h, s }) {
  return s < h.pohon.V && h.keadaan === "diturunkan" && h.simpul[s].sumber ? "dikutip" : h.keadaan;
}

function lengkapi(m, lebar) {
  const satuan = satuanSimpul(m.h, m.s);
  const desimalSumbu = (x) => (satuan.startsWith("rupiah") || satuan === "orang" ? format(x, satuan).replace(/[.,]00(?= )/, "") : bilangan(x, Number.isInteger(x) ? 0 : satuan === "indeks" ? 2 : 1));
  const ujung = [m.urut[0], m.urut.at(-1)].filter((d) => d !== undefined);
  const panjang = Math.max(0, ...ujung.map((d) => format(m.baris.nilai[d], satuan).length));
  return Object.assign(m, {
    lebar, kata, bilangan, bertanda, satuan: sebutanSatuan(m.h, m.s), petak: data.petak, namaProvinsi,
    angka: (x) => format(x, satuan), angkaSumbu: desimalSumbu, angkaPendek: (x) => (Math.abs(x) < 1000 ? bilangan(x, 0) : ""),
    lebarAngka: panjang * 6.9, namaSimpul: (i) => dua(m.h.simpul[i].nama),
  });
}

function temuan(m) {
  const nama = (d) => m.t.nama[d];
  if (k.lihat === "urai") {
    if (m.urai.sebab) return kata(m.urai.sebab);
    const beda = m.urai.akhir - m.urai.awal;
    const terbesar = m.urai.bagian.reduce((x, y) => (y.sumbang * Math.sign(beda) > x.sumbang * Math.sign(beda) ? y : x));
    const isi = { a: nama(m.dua[0]), b: nama(m.dua[1]), beda: bilangan(Math.abs(beda), 1), bagian: terbesar.j < 0 ? kata("urai_gabungan") : dua(m.h.simpul[terbesar.j].nama) };
    return kata(beda > 0 ? "temuan_urai_lebih" : beda < 0 ? "temuan_urai_kurang" : "temuan_urai_sama", isi);
  }
  const ada = m.urut.filter((d) => !m.baris.beda[d]);
  if (!ada.length) return kata("temuan_kosong");
  const tinggi = ada[0], rendah = ada.at(-1);
  if (k.lihat === "panas" && m.kolom.length) {
    const rentang = m.kolom.map((c) => {
      const isi = m.urut.map((d) => c.nilai[d]).filter((x) => !Number.isNaN(x));
      return { c, a: Math.min(...isi), b: Math.max(...isi) };
    });
    const { c, a, b } = m.h.indeks ? rentang.reduce((x, y) => (y.b - y.a > x.b - x.a ? y : x)) : rentang.find((x) => x.c.i === m.s);
    return kata(m.kolom.length > 1 && m.h.indeks ? "temuan_panas" : "temuan_panas_satu", { bagian: c.nama, a: c.angka(a), b: c.angka(b) });
  }
  if (k.lihat === "harapan") {
    const banyak = m.semua.filter((d) => m.baris.peringkat[d] && Math.round(m.harapan.bawah[d]) <= 1).length;
    const n = m.semua.filter((d) => m.baris.peringkat[d]).length;
    return banyak > 1 ? kata("temuan_harapan", { m: banyak, n }) : kata("temuan_harapan_satu", { tinggi: nama(m.semua[0]) });
  }
  return kata(ada.length > 1 ? "temuan_ujung" : "temuan_satu", { tinggi: nama(tinggi), rendah: nama(rendah), a: m.angka(m.baris.nilai[tinggi]), b: m.angka(m.baris.nilai[rendah]) });
}

// Bobot yang bukan baku; simpul sekode di beberapa kelompok disebut sekali bila sama, kalau tidak dengan kelompoknya.
function sebutanBobot(h) {
  const { simpul, pohon } = h;
  const hasil = new Set();
  for (const [id, x] of Object.entries(k.w)) {
    const i = pohon.letak.get(id), nama = dua(simpul[i].nama);
    const sekode = simpul.filter((y) => y.kode === simpul[i].kode);
    const sama = sekode.every((y) => k.w[y.id] === x);
    hasil.add(sekode.length > 1 && !sama ? `${nama} (${dua(simpul[pohon.induk[i]].nama)}) ${bilangan(x, 1)}` : `${nama} ${bilangan(x, 1)}`);
  }
  return [...hasil];
}

function rincian(m) {
  const bobot = sebutanBobot(m.h);
  const ringkas = bobot.length > 4 ? [...bobot.slice(0, 4), `… (${bobot.length})`] : bobot;
  return [
    dua(m.h.judul), ...(m.s === m.h.pohon.puncak ? [] : [dua(m.h.simpul[m.s].nama)]), kata(`tingkat_${m.t.kode}`),
    ...(m.h.indeks && m.s >= m.h.pohon.V ? [kata(`agr_${k.agr}`)] : []), m.satuan,
    ...(k.prov ? [kata("sebutan_saring", { nama: namaProvinsi(k.prov) })] : []),
    ...(ringkas.length ? [kata("sebutan_bobot", { isi: ringkas.join(", ") })] : []),
  ].join(" · ");
}

function catatan(m) {
  const { h, t, baris } = m;
  const hitungan = (x) => baris.tanda.reduce((n, y) => n + (y === x), 0);
  const beda = baris.beda.reduce((n, x) => n + x, 0), bukanBaku = Object.keys(k.w).length > 0 || k.agr !== "arithmetic";
  const isi = [];
  if (k.lihat === "peringkat" && t.galat) isi.push(kata("cat_selang"));
  if (k.lihat === "peringkat" && !t.galat) isi.push(kata("cat_tanpa_galat"));
  if (k.lihat === "harapan") isi.push(kata(t.galat ? "cat_harapan" : m.s < h.pohon.V ? "cat_goyang_deret" : "cat_goyang"));
  if (k.lihat === "panas") isi.push(kata("cat_panas"));
  if (k.lihat === "peta" && t.kode === "kabkota") isi.push(kata("cat_peta_kabkota"));
  const penuh = m.s >= h.pohon.V && t.galat ? bagianPenuh(h, t, m.w)[m.s] : 1;
  if (penuh < 1 - PEMBULATAN) isi.push(kata("cat_bagian", { p: bilangan(100 * penuh, 0) }));
  if (m.s < h.pohon.V && h.simpul[m.s].arah < 0) isi.push(kata("cat_turun"));
  if (hitungan(TERTAHAN)) isi.push(kata("cat_ditahan", { n: hitungan(TERTAHAN) }), ...(bukanBaku ? [kata("cat_ditahan_bobot")] : []));
  if (hitungan(KOSONG)) isi.push(kata("cat_kosong", { n: hitungan(KOSONG) }));
  if (beda && k.lihat !== "peta") isi.push(kata("cat_beda", { n: beda }));
  if (t.galat && h.langkah < 31) isi.push(kata("cat_ketelitian", { n: h.langkah > 12 ? 5 : 4 }));
  return [...isi, dua(h.catatan)].filter(Boolean).join(" ");
}
