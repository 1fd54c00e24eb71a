"""Normalisasi: indikator berbeda satuan dan arah dibawa ke satu skala, di mana lebih besar selalu lebih baik.

Arah -1 dibalik lebih dulu (nilai, tonggak, dan target dikalikan -1), lalu metode diterapkan; karena itu 1 selalu
berarti yang terbaik. Satu-satunya kekecualian ``best_fraction`` memakai nilai asli: x / terbesar untuk arah 1 dan
terkecil / x untuk arah -1, sebab x / terbesar dari nilai yang dikalikan -1 memberi skor tertinggi kepada yang terburuk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from indextree.errors import ComputationError, ParameterError
from indextree.scalings import SCALINGS, Scaling, bad_names
from indextree.tree import Tree, name_list, unknown_name_error

CONSTANT_RULES = ("fail", "middle", "missing")


@dataclass(frozen=True)
class Normalisation:
    """Satu cara normalisasi.

    Attributes
    ----------
    method : str
        Kode di :data:`indextree.scalings.SCALINGS`, yang juga memuat rumusnya.
    lower, upper : float
        Skala hasil: 0 dan 1 pada metode dipetakan ke sini (semua kecuali zscore, rank, unscaled).
    mean, sd : float
        Rata-rata dan simpangan baku hasil zscore.
    clip : bool or None
        Potong hasil ke [bawah, atas]. Baku: ya untuk tonggak, tidak untuk target_distance.
    constant : {"fail", "middle", "missing"}
        Untuk indikator tanpa ragam: galat bernama (baku), titik tengah skala, atau NaN.
    """

    method: str = "minmax"
    lower: float = 0.0
    upper: float = 100.0
    mean: float = 0.0
    sd: float = 1.0
    clip: bool | None = None
    constant: str = "fail"

    def __post_init__(self) -> None:
        if self.method not in SCALINGS:
            raise unknown_name_error("Metode normalisasi", [self.method], SCALINGS)
        if not self.upper > self.lower:
            raise ParameterError("Skala normalisasi: atas harus lebih besar dari bawah.")
        if not self.sd > 0:
            raise ParameterError("Simpangan baku zskor harus positif.")
        if self.constant not in CONSTANT_RULES:
            raise ParameterError(f"constant harus salah satu dari {', '.join(CONSTANT_RULES)}.")

    @property
    def scaling(self) -> Scaling:
        """Cara normalisasinya."""
        return SCALINGS[self.method]

    @property
    def scale(self) -> tuple[object, ...]:
        """Skala hasilnya; skor dua normalisasi hanya sebanding bila skalanya sama."""
        return self.scaling.scale(self)

    @property
    def label(self) -> str:
        """Nama singkat untuk tabel rancangan, misalnya ``minmax 0-100``."""
        kind, *numbers = self.scale
        return f"{self.method} {numbers[0]:g}-{numbers[1]:g}" if kind == "range" else self.method

    @classmethod
    def from_dict(cls, content: Mapping[str, object] | str) -> Normalisation:
        """Dari nama metode atau dari kamus (misalnya hasil YAML)."""
        if isinstance(content, str):
            return cls(content)
        unknown = set(content) - {f.name for f in fields(cls)}
        if unknown:
            raise unknown_name_error("Isi normalisasi", unknown, [f.name for f in fields(cls)])
        return cls(**content)


def scaling_spec(content: object) -> Normalisation | dict[str, Normalisation]:
    """Satu normalisasi, atau kamus kode indikator -> normalisasi (``"*"`` untuk sisanya), dari nama atau kamus.

    Raises
    ------
    ParameterError
        Isinya bukan nama, Normalisasi, atau kamus.
    """
    if isinstance(content, Normalisation):
        return content
    if (
        isinstance(content, Mapping)
        and "method" not in content
        and set(content) - {f.name for f in fields(Normalisation)}
    ):
        return {code: n if isinstance(n, Normalisation) else Normalisation.from_dict(n) for code, n in content.items()}
    if not isinstance(content, str | Mapping):
        raise ParameterError(f"Normalisasi harus nama, Normalisasi, atau kamus; diberikan {type(content).__name__}.")
    return Normalisation.from_dict(content)


@dataclass(frozen=True, eq=False)
class Reference:
    """Keterangan tiap indikator yang diperlukan normalisasi, sejajar dengan sumbu terakhir larik."""

    codes: tuple[str, ...]
    direction: np.ndarray
    goalpost_lower: np.ndarray
    goalpost_upper: np.ndarray
    target: np.ndarray

    @classmethod
    def from_tree(cls, tree: Tree) -> Reference:
        t = tree.table.loc[list(tree.indicators)]
        return cls(
            tree.indicators,
            *(t[k].to_numpy(dtype=float) for k in ("direction", "goalpost_lower", "goalpost_upper", "target")),
        )

    def select(self, positions: np.ndarray) -> Reference:
        """Acuan untuk sebagian indikator."""
        return Reference(
            tuple(self.codes[i] for i in positions),
            *(
                np.take(x, positions, axis=-1)
                for x in (self.direction, self.goalpost_lower, self.goalpost_upper, self.target)
            ),
        )


@dataclass(frozen=True, eq=False)
class FittedNormalisation:
    """Normalisasi yang parameternya (min, maks, rata-rata ...) sudah diambil dari data acuan.

    Dipakai bila dua tahun atau ulangan harus berada pada skala yang sama: pasang sekali, terapkan pada keduanya.
    """

    spec: Normalisation
    reference: Reference
    parameter: Mapping[str, np.ndarray]

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Normalkan larik (..., unit, indikator) dengan parameter yang tersimpan."""
        y = np.asarray(x, dtype=float) * self.reference.direction
        return self.spec.scaling.transform(y, self.spec, self.reference, self.parameter)

    def invert(self, z: np.ndarray) -> np.ndarray:
        """Nilai asli dari nilai ternormalkan; hanya untuk normalisasi garis lurus (min-maks, tonggak, jarak)."""
        aligned = self.spec.scaling.inverse(np.asarray(z, dtype=float), self.spec, self.reference, self.parameter)
        return self.reference.direction * aligned


