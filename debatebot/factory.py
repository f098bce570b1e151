"""The composition root: from settings to ready objects. Heavy imports stand inside the functions that need them."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from debatebot.environment import environment
from debatebot.errors import EngineUnavailable, SettingsError, StorageError
from debatebot.settings import Settings
from debatebot.types import Article, Embeddings, Engine, Grounding

if TYPE_CHECKING:
    from debatebot.comparison import Outlooks
    from debatebot.grounding import ClaimJudge
    from debatebot.index import Index
    from debatebot.library import Library
    from debatebot.outlook import OutlookScorer
    from debatebot.prompts import PromptBook

BUILTIN = "builtin"
AUTO = "auto"
DEFAULT_MODEL = "openai:gpt-5-mini"
"""What `auto` uses when there is an OpenAI key and no model is named."""


def data_folder() -> Path:
    """Where prompts/, corpus/ and the page are: the checkout, or the data that travels in the wheel."""
    package = Path(__file__).parent
    checkout = package.parent
    return checkout if (checkout / "prompts").is_dir() and (checkout / "app.py").is_file() else package / "_data"


def settings_from(environ: Mapping[str, str]) -> Settings:
    """Settings of the environment, with a `.env` file of the working folder below it.

    Raises:
        SettingsError: a variable holds what it cannot hold.
    """
    return Settings.from_env(environment(environ))


def parts_of_debater(settings: Settings, *, model: Embeddings | None = None) -> dict[str, Any]:
    """The keyword arguments of `Debater`; `model` stands in for the embedding model that the settings name.

    Raises:
        PromptError, StorageError, EngineUnavailable
    """
    from debatebot.comparison import compare
    from debatebot.embeddings import CachedEmbeddings
    from debatebot.ingestion import Ingestion
    from debatebot.outlook import OutlookScorer
    from debatebot.retrieval import EvidenceRetriever

    prompts = prompt_book(settings)
    library = open_library(settings)
    model = model or embeddings(settings)
    cached = CachedEmbeddings(model, library.vectors)
    index = open_index(settings, model)
    outlook = OutlookScorer(cached)
    grounding = claim_judge(cached)
    return {
        "settings": settings,
        "library": library,
        "embeddings": cached,
        "retriever": EvidenceRetriever(index),
        "ingestion": Ingestion(library, index, cached, outlook),
        "grounding": grounding,
        "second_judge": model_judge(settings, settings.judge, grounding) if settings.judge else None,
        "compare": partial(compare, outlooks=_outlooks(outlook, cached)),
        "prompts": prompts,
        "engines": engines(settings, prompts),
    }


def _outlooks(scorer: OutlookScorer, embeddings: Embeddings) -> Outlooks:
    def outlooks(texts: Sequence[str], language: str) -> list[float]:
        return [float(value) for value in scorer.score(texts, embeddings.passages(texts), language)]

    return outlooks


def prompt_book(settings: Settings) -> PromptBook:
    """The perspectives and shared parts of the folder that the settings name, or of the project."""
    from debatebot.prompts import load

    return load(settings.prompts or data_folder() / "prompts")


def open_library(settings: Settings) -> Library:
    """The library: the database of the settings, or SQLite in the data folder."""
    from debatebot.library import Library

    return Library(settings.database_url or home(settings) / "library.sqlite")


def open_index(settings: Settings, model: Embeddings) -> Index:
    """The index: the Chroma server of the settings, or a folder in the data folder."""
    from debatebot.index import Index
    from debatebot.reading import QuestionReader

    if settings.chroma_url:
        return Index(url=settings.chroma_url, embeddings=model, reader=QuestionReader.load())
    return Index(path=home(settings) / "index", embeddings=model, reader=QuestionReader.load())


def home(settings: Settings) -> Path:
    """The data folder, made where it is missing, for its owner alone.

    Raises:
        StorageError: it cannot be made.
    """
    try:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError("not_writable", where=settings.home, reason=error.strerror or error) from error
    if not os.access(settings.home, os.W_OK):
        raise StorageError("not_writable", where=settings.home, reason="permission denied")
    return settings.home


def embeddings(settings: Settings) -> Embeddings:
    """The built-in embedding model, or the provider's that the settings name."""
    from debatebot.embeddings import BuiltinEmbeddings, ProviderEmbeddings

    if settings.embeddings == BUILTIN:
        return BuiltinEmbeddings()
    return ProviderEmbeddings(settings.embeddings, api_key=settings.openai_api_key, base_url=settings.openai_base_url)


