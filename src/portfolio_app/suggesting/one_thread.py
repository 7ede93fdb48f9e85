"""Imported before NumPy, this keeps its arithmetic to one thread.

Where several wait for each other by spinning, as OpenBLAS has them do, a sentence takes five times as long, and the
window's process goes hungry. OpenBLAS looks at this when NumPy is first imported, and never again.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"
