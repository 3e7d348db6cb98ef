"""Populations at memory speed: numba kernels over thousands to millions of patients.

They hold the mathematics of ``pk.disposition`` (linear) and of FcRn recycling; tests keep the first
equal to the NumPy closed form to 1e-10. Importing this package imports numba (extra ``scale``).
A function compiles on its first use and keeps the machine code (see ``machine_code``, ``warm_up``).
Patients are independent and each is computed in the same way, so results are the same bits for any
number of threads (``use_threads``) and any division into chunks.

Writing into fresh memory costs more than the kernel does: give ``out`` and use it again. For
summaries of a large population call a function for a few thousand patients at a time.
"""

from ivig.pk.kernels.api import simulate_fcrn, simulate_linear
from ivig.pk.kernels.schedule import Schedule, make_schedule
from ivig.pk.kernels.threads import use_threads

__all__ = ["Schedule", "make_schedule", "simulate_fcrn", "simulate_linear", "use_threads"]
