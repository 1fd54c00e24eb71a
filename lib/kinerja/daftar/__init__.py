"""Daftar penerima dan pembayaran kementerian di atas mesin :mod:`listcheck`.

- :mod:`kinerja.daftar.nik`: susunan NIK, sebagai skema bagi mesin dan sebagai pembuat.
- :mod:`kinerja.daftar.buatan`: daftar sintetis dengan cacat yang diketahui.
- :mod:`kinerja.daftar.mutu`: acuan, pemeriksaan satu folder, dan tabel yang boleh terbit.
"""

DTKS, PEMBAYARAN = "dtks", "pembayaran"
"""Folder tiap daftar, dan namanya di setiap hasil."""

MEMORI_GB = 7.0
"""Batas memori bawaan. Satu baris tiap NIK dari 100 juta baris muat di sini, sedangkan dengan 5 GB sebagiannya tumpah
dan pemeriksaannya setengah kali lebih lama."""
