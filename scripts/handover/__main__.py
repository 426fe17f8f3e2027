"""`python -m handover`: the same as the command `handover`."""

from handover.cli import main

main()
