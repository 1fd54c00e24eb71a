// Halaman: kendali, hitung, gambar, tabel, unduhan. Satu perubahan satu hitungan per bingkai layar.

const KATA = JSON.parse(document.getElementById("teks").textContent);
const el = (id) => document.getElementById(id);
let data, k, hasil, aktif = -1, kotakBobot = [], tunggu = 0, simpanNanti = 0;

const kata = (kunci, isi = {}) => (KATA[kunci]?.[k?.bahasa ?? document.documentElement.lang] ?? kunci).replace(/\{(\w+)\}/g, (x, nama) => isi[nama] ?? x);
const pemformat = new Map();

function bilangan(x, desimal) {
  const kunci = `${k.bahasa}${desimal}`;
  if (!pemformat.has(kunci)) pemformat.set(kunci, new Intl.NumberFormat(k.bahasa, { minimumFractionDigits: desimal, maximumFractionDigits: desimal }));
  return pemformat.get(kunci).format(x).replace("-", "−");
}

const namaProvinsi = (p) => (data.provinsi[p] ? dua(data.provinsi[p]) : p);
const bertanda = (x) => `${Math.round(x * 10) > 0 ? "+" : ""}${bilangan(x, 1)}`.replace(/^−(0[.,]0)$/, "$1");
const dua = (isi) => isi[k.bahasa];

function buat(nama, atribut = {}, ...isi) {
  const x = document.createElement(nama);
  for (const [a, v] of Object.entries(atribut)) {
    if (a.startsWith("on")) x.addEventListener(a.slice(2), v);
    else if (v === true) x.setAttribute(a, "");
    else if (v !== false && v !== undefined) x.setAttribute(a, v);
  }
  x.append(...isi);
  return x;
}

// Kendali -------------------------------------------------------------------------------------------------------------

function pilihan(nama, daftar, nilai, ubah) {
  const x = buat("select", { id: `k-${nama}`, onchange: (e) => ubah(e.target.value) }, ...daftar.map(([v, t, mati]) => buat("option", { value: v, selected: v === nilai, disabled: mati }, t)));
  return buat("div", { class: "isian" }, buat("label", { for: `k-${nama}` }, kata(nama)), x);
}

function atur(isi) {
  Object.assign(k, isi);
  rapikan(data, k);
  aktif = -1;
  susunKendali();
  segarkan();
}

function susunKendali() {
  const { h, t } = himpunanDari(data, k);
  const terfokus = document.activeElement?.id;
  const set = [...new Map(data.himpunan.map((x) => [x.kode, dua(x.judul)]))];
  const isi = [
    ...(set.length > 1 ? [pilihan("set", set, k.set, (v) => atur({ ...keadaanBaku(data, v), bahasa: k.bahasa, lihat: k.lihat, tingkat: k.tingkat }))] : []),
    pilihan("tingkat", pasanganTingkat(data, k.set).map((x) => [x.t.kode, kata(`tingkat_${x.t.kode}`)]), k.tingkat, (v) => atur({ tingkat: v, a: "", b: "" })),
    ...kendaliSimpul(h),
    ...(h.indeks ? [pilihan("agregasi", Object.keys(AGREGASI).map((x) => [x, kata(`agr_${x}`)]), k.agr, (v) => atur({ agr: v }))] : []),
    ...(t.induk.some(Boolean) ? [pilihan("saring", [["", kata("semua_provinsi")], ...daftarProvinsi(t)], k.prov, (v) => atur({ prov: v }))] : []),
    ...(k.lihat === "urai" ? kendaliDua(t) : []),
  ];
  el("kendali").replaceChildren(...isi, ...(h.indeks ? [kendaliBobot(h, t)] : []));
  susunTampilan(h, t);
  if (terfokus) el(terfokus)?.focus({ preventScroll: true });
}