def engines(settings: Settings, prompts: PromptBook) -> Callable[[str | None], Engine]:
    """A function from an engine's name ("auto", "builtin", "PROVIDER:MODEL"; None: as the settings say) to the engine."""

    def engine(name: str | None) -> Engine:
        wanted = name or settings.engine
        if wanted == AUTO:
            wanted = _configured_model(settings) or BUILTIN
        if wanted == BUILTIN:
            from debatebot.engines.builtin import BuiltinEngine

            return BuiltinEngine()
        return connected_engine(
            settings, prompts, model=wanted, api_key=settings.openai_api_key, base_url=settings.openai_base_url
        )

    return engine


def connected_engine(
    settings: Settings, prompts: PromptBook, *, model: str, api_key: str | None, base_url: str | None
) -> Engine:
    """An engine for a LangChain model string.

    Raises:
        EngineUnavailable: no such provider, not installed, no key.
    """
    from debatebot.engines.llm import LanguageModelEngine, build_chat_model

    chat = build_chat_model(model, api_key=api_key, base_url=base_url, timeout=settings.timeout)
    return LanguageModelEngine(chat, prompts, name=model, base_url=base_url, warm_prefix=settings.warm_prefix)


def claim_judge(embeddings: Embeddings) -> ClaimJudge:
    """The built-in judge of claims, with the pair reader where that can run."""
    from debatebot.grounding import ClaimJudge
    from debatebot.reading import PairReader

    return ClaimJudge(embeddings, PairReader.load())


def model_judge(settings: Settings, model: str, builtin: Grounding) -> Grounding:
    """A second judge of claims, which asks a model by its LangChain string; `builtin` stands in where that fails.

    Raises:
        EngineUnavailable: no such provider, not installed, no key.
    """
    from debatebot.engines.judging import ModelJudge
    from debatebot.engines.models import build_chat_model

    key, url = settings.openai_api_key, settings.openai_base_url
    chat = build_chat_model(model, api_key=key, base_url=url, timeout=settings.timeout)
    return ModelJudge(chat, builtin, name=model, base_url=url)


def sample_articles() -> tuple[Article, ...]:
    """The articles of corpus/, in the order of their file names."""
    from debatebot.documents import read_path

    return tuple(read_path(path) for path in sorted((data_folder() / "corpus").glob("*.md")))


def serve_page(*, port: int, headless: bool) -> None:
    """Run the page until it is stopped. It listens on this machine only.

    Raises:
        SettingsError, PromptError, StorageError: told now, in one line, rather than on a page that cannot work.
    """
    settings = settings_from(os.environ)
    prompt_book(settings)
    home(settings)
    _check_port(port)
    from streamlit.web import cli as streamlit

    page = data_folder() / "app.py"
    sys.argv = ["streamlit", "run", str(page), f"--server.port={port}", f"--server.headless={str(headless).lower()}"]
    # Its first start would ask for an e-mail address in the terminal, and wait.
    sys.argv.append("--server.showEmailPrompt=false")
    streamlit.main()


def _check_port(port: int) -> None:
    """Refuse a port that another program listens on, as Streamlit would in its own words."""
    with socket.socket() as attempt:
        attempt.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as the server does: what has ended does not count
        try:
            attempt.bind(("127.0.0.1", port))
        except OSError as error:
            raise SettingsError("port", port=port, reason=error.strerror or error) from error


def _configured_model(settings: Settings) -> str | None:
    """The model that `auto` stands for: whatever the configured server serves first, or OpenAI's default; else None."""
    if settings.openai_base_url:
        from debatebot.engines.servers import models_at

        models = models_at(settings.openai_base_url, api_key=settings.openai_api_key)
        if not models:
            raise EngineUnavailable("no_model", retryable=True, url=settings.openai_base_url)
        return f"openai:{models[0]}"
    return DEFAULT_MODEL if settings.openai_api_key else None
