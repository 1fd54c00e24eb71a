// Nilai, galat baku, dan peringkat: hitungan yang sama dengan indextree dan kinerja.ikesos di Python.

// dasar: nilai indeks bagi indikator terburuk; rata-rata geometrik dan harmonik tidak mengenal nol.
const AGREGASI = { arithmetic: { kode: 0, dasar: 0 }, geometric: { kode: 1, dasar: 1 }, harmonic: { kode: 2, dasar: 1 } };
const SKALA_ATAS = 100, PEMBULATAN = 1e-9;
const LAYAK = 0, RAGU = 1, TERTAHAN = 2, KOSONG = 3;

// Indikator pada skala indeks, dan turunannya terhadap nilai mentah (nol di luar tonggak); tidak bergantung pada bobot.
function ternormalkan(h, t, halus, dasar) {
  t.simpanan ??= new Map();
  const kunci = `${halus} ${dasar}`;
  if (!t.simpanan.has(kunci)) {
    const isi = halus ? t.halus : t.isi, V = h.pohon.V, nilai = new Float64Array(t.D * V), turunan = new Float64Array(t.D * V);
    for (let i = 0; i < t.D * V; i++) {
      const { bawah, atas, arah } = h.simpul[i % V];
      const bagian = (isi[i] - bawah) / (atas - bawah), potong = bagian < 0 ? 0 : bagian > 1 ? 1 : bagian;
      nilai[i] = h.ternormal ? isi[i] : dasar + (SKALA_ATAS - dasar) * (arah > 0 ? potong : 1 - potong);
      turunan[i] = h.ternormal ? 1 : bagian >= 0 && bagian <= 1 ? (arah * (SKALA_ATAS - dasar)) / (atas - bawah) : 0;
    }
    t.simpanan.set(kunci, { nilai, turunan });
  }
  return t.simpanan.get(kunci);
}

// Simpul yang seluruh bobot di bawahnya masih seperti semula: hanya di sana nilai bekunya berlaku.
function masihBaku(pohon, w) {
  const hasil = new Uint8Array(pohon.S).fill(1);
  for (let i = pohon.V; i < pohon.S; i++) {
    for (const j of pohon.anak[i]) if (w[j] !== pohon.bobot[j] || !hasil[j]) hasil[i] = 0;
  }
  return hasil;
}

// Bobot dengan nol bagi sasaran yang tidak masuk puncak tingkat ini.
function bobotPakai(t, w) {
  const hasil = Float64Array.from(w);
  for (const j of t.lepas) hasil[j] = 0;
  return hasil;
}

// Semua simpul di semua wilayah: nilai, keadaan, dan bagian bobot yang tersedia. `halus`: di tempat turunan diambil.
function hitungSimpul(h, t, w, kode, halus = false) {
  const { S, V, anak, ambang, menurutBobot } = h.pohon;
  const cara = AGREGASI[kode].kode;
  const normal = ternormalkan(h, t, halus, AGREGASI[kode].dasar).nilai, simpulBeku = halus ? t.bekuHalus : t.beku;
  const nilai = new Float64Array(t.D * S).fill(NaN);
  const keadaan = new Uint8Array(t.D * S).fill(TIADA);
  const bagian = new Float64Array(t.D * S);
  const baku = cara === 0 ? masihBaku(h.pohon, w) : new Uint8Array(S);
  const wp = bobotPakai(t, w);
  const ujung = h.indeks ? S : V;
  for (let d = 0; d < t.D; d++) {
    const o = d * S;
    for (let v = 0; v < V; v++) {
      if (t.dasar[v] === 0) continue;
      const st = t.status[d * V + v];
      keadaan[o + v] = st;
      if (st === TIADA) continue;
      bagian[o + v] = 1;
      if (st === ADA) nilai[o + v] = normal[d * V + v];
    }
    for (let i = V; i < ujung; i++) {
      const milikku = anak[i];
      let total = 0, utuh = 0, banyak = 0, ada = 0, berat = 0, jumlah = 0, milik = 0, gelap = false;
      for (let a = 0; a < milikku.length; a++) {
        const j = milikku[a], wj = wp[j];
        utuh += w[j];
        if (!(wj > 0)) continue;
        total += wj;
        banyak++;
        const st = keadaan[o + j];
        if (st === TIADA) continue;
        milik += wj * bagian[o + j];
        ada++;
        berat += wj;
        if (st === DITAHAN) gelap = true;
        else {
          const x = nilai[o + j];
          jumlah += wj * (cara === 0 ? x : cara === 1 ? Math.log(x) : 1 / x);
        }
      }
      const porsi = menurutBobot[i] ? berat / total : ada / banyak;
      if (!(berat > 0) || !(porsi >= ambang[i] - 1e-12)) continue;
      bagian[o + i] = milik / utuh;
      if (i === S - 1 && bagian[o + i] < h.ambangBobot - PEMBULATAN) continue;
      const beku = gelap && baku[i] ? simpulBeku.get(o + i) : undefined;
      if (gelap && beku === undefined) {
        keadaan[o + i] = DITAHAN;
        continue;
      }
      keadaan[o + i] = ADA;
      const rata = jumlah / berat;
      nilai[o + i] = gelap ? beku : cara === 0 ? rata : cara === 1 ? Math.exp(rata) : 1 / rata;
    }
  }
  return { nilai, keadaan, bagian };
}

