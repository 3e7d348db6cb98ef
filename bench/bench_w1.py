"""W1: a year of infusions every three weeks, 365 daily levels of 100,000 patients."""

from bench import peers
from bench.linear_rows import rows
from bench.populations import IV
from bench.row import Row


def run() -> list[Row]:
    return rows("W1, IV q3w", IV, peers.linear_iv)
