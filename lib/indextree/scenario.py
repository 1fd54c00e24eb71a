"""Scenarios of uncertainty as data: what can vary in making an index, and by how much, sampling error included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

import numpy as np
import pandas as pd

from indextree.aggregation import MEANS
from indextree.analysis import drop_weights
from indextree.errors import ComputationError, ParameterError, from_plain, require_known
from indextree.normalisation import FittedNormalisation, Normalisation
from indextree.treatment import Treatment
from indextree.tree import Tree

DESIGNS = ("sobol", "latin", "random")
FACTORS = ("normalisation", "treatment", "aggregation", "weight_sets", "weight", "goalposts", "drop", "sampling")
FULL_TREE = "(full)"
"""Name of the choice that drops no indicator."""

_NEGLIGIBLE_NEGATIVE = 1e-8  # share of the largest eigenvalue: negative eigenvalues below it are only rounding


@dataclass(frozen=True)
class RandomWeights:
    """Weights that are shaken.

    Attributes
    ----------
    kind : {"noise", "dirichlet"}
        ``noise``: weight x (1 + magnitude x U(-1, 1)). ``dirichlet``: weights of siblings from Dirichlet(concentration
        x k x local weight), k the number of siblings; concentration 1 on equal weights = uniform on the simplex.
    magnitude : float
        0 to less than 1, for noise.
    concentration : float
        Positive, for dirichlet; the larger, the nearer to the weights of the tree.
    nodes : tuple of str or None
        Nodes whose weights are shaken; None = all that have siblings. For dirichlet all siblings must be named.
    """

    kind: str = "noise"
    magnitude: float = 0.25
    concentration: float = 10.0
    nodes: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if self.kind not in ("noise", "dirichlet"):
            raise ParameterError("Jenis bobot acak harus 'noise' atau 'dirichlet'.")
        if not 0 <= self.magnitude < 1:
            raise ParameterError("Besaran derau bobot harus dari 0 sampai kurang dari 1.")
        if not self.concentration > 0:
            raise ParameterError("Kepekatan Dirichlet harus positif.")
        if self.nodes is not None:
            object.__setattr__(self, "nodes", tuple(self.nodes))


@dataclass(frozen=True)
class RandomGoalposts:
    """Goalposts that are shaken: each moves by U(-1, 1) x magnitude x (upper - lower).

    ``magnitude`` is 0 to less than 0.5, so that lower and upper do not change places; ``indicators`` None = all that
    have goalposts.
    """

    magnitude: float = 0.1
    indicators: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.magnitude < 0.5:
            raise ParameterError("Besaran geseran tonggak harus dari 0 sampai kurang dari 0,5.")
        if self.indicators is not None:
            object.__setattr__(self, "indicators", tuple(self.indicators))


@dataclass(frozen=True)
class Scenario:
    """All that varies between draws. Choices in a list are equally likely; an empty list = does not vary.

    Attributes
    ----------
    draws, seed : int
    design : {"sobol", "latin", "random"}
        How points are chosen; kept with the result.
    normalisation : tuple of Normalisation
    treatment : tuple of (Treatment or None)
    aggregation : tuple of (str or dict)
        A name for all branches, or a dict branch -> name.
    weight_sets : tuple of dict
        Several sets of weights (equal, AHP, experts), code -> weight; other nodes keep the weights of the tree.
    weight : RandomWeights or None
        Shaken around the chosen set.
    goalposts : RandomGoalposts or None
    drop : tuple of str
        Nodes that can be dropped, one at a time; the full choice is always among them.
    sampling : bool
        True: sampling error takes part; replicates or covariances are given when running.
    """

    draws: int = 1000
    seed: int = 1
    design: str = "sobol"
    normalisation: tuple[Normalisation, ...] = ()
    treatment: tuple[Treatment | None, ...] = ()
    aggregation: tuple[str | Mapping[str, str], ...] = ()
    weight_sets: tuple[Mapping[str, float], ...] = ()
    weight: RandomWeights | None = None
    goalposts: RandomGoalposts | None = None
    drop: tuple[str, ...] = ()
    sampling: bool = False

    def __post_init__(self) -> None:
        if self.draws < 1:
            raise ParameterError("Banyak ulangan harus positif.")
        if self.seed < 0:
            raise ParameterError("Benih harus bilangan bulat tak negatif.")
        require_known("Rancangan", [self.design], DESIGNS)
        for one in self.aggregation:
            require_known("Agregasi", [one] if isinstance(one, str) else one.values(), MEANS)
        if not self.factors:
            raise ParameterError(f"Skenario tidak mengubah apa pun; isi sedikitnya satu dari {', '.join(FACTORS)}.")

    @classmethod
    def from_dict(cls, content: Mapping[str, object]) -> Scenario:
        """From a dict, for example read from YAML; ParameterError for an unknown key or a value out of bounds."""
        require_known("Isi skenario", content, [f.name for f in fields(cls)])
        content = {k: v for k, v in content.items() if v is not None}
        for key in ("normalisation", "treatment", "aggregation", "weight_sets", "drop"):
            if isinstance(content.get(key), str | Mapping):
                raise ParameterError(f"'{key}' dalam skenario harus berupa daftar.")
            content[key] = tuple(content.get(key, ()))
        content["normalisation"] = tuple(map(Normalisation.from_dict, content["normalisation"]))
        content["treatment"] = tuple(
            None if o is None or o == "none" else Treatment.from_dict(o) for o in content["treatment"]
        )
        if "weight" in content:
            content["weight"] = from_plain(RandomWeights, content["weight"], "bobot acak")
        if "goalposts" in content:
            content["goalposts"] = from_plain(RandomGoalposts, content["goalposts"], "tonggak acak")
        return cls(**content)

    def to_dict(self) -> dict[str, object]:
        """A plain dict (can be written to YAML) that :meth:`from_dict` reads back."""
        result = _plain(asdict(self))
        return result | {"treatment": ["none" if o is None else o for o in result["treatment"]]}

    @property
    def factors(self) -> tuple[str, ...]:
        """Names of the factors that really vary, in the order of the design."""
        several = {f for f in ("normalisation", "treatment", "aggregation", "weight_sets") if len(getattr(self, f)) > 1}
        shaken = {f for f in ("weight", "goalposts", "drop", "sampling") if getattr(self, f)}
        return tuple(name for name in FACTORS if name in several | shaken)


def _plain(x: object) -> object:
    """Tuples as lists and mappings as dicts, all the way down."""
    if isinstance(x, Mapping):
        return {k: _plain(v) for k, v in x.items()}
    if isinstance(x, list | tuple):
        return [_plain(v) for v in x]
    return float(x) if isinstance(x, np.floating) else x


@dataclass(frozen=True, eq=False)
class ScenarioPlan:
    """What each column of the unit design means for one tree."""

    scenario: Scenario
    tree: Tree
    factors: tuple[str, ...]
    width: tuple[int, ...]
    weighted_nodes: tuple[str, ...]
    goalpost_indicators: tuple[str, ...]

    @classmethod
    def compile(cls, scenario: Scenario, tree: Tree) -> ScenarioPlan:
        """Match a scenario with a tree; all names are checked here."""
        nodes = () if scenario.weight is None else _weighted_nodes(scenario.weight, tree)
        indicators = ()
        if scenario.goalposts is not None:
            has_goalposts = tree.table[["goalpost_lower", "goalpost_upper"]].notna().all(axis=1)
            chosen = scenario.goalposts.indicators
            require_known("Indikator tonggak", chosen or (), tree.indicators)
            indicators = tuple(k for k in (chosen or tree.indicators) if has_goalposts[k])
            if not indicators or (chosen and len(indicators) < len(chosen)):
                raise ParameterError("Tonggak diminta berubah tetapi belum diisi untuk semua indikator yang disebut.")
        for one in scenario.weight_sets:
            tree.replace(weight=dict(one))
        for one in scenario.aggregation:
            require_known("Cabang", () if isinstance(one, str) else one, tree.branches)
        tree.require(scenario.drop)
        width = {"weight": len(nodes), "goalposts": 2 * len(indicators)}
        factors = scenario.factors
        return cls(scenario, tree, factors, tuple(width.get(f, 1) for f in factors), nodes, indicators)

    def column(self, u: np.ndarray, factor: str) -> np.ndarray | None:
        """Columns of the design that belong to one factor; None when the factor does not vary."""
        if factor not in self.factors:
            return None
        i = self.factors.index(factor)
        start = sum(self.width[:i])
        return u[:, start : start + self.width[i]]

    def choices(self, u: np.ndarray, factor: str, count: int) -> np.ndarray:
        """Choice 0..count-1 of each row; zero when the factor does not vary."""
        columns = self.column(u, factor)
        if columns is None:
            return np.zeros(len(u), dtype=int)
        return np.minimum((columns[:, 0] * count).astype(int), count - 1)

    def weight(self, u: np.ndarray) -> np.ndarray:
        """Weights (row, node) after the set is chosen, shaken, and nodes are dropped."""
        s, tree = self.scenario, self.tree
        compiled = tree.compile()
        sets = np.stack([compiled.weight_array(dict(one)) for one in (s.weight_sets or ({},))])
        w = sets[self.choices(u, "weight_sets", len(sets))]
        columns = self.column(u, "weight")
        if columns is not None and s.weight.kind == "noise":
            w[:, compiled.positions(self.weighted_nodes)] *= 1 + s.weight.magnitude * (2 * columns - 1)
        elif columns is not None:
            self._dirichlet(w, columns, compiled)
        if s.drop:
            remaining = drop_weights(tree, [None, *s.drop]) > 0
            zero = drop_weights(tree, [None])[0] <= 0
            w = np.where((remaining | zero)[self.choices(u, "drop", len(s.drop) + 1)], w, 0.0)
        return w

    def _dirichlet(self, w: np.ndarray, columns: np.ndarray, compiled) -> None:
        from scipy.special import gammaincinv

        for children in self.tree.children.values():
            inside = [i for i, k in enumerate(self.weighted_nodes) if k in children]
            if not inside:
                continue
            positions = compiled.positions([self.weighted_nodes[i] for i in inside])
            local = w[:, positions] / w[:, positions].sum(axis=1, keepdims=True)
            form = self.scenario.weight.concentration * len(inside) * local
            # the tail of a gamma can be exactly zero when its shape is small; weight zero means the node is missing
            drawn = np.maximum(gammaincinv(np.maximum(form, 1e-12), columns[:, inside]), 1e-300)
            w[:, positions] = np.where(form > 0, drawn, 0)

    def goalposts(self, u: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Goalposts of each row, (row, 1, indicator)."""
        columns = self.column(u, "goalposts")
        positions = [self.tree.indicators.index(k) for k in self.goalpost_indicators]
        shift = self.scenario.goalposts.magnitude * (2 * columns - 1) * np.tile((upper - lower)[positions], 2)
        b, a = np.tile(lower, (len(u), 1, 1)), np.tile(upper, (len(u), 1, 1))
        b[:, 0, positions] += shift[:, : len(positions)]
        a[:, 0, positions] += shift[:, len(positions) :]
        return b, a

    def table(self, u: np.ndarray, n_samples: int) -> pd.DataFrame:
        """The design for people: choices of each draw by name (weights and goalposts: see the unit design)."""
        s = self.scenario
        content: dict[str, object] = {}
        names = {
            "normalisation": [n.label for n in s.normalisation],
            "treatment": ["none" if o is None else o.rule for o in s.treatment],
            "aggregation": [
                a if isinstance(a, str) else ", ".join(f"{k}: {v}" for k, v in a.items()) for a in s.aggregation
            ],
            "weight_sets": [str(i + 1) for i in range(len(s.weight_sets))],
            "drop": [FULL_TREE, *s.drop],
        }
        for factor in self.factors:
            if factor in names:
                content[factor] = np.array(names[factor], dtype=object)[self.choices(u, factor, len(names[factor]))]
            elif factor == "sampling":
                content[factor] = self.choices(u, factor, n_samples)
        return pd.DataFrame(content, index=pd.RangeIndex(1, len(u) + 1, name="draws"))


