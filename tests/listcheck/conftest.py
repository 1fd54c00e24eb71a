"""Daftar kecil yang ditulis tangan, diperiksa mesin tanpa kementerian."""

import pytest

import listcheck

IDS = listcheck.Digits(16, name="NIK")


@pytest.fixture
def run(tmp_path):
    """Tulis kedua daftar sebagai Parquet (atau pakai yang sudah ada), lalu periksa."""

    def run(register=None, payments=None, *, programs=("pkh", "bst")):
        for source, frame in {"register": register, "payments": payments}.items():
            if frame is not None:
                (tmp_path / source).mkdir(exist_ok=True)
                frame.to_parquet(tmp_path / source / "all.parquet", index=False)
        with listcheck.connect(scratch=tmp_path, memory_gb=1, threads=1) as con:
            people, paid = (listcheck.scan(con, tmp_path / x, x) for x in ("register", "payments"))
            people = listcheck.register(people, ids=IDS)
            paid = listcheck.payments(paid, ids=IDS, programs=programs)
            return listcheck.check(con, people, paid, ids=IDS, forbidden=[("pkh", "bst")], regions=[11, 31, 32, 97])

    return run
