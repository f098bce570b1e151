"""French and English say the same things, and the program asks for nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from debatebot import errors
from debatebot.catalog import LANGUAGES, entries, translate, translate_about

PACKAGE = Path(errors.__file__).parent
PARTS = sorted({path.name.split(".")[1] for path in (PACKAGE / "catalog").glob("*.toml")})


def variables(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("part", PARTS)
def test_both_languages_have_the_same_entries_with_the_same_variables(part: str) -> None:
    french, english = entries("fr", part), entries("en", part)
    assert french.keys() == english.keys()
    different = [key for key in french if variables(french[key]) != variables(english[key])]
    assert different == []


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_entry_is_empty_or_holds_more_than_one_line(part: str, language: str) -> None:
    wrong = [key for key, text in entries(language, part).items() if not text.strip() or "\n" in text.strip()]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_a_message_and_a_cure(language: str) -> None:
    keys = {key.rpartition(".")[0] for key in entries(language, "errors")}
    incomplete = [
        key for key in keys for part in ("message", "hint") if f"{key}.{part}" not in entries(language, "errors")
    ]
    assert incomplete == []


def test_every_error_that_is_raised_is_in_the_catalogs_and_every_entry_is_used() -> None:
    names = {name for name, value in vars(errors).items() if isinstance(value, type)}
    raised = re.compile(rf"\b(?:{'|'.join(names)})\(\s*\"(\w+)\"")
    source = "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    known = {key.split(".")[1] for key in entries("en", "errors")}
    assert set(raised.findall(source)) - known == set()
    assert {key for key in known if f'"{key}"' not in source} == set()


def test_a_language_without_a_catalog_reads_english() -> None:
    assert translate("errors.question_empty.message", "de") == translate("errors.question_empty.message", "en")


def test_one_article_and_several_are_spoken_of_differently() -> None:
    assert translate_about(1, "answers.insufficient", "en") == translate("answers.insufficient", "en")
    assert translate_about(2, "answers.insufficient", "en") == translate("answers.insufficient_several", "en")
    assert translate_about(2, "debate.leads.any.2", "fr") == translate("debate.leads.any.2", "fr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_of_several_articles_has_no_article_in_the_singular(language: str) -> None:
    one = re.compile(r"\bl[’']article\b|\bthe article\b|même article|same article", re.IGNORECASE)
    texts = {key: text for part in ("answers", "debate") for key, text in entries(language, part).items()}
    wrong = [key for key, text in texts.items() if f"{key}_several" not in texts and one.search(text)]
    assert wrong == []


def test_an_error_tells_its_message_and_cure_in_the_readers_language() -> None:
    error = errors.NotFound("article_unknown", reference="x")
    assert error.describe("fr").message == "Il n'y a pas d'article «\u00a0x\u00a0»."
    assert "debatebot list" in error.hint
    assert str(error) == "There is no article “x”."