def _weighted_nodes(weight: RandomWeights, tree: Tree) -> tuple[str, ...]:
    if weight.nodes is None:
        nodes = tuple(k for children in tree.children.values() if len(children) > 1 for k in children)
        if not nodes:
            raise ParameterError("Tidak ada simpul yang punya saudara, sehingga bobot tidak dapat digoyang.")
        return nodes
    tree.require(weight.nodes)
    if weight.kind == "dirichlet":
        for children in map(set, tree.children.values()):
            if children & set(weight.nodes) and children - set(weight.nodes):
                lacking = ", ".join(sorted(children - set(weight.nodes)))
                raise ParameterError(f"Dirichlet menuntut semua saudara disebut; kurang {lacking}.")
    return weight.nodes


# -------------------------------------------------------------------- sampling error


def covariance_from_replicates(
    replicates: np.ndarray, centre: np.ndarray | None = None, factors: float | np.ndarray | None = None
) -> np.ndarray:
    """Covariance (unit, indicator, indicator) of the estimated indicators of each unit; NaN for those missing in any
    replicate.

    Parameters
    ----------
    replicates : ndarray (draw, unit, indicator)
    centre : ndarray (unit, indicator), optional
        Full-sample estimates; default the mean of the replicates.
    factors : float or ndarray (draw,), optional
        Multiplier of each replicate's squared deviation: 1/R for the bootstrap (default), (n_h - 1)/n_h for JKn.
    """
    r = check_replicates(replicates)
    c = _factors(factors, len(r))
    d = r - (r.mean(axis=0) if centre is None else np.asarray(centre, dtype=float))
    return np.einsum("r,rui,ruj->uij", c, d, d, optimize=True)


