"""Paket daftar dapat berdiri sendiri: contoh README berjalan, skema pengenal baru satu kelas, impornya sendiri."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import ibis
import pandas as pd
import pytest

import listcheck

FOLDER = Path(listcheck.__file__).parent


def test_contoh_readme(capsys, tmp_path, monkeypatch):
    """0001 dibayar dua program terlarang (2 baris, satu mengendap 2); 0003 tidak terdaftar."""
    monkeypatch.chdir(tmp_path)
    (contoh,) = re.findall(r"```python\n(.*?)```", (FOLDER / "README.md").read_text("utf-8"), re.S)
    ruang: dict = {}
    exec(contoh, ruang)
    assert capsys.readouterr().out == "[2, 1, 1]\n" and list(tmp_path.iterdir()) == []
    found = ruang["found"].set_index(["source", "measure"])["amount"]
    assert found["payments", "undisbursed"] == 2
    assert ruang["found"].query("source == 'register'")[["measure", "n"]].to_numpy().tolist() == [
        ["id_not_digits", 1],
        ["rows", 3],
    ]


@dataclass(frozen=True)
class Even(listcheck.Digits):
    """Angka terakhir genap."""

    faults: tuple[str, ...] = (*listcheck.Digits.faults, "odd")

    def mark(self, table):
        t = super().mark(table)
        odd = (t["fault"] == listcheck.VALID) & (t["id"].cast("int64") % 2 == 1)
        return t.mutate(fault=ibis.ifelse(odd, 3, t["fault"]).cast("int8"))


def test_skema_baru_satu_kelas(tmp_path):
    people = pd.DataFrame({"id": ["02", "03", "xx", "04 "], "region": 1})
    paid = pd.DataFrame([["02", "a", 1, 1, 1, 1, 0]], columns=listcheck.reading.PAYMENT_COLUMNS)
    ids = Even(2)
    with listcheck.connect(scratch=tmp_path, memory_gb=1, threads=1) as con:
        people, paid = (con.create_table(k, ibis.memtable(x)) for k, x in {"people": people, "paid": paid}.items())
        lists = listcheck.register(people, ids=ids), listcheck.payments(paid, ids=ids)
        found = listcheck.check(con, *lists, ids=ids, regions=[1]).query("source == 'register'")
    assert found.set_index("measure")["n"].to_dict() == {"rows": 4, "odd": 1, "id_not_digits": 2}
    assert listcheck.measures(ids)[5:8] == ids.faults


@pytest.mark.parametrize(
    ("options", "sentence"),
    [({"engine": "oracle", "memory_gb": 1}, "Mesin 'oracle'"), ({"memory_gb": 0}, "lebih dari 0 GB")],
)
def test_pilihan_yang_salah(tmp_path, options, sentence):
    with pytest.raises(listcheck.ParameterError, match=sentence), listcheck.connect(scratch=tmp_path, **options):
        pass


def test_terimpor_dengan_numpy_pandas_ibis_saja():
    """Tanpa kinerja, scipy, dan paket lain dari proyek ini; ibis pun baru ketika dipakai."""
    kode = (
        "import sys; sys.modules.update(dict.fromkeys(['kinerja', 'surveyest', 'colformula', 'indextree', 'scipy', 'yaml', 'psutil']));"
        "import listcheck; print('ibis' in sys.modules)"
    )
    hasil = subprocess.run([sys.executable, "-c", kode], capture_output=True, text=True, timeout=60)
    assert hasil.stdout == "False\n", hasil.stderr
