"""Several curves in one drawing."""

import xml.etree.ElementTree as ET

from ivig.report.curves import sketch_curves, svg_curves
from ivig.report.outline import Curves, NamedCurve

DRAWN = Curves(
    title="Median <IgG>",
    axis="Days from a dose",
    curves=(
        NamedCurve(name="IV & more", time_day=(0.0, 14.0, 28.0), igg_g_per_L=(20.0, 12.0, 8.0)),
        NamedCurve(name="SC", time_day=(0.0, 28.0), igg_g_per_L=(11.0, 11.0)),
    ),
    target_g_per_L=6.0,
)


def test_the_drawing_is_xml_with_a_path_for_each_curve() -> None:
    root = ET.fromstring(svg_curves(DRAWN))  # noqa: S314 (our own text)
    paths = [node for node in root.iter() if node.tag.endswith("path")]
    assert len(paths) == 2
    assert "IV & more" in "".join(root.itertext())


def test_the_sketch_marks_each_curve_and_the_target() -> None:
    text = "\n".join(sketch_curves(DRAWN))
    assert "● IV & more   ○ SC   ╌ target 6 g/L" in text
    assert max(map(len, text.splitlines())) <= 100
