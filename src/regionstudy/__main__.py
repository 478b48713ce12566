"""``python -m regionstudy`` is the ``regionstudy`` command."""

from regionstudy.cli import main

main()
