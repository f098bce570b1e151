"""Stand-ins for tests: a model server (see `fake_server`), an engine with a queue of replies, embeddings, and builders."""

from __future__ import annotations

import hashlib
import re
import threading
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from debatebot.types import (
    AnswerRequest,
    Article,
    Citation,
    DraftClaim,
    EngineEvent,
    Evidence,
    OutlookPreference,
    Perspective,
    Retrieval,
    Sentence,
    Turn,
    Vectors,
)
from tests.fake_server import FakeModelServer as FakeModelServer
from tests.fake_server import LoopbackServer as LoopbackServer
from tests.fake_server import Recorded as Recorded
from tests.fake_server import Reply as Reply

ROLES = ("fact", "support", "more", "plain", "absent", "hopeful", "worried", "weighing")


# --- the engine -----------------------------------------------------------------------------------------------------

Step = EngineEvent | Exception | Callable[[AnswerRequest], None]
"""Something an engine yields, an error it raises, or a function it calls with the request (to wait, to look)."""


class FakeEngine:
    """An engine with a queue of replies, taken in the order in which it is asked; safe to ask from several threads.

    When none is left it makes one claim that quotes the first sentence of the evidence. `by_perspective` gives replies
    to named perspectives, for tests in which the order of asking is not fixed.
    """

    def __init__(
        self,
        replies: Iterable[Sequence[Step]] = (),
        *,
        by_perspective: Mapping[str, Sequence[Step]] | None = None,
        name: str = "fake",
        warms_prefix: bool = False,
    ) -> None:
        self.replies = deque(replies)
        self.by_perspective = dict(by_perspective or {})
        self.requests: list[AnswerRequest] = []
        self._name = name
        self._warms_prefix = warms_prefix
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        return self._name

    @property
    def warms_prefix(self) -> bool:
        return self._warms_prefix

    def prompt_hash(self, perspective: Perspective) -> str:
        return hashlib.sha256(perspective.name.encode()).hexdigest()[:12]

    def answer(self, request: AnswerRequest) -> Iterator[EngineEvent]:
        for step in self._take(request):
            if request.cancelled.is_set():
                return
            if isinstance(step, Exception):
                raise step
            if callable(step):
                step(request)
            else:
                yield step

    def _take(self, request: AnswerRequest) -> Sequence[Step]:
        with self._lock:
            self.requests.append(request)
            if request.perspective.name in self.by_perspective:
                return self.by_perspective[request.perspective.name]
            return self.replies.popleft() if self.replies else [quote(request.retrieval.evidence[0])]


def quote(*evidence: Evidence, lead: str = "") -> DraftClaim:
    """A claim that repeats the first sentence and cites all."""
    citations = tuple(Citation(item.number, item.sentence) for item in evidence)
    return DraftClaim(text=evidence[0].sentence.text, citations=citations, kind="fact", lead=lead)


class FakeEmbeddings:
    """Embeddings without a model: words hashed into `dimensions` numbers; equal words are near, no meaning is known."""

    def __init__(self, dimensions: int = 64) -> None:
        self.dimensions = dimensions
        self.embedded: list[str] = []

    @property
    def name(self) -> str:
        return f"fake-{self.dimensions}"

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        return np.stack([self.query(text) for text in texts]) if texts else np.zeros((0, self.dimensions), np.float32)

    def query(self, text: str) -> Vectors:
        vector = np.full(self.dimensions, 1e-3, np.float32)
        for word in re.findall(r"\w+", text.lower()):
            vector[zlib.crc32(word.encode()) % self.dimensions] += 1
        return np.asarray(vector / np.linalg.norm(vector), np.float32)


# --- builders -------------------------------------------------------------------------------------------------------


class Texts:
    """A short article in both languages, with the outlook of its sentences."""

    EN: ClassVar[tuple[tuple[str, float], ...]] = (
        ("The town opened a solar park in 2024.", 0.0),
        ("The park supplies clean power to 4,000 homes.", 0.6),
        ("Bills fell by 12% for the families who joined.", 0.8),
        ("Two farms lost grazing land to the panels.", -0.6),
        ("The council fears that repairs will cost more than planned.", -0.8),
        ("The contract runs for twenty years.", 0.0),
    )
    FR: ClassVar[tuple[tuple[str, float], ...]] = (
        ("La ville a ouvert un parc solaire en 2024.", 0.0),
        ("Le parc fournit une électricité propre à 4 000 foyers.", 0.6),
        ("Les factures ont baissé de 12 % pour les familles inscrites.", 0.8),
        ("Deux fermes ont perdu des pâturages au profit des panneaux.", -0.6),
        ("La mairie craint que les réparations coûtent plus cher que prévu.", -0.8),
        ("Le contrat court sur vingt ans.", 0.0),
    )


