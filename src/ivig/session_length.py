"""How long a session usually takes, and why this one differs."""

from collections.abc import Sequence

from ivig.chart_report import ChartReport
from ivig.finding import Finding
from ivig.infusion import InfusionChart
from ivig.safety import InfusionRules


def why_so_long(
    rules: InfusionRules, report: ChartReport, charts: Sequence[InfusionChart]
) -> tuple[Finding, ...]:
    """The usual length, and the reasons why the longest session of this course is outside it."""
    longest = max(charts, key=lambda chart: chart.total_min)
    usual = rules.usual_session_h
    low, high = usual.value
    length_h = longest.total_min / 60
    if longest.route == "iv":
        text = f"An intravenous session usually takes {low:g}–{high:g} h; this one {length_h:.1f} h"
    else:
        return ()
    side = "longer" if length_h > high else "shorter" if length_h < low else None
    reasons = {
        "longer": _longer(report, longest),
        "shorter": _shorter(longest),
        None: ["within the usual time"],
    }[side]
    return (
        Finding(
            stage="infusion",
            kind="fact",
            text=f"{text}: {'; '.join(reasons)}.",
            citations=(usual.citation,),
        ),
    )


def _longer(report: ChartReport, chart: InfusionChart) -> list[str]:
    reasons: list[str] = []
    slowest_min = 60 * chart.volume_mL / (chart.cap_mL_per_h or 1.0)
    if report.at_risk:
        reasons.append(f"the rate is held at the risk cap ({'; '.join(report.at_risk)})")
    if report.igg_mg_per_mL is not None and report.igg_mg_per_mL < 80:
        percent = report.igg_mg_per_mL / 10
        reasons.append(
            f"a {percent:g} % product is {10 / percent:.1g} times the volume of a 10 % one"
        )
    if chart.cap_because.startswith("so that the session lasts"):
        reasons.append(chart.cap_because)
    elif slowest_min > 0.8 * chart.total_min:
        reasons.append(
            f"{chart.volume_mL:.0f} mL at no more than {chart.cap_mL_per_h:.0f} mL/h take "
            f"{slowest_min / 60:.1f} h by themselves"
        )
    if not report.start.startswith("established"):
        reasons.append(f"it starts low ({report.start})")
    return reasons or ["the steps of the label take that long"]


def _shorter(chart: InfusionChart) -> list[str]:
    return [f"{chart.volume_mL:.0f} mL is little at up to {chart.cap_mL_per_h or 0:.0f} mL/h"]
