"""Run the command line with `python -m detente`."""

from detente.cli import main

main()
