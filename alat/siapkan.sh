#!/bin/sh
# Menyiapkan .venv dari requirements.lock. Dipanggil make; aman diulang.
# KINERJA_TANPA_UV=1 memakai pip saja.
set -eu
cd "$(dirname "$0")/.."
venv=.venv
segel=$venv/.siap

berhenti() {
    echo "Kesalahan: $1" >&2
    exit 1
}

cukup_baru() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

python=
for calon in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
    if command -v "$calon" >/dev/null 2>&1 && cukup_baru "$calon"; then
        python=$calon
        break
    fi
done
[ -n "$python" ] || berhenti "perlu Python 3.11 atau lebih baru; pasang dahulu, atau sebut dengan make PYTHON=/letak/python3."

rm -f "$segel"
# Lingkungan yang dipindahkan atau yang Python-nya sudah tidak ada dibuat ulang dari kosong.
if [ ! -x $venv/bin/python ] || ! cukup_baru $venv/bin/python ||
    ! grep -qF "$PWD/$venv" $venv/bin/activate 2>/dev/null; then
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        berhenti "Python ini tidak punya modul venv; pasang paketnya (di Debian dan Ubuntu: apt install python3-venv)."
    "$python" -m venv --clear $venv
fi

pip() {
    $venv/bin/python -m pip --disable-pip-version-check --quiet "$@"
}

# uv memasang semuanya dalam beberapa detik; pip perlu setengah menit. Keduanya membaca kunci yang sama.
uv=
if [ -z "${KINERJA_TANPA_UV:-}" ]; then
    if command -v uv >/dev/null 2>&1; then
        uv=uv
    elif [ -x $venv/bin/uv ] || pip install "$(grep -o '^uv==[0-9.]*' requirements.lock)" 2>/dev/null; then
        uv=$venv/bin/uv
    fi
fi
if [ -n "$uv" ]; then
    echo "Menyiapkan $venv dengan uv ..."
    "$uv" pip install --quiet --python $venv/bin/python -r requirements.lock
    "$uv" pip install --quiet --python $venv/bin/python --no-deps --no-build-isolation -e .
else
    echo "Menyiapkan $venv dengan pip ..."
    pip install -r requirements.lock
    pip install --no-deps --no-build-isolation -e .
fi

# Python menyimpan bita kode saat modul pertama kali diimpor, kecuali bila dilarang. Tanpa simpanan itu setiap perintah
# menyusun ulang seluruh pustaka: tiga detik per render. Yang disusun di sini hanya pustaka yang dimuat render.
if [ -n "${PYTHONDONTWRITEBYTECODE:-}" ]; then
    pustaka=$($venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    for nama in IPython PIL comm fontTools ipykernel ipywidgets jinja2 jsonschema jupyter_client jupyter_core matplotlib \
        nbclient nbconvert nbformat numpy pandas papermill psutil pyarrow pygments rich scipy tornado traitlets typer \
        xlsxwriter yaml zmq; do
        [ -d "$pustaka/$nama" ] && printf '%s\n' "$pustaka/$nama"
    done | $venv/bin/python -m compileall -q -j 0 -x '/tests?/' -i - || true
fi
printf '%s\n' "$PWD" >"$segel"
