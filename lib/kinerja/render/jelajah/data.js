// Muatan halaman menjadi larik: base64, gzip, kepala JSON, lalu larik yang ditulis byte demi byte.

const ADA = 0, TIADA = 1, DITAHAN = 2;

async function bacaMuatan(teks) {
  const mampat = Uint8Array.from(atob(teks.trim()), (x) => x.charCodeAt(0));
  const alir = new Blob([mampat]).stream().pipeThrough(new DecompressionStream("gzip"));
  const byte = new Uint8Array(await new Response(alir).arrayBuffer());
  const panjang = new DataView(byte.buffer).getUint32(0, true);
  const kepala = JSON.parse(new TextDecoder().decode(byte.subarray(4, 4 + panjang)));
  const larik = bacaLarik(byte, 4 + panjang, kepala.larik);
  for (const h of kepala.himpunan) {
    h.pohon = susunPohon(h);
    h.tingkat = h.tingkat.map((t) => susunTingkat(h.pohon, t, larik, h.langkah));
  }
  return kepala;
}

function bacaLarik(byte, awal, daftar) {
  const jenis = { u1: Uint8Array, i4: Int32Array, f4: Float32Array, f8: Float64Array };
  return daftar.map(([kode, banyak]) => {
    const lebar = Number(kode[1]);
    if (kode[0] === "o") {
      const hasil = new Float64Array(banyak).fill(-(2 ** (8 * lebar - 1)));
      for (let k = 0; k < lebar; k++) {
        for (let i = 0; i < banyak; i++) hasil[i] += byte[awal + k * banyak + i] * 256 ** k;
      }
      awal += banyak * lebar;
      return hasil;
    }
    const susun = new Uint8Array(banyak * lebar);
    for (let k = 0; k < lebar; k++) {
      for (let i = 0; i < banyak; i++) susun[i * lebar + k] = byte[awal + k * banyak + i];
    }
    awal += banyak * lebar;
    return new jenis[kode](susun.buffer);
  });
}

// Urutan simpul: indikator (V), lalu cabang dari bawah ke atas; puncak terakhir.
function susunPohon(h) {
  const anak = h.simpul.map(() => []);
  h.simpul.forEach((x, i) => x.induk >= 0 && anak[x.induk].push(i));
  return {
    S: h.simpul.length,
    V: h.banyakDaun,
    anak,
    ambang: Float64Array.from(h.simpul, (x) => x.ambang ?? 0),
    menurutBobot: Uint8Array.from(h.simpul, (x) => (x.menurutBobot ? 1 : 0)),
    induk: h.simpul.map((x) => x.induk),
    letak: new Map(h.simpul.map((x, i) => [x.id, i])),
    bobot: Float64Array.from(h.simpul, (x) => x.bobot),
    puncak: h.simpul.length - 1,
  };
}

// Larik wilayah x indikator dan wilayah x simpul, wilayah demi wilayah.
function susunTingkat(pohon, t, larik, langkah) {
  const { S, V, letak } = pohon;
  const D = t.wilayah.length;
  const status = larik[t.status];
  const rentang = (isi, pilih) => {
    const hasil = new Float64Array(D * V).fill(NaN);
    for (let i = 0, k = 0; i < D * V; i++) if (status[i] === ADA) hasil[i] = pilih(isi, k++);
    return hasil;
  };
  const isi = rentang(larik[t.isi], (x, k) => x[k]);
  const halus = isi.slice();
  for (const [d, v, x] of t.halus) halus[d * V + v] = x;
  const seUjung = new Map(t.halus.map(([d, v, , se]) => [d * V + v, se]));
  const hasil = {
    kode: t.kode, wilayah: t.wilayah, nama: t.nama.id, namaDua: t.nama, induk: t.induk, D, status, isi, halus,
    letak: new Map(t.wilayah.map((x, d) => [x, d])),
    dasar: larik[t.dasar],
    lepas: new Set(t.lepas.map((x) => letak.get(x))),
    beku: new Map(t.beku.map(([d, i, x]) => [d * S + i, x])),
    bekuHalus: new Map(t.beku.map(([d, i, , x]) => [d * S + i, x])),
    berhalus: t.halus.length + t.beku.length > 0,
    galat: null,
  };
  if (t.n === undefined) return hasil;
  hasil.galat = {
    n: larik[t.n], df: larik[t.df],
    bawah: rentang(larik[t.selang], (x, k) => x[2 * k] / 1000),
    atas: rentang(larik[t.selang], (x, k) => x[2 * k + 1] / 1000),
    raguan: rentang(larik[t.raguan], (x, k) => x[k]),
    seUjung,
    ...susunKovarian(hasil, t.beku, S, V, larik[t.sd], larik[t.korelasi], 2 ** -langkah),
  };
  return hasil;
}

// Unsur tiap wilayah: indikator yang ada, lalu simpul beku; kovariannya segitiga bawah berikut diagonal.
function susunKovarian(t, beku, S, V, sd, korelasi, satuan) {
  const unsur = Array.from({ length: t.D }, () => []);
  for (let i = 0; i < t.D * V; i++) if (t.status[i] === ADA) unsur[Math.floor(i / V)].push(i % V);
  for (const [d, i] of [...beku].sort((a, b) => a[0] - b[0] || a[1] - b[1])) unsur[d].push(i);
  const awal = new Int32Array(t.D + 1);
  unsur.forEach((x, d) => (awal[d + 1] = awal[d] + (x.length * (x.length + 1)) / 2));
  const kovarian = new Float64Array(awal[t.D]);
  let s = 0, r = 0, k = 0;
  for (const milik of unsur) {
    for (let a = 0; a < milik.length; a++) {
      for (let b = 0; b < a; b++) kovarian[k++] = korelasi[r++] * satuan * sd[s + a] * sd[s + b];
      kovarian[k++] = sd[s + a] * sd[s + a];
    }
    s += milik.length;
  }
  return { unsur: unsur.map((x) => Int32Array.from(x)), awal, kovarian };
}
