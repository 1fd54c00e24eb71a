// Nilai, galat baku, dan peringkat: hitungan yang sama dengan indextree dan kinerja.ikesos di Python.

const AGREGASI = {
  arithmetic: { dasar: 0, phi: (x) => x, balik: (s) => s, turunan: () => 1 },
  geometric: { dasar: 1, phi: Math.log, balik: Math.exp, turunan: (x, v) => v / x },
  harmonic: { dasar: 1, phi: (x) => 1 / x, balik: (s) => 1 / s, turunan: (x, v) => (v * v) / (x * x) },
};
const SKALA_ATAS = 100, PEMBULATAN = 1e-9;
const LAYAK = 0, RAGU = 1, TERTAHAN = 2, KOSONG = 3;

function normal(x, s, dasar) {
  let bagian = (x - s.bawah) / (s.atas - s.bawah);
  bagian = bagian < 0 ? 0 : bagian > 1 ? 1 : bagian;
  return dasar + (SKALA_ATAS - dasar) * (s.arah > 0 ? bagian : 1 - bagian);
}

// Simpul yang seluruh bobot di bawahnya masih seperti semula: hanya di sana nilai bekunya berlaku.
function masihBaku(pohon, w) {
  const hasil = new Uint8Array(pohon.S).fill(1);
  for (let i = pohon.V; i < pohon.S; i++) {
    for (const j of pohon.anak[i]) if (w[j] !== pohon.bobot[j] || !hasil[j]) hasil[i] = 0;
  }
  return hasil;
}

// Semua simpul di semua wilayah: nilai, keadaan, dan bagian bobot yang tersedia. `isi` boleh t.isi atau t.halus.
function hitungSimpul(h, t, w, kode, isi = t.isi) {
  const { S, V, anak } = h.pohon;
  const cara = AGREGASI[kode];
  const nilai = new Float64Array(t.D * S).fill(NaN);
  const keadaan = new Uint8Array(t.D * S).fill(TIADA);
  const bagian = new Float64Array(t.D * S);
  const baku = kode === "arithmetic" ? masihBaku(h.pohon, w) : new Uint8Array(S);
  for (let d = 0; d < t.D; d++) {
    const o = d * S;
    for (let v = 0; v < V; v++) {
      if (!t.dasar[v]) continue;
      const st = (keadaan[o + v] = t.status[d * V + v]);
      if (st === TIADA) continue;
      bagian[o + v] = 1;
      if (st === ADA) nilai[o + v] = h.ternormal ? isi[d * V + v] : normal(isi[d * V + v], h.simpul[v], cara.dasar);
    }
    for (let i = V; i < S && h.indeks; i++) {
      let total = 0, utuh = 0, banyak = 0, ada = 0, berat = 0, jumlah = 0, milik = 0, gelap = false;
      for (const j of anak[i]) {
        const wj = i === S - 1 && t.lepas.has(j) ? 0 : w[j];
        utuh += w[j];
        if (!(wj > 0)) continue;
        total += wj;
        banyak++;
        milik += wj * bagian[o + j];
        const st = keadaan[o + j];
        if (st === TIADA) continue;
        ada++;
        berat += wj;
        if (st === DITAHAN) gelap = true;
        else jumlah += wj * cara.phi(nilai[o + j]);
      }
      const s = h.simpul[i];
      const porsi = s.menurutBobot ? berat / total : ada / banyak;
      if (!(berat > 0) || !(porsi >= s.ambang - 1e-12)) continue;
      bagian[o + i] = milik / utuh;
      if (i === S - 1 && bagian[o + i] < h.ambangBobot - PEMBULATAN) continue;
      const beku = gelap && baku[i] ? t.beku.get(o + i) : undefined;
      keadaan[o + i] = gelap && beku === undefined ? DITAHAN : ADA;
      if (keadaan[o + i] === ADA) nilai[o + i] = gelap ? beku : cara.balik(jumlah / berat);
    }
  }
  return { nilai, keadaan, bagian };
}

// Bagian bobot bila semua indikator dasar tersedia; wilayah yang kurang dari itu tidak sebanding.
function bagianPenuh(h, t, w) {
  const V = h.pohon.V;
  const satu = {
    D: 1, dasar: t.dasar, lepas: t.lepas, beku: new Map(), status: new Uint8Array(V), isi: new Float64Array(V).fill(1),
  };
  return hitungSimpul({ ...h, ambangBobot: 0 }, satu, w, "arithmetic").bagian;
}

