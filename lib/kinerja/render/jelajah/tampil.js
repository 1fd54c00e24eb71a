// Dari keadaan ke layar: hitungan yang diperlukan tampilannya, gambarnya, dan kabar satu wilayah.

function hitung() {
  const { h, t } = himpunanDari(data, k);
  const w = larikBobot(h, k), s = h.pohon.letak.get(k.simpul);
  const baris = hitungBaris(h, t, w, k.agr, s);
  const semua = [...t.wilayah.keys()].filter((d) => !Number.isNaN(baris.nilai[d]));
  semua.sort((a, b) => (baris.beda[a] - baris.beda[b]) || baris.nilai[b] - baris.nilai[a]);
  const urut = k.prov ? semua.filter((d) => t.induk[d] === k.prov) : semua;
  const [a, b] = duaWilayah(t, urut, baris);
  const m = { h, t, w, s, baris, semua, urut, dua: [a, b], prov: k.prov };
  m.sorot = k.lihat === "urai" ? [] : [k.a, k.b].filter(Boolean).map((x) => t.letak.get(x));
  if (k.lihat === "harapan") m.harapan = keyakinan(m);
  if (k.lihat === "urai") m.urai = urai(h, t, w, k.agr, baris, a, b);
  return m;
}

function duaWilayah(t, urut, baris) {
  const ada = urut.filter((d) => !baris.beda[d]);
  const a = k.a ? t.letak.get(k.a) : ada.find((d) => t.wilayah[d] !== k.b);
  const b = k.b ? t.letak.get(k.b) : ada.findLast((d) => d !== a);
  return [a, b];
}

function keyakinan({ h, t, w, s, baris }) {
  const boleh = Array.from(baris.peringkat, (x) => x > 0);
  const nilai = Float64Array.from(boleh, (x, d) => (x ? baris.nilai[d] : NaN));
  if (t.galat) {
    const df = Float64Array.from(boleh, (_, d) => t.galat.df[d * h.pohon.S + s]);
    return { harapan: peringkatHarapan(nilai, baris.se), ...selangPeringkat(nilai, baris.se, df) };
  }
  if (s >= h.pohon.V) return peringkatBobot(h, t, w, k.agr, s, boleh);
  const p = Float64Array.from(baris.peringkat);
  return { harapan: p, bawah: p, atas: p };
}

function kolomPanas(m) {
  const { h, t, w, s, baris } = m;
  const { pohon, simpul } = h;
  let letak = s < pohon.V ? saudara(h, s) : pohon.anak[s];
  if (letak.every((i) => simpul[i].jenis === "sasaran")) letak = letak.flatMap((i) => pohon.anak[i]);
  return letak.map((i) => {
    const satu = i === s ? baris : hitungBaris(h, t, w, k.agr, i, baris.simpul);
    const ada = m.semua.map((d) => satu.nilai[d]).filter((x) => !Number.isNaN(x));
    const kelompok = m.s === pohon.puncak && simpul[pohon.induk[i]].jenis === "sasaran" ? dua(simpul[pohon.induk[i]].nama) : "";
    const besar = Math.max(...ada);
    return { i, judul: dua(simpul[i].nama), kelompok, nama: dua(simpul[i].nama) + (kelompok && ` (${kelompok})`), nilai: satu.nilai, kecil: Math.min(...ada), besar, angka: (x) => format(x, satuanSimpul(h, i)), lebar: format(besar, satuanSimpul(h, i)).length * 6.4 };
  }).filter((c) => Number.isFinite(c.kecil));
}

function saudara(h, s) {
  return h.indeks ? [s] : h.pohon.anak[h.pohon.induk[s]];
}

// Tampilkan -----------------------------------------------------------------------------------------------------------

const PELUKIS = { peringkat: gambarPeringkat, peta: gambarPeta, panas: gambarPanas, urai: gambarUrai, harapan: gambarHarapan };

function lukis(m) {
  if ((k.lihat === "urai" && m.urai.sebab) || !m.semua.length || (k.lihat === "panas" && !m.kolom.length)) return null;
  return PELUKIS[k.lihat](m);
}

function segarkan() {
  if (!tunggu) tunggu = requestAnimationFrame(() => { tunggu = 0; perbarui(); });
}

function perbarui() {
  hasil = hitung();
  if (k.lihat === "panas") hasil.kolom = kolomPanas(hasil);
  if (k.lihat === "harapan") hasil.urut = hasil.urut.filter((d) => hasil.baris.peringkat[d]);
  tampilkan();
  // Peramban membatasi seringnya alamat diganti; cukup sesudah orang berhenti menggeser.
  clearTimeout(simpanNanti);
  simpanNanti = setTimeout(simpanAlamat, 200);
}

