// Tabel tampilan sebagai HTML dan CSV, dan gambarnya sebagai PNG dan SVG.

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