// Turunan simpul `s` terhadap semua simpul di bawahnya, di satu wilayah; berhenti di simpul beku.
function turunan(h, t, w, kode, s, o, nilai, asli, g) {
  const { V, S, anak } = h.pohon;
  const cara = AGREGASI[kode];
  g.fill(0);
  g[s] = 1;
  for (let i = s; i >= V; i--) {
    if (g[i] === 0) continue;
    let berat = 0, gelap = false;
    for (const j of anak[i]) {
      if (asli[o + j] === TIADA || !(w[j] > 0) || (i === S - 1 && t.lepas.has(j))) continue;
      berat += w[j];
      if (asli[o + j] === DITAHAN) gelap = true;
    }
    if (gelap) continue;
    for (const j of anak[i]) {
      if (asli[o + j] !== ADA || !(w[j] > 0) || (i === S - 1 && t.lepas.has(j))) continue;
      g[j] = ((g[i] * w[j]) / berat) * cara.turunan(nilai[o + j], nilai[o + i]);
    }
    g[i] = 0;
  }
}

// Galat baku metode delta satu cabang di semua wilayah.
function galatBaku(h, t, w, kode, s, simpul) {
  const { S, V } = h.pohon;
  const hasil = new Float64Array(t.D).fill(NaN);
  const nilai = kode === "arithmetic" ? simpul.nilai : hitungSimpul(h, t, w, kode, t.halus).nilai;
  const g = new Float64Array(S), u = new Float64Array(S);
  const lebar = SKALA_ATAS - AGREGASI[kode].dasar;
  const { unsur, awal, kovarian } = t.galat;
  for (let d = 0; d < t.D; d++) {
    if (simpul.keadaan[d * S + s] !== ADA) continue;
    turunan(h, t, w, kode, s, d * S, nilai, simpul.keadaan, g);
    const milik = unsur[d];
    for (let a = 0; a < milik.length; a++) {
      const i = milik[a];
      u[a] = g[i];
      if (i >= V || u[a] === 0) continue;
      const { bawah, atas, arah } = h.simpul[i], x = t.isi[d * V + i];
      const dalam = (x - bawah) / (atas - bawah) >= 0 && (x - bawah) / (atas - bawah) <= 1;
      u[a] = dalam ? (u[a] * arah * lebar) / (atas - bawah) : 0;
    }
    let ragam = 0;
    for (let a = 0, k = awal[d]; a < milik.length; k += ++a) {
      if (u[a] === 0) continue;
      let jumlah = (u[a] * kovarian[k + a]) / 2;
      for (let b = 0; b < a; b++) jumlah += u[b] * kovarian[k + b];
      ragam += 2 * u[a] * jumlah;
    }
    hasil[d] = Math.sqrt(Math.max(ragam, 0));
  }
  return hasil;
}

// Baris siap tampil bagi simpul `s`: nilai, galat, selang 95 persen, tanda, peringkat. `simpul`: hitungan yang sudah ada.
function hitungBaris(h, t, w, kode, s, simpul = hitungSimpul(h, t, w, kode)) {
  const { S, V } = h.pohon;
  const daun = s < V;
  const kosong = () => new Float64Array(t.D).fill(NaN);
  const nilai = kosong(), bawah = kosong(), atas = kosong();
  const tanda = new Uint8Array(t.D), beda = new Uint8Array(t.D);
  let se = kosong();
  if (!daun && t.galat) se = galatBaku(h, t, w, kode, s, simpul);
  const penuh = bagianPenuh(h, t, w)[s];
  for (let d = 0; d < t.D; d++) {
    const st = daun ? t.status[d * V + s] : simpul.keadaan[d * S + s];
    tanda[d] = st === ADA ? LAYAK : st === DITAHAN ? TERTAHAN : KOSONG;
    if (st !== ADA) continue;
    nilai[d] = daun ? t.isi[d * V + s] : simpul.nilai[d * S + s];
    beda[d] = !daun && simpul.bagian[d * S + s] < penuh - PEMBULATAN ? 1 : 0;
    if (!t.galat) continue;
    if (daun) galatDaun(t, V, d, s, se, bawah, atas, tanda);
    else {
      const n = t.galat.n[d * S + s], df = t.galat.df[d * S + s], rse = (100 * se[d]) / Math.abs(nilai[d]);
      if (rse > 25 || (se[d] === 0 && nilai[d] === 0)) tanda[d] = RAGU;
      if (rse > 50 || !(df > 0) || n < h.minimum) tanda[d] = TERTAHAN;
      const jarak = tKuantil(0.025, df) * se[d];
      bawah[d] = Math.max(nilai[d] - jarak, 0);
      atas[d] = Math.min(nilai[d] + jarak, SKALA_ATAS);
    }
    if (tanda[d] === TERTAHAN) nilai[d] = se[d] = bawah[d] = atas[d] = NaN;
  }
  const sebanding = nilai.map((x, d) => (beda[d] ? NaN : x));
  return { nilai, se, bawah, atas, tanda, beda, peringkat: peringkat(sebanding), simpul, s };
}