def simulate_replicates(
    centre: np.ndarray, covariance: np.ndarray, draws: int, seed: int, *, bounds: tuple[float, float] | None = None
) -> np.ndarray:
    """Normal replicates (draw, unit, indicator) from estimates and their covariance, independent between units.

    Parameters
    ----------
    centre : ndarray (unit, indicator)
    covariance : ndarray (unit, indicator, indicator)
        Positive semidefinite. Rows and columns of missing indicators (centre NaN) are ignored.
    bounds : (float, float), optional
        Cut the result to this range, for example (0, 100) for percentages.

    Raises
    ------
    ComputationError
        The covariance of a unit is not positive semidefinite, or missing for an indicator that is there.
    """
    centre, covariance = np.asarray(centre, dtype=float), np.asarray(covariance, dtype=float)
    u, k = centre.shape
    if covariance.shape != (u, k, k):
        raise ParameterError(f"Kovarian berbentuk {covariance.shape}; diharapkan {(u, k, k)}.")
    if draws < 1:
        raise ParameterError("Banyak ulangan harus positif.")
    observed = ~np.isnan(centre)
    c = np.where(observed[:, :, None] & observed[:, None, :], covariance, 0.0)
    if np.isnan(c).any():
        raise ComputationError("Kovarian hilang untuk indikator yang nilainya ada.")
    if not np.allclose(c, np.swapaxes(c, 1, 2), rtol=1e-8, atol=1e-12):
        raise ComputationError("Kovarian indikator tidak simetris.")
    values, vectors = np.linalg.eigh(c)
    bad = np.flatnonzero(values[:, 0] < -_NEGLIGIBLE_NEGATIVE * np.maximum(values[:, -1], 1e-300))
    if len(bad):
        raise ComputationError(f"Kovarian unit urutan ke-{bad[0] + 1} bukan semidefinit positif.")
    root = vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]
    z = np.random.default_rng(seed).standard_normal((draws, u, k))
    result = centre + np.matmul(root[None], z[..., None])[..., 0]
    return result if bounds is None else np.clip(result, *bounds)


