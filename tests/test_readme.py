"""README, settings and command line tell the same story."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from debatebot import Debater, documents
from debatebot.documents.sentences import split
from debatebot.factory import data_folder
from debatebot.wording import claim_line, kind_note

ROOT = data_folder()
README = (ROOT / "README.md").read_text("utf-8")
VARIABLE = re.compile(r"\b(?:DEBATEBOT|OPENAI)_[A-Z_]+\b")


def test_every_variable_that_is_read_is_told_and_no_other() -> None:
    read = set(VARIABLE.findall((ROOT / "debatebot" / "settings.py").read_text("utf-8")))
    assert read
    assert set(VARIABLE.findall(README)) == read
    assert set(VARIABLE.findall((ROOT / ".env.example").read_text("utf-8"))) == read


def test_every_command_that_is_told_exists() -> None:
    from debatebot.cli import app

    known = {command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands}
    told = set(re.findall(r"^\s+debatebot ([a-z]+)", README, re.MULTILINE)) | set(
        re.findall(r"`debatebot ([a-z]+)", README)
    )
    assert told
    assert told <= known


def test_the_sample_answers_quote_the_article() -> None:
    article = documents.read_path(ROOT / "corpus" / "deepseek-janvier-2025.md")
    sentences = {sentence.text for sentence in split(article.id, article.text, article.language)}
    quoted = re.findall(r"^> [^«\n]*«\u00a0(.+)\u00a0»(?: \(\w+\))? \[\d+\]", README, re.MULTILINE)
    assert len(quoted) >= 6
    assert set(quoted) <= sentences


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_every_file_that_is_linked_exists(target: str) -> None:
    assert (ROOT / target).exists()


def test_the_sample_answers_are_what_the_program_says(tmp_path: Path) -> None:
    debater = Debater.from_env({"DEBATEBOT_HOME": str(tmp_path)})
    debate = debater.ask("Est-ce une bonne nouvelle ?", articles=[ROOT / "corpus" / "deepseek-janvier-2025.md"])
    debater.close()
    said = [
        claim_line(claim, {article.id: "fr" for article in debate.articles}, kind_note(claim, "fr"))
        for answer in debate.answers
        for claim in answer.claims
    ]
    assert said == re.findall(r"^> ([^*].+\]) [✓~✗⚡]  $", README, re.MULTILINE)
