"""The script that PyInstaller starts with: the same door as everywhere."""

import multiprocessing
import os
import sys

if sys.platform == "linux":
    # PyInstaller's starter lets the program find the libraries it brought. The programs that it opens (a PDF viewer,
    # a mail program) are to find their own.
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is None:
        os.environ.pop("LD_LIBRARY_PATH", None)
    else:
        os.environ["LD_LIBRARY_PATH"] = before

from portfolio_app.__main__ import main

multiprocessing.freeze_support()  # does the window's work where this is a process of its own, and does not come back
main()
