"""`debatebot debate` and `debatebot brief`."""

from __future__ import annotations

import json
from typing import Annotated, Literal

import typer

from debatebot.cli import (
    COMMAND_LINE,
    Articles,
    EngineName,
    Json,
    Perspectives,
    _asked,
    _debater,
    _misconfigured,
    _prepared,
    _print,
    app,
)
from debatebot.cli.failures import tell_failures
from debatebot.cli.language import LANGUAGE, say
from debatebot.cli.telling import ANSWERED, FAILED, tell

Rounds = Annotated[int, typer.Option("--rounds", metavar="N", help=say("help.rounds"))]
Format = Annotated[Literal["text", "md"], typer.Option("--format", help=say("help.brief_format"))]
Language = Annotated[
    Literal["fr", "en"] | None, typer.Option("--language", metavar="fr|en", help=say("help.brief_language"))
]
Sources = Annotated[bool, typer.Option("--sources", help=say("help.brief_sources"))]


@app.command(help=say("help.debate"))
def debate(
    question: Annotated[str, typer.Argument(metavar="QUESTION")],
    article: Articles = None,
    perspective: Perspectives = "all",
    engine: EngineName = None,
    rounds: Rounds = 2,
    as_json: Json = False,
) -> int:
    with _debater() as debater:
        articles, names = _asked(debater, article, perspective)
        session = debater.debates.begin(
            question,
            articles=articles,
            perspectives=names,
            engine=engine,
            rounds=rounds,
            interface=LANGUAGE,
            keep_for=COMMAND_LINE,
        )
        for _event in session.run():
            pass
        discussion = session.discussion
    if wrong := _misconfigured([answer.error for answer in discussion.opening.answers]):
        return tell(wrong)
    if as_json:
        from debatebot.rounds.record import discussion_to_json

        _print(json.dumps(discussion_to_json(discussion), ensure_ascii=False, indent=2))
    else:
        from debatebot.cli.discussion import render_discussion

        _print(render_discussion(discussion, LANGUAGE))
    spoken = [one for held in discussion.rounds for one in held.contributions]
    tell_failures([*discussion.opening.answers, *spoken], LANGUAGE)
    return FAILED if discussion.has_failures else ANSWERED


@app.command(help=say("help.brief"))
def brief(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help=say("help.brief_article"))],
    engine: EngineName = None,
    language: Language = None,
    form: Format = "text",
    sources: Sources = False,
    as_json: Json = False,
) -> int:
    with _debater() as debater:
        with debater.briefing(
            _prepared(debater, article), engine=engine, language=language, interface=LANGUAGE
        ) as stream:
            for _event in stream:
                pass
        briefing = stream.snapshot()
    if wrong := _misconfigured([briefing.error]):
        return tell(wrong)
    if as_json:
        from debatebot.briefing.document import briefing_to_json

        _print(json.dumps(briefing_to_json(briefing), ensure_ascii=False, indent=2))
    elif form == "md":
        from debatebot.briefing.post import render_post

        _print(render_post(briefing, sources=sources).rstrip("\n"))
    else:
        from debatebot.cli.discussion import render_briefing

        _print(render_briefing(briefing, sources=sources))
    if briefing.error:
        tell(briefing.error)
    return FAILED if briefing.status == "failed" else ANSWERED
