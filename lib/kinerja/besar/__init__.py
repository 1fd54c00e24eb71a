"""Data yang melebihi memori: satu lapis ekspresi Ibis, dijalankan DuckDB di mesin ini atau Spark di klaster.

- :mod:`kinerja.besar.mesin`: membuka DuckDB (memori dan folder sementara terbatas) atau Spark.
- :mod:`kinerja.besar.nik`: susunan NIK, sebagai ekspresi dan sebagai pembuat.
- :mod:`kinerja.besar.buat`: daftar penerima dan pembayaran sintetis dengan cacat yang diketahui.
- :mod:`kinerja.besar.periksa`: pemeriksaan mutu daftar; keluarannya hitungan saja.
- :mod:`surveyest.lazy`: peringkasan data mikro menjadi sel PSU x domain, sama dengan :func:`surveyest.summarise`.
"""
