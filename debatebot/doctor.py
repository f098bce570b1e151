"""What works on this machine and what does not, each with its cure: `debatebot doctor`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from debatebot.catalog import translate
from debatebot.environment import unreadable_lines
from debatebot.errors import DebatebotError, SettingsError
from debatebot.factory import embeddings, engines, open_index, open_library, prompt_book, settings_from
from debatebot.settings import Settings


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `hint` says what to do, also where nothing is wrong (how to use a model server)."""

    name: str
    ok: bool
    message: str
    hint: str = ""


def examine(environ: Mapping[str, str], language: str) -> list[Check]:
    """Look at settings, data folder, index, perspectives, embedding model, engine and local model servers, in this order."""
    try:
        settings = settings_from(environ)
    except DebatebotError as error:
        return [_failed("settings", error, language)]
    looks: dict[str, Callable[[Settings], str]] = {
        "library": _library,
        "index": _index,
        "perspectives": _perspectives,
        "embeddings": _embeddings,
        "engine": _engine,
    }
    checks = [_check(name, look, settings, language) for name, look in looks.items()]
    return [*_dotenv(language), *checks, *_servers(language)]


def _check(name: str, look: Callable[[Settings], str], settings: Settings, language: str) -> Check:
    try:
        return Check(name, True, translate(f"doctor.{name}", language, value=look(settings)))
    except DebatebotError as error:
        return _failed(name, error, language)


def _failed(name: str, error: DebatebotError, language: str) -> Check:
    description = error.describe(language)
    return Check(name, False, description.message, description.hint)


def _library(settings: Settings) -> str:
    library = open_library(settings)
    try:
        return f"{settings.home} ({len(library.articles.list())})"
    finally:
        library.close()


def _index(settings: Settings) -> str:
    """Reads every article's vectors, which a damaged index does not give."""
    library, index = open_library(settings), open_index(settings, embeddings(settings))
    try:
        indexed = index.article_ids()
        ready = [library.articles.get(article_id) for article_id in library.articles.ready_ids()]
        # What is not indexed yet is, when the library is next opened.
        index.prepare([article for article in ready if article.id in indexed])
        return str(len(indexed))
    finally:
        index.close()
        library.close()


def _dotenv(language: str) -> Iterator[Check]:
    lines = ", ".join(map(str, unreadable_lines()))
    if lines:
        yield _failed("settings", SettingsError("dotenv_lines", lines=lines), language)


def _perspectives(settings: Settings) -> str:
    return ", ".join(perspective.name for perspective in prompt_book(settings).perspectives)


def _embeddings(settings: Settings) -> str:
    model = embeddings(settings)
    return f"{model.name} ({len(model.query('debatebot'))})"


def _engine(settings: Settings) -> str:
    return engines(settings, prompt_book(settings))(None).name


def _servers(language: str) -> Iterator[Check]:
    from debatebot.engines.servers import find_local_servers

    servers = find_local_servers()
    for server in servers:
        models = ", ".join(server.models) or "–"
        message = translate("doctor.server", language, name=server.name, url=server.base_url, models=models)
        model = server.models[0] if server.models else "MODEL"
        yield Check("server", True, message, translate("doctor.use_server", language, url=server.base_url, model=model))
    if not servers:
        yield Check("server", True, translate("doctor.no_server", language), translate("doctor.start_server", language))