function tampilkan() {
  const m = lengkapi(hasil, Math.max(280, Math.floor(el("gambar").clientWidth)));
  m.aktif = aktif;
  const g = (hasil.gambar = lukis(m));
  const judul = temuan(m);
  if (el("temuan").textContent !== judul) el("temuan").textContent = judul;
  el("rincian").textContent = rincian(m);
  el("gambar").setAttribute("aria-label", `${kata(`lihat_${k.lihat}`)}: ${judul}. ${kata("bantuan_gambar")}`);
  if (g) el("gambar").innerHTML = `<svg width="${g.lebar}" height="${g.tinggi}" viewBox="0 0 ${g.lebar} ${g.tinggi}" ${HURUF} aria-hidden="true">${g.latar}<g id="baris"></g></svg>`;
  else el("gambar").replaceChildren(buat("p", { class: "pesan" }, judul));
  hasil.dari = hasil.sampai = -1;
  isiBaris();
  el("catatan").textContent = catatan(m);
  el("sumber").textContent = `${kata("sumber")}: ${m.h.simpul[m.s].sumber ? `${dua(m.h.simpul[m.s].sumber)}.` : dua(m.h.sumber)} ${kata("keadaan_angka")}: ${kata(`keadaan_${asalAngka(m)}`)}.`;
  el("spanduk").hidden = m.h.keadaan !== "sintetis";
  el("spanduk").textContent = kata("spanduk_sintetis");
  if (el("tabel").open) susunTabel();
}

// Hanya baris di sekitar layar yang digambar.
function isiBaris() {
  const g = hasil?.gambar;
  if (!g?.banyak) return;
  const atas = el("gambar").getBoundingClientRect().top + g.atas;
  const dari = Math.max(0, Math.floor(-atas / g.tinggiBaris) - 6), sampai = Math.min(g.banyak, Math.ceil((innerHeight - atas) / g.tinggiBaris) + 6);
  if (dari === hasil.dari && sampai === hasil.sampai) return;
  Object.assign(hasil, { dari, sampai });
  const isi = [];
  for (let i = dari; i < sampai; i++) isi.push(g.satu(i));
  el("baris").innerHTML = isi.join("");
}

function simpanAlamat() {
  const teks = tulisAlamat(data, k);
  if (location.hash.replace(/^#/, "") !== teks) history.replaceState(null, "", teks ? `#${teks}` : "#");
}

// Kabar satu wilayah --------------------------------------------------------------------------------------------------

function kabarkan(d, c = -1) {
  const { t, baris } = hasil, kolom = c >= 0 && hasil.kolom?.[c];
  if (kolom) return (el("kabar").textContent = `${t.nama[d]}, ${kolom.nama}: ${Number.isNaN(kolom.nilai[d]) ? kata("peta_ditahan") : kolom.angka(kolom.nilai[d])}`);
  const isi = [`${t.nama[d]}: ${Number.isNaN(baris.nilai[d]) ? kata(`tanda_${baris.tanda[d] || KOSONG}`) : hasil.angka(baris.nilai[d])}`];
  if (!Number.isNaN(baris.bawah[d])) isi.push(`(${hasil.angka(baris.bawah[d])} – ${hasil.angka(baris.atas[d])})`);
  if (baris.peringkat[d]) isi.push(`· ${kata("kol_peringkat").toLowerCase()} ${baris.peringkat[d]}`);
  if (baris.tanda[d] === RAGU) isi.push(`· ${kata("tanda_1")}`);
  return (el("kabar").textContent = isi.join(" "));
}

function pilihWilayah(d) {
  const kode = hasil.t.wilayah[d];
  if (k.a === kode) k.a = k.b;
  else if (k.b === kode) k.b = "";
  else if (!k.a) k.a = kode;
  else k.b = kode;
  if (k.a === k.b) k.b = "";
  perbarui();
  kabarkan(d);
}

function pasangGambar() {
  const wilayah = (e) => Number(e.target.closest("[data-d]")?.dataset.d ?? -1);
  el("gambar").addEventListener("pointerover", (e) => wilayah(e) >= 0 && kabarkan(wilayah(e), Number(e.target.dataset.c ?? -1)));
  el("gambar").addEventListener("click", (e) => wilayah(e) >= 0 && pilihWilayah(wilayah(e)));
  el("gambar").addEventListener("keydown", (e) => {
    const urut = hasil.urut, kini = urut.indexOf(aktif);
    const ke = { ArrowDown: kini + 1, ArrowUp: kini - 1, Home: 0, End: urut.length - 1 }[e.key];
    if (e.key === "Enter" && aktif >= 0) return pilihWilayah(aktif);
    if (ke === undefined || k.lihat === "urai" || !urut.length) return;
    e.preventDefault();
    aktif = urut[Math.max(0, Math.min(urut.length - 1, ke))];
    gulirKe(urut.indexOf(aktif));
    tampilkan();
    kabarkan(aktif);
  });
}

function gulirKe(i) {
  const g = hasil.gambar;
  if (!g?.banyak) return;
  const y = el("gambar").getBoundingClientRect().top + g.atas + i * g.tinggiBaris;
  if (y < 90 || y > innerHeight - 60) scrollBy(0, y - innerHeight / 2);
}
