"""Which language a text is written in: by its function words, and by py3langid where these do not tell.

Function words decide nearly always, at once, and for questions of two words, where n-grams guess: "DeepSeek, danger ou
chance ?" looks English to them. A word counts 1/n for each of the n languages it belongs to. What remains is left to
py3langid among the languages that are still possible: a naive Bayes model over byte n-grams (Lui & Baldwin, "langid.py:
An Off-the-shelf Language Identification Tool", ACL 2012). It takes half a second to load, which most questions never pay.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

LANGUAGES = ("fr", "en", "de", "es", "it", "pt", "nl")
"""ISO 639-1 codes that are told apart in a few words; another language takes its own script, or a longer text."""

_WORD = re.compile(r"[^\W\d_]+['’]?|[¿¡]")
_NO_EVIDENCE = re.compile(r"\S{0,60}(?:://|www\.|@)\S*|\b[^\W\d_]+[a-zß-ÿ][A-Z]\w*")
"""Addresses, and names such as OpenAI."""
_SAMPLE = 1500
"""Code points read at the beginning, in the middle and at the end of a long text."""
_CONFIDENT = 0.7
"""Probability from which py3langid is believed; measured on questions of one to four words."""
_CERTAIN = 0.9
"""Likewise, among all languages it knows."""
_UNEXPECTED = 0.75
"""Function words by which a language must be ahead that neither the interface nor the article speaks."""
_PRIOR = 0.3
"""How likely such a language is beforehand, compared with those."""

_LONG = 40
"""Words from which a text has its share of function words, whatever it is about."""
_LEAST_SHARE = 0.2
"""Of the words of a long text that are function words of its language: around 0.4 in all of `LANGUAGES`."""
_NO_LATIN = re.compile(r"[^\W\d_\x00-\u024f\u1e00-\u1eff]")

_FUNCTION_WORDS = {
    "fr": """le la les un une des du de à au aux te me et ou où en dans pour par sur sous avec sans est sont était
        sera serait a ont été être avoir fait que qui quoi quel quelle quels quelles quand comment pourquoi combien
        ce cet cette ces c' l' d' qu' n' j' s' m' t' il ils elle elles on nous vous je tu se ne pas plus moins son
        sa ses leur leurs notre votre mon ma mes si mais donc car comme entre selon peut doit faut y aussi très tout
        tous toute toutes même autre autres chez vers après avant depuis contre cela ça""",
    "en": """the a an of and to in is are was were be been being it its he she they we you i this that these those
        there what which who whom whose why when where how do does did don' doesn' isn' won' can' not no or but if
        so than as at by for from on with without about into over under after before between against can could will
        would should may might must has have had his her their our your my me him them us any some all more most
        other such only also""",
    "de": """der die das den dem des ein eine einen einem einer und oder aber ist sind war waren wird werden wurde hat
        haben sein nicht kein keine was wer wie wo wann warum welche welcher welches wieso wieviele oft ich du er
        sie es wir ihr mit von vom zu zum zur für auf aus bei nach über unter im in an am als auch so wenn dass noch
        nur man kann soll muss sich zwischen durch gegen ohne um vor bis""",
    "es": """¿ ¡ el la los las lo un una unos unas de del al y o en con por para sin sobre es son era fue ser está
        están ha han hay que qué quién quiénes cuál cuáles cuándo cuánto cuántos cuánta cuántas dónde cómo no se su
        sus le les me mi tu yo él ella este esta esto estos estas ese esa eso como más menos pero si sí también muy
        entre desde hasta ya porque puede pueden""",
    "it": """il lo la i gli le l' un uno una un' di del dello della dei degli delle dell' d' a al allo alla ai alle
        all' da dal dalla in nel nella nei nelle nell' con su sul sulla per tra fra e o ed è sono era ha hanno che
        chi cosa cos' quale quali quando quanto quanti come dove dov' perché non si suo sua loro questo questa
        questi queste quello ma se anche più meno molto può essere stato ci c'""",
    "pt": """o a os as um uma de do da dos das em no na nos nas por pelo pela para com sem sobre e ou é são era foi
        ser está estão tem têm há que quê quem qual quais quando quanto quantos onde como porque não se seu sua seus
        suas isso este esta esse essa mais menos mas também muito entre até já pode podem eu ele ela eles ao aos à""",
    "nl": """de het een en of in is zijn was waren wordt worden heeft hebben niet geen wat wie welke waar wanneer
        waarom hoe hoeveel dat die dit deze ik je hij zij we wij met van voor op aan uit bij naar over onder door
        als ook maar om te tot nog kan moet er""",
}