def replicate_standard_error(
    tree: Tree,
    data: pd.DataFrame,
    replicates: np.ndarray,
    normalisation: FittedNormalisation | None = None,
    factors: float | np.ndarray | None = None,
) -> pd.DataFrame:
    """Standard error, unit x node, from survey replicates: root of the sum of factors x (replicate - full)^2.

    Parameters
    ----------
    data : DataFrame
        Full-sample estimates, unit x indicator.
    replicates : ndarray (draw, unit, indicator)
        Parallel to ``data.index`` and ``tree.indicators``.
    normalisation : FittedNormalisation, optional
        Applied to both; None when they are normalised already.
    factors : float or ndarray (draw,), optional
        1/R for the bootstrap (default), (n_h - 1)/n_h for JKn.
    """
    x = tree.values(data)
    r = check_replicates(replicates, x.shape)
    if normalisation is not None:
        x, r = normalisation.apply(x), normalisation.apply(r)
    compiled = tree.compile()
    deviations = compiled.compute(r) - compiled.compute(x)[:, None]
    variance = np.einsum("r,sru->su", _factors(factors, len(r)), deviations**2)
    return pd.DataFrame(np.sqrt(variance).T, index=data.index, columns=list(tree.codes))


def check_replicates(replicates: np.ndarray, shape: tuple[int, ...] | None = None) -> np.ndarray:
    """Replicates (draw, unit, indicator) as an array; refused when there are fewer than two, or another shape."""
    r = np.asarray(replicates, dtype=float)
    if r.ndim != 3 or len(r) < 2 or (shape is not None and r.shape[1:] != shape):
        wanted = "unit, indikator" if shape is None else f"{shape[0]}, {shape[1]}"
        raise ParameterError(f"Larik ulangan berbentuk {r.shape}; diharapkan (ulangan, {wanted}), >= 2 ulangan.")
    return r


def _factors(factors: float | np.ndarray | None, count: int) -> np.ndarray:
    return np.broadcast_to(1 / count if factors is None else np.asarray(factors, dtype=float), (count,))
