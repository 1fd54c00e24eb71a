// Keadaan halaman: satu objek, tersimpan di alamat (#...), dan diperiksa saat dibaca kembali.

const TAMPILAN = ["peringkat", "peta", "panas", "urai", "harapan"];

// Himpunan berkode sama adalah tingkat-tingkat satu pilihan yang pohonnya berlainan.
function pasanganTingkat(data, kode) {
  return data.himpunan.filter((h) => h.kode === kode).flatMap((h) => h.tingkat.map((t) => ({ h, t })));
}

function himpunanDari(data, k) {
  return pasanganTingkat(data, k.set).find((x) => x.t.kode === k.tingkat);
}

function keadaanBaku(data, set = data.himpunan[0].kode) {
  const h = data.himpunan.find((x) => x.kode === set);
  return {
    set, tingkat: h.tingkat[0].kode, simpul: simpulAwal(h), agr: h.agregasi, w: {}, lihat: "peringkat", a: "", b: "", prov: "", bahasa: data.bahasa,
  };
}

function simpulAwal(h) {
  return h.simpul[h.indeks ? h.pohon.puncak : 0].id;
}

// Pilihan yang tidak ada pada himpunan atau tingkat baru kembali ke bakunya.
function rapikan(data, k) {
  const ada = pasanganTingkat(data, k.set);
  if (!ada.some((x) => x.t.kode === k.tingkat)) k.tingkat = ada[0].t.kode;
  const { h, t } = himpunanDari(data, k);
  if (!h.pohon.letak.has(k.simpul) || (!h.indeks && h.pohon.letak.get(k.simpul) >= h.pohon.V)) k.simpul = simpulAwal(h);
  k.w = Object.fromEntries(Object.entries(k.w).filter(([id, x]) => h.pohon.letak.has(id) && x !== h.pohon.bobot[h.pohon.letak.get(id)]));
  for (const x of ["a", "b"]) if (k[x] && !t.letak.has(k[x])) k[x] = "";
  if (!t.induk.includes(k.prov)) k.prov = "";
  if (!tampilanAda(data, h, t).includes(k.lihat)) k.lihat = "peringkat";
  return k;
}

// Deret tidak dapat diurai, dan wilayah tanpa petak tidak punya peta.
function tampilanAda(data, h, t) {
  return TAMPILAN.filter((x) => (x !== "urai" || h.indeks) && (x !== "peta" || t.induk.some((p, d) => data.petak[p || t.wilayah[d]])));
}

function larikBobot(h, k) {
  const w = h.pohon.bobot.slice();
  for (const [id, x] of Object.entries(k.w)) w[h.pohon.letak.get(id)] = x;
  return w;
}

function tulisAlamat(data, k) {
  const baku = keadaanBaku(data, k.set);
  const isi = new URLSearchParams();
  if (k.set !== data.himpunan[0].kode) isi.set("set", k.set);
  for (const x of ["tingkat", "simpul", "agr", "lihat", "prov", "bahasa"]) if (k[x] !== baku[x]) isi.set(x, k[x]);
  const bobot = Object.entries(k.w).map(([id, x]) => `${id}:${x}`).join(",");
  if (bobot) isi.set("w", bobot);
  if (k.a || k.b) isi.set("dua", `${k.a},${k.b}`);
  return isi.toString().replace(/%2F/g, "/").replace(/%2C/g, ",").replace(/%3A/g, ":");
}

// Keadaan dari alamat, dan yang tidak dikenal di dalamnya.
function bacaAlamat(data, teks) {
  const isi = new URLSearchParams(teks.replace(/^#/, ""));
  const asing = [];
  const kenal = (nama, daftar) => {
    const x = isi.get(nama);
    if (x === null) return undefined;
    if (daftar.includes(x)) return x;
    asing.push(`${nama}=${x}`);
    return undefined;
  };
  const k = keadaanBaku(data, kenal("set", data.himpunan.map((h) => h.kode)));
  k.tingkat = kenal("tingkat", pasanganTingkat(data, k.set).map((x) => x.t.kode)) ?? k.tingkat;
  const { h, t } = himpunanDari(data, k);
  Object.assign(k, { simpul: simpulAwal(h), agr: h.agregasi });
  k.simpul = kenal("simpul", h.simpul.map((x) => x.id)) ?? k.simpul;
  k.agr = kenal("agr", Object.keys(AGREGASI)) ?? k.agr;
  k.lihat = kenal("lihat", TAMPILAN) ?? k.lihat;
  k.bahasa = kenal("bahasa", ["id", "en"]) ?? k.bahasa;
  k.prov = kenal("prov", t.induk) ?? "";
  for (const satu of (isi.get("w") ?? "").split(",").filter(Boolean)) {
    const [id, x] = satu.split(":");
    const angka = Number(x);
    if (h.pohon.letak.has(id) && angka >= 0 && angka <= bobotTerbesar(h, id)) k.w[id] = angka;
    else asing.push(`w=${satu}`);
  }
  (isi.get("dua") ?? "").split(",").slice(0, 2).forEach((x, i) => {
    if (!x || t.letak.has(x)) k[i ? "b" : "a"] = x;
    else asing.push(`dua=${x}`);
  });
  return { k: rapikan(data, k), asing };
}

function bobotTerbesar(h, id) {
  return Math.max(3, Math.ceil(3 * h.pohon.bobot[h.pohon.letak.get(id)]));
}
