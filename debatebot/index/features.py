"""What the second stage of the ranking looks at: the best sentences of the first stage, closer.

Each feature is one number a sentence. They are read from the inverted indexes that are there anyway, and from the text of
the few sentences that are looked at, so that nothing is stored for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from debatebot.answerability import ROOT, topical
from debatebot.index.shards import Rows, Scores, Shard
from debatebot.lexical import fold, idf, question_terms
from debatebot.questions import expected_fact
from debatebot.thesaurus import kindred

Asked = Literal["date", "quantity", "person", "place", "reason", "other"]
"""What a question asks for, as far as a sentence shows whether it holds such a thing."""

KINDS = (
    "year_for_date",
    "calendar_for_date",
    "number_for_quantity",
    "numeral_for_quantity",
    "name_for_person",
    "name_for_place",
    "cause_for_reason",
)
"""Features that are above 0 only where a question asks for such a thing and a sentence holds it."""

AROUND = 0.5
"""What a word counts for a sentence that only its neighbours hold, in `share_asked_for`."""

_GRAM = 4  # letters
_USUAL_GRAMS = 60.0  # of a sentence

_QUANTITY = re.compile(
    r"\b(?:combien|how (?:many|much|long|old|far|big)|quel(?:le)? (?:pourcentage|age|nombre|proportion|part|population))\b"
    r"|\bnombre d|what percent"
)
_DATE = re.compile(
    r"\b(?:quand|when)\b|\b(?:quel(?:le)?s?|what|which) (?:annees?|date|jour|mois|siecle|epoque|year|date|day|month|century)\b"
)
_PERSON = re.compile(r"(?<!est ce )\bqui\b(?! (?:est|sont) ce qu)|\b(?:who|whom|whose|quelle personne)\b")
_PLACE = re.compile(
    r"^(?:d[e']? ?)?(?:ou|where)\b|\b(?:quel(?:le)?|what|which) (?:pays|ville|region|lieu|endroit|country|city|place)\b"
)
_REASON = re.compile(r"\b(?:pourquoi|why|quelles? (?:est la |sont les )?raisons?|dans quel but)\b")

_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"(?<=[^\W\d_][\s,'’] )[A-ZÀ-Ý]\w+|(?<=[^\W_][ '’])[A-ZÀ-Ý]\w+")
_CALENDAR = re.compile(
    r"\b(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|siecle|annees|lundi|mardi"
    r"|mercredi|jeudi|vendredi|samedi|dimanche|hiver|printemps|ete|automne|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|century|centuries)\b"
)
_NUMERAL = re.compile(
    r"\b(?:un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente"
    r"|quarante|cinquante|soixante|cents?|mille|millions?|milliards?|dizaines?|douzaines?|vingtaine|centaines?|milliers?|moitie"
    r"|tiers|quart|premiere?|seconde?|deuxieme|troisieme|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|fifteen|twenty|thirty|forty|fifty|hundreds?|thousands?|billions?|dozens?|half|third|quarter|first)\b"
)
_CAUSE = re.compile(
    r"\b(?:car|parce qu|afin|pour|puisqu|grace|raisons?|causes?|due?s?|permet|permettre|permettant|suite a|en effet|donc|ainsi"
    r"|because|since|in order|so that|as a result|therefore|to)\b"
)
_OTHER = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True)
class FirstStage:
    """Scores of all rows of the shards, one shard after the other, and of all their paragraphs.

    `starts`: first row of each paragraph. `paragraph_of`: the paragraph of each row. `article_of`: the shard of each row.
    """

    dense: Scores
    paragraph_dense: Scores
    lexical: Scores
    paragraph_lexical: Scores
    mixed: Scores
    starts: Rows
    paragraph_of: Rows
    article_of: Rows


def candidate_features(
    question: str, language: str, shards: Sequence[Shard], first: FirstStage, rows: Rows
) -> dict[str, Scores]:
    """The features of some sentences, by name; each of shape (len(rows),).

    Args:
        language: of the question, and of all shards.
        first: what the first stage says of all their sentences.
        rows: which of them to look at.
    """
    ends = np.cumsum([len(shard) for shard in shards])
    texts = [
        shards[place].sentences[row - int(ends[place])].text
        for place, row in zip(first.article_of[rows].tolist(), rows.tolist(), strict=True)
    ]
    plain = [fold(text) for text in texts]
    return {
        **_dense(first, rows, shards),
        **_lexical(first, rows),
        **_words(question, language, shards, first, rows),
        **_grams(question, plain),
        **_kinds(question, texts, plain),
        **_places(first, rows),
    }


def asked_for(question: str) -> Asked:
    """What kind of thing a sentence must hold to answer."""
    text = " ".join(re.findall(r"[\w']+", fold(question)))
    kind = expected_fact(question)
    if kind in ("date", "quantity"):
        return kind
    kinds: tuple[tuple[Asked, re.Pattern[str]], ...] = (
        ("date", _DATE),
        ("quantity", _QUANTITY),
        ("person", _PERSON),
        ("place", _PLACE),
        ("reason", _REASON),
    )
    return next((kind for kind, pattern in kinds if pattern.search(text)), "other")


def stretched(scores: Scores) -> Scores:
    """From 0 for the least to 1 for the most; all 1 where none is better than another."""
    least, most = scores.min(), scores.max()
    if most <= least:
        return np.ones_like(scores)
    return np.asarray((scores - least) / (most - least), dtype=np.float32)


def _dense(first: FirstStage, rows: Rows, shards: Sequence[Shard]) -> dict[str, Scores]:
    dense = stretched(first.dense)
    deviation = max(float(first.dense.std()), 1e-3)
    before, after = _neighbours(first, rows)
    paragraphs = first.paragraph_of[rows]
    sizes = [len(shard) for shard in shards]
    of_articles = np.maximum.reduceat(first.dense, np.cumsum([0, *sizes[:-1]]))
    return {
        "dense": dense[rows],
        "dense_below_best": (first.dense[rows] - first.dense.max()) / deviation,
        "dense_before": np.where(before, dense[rows - before], dense[rows]),
        "dense_after": np.where(after, dense[rows - 1 + 2 * after], dense[rows]),
        "paragraph_dense": stretched(first.paragraph_dense)[paragraphs],
        "paragraph_dense_below_best": (first.paragraph_dense[paragraphs] - first.paragraph_dense.max()) / deviation,
        "paragraph_best_dense": np.maximum.reduceat(dense, first.starts)[paragraphs],
        "article_dense_below_best": (of_articles[first.article_of[rows]] - first.dense.max()) / deviation,
    }


def _lexical(first: FirstStage, rows: Rows) -> dict[str, Scores]:
    paragraphs = first.paragraph_lexical[first.paragraph_of[rows]]
    best = np.maximum.reduceat(first.mixed, first.starts)
    return {
        "lexical": first.lexical[rows],
        "paragraph_lexical": paragraphs,
        "paragraph_best_mixed": best[first.paragraph_of[rows]],
    }


def _neighbours(first: FirstStage, rows: Rows) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether each row has one before it, and one after it, in its paragraph."""
    last = len(first.paragraph_of) - 1
    before = (rows > 0) & (first.paragraph_of[np.maximum(rows - 1, 0)] == first.paragraph_of[rows])
    after = (rows < last) & (first.paragraph_of[np.minimum(rows + 1, last)] == first.paragraph_of[rows])
    return before, after


