"""Published concentrations and exposures that models are held against: knowledge/validation/.

One file is one study or label; a row is one printed number. A prediction says, before anything is
computed, which model answers for which patient and regimen and how far off it may be.
"""

from dataclasses import dataclass
from typing import Literal

from ivig.cited import Cited
from ivig.indication import Range
from ivig.patient import Sex
from ivig.product import Measurement

Quantity = Literal[
    "trough",
    "trough_above_own",
    "peak",
    "peak_above_trough",
    "peak_day",
    "swing",
    "auc",
    "exogenous_auc",
    "auc_per_week",
    "auc_per_week_above_trough",
    "auc_first_28_days",
    "trough_over_average",
    "clearance",
    "slope_half_life",
    "bioavailability",
    "dose_factor",
]
"""What is predicted, at steady state unless it says otherwise, of total IgG unless it says exogenous.

*clearance* is dose / area of total IgG, as labels print it · *slope_half_life* is log-linear over the
second half of a cycle, nothing corrected · *swing* is peak over trough less one · *dose_factor* is
1 / bioavailability · *auc_first_28_days* is after a single dose."""

RowKind = Literal["observed", "simulated", "reference", "regression", "rule"]
"""*observed* in patients · *simulated* by the authors of a model · *reference*: another implementation
of the same models · *regression* over studies · *rule*: what a label tells prescribers to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom a prediction is for: by default the models' median man, since labels print no weights.

    ``own_igg_g_per_L`` None: the model's typical own IgG.
    """

    weight_kg: float = 66.0
    height_cm: float = 168.0
    age_year: float = 40.0
    sex: Sex = "male"
    igm_g_per_L: float | None = None
    own_igg_g_per_L: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One patient on one regimen, written as in ``regimen_text``; bioavailability needs no regimen."""

    regimen: str | None = None
    person: Person = Person()
    infusion_h: float = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """How far off a prediction may be, in the unit of the row, and why so far.

    *sd*: within one printed SD · *printed*: within the printed range or interval, widened by
    ``fraction`` if given · *fraction* of the printed value · *range*: within these limits.
    """

    kind: Literal["sd", "printed", "fraction", "range"]
    fraction: float | None = None
    range: Range | None = None
    why: str

    def __post_init__(self) -> None:
        if self.kind == "fraction" and self.fraction is None:
            raise ValueError("a tolerance of a fraction needs the fraction")
        if (self.kind == "range") != (self.range is not None):
            raise ValueError("a tolerance by range, and only that, needs the range")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What is computed for a row.

    Each of ``arms`` gives the quantity; with ``relative_to`` (as many arms) the two are combined.
    Several arms are averaged; of several ``models`` the median is taken.
    """

    models: tuple[str, ...]
    quantity: Quantity
    arms: tuple[Arm, ...]
    relative_to: tuple[Arm, ...] = ()
    combine: Literal["ratio", "dose_normalised_ratio", "difference", "percent_above"] | None = None
    label: str | None = None
    tolerance: Tolerance
    known_miss: str | None = None
    """Why it is thought to fail, if it fails; the verdict is computed all the same."""

    def __post_init__(self) -> None:
        if (self.combine is None) != (not self.relative_to):
            raise ValueError("relative_to and combine go together")
        if self.relative_to and len(self.relative_to) != len(self.arms):
            raise ValueError("relative_to needs as many arms as arms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One printed number.

    Parameters
    ----------
    measured : Cited[Measurement]
        ``low`` and ``high`` are what ``interval`` says; ``sd`` is in the same unit.
    regimen : str or None
        As printed.
    use : str
        *test*: it has predictions · *qualitative*: it bounds or explains · *no*; ``why`` tells.
    trained_by : Cited[tuple of str] or None
        Models whose data include these patients; None: as the whole file says.
    """

    id: str
    measured: Cited[Measurement]
    interval: Literal["range", "90 % CI", "95 % CI"] | None = None
    sd: float | None = None
    kind: RowKind = "observed"
    population: str | None = None
    product: str | None = None
    regimen: str | None = None
    use: Literal["test", "qualitative", "no"]
    why: str | None = None
    trained_by: Cited[tuple[str, ...]] | None = None
    predictions: tuple[Prediction, ...] = ()

    def __post_init__(self) -> None:
        if (self.use == "test") != bool(self.predictions):
            raise ValueError("a row has predictions when, and only when, its use is test")
        if self.use != "test" and self.why is None:
            raise ValueError("a row that is not tested says why")


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationSet:
    """The rows of one study, label or simulation: knowledge/validation/<id>.yaml."""

    id: str
    name: str
    population: str
    trained_by: Cited[tuple[str, ...]]
    """Models whose data include these patients, so that agreement is no surprise."""
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        ids = [row.id for row in self.rows]
        if len(set(ids)) < len(ids):
            raise ValueError("two rows have the same id")
