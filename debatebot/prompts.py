"""The files of prompts/ as one book: every perspective and the parts they share, checked when read, filled in per question.

The messages of a question are the same for all perspectives, byte for byte, up to the framing at their very end, so that a
model server reads the long part once. Whatever comes from an article or from an earlier answer stands between two marks
that the article cannot guess, one line a sentence, without anything that could pass for a citation or for a control token
of a model.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from debatebot.errors import NotFound, PromptError
from debatebot.prompt_files import HASH_LENGTH, read_part, read_perspective
from debatebot.types import AnswerRequest, Article, Evidence, Perspective, Turn

INSUFFICIENT = "INSUFFICIENT"
"""The one line with which a model says that the evidence does not speak of the question."""

PARTS: Mapping[str, tuple[str, ...]] = {
    "rules": ("insufficient",),
    "evidence": ("evidence", "mark"),
    "conversation": ("conversation", "mark"),
    "question": ("language", "question"),
}
"""Files of prompts/shared/, in the order in which a model reads them, and the variables that each may mention."""

TASKS: Mapping[str, tuple[str, ...]] = {
    "rebuttal": (
        "claims",
        "further",
        "remark",
        "remark_word",
        "example",
        "mark",
        "name",
        "label",
        "language",
        "insufficient",
    ),
    "brief": ("language", "insufficient"),
    "compare": ("claims", "example", "other", "mark", "language", "problems"),
}
"""Files of prompts/shared/ that ask for something else than an answer, after all that an answer is asked with."""

_LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "uk": "Ukrainian",
}
_TURNS = 3
_ANSWER_LENGTH = 500  # characters of an earlier answer: enough to know what "it" refers to

_BRACKETS = str.maketrans("[]【】［］⟦⟧", "()()()()")
_INVISIBLE = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_CHAT_TOKEN = re.compile(r"<([|｜][^<>]{0,60}[|｜]|/?s|bos|eos|(?:start|end)_of_turn)>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Messages:
    """What a model is sent: `system`, then one message of the reader, `shared` by all perspectives up to `framing`."""

    system: str
    shared: str
    framing: str

    @property
    def user(self) -> str:
        """The reader's message."""
        return self.shared + self.framing

    def pairs(self) -> list[tuple[str, str]]:
        """As LangChain takes them."""
        return [("system", self.system), ("human", self.user)]


class PromptBook:
    """All perspectives of a folder, in the order in which the page shows them, and the parts they share."""

    def __init__(self, perspectives: Iterable[Perspective], parts: Mapping[str, str]) -> None:
        self.perspectives = tuple(sorted(perspectives, key=lambda perspective: (perspective.order, perspective.name)))
        self._parts = {name: parts[name] for name in PARTS}
        self._tasks = {name: parts[name] for name in TASKS if name in parts}

    def select(self, names: Sequence[str] | None = None) -> tuple[Perspective, ...]:
        """The perspectives of these names or labels, in the order given; all of them when none is named.

        Raises:
            NotFound: there is no such perspective; the hint lists those there are, the nearest first.
        """
        if not names:
            return self.perspectives
        found = [self._find(name) for name in names]
        return tuple({perspective.name: perspective for perspective in found}.values())

    def messages(self, request: AnswerRequest) -> Messages:
        """The prompt of one perspective for one question."""
        evidence = numbered(request.articles, request.retrieval.evidence)
        conversation = _conversation(request.history)
        values = {
            "insufficient": INSUFFICIENT,
            "evidence": evidence,
            "conversation": conversation,
            "mark": _mark(evidence + conversation),
            "question": _harmless(request.question),
            "language": _LANGUAGES.get(request.language, "the language of the question"),
            "label": request.perspective.label("en"),
        }
        filled = {name: Template(text).substitute(values) for name, text in self._parts.items()}
        shown = [name for name in PARTS if name != "rules" and (conversation or name != "conversation")]
        shared = "".join(f"{filled[name]}\n\n" for name in shown)
        return Messages(filled["rules"], shared, Template(request.perspective.framing).substitute(values))

    def task(
        self,
        name: str,
        request: AnswerRequest,
        *,
        quotes: Mapping[str, str],
        values: Mapping[str, str],
        framed: bool = True,
    ) -> Messages:
        """The prompt of a task of `TASKS`: that of `request`, byte for byte, and the task after its framing.

        Args:
            quotes: what the task quotes, by variable, made with `quoted` or `numbered`; it stands between two marks.
            values: its other variables, besides those that every prompt has.
            framed: False for a task that nobody's framing applies to: only what all perspectives share goes before.

        Raises:
            PromptError: the folder has no file for this task.
        """
        task = self._task(name)
        before = self.messages(request)
        language = _LANGUAGES.get(request.language, "the language of the question")
        common = {"language": language, "label": request.perspective.label("en"), "insufficient": INSUFFICIENT}
        mark = _mark("".join(quotes.values()))
        text = Template(task).substitute({**common, "mark": mark, **quotes, **values})
        return Messages(before.system, before.shared, f"{before.framing}\n\n{text}" if framed else text)

    def reading(self, name: str, articles: Sequence[Article], evidence: Sequence[Evidence], language: str) -> Messages:
        """The prompt of a task of `TASKS` about whole articles, without a question: the rules, the sentences, the task.

        Raises:
            PromptError: the folder has no file for this task.
        """
        task = self._task(name)
        listed = numbered(articles, evidence)
        shown = Template(self._parts["evidence"]).substitute(evidence=listed, mark=_mark(listed))
        values = {"language": _LANGUAGES.get(language, "the language of the article"), "insufficient": INSUFFICIENT}
        rules = Template(self._parts["rules"]).substitute(values)
        return Messages(rules, f"{shown}\n\n", Template(task).substitute(values))

    def task_hash(self, name: str, perspective: Perspective | None = None) -> str:
        """Tells which prompt a task was done with."""
        framing = (perspective.framing, perspective.label("en")) if perspective else ()
        return _hash("\x00".join((*self._parts.values(), *framing, self._tasks.get(name, ""), INSUFFICIENT)))

    def _task(self, name: str) -> str:
        if name not in self._tasks:
            raise PromptError("prompt_task_missing", file=f"shared/{name}.md")
        return self._tasks[name]

    def prompt_hash(self, perspective: Perspective) -> str:
        """Tells which prompt an answer was made with: SHA-256 of all text that shapes it, beginning."""
        texts = (*self._parts.values(), perspective.framing, perspective.label("en"), INSUFFICIENT)
        return _hash("\x00".join(texts))

    def _find(self, name: str) -> Perspective:
        wanted = name.strip().casefold()
        for perspective in self.perspectives:
            if wanted in {perspective.name, *(label.casefold() for label in perspective.labels.values())}:
                return perspective
        known = [perspective.name for perspective in self.perspectives]
        near = difflib.get_close_matches(wanted, known, n=1)
        raise NotFound("perspective_unknown", name=name.strip(), known=", ".join(dict.fromkeys(near + known)))


