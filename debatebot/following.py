"""Follow-up questions: whether the articles speak of what a follow-up adds to the question before.

"And in Japan?" after a question on the four-day week is searched for as one question, of which the articles know all but
Japan. What is new must be known too, or the old answers would be given once more as if they were about Japan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from debatebot.questions import added
from debatebot.types import Article, Retrieval, Retriever

_SPOKEN_OF = 0.5
_IN_ANOTHER_LANGUAGE = 0.1
"""Two or three words say less across languages. Of what articles speak of, follow-ups in another language reached 0.17 and
0.38, of what they do not 0.04; in the same language 0.86 and more against 0.09 and less (30 follow-ups, read)."""


def speaks_of_new(question: str, language: str, articles: Sequence[Article], retriever: Retriever) -> bool:
    """Whether the articles speak of what a follow-up names; true where it names nothing of its own."""
    named = added(question)
    if named is None:
        return True
    found = retriever.retrieve(named, language, articles)
    same = any(article.language == language for article in articles)
    return found.general or found.answerable >= (_SPOKEN_OF if same else _IN_ANOTHER_LANGUAGE)


def retrieve_following(
    question: str, language: str, articles: Sequence[Article], retriever: Retriever, found: Retrieval
) -> Retrieval:
    """What was found for a completed follow-up; not answerable where the articles do not speak of what it adds."""
    if found.answerable >= _SPOKEN_OF and not speaks_of_new(question, language, articles, retriever):
        return replace(found, answerable=0.0)
    return found