def make_article(
    *sentences: str, title: str = "A solar park", language: str = "en", source: str = "test", text: str | None = None
) -> Article:
    """An article of the sentences given (or of `text`, as it stands); without any, the one of `Texts`."""
    chosen = sentences or tuple(words for words, _ in (Texts.FR if language == "fr" else Texts.EN))
    whole = " ".join(chosen) if text is None else text
    content_hash = hashlib.sha256(whole.encode()).hexdigest()
    return Article(content_hash[:12], whole, title, source, language, content_hash)


def make_sentences(article: Article, outlooks: Sequence[float] = ()) -> tuple[Sentence, ...]:
    """The sentences of an article whose sentences end in `.`, `!` or `?`; paragraphs are parted by an empty line."""
    sentences: list[Sentence] = []
    for position, match in enumerate(re.finditer(r"\S.*?(?:[.!?](?=\s|$)|$)", article.text, re.DOTALL)):
        paragraph = article.text.count("\n\n", 0, match.start())
        outlook = outlooks[position] if position < len(outlooks) else 0.0
        sentences.append(Sentence(article.id, position, *match.span(), match.group(), paragraph, outlook))
    return tuple(sentences)


def make_evidence(
    *texts: str, language: str = "en", outlooks: Sequence[float] = (), article: Article | None = None
) -> tuple[Evidence, ...]:
    """Numbered sentences, each text one sentence whatever is in it; without any, those of `Texts` with their outlooks."""
    known = Texts.FR if language == "fr" else Texts.EN
    texts, outlooks = (texts, outlooks) if texts else zip(*known, strict=True)
    whole = article or make_article(*texts, language=language)
    evidence: list[Evidence] = []
    end = 0
    for position, words in enumerate(texts):
        start = whole.text.index(words, end)
        end = start + len(words)
        outlook = outlooks[position] if position < len(outlooks) else 0.0
        sentence = Sentence(whole.id, position, start, end, words, 0, outlook)
        evidence.append(Evidence(position + 1, sentence, round(1 - position / (len(texts) + 1), 3)))
    return tuple(evidence)


def make_retrieval(evidence: Sequence[Evidence] | None = None, answerable: float = 1.0) -> Retrieval:
    """A retrieval with vectors of `FakeEmbeddings`."""
    chosen = make_evidence() if evidence is None else tuple(evidence)
    vectors = FakeEmbeddings().passages([item.sentence.text for item in chosen])
    return Retrieval(tuple(chosen), answerable, vectors)


def make_perspective(name: str = "neutral", outlook: OutlookPreference = "balanced", **changes: Any) -> Perspective:
    """A perspective with two phrases a role in both languages."""
    phrases = {
        language: {role: (f"{name} {role} 1:", f"{name} {role} 2:") for role in ROLES} for language in ("fr", "en")
    }
    values: dict[str, Any] = {
        "name": name,
        "labels": {"fr": name.capitalize(), "en": name.capitalize()},
        "order": 1,
        "sign": "●",
        "accent": "slate",
        "version": 1,
        "outlook": outlook,
        "phrases": phrases,
        "framing": "Answer $question in $language.",
        "content_hash": hashlib.sha256(name.encode()).hexdigest()[:12],
    }
    return Perspective(**{**values, **changes})


def make_request(
    question: str = "Is the solar park good news?",
    *,
    language: str = "en",
    perspective: Perspective | None = None,
    evidence: Sequence[Evidence] | None = None,
    articles: Sequence[Article] | None = None,
    history: Sequence[Turn] = (),
    answerable: float = 1.0,
) -> AnswerRequest:
    """A question about the article of `Texts`, or about the evidence given."""
    chosen = make_evidence(language=language) if evidence is None else tuple(evidence)
    return AnswerRequest(
        question=question,
        language=language,
        articles=(make_article(language=language),) if articles is None else tuple(articles),
        retrieval=make_retrieval(chosen, answerable),
        perspective=perspective or make_perspective(),
        history=tuple(history),
    )