function galatDaun(t, V, d, v, se, bawah, atas, tanda) {
  const { unsur, awal, kovarian, raguan } = t.galat;
  const a = unsur[d].indexOf(v);
  se[d] = t.galat.seUjung.get(d * V + v) ?? Math.sqrt(kovarian[awal[d] + (a * (a + 3)) / 2]);
  bawah[d] = t.galat.bawah[d * V + v];
  atas[d] = t.galat.atas[d * V + v];
  if (raguan[d * V + v]) tanda[d] = RAGU;
}

// 1 = tertinggi; seri mendapat peringkat terkecil, beda sekecil galat titik mengambang adalah seri; 0: tanpa nilai.
function peringkat(nilai) {
  const urut = Int32Array.from(nilai.keys()).filter((d) => !Number.isNaN(nilai[d])).sort((a, b) => nilai[b] - nilai[a]);
  const hasil = new Int32Array(nilai.length);
  let terbesar = 0;
  for (const d of urut) terbesar = Math.max(terbesar, Math.abs(nilai[d]));
  urut.forEach((d, k) => {
    const lalu = k ? urut[k - 1] : -1;
    const batas = Math.max(1e-12 * Math.abs(nilai[d]), 1e-15 * terbesar);
    hasil[d] = k && nilai[lalu] - nilai[d] <= batas ? hasil[lalu] : k + 1;
  });
  return hasil;
}

// Peringkat harapan (Laird dan Louis 1989): 1 + jumlah peluang unit lain di atasnya.
function peringkatHarapan(nilai, se) {
  const hasil = new Float64Array(nilai.length).fill(NaN);
  const ada = [];
  for (let d = 0; d < nilai.length; d++) if (!Number.isNaN(nilai[d]) && !Number.isNaN(se[d])) ada.push(d);
  const n = ada.length;
  const x = Float64Array.from(ada, (d) => nilai[d]), ragam = Float64Array.from(ada, (d) => se[d] * se[d]);
  const jumlah = new Float64Array(n).fill(1);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < a; b++) {
      const jarak = x[a] - x[b];
      const z = jarak === 0 ? 0 : jarak / Math.sqrt(ragam[a] + ragam[b]);
      const p = z > 8.3 ? 1 : z < -8.3 ? 0 : fungsiNormal(z);
      jumlah[b] += p;
      jumlah[a] += 1 - p;
    }
  }
  ada.forEach((d, a) => (hasil[d] = jumlah[a]));
  return hasil;
}

// Selang peringkat serentak (Klein, Wright, dan Wieczorek 2020), Bonferroni.
function selangPeringkat(nilai, se, df, tingkat = 0.9) {
  const bawah = new Int32Array(nilai.length), atas = new Int32Array(nilai.length);
  const ada = [];
  for (let d = 0; d < nilai.length; d++) if (!Number.isNaN(nilai[d]) && !Number.isNaN(se[d])) ada.push(d);
  const n = ada.length;
  const rendah = new Float64Array(n), tinggi = new Float64Array(n);
  ada.forEach((d, k) => {
    const jarak = tKuantil((1 - tingkat) / n / 2, df[d]) * se[d];
    rendah[k] = nilai[d] - jarak;
    tinggi[k] = nilai[d] + jarak;
  });
  const urutRendah = rendah.slice().sort(), urutTinggi = tinggi.slice().sort();
  ada.forEach((d, k) => {
    bawah[d] = 1 + n - letakUrut(urutRendah, tinggi[k], true);
    atas[d] = n - letakUrut(urutTinggi, rendah[k], false);
  });
  return { bawah, atas };
}

