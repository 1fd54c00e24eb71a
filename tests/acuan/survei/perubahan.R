# Perubahan antara dua survei: svydesign atas berkas bertumpuk, sampel bebas dan PSU bersama. Menulis perubahan.csv.
suppressMessages(library(survey))
satu <- subset(read.csv("sampel.csv"), !(strata == 1 & psu == 1))
dua <- subset(read.csv("sampel.csv"), !(strata == 2 & psu == 2))
# Survei kedua: sampel yang sama, digeser dengan aturan tetap.
dua$i1 <- ifelse((dua$art + dua$psu) %% 5 == 0, 1 - dua$i1, dua$i1)
dua$i4 <- ifelse((dua$ruta + dua$psu) %% 7 == 0, 1, dua$i4)
dua$kapita <- dua$kapita * 1.1^(dua$psu %% 3)
dua$bobot <- dua$bobot * (0.9 + 0.02 * dua$psu)
tumpuk <- rbind(cbind(th = 1, satu), cbind(th = 2, dua))
tumpuk$h <- interaction(tumpuk$th, tumpuk$strata, drop = TRUE)
rancangan <- list(
  bebas = svydesign(ids = ~psu, strata = ~h, weights = ~bobot, data = tumpuk, nest = TRUE),
  bebas_fpc = svydesign(ids = ~psu, strata = ~h, fpc = ~npsu_populasi, weights = ~bobot, data = tumpuk, nest = TRUE),
  bersama = svydesign(ids = ~psu, strata = ~strata, weights = ~bobot, data = tumpuk, nest = TRUE))
hasil <- NULL
catat <- function(nama, domain, ukuran, variabel, x, df) hasil <<- rbind(hasil, data.frame(rancangan = nama, domain, ukuran, variabel, taksiran = as.numeric(coef(x)), se = as.numeric(SE(x)), df))
indeks <- quote(`2:i1`^.4 * `2:i2`^.2 * `2:i4`^.2 * `2:i5`^.2 - `1:i1`^.4 * `1:i2`^.2 * `1:i4`^.2 * `1:i5`^.2)
for (nama in names(rancangan)) for (p in c("", "12", "32", "94")) {
  r <- rancangan[[nama]]; if (p != "") r <- subset(r, provinsi == p)
  df <- degf(r); d <- if (p == "") "" else paste0("provinsi=", p)
  beda <- function(b, k) svycontrast(b, setNames(c(-1, 1), c("1", "2")))
  for (v in c("i1", "kapita")) {
    f <- as.formula(paste0("~", v))
    catat(nama, d, "mean", v, beda(svyby(f, ~th, r, svymean, covmat = TRUE)), df)
    catat(nama, d, "total", v, beda(svyby(f, ~th, r, svytotal, covmat = TRUE)), df)
  }
  b <- svyby(~i1 + i2 + i4 + i5, ~th, r, svymean, covmat = TRUE)
  catat(nama, d, "indeks", "geometrik", svycontrast(b, indeks), df)
  # svyby(svyratio) tidak mendukung covmat: skor linearisasi nisbahnya dijumlahkan.
  w <- weights(r, "sampling"); v <- r$variables; u <- rep(0, nrow(v)); t <- 0
  for (k in 1:2) { di <- v$th == k & w > 0; X <- sum((w * v$kapita)[di]); R <- sum((w * v$makan)[di]) / X
    tanda <- if (k == 2) 1 else -1; t <- t + tanda * R; u <- u + tanda * ifelse(di, (v$makan - R * v$kapita) / X, 0) }
  s <- svytotal(~u, update(r, u = u))
  hasil <- rbind(hasil, data.frame(rancangan = nama, domain = d, ukuran = "ratio", variabel = "makan/kapita", taksiran = t, se = as.numeric(SE(s)), df))
}
for (k in c("taksiran", "se")) hasil[[k]] <- sprintf("%.15g", hasil[[k]])
write.csv(hasil, "perubahan.csv", row.names = FALSE, quote = FALSE)
cat(R.version.string, as.character(packageVersion("survey")), "\n")