// Bagian bobot bila semua indikator dasar tersedia; wilayah yang kurang dari itu tidak sebanding.
function bagianPenuh(h, t, w) {
  const { V, S, anak } = h.pohon;
  const wp = bobotPakai(t, w), bagian = new Float64Array(S);
  for (let v = 0; v < V; v++) bagian[v] = t.dasar[v];
  for (let i = V; i < S; i++) {
    let utuh = 0, milik = 0, ada = 0, berat = 0, banyak = 0, total = 0;
    for (const j of anak[i]) {
      utuh += w[j];
      if (!(wp[j] > 0)) continue;
      banyak++;
      total += wp[j];
      if (bagian[j] > 0) {
        ada++;
        berat += wp[j];
        milik += wp[j] * bagian[j];
      }
    }
    const porsi = h.pohon.menurutBobot[i] ? berat / total : ada / banyak;
    bagian[i] = berat > 0 && porsi >= h.pohon.ambang[i] - 1e-12 ? milik / utuh : 0;
  }
  return bagian;
}

// Turunan simpul `s` terhadap simpul di bawahnya, di wilayah beralamat `o`; berhenti di indikator dan simpul beku.
function turunan(pohon, wp, cara, s, o, nilai, keadaan, g) {
  const { V, anak } = pohon;
  g.fill(0);
  g[s] = 1;
  for (let i = s; i >= V; i--) {
    const gi = g[i];
    if (gi === 0) continue;
    const milikku = anak[i];
    let berat = 0, gelap = false;
    for (let a = 0; a < milikku.length; a++) {
      const j = milikku[a], st = keadaan[o + j];
      if (st === TIADA || !(wp[j] > 0)) continue;
      berat += wp[j];
      if (st === DITAHAN) gelap = true;
    }
    if (gelap) continue;
    g[i] = 0;
    const y = nilai[o + i];
    for (let a = 0; a < milikku.length; a++) {
      const j = milikku[a];
      if (keadaan[o + j] !== ADA || !(wp[j] > 0)) continue;
      const x = nilai[o + j];
      g[j] = ((gi * wp[j]) / berat) * (cara === 0 ? 1 : cara === 1 ? y / x : (y * y) / (x * x));
    }
  }
}

// Galat baku metode delta satu cabang di semua wilayah; `nilai`: simpul di tempat turunan diambil.
function galatBaku(h, t, w, kode, s, simpul, nilai) {
  const { S, V } = h.pohon;
  const { kode: cara, dasar } = AGREGASI[kode];
  const hasil = new Float64Array(t.D).fill(NaN);
  const skala = ternormalkan(h, t, false, dasar).turunan;
  const wp = bobotPakai(t, w), g = new Float64Array(S), u = new Float64Array(S);
  const { unsur, awal, kovarian } = t.galat;
  for (let d = 0; d < t.D; d++) {
    if (simpul.keadaan[d * S + s] !== ADA) continue;
    turunan(h.pohon, wp, cara, s, d * S, nilai, simpul.keadaan, g);
    const milik = unsur[d], n = milik.length;
    for (let a = 0; a < n; a++) {
      const i = milik[a];
      u[a] = i < V ? g[i] * skala[d * V + i] : g[i];
    }
    // Indikator satu cabang berderet, jadi bagian yang bukan nol satu rentang.
    let lo = 0, hi = n;
    while (lo < hi && u[lo] === 0) lo++;
    while (hi > lo && u[hi - 1] === 0) hi--;
    let ragam = 0;
    for (let a = lo; a < hi; a++) {
      const k = awal[d] + (a * (a + 1)) / 2;
      let x = 0, y = 0, b = lo;
      for (; b + 1 < a; b += 2) {
        x += u[b] * kovarian[k + b];
        y += u[b + 1] * kovarian[k + b + 1];
      }
      if (b < a) x += u[b] * kovarian[k + b];
      ragam += u[a] * (2 * (x + y) + u[a] * kovarian[k + a]);
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
  let se = kosong(), pusat = simpul.nilai;
  if (!daun && t.galat) {
    if (t.berhalus) pusat = simpul.halus ??= hitungSimpul(h, t, w, kode, true).nilai;
    se = galatBaku(h, t, w, kode, s, simpul, pusat);
  }
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
      [bawah[d], atas[d]] = selangCabang(nilai[d], pusat[d * S + s], se[d], tKuantil(0.025, df), AGREGASI[kode].dasar);
    }
    if (tanda[d] === TERTAHAN) nilai[d] = se[d] = bawah[d] = atas[d] = NaN;
  }
  const sebanding = nilai.map((x, d) => (beda[d] ? NaN : x));
  return { nilai, se, bawah, atas, tanda, beda, peringkat: peringkat(sebanding), simpul, s };
}

// Selang t pada skala logit antara kedua ujung indeks; di ujungnya setangkup.
function selangCabang(nilai, pusat, se, t, dasar) {
  const rentang = SKALA_ATAS - dasar, p = (pusat - dasar) / rentang;
  if (!(p > 0 && p < 1)) return [Math.max(nilai - t * se, 0), Math.min(nilai + t * se, SKALA_ATAS)];
  const z = Math.log(p) - Math.log1p(-p), jarak = (t * se) / rentang / (p * (1 - p));
  const ke = (x) => dasar + rentang / (1 + Math.exp(-x));
  return [Math.min(ke(z - jarak), nilai), Math.max(ke(z + jarak), nilai)];
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

const BATAS_Z2 = 72;

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
      const jarak = x[a] - x[b], v = ragam[a] + ragam[b];
      const p = jarak * jarak > BATAS_Z2 * v ? (jarak > 0 ? 1 : 0) : jarak === 0 ? 0.5 : normalTabel(jarak / Math.sqrt(v));
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
  const S = h.pohon.S;
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
