# Rerata z di antara mereka yang belanjanya di bawah kuantil 40% taksiran, dengan suku garis (Deville, 1999).
# Skor linearisasi tiap orang ditulis di sini dari rumusnya; galat bakunya svytotal (survey).
suppressMessages(library(survey))
d <- read.csv("sampel.csv")
kuantil <- function(p) { o <- order(d$x); c <- cumsum(d$w[o]); d$x[o][which(c >= p * sum(d$w) * (1 - 1e-12))[1]] }
q <- kuantil(0.40); q0 <- kuantil(0.35); q1 <- kuantil(0.45)
bawah <- d$x <= q
pita <- d$x > q0 & d$x <= q1
alfa <- sum(d$w * bawah) / sum(d$w)
rancangan <- svydesign(id = ~psu, strata = ~strata, weights = ~w, data = d)
hasil <- NULL
for (z in c("z1", "z2")) for (prov in c(0, sort(unique(d$prov)))) {
  di <- (prov == 0 | d$prov == prov) & !is.na(d[[z]])
  y <- ifelse(di, d[[z]], 0)
  D <- sum(d$w * (di & bawah)); R <- sum(d$w * y * (di & bawah)) / D
  B <- sum((d$w * (y - R))[di & pita]) / (D * sum(d$w[pita]))
  tetap <- ifelse(di & bawah, (y - R) / D, 0)
  se <- function(u) { r <- update(rancangan, u = u); as.numeric(SE(svytotal(~u, r))) }
  hasil <- rbind(hasil, data.frame(ukuran = z, prov, nilai = R, se_tetap = se(tetap), se = se(tetap - B * (bawah - alfa))))
}
# Pembanding bebas: survey menaksir rerata yang sama bila garisnya dianggap diketahui.
r <- update(rancangan, bawah = bawah)
cek <- svyby(~z1, ~prov, subset(r, bawah), svymean)
stopifnot(max(abs(cek$se - hasil$se_tetap[hasil$ukuran == "z1" & hasil$prov > 0])) < 1e-12)
write.csv(format(hasil, digits = 15), "hasil.csv", row.names = FALSE, quote = FALSE)
cat(R.version.string, as.character(packageVersion("survey")), "\n")
