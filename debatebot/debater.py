"""The way in from Python: add articles, ask questions, read answers.

from debatebot import Debater

debater = Debater.from_env()
article = debater.add("article.pdf")
debate = debater.ask("Is it good news?", articles=[article])
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Self

from debatebot import documents
from debatebot.briefing.stream import BriefingStream
from debatebot.briefing.types import Briefing
from debatebot.catalog import DEFAULT_LANGUAGE
from debatebot.comparing import Compare
from debatebot.conversing import ConversationStream, LoadedConversation, load
from debatebot.debate import DebateStream, Parts, Question, clean_question
from debatebot.documents.language import detect
from debatebot.errors import InputError, NotFound
from debatebot.factory import parts_of_debater, settings_from
from debatebot.ingestion import Ingestion, Progress
from debatebot.library import EVERYBODY, Library
from debatebot.questions import completed
from debatebot.rounds.sessions import Sessions
from debatebot.settings import Settings
from debatebot.sources import Source, is_source, read
from debatebot.types import (
    Article,
    Debate,
    Embeddings,
    Engine,
    Finished,
    Grounding,
    Perspective,
    Retriever,
    Turn,
)

if TYPE_CHECKING:
    from debatebot.engines.servers import LocalServer
    from debatebot.prompts import PromptBook


class Debater:
    """Everything there is, ready to use. Safe to share between threads: it holds nobody's conversation and nobody's key.

    Use `Debater.from_env()` or `Debater.from_settings(settings)`; the constructor takes the parts themselves.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        library: Library,
        embeddings: Embeddings,
        retriever: Retriever,
        ingestion: Ingestion,
        grounding: Grounding,
        second_judge: Grounding | None = None,
        compare: Compare,
        prompts: PromptBook,
        engines: Callable[[str | None], Engine],
    ) -> None:
        self.settings = settings
        self.library = library
        self.prompts = prompts
        self._embeddings = embeddings
        self._retriever = retriever
        self._ingestion = ingestion
        self._grounding = grounding
        self._second_judge = second_judge
        self._compare = compare
        self._engines = engines

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, *, resume: bool = True) -> Self:
        """Made as the environment says; where none is given, `os.environ` and a `.env` file of the working folder below it.

        Args:
            resume: whether what an earlier process left half done is taken up at once; else by `resume()`.

        Raises:
            SettingsError: a variable holds what it cannot hold.
            PromptError: a file of perspectives is wrong.
            StorageError: the data folder cannot be used.
        """
        debater = cls.from_settings(settings_from(os.environ) if environ is None else Settings.from_env(environ))
        if resume:
            debater.resume()
        return debater

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Made as `settings` say, nothing taken up; raises as `from_env`."""
        return cls(**parts_of_debater(settings))

    @property
    def perspectives(self) -> tuple[Perspective, ...]:
        """All perspectives, in their order."""
        return self.prompts.perspectives

    def engine(self, name: str | None = None) -> Engine:
        """The engine of that name ("auto", "builtin", "PROVIDER:MODEL"); None: the one of the settings.

        Raises:
            EngineUnavailable: it is not configured or not installed.
        """
        return self._engines(name)

    def add(
        self, source: Source | bytes, *, name: str = "", person: str = EVERYBODY, progress: Progress | None = None
    ) -> Article:
        """Read an article, split and index it, and put it on the person's shelf; a known one is only put there.

        Args:
            source: a path, a URL, an `Article`, or the bytes of a file called `name`.
            progress: called with the number of sentences embedded and their total.

        Raises:
            InputError: the source holds no readable article.
            StorageError: it could not be stored.
        """
        article = documents.read_bytes(source, name) if isinstance(source, bytes) else read(source)
        self._ingestion.add(article, person=person, progress=progress)
        return self.library.articles.get(article.id)

    def add_text(
        self, text: str, *, source: str = "", person: str = EVERYBODY, progress: Progress | None = None
    ) -> Article:
        """Add pasted text, taken as it is whatever it looks like; `source` says where it comes from. Else as `add`."""
        return self.add(documents.read_text(text, source=source), person=person, progress=progress)

    def remove(self, article_id: str, *, person: str | None = None) -> None:
        """Take an article from the person's shelf; when nobody has it any more, it is forgotten."""
        self._ingestion.remove(article_id, person=person)

    def resume(self, progress: Progress | None = None) -> None:
        """Finish what a dead process left half added, and mend the index where it and the library differ."""
        self._ingestion.resume(progress)

    def reindex(self, progress: Progress | None = None) -> int:
        """Rebuild the index from the library; nothing is embedded twice. Returns the number of articles."""
        return self._ingestion.reindex(progress)

    def stream(
        self,
        question: str,
        *,
        articles: Iterable[Source] | None = None,
        perspectives: Sequence[str] | None = None,
        engine: str | Engine | None = None,
        history: Sequence[Turn] = (),
        numbers: Mapping[str, int] | None = None,
        person: str | None = None,
        interface: str | None = None,
        earlier: Debate | None = None,
    ) -> DebateStream:
        """Ask; the events come as they happen, and `.snapshot()` holds what was said so far.

        Args:
            articles: what to ask about; None: everything the person has.
            perspectives: their names; None: all.
            engine: a name as for `engine()`, or an engine.
            history, numbers: the conversation so far, with the numbers its sentences have.
            interface: language of labels and errors where it is not the question's.
            earlier: the debate that this one repeats for some perspectives; the others' answers stand.

        Raises:
            QuestionError, NotFound, InputError, EngineUnavailable, StorageError
        """
        text = clean_question(question)
        chosen = self.prompts.select(perspectives)
        speaking = engine if engine is not None and not isinstance(engine, str) else self.engine(engine)
        asked = self._articles(articles, person)
        default = asked[0].language if asked else DEFAULT_LANGUAGE
        language = detect(text, default=detect(history[-1].searched, default=default) if history else default)
        return DebateStream(
            Question(
                text=text,
                language=language,
                interface=interface or language,
                articles=asked,
                perspectives=chosen,
                history=tuple(history),
                numbers=numbers or {},
                rewritten=completed(text, language, [turn.searched for turn in history]),
                earlier=earlier,
                beside=self._beside(chosen, earlier),
            ),
            Parts(self._retriever, speaking, self._grounding, self._compare, self._second_judge),
        )

    def ask(
        self,
        question: str,
        *,
        articles: Iterable[Source] | None = None,
        perspectives: Sequence[str] | None = None,
        engine: str | Engine | None = None,
    ) -> Debate:
        """Ask and wait for the whole debate; arguments and errors as for `stream`."""
        with self.stream(question, articles=articles, perspectives=perspectives, engine=engine) as stream:
            *_, last = stream
        if not isinstance(last, Finished):  # pragma: no cover - the stream ends so or raises
            raise AssertionError(last)
        return last.debate

    def converse(
        self,
        question: str,
        *,
        person: str,
        articles: Sequence[str],
        conversation: str | None = None,
        perspectives: Sequence[str] | None = None,
        engine: str | Engine | None = None,
        interface: str | None = None,
    ) -> ConversationStream:
        """Ask within a conversation of a person, or begin one; the question is stored before anybody answers.

        Args:
            articles: ids of articles the person has.
            conversation: its id; None begins a new one.

        Raises:
            NotFound: no such article or conversation of this person; and what `stream` raises.
        """
        text = clean_question(question)
        asked = [self.library.articles.get(article_id, person) for article_id in articles]
        conversations = self.library.conversations
        before = self.conversation(conversation, person) if conversation else None
        if before:
            identifier, position = before.id, conversations.ask(before.id, person, text)
        else:
            identifier, position = conversations.begin(person, [article.id for article in asked], text), 0
        stream = self.stream(
            text,
            articles=asked,
            perspectives=perspectives,
            engine=engine,
            history=before.history if before else (),
            numbers=before.numbers if before else None,
            interface=interface,
        )
        return ConversationStream(stream, self.library, identifier, position, person)

    def again(
        self,
        conversation: str,
        position: int,
        perspective: str,
        *,
        person: str,
        engine: str | Engine | None = None,
        interface: str | None = None,
    ) -> ConversationStream:
        """Ask one perspective again; the others' answers to that question stay as they are.

        Raises:
            NotFound: no such conversation of this person, or an article of it was removed; and what `stream` raises.
        """
        loaded = self.conversation(conversation, person)
        turn = loaded.turn(position)
        if turn.debate is None:
            raise NotFound("conversation_unknown", reference=f"{conversation}/{position}")
        if turn.discussion is not None and turn.discussion.rounds:
            raise InputError("debate_again")
        asked = [self.library.articles.get(article.id, person) for article in turn.debate.articles]
        stream = self.stream(
            turn.question,
            articles=asked,
            perspectives=[perspective],
            engine=engine,
            history=loaded.history[:position],
            numbers=loaded.numbers,
            interface=interface,
            earlier=turn.debate,
        )
        return ConversationStream(stream, self.library, conversation, position, person)

    @property
    def debates(self) -> Sessions:
        """Debates in rounds: begin one, hold one, take one up again."""
        return Sessions(self, self._retriever, self._embeddings, self._grounding, self._compare)

    def briefing(
        self,
        article: Source,
        *,
        engine: str | Engine | None = None,
        language: str | None = None,
        interface: str | None = None,
    ) -> BriefingStream:
        """Brief on an article, with headings (and what a model writes) in `language`, None: its own; raises as `stream`."""
        read_in = self._known(article)
        speaking = engine if engine is not None and not isinstance(engine, str) else self.engine(engine)
        return BriefingStream(
            read_in,
            self.library.articles.sentences(read_in.id),
            language=language or read_in.language,
            interface=interface or language or read_in.language,
            engine=speaking,
            embeddings=self._embeddings,
            grounding=self._grounding,
        )

    def brief(self, article: Source, *, engine: str | Engine | None = None, language: str | None = None) -> Briefing:
        """Brief on an article and wait for it; arguments and errors as for `briefing`."""
        return self.briefing(article, engine=engine, language=language).whole()

    def conversation(self, conversation: str, person: str | None) -> LoadedConversation:
        """A conversation with its debates, as it was left.

        Raises:
            NotFound: no such conversation of this person.
        """
        return load(self.library, conversation, person)

    def connect(self, *, model: str, api_key: str | None = None, base_url: str | None = None) -> Engine:
        """An engine for one person's own model and key, which are kept nowhere else.

        Raises:
            SettingsError, EngineUnavailable: it cannot be used.
        """
        from debatebot.factory import connected_engine

        return connected_engine(self.settings, self.prompts, model=model, api_key=api_key, base_url=base_url)

    def local_servers(self) -> tuple[LocalServer, ...]:
        """Model servers that answer on this machine's usual ports."""
        from debatebot.engines.servers import find_local_servers

        return find_local_servers()

    def load_samples(self, progress: Progress | None = None) -> Iterator[Article]:
        """Add the project's sample articles, the shortest first, and yield each when it can be asked about.

        A sample that was once loaded and then removed is not loaded again.
        """
        from debatebot.factory import sample_articles

        for article in sorted(sample_articles(), key=lambda sample: len(sample.text)):
            fact = f"sample:{article.content_hash}"
            if self.library.recall(fact) is None:
                self._ingestion.add(article, progress=progress)
                self.library.remember(fact, article.id)
                yield article

    def close(self) -> None:
        """Give files and connections back."""
        self._ingestion.close()
        self.library.close()

    def _beside(self, asked: Sequence[Perspective], earlier: Debate | None) -> tuple[Perspective, ...]:
        """Perspectives whose answers stand while others are asked again."""
        standing = {answer.perspective for answer in earlier.answers} if earlier else set()
        return tuple(one for one in self.perspectives if one.name in standing and one not in asked)

    def _articles(self, sources: Iterable[Source] | None, person: str | None) -> tuple[Article, ...]:
        if sources is None:
            found = [self.library.articles.get(entry.id) for entry in self.library.articles.list(person)]
        else:
            found = list({article.id: article for article in (self._known(source) for source in sources)}.values())
        if not found:
            raise NotFound("library_empty")
        return tuple(found)

    def _known(self, source: Source) -> Article:
        """The article in the library, read and indexed first where it is a file or an address."""
        if isinstance(source, Article):
            return source if self.library.articles.is_ready(source.id) else self.add(source)
        if isinstance(source, str) and not is_source(source):
            return self.library.articles.get(source)
        return self.add(source)