function kendaliSimpul(h) {
  const { pohon, simpul } = h;
  if (!h.indeks) {
    const tema = pohon.anak[pohon.puncak].map((i) => buat("optgroup", { label: dua(simpul[i].nama) }, ...daunDi(pohon, i).map((v) => buat("option", { value: simpul[v].id, selected: simpul[v].id === k.simpul }, dua(simpul[v].nama)))));
    const x = buat("select", { id: "k-deret", onchange: (e) => atur({ simpul: e.target.value }) }, ...tema);
    return [buat("div", { class: "isian" }, buat("label", { for: "k-deret" }, kata("deret")), x)];
  }
  const sasaran = pohon.anak[pohon.puncak].filter((i) => simpul[i].jenis === "sasaran");
  const kini = pohon.letak.get(k.simpul);
  let akar = kini;
  while (akar !== pohon.puncak && !sasaran.includes(akar)) akar = pohon.induk[akar];
  const daftar = [];
  const jalan = (i, dalam) => {
    daftar.push([simpul[i].id, `${"\u2003".repeat(dalam)}${dua(simpul[i].nama)}`]);
    if (dalam < 1 || i !== pohon.puncak) pohon.anak[i].forEach((j) => jalan(j, dalam + 1));
  };
  jalan(akar, 0);
  const bagian = pilihan("bagian", daftar, k.simpul, (v) => atur({ simpul: v }));
  if (!sasaran.length) return [bagian];
  const kelompok = [[simpul[pohon.puncak].id, kata("semua_sasaran")], ...sasaran.map((i) => [simpul[i].id, dua(simpul[i].nama)])];
  return [pilihan("sasaran", kelompok, simpul[akar].id, (v) => atur({ simpul: v })), bagian];
}

function daunDi(pohon, i) {
  return i < pohon.V ? [i] : pohon.anak[i].flatMap((j) => daunDi(pohon, j));
}

function daftarProvinsi(t) {
  return [...new Set(t.induk)].map((p) => [p, namaProvinsi(p)]);
}

function kendaliDua(t) {
  const daftar = t.wilayah.map((x, d) => [x, t.induk[d] ? `${t.nama[d]}, ${namaProvinsi(t.induk[d])}` : t.nama[d]]);
  return ["a", "b"].map((x) => pilihan(`wilayah_${x}`, [["", kata("otomatis")], ...daftar], k[x], (v) => atur({ [x]: v })));
}

function kendaliBobot(h, t) {
  const { pohon, simpul } = h;
  kotakBobot = [];
  const kelompok = Map.groupBy ? Map.groupBy(simpul.keys(), (i) => simpul[i].kode) : simpul.reduce((m, x, i) => m.set(x.kode, [...(m.get(x.kode) ?? []), i]), new Map());
  const bersama = [...kelompok.values()].filter((x) => x.length > 1);
  const isi = pohon.anak[pohon.puncak].map((i) => penggeser(h, t, [i]));
  if (bersama.length) isi.push(buat("p", { class: "judul-sub" }, kata("bobot_bersama")), ...bersama.map((x) => penggeser(h, t, x)));
  pohon.anak[pohon.puncak].forEach((i) => isi.push(...rincianBobot(h, t, i)));
  isi.push(buat("button", { type: "button", class: "biasa", onclick: () => { k.w = {}; tandaiBobot(h); segarkan(); } }, kata("bobot_semula")));
  return buat("fieldset", {}, buat("legend", {}, kata("bobot")), ...isi);
}

const terbuka = new Set();

function rincianBobot(h, t, i) {
  const { anak } = h.pohon;
  if (i < h.pohon.V) return [];
  if (anak[i].length < 2) return anak[i].flatMap((j) => rincianBobot(h, t, j));
  const kunci = h.simpul[i].id;
  const wadah = buat("div");
  const isi = () => wadah.childElementCount || wadah.append(...anak[i].map((j) => penggeser(h, t, [j])), ...anak[i].flatMap((j) => rincianBobot(h, t, j)));
  const lipatan = buat("details", { class: "sub-bobot", open: terbuka.has(kunci), ontoggle: (e) => {
    if (e.target !== lipatan) return;
    terbuka[lipatan.open ? "add" : "delete"](kunci);
    if (lipatan.open) isi();
  } }, buat("summary", {}, kata("bobot_di", { nama: dua(h.simpul[i].nama) })), wadah);
  if (terbuka.has(kunci)) isi();
  return [lipatan];
}

