"""The script that PyInstaller starts with: the same door as everywhere."""

from portfolio_app.__main__ import main

main()
