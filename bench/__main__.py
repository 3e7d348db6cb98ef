"""Run every bench and print one table.

A figure is quoted with the ratio to a reference run in the same minute, because machines differ
and drift; limits are printed beside it, never asserted.
"""

import importlib
import pkgutil
import sys

import bench
from bench.row import Row


def main() -> None:
    names = [m.name for m in pkgutil.iter_modules(bench.__path__) if m.name.startswith("bench_")]
    chosen = [name for name in names if not sys.argv[1:] or name[6:] in sys.argv[1:]]
    rows: list[Row] = []
    for name in chosen:
        rows += importlib.import_module(f"bench.{name}").run()
    print(f"{'what':44} {'measured':>14} {'wanted':>12} {'ratio':>8}  against")
    for row in rows:
        print(f"{row.what:44} {row.measured:>14} {row.wanted:>12} {row.ratio:8.2f}  {row.against}")


if __name__ == "__main__":
    main()
