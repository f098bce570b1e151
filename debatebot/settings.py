"""What the environment says. `Settings.from_env` is the only place that reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from debatebot.errors import SettingsError

WarmPrefix = Literal["auto", "on", "off"]


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, with the defaults of a fresh machine. Secrets are not shown by `repr`."""

    home: Path
    engine: str = "auto"
    openai_api_key: str | None = None
    openai_base_url: str | None = None
    judge: str | None = None
    """Model string of a second judge of claims; None: there is none."""
    embeddings: str = "builtin"
    database_url: str | None = None
    chroma_url: str | None = None
    language: str | None = None
    """Language of the interface; None: the browser's, else French."""
    prompts: Path | None = None
    """Another folder of perspectives; None: the project's own."""
    warm_prefix: WarmPrefix = "auto"
    timeout: float = 120.0
    """Seconds without a word after which a model counts as silent."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read `environ`; an empty variable counts as unset.

        Raises:
            SettingsError: a variable holds what it cannot hold; the hint says what it may hold.
        """
        values = {name: value.strip() for name, value in environ.items() if value.strip()}
        return cls(
            home=Path(values.get("DEBATEBOT_HOME") or _default_home()).expanduser(),
            engine=values.get("DEBATEBOT_ENGINE", "auto"),
            openai_api_key=values.get("OPENAI_API_KEY"),
            openai_base_url=_url(values, "OPENAI_BASE_URL", ("http", "https")),
            judge=values.get("DEBATEBOT_JUDGE"),
            embeddings=values.get("DEBATEBOT_EMBEDDINGS", "builtin"),
            database_url=values.get("DEBATEBOT_DATABASE_URL"),
            chroma_url=_url(values, "DEBATEBOT_CHROMA_URL", ("http", "https")),
            language=_language(values),
            prompts=_folder(values, "DEBATEBOT_PROMPTS"),
            warm_prefix=_warm_prefix(values),
            timeout=_timeout(values),
        )

    def __repr__(self) -> str:
        shown = (f"{name}={getattr(self, name)!r}" for name in ("home", "engine", "embeddings", "language"))
        return f"Settings({', '.join(shown)})"


def _default_home() -> str:
    from platformdirs import user_data_dir

    return user_data_dir("debatebot", appauthor=False)


def _language(values: Mapping[str, str]) -> str | None:
    language = values.get("DEBATEBOT_LANGUAGE", "").lower()
    if language and language not in ("fr", "en"):
        raise SettingsError("language", value=language)
    return language or None


def _url(values: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    value = values.get(name)
    if value is None:
        return None
    parts = urlsplit(value)
    if parts.scheme not in schemes or not parts.hostname:
        raise SettingsError("url", name=name, value=value)
    return value


def _folder(values: Mapping[str, str], name: str) -> Path | None:
    value = values.get(name)
    if value is None:
        return None
    path = Path(value).expanduser()
    if not path.is_dir():
        raise SettingsError("folder", name=name, value=value)
    return path


def _warm_prefix(values: Mapping[str, str]) -> WarmPrefix:
    value = values.get("DEBATEBOT_WARM_PREFIX", "auto").lower()
    choices: dict[str, WarmPrefix] = {"auto": "auto", "on": "on", "off": "off"}
    if value not in choices:
        raise SettingsError("choice", name="DEBATEBOT_WARM_PREFIX", value=value, choices="auto, on, off")
    return choices[value]


def _timeout(values: Mapping[str, str]) -> float:
    value = values.get("DEBATEBOT_TIMEOUT", "120")
    try:
        seconds = float(value)
    except ValueError:
        raise SettingsError("seconds", name="DEBATEBOT_TIMEOUT", value=value) from None
    if not 0 < seconds < 86_400:
        raise SettingsError("seconds", name="DEBATEBOT_TIMEOUT", value=value)
    return seconds