function penggeser(h, t, letak) {
  const { simpul, pohon } = h, i = letak[0];
  const lepas = letak.every((j) => t.lepas.has(j));
  const nama = dua(simpul[i].nama);
  const id = `w-${simpul[i].id}${letak.length > 1 ? "-semua" : ""}`;
  const keluar = buat("output", { for: id });
  const geser = buat("input", { type: "range", id, min: 0, max: bobotTerbesar(h, simpul[i].id), step: 0.1, disabled: lepas, "aria-label": kata("bobot_untuk", { nama }), oninput: () => {
    for (const j of letak) {
      if (Number(geser.value) === pohon.bobot[j]) delete k.w[simpul[j].id];
      else k.w[simpul[j].id] = Number(geser.value);
    }
    tandaiBobot(h);
    segarkan();
  } });
  const baris = buat("div", { class: "geser" }, buat("label", { for: id }, nama), geser, keluar);
  if (lepas) baris.append(buat("small", {}, kata("bobot_lepas")));
  kotakBobot.push({ letak, geser, keluar, baris });
  tandaiSatu(h, kotakBobot.at(-1));
  return baris;
}

function tandaiSatu(h, x) {
  const nilai = k.w[h.simpul[x.letak[0]].id] ?? h.pohon.bobot[x.letak[0]];
  if (Number(x.geser.value) !== nilai) x.geser.value = nilai;
  x.keluar.textContent = bilangan(nilai, 1);
  x.geser.setAttribute("aria-valuetext", bilangan(nilai, 1));
  x.baris.classList.toggle("baru", x.letak.some((j) => h.simpul[j].id in k.w));
}

function tandaiBobot(h) {
  kotakBobot.forEach((x) => tandaiSatu(h, x));
}

function susunTampilan(h, t) {
  const ada = tampilanAda(data, h, t);
  el("tampilan").replaceChildren(buat("legend", { class: "hanya-pembaca" }, kata("tampilan")), ...ada.map((x) => buat("label", {}, buat("input", { type: "radio", name: "lihat", id: `v-${x}`, value: x, checked: x === k.lihat, onchange: () => atur({ lihat: x }) }), kata(`lihat_${x}`))));
}

// Hitung --------------------------------------------------------------------------------------------------------------

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

// Angka dan kata ------------------------------------------------------------------------------------------------------

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

