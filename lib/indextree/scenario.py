"""Scenarios of uncertainty as data: what can vary in making an index, and by how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

import numpy as np
import pandas as pd

from indextree.errors import ParameterError
from indextree.means import MEANS
from indextree.normalisation import Normalisation
from indextree.treatment import Treatment
from indextree.tree import Tree, unknown_name_error

DESIGNS = ("sobol", "latin", "random")
FACTORS = ("normalisation", "treatment", "aggregation", "weight_sets", "weight", "goalposts", "drop", "sampling")
FULL_TREE = "(full)"
"""Name of the choice that drops no indicator."""


def _build(cls, content, what):
    if isinstance(content, cls):
        return content
    if not isinstance(content, Mapping):
        raise ParameterError(f"{what} harus berupa kamus.")
    name = [f.name for f in fields(cls)]
    unknown = set(content) - set(name)
    if unknown:
        raise unknown_name_error(f"Isi {what}", unknown, name)
    return cls(**content)


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

    Attributes
    ----------
    magnitude : float
        0 to less than 0.5, so that lower and upper do not change places.
    indicators : tuple of str or None
        None = all that have goalposts.
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
        if self.design not in DESIGNS:
            raise unknown_name_error("Rancangan", [self.design], DESIGNS)
        for choices in self.aggregation:
            wrong = {choices} if isinstance(choices, str) else set(choices.values())
            if wrong - set(MEANS):
                raise unknown_name_error("Agregasi", wrong - set(MEANS), MEANS)
        if not self.factors:
            raise ParameterError(f"Skenario tidak mengubah apa pun; isi sedikitnya satu dari {', '.join(FACTORS)}.")

    @classmethod
    def from_dict(cls, content: Mapping[str, object]) -> Scenario:
        """From a dict, for example read from YAML.

        Raises
        ------
        ParameterError
            Unknown key, or a value out of bounds.
        """
        content = dict(content)
        name = [f.name for f in fields(cls)]
        if set(content) - set(name):
            raise unknown_name_error("Isi skenario", set(content) - set(name), name)
        for key in ("normalisation", "treatment", "aggregation", "weight_sets", "drop"):
            if content.get(key) is None:
                content.pop(key, None)
            elif isinstance(content[key], str | Mapping):
                raise ParameterError(f"'{key}' dalam skenario harus berupa daftar.")
            else:
                content[key] = tuple(content[key])
        if "normalisation" in content:
            content["normalisation"] = tuple(
                n if isinstance(n, Normalisation) else Normalisation.from_dict(n) for n in content["normalisation"]
            )
        if "treatment" in content:
            content["treatment"] = tuple(
                o if o is None or isinstance(o, Treatment) else None if o == "none" else Treatment.from_dict(o)
                for o in content["treatment"]
            )
        if content.get("weight") is not None:
            content["weight"] = _build(RandomWeights, content["weight"], "bobot acak")
        if content.get("goalposts") is not None:
            content["goalposts"] = _build(RandomGoalposts, content["goalposts"], "tonggak acak")
        return cls(**content)

    def to_dict(self) -> dict[str, object]:
        """A plain dict (can be written to YAML) that :meth:`from_dict` reads back."""
        result = {
            "draws": self.draws,
            "seed": self.seed,
            "design": self.design,
            "normalisation": [asdict(n) for n in self.normalisation],
            "treatment": ["none" if o is None else asdict(o) for o in self.treatment],
            "aggregation": [a if isinstance(a, str) else dict(a) for a in self.aggregation],
            "weight_sets": [{k: float(v) for k, v in one.items()} for one in self.weight_sets],
            "weight": None if self.weight is None else asdict(self.weight),
            "goalposts": None if self.goalposts is None else asdict(self.goalposts),
            "drop": list(self.drop),
            "sampling": self.sampling,
        }
        for part in ("weight", "goalposts"):
            if result[part] is not None:
                result[part] = {k: list(v) if isinstance(v, tuple) else v for k, v in result[part].items()}
        return result

    @property
    def factors(self) -> tuple[str, ...]:
        """Names of the factors that really vary, in the order of the design."""
        active = {
            "normalisation": len(self.normalisation) > 1,
            "treatment": len(self.treatment) > 1,
            "aggregation": len(self.aggregation) > 1,
            "weight_sets": len(self.weight_sets) > 1,
            "weight": self.weight is not None,
            "goalposts": self.goalposts is not None,
            "drop": len(self.drop) > 0,
            "sampling": self.sampling,
        }
        return tuple(name for name in FACTORS if active[name])


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
        """Match a scenario with a tree; all names are checked here.

        Raises
        ------
        ParameterError
            A name of the scenario is not in the tree, or siblings are not all named for dirichlet.
        """
        nodes, indicators = (), ()
        if scenario.weight is not None:
            nodes = _weighted_nodes(scenario.weight, tree)
        if scenario.goalposts is not None:
            t = tree.table
            has_goalposts = t["goalpost_lower"].notna() & t["goalpost_upper"].notna()
            chosen = scenario.goalposts.indicators
            unknown = set(chosen or ()) - set(tree.indicators)
            if unknown:
                raise unknown_name_error("Indikator tonggak", unknown, tree.indicators)
            indicators = tuple(k for k in (chosen or tree.indicators) if has_goalposts[k])
            if not indicators or (chosen and len(indicators) < len(chosen)):
                raise ParameterError("Tonggak diminta berubah tetapi belum diisi untuk semua indikator yang disebut.")
        for one in scenario.weight_sets:
            tree.replace(weight=dict(one))
        for one in scenario.aggregation:
            if not isinstance(one, str) and set(one) - set(tree.branches):
                raise unknown_name_error("Cabang", set(one) - set(tree.branches), tree.branches)
        tree.require(scenario.drop)
        width = {"weight": len(nodes), "goalposts": 2 * len(indicators)}
        factors = scenario.factors
        return cls(scenario, tree, factors, tuple(width.get(f, 1) for f in factors), nodes, indicators)

    def column(self, u: np.ndarray, factors: str) -> np.ndarray | None:
        """Columns of the design that belong to one factor; None when the factor does not vary."""
        if factors not in self.factors:
            return None
        i = self.factors.index(factors)
        start = sum(self.width[:i])
        return u[:, start : start + self.width[i]]

    def choices(self, u: np.ndarray, factors: str, count: int) -> np.ndarray:
        """Choice 0..count-1 of each row; zero when the factor does not vary."""
        columns = self.column(u, factors)
        if columns is None:
            return np.zeros(len(u), dtype=int)
        return np.minimum((columns[:, 0] * count).astype(int), count - 1)

    def weight(self, u: np.ndarray) -> np.ndarray:
        """Weights (row, node) after the set is chosen, shaken, and nodes are dropped."""
        from indextree.analysis import drop_weights

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
            w[:, positions] = np.where(
                form > 0, np.maximum(gammaincinv(np.maximum(form, 1e-12), columns[:, inside]), 1e-300), 0
            )

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
        name = {
            "normalisation": [n.label for n in s.normalisation],
            "treatment": ["none" if o is None else o.rule for o in s.treatment],
            "aggregation": [
                a if isinstance(a, str) else ", ".join(f"{k}: {v}" for k, v in a.items()) for a in s.aggregation
            ],
            "weight_sets": [str(i + 1) for i in range(len(s.weight_sets))],
            "drop": [FULL_TREE, *s.drop],
        }
        for factors in self.factors:
            if factors in name:
                content[factors] = np.array(name[factors], dtype=object)[self.choices(u, factors, len(name[factors]))]
            elif factors == "sampling":
                content[factors] = self.choices(u, factors, n_samples)
        return pd.DataFrame(content, index=pd.RangeIndex(1, len(u) + 1, name="draws"))


def _weighted_nodes(weight: RandomWeights, tree: Tree) -> tuple[str, ...]:
    if weight.nodes is None:
        nodes = tuple(k for children in tree.children.values() if len(children) > 1 for k in children)
        if not nodes:
            raise ParameterError("Tidak ada simpul yang punya saudara, sehingga bobot tidak dapat digoyang.")
        return nodes
    tree.require(weight.nodes)
    if weight.kind == "dirichlet":
        for children in tree.children.values():
            if set(children) & set(weight.nodes) and set(children) - set(weight.nodes):
                lacking = ", ".join(sorted(set(children) - set(weight.nodes)))
                raise ParameterError(f"Dirichlet menuntut semua saudara disebut; kurang {lacking}.")
    return weight.nodes