function letakUrut(urut, x, kanan) {
  let a = 0, b = urut.length;
  while (a < b) {
    const m = (a + b) >> 1;
    if (kanan ? urut[m] <= x : urut[m] < x) a = m + 1;
    else b = m;
  }
  return a;
}

// Tanpa galat terbit, yang digoyang bobotnya: barisan Kronecker atas akar bilangan prima, jadi selalu sama.
const ULANGAN_BOBOT = 100, GOYANGAN = 0.25;

function peringkatBobot(h, t, w, kode, s, boleh) {
  const { S } = h.pohon;
  const akar = akarPrima(S);
  const kumpul = Array.from({ length: t.D }, () => new Float64Array(ULANGAN_BOBOT));
  const wr = new Float64Array(S);
  for (let r = 0; r < ULANGAN_BOBOT; r++) {
    for (let i = 0; i < S; i++) wr[i] = w[i] * (1 + GOYANGAN * (2 * (((r + 1) * akar[i]) % 1) - 1));
    const { nilai } = hitungSimpul(h, t, wr, kode);
    const satu = peringkat(Float64Array.from(boleh, (x, d) => (x ? nilai[d * S + s] : NaN)));
    satu.forEach((x, d) => (kumpul[d][r] = x));
  }
  const hasil = { harapan: new Float64Array(t.D).fill(NaN), bawah: new Float64Array(t.D), atas: new Float64Array(t.D) };
  kumpul.forEach((x, d) => {
    if (!boleh[d]) return;
    x.sort();
    hasil.harapan[d] = x.reduce((a, b) => a + b, 0) / x.length;
    hasil.bawah[d] = kuantil(x, 0.05);
    hasil.atas[d] = kuantil(x, 0.95);
  });
  return hasil;
}

function akarPrima(banyak) {
  const hasil = [];
  for (let p = 2; hasil.length < banyak; p++) {
    let prima = true;
    for (let q = 2; q * q <= p && prima; q++) prima = p % q !== 0;
    if (prima) hasil.push(Math.sqrt(p));
  }
  return hasil;
}

function kuantil(urut, p) {
  const k = p * (urut.length - 1), a = Math.floor(k);
  return a + 1 < urut.length ? urut[a] + (k - a) * (urut[a + 1] - urut[a]) : urut[a];
}

// Beda wilayah b terhadap a menurut anak simpul `s`, tepat (Divisia; LMDI bagi geometrik). Bagian yang ditahan di salah
// satunya digabung sebagai sisa: beda seluruhnya dikurangi bagian yang terbit.
function urai(h, t, w, kode, baris, a, b) {
  const { S, V, anak } = h.pohon;
  const s = baris.s;
  if (s < V) return { sebab: "urai_indikator" };
  if (a === undefined || b === undefined || a === b) return { sebab: "urai_sama" };
  const awal = baris.nilai[a], akhir = baris.nilai[b];
  if (Number.isNaN(awal) || Number.isNaN(akhir)) return { sebab: "urai_ditahan" };
  if (baris.beda[a] || baris.beda[b]) return { sebab: "urai_dasar" };
  const { nilai, keadaan } = baris.simpul;
  const pakai = anak[s].filter(
    (j) => w[j] > 0 && !(s === S - 1 && t.lepas.has(j)) && keadaan[a * S + j] !== TIADA && keadaan[b * S + j] !== TIADA,
  );
  const berat = pakai.reduce((x, j) => x + w[j], 0);
  const kali = {
    arithmetic: () => 1,
    geometric: (x, y) => kemiringanLog(x, y) / kemiringanLog(awal, akhir),
    harmonic: (x, y) => (awal * akhir) / (x * y),
  }[kode];
  let sisa = akhir - awal;
  const bagian = [];
  for (const j of pakai) {
    const x = nilai[a * S + j], y = nilai[b * S + j];
    if (keadaan[a * S + j] !== ADA || keadaan[b * S + j] !== ADA) continue;
    const sumbang = (w[j] / berat) * kali(x, y) * (y - x);
    sisa -= sumbang;
    bagian.push({ j, x, y, sumbang });
  }
  const gabung = bagian.length < pakai.length;
  if (gabung) bagian.push({ j: -1, x: NaN, y: NaN, sumbang: sisa });
  return { awal, akhir, bagian };
}

function kemiringanLog(a, b) {
  const d = b - a;
  if (d === 0) return 1 / a;
  return Math.abs(d) < 0.5 * Math.abs(a) ? Math.log1p(d / a) / d : Math.log(b / a) / d;
}
