# Kalibrasi menurut R survey: postStratify, rake, calibrate (linear, raking, logit). Menulis kalibrasi.csv.
suppressMessages(library(survey))
d <- read.csv("sampel.csv")
d$umur_kelas <- cut(d$umur, c(-1, 17, 39, 59, 200), labels = FALSE)
d$prov <- factor(d$provinsi); d$sex <- factor(d$kelamin); d$usia <- factor(d$umur_kelas); d$urban <- factor(d$daerah)
dasar <- svydesign(ids = ~psu, strata = ~strata, weights = ~bobot, data = d, nest = TRUE)
fpc <- svydesign(ids = ~psu, strata = ~strata, weights = ~bobot, fpc = ~npsu_populasi, data = d, nest = TRUE)

# Jumlah populasi karangan: jumlah sampel digeser; semuanya sejumlah.
geser <- function(x, f) { y <- x * f; y * (sum(x) / sum(y)) }
sel <- xtabs(bobot ~ prov + sex, d); sel[] <- geser(as.vector(sel), 1 + 0.1 * sin(seq_along(sel)))
usia <- xtabs(bobot ~ usia, d); usia[] <- geser(as.vector(usia), c(1.1, 0.95, 1.02, 0.9))
sex <- xtabs(bobot ~ sex, d); sex[] <- geser(as.vector(sex), c(1.04, 0.97))
urban <- xtabs(bobot ~ urban, d); urban[] <- geser(as.vector(urban), c(1.2, 0.9))
kapita <- sum(d$bobot * d$kapita) * 1.03
sasaran <- rbind(
  data.frame(margin = "provinsi,kelamin", as.data.frame(sel, stringsAsFactors = FALSE) |> transform(k1 = prov, k2 = sex))[, c("margin", "k1", "k2", "Freq")],
  data.frame(margin = "umur_kelas", k1 = names(usia), k2 = "", Freq = as.vector(usia)),
  data.frame(margin = "kelamin", k1 = names(sex), k2 = "", Freq = as.vector(sex)),
  data.frame(margin = "daerah", k1 = names(urban), k2 = "", Freq = as.vector(urban)),
  data.frame(margin = "kapita", k1 = "", k2 = "", Freq = kapita))
write.csv(transform(sasaran, Freq = sprintf("%.17g", Freq)), "kalibrasi_sasaran.csv", row.names = FALSE, quote = TRUE)

tiga <- list(~usia, ~sex, ~urban); populasi <- list(usia, sex, urban)
greg <- c(`(Intercept)` = sum(sex), sex2 = unname(sex[2]), urban2 = unname(urban[2]), kapita = kapita)
ketat <- 1e-13
rancangan <- list(
  pascastrata = postStratify(dasar, ~prov + sex, as.data.frame(sel)),
  pascastrata_fpc = postStratify(fpc, ~prov + sex, as.data.frame(sel)),
  linear = calibrate(dasar, tiga, populasi),
  greg = calibrate(dasar, ~sex + urban + kapita, greg),
  raking = calibrate(dasar, tiga, populasi, calfun = "raking", epsilon = ketat),
  logit = calibrate(dasar, tiga, populasi, calfun = "logit", bounds = c(0.6, 1.6), epsilon = ketat),
  terpotong = calibrate(dasar, tiga, populasi, calfun = "linear", bounds = c(0.8, 1.27), epsilon = ketat))
# rake() mencapai bobot yang sama dengan calibrate(calfun = "raking").
r <- rake(dasar, tiga, list(as.data.frame(usia), as.data.frame(sex), as.data.frame(urban)), control = list(maxit = 200, epsilon = 1e-12))
stopifnot(max(abs(weights(r) / weights(rancangan$raking) - 1)) < 1e-10)

hasil <- NULL
catat <- function(nama, domain, ukuran, variabel, x, deff = NA)
  hasil <<- rbind(hasil, data.frame(rancangan = nama, domain, ukuran, variabel, taksiran = as.numeric(coef(x)), se = as.numeric(SE(x)), deff))
for (nama in names(rancangan)) {
  g <- range(weights(rancangan[[nama]]) / d$bobot)
  hasil <- rbind(hasil, data.frame(rancangan = nama, domain = "", ukuran = "pengali", variabel = c("min", "max"), taksiran = g, se = 0, deff = NA))
  r <- rancangan[[nama]]
  for (v in c("i1", "i3", "kapita")) {
    f <- as.formula(paste0("~", v))
    m <- svymean(f, r, na.rm = TRUE, deff = TRUE); catat(nama, "", "mean", v, m, as.numeric(deff(m)))
    catat(nama, "", "total", v, svytotal(f, r, na.rm = TRUE))
    for (p in levels(d$prov)) {
      s <- subset(r, prov == p)
      catat(nama, paste0("provinsi=", p), "mean", v, svymean(f, s, na.rm = TRUE))
      catat(nama, paste0("provinsi=", p), "total", v, svytotal(f, s, na.rm = TRUE))
    }
    for (u in levels(d$usia)) catat(nama, paste0("umur_kelas=", u), "mean", v, svymean(f, subset(r, usia == u), na.rm = TRUE))
  }
  catat(nama, "", "ratio", "makan/kapita", svyratio(~makan, ~kapita, r))
  catat(nama, "provinsi=32", "ratio", "makan/kapita", svyratio(~makan, ~kapita, subset(r, prov == "32")))
  # svyby(covmat = TRUE) berhenti pada rancangan terkalibrasi: galat baku selisih dari svytotal skor linearisasinya.
  w <- weights(r); u <- 0 * w; t <- 0
  for (p in c("32", "94")) {
    di <- d$prov == p; m <- weighted.mean(d$kapita[di], w[di]); tanda <- if (p == "32") 1 else -1
    t <- t + tanda * m; u <- u + tanda * ifelse(di, (d$kapita - m) / sum(w[di]), 0)
  }
  hasil <- rbind(hasil, data.frame(rancangan = nama, domain = "", ukuran = "selisih", variabel = "kapita provinsi 32-94", taksiran = t, se = as.numeric(SE(svytotal(~u, update(r, u = u)))), deff = NA))
  q <- svyquantile(~kapita, r, c(0.25, 0.5), ci = TRUE, interval.type = "xlogit", qrule = "math")
  hasil <- rbind(hasil, data.frame(rancangan = nama, domain = "", ukuran = "kuantil", variabel = c("0.25", "0.5"), taksiran = q$kapita[, 1], se = q$kapita[, 4], deff = NA))
}
# Jackknife yang dikalibrasi ulang di tiap replikasi.
jkn <- calibrate(as.svrepdesign(dasar, type = "JKn", mse = TRUE), tiga, populasi, calfun = "raking", epsilon = ketat)
catat("jkn_raking", "", "total", "kapita", svytotal(~kapita, jkn)); catat("jkn_raking", "", "mean", "kapita", svymean(~kapita, jkn))
for (k in c("taksiran", "se")) hasil[[k]] <- sprintf("%.15g", hasil[[k]])
hasil$deff <- ifelse(is.na(hasil$deff), "", sprintf("%.15g", hasil$deff))
write.csv(hasil, "kalibrasi.csv", row.names = FALSE, quote = FALSE)
cat(R.version.string, as.character(packageVersion("survey")), "\n")
