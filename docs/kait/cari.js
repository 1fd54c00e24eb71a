// Pencari memerlukan pekerja web, yang ditolak peramban pada berkas lokal: lebih baik tidak tampak daripada tidak bekerja.
if (location.protocol === "file:") document.documentElement.classList.add("tanpa-cari");
