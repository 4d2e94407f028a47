"""``python -m nnsim``: the command line. It refuses to do anything else."""

import sys

from nnsim.cli import main

sys.exit(main())
