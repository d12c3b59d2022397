"""`python -m firstbreath`."""

from firstbreath.cli.main import main

main()
