# Bobot replikasi dari berkas: svrepdesign BRR, Fay, JK1, JKn, bootstrap, SDR. Menulis replikasi_faktor.csv dan replikasi.csv.
suppressMessages(library(survey))
set.seed(20)
d <- read.csv("sampel.csv")
psu <- unique(d[, c("strata", "psu")]); psu <- psu[order(psu$strata, psu$psu), ]
rownames(psu) <- NULL
baris <- match(paste(d$strata, d$psu), paste(psu$strata, psu$psu))

# Faktor tiap PSU. BRR: PSU dipasangkan dua-dua menurut urutan; Fay memakai pasangan yang sama dengan rho 0,3.
psu$pasang <- (seq_len(nrow(psu)) - 1) %/% 2
berpasangan <- svydesign(ids = ~1, strata = ~pasang, weights = ~1, data = psu)
faktor <- function(r) as.matrix(weights(r, type = "replication"))
brr <- faktor(as.svrepdesign(berpasangan, type = "BRR"))
fay <- faktor(as.svrepdesign(berpasangan, type = "Fay", fay.rho = 0.3))
kelompok <- sample(rep(1:12, length.out = nrow(psu)))
jk1 <- sapply(1:12, function(k) ifelse(kelompok == k, 0, 12 / 11))
n <- table(psu$strata)[as.character(psu$strata)]
jkn <- sapply(seq_len(nrow(psu)), function(j) ifelse(psu$strata != psu$strata[j], 1, ifelse(seq_len(nrow(psu)) == j, 0, n[j] / (n[j] - 1))))
boot <- faktor(as.svrepdesign(svydesign(ids = ~1, strata = ~strata, weights = ~1, data = psu), type = "subbootstrap", replicates = 30))
h <- 2 * survey:::hadamard(23) - 1
sdr <- sapply(1:nrow(h), function(r) 1 + 2^-1.5 * h[1 + seq_len(nrow(psu)) %% nrow(h), r] - 2^-1.5 * h[1 + (seq_len(nrow(psu)) + 1) %% nrow(h), r])
semua <- list(brr = brr, fay = fay, jk1 = jk1, jkn = jkn, bootstrap = boot, sdr = sdr)
tabel <- psu[, c("strata", "psu")]
for (k in names(semua)) { colnames(semua[[k]]) <- paste0(k, seq_len(ncol(semua[[k]]))); tabel <- cbind(tabel, semua[[k]]) }
for (k in 3:ncol(tabel)) tabel[[k]] <- sprintf("%.17g", tabel[[k]])
write.csv(tabel, "replikasi_faktor.csv", row.names = FALSE, quote = FALSE)

hasil <- NULL
catat <- function(...) hasil <<- rbind(hasil, data.frame(...))
gini <- function(w, x) { o <- order(x); w <- w[o]; x <- x[o]; c <- cumsum(w); sum(w * (2 * c - w) * x) / (sum(w) * sum(w * x)) - 1 }
rancang <- function(jenis, mse) {
  rw <- semua[[jenis]][baris, ] * d$bobot
  atur <- function(...) suppressWarnings(svrepdesign(data = d, repweights = rw, weights = ~bobot, combined.weights = TRUE, mse = mse, ...))
  switch(jenis, brr = atur(type = "BRR"), fay = atur(type = "Fay", rho = 0.3), jk1 = atur(type = "JK1", scale = 11 / 12),
    jkn = atur(type = "JKn", scale = 1, rscales = as.vector((n - 1) / n)), bootstrap = atur(type = "bootstrap"), sdr = atur(type = "ACS"))
}
for (jenis in names(semua)) for (mse in c(FALSE, TRUE)) {
  r <- rancang(jenis, mse)
  satu <- function(domain, ukuran, variabel, x, deff = NA) catat(jenis, mse, domain, ukuran, variabel, taksiran = as.numeric(coef(x)), se = as.numeric(SE(x)), deff)
  catat(jenis, mse, domain = "", ukuran = "df", variabel = "", taksiran = degf(r), se = NA, deff = NA)
  for (v in c("i1", "i3", "kapita")) {
    f <- as.formula(paste0("~", v))
    m <- if (v == "i3") svymean(f, r, na.rm = TRUE) else svymean(f, r, deff = TRUE)
    satu("", "mean", v, m, if (v == "i3") NA else as.numeric(deff(m)))
    satu("", "total", v, svytotal(f, r, na.rm = TRUE))
    for (p in sort(unique(d$provinsi))) {
      s <- subset(r, provinsi == p)
      satu(paste0("provinsi=", p), "mean", v, svymean(f, s, na.rm = TRUE))
      satu(paste0("provinsi=", p), "total", v, svytotal(f, s, na.rm = TRUE))
    }
  }
  satu("", "ratio", "makan/kapita", svyratio(~makan, ~kapita, r))
  b <- svyby(~kapita, ~provinsi, r, svymean, covmat = TRUE)
  satu("", "selisih", "kapita provinsi 32-94", svycontrast(b, c("32" = 1, "94" = -1)))
  if (jenis == "jk1") { m <- svyglm(i1 ~ umur + factor(daerah), r)
    catat(jenis, mse, domain = "", ukuran = "glm", variabel = names(coef(m)), taksiran = unname(coef(m)), se = unname(SE(m)), deff = NA) }
  satu("", "gini", "kapita", withReplicates(r, function(w, data) gini(w, data$kapita)))
}
for (k in c("taksiran", "se", "deff")) hasil[[k]] <- ifelse(is.na(hasil[[k]]), "", sprintf("%.15g", hasil[[k]]))
write.csv(hasil, "replikasi.csv", row.names = FALSE, quote = FALSE)
cat(R.version.string, as.character(packageVersion("survey")), "\n")
