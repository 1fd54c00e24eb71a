"""Daftar penerima dan pembayaran kementerian di atas mesin :mod:`listcheck`.

:mod:`kinerja.daftar.mutu` memeriksa satu folder daftar; :mod:`kinerja.daftar.buatan` membuat daftar sintetis dengan
cacat yang diketahui.

NIK: enam angka wilayah, enam angka tanggal lahir (hari + 40 bagi perempuan), empat angka nomor urut. NIK tidak berubah
ketika wilayah dimekarkan, jadi kode kabupaten/kota yang sudah tidak dipakai tetap sah; karena itu yang diperiksa adalah
nomor terakhir yang pernah terbit tiap provinsi (``data/raw/acuan/nik_wilayah.csv``).
"""

DTKS, PEMBAYARAN = "dtks", "pembayaran"
"""Folder tiap daftar, dan namanya di setiap hasil."""

MEMORI_GB = 7.0
"""Batas memori bawaan. Satu baris tiap NIK dari 100 juta baris muat di sini, sedangkan dengan 5 GB sebagiannya tumpah
dan pemeriksaannya setengah kali lebih lama."""

PEREMPUAN = 40
"""Ditambahkan pada hari lahir perempuan."""

SAH, KOSONG, BUKAN_ANGKA, WILAYAH, TANGGAL, URUT = range(6)
"""`SAH`, atau nomor cacat menurut urutan `CACAT`."""

CACAT = ("nik_kosong", "nik_bukan_16_angka", "nik_wilayah", "nik_tanggal", "nik_urut")
"""NIK dengan beberapa cacat dihitung pada yang pertama saja."""
