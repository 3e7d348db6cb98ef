"""W2: a year of weekly subcutaneous doses, 365 daily levels of 100,000 patients."""

from bench import peers
from bench.linear_rows import rows
from bench.populations import SC
from bench.row import Row


def run() -> list[Row]:
    return rows("W2, SC weekly", SC, peers.linear_sc)
