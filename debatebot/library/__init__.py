"""The library: articles, their sentences, briefings and conversations, in SQL. The source of truth; the index is made from it.

A person is a short secret that the page keeps in the browser; whoever is not that person sees neither the articles added
nor the conversations held nor the briefings written under it. `EVERYBODY` owns the samples and what the command line adds;
`person=None` asks for all there is, which is what the owner of the data folder does on the command line.
"""

from debatebot.library.articles import EVERYBODY, ArticleEntry, Articles
from debatebot.library.briefings import Briefings
from debatebot.library.conversations import Conversation, ConversationEntry, Conversations, StoredTurn
from debatebot.library.store import Library
from debatebot.library.vectors import VectorStore

__all__ = [
    "EVERYBODY",
    "ArticleEntry",
    "Articles",
    "Briefings",
    "Conversation",
    "ConversationEntry",
    "Conversations",
    "Library",
    "StoredTurn",
    "VectorStore",
]
