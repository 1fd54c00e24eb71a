# svyglm dan regTermTest (R survey) atas sampel.csv; tingkat pertama tiap faktor pembanding.
suppressMessages(library(survey))
d <- read.csv("sampel.csv")
d$juta <- d$kapita / 1e6
tt <- glm.control(epsilon = 1e-15, maxit = 50)
rancangan <- list(
  utama = svydesign(ids = ~psu, strata = ~strata, weights = ~bobot, data = d, nest = TRUE),
  fpc = svydesign(ids = ~psu, strata = ~strata, weights = ~bobot, fpc = ~npsu_populasi, data = d, nest = TRUE))
rancangan$kalibrasi <- calibrate(rancangan$utama, ~factor(kelamin) + factor(daerah), c(5.5e6, 2.7e6, 2.5e6))
model <- list(
  list("gaussian", "kapita ~ umur + factor(kelamin) + factor(provinsi)", NULL, list("factor(provinsi)", c("umur", "factor(kelamin)"))),
  list("gaussian", "i1 ~ juta * factor(daerah) + I(umur^2)", NULL, list("juta:factor(daerah)")),
  list("gaussian", "juta ~ i4 + umur", 32, list("umur")),
  list("binomial", "i1 ~ juta + umur + factor(daerah)", NULL, list("juta", c("umur", "factor(daerah)"))),
  list("binomial", "i4 ~ log(juta) + factor(provinsi) * factor(kelamin)", NULL, list("factor(provinsi):factor(kelamin)")),
  list("binomial", "i2 ~ juta + factor(kelamin)", 73, list("juta")))
hasil <- NULL
for (nama in names(rancangan)) for (m in seq_along(model)) {
  isi <- model[[m]]
  r <- update(rancangan[[nama]], juta = juta)
  if (!is.null(isi[[3]])) r <- subset(r, provinsi == isi[[3]])
  fam <- if (isi[[1]] == "gaussian") gaussian() else quasibinomial()
  g <- suppressWarnings(svyglm(as.formula(isi[[2]]), r, family = fam, control = tt))
  # glm menghitung bobot satu langkah sebelum berhenti; mulai lagi dari hasilnya supaya galat bakunya tepat.
  if (isi[[1]] == "binomial") g <- suppressWarnings(eval(bquote(svyglm(as.formula(isi[[2]]), r, family = fam, control = tt, start = .(coef(g))))))
  s <- suppressWarnings(summary(g)$coefficients)
  ada <- rownames(s); ci <- confint(g)[ada, , drop = FALSE]
  V <- vcov(g)[ada, ada]
  baris <- data.frame(rancangan = nama, model = m, jenis = "koefisien", apa = seq_along(ada), b = s[, 1], se = s[, 2], t = s[, 3], p = s[, 4],
                      bawah = ci[, 1], atas = ci[, 2], df = g$df.residual, kov = V[1, ])
  for (u in isi[[4]]) {
    w <- regTermTest(g, as.formula(paste("~", paste(u, collapse = "+"))))
    baris <- rbind(baris, data.frame(rancangan = nama, model = m, jenis = "uji", apa = w$df, b = NA, se = NA, t = w$Ftest, p = w$p,
                                     bawah = NA, atas = NA, df = w$ddf, kov = NA))
  }
  hasil <- rbind(hasil, baris)
}
for (k in c("b", "se", "t", "p", "bawah", "atas", "kov")) hasil[[k]] <- ifelse(is.na(hasil[[k]]), "", sprintf("%.15g", hasil[[k]]))
write.csv(hasil, "regresi.csv", row.names = FALSE, quote = FALSE)
cat(R.version.string, "survey", as.character(packageVersion("survey")), "\n")
