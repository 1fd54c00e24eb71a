"""Sampel uji garis taksiran: tiga provinsi, enam strata, 36 PSU, bobot tak sama, z2 sebagian kosong."""

from pathlib import Path

import numpy as np
import pandas as pd

acak = np.random.default_rng(40)
psu = np.repeat(np.arange(36), 12)
strata = psu // 6
x = np.round(np.exp(13 + 0.35 * acak.normal(size=36)[psu] + 0.4 * acak.normal(size=len(psu))))
naik = (np.log(x) - 13) / 0.55
z1 = (acak.random(len(psu)) < 1 / (1 + np.exp(-0.3 - 1.6 * naik))).astype(int)
z2 = np.where(acak.random(len(psu)) < 0.1, np.nan, acak.random(len(psu)) < 1 / (1 + np.exp(0.8 * naik)))
w = np.round(acak.uniform(5, 15, size=len(psu)), 1)
isi = {"prov": strata // 2 + 1, "strata": strata + 1, "psu": psu + 1, "w": w, "x": x.astype(int), "z1": z1, "z2": z2}
pd.DataFrame(isi).to_csv(Path(__file__).with_name("sampel.csv"), index=False)
