"""The drawing and the sketch of the IgG curve."""

import math
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from tests.report.plans import REPLACEMENT

from ivig.report.axes import day_ticks, level_ticks
from ivig.report.document import outline
from ivig.report.figure import HEIGHT, WIDTH, svg
from ivig.report.outline import Figure
from ivig.report.sketch import sketch

FIGURE = next(block for block in outline(REPLACEMENT).blocks if isinstance(block, Figure))
FLAT = replace(
    FIGURE,
    time_day=(0.0, 1.0),
    median_g_per_L=(0.0, 0.0),
    low_g_per_L=(0.0, 0.0),
    high_g_per_L=(0.0, 0.0),
    dose_day=(),
    measured_day=(),
    measured_g_per_L=(),
    target_g_per_L=None,
)
LONG = replace(FIGURE, time_day=tuple(60 * day for day in FIGURE.time_day))
HIGH = replace(FIGURE, measured_day=(0.0,), measured_g_per_L=(88.0,), target_g_per_L=6.25)
figures = pytest.mark.parametrize(
    "figure", [FIGURE, FLAT, LONG, HIGH], ids=["usual", "flat", "long", "high"]
)


def points(drawing: str) -> list[tuple[float, float]]:
    """Every absolute coordinate of the lines, areas and signs of the drawing."""
    root = ElementTree.fromstring(drawing)  # noqa: S314
    found: list[tuple[float, float]] = []
    for item in root.iter():
        if any(item in group for group in root.iter("{http://www.w3.org/2000/svg}g")):
            continue
        path = re.findall(r"(?:M|L)(-?[\d.]+),(-?[\d.]+)", item.get("d", ""))
        found += [(float(x), float(y)) for x, y in path]
        for x, y in (("x1", "y1"), ("x2", "y2"), ("x", "y"), ("cx", "cy")):
            if item.get(x) is not None and item.get(y) is not None:
                found.append((float(item.get(x, "nan")), float(item.get(y, "nan"))))
    return found


@figures
def test_every_point_is_finite_and_inside_the_view(figure: Figure) -> None:
    found = points(svg(figure))
    assert len(found) > 10
    for x, y in found:
        assert math.isfinite(x)
        assert math.isfinite(y)
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT


@figures
def test_the_sketch_fits_its_width(figure: Figure) -> None:
    lines = sketch(figure)
    assert max(len(line) for line in lines) <= 100
    assert any("•" in line for line in lines[2:-4])


def test_the_drawing_names_itself_its_axes_and_its_signs() -> None:
    drawing = svg(FIGURE)
    for words in (
        *("Predicted total IgG", "Total IgG (g/L)", "Days from the first planned dose"),
        *("median", "9 in 10 patients", "target 7 g/L", "dose", "measured"),
    ):
        assert f">{words}" in drawing


def test_doses_are_marked_where_the_curve_rises() -> None:
    assert FIGURE.dose_day == (0.0, 28.0)
    assert svg(FIGURE).count('class="dose"') == 2


def test_only_levels_inside_the_drawn_time_are_marked() -> None:
    assert (FIGURE.measured_day, FIGURE.measured_g_per_L) == ((0.0,), (6.1,))


def test_the_median_is_drawn_at_its_height() -> None:
    top = level_ticks(FIGURE)[-1]
    drawing = svg(FIGURE)
    path = re.search(r'class="median" fill="none"[^>]* d="M([\d.]+),([\d.]+)', drawing)
    axis = re.findall(r'<line x1="46" x2="468" y1="([\d.]+)"', drawing)
    zero, highest = float(axis[0]), float(axis[-1])
    assert path is not None
    assert float(path.group(2)) == pytest.approx(zero + (highest - zero) * 6.0 / top, abs=0.06)


def test_ticks_are_round_and_cover_the_curve() -> None:
    assert level_ticks(FIGURE) == (0.0, 5.0, 10.0, 15.0, 20.0)
    assert level_ticks(HIGH)[-1] >= 88.0
    assert day_ticks(0.0, 63.0) == (0.0, 14.0, 28.0, 42.0, 56.0)
    assert day_ticks(0.0, 7.0) == (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0)
