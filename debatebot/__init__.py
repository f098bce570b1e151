"""debatebot: see an article from all sides.

from debatebot import Debater

debater = Debater.from_env()
article = debater.add("article.pdf")
debate = debater.ask("Is it good news?", articles=[article])
for answer in debate.answers:
    print(answer.label, answer.text)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from debatebot.errors import (
    DebatebotError,
    EngineError,
    InputError,
    NotFound,
    PromptError,
    SettingsError,
    StorageError,
)

if TYPE_CHECKING:
    from debatebot.debater import Debater
    from debatebot.settings import Settings
    from debatebot.types import Answer, Article, Claim, Debate, Evidence, Perspective, Sentence, Verdict

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "Article",
    "Claim",
    "Debate",
    "DebatebotError",
    "Debater",
    "EngineError",
    "Evidence",
    "InputError",
    "NotFound",
    "Perspective",
    "PromptError",
    "Sentence",
    "Settings",
    "SettingsError",
    "StorageError",
    "Verdict",
]

# Read when first asked for (PEP 562), so that `import debatebot` costs milliseconds.
_LAZY = {
    "Debater": "debatebot.debater",
    "Settings": "debatebot.settings",
    **dict.fromkeys(
        ("Answer", "Article", "Claim", "Debate", "Evidence", "Perspective", "Sentence", "Verdict"), "debatebot.types"
    ),
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)
