"""The command line. Heavy modules are imported by the commands that need them: `--help` costs milliseconds."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from debatebot.cli import streams
from debatebot.cli.failures import tell_failures
from debatebot.cli.language import LANGUAGE, say
from debatebot.cli.progress import progress_bar
from debatebot.cli.telling import ANSWERED, BAD_INPUT, FAILED, INTERRUPTED, explanation, leave_output, refuse, tell
from debatebot.errors import (
    DebatebotError,
    DocumentError,
    ErrorDescription,
    Misconfiguration,
    SettingsError,
)

if TYPE_CHECKING:
    from debatebot.debate import DebateStream
    from debatebot.debater import Debater
    from debatebot.settings import Settings
    from debatebot.sources import Source
    from debatebot.types import Article, Debate

COMMAND_LINE = "command-line"
"""The person under whom the command line keeps its conversations."""

# Typer carries its own copy of Click and exports this one of its usage errors: the others are reached through it.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]

app = typer.Typer(
    name="debatebot",
    help=say("help.app"),
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=False,
)

Json = Annotated[bool, typer.Option("--json", help=say("help.json"))]
Articles = Annotated[list[str] | None, typer.Option("--article", help=say("help.article"), metavar="ID|PATH|URL")]
Perspectives = Annotated[str, typer.Option("--perspective", help=say("help.perspective"), metavar="all|NAME[,NAME]…")]
EngineName = Annotated[
    str | None, typer.Option("--engine", help=say("help.engine"), metavar="auto|builtin|PROVIDER:MODEL")
]
Port = Annotated[int, typer.Option("--port", help=say("help.port"), min=0, max=65535)]
Headless = Annotated[bool, typer.Option("--headless", help=say("help.headless"))]


def main() -> None:
    """Run the command line and exit: 0, 2, 3 or 130 (see README)."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit status. Every error is one line on standard error, with its cure."""
    try:
        status = app(args=list(arguments), standalone_mode=False)
    except DebatebotError as error:
        return refuse(error)
    except _UsageError as error:
        return refuse(SettingsError("usage", reason=explanation(error)))
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except SystemExit as ended:
        if isinstance(ended.__context__, BrokenPipeError):  # Click's answer to a reader who has read enough
            return leave_output(None)
        raise
    except OSError as error:
        if error.filename is not None or isinstance(error, ConnectionError | TimeoutError):
            raise
        return leave_output(error)  # what is no file is a stream
    return status if isinstance(status, int) else ANSWERED


# --- the page -------------------------------------------------------------------------------------------------------


@app.callback(invoke_without_command=True)
def default(context: typer.Context, port: Port = 8501, headless: Headless = False) -> None:
    """Without a command: the web page."""
    if context.invoked_subcommand is None:
        _serve(port, headless)


@app.command(help=say("help.ui"))
def ui(port: Port = 8501, headless: Headless = False) -> None:
    _serve(port, headless)


def _serve(port: int, headless: bool) -> None:
    from debatebot.factory import serve_page

    serve_page(port=port, headless=headless)


# --- the library ----------------------------------------------------------------------------------------------------


@app.command(help=say("help.add"))
def add(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE…", help=say("help.source"))],
    as_json: Json = False,
) -> int:
    status = ANSWERED
    added: list[dict[str, Any]] = []
    with _debater() as debater:
        for source in sources:
            try:
                for readable in _readable(source):
                    added.append(_describe(debater, _add(debater, readable)))
                    if not as_json:
                        _print(say("added", **added[-1]))
            except DebatebotError as error:  # the other sources are added all the same
                status = refuse(error)
    if as_json:
        _print_json(articles=added)
    return status


@app.command(name="list", help=say("help.list"))
def list_articles(as_json: Json = False) -> None:
    with _library() as library:
        entries = library.articles.list()
    if as_json:
        names = ("id", "title", "source", "author", "date", "language", "sentences")
        _print_json(articles=[{name: getattr(entry, name) for name in names} for entry in entries])
        return
    for entry in entries:
        _print(f"{entry.id}  {entry.language}  {entry.title}")
    if not entries:
        _print(say("no_articles"))