def load(folder: Path) -> PromptBook:
    """Read and check every perspective of `folder` and the parts in `folder`/shared; README.md is nobody's prompt.

    Raises:
        PromptError: a file is wrong or missing: its name, the line, and the cure.
    """
    paths = sorted(path for path in folder.glob("*.md") if path.stem.casefold() != "readme")
    if not paths:
        raise PromptError("prompt_none", folder=str(folder))
    parts = {}
    for name, variables in PARTS.items():
        path = folder / "shared" / f"{name}.md"
        if not path.is_file():
            raise PromptError("prompt_part_missing", file=str(path))
        parts[name] = read_part(path, variables)
    for name, variables in TASKS.items():
        path = folder / "shared" / f"{name}.md"
        if path.is_file():  # without it, the perspectives answer all the same
            parts[name] = read_part(path, variables)
    perspectives = [read_perspective(path) for path in paths]
    _check_labels(paths, perspectives)
    return PromptBook(perspectives, parts)


def _check_labels(paths: Sequence[Path], perspectives: Sequence[Perspective]) -> None:
    owners: dict[tuple[str, str], Path] = {}
    for path, perspective in zip(paths, perspectives, strict=True):
        for language, label in perspective.labels.items():
            other = owners.setdefault((language, label.casefold()), path)
            if other != path:
                raise PromptError("prompt_label_twice", file=str(path), label=label, other=other.name)


def numbered(articles: Sequence[Article], evidence: Sequence[Evidence]) -> str:
    """Articles in the order of the question, their sentences in reading order, each with its number."""
    titles = {article.id: _title(article) for article in articles}
    order = {identifier: at for at, identifier in enumerate(titles)}
    lines: list[str] = []
    last: str | None = None
    for item in sorted(evidence, key=lambda item: (order.get(item.sentence.article_id, len(order)), *_place(item))):
        sentence = item.sentence
        if sentence.article_id != last:
            last = sentence.article_id
            lines += ["", titles.get(last, "Article")]
        lines.append(f"[{item.number}] {quoted(sentence.text)}")
    return "\n".join(lines[1:])


def _place(item: Evidence) -> tuple[str, int]:
    return item.sentence.article_id, item.sentence.position


def _title(article: Article) -> str:
    title = f"Article: {quoted(article.title)}"
    return f"{title} ({quoted(article.date)})" if article.date else title


def _conversation(history: Sequence[Turn]) -> str:
    lines: list[str] = []
    for turn in history[-_TURNS:]:
        lines.append(f"Question: {quoted(turn.question)}")
        lines += [f"{quoted(name)}: {quoted(text)[:_ANSWER_LENGTH]}" for name, text in turn.answers.items()]
    return "\n".join(lines)


def quoted(text: str) -> str:
    """Somebody's words on one line. Brackets become parentheses: `[7]` in an article is a footnote, not a sentence."""
    return _harmless(text).translate(_BRACKETS)


def _harmless(text: str) -> str:
    """On one line, without invisible characters, and without what a chat template would take for its own tokens."""
    return _CHAT_TOKEN.sub(r"‹\1›", " ".join(_INVISIBLE.sub(" ", text).split()))


def _mark(text: str) -> str:
    # Derived from what it encloses: the same for all perspectives of a question, and not to be known by whoever wrote
    # the article, since to write it into the text changes it.
    return _hash(text)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH]
