"""A new trial: 1,000 replicates of 200 patients, patient by patient, on two threads."""

from pathlib import Path

from bench.row import Row
from bench.timing import seconds

LIMIT_S = 5.0
THREADS = 2


def run() -> list[Row]:
    from dataclasses import replace

    from ivig.cohort.power import simulate_design
    from ivig.faces.trial_spec import read_design
    from ivig.knowledge import load_knowledge

    known = load_knowledge()
    rows: list[Row] = []
    for name, words in (("cidp", "shares"), ("pid-trough", "rates from troughs")):
        design = read_design(Path(__file__).parents[1] / "examples" / "trials" / f"{name}.yaml")
        one = replace(design, n_total=(200,), replicates=1000)
        took = seconds(
            lambda one=one: simulate_design(one, known.trials, known.outcomes, threads=THREADS)
        )
        rows.append(
            Row(
                what=f"Trial of 200 patients, 1,000 times: {words}",
                measured=f"{took:.3f} s",
                wanted=f"<= {LIMIT_S:g} s",
                ratio=took / LIMIT_S,
                against="the limit, two threads; power and assurance, so 2,000 trials",
            )
        )
    return rows