def _words(question: str, language: str, shards: Sequence[Shard], first: FirstStage, rows: Rows) -> dict[str, Scores]:
    """Shares of what the question's words weigh: in the sentence, and, of what it lacks, in what stands around it."""
    terms = question_terms(question, language, language).terms
    size = len(first.dense)
    names = "words akin only_akin before before_that after opening elsewhere paragraph article".split()
    totals = {name: np.zeros(len(rows), dtype=np.float32) for name in names}
    weighed = exact_weighed = 0.0
    before, after = _neighbours(first, rows)
    second = before & (first.paragraph_of[np.maximum(rows - 2, 0)] == first.paragraph_of[rows]) & (rows > 1)
    opening = first.starts[first.paragraph_of[rows]]
    for term in terms:
        exact, akin = _holding(term, shards, size)
        exact_weight, weight = idf(int(exact.sum()), size), idf(int(akin.sum()), size)
        weighed += weight
        exact_weighed += exact_weight
        here = akin[rows]
        paragraph = np.maximum.reduceat(akin, first.starts)[first.paragraph_of[rows]]
        totals["words"] += exact_weight * exact[rows]
        totals["akin"] += weight * here
        totals["only_akin"] += weight * (here & ~exact[rows])
        totals["paragraph"] += weight * paragraph
        totals["article"] += weight * _in_articles(akin, first, shards)[first.article_of[rows]]
        found = here
        for name, there, offset in (("before", before, 1), ("before_that", second, 2), ("after", after, -1)):
            new = there & akin[np.clip(rows - offset, 0, size - 1)] & ~found
            totals[name] += weight * new
            found = found | new
        new = akin[opening] & ~found
        totals["opening"] += weight * new
        totals["elsewhere"] += weight * (paragraph & ~(found | new))
    return {name: total / max(exact_weighed if name == "words" else weighed, 1e-6) for name, total in totals.items()}


def share_asked_for(question: str, language: str, shards: Sequence[Shard], first: FirstStage, rows: Rows) -> Scores:
    """Share of what the words weigh that name what a question asks for, in each sentence; half of it where only its neighbours
    in the paragraph hold a word. Arguments as of `candidate_features`; shape (len(rows),)."""
    size = len(first.dense)
    before, after = _neighbours(first, rows)
    total = np.zeros(len(rows), dtype=np.float32)
    weighed = 0.0
    for term in dict.fromkeys(token.term for token in topical(question, language)):
        _, akin = _holding(term, shards, size)
        weight = idf(int(akin.sum()), size)
        weighed += weight
        beside = (before & akin[rows - before]) | (after & akin[rows - 1 + 2 * after])
        total += weight * np.where(akin[rows], 1.0, AROUND * beside).astype(np.float32)
    return total / np.float32(weighed or 1.0)


