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
  const kelompok = simpul.reduce((m, x, i) => m.set(x.kode, [...(m.get(x.kode) ?? []), i]), new Map());
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
  const isi = x.letak.map((j) => k.w[h.simpul[j].id] ?? h.pohon.bobot[j]);
  const sama = isi.every((y) => y === isi[0]), nilai = sama ? isi[0] : isi.reduce((a, b) => a + b, 0) / isi.length;
  if (Number(x.geser.value) !== nilai) x.geser.value = nilai;
  x.keluar.textContent = sama ? bilangan(nilai, 1) : "≠";
  x.geser.setAttribute("aria-valuetext", sama ? bilangan(nilai, 1) : kata("bobot_beragam"));
  x.baris.classList.toggle("baru", x.letak.some((j) => h.simpul[j].id in k.w));
}

function tandaiBobot(h) {
  kotakBobot.forEach((x) => tandaiSatu(h, x));
}

function susunTampilan(h, t) {
  const ada = tampilanAda(data, h, t);
  el("tampilan").replaceChildren(buat("legend", { class: "hanya-pembaca" }, kata("tampilan")), ...ada.map((x) => buat("label", {}, buat("input", { type: "radio", name: "lihat", id: `v-${x}`, value: x, checked: x === k.lihat, onchange: () => atur({ lihat: x }) }), kata(`lihat_${x}`))));
}

// Mulai ---------------------------------------------------------------------------------------------------------------

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
