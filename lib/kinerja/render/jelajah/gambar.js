// Gambar sebagai teks SVG: tulisan tetap tulisan. Tampilan berbaris menggambar hanya baris yang terlihat.
// Setiap fungsi menerima keadaan hitungan `m` dan mengembalikan {lebar, tinggi, latar, banyak, atas, tinggiBaris, satu}.

const BIRU = "#0072b2", KELABU = "#6b6b6b", TINTA = "#1c2733", GARIS = "#d5dce3", PUCAT = "#e6eef4";
const HURUF = 'font-family="system-ui, Segoe UI, Roboto, Noto Sans, Liberation Sans, Arial, sans-serif"';
const BARIS = 23, ATAS = 38;

const lolos = (x) => String(x).replace(/[&<>"']/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[c]);
const bulat = (x) => Math.round(x * 100) / 100;

function tulis(x, y, isi, { rata = "start", ukuran = 12, warna = TINTA, tebal = false, lain = "" } = {}) {
  return `<text x="${bulat(x)}" y="${bulat(y)}" font-size="${ukuran}" fill="${warna}" text-anchor="${rata}"${tebal ? ' font-weight="700"' : ""}${lain}>${lolos(isi)}</text>`;
}

function potong(teks, lebar, ukuran = 12) {
  const muat = Math.max(3, Math.floor(lebar / (ukuran * 0.53)));
  return teks.length <= muat ? teks : `${teks.slice(0, muat - 1).trimEnd()}…`;
}

const singkat = (nama) => nama.replace("Kepulauan ", "Kep. ").replace("Sulawesi", "Sul.").replace("Kalimantan", "Kal.").replace("Nusa Tenggara", "Nusa T.").replace("Sumatera", "Sum.");
const pendek = (nama) => nama.replace(/^Kabupaten /, "Kab. ").replace(/^Kepulauan /, "Kep. ");

// Batas bulat yang memuat semua nilai, dan letak garis bantunya.
function skala(kecil, besar, kira = 5) {
  if (!(besar > kecil)) [kecil, besar] = [kecil - 1, besar + 1];
  const kasar = (besar - kecil) / kira, pangkat = 10 ** Math.floor(Math.log10(kasar));
  const langkah = [1, 2, 5, 10].map((x) => x * pangkat).find((x) => x >= kasar);
  const awal = Math.floor(kecil / langkah + 1e-9) * langkah, akhir = Math.ceil(besar / langkah - 1e-9) * langkah;
  const garis = [];
  for (let k = 0; awal + k * langkah <= akhir + langkah / 2; k++) garis.push(awal + k * langkah);
  return { awal, akhir, garis };
}

function sumbu(s, x, tinggi, angka, sebutan, tengah) {
  let ujung = -Infinity;
  const garis = s.garis.map((g) => {
    const isi = angka(g), setengah = isi.length * 3.1;
    const muat = x(g) - setengah > ujung + 6;
    if (muat) ujung = x(g) + setengah;
    return `<line x1="${bulat(x(g))}" x2="${bulat(x(g))}" y1="${ATAS - 8}" y2="${tinggi}" stroke="${GARIS}"/>` + (muat ? tulis(x(g), ATAS - 12, isi, { rata: "middle", ukuran: 11, warna: "#4c5a69" }) : "");
  });
  return garis.join("") + tulis(tengah, 11, sebutan, { rata: "middle", ukuran: 11, warna: "#4c5a69" });
}

function bidangNama(m) {
  const panjang = Math.max(...m.urut.map((d) => pendek(m.t.nama[d]).length), 6);
  return Math.min(panjang * 6.6 + 8, m.lebar * 0.4, 230);
}

// Satu baris wilayah: bidang sentuh, peringkat, nama, isi, angka di kanan.
function barisWilayah(m, k, nama, isi, kanan) {
  const d = m.urut[k], y = ATAS + k * BARIS, terpilih = m.sorot.includes(d);
  const p = m.baris.peringkat[d];
  const latar = `<rect class="bidang" x="0" y="${y}" width="${m.lebar}" height="${BARIS}" fill="${d === m.aktif ? "#dfe8ef" : terpilih ? "#eef2f5" : "#fff"}" fill-opacity="${d === m.aktif || terpilih ? 1 : 0}"/>`;
  return (
    `<g data-d="${d}">${latar}` +
    tulis(26, y + 16, p || "–", { rata: "end", ukuran: 11.5, warna: "#4c5a69" }) +
    tulis(34, y + 16, potong(pendek(m.t.nama[d]), nama, 12.5), { ukuran: 12.5, tebal: terpilih }) +
    isi(d, y + BARIS / 2) +
    tulis(m.lebar - 2, y + 16, kanan(d), { rata: "end", ukuran: 12, tebal: terpilih }) +
    "</g>"
  );
}

function gambarPeringkat(m) {
  const { baris, lebar } = m;
  const nama = bidangNama(m), kiri = 40 + nama, kanan = lebar - 12 - m.lebarAngka;
  let kecil = Infinity, besar = -Infinity;
  for (const d of m.urut) {
    kecil = Math.min(kecil, Number.isNaN(baris.bawah[d]) ? baris.nilai[d] : baris.bawah[d]);
    besar = Math.max(besar, Number.isNaN(baris.atas[d]) ? baris.nilai[d] : baris.atas[d]);
  }
  const s = skala(kecil, besar, lebar < 500 ? 3 : 5);
  const x = (v) => kiri + ((v - s.awal) / (s.akhir - s.awal)) * (kanan - kiri);
  const tinggi = ATAS + m.urut.length * BARIS + 4;
  const isi = (d, y) => {
    const warna = baris.beda[d] ? KELABU : BIRU;
    const garis = Number.isNaN(baris.bawah[d]) ? "" : `<line x1="${bulat(x(baris.bawah[d]))}" x2="${bulat(x(baris.atas[d]))}" y1="${y}" y2="${y}" stroke="${warna}" stroke-width="2" stroke-opacity=".55"/>`;
    return `${garis}<circle cx="${bulat(x(baris.nilai[d]))}" cy="${y}" r="4.5" fill="${baris.beda[d] ? "#fff" : warna}" stroke="${warna}" stroke-width="1.5"/>`;
  };
  return {
    lebar, tinggi, latar: sumbu(s, x, tinggi, m.angkaSumbu, m.satuan, (kiri + kanan) / 2),
    banyak: m.urut.length, atas: ATAS, tinggiBaris: BARIS, satu: (k) => barisWilayah(m, k, nama, isi, (d) => m.angka(baris.nilai[d])),
  };
}

function gambarHarapan(m) {
  const { baris, lebar, harapan } = m;
  const nama = bidangNama(m), kiri = 40 + nama, kanan = lebar - 14 - 44;
  const banyak = Math.max(...m.semua.map((d) => baris.peringkat[d]), 2);
  const s = skala(0, banyak, lebar < 500 ? 3 : 6);
  s.garis[0] = 1;
  s.garis = s.garis.filter((g) => g <= banyak);
  const x = (v) => kiri + ((v - 1) / (banyak - 1)) * (kanan - kiri);
  const tinggi = ATAS + m.urut.length * BARIS + 4;
  const isi = (d, y) =>
    `<line x1="${bulat(x(harapan.bawah[d]))}" x2="${bulat(x(harapan.atas[d]))}" y1="${y}" y2="${y}" stroke="${BIRU}" stroke-width="2" stroke-opacity=".55"/>` +
    `<circle cx="${bulat(x(harapan.harapan[d]))}" cy="${y}" r="4.5" fill="${BIRU}"/>` +
    `<circle cx="${bulat(x(baris.peringkat[d]))}" cy="${y}" r="6.5" fill="none" stroke="${TINTA}"/>`;
  return {
    lebar, tinggi, latar: sumbu(s, x, tinggi, (g) => m.bilangan(g, 0), m.kata("sumbu_peringkat"), (kiri + kanan) / 2),
    banyak: m.urut.length, atas: ATAS, tinggiBaris: BARIS, satu: (k) => barisWilayah(m, k, nama, isi, (d) => m.bilangan(harapan.harapan[d], 1)),
  };
}

// Pucat ke biru tua; tulisan putih di bidang gelap.
function warnaNilai(bagian) {
  const a = [226, 238, 246], b = [0, 76, 130], k = Math.max(0, Math.min(1, bagian));
  return { isi: `rgb(${a.map((x, i) => Math.round(x + (b[i] - x) * k)).join(",")})`, tulisan: k > 0.5 ? "#fff" : TINTA };
}

const ARSIR = '<defs><pattern id="arsir" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#f3f6f8"/><line x1="0" x2="0" y1="0" y2="6" stroke="#b5bfc8" stroke-width="1.6"/></pattern></defs>';

function gambarPanas(m) {
  const { kolom, lebar } = m;
  const nama = bidangNama(m), kiri = 40 + nama, jarak = (lebar - kiri) / kolom.length;
  const tegak = jarak < 62;
  const bertingkat = kolom.some((c) => c.kelompok), panjang = Math.max(...kolom.flatMap((c) => [c.judul.length, c.kelompok.length])), kepala = tegak ? Math.min(132, 16 + panjang * 5.8) : bertingkat ? 66 : 52, tinggi = kepala + m.urut.length * BARIS + 4;
  const judul = kolom.map((c, j) => {
    const x = kiri + (j + 0.5) * jarak;
    const dua = [[c.judul, TINTA], ...(c.kelompok ? [[c.kelompok, "#4c5a69"]] : [])];
    if (tegak) {
      return dua.map(([isi, warna], b) => {
        const kiriTeks = x + (dua.length > 1 ? -3 : 4) + b * 12;
        return tulis(kiriTeks, kepala - 8, potong(isi, 118, 10.5), { ukuran: 10.5, warna, lain: ` transform="rotate(-90 ${bulat(kiriTeks)} ${kepala - 8})"` });
      }).join("");
    }
    const huruf = Math.floor(jarak / 6.2);
    const baris = dua.flatMap(([isi, warna]) => lipat(isi, huruf, dua.length > 1 ? 2 : 3).map((satu) => [satu, warna]));
    return baris.map(([isi, warna], b) => tulis(x, kepala - 8 - (baris.length - 1 - b) * 13, isi, { rata: "middle", ukuran: 11, warna })).join("");
  });
  const satu = (k) => {
    const d = m.urut[k], y = kepala + k * BARIS, terpilih = m.sorot.includes(d);
    const sel = kolom.map((c, j) => {
      const v = c.nilai[d], x = kiri + j * jarak;
      const warna = Number.isNaN(v) ? { isi: "url(#arsir)" } : warnaNilai((v - c.kecil) / (c.besar - c.kecil || 1));
      const kotak = `<rect x="${bulat(x + 1)}" y="${y + 1}" width="${bulat(jarak - 2)}" height="${BARIS - 2}" fill="${warna.isi}" data-c="${j}"/>`;
      const muat = jarak >= (c.lebar ?? 34) && !Number.isNaN(v);
      return kotak + (muat ? tulis(x + jarak / 2, y + 16, c.angka(v), { rata: "middle", ukuran: 11, warna: warna.tulisan, lain: ' pointer-events="none"' }) : "");
    });
    const p = m.baris.peringkat[d];
    const latar = `<rect class="bidang" x="0" y="${y}" width="${bulat(kiri)}" height="${BARIS}" fill="${d === m.aktif ? "#dfe8ef" : "#fff"}"/>`;
    return `<g data-d="${d}">${latar}` + tulis(26, y + 16, p || "–", { rata: "end", ukuran: 11.5, warna: "#4c5a69" }) + tulis(34, y + 16, potong(pendek(m.t.nama[d]), nama, 12.5), { ukuran: 12.5, tebal: terpilih }) + sel.join("") + "</g>";
  };
  return { lebar, tinggi, latar: ARSIR + judul.join(""), banyak: m.urut.length, atas: kepala, tinggiBaris: BARIS, satu };
}

function lipat(teks, huruf, paling) {
  const hasil = [""];
  for (const kata of teks.split(" ")) {
    const kini = hasil[hasil.length - 1];
    if (kini && kini.length + kata.length + 1 > huruf) hasil.push(kata);
    else hasil[hasil.length - 1] = kini ? `${kini} ${kata}` : kata;
  }
  if (hasil.length > paling) {
    hasil.length = paling;
    hasil[paling - 1] = `${hasil[paling - 1].slice(0, Math.max(1, huruf - 1))}…`;
  }
  return hasil.map((x) => potong(x, huruf * 6.4, 11));
}

function gambarPeta(m) {
  const { baris, lebar, t, petak } = m;
  const provinsi = t.kode === "provinsi";
  const isi = new Map();
  t.wilayah.forEach((kode, d) => {
    const p = t.induk[d] || kode;
    if (petak[p]) isi.set(p, [...(isi.get(p) ?? []), d]);
  });
  const letak = [...isi.keys()].map((p) => petak[p]);
  const b0 = Math.min(...letak.map((x) => x[0])), k0 = Math.min(...letak.map((x) => x[1]));
  const kolom = Math.max(...letak.map((x) => x[1])) - k0 + 1, banyak = Math.max(...letak.map((x) => x[0])) - b0 + 1;
  const sisi = Math.min(lebar / kolom, 78), kiri = (lebar - sisi * kolom) / 2, atas = 46;
  const ada = m.semua.map((d) => baris.nilai[d]);
  const kecil = Math.min(...ada), besar = Math.max(...ada);
  const warna = (d) => (Number.isNaN(baris.nilai[d]) ? { isi: "url(#arsir)", tulisan: TINTA } : warnaNilai((baris.nilai[d] - kecil) / (besar - kecil || 1)));
  const bingkai = (d) => (d === m.aktif || m.sorot.includes(d) ? ` stroke="${TINTA}" stroke-width="${d === m.aktif ? 3 : 2}"` : "");
  const kotak = [...isi].map(([p, daftar]) => {
    const x = kiri + (petak[p][1] - k0) * sisi, y = atas + (petak[p][0] - b0) * sisi;
    if (provinsi) {
      const d = daftar[0], w = warna(d);
      const angka = Number.isNaN(baris.nilai[d]) ? "" : sisi > 44 ? m.angka(baris.nilai[d]) : m.angkaPendek(baris.nilai[d]);
      const judul = sisi > 44 ? lipat(singkat(t.nama[d]), Math.floor(sisi / 5.4), 2) : [];
      return `<g data-d="${d}"><rect x="${bulat(x + 1)}" y="${bulat(y + 1)}" width="${bulat(sisi - 2)}" height="${bulat(sisi - 2)}" fill="${w.isi}"${bingkai(d)}/><g pointer-events="none">` +
        judul.map((isi, b) => tulis(x + sisi / 2, y + 17 + b * 11, isi, { rata: "middle", ukuran: 9.5, warna: w.tulisan })).join("") +
        tulis(x + sisi / 2, y + (sisi > 44 ? sisi - 12 : sisi / 2 + 4), angka, { rata: "middle", ukuran: sisi > 44 ? 13 : 10, warna: w.tulisan, tebal: sisi > 44 }) + "</g></g>";
    }
    const sebaris = Math.ceil(Math.sqrt(daftar.length)), kepala = sisi > 44 ? 13 : 0, ukuran = Math.min((sisi - 6) / sebaris, (sisi - 4 - kepala) / Math.ceil(daftar.length / sebaris));
    const sel = daftar.map((d, k) => `<rect data-d="${d}" x="${bulat(x + 2 + (k % sebaris) * ukuran)}" y="${bulat(y + kepala + 1 + Math.floor(k / sebaris) * ukuran)}" width="${bulat(ukuran - 0.8)}" height="${bulat(ukuran - 0.8)}" fill="${warna(d).isi}"${bingkai(d)}${m.t.induk[d] === m.prov || !m.prov ? "" : ' fill-opacity=".18"'}/>`);
    return (kepala ? tulis(x + 2, y + 9, potong(singkat(m.namaProvinsi(p)), sisi + 2, 8.5), { ukuran: 8.5 }) : "") + sel.join("");
  });
  const pita = Math.min(188, lebar * 0.36);
  const ramp = [0, 1, 2, 3, 4].map((k) => `<rect x="${bulat(kiri + (k * pita) / 5)}" y="12" width="${bulat(pita / 5)}" height="12" fill="${warnaNilai(k / 4).isi}"/>`);
  const kunci = ramp.join("") + tulis(kiri, 38, m.angkaSumbu(kecil), { ukuran: 11 }) + tulis(kiri + pita, 38, m.angkaSumbu(besar), { ukuran: 11, rata: "end" }) +
    `<rect x="${bulat(kiri + pita + 16)}" y="12" width="18" height="12" fill="url(#arsir)"/>` + tulis(kiri + pita + 40, 22, m.kata("peta_ditahan"), { ukuran: 11 });
  return { lebar, tinggi: atas + banyak * sisi + 4, latar: ARSIR + kunci + kotak.join(""), banyak: 0 };
}

function gambarUrai(m) {
  const { lebar, urai: hasil } = m;
  const urut = [...hasil.bagian].sort((a, b) => (a.j < 0) - (b.j < 0) || Math.abs(b.sumbang) - Math.abs(a.sumbang));
  const sempit = lebar < 560, tinggiSatu = sempit ? 46 : 32;
  const nama = sempit ? 0 : Math.min(lebar * 0.3, 250), nilai = sempit ? 0 : 128, kiri = nama + nilai + 12, kanan = lebar - 60;
  const terbesar = Math.max(...urut.map((x) => Math.abs(x.sumbang)), 1e-9);
  const negatif = Math.max(0, ...urut.map((x) => -x.sumbang)), positif = Math.max(0, ...urut.map((x) => x.sumbang));
  const ruang = kanan - kiri - (negatif ? 52 : 0), tengah = kiri + (negatif ? 52 : 0) + (ruang * negatif) / (negatif + positif || terbesar);
  const x = (v) => tengah + (v / (negatif + positif || terbesar)) * ruang;
  const atas = 40;
  const baris = urut.map((b, k) => {
    const y = atas + k * tinggiSatu, sebut = b.j < 0 ? m.kata("urai_gabungan") : m.namaSimpul(b.j);
    const nilaiDua = b.j < 0 ? "" : `${m.bilangan(b.x, 1)} → ${m.bilangan(b.y, 1)}`;
    const tebalY = sempit ? y + 20 : y + 5, kotak = `<rect x="${bulat(Math.min(x(0), x(b.sumbang)))}" y="${tebalY}" width="${bulat(Math.abs(x(b.sumbang) - x(0)))}" height="20" fill="${b.j < 0 ? "#b5b5b5" : BIRU}"/>`;
    const ujung = b.sumbang < 0 ? tulis(x(b.sumbang) - 5, tebalY + 15, m.bertanda(b.sumbang), { rata: "end" }) : tulis(x(b.sumbang) + 5, tebalY + 15, m.bertanda(b.sumbang));
    const judul = sempit ? tulis(0, y + 13, `${sebut}${nilaiDua ? ` (${nilaiDua})` : ""}`, { ukuran: 12 }) : tulis(nama, y + 20, potong(sebut, nama, 12.5), { rata: "end", ukuran: 12.5 }) + tulis(nama + nilai, y + 20, nilaiDua, { rata: "end", ukuran: 11.5, warna: "#4c5a69" });
    return judul + kotak + ujung;
  });
  const y = atas + urut.length * tinggiSatu;
  const jumlah = `<line x1="0" x2="${lebar}" y1="${y + 4}" y2="${y + 4}" stroke="${KELABU}"/>` + tulis(sempit ? 0 : nama, y + 24, m.kata("urai_jumlah"), { rata: sempit ? "start" : "end", tebal: true, ukuran: 12.5 }) + (sempit ? "" : tulis(nama + nilai, y + 24, `${m.bilangan(hasil.awal, 1)} → ${m.bilangan(hasil.akhir, 1)}`, { rata: "end", ukuran: 11.5, warna: "#4c5a69" })) + tulis(sempit ? lebar : tengah + 5, y + 24, m.bertanda(hasil.akhir - hasil.awal), { tebal: true, rata: sempit ? "end" : "start", ukuran: 12.5 });
  const kepala = sempit ? "" : tulis(nama + nilai, 14, `${potong(pendek(m.t.nama[m.dua[0]]), 150, 11)} → ${potong(pendek(m.t.nama[m.dua[1]]), 150, 11)}`, { rata: "end", ukuran: 11, warna: "#4c5a69" });
  const nol = `<line x1="${bulat(x(0))}" x2="${bulat(x(0))}" y1="${atas - 6}" y2="${y}" stroke="${KELABU}"/>` + tulis(Math.min(Math.max(x(0), kiri + 90), lebar - 110), sempit ? 14 : 30, m.kata("sumbu_sumbangan"), { rata: "middle", ukuran: 11, warna: "#4c5a69" });
  return { lebar, tinggi: y + 36, latar: kepala + nol + baris.join("") + jumlah, banyak: 0 };
}

// SVG utuh dengan judul dan sumbernya, untuk diunduh.
function svgUtuh(g, judul, rincian, sumber) {
  const kepala = 52, kaki = 26 + 16 * (lipatPolos(sumber, g.lebar / 5.6).length - 1);
  const baris = [];
  for (let k = 0; k < g.banyak; k++) baris.push(g.satu(k));
  const isi = `<rect width="100%" height="100%" fill="#fff"/>` + tulis(0, 20, judul, { ukuran: 16, tebal: true }) + tulis(0, 40, rincian, { ukuran: 11.5, warna: "#4c5a69" }) +
    `<g transform="translate(0 ${kepala})">${g.latar}${baris.join("")}</g>` +
    lipatPolos(sumber, g.lebar / 5.6).map((x, k) => tulis(0, kepala + g.tinggi + 18 + 16 * k, x, { ukuran: 11, warna: "#4c5a69" })).join("");
  const tepi = 16, lebar = g.lebar + 2 * tepi, tinggi = g.tinggi + kepala + kaki + 2 * tepi;
  return { lebar, tinggi, svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${lebar}" height="${tinggi}" viewBox="${-tepi} ${-tepi} ${lebar} ${tinggi}" ${HURUF}><rect x="${-tepi}" y="${-tepi}" width="${lebar}" height="${tinggi}" fill="#fff"/>${isi}</svg>` };
}

function lipatPolos(teks, huruf) {
  const hasil = [""];
  for (const kata of teks.split(" ")) {
    if (hasil.at(-1) && hasil.at(-1).length + kata.length + 1 > huruf) hasil.push(kata);
    else hasil[hasil.length - 1] = hasil.at(-1) ? `${hasil.at(-1)} ${kata}` : kata;
  }
  return hasil;
}
