"""The exceptions of debatebot.

    DebatebotError
    ├── SettingsError          an environment variable holds what it cannot hold
    ├── PromptError            a file in prompts/ is wrong: its name, its line, its cure
    ├── InputError             what the person gave cannot be used
    │   ├── QuestionError          the question is empty or too long
    │   ├── DocumentError          the source holds no readable article
    │   ├── FetchError             the address cannot or may not be fetched
    │   └── NotFound               no article, perspective or conversation of that name
    ├── StorageError           the library or the index cannot be read or written
    └── EngineError            an engine could not answer
        ├── EngineUnavailable      not configured, not installed, not reachable
        ├── EngineRefused          the server said no: bad key, unknown model, bad request
        ├── EngineBusy             too many requests, or the server failed; trying later may help
        ├── EngineTimeout          no answer in time
        ├── EngineReplyError       the reply cannot be used
        └── Stopped                the person stopped the answer

Every error names an entry of the catalogs (`errors.KEY.message` and `errors.KEY.hint`), so that its message and the
cure exist in French and English: `str(error)` is the English message, `error.hint` the English cure,
`error.describe(language)` gives both in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass

from debatebot.catalog import translate


@dataclass(frozen=True, slots=True)
class ErrorDescription:
    """What a person or a script is told of an error; the shape of `error` in the JSON."""

    type: str
    message: str
    hint: str
    retryable: bool


@dataclass(frozen=True, slots=True)
class Misconfiguration(ErrorDescription):
    """One that the same request meets again, whoever asks, until a key or a name is corrected."""


_MISCONFIGURED = frozenset({"key_refused", "key_wanted", "model_unknown"})


class DebatebotError(Exception):
    """Base of all errors of this package.

    Args:
        key: name of the catalog entry below `errors`.
        retryable: True when the same request may succeed later without any change.
        values: what the message and the hint mention.
    """

    def __init__(self, key: str, *, retryable: bool = False, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.retryable = retryable
        self.values = values

    def __str__(self) -> str:
        return self.describe("en").message

    @property
    def hint(self) -> str:
        """The cure, in English."""
        return self.describe("en").hint

    def describe(self, language: str) -> ErrorDescription:
        """Message and cure in `language` ("fr" or "en")."""
        description = Misconfiguration if self.key in _MISCONFIGURED else ErrorDescription
        return description(
            type=type(self).__name__,
            message=translate(f"errors.{self.key}.message", language, **self.values),
            hint=translate(f"errors.{self.key}.hint", language, **self.values),
            retryable=self.retryable,
        )


class SettingsError(DebatebotError):
    """An environment variable holds what it cannot hold."""


class PromptError(DebatebotError):
    """A file in prompts/ is wrong."""


class InputError(DebatebotError):
    """What the person gave cannot be used."""


class QuestionError(InputError):
    """The question is empty or too long."""


class DocumentError(InputError):
    """The source holds no readable article."""


class FetchError(InputError):
    """The address cannot or may not be fetched."""


class NotFound(InputError):  # noqa: N818 - reads as a sentence where it is raised
    """No article, perspective or conversation of that name."""


class StorageError(DebatebotError):
    """The library or the index cannot be read or written."""


class EngineError(DebatebotError):
    """An engine could not answer."""


class EngineUnavailable(EngineError):  # noqa: N818
    """Not configured, not installed, not reachable."""


class EngineRefused(EngineError):  # noqa: N818
    """The server said no: bad key, unknown model, bad request."""


class EngineBusy(EngineError):  # noqa: N818
    """Too many requests, or the server failed; trying later may help."""


class EngineTimeout(EngineError):  # noqa: N818
    """No answer in time."""


class EngineReplyError(EngineError):
    """The reply cannot be used."""


class Stopped(EngineError):  # noqa: N818
    """The person stopped the answer; what was said until then is kept."""
