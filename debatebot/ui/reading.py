"""What the regions need to know to show an answer: the perspectives' names and colours, the articles' languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import ascii_uppercase

from debatebot.types import Article, Perspective, Sentence
from debatebot.ui.formats import Words
from debatebot.ui.markup import label, sign

ACCENTS = {
    "teal": "green",
    "slate": "gray",
    "rust": "orange",
    "plum": "violet",
    "ochre": "yellow",
    "indigo": "blue",
    "moss": "",
}
"""The accent colours that style.css knows, with Streamlit's name of each in labels (see config.toml), if it has one."""


@dataclass(frozen=True, slots=True)
class Face:
    """How a perspective looks: sign, name and accent colour."""

    name: str
    label: str
    sign: str
    accent: str

    @property
    def widget_label(self) -> str:
        """Sign and name as the label of a widget, the sign in the accent colour."""
        return f"{self.widget_sign} {label(self.label)}"

    @property
    def widget_sign(self) -> str:
        """The sign alone as the label of a widget, in the accent colour."""
        colour = ACCENTS[self.accent]
        return f":{colour}[{label(self.sign)}]" if colour else label(self.sign)


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that turns values into what this reader sees."""

    words: Words
    faces: Mapping[str, Face]
    articles: Mapping[str, Article]

    @property
    def languages(self) -> dict[str, str]:
        """Article id → language."""
        return {identifier: article.language for identifier, article in self.articles.items()}

    def language_of(self, sentence: Sentence) -> str | None:
        """Of the article that it stands in; None where that is not one of those that are read."""
        return self.languages.get(sentence.article_id)

    @property
    def is_of_several(self) -> bool:
        """True where more than one article is read together."""
        return len(self.articles) > 1

    def letter(self, article_id: str) -> str:
        """What stands for an article beside the numbers of its sentences; empty where there is one article alone."""
        lettered = dict(zip(self.articles, ascii_uppercase, strict=False)) if self.is_of_several else {}
        return lettered.get(article_id, "")

    def say(self, key: str, **values: object) -> str:
        """A text that speaks of the article, or of the articles."""
        return self.words(f"{key}_several" if self.is_of_several else key, **values)

    def face(self, perspective: str) -> Face:
        """The perspective's; a plain one where its file is gone since the answer was given."""
        return self.faces.get(perspective) or Face(perspective, perspective.capitalize(), sign("◆"), "slate")


def reading(words: Words, perspectives: Iterable[Perspective], articles: Iterable[Article]) -> Reading:
    """What is needed to read answers of these perspectives about these articles."""
    return Reading(
        words=words,
        faces={perspective.name: face(perspective, words.language) for perspective in perspectives},
        articles={article.id: article for article in articles},
    )


def face(perspective: Perspective, language: str) -> Face:
    """How a perspective looks to a reader of `language`."""
    accent = perspective.accent if perspective.accent in ACCENTS else "slate"
    return Face(perspective.name, perspective.label(language), sign(perspective.sign), accent)
