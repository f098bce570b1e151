"""Where `debatebot` starts: an interruption while the command line is still being read ends it as one at any other time."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit; see `debatebot.cli`."""
    try:
        from debatebot.cli import main as command_line

        command_line()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