def fit_array(x: np.ndarray, spec: Normalisation, reference: Reference) -> FittedNormalisation:
    """Ambil parameter normalisasi dari larik (..., unit, indikator), terpisah untuk tiap ulangan.

    Raises
    ------
    ComputationError
        Indikator tanpa ragam (bila ``constant="fail"``), tanpa data, atau tanpa tonggak/target yang diperlukan.
    """
    y = np.asarray(x, dtype=float) * reference.direction
    scaling = spec.scaling
    empty = bad_names(np.isnan(y).all(axis=-2), reference)
    if scaling.needs_data and empty:
        raise ComputationError(
            f"Normalisasi {spec.method}: tidak ada data sama sekali pada indikator {name_list(empty)}."
        )
    parameter = scaling.fit(y)
    scaling.check(y, reference, parameter)
    flat = scaling.flat(parameter)
    if flat is not None and spec.constant == "fail":
        name = bad_names(flat[..., 0, :], reference)
        if name:
            raise ComputationError(
                f"Normalisasi {spec.method}: indikator {name_list(name)} bernilai sama pada semua unit, "
                f"sehingga tidak membedakan apa pun. Buang indikator itu atau pilih constant='middle' atau 'missing'."
            )
    return FittedNormalisation(spec, reference, parameter)


def normalise_array(x: np.ndarray, spec: Normalisation, reference: Reference) -> np.ndarray:
    """Normalkan larik (..., unit, indikator) dengan parameternya sendiri, per ulangan."""
    fitted = fit_array(x, spec, reference)
    return spec.scaling.transform_own(
        np.asarray(x, dtype=float) * reference.direction, spec, reference, fitted.parameter
    )


def normalise(
    data: pd.DataFrame,
    tree: Tree,
    method: str | Normalisation | Mapping[str, str | Normalisation] = "minmax",
    *,
    reference: pd.DataFrame | None = None,
    missing_columns: str = "fail",
) -> pd.DataFrame:
    """Normalkan tabel unit x indikator.

    Parameters
    ----------
    data : DataFrame
        Indeks unit, kolom kode indikator (satuan asli); kolom lain diabaikan.
    method : str, Normalisation, or mapping
        Satu metode untuk semua, atau kode indikator -> metode (``"*"`` untuk sisanya).
    reference : DataFrame, optional
        Data tempat min, maks, rata-rata dan seterusnya diambil, misalnya tahun dasar; baku ``data`` sendiri.
    missing_columns : {"fail", "missing"}
        Lihat :meth:`Tree.values`.

    Returns
    -------
    DataFrame
        Kolom dalam urutan ``tree.indicators``.

    Raises
    ------
    ComputationError, ParameterError
    """
    x = tree.values(data, missing_columns)
    base = x if reference is None else tree.values(reference, missing_columns)
    every = Reference.from_tree(tree)
    result = np.full(x.shape, np.nan)
    # indikator yang tidak tersedia di mana pun tetap hilang; itu bukan kesalahan bila diminta "missing"
    filled = ~np.isnan(base).all(axis=0) if missing_columns == "missing" else np.ones(x.shape[1], dtype=bool)
    for spec, positions in indicator_groups(method, tree):
        positions = positions[filled[positions]]
        if not len(positions):
            continue
        part = every.select(positions)
        if reference is None:
            result[:, positions] = normalise_array(x[:, positions], spec, part)
        else:
            result[:, positions] = fit_array(base[:, positions], spec, part).apply(x[:, positions])
    return pd.DataFrame(result, index=data.index, columns=list(tree.indicators))


def indicator_groups(method: object, tree: Tree) -> list[tuple[Normalisation, np.ndarray]]:
    """Normalisasi dan letak indikator yang memakainya, dari satu metode atau kamus kode -> metode."""
    method = scaling_spec(method)
    if isinstance(method, Normalisation):
        return [(method, np.arange(len(tree.indicators)))]
    unknown = set(method) - set(tree.indicators) - {"*"}
    if unknown:
        raise unknown_name_error("Indikator", unknown, tree.indicators)
    lacking = [k for k in tree.indicators if k not in method and "*" not in method]
    if lacking:
        raise ParameterError(
            f"Metode normalisasi belum diberikan untuk {name_list(lacking)} (pakai '*' untuk sisanya)."
        )
    groups: dict[Normalisation, list[int]] = {}
    for i, code in enumerate(tree.indicators):
        groups.setdefault(method.get(code, method.get("*")), []).append(i)
    return [(spec, np.array(positions)) for spec, positions in groups.items()]
