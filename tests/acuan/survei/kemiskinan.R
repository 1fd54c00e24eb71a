# Kemiskinan dan ketimpangan sampel.csv. Skor linearisasi ditulis di sini dari rumus terbitan (Deville 1999; Osier 2009;
# Langel dan Tille 2013); galat bakunya svytotal (survey). Nilainya dicocokkan dengan laeken; skor yang halus dicocokkan
# dengan turunan numerik terhadap bobot; garis tetap langsung svyby(svymean).
suppressMessages({ library(survey); library(laeken) })
d <- read.csv("sampel.csv")
rancangan <- svydesign(ids = ~psu, strata = ~strata, weights = ~bobot, data = d, nest = TRUE)
x <- d$kapita; w <- d$bobot; n <- length(x)
se <- function(u) { r <- update(rancangan, u = u); as.numeric(SE(svytotal(~u, r))) }
kuantil <- function(x, w, p) { o <- order(x); c <- cumsum(w[o]); x[o][which(c >= p * sum(w) * (1 - 1e-12))[1]] }
padat <- function(x, w, t, m) {
  h <- sqrt(sum(w * (x - weighted.mean(x, w))^2) / sum(w)) * m^(-0.2)
  sum(w * dnorm((t - x) / h)) / (h * sum(w))
}
lebar <- function(i, cara) if (cara == "sample") sum(i) else sum(w[i])
hasil <- NULL
catat <- function(ukuran, garis, domain, nilai, skor) {
  hasil <<- rbind(hasil, data.frame(ukuran, garis, domain, nilai, se = se(skor)))
}
provinsi <- c(0, sort(unique(d$provinsi)))
anggota <- function(p) p == 0 | d$provinsi == p

# Garis taksiran pada baris i, beserta pengaruhnya (sepanjang n).
garis <- function(i, of, cara) {
  if (of == "mean") { m <- weighted.mean(x[i], w[i]); return(list(z = 0.6 * m, u = 0.6 * i * (x - m) / sum(w[i]))) }
  p <- as.numeric(of); q <- kuantil(x[i], w[i], p); f <- padat(x[i], w[i], q, lebar(i, cara))
  list(z = 0.6 * q, u = -0.6 * i * ((x <= q) - p) / (sum(w[i]) * f))
}
fgt <- function(ukuran_garis, dom, z, pengaruh, cara) for (a in 0:2) {
  i <- anggota(dom); N <- sum(w[i]); miskin <- x < z
  f <- ifelse(miskin, ((z - x) / z)^a, 0); P <- sum((w * f)[i]) / N
  turunan <- if (a == 0) padat(x[i], w[i], z, lebar(i, cara)) else sum((w * a * (1 - x / z)^(a - 1) * x / z^2)[i & miskin]) / N
  catat(paste0("P", a), ukuran_garis, dom, P, i * (f - P) / N + turunan * pengaruh)
}
for (of in c("0.5", "mean")) for (cara in c("population", "sample")) {
  g <- garis(rep(TRUE, n), of, cara)
  nama <- paste(of, cara)
  catat("line", nama, 0, g$z, g$u)
  for (dom in provinsi) fgt(nama, dom, g$z, g$u, cara)
}
for (dom in provinsi[-1]) { g <- garis(anggota(dom), "0.5", "population"); fgt("0.5 provinsi", dom, g$z, g$u, "population") }
a <- arpr(x, weights = w, p = 0.6)
stopifnot(abs(a$value / 100 - hasil$nilai[hasil$ukuran == "P0" & hasil$garis == "0.5 population" & hasil$domain == 0]) < 1e-12)

# Garis tetap: survey sendiri.
for (k in 0:2) rancangan[["variables"]][[paste0("P", k)]] <- ifelse(x < 1.2e6, (1 - x / 1.2e6)^k, 0)
tetap <- svyby(~P0 + P1 + P2, ~provinsi, rancangan, svymean); semua <- svymean(~P0 + P1 + P2, rancangan)
for (k in 0:2) {
  u <- paste0("P", k)
  hasil <- rbind(hasil, data.frame(ukuran = u, garis = "1200000", domain = c(0, tetap$provinsi),
    nilai = c(coef(semua)[u], tetap[[u]]), se = c(SE(semua)[k + 1], tetap[[paste0("se.", u)]])))
}

gini <- function(x, w) { o <- order(x); x <- x[o]; w <- w[o]; (2 * sum(w * x * cumsum(w)) - sum(w^2 * x)) / (sum(w) * sum(w * x)) - 1 }
lorenz <- function(x, w, p) { o <- order(x); x <- x[o]; w <- w[o]; c <- cumsum(w); sum(w * x * pmin(1, pmax(0, (p * sum(w) - c + w) / w))) / sum(w * x) }
jumlah <- function(x, w, p) { q <- kuantil(x, w, p); list(s = sum((w * x)[x <= q]), u = (x - q) * (x <= q) + p * q) }
numerik <- function(T, i) sapply(which(i), function(k) { e <- w[k] * 1e-4; a <- b <- w; a[k] <- a[k] + e; b[k] <- b[k] - e; (T(x[i], a[i]) - T(x[i], b[i])) / (2 * e) })
for (dom in provinsi) {
  i <- anggota(dom); y <- x[i]; v <- w[i]; Y <- sum(v * y); N <- sum(v)
  penuh <- function(u) { r <- numeric(n); r[i] <- u; r }
  G <- gini(y, v)
  N_k <- sapply(y, function(t) sum(v[y <= t])); bawah <- sapply(y, function(t) sum((v * y)[y <= t])) / N_k
  u <- (2 * N_k * (y - bawah) + Y - N * y - G * (Y + N * y)) / (N * Y)
  if (dom == 12) stopifnot(max(abs(numerik(gini, i) / u - 1)) < 1e-4)
  catat("gini", "", dom, G, penuh(u))
  stopifnot(abs(100 * G - laeken::gini(y, weights = v)$value) < 1e-9)
  s <- jumlah(y, v, 0.2); t <- jumlah(y, v, 0.8); R <- (Y - t$s) / s$s
  catat("qsr", "", dom, R, penuh((y - t$u - R * s$u) / s$s))
  stopifnot(abs(R - laeken::qsr(y, weights = v)$value) < 1e-9)
  for (p in c(0.1, 0.4, 0.9)) {
    L <- lorenz(y, v, p); u <- (jumlah(y, v, p)$u - L * y) / Y
    if (dom == 12) stopifnot(max(abs(numerik(function(x, w) lorenz(x, w, p), i) - u)) < 1e-4 * max(abs(u)))
    catat(paste0("L(", p, ")"), "", dom, L, penuh(u))
  }
}
for (k in c("nilai", "se")) hasil[[k]] <- sprintf("%.15g", hasil[[k]])
write.csv(hasil, "kemiskinan.csv", row.names = FALSE, quote = FALSE)
cat(R.version.string, "survey", as.character(packageVersion("survey")), "laeken", as.character(packageVersion("laeken")), "\n")