@app.command(help=say("help.show"))
def show(article: Annotated[str, typer.Argument(metavar="ARTICLE")], as_json: Json = False) -> None:
    with _library() as library:
        found = library.articles.get(article)
        sentences = library.articles.sentences(found.id)
    if as_json:
        names = ("position", "start", "end", "paragraph", "outlook", "text")
        _print_json(
            article=_article_fields(found) | {"text": found.text},
            sentences=[{name: getattr(sentence, name) for name in names} for sentence in sentences],
        )
        return
    facts = (found.title, found.source, found.author, found.date, found.language)
    _print(" · ".join(fact for fact in facts if fact), "", found.text)


@app.command(help=say("help.remove"))
def remove(article: Annotated[str, typer.Argument(metavar="ARTICLE")], as_json: Json = False) -> None:
    with _debater() as debater:
        found = debater.library.articles.get(article)
        debater.remove(found.id)
    if as_json:
        _print_json(removed=found.id)
    else:
        _print(say("removed", title=found.title))


@app.command(help=say("help.reindex"))
def reindex(as_json: Json = False) -> None:
    with _debater(repair=False) as debater, progress_bar(say("progress")) as progress:
        count = debater.reindex(progress)
    if as_json:
        _print_json(articles=count)
    else:
        _print(say("reindexed", count=count))


# --- questions ------------------------------------------------------------------------------------------------------


@app.command(help=say("help.ask"))
def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION")],
    article: Articles = None,
    perspective: Perspectives = "all",
    engine: EngineName = None,
    as_json: Json = False,
) -> int:
    with _debater() as debater:
        articles, names = _asked(debater, article, perspective)
        stream = debater.stream(question, articles=articles, perspectives=names, engine=engine, interface=LANGUAGE)
        debate = _listen(debater, stream)
    if wrong := _misconfigured([answer.error for answer in debate.answers]):
        return tell(wrong)
    if as_json:
        from debatebot.serialization import debate_to_json

        _print(json.dumps(debate_to_json(debate), ensure_ascii=False, indent=2))
    else:
        from debatebot.cli.output import render_debate

        _print(render_debate(debate, LANGUAGE))
    tell_failures(debate.answers, LANGUAGE)
    return FAILED if any(answer.status == "failed" for answer in debate.answers) else ANSWERED


def _misconfigured(errors: Sequence[ErrorDescription | None]) -> Misconfiguration | None:
    """What keeps everybody from answering until a setting is corrected: bad configuration, and nobody's failure."""
    distinct = set(errors)
    [first, *others] = distinct or {None}
    return first if isinstance(first, Misconfiguration) and not others else None


def _listen(debater: Debater, stream: DebateStream) -> Debate:
    """Wait for the answers, keeping the question before and what was said after, also when interrupted."""
    from debatebot.serialization import debate_to_record

    conversations = debater.library.conversations
    debate = stream.snapshot()
    identifier = conversations.begin(COMMAND_LINE, [article.id for article in debate.articles], debate.question)
    try:
        with stream:
            for _event in stream:
                pass
    finally:
        debate = stream.snapshot()
        conversations.answer(identifier, COMMAND_LINE, 0, debate_to_record(debate))
    return debate


@app.command(help=say("help.history"))
def history(conversation: Annotated[str | None, typer.Argument(metavar="ID")] = None, as_json: Json = False) -> None:
    from debatebot.cli.output import conversation_to_json, render_conversation, render_conversations

    with _library() as library:
        if conversation is None:
            entries = library.conversations.list()
            document, text = (
                {"conversations": [_entry(entry) for entry in entries]},
                render_conversations(entries, LANGUAGE),
            )
        else:
            found = library.conversations.get(conversation)
            document, text = conversation_to_json(found), render_conversation(found, LANGUAGE)
    if as_json:
        _print_json(**document)
    else:
        _print(text)


