# Uji Rao-Scott, uji t, kontras, dan uji Wald bersama menurut R survey, atas sampel.csv.
suppressMessages(library(survey))
d <- read.csv("sampel.csv")
rancangan <- list(
  utama = svydesign(ids = ~psu, strata = ~strata, weights = ~bobot, data = d, nest = TRUE),
  fpc = svydesign(ids = ~psu, strata = ~strata, weights = ~bobot, fpc = ~npsu_populasi, data = d, nest = TRUE))
rancangan$kalibrasi <- calibrate(rancangan$utama, ~factor(kelamin) + factor(daerah), c(5.5e6, 2.7e6, 2.5e6))
hasil <- NULL
catat <- function(nama, uji, apa, nilai) hasil <<- rbind(hasil, data.frame(rancangan = nama, uji, apa, nilai = sprintf("%.15g", nilai)))
for (nama in names(rancangan)) {
  r <- rancangan[[nama]]
  for (f in c("kelamin + i1", "provinsi + i5", "i2 + i3", "provinsi + daerah", "i1 + i4 | provinsi 32")) {
    bagian <- strsplit(f, " | ", fixed = TRUE)[[1]]
    s <- if (length(bagian) > 1) subset(r, provinsi == 32) else r
    rumus <- as.formula(paste("~", bagian[1]))
    F <- svychisq(rumus, s, statistic = "F"); C <- svychisq(rumus, s, statistic = "Chisq")
    catat(nama, f, c("F", "ndf", "ddf", "p_F", "df", "p_Chisq"), c(F$statistic, F$parameter, F$p.value, C$parameter, C$p.value))
  }
  for (f in c("i1 ~ kelamin", "kapita ~ daerah", "kapita ~ 0", "i4 ~ kelamin | provinsi 32")) {
    bagian <- strsplit(f, " | ", fixed = TRUE)[[1]]
    s <- if (length(bagian) > 1) subset(r, provinsi == 32) else r
    t <- svyttest(as.formula(bagian[1]), s, na.rm = TRUE)
    catat(nama, f, c("estimate", "t", "df", "p", "lower", "upper"), c(t$estimate, t$statistic, t$parameter, t$p.value, t$conf.int))
  }
  # Rerata tiap provinsi beserta kovariansnya; svyby(covmat = TRUE) berhenti pada rancangan terkalibrasi.
  m <- svyglm(kapita ~ 0 + factor(provinsi), r)
  k <- svycontrast(m, list(a = c(1, -0.5, -0.5, 0, 0, 0), b = c(0, 0, 0, 1, 0, -1)))
  catat(nama, "kontras", c("a", "se_a", "b", "se_b"), c(coef(k)[1], SE(k)[1], coef(k)[2], SE(k)[2]))
  b <- coef(m)[-1] - coef(m)[1]; A <- cbind(-1, diag(5)); V <- A %*% vcov(m) %*% t(A)
  W <- as.numeric(b %*% solve(V) %*% b) / 5
  catat(nama, "bersama", c("F", "p"), c(W, pf(W, 5, degf(r), lower.tail = FALSE)))
}
write.csv(hasil, "uji.csv", row.names = FALSE, quote = FALSE)
cat(R.version.string, "survey", as.character(packageVersion("survey")), "\n")
