"""One quantity over time with a band, and how far each quantity may be trusted."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ivig.cited import Citation
from ivig.mechanism.body import FloatArray
from ivig.mechanism.parameters import Tag
from ivig.mechanism.simulate import Courses
from ivig.pk.quantile import quantiles

LEVEL = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One quantity over time: the typical patient, and the central 90 % of drawn ones."""

    name: str
    title: str
    unit: str
    tag: Tag
    median: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One sentence on what happens, with the sources of what it is computed from."""

    text: str
    citations: tuple[Citation, ...] = ()


def curve_of(name: str, middle: Courses, spread: Courses) -> Curve:
    """A quantity of the model by name."""
    title, unit, tag, field, scale = _CURVES[name]
    one, many = scale * getattr(middle, field)[0], scale * getattr(spread, field)
    return banded((name, title, unit, tag), one, many)


def banded(words: tuple[str, str, str, Tag], median: FloatArray, drawn: FloatArray) -> Curve:
    """A curve from the typical patient (n_times,) and drawn ones (n, n_times)."""
    name, title, unit, tag = words
    low, high = quantiles(drawn, ((1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0))
    return Curve(
        name=name,
        title=title,
        unit=unit,
        tag=tag,
        median=tuple(median.tolist()),
        low=tuple(np.minimum(low, median).tolist()),
        high=tuple(np.maximum(high, median).tolist()),
    )


# autoantibody: its loss by recycling follows from identified parameters, but where it was measured in
# patients (auto_lems, auto_itp) it did not fall so soon
_CURVES: Mapping[str, tuple[str, str, Tag, str, float]] = {
    "igg": ("Total IgG", "g/L", "identified", "igg_g_per_L", 1.0),
    "infused": ("Infused IgG", "g/L", "identified", "infused_g_per_L", 1.0),
    "autoantibody": ("Autoantibody in plasma", "% of before", "hypothesis", "autoantibody_ratio", 100.0),
    "free_receptor": (
        "Free Fcγ receptor at the phagocytes", "% of before", "calibrated", "free_receptor_ratio", 100.0,
    ),
    "platelets": ("Platelets", "10⁹/L", "calibrated", "platelets", 1.0),
    "c3_inhibition": ("C3 deposition prevented", "%", "calibrated", "c3_inhibition", 100.0),
    "c4": ("C4", "% of before", "calibrated", "c4_ratio", 100.0),
    "mac": ("Membrane attack complex in tissue", "% of before", "hypothesis", "mac_ratio", 100.0),
}  # fmt: skip