def detect(text: str, *, default: str) -> str:
    """Tell the language of an article or of a question.

    Args:
        default: returned where the evidence is weak: no letters, names only, an unknown language.

    Returns:
        An ISO 639-1 code: one of `LANGUAGES`, the default, or any other that is certain.
    """
    sample = _NO_EVIDENCE.sub(" ", unicodedata.normalize("NFC", _sample(text)))
    words = _WORD.findall(sample)
    if not words:
        return default
    scores = _function_word_scores(words)
    if _is_another(sample, words, scores):
        return _of_all(sample) or default
    expected = ("fr", "en", default)
    handicapped = {language: score - _UNEXPECTED * (language not in expected) for language, score in scores.items()}
    best, second = sorted(handicapped.values(), reverse=True)[:2]
    if best >= 1 and best >= 2 * second:
        return max(handicapped, key=handicapped.__getitem__)
    return _likeliest(sample, scores, default)


def _is_another(sample: str, words: list[str], scores: Mapping[str, float]) -> bool:
    """Whether it cannot be one of `LANGUAGES`: another script, or a long text with hardly any of their words."""
    letters = sum(map(str.isalpha, sample))
    if 2 * len(_NO_LATIN.findall(sample)) > letters:
        return True
    return len(words) >= _LONG and max(scores.values()) < _LEAST_SHARE * len(words)


def _of_all(sample: str) -> str | None:
    """The language among all that py3langid knows, if it is certain."""
    language, probability = _identifier(None).rank(sample)[0]
    return str(language) if probability >= _CERTAIN else None


def _sample(text: str) -> str:
    if len(text) <= 3 * _SAMPLE:
        return text
    middle = len(text) // 2
    return f"{text[:_SAMPLE]} {text[middle : middle + _SAMPLE]} {text[-_SAMPLE:]}"


def _function_word_scores(words: list[str]) -> dict[str, float]:
    owners = _owners()
    scores = dict.fromkeys(LANGUAGES, 0.0)
    for word in words:
        key = word.casefold().replace("’", "'")
        languages = owners.get(key) or owners.get(key.rstrip("'"), ())
        for language in languages:
            scores[language] += 1 / len(languages)
    return scores


@cache
def _owners() -> Mapping[str, tuple[str, ...]]:
    """Function word → the languages it belongs to."""
    owners: dict[str, tuple[str, ...]] = {}
    for language, words in _FUNCTION_WORDS.items():
        for word in words.split():
            owners[word] = (*owners.get(word, ()), language)
    return owners


def _likeliest(text: str, scores: Mapping[str, float], default: str) -> str:
    """The language that fits the n-grams best among those the function words leave; the default when that is not sure."""
    expected = {"fr", "en", default}
    candidates = {language for language, score in scores.items() if score >= max(scores.values()) / 2}
    if candidates.isdisjoint(expected):
        candidates.add(default)
    priors = {language: 1.0 if language in expected else _PRIOR for language in candidates}
    probabilities = _probabilities(text, priors)
    likeliest = max(probabilities, key=probabilities.__getitem__)
    if probabilities[likeliest] >= _CONFIDENT:
        return likeliest
    if default in candidates:
        return default
    return max(candidates & expected, key=probabilities.__getitem__)


def _probabilities(text: str, priors: Mapping[str, float]) -> dict[str, float]:
    """Probabilities of the languages in `priors` by their n-grams; they sum to 1."""
    weights = {
        language: p * priors[language] for language, p in _identifier(LANGUAGES).rank(text) if language in priors
    }
    total = sum(weights.values()) or 1.0
    return {language: weight / total for language, weight in weights.items()}


@cache
def _identifier(languages: tuple[str, ...] | None) -> Any:
    """An instance of our own: the functions of py3langid share one that anybody may restrict to other languages."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    if languages:
        identifier.set_languages(languages)
    return identifier