function rincian(m) {
  const bobot = Object.entries(k.w).map(([id, x]) => `${dua(m.h.simpul[m.h.pohon.letak.get(id)].nama)} ${bilangan(x, 1)}`);
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

// Tabel dan unduhan ---------------------------------------------------------------------------------------------------

// Kolom: [judul, jenis]; jenis t teks, b bilangan, n dalam satuan yang dilihat, d dua desimal. Angkanya tidak dibulatkan.
function isiTabel() {
  if (k.lihat === "urai") return tabelUrai();
  const m = hasil, { t, baris, h } = m;
  const urutan = new Map(m.semua.map((d, i) => [d, i]));
  const wilayah = [...t.wilayah.keys()].filter((d) => !k.prov || t.induk[d] === k.prov);
  wilayah.sort((a, b) => (urutan.get(a) ?? Infinity) - (urutan.get(b) ?? Infinity) || a - b);
  const ada = (d) => !Number.isNaN(baris.nilai[d]);
  const kolom = [
    [kata("kol_kode"), "t", (d) => t.wilayah[d]],
    [kata("kol_wilayah"), "t", (d) => t.nama[d]],
    [kata("kol_tanda"), "t", (d) => (baris.beda[d] && ada(d) ? kata("tanda_beda") : kata(`tanda_${baris.tanda[d]}`))],
    [kata("kol_keadaan"), "t", (d) => kata(ada(d) ? `keadaan_${asalAngka(m)}` : "tanda_3")],
    [kata("kol_peringkat"), "b", (d) => baris.peringkat[d] || NaN],
    [kata("kol_nilai"), "n", (d) => baris.nilai[d]],
  ];
  if (k.lihat === "panas") kolom.push(...m.kolom.map((c) => [c.nama, "d", (d) => c.nilai[d]]));
  else if (k.lihat === "harapan") {
    const pada = (x) => (d) => (baris.peringkat[d] ? x[d] : NaN);
    const { harapan, bawah, atas } = m.harapan;
    kolom.push([kata(t.galat ? "kol_harapan" : "kol_rata"), "d", pada(harapan)], [kata("kol_terbaik"), "d", pada(bawah)], [kata("kol_terburuk"), "d", pada(atas)]);
  } else if (t.galat) {
    kolom.push([kata("kol_se"), "d", (d) => baris.se[d]], [kata("kol_bawah"), "d", (d) => baris.bawah[d]], [kata("kol_atas"), "d", (d) => baris.atas[d]]);
    kolom.push([kata("kol_bobot"), "d", (d) => (ada(d) && m.s >= h.pohon.V ? 100 * baris.simpul.bagian[d * h.pohon.S + m.s] : NaN)]);
    kolom.push([kata("kol_n"), "b", (d) => (ada(d) && t.galat.n[d * h.pohon.S + m.s]) || NaN]);
  }
  return { kolom, kepalaBaris: 1, baris: wilayah.map((d) => kolom.map((c) => c[2](d))) };
}

function tabelUrai() {
  const { urai: isi, t, h, dua: [a, b] } = hasil;
  if (isi.sebab) return { kolom: [], kepalaBaris: 0, baris: [] };
  const kolom = [[kata("kol_bagian"), "t"], [t.nama[a], "d"], [t.nama[b], "d"], [kata("kol_sumbangan"), "d"]];
  const baris = isi.bagian.map((x) => [x.j < 0 ? kata("urai_gabungan") : dua(h.simpul[x.j].nama), x.x, x.y, x.sumbang]);
  return { kolom, kepalaBaris: 0, baris: [...baris, [kata("urai_jumlah"), isi.awal, isi.akhir, isi.akhir - isi.awal]] };
}

function susunTabel() {
  const { kolom, kepalaBaris, baris } = isiTabel();
  const satuan = satuanSimpul(hasil.h, hasil.s), desimal = satuan.startsWith("rupiah") || satuan === "orang" ? 0 : 2;
  const tulisan = { t: (x) => x, b: (x) => bilangan(x, 0), n: (x) => bilangan(x, desimal), d: (x) => bilangan(x, 2) };
  const sel = (x, jenis) => (jenis !== "t" && Number.isNaN(x) ? "…" : tulisan[jenis](x));
  const kelas = (jenis) => (jenis === "t" ? "" : ' class="angka"');
  const satu = (x, j) => (j === kepalaBaris ? `<th scope="row">${lolos(x)}</th>` : `<td${kelas(kolom[j][1])}>${lolos(sel(x, kolom[j][1]))}</td>`);
  const wadah = el("tabel").querySelector(".gulir");
  wadah.setAttribute("aria-label", el("temuan").textContent);
  wadah.innerHTML = `<table><caption>${lolos(el("rincian").textContent)}</caption><thead><tr>${kolom.map(([judul, jenis]) => `<th scope="col"${kelas(jenis)}>${lolos(judul)}</th>`).join("")}</tr></thead><tbody>${baris.map((b) => `<tr>${b.map(satu).join("")}</tr>`).join("")}</tbody></table>`;
}

// Teks yang dapat dibaca lembar sebar sebagai rumus diawali tanda petik tunggal.
function selCsv(x) {
  if (typeof x === "number") return Number.isNaN(x) ? "" : String(x);
  const aman = /^[=+\-@\t\r]/.test(x) ? `'${x}` : x;
  return /[",\n]/.test(aman) ? `"${aman.replace(/"/g, '""')}"` : aman;
}

function unduhBerkas(isi, jenis, akhiran) {
  const alamat = URL.createObjectURL(isi instanceof Blob ? isi : new Blob([isi], { type: jenis }));
  const tautan = buat("a", { href: alamat, download: `jelajah-${k.set}-${k.tingkat}-${k.lihat}.${akhiran}` });
  tautan.click();
  setTimeout(() => URL.revokeObjectURL(alamat), 10000);
}

function unduhCsv() {
  const { kolom, baris } = isiTabel();
  unduhBerkas([kolom.map((c) => c[0]), ...baris].map((b) => b.map(selCsv).join(",")).join("\n") + "\n", "text/csv;charset=utf-8", "csv");
}

function svgKini() {
  return svgUtuh(hasil.gambar, el("temuan").textContent, el("rincian").textContent, el("sumber").textContent);
}

async function unduhPng() {
  const { svg, lebar, tinggi } = svgKini();
  const gambar = new Image();
  gambar.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await gambar.decode();
  const kanvas = buat("canvas", { width: lebar * 2, height: tinggi * 2 });
  kanvas.getContext("2d").drawImage(gambar, 0, 0, lebar * 2, tinggi * 2);
  unduhBerkas(await new Promise((x) => kanvas.toBlob(x, "image/png")), "image/png", "png");
}

async function salinTautan() {
  const alamat = location.href;
  try {
    await navigator.clipboard.writeText(alamat);
    el("kabar").textContent = kata("tersalin");
  } catch {
    el("kabar").textContent = kata("alamat", { alamat });
  }
}

function susunUnduh() {
  const tombol = (nama, kerja) => buat("button", { type: "button", class: "biasa", id: `u-${nama}`, onclick: kerja }, kata(nama === "salin" ? nama : `unduh_${nama}`));
  el("unduh").replaceChildren(tombol("csv", unduhCsv), tombol("png", () => hasil.gambar && unduhPng()), tombol("svg", () => hasil.gambar && unduhBerkas(svgKini().svg, "image/svg+xml", "svg")), tombol("salin", salinTautan));
}

function pakaiBahasa() {
  for (const h of data.himpunan) for (const t of h.tingkat) t.nama = t.namaDua[k.bahasa] ?? t.namaDua.id;
  document.documentElement.lang = k.bahasa;
  document.querySelectorAll("[data-teks]").forEach((x) => (x.textContent = kata(x.dataset.teks)));
  document.querySelectorAll("[data-bahasa]").forEach((x) => x.setAttribute("aria-pressed", x.dataset.bahasa === k.bahasa));
  document.querySelector("[data-nama]").setAttribute("aria-label", kata("bahasa"));
  document.title = `${kata("judul")} · ${kata("laporan")}`;
  susunUnduh();
}

async function mulai() {
  data = await bacaMuatan(el("muatan").textContent);
  el("muatan").remove();
  const awal = bacaAlamat(data, location.hash);
  k = awal.k;
  el("memuat").hidden = true;
  el("badan").hidden = false;
  if (matchMedia("(max-width: 59.99rem)").matches) el("pilihan").open = false;
  pakaiBahasa();
  susunKendali();
  perbarui();
  if (awal.asing.length) el("kabar").textContent = kata("alamat_asing", { isi: awal.asing.join(", ") });
  pasangGambar();
  document.querySelectorAll("[data-bahasa]").forEach((x) => x.addEventListener("click", () => { k.bahasa = x.dataset.bahasa; pakaiBahasa(); susunKendali(); perbarui(); }));
  el("tabel").addEventListener("toggle", () => el("tabel").open && susunTabel());
  addEventListener("scroll", isiBaris, { passive: true });
  addEventListener("resize", () => tampilkan());
  addEventListener("hashchange", () => { const x = bacaAlamat(data, location.hash); k = x.k; pakaiBahasa(); susunKendali(); perbarui(); });
  matchMedia("(min-width: 60rem)").addEventListener("change", (e) => { if (e.matches) el("pilihan").open = true; });
  document.documentElement.dataset.siap = "ya";
}

// Bagi uji, tolok ukur, dan orang yang membuka konsol: hitungan yang sama tanpa tampilan.
window.jelajah = {
  data: () => data,
  hitung: (isi, lama) => {
    const x = rapikan(data, { ...keadaanBaku(data, isi.set), ...isi }), { h, t } = himpunanDari(data, x);
    return hitungBaris(h, t, larikBobot(h, x), x.agr, h.pohon.letak.get(x.simpul), lama?.simpul);
  },
  harapan: peringkatHarapan, selang: selangPeringkat, urai, peringkatBobot, himpunanDari: (x) => himpunanDari(data, x), larikBobot,
  atur: (isi) => { Object.assign(k, isi); rapikan(data, k); perbarui(); },
};

mulai().catch((sebab) => {
  el("memuat").textContent = (KATA.gagal[document.documentElement.lang] ?? "").replace("{sebab}", sebab.message);
  document.documentElement.dataset.siap = "gagal";
});