def _in_articles(holding: NDArray[np.bool_], first: FirstStage, shards: Sequence[Shard]) -> NDArray[np.bool_]:
    found = np.zeros(len(shards), dtype=np.bool_)
    found[first.article_of[holding]] = True
    return found


def _holding(term: str, shards: Sequence[Shard], size: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which rows hold a term, and which hold it, a word akin, or one that stands for the same."""
    exact, akin = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_)
    offset = 0
    for shard in shards:
        exact[shard.postings.found(term)[0] + offset] = True
        if len(term) >= ROOT - 1:
            for other in shard.akin.get(term[:ROOT], ()):
                akin[shard.postings.found(other)[0] + offset] = True
        for other in kindred(term, shard.language):
            akin[shard.postings.found(other)[0] + offset] = True
        offset += len(shard)
    return exact, exact | akin


def _grams(question: str, texts: Sequence[str]) -> dict[str, Scores]:
    """Share of the question's sequences of four letters, by idf over `texts`: finds "informatique" by "informaticien"."""
    wanted = np.unique(_codes([fold(question)])[0])
    codes, owners = _codes(texts)
    places = np.minimum(np.searchsorted(wanted, codes), max(len(wanted) - 1, 0))
    held = np.zeros((len(wanted), len(texts)), dtype=np.float32)
    if len(wanted):
        hits = wanted[places] == codes
        held[places[hits], owners[hits]] = 1
    frequencies = held.sum(axis=1)
    weights = np.log1p((len(texts) - frequencies + 0.5) / (frequencies + 0.5))
    share = weights @ held / max(float(weights.sum()), 1e-6)
    lengths = np.bincount(owners, minlength=len(texts))
    return {"grams": share, "grams_by_length": share / np.sqrt(np.maximum(lengths, 10) / _USUAL_GRAMS)}


def _codes(texts: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
    """One number for each sequence of four characters of the texts, and which text it is of."""
    spaced = [" " + _OTHER.sub(" ", text) + " " for text in texts]
    letters = np.frombuffer("".join(spaced).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    owners = np.repeat(np.arange(len(texts)), [len(text) for text in spaced])
    if len(letters) < _GRAM:
        return np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.intp)
    codes = np.zeros(len(letters) - _GRAM + 1, dtype=np.uint64)
    for place in range(_GRAM):
        codes = codes * np.uint64(0x10FFFF) + letters[place : place + len(codes)]
    whole = owners[: len(codes)] == owners[_GRAM - 1 :]
    return codes[whole], owners[: len(codes)][whole]


def _kinds(question: str, texts: Sequence[str], plain: Sequence[str]) -> dict[str, Scores]:
    """Whether a sentence holds a thing of the kind asked for that the question itself does not name."""
    asked = asked_for(question)
    known = {word[:ROOT] for word in re.findall(r"\w+", fold(question))}
    words = [{word[:ROOT] for word in _WORD.findall(text)} for text in plain]
    values = {name: np.zeros(len(texts), dtype=np.float32) for name in KINDS}
    if asked in ("date", "quantity"):
        number = _flags({found[:ROOT] for found in _NUMBER.findall(text)} - known for text in texts)
        if asked == "date":
            values["year_for_date"] = _flags(set(_YEAR.findall(text)) - known for text in texts)
            values["calendar_for_date"] = np.maximum(number, _flags(map(_CALENDAR.search, plain)))
        else:
            values["number_for_quantity"] = number
            values["numeral_for_quantity"] = np.maximum(number, _flags(map(_NUMERAL.search, plain)))
    elif asked in ("person", "place"):
        names = _flags({fold(found)[:ROOT] for found in _NAME.findall(text)} - known for text in texts)
        values[f"name_for_{asked}"] = names
    elif asked == "reason":
        values["cause_for_reason"] = _flags(map(_CAUSE.search, plain))
    return values | {
        "new_words": np.log1p(np.array([len(each - known) for each in words], dtype=np.float32)),
        "length": np.log1p(np.array([len(each) for each in words], dtype=np.float32)),
    }


def _flags(values: Iterable[object]) -> Scores:
    return np.array([bool(value) for value in values], dtype=np.float32)


def _places(first: FirstStage, rows: Rows) -> dict[str, Scores]:
    place = (rows - first.starts[first.paragraph_of[rows]]).astype(np.float32)
    return {"opens_paragraph": (place == 0).astype(np.float32), "place_in_paragraph": np.minimum(place, 5) / 5}