def _entry(entry: Any) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "articles": list(entry.article_ids),
        "created_at": entry.created_at.isoformat(),
        "updated_at": entry.updated_at.isoformat(),
        "questions": entry.turns,
    }


# --- the program itself ---------------------------------------------------------------------------------------------


@app.command(help=say("help.perspectives"))
def perspectives(as_json: Json = False) -> None:
    from debatebot.factory import prompt_book

    book = prompt_book(_settings())
    if as_json:
        names = ("name", "order", "sign", "accent", "version", "outlook")
        _print_json(
            perspectives=[
                {name: getattr(one, name) for name in names} | {"labels": dict(one.labels)} for one in book.perspectives
            ]
        )
        return
    for one in book.perspectives:
        _print(f"{one.sign} {one.name}  {one.label(LANGUAGE)}")


@app.command(help=say("help.doctor"))
def doctor(as_json: Json = False) -> int:
    from debatebot.doctor import examine

    checks = examine(os.environ, LANGUAGE)
    if as_json:
        _print_json(
            checks=[{"name": one.name, "ok": one.ok, "message": one.message, "hint": one.hint} for one in checks]
        )
    else:
        for one in checks:
            _print(f"{'✓' if one.ok else '✗'} {one.message}" + (f"\n    {one.hint}" if one.hint else ""))
    return ANSWERED if all(one.ok for one in checks) else BAD_INPUT


# --- shared by the commands -----------------------------------------------------------------------------------------


def _settings() -> Settings:
    from debatebot.factory import settings_from

    return settings_from(os.environ)


@contextmanager
def _debater(*, repair: bool = True) -> Iterator[Debater]:
    from debatebot import logs
    from debatebot.debater import Debater

    debater = Debater.from_env(resume=False)
    logs.keep(debater.settings.home)
    try:
        if repair:
            with progress_bar(say("progress_left")) as progress:
                debater.resume(progress)
        yield debater
    finally:
        debater.close()


@contextmanager
def _library() -> Iterator[Any]:
    from debatebot.factory import open_library

    library = open_library(_settings())
    try:
        yield library
    finally:
        library.close()


def _readable(source: str) -> Iterator[Source]:
    from debatebot import documents

    if source == "-":
        if sys.stdin is None:  # closed when the program was started
            raise DocumentError("no_standard_input")
        yield documents.read_bytes(sys.stdin.buffer.read(), "")
    elif Path(source).is_dir():
        files = documents.find_files(Path(source))
        if not files:
            raise DocumentError("folder_without_articles", name=source)
        yield from files
    else:
        yield source


def _asked(
    debater: Debater, sources: list[str] | None, perspective: str
) -> tuple[list[Source] | None, list[str] | None]:
    """The articles and perspectives that a question names; None stands for all."""
    articles: list[Source] | None = [_prepared(debater, source) for source in sources] if sources else None
    return articles, None if perspective.strip() == "all" else [name.strip() for name in perspective.split(",")]


def _prepared(debater: Debater, source: str) -> Article | str:
    """An article of the library by its id or title; else a file or an address, indexed first."""
    from debatebot.sources import is_source

    return _add(debater, source) if is_source(source) else debater.library.articles.get(source)


def _add(debater: Debater, source: Source) -> Article:
    with progress_bar(say("progress")) as progress:
        return debater.add(source, progress=progress)


def _describe(debater: Debater, article: Article) -> dict[str, Any]:
    return _article_fields(article) | {"sentences": len(debater.library.articles.sentences(article.id))}


def _article_fields(article: Article) -> dict[str, Any]:
    return {name: getattr(article, name) for name in ("id", "title", "source", "author", "date", "language")}


def _print_json(**document: Any) -> None:
    _print(json.dumps({"schema": "debatebot/1"} | document, ensure_ascii=False, indent=2))


def _print(*lines: str) -> None:
    for line in lines:
        streams.write(line)


# Commands in modules of their own. They add themselves, and take from here what all commands share.
from debatebot.cli import debates as debates  # noqa: E402
from debatebot.cli import evaluation as evaluation  # noqa: E402
