"""The rules of the manual without the website, as `python -m inspectorate.command_line`."""

import sys

from inspectorate.command_line import main

if __name__ == "__main__":
    sys.exit(main())
