// Sebaran normal dan t, sampai ketelitian angka ganda.

// Phi(z) lewat erfc rasional W. J. Cody (1969).
function fungsiNormal(z) {
  const x = Math.abs(z) * Math.SQRT1_2;
  if (x < 0.46875) {
    const y = x * x;
    const atas = (((1.85777706184603153e-1 * y + 3.16112374387056560) * y + 1.13864154151050156e2) * y + 3.77485237685302021e2) * y + 3.20937758913846947e3;
    const bawah = (((y + 2.36012909523441209e1) * y + 2.44024637934444173e2) * y + 1.28261652607737228e3) * y + 2.84423683343917062e3;
    const erf = (x * atas) / bawah;
    return z > 0 ? 0.5 + 0.5 * erf : 0.5 - 0.5 * erf;
  }
  const ekor = 0.5 * erfcBesar(x);
  return z > 0 ? 1 - ekor : ekor;
}

// Phi(z) dari tabel dengan sisipan Hermite pangkat tiga: galatnya di bawah 4e-13, sepuluh kali lebih cepat.
const RAPAT = 256, UJUNG = 8.5;
let tabelNormal = null;

function normalTabel(z) {
  if (!(z < UJUNG)) return z >= UJUNG ? 1 : NaN;
  if (z <= -UJUNG) return 0;
  tabelNormal ??= Float64Array.from({ length: 2 * (2 * UJUNG * RAPAT + 2) }, (_, i) => {
    const x = (i >> 1) / RAPAT - UJUNG;
    return i & 1 ? Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI) / RAPAT : fungsiNormal(x);
  });
  const letak = (z + UJUNG) * RAPAT, k = Math.floor(letak), s = letak - k;
  const a = tabelNormal[2 * k], b = tabelNormal[2 * k + 2], beda = b - a;
  return a + s * (tabelNormal[2 * k + 1] * (1 - s) * (1 - s) + s * (beda * (3 - 2 * s) - (1 - s) * tabelNormal[2 * k + 3]));
}

const CODY_C = [5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1, 2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3, 2.15311535474403846e-8];
const CODY_D = [1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3, 3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3];
const CODY_P = [3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1, 1.60837851487422766e-2, 6.58749161529837803e-4, 1.63153871373020978e-2];
const CODY_Q = [2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1, 6.05183413124413191e-2, 2.33520497626869185e-3];

function erfcBesar(x) {
  if (x <= 4) {
    let atas = CODY_C[8] * x, bawah = x;
    for (let i = 0; i < 7; i++) {
      atas = (atas + CODY_C[i]) * x;
      bawah = (bawah + CODY_D[i]) * x;
    }
    return (Math.exp(-x * x) * (atas + CODY_C[7])) / (bawah + CODY_D[7]);
  }
  const y = 1 / (x * x);
  let atas = CODY_P[5] * y, bawah = y;
  for (let i = 0; i < 4; i++) {
    atas = (atas + CODY_P[i]) * y;
    bawah = (bawah + CODY_Q[i]) * y;
  }
  const r = (y * (atas + CODY_P[4])) / (bawah + CODY_Q[4]);
  return (Math.exp(-x * x) * (0.56418958354775628695 - r)) / x;
}

// Nilai t dengan peluang ekor atas `ekor`; disimpan, sebab wilayah berbagi sedikit derajat bebas saja.
const simpananT = new Map();

function tKuantil(ekor, df) {
  if (!(df > 0)) return NaN;
  const kunci = `${ekor} ${df}`;
  if (!simpananT.has(kunci)) {
    if (simpananT.size > 20000) simpananT.clear();
    simpananT.set(kunci, cariT(ekor, df));
  }
  return simpananT.get(kunci);
}

// Newton dengan pengurungan atas ekor(t) = I_{df/(df+t^2)}(df/2, 1/2) / 2.
function cariT(ekor, df) {
  let rendah = 0, tinggi = 2;
  while (ekorT(tinggi, df) > ekor) tinggi *= 2;
  let t = (rendah + tinggi) / 2;
  const tetap = Math.exp(logGamma((df + 1) / 2) - logGamma(df / 2)) / Math.sqrt(df * Math.PI);
  for (let k = 0; k < 200; k++) {
    const beda = ekorT(t, df) - ekor;
    if (beda > 0) rendah = t;
    else tinggi = t;
    const baru = t + beda / (tetap * Math.pow(1 + (t * t) / df, -(df + 1) / 2));
    const lanjut = baru > rendah && baru < tinggi ? baru : (rendah + tinggi) / 2;
    if (Math.abs(lanjut - t) <= 1e-14 * lanjut) return lanjut;
    t = lanjut;
  }
  return t;
}

function ekorT(t, df) {
  return betaTerbatas(df / (df + t * t), df / 2, 0.5) / 2;
}

// Fungsi beta tak lengkap ternormalkan: pecahan berlanjut Lentz.
function betaTerbatas(x, a, b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaTerbatas(1 - x, b, a);
  const muka = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  let c = 1, d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (d || 1e-300);
  let hasil = d;
  for (let m = 1; m < 1000; m++) {
    let suku = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + suku * d || 1e-300);
    c = 1 + suku / c || 1e-300;
    hasil *= d * c;
    suku = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + suku * d || 1e-300);
    c = 1 + suku / c || 1e-300;
    const kali = d * c;
    hasil *= kali;
    if (Math.abs(kali - 1) < 1e-16) break;
  }
  return muka * hasil;
}

// Deret Stirling sesudah argumennya dinaikkan sampai 15.
function logGamma(x) {
  let kali = 1;
  while (x < 15) kali *= x++;
  const y = 1 / (x * x);
  const deret = (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y * (1 / 1188 - y * (691 / 360360)))))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.9189385332046727418 + deret - Math.log(kali);
}
