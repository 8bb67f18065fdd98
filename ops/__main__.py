"""The commands behind the Makefile: `python3 -m ops <command>`."""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Python 3.11 is needed, and this is Python "
        + sys.version.split()[0]
        + ". On Debian 12: apt-get install python3"
    )

from ops.commands import main

sys.exit(main(sys.argv[1:]))
