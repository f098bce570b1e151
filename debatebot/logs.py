"""The log in the data folder: what failed and what was done, for whoever runs debatebot.

No text of an article, question or answer is written to it, and no key: errors are named by type and catalog key. Only a
defect of the program comes with its traceback.
"""

from __future__ import annotations

import contextlib
import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

_MOST_BYTES = 1_000_000
_KEPT = 3
_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def keep(home: Path) -> None:
    """Write what the package logs to `home/logs/debatebot.log`, in files of a megabyte of which three are kept.

    There is one log a process, that of the home it was asked for last. A folder that cannot be written is no reason not to
    work: nothing is logged then, and nothing goes to standard error in its place.
    """
    path = home / "logs" / "debatebot.log"
    package = logging.getLogger("debatebot")
    before = [handler for handler in package.handlers if isinstance(handler, RotatingFileHandler)]
    if any(Path(handler.baseFilename) == path.absolute() for handler in before):
        return
    for handler in before:
        package.removeHandler(handler)
        handler.close()
    if not any(isinstance(handler, logging.NullHandler) for handler in package.handlers):
        package.addHandler(logging.NullHandler())
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=_MOST_BYTES, backupCount=_KEPT - 1, encoding="utf-8", delay=True)
        handler.setFormatter(logging.Formatter(_FORMAT))
        package.addHandler(handler)
        package.setLevel(logging.INFO)
