# Perintah sehari-hari. Tanpa nama perintah: daftar perintah.
TAHUN ?= 2020
BAHASA ?= id
NOTEBOOK ?=
PYTHON ?= python3
# nbval dimuat hanya bagi notebook: di setiap proses uji memuatnya 2,6 detik CPU.
# Proses uji sekaligus; satu berkas uji selalu dikerjakan satu proses. Notebook satu per satu: dua kernel yang menyala
# pada saat yang sama dapat berebut port, lalu salah satunya tidak pernah menjawab.
PROSES ?= 2

# Modul di luar lingkungan proyek tidak boleh ikut termuat.
unexport PYTHONPATH PYTHONHOME

BIN := .venv/bin
# Segel berisi letak klon: lingkungan yang ikut dipindahkan bersama foldernya tidak dapat dipakai lagi.
SEGEL := .venv/.siap
ifneq ($(shell cat $(SEGEL) 2>/dev/null),$(CURDIR))
.PHONY: $(SEGEL)
endif

.DEFAULT_GOAL := help
.PHONY: help siap report peragaan test cek mutasi lab app docs gambar refresh data lock

help: ## Daftar perintah ini
	@printf 'Perintah:\n'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18
	@printf 'Contoh: make report TAHUN=2021 BAHASA=en\n'

report: $(SEGEL) ## Laporan satu tahun ke reports/<tahun> (TAHUN=2020, BAHASA=id atau en)
	@$(BIN)/kinerja render --tahun $(TAHUN) --bahasa $(BAHASA)

peragaan: $(SEGEL) ## Peragaan metode dengan data buatan ke reports/peragaan/<tahun>, terpisah dari laporan
	@$(BIN)/kinerja peragaan --tahun $(TAHUN) --bahasa $(BAHASA)

test: $(SEGEL) ## Semua uji: tests/ lalu setiap sel notebook dengan nbval
	@gagal=0; \
	$(BIN)/python -m pytest tests -q -p no:nbval -n $(PROSES) --dist loadfile --no-loadscope-reorder || gagal=1; \
	$(BIN)/python -m pytest --nbval notebooks -q || gagal=1; \
	exit $$gagal

cek: $(SEGEL) ## Pemeriksaan cepat: gaya, lalu uji dan notebook yang tersentuh perubahan (kurang dari semenit)
	@$(BIN)/python alat/cek.py

mutasi: $(SEGEL) ## Apakah setiap angka mentah yang salah akan terlihat (setengah jam)
	@$(BIN)/python -m tests.mutasi --proses $(PROSES)

lab: $(SEGEL) ## JupyterLab pada proyek ini: notebooks/ tepercaya, kerja/ untuk notebook sendiri
	@$(BIN)/jupyter trust notebooks/*.ipynb docs/resep/*.ipynb >/dev/null
	@$(BIN)/jupyter lab --ServerApp.root_dir="$(CURDIR)" --LabApp.default_url=/lab/tree/notebooks/ringkasan.ipynb

app: $(SEGEL) ## Notebook sebagai aplikasi tanpa kode, di peramban (hanya mesin ini)
	@$(BIN)/kinerja app --bahasa $(BAHASA)

docs: $(SEGEL) ## Dokumentasi ke site/, terbaca tanpa jaringan
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet && echo "Dokumentasi: site/index.html"

gambar: $(SEGEL) ## Perbarui tangkapan layar di docs/gambar (perlu Chromium)
	@KINERJA_SIMPAN_GAMBAR=1 $(BIN)/python -m pytest tests/peramban -k tangkapan -q

refresh: $(SEGEL) ## Jalankan ulang notebook yang disimpan, di tempat (NOTEBOOK="nama nama")
	@$(BIN)/kinerja refresh $(NOTEBOOK)

data: $(SEGEL) ## Periksa data/raw dan bangun ulang data/processed
	@$(BIN)/kinerja data

lock: $(SEGEL) ## Perbarui requirements.lock dari pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --upgrade --no-emit-index-url \
	  --no-annotate --custom-compile-command 'make lock' --output-file requirements.lock pyproject.toml

siap: $(SEGEL) ## Siapkan lingkungan .venv saja
	@:

$(SEGEL): requirements.lock pyproject.toml
	@PYTHON="$(PYTHON)" sh alat/siapkan.sh
