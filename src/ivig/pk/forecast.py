"""The predicted IgG curve of one patient under a planned regimen, with its models and doubts."""

from dataclasses import dataclass

from ivig.cited import Citation, Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Total IgG in g/L over days from the first planned dose; the band is the level's width."""

    time_day: tuple[float, ...]
    median: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelView:
    """What one published model says of the same patient and regimen."""

    model_id: str
    name: str
    trough_g_per_L: Interval
    half_life_day: Interval
    note: str
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinetics:
    """Total serum IgG (endogenous and infused together) under the planned regimen.

    ``trough_g_per_L`` and ``peak_g_per_L`` are at steady state of an ongoing regimen; after a
    short course ``trough_when`` says when the level is meant and the peak is that of the course.
    """

    model_id: str
    why_model: str
    individualised: bool
    n_levels: int
    baseline_g_per_L: Interval
    baseline_note: str
    trough_g_per_L: Interval
    trough_when: str
    peak_g_per_L: Interval
    half_life_day: Interval
    time_to_steady_state_day: float | None
    target_g_per_L: float | None
    probability_trough_at_target: float | None
    curve: Curve
    models: tuple[ModelView, ...]
    spread_g_per_L: tuple[float, float] | None
    """Lowest and highest median trough among the models."""
    refused: tuple[str, ...]
    """Models that cannot be used for this patient, and why."""
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()
