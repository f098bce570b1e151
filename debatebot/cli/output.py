"""What the command line prints for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from debatebot.catalog import translate
from debatebot.cli.comparison import render_comparison, render_follow_ups
from debatebot.cli.layout import wrap as _wrap
from debatebot.conversing import LoadedTurn, loaded
from debatebot.library import Conversation, ConversationEntry
from debatebot.serialization import debate_to_json
from debatebot.types import Answer, Claim, Debate
from debatebot.wording import claim_line, kind_note


def render_debate(debate: Debate, language: str) -> str:
    """All answers, each claim with its verdict, then the sentences they cite."""
    languages = {article.id: article.language for article in debate.articles}
    searched = _wrap(translate("cli.searched", language, question=debate.searched), "") if debate.rewritten else ""
    blocks = [searched, *(_answer(answer, languages, language) for answer in debate.answers)]
    if sum(bool(answer.claims) for answer in debate.answers) > 1:
        blocks.append(render_comparison(debate, language))
    blocks.append(_evidence(debate, language))
    blocks.append(render_follow_ups(debate, language))
    return "\n\n".join(block for block in blocks if block)


def render_conversations(entries: Sequence[ConversationEntry], language: str) -> str:
    """One line a conversation."""
    lines = [f"{entry.id}  {entry.updated_at:%Y-%m-%d %H:%M}  {entry.title}" for entry in entries]
    return "\n".join(lines) or translate("cli.no_conversations", language)


def render_conversation(conversation: Conversation, language: str) -> str:
    """A conversation with its questions and answers."""
    return "\n\n".join(_turns(conversation, language))


def conversation_to_json(conversation: Conversation) -> dict[str, Any]:
    """The document of `debatebot history ID --json`; each answered turn is a document of `ask`."""
    return {
        "id": conversation.id,
        "title": conversation.title,
        "articles": list(conversation.article_ids),
        "created_at": conversation.created_at.isoformat(),
        "updated_at": conversation.updated_at.isoformat(),
        "turns": [
            {
                "question": turn.question,
                "created_at": turn.created_at.isoformat(),
                "debate": _public(turn),
            }
            for turn in loaded(conversation, {}).turns
        ],
    }


def _public(turn: LoadedTurn) -> dict[str, Any] | None:
    from debatebot.rounds.record import discussion_to_json

    if turn.discussion:
        return discussion_to_json(turn.discussion)
    return debate_to_json(turn.debate) if turn.debate else None


def _turns(conversation: Conversation, language: str) -> Iterator[str]:
    yield _wrap(conversation.title, "")
    for turn in loaded(conversation, {}).turns:
        yield _wrap(f"> {turn.question}", "")
        yield _answered(turn, language)


def _answered(turn: LoadedTurn, language: str) -> str:
    from debatebot.cli.discussion import render_discussion

    if turn.discussion:
        return render_discussion(turn.discussion, language)
    return render_debate(turn.debate, language) if turn.debate else translate("cli.unanswered", language)


def _answer(answer: Answer, languages: Mapping[str, str], language: str) -> str:
    lines = [translate("cli.heading", language, label=answer.label, engine=_engine(answer.engine, language))]
    lines += [claim_with_verdict(claim, languages, language, "  ") for claim in answer.claims]
    if answer.status == "insufficient":
        lines.append(_wrap(answer.text, ""))
    if answer.error:
        lines.append(_wrap(f"✗ {answer.error.message} {answer.error.hint}", ""))
    if answer.dropped_markers:
        lines.append(_wrap(translate("cli.dropped", language, count=answer.dropped_markers), ""))
    return "\n".join(lines)


def _engine(name: str, language: str) -> str:
    return translate("cli.builtin", language) if name == "builtin" else name


def claim_with_verdict(claim: Claim, languages: Mapping[str, str], language: str, indent: str) -> str:
    """A claim with its kind, unless it is a fact, its markers and the sign of its verdict."""
    sign = translate(f"verdicts.signs.{claim.verdict.label}", language)
    return _wrap(f"{claim_line(claim, languages, kind_note(claim, language))} {sign}", indent)


def _evidence(debate: Debate, language: str) -> str:
    cited = {citation.number for answer in debate.answers for claim in answer.claims for citation in claim.citations}
    lines = [_wrap(f"[{item.number}] {item.sentence.text}", "  ") for item in debate.evidence if item.number in cited]
    return "\n".join([translate("cli.sources", language), *lines]) if lines else ""
