"""What a sentence does in its article: weighs, draws a picture, states a figure, says what may come.

Told by words that French and English journalism uses for it. The lists hold turns of phrase and no subject matter, so that
they serve any article; a sentence that does one of these things in other words is taken for plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from debatebot.types import ClaimKind, Sentence

_SETS_SIDES = (
    r"entre les deux",
    r"(?:les|des) mêmes (?:faits|chiffres|données|figures)",
    r"deux (?:lectures|récits|interprétations|camps|faces|versants)",
    r"d['’]un côté",
    r"d['’]une part\b.*d['’]autre part",
    r"les (?:deux|uns)\b.*\b(?:ont raison|les autres)",
    r"(?:paraît|semble|est) disproportionn",
    r"(?:à|faut) nuancer",
    r"\bnuance(?:nt)? (?:pourtant|toutefois|cependant|aussi|le |la |les |l['’]|ce)",
    r"à double (?:face|tranchant)",
    r"tout en (?:reconnaissant|admettant|concédant)",
    r"\bchoix entre\b",
    r"\b(?:bien|bonne?s?|mieux)\b[^;.]*;[^;.]*\b(?:mal|mauvaise?s?|pire)\b",
    r"\b(?:gagne|gagnent)\b[^;.]*;[^;.]*\b(?:perd|perdent)\b|\b(?:perd|perdent)\b[^;.]*;[^;.]*\b(?:gagne|gagnent)\b",
    r"(?:verdict|jugement) le plus juste",
    r"somewhere in between",
    r"\bin between\b",
    r"between the two",
    r"both (?:the \w+ (?:and|or) the \w+ )?(?:readings|sides|camps|views|accounts|stories|claims|descriptions|statements)",
    r"\b(?:rest|rests|draw|draws) on the same",
    r"the same (?:\w+ )?(?:figures|facts|numbers|data)",
    r"on (?:the )?one hand",
    r"(?:is|are) not the whole (?:story|picture)",
    r"cuts? both ways",
    r"(?:double|two)-edged",
    r"while (?:admitting|conceding|granting)",
    r"\bchoice between\b",
    r"\bwell\b[^;.]*;[^;.]*\b(?:badly|poorly)\b",
    r"\b(?:win|wins)\b[^;.]*;[^;.]*\b(?:lose|loses)\b|\b(?:lose|loses)\b[^;.]*;[^;.]*\b(?:win|wins)\b",
    r"fair(?:est)? (?:verdict|judgement|judgment)",
)

_LEAVES_OPEN = (
    r"ni\b[^.]*\bni\b",
    r"(?:personne|nul|aucun\w*) ne (?:sait|peut (?:encore |aujourd'hui )?(?:dire|trancher|affirmer|prédire))",
    r"(?:reste|restent) (?:à (?:savoir|voir|démontrer|prouver)|délicat|ouvert|incertain)",
    r"tout dépend(?:ra)?",
    r"\bdépend(?:ra|ront|ent)? (?:donc )?(?:beaucoup )?(?:de|du|des|d['’]abord|surtout|moins|autant|en)",
    r"ne (?:permet|permettent|suffit|suffisent|prouve|prouvent) (?:pas|ni|à rien)",
    r"(?:sans|sans pour autant) trancher",
    r"difficile (?:à|de) (?:dire|trancher|mesurer|comparer|savoir|séparer|conclure)",
    r"neither\b[^.]*\bnor\b",
    r"(?:nobody|no one|none) (?:can|knows|could)",
    r"(?:remains|remain|is still|are still) (?:open|unclear|uncertain|unsettled|to be seen|contested|hard to)",
    r"(?:it |much |a lot |everything |all |answer )?depends? (?:on|less|more|mostly|largely)",
    r"too (?:early|soon) to (?:say|tell|judge)",
    r"(?:hard|difficult|impossible) to (?:say|tell|judge|measure|separate|compare|know)",
)

_ANALOGY = (
    r"c['’]est un peu comme",
    r"^un peu comme",
    r"\bimagin(?:ez|ons)\b",
    r"à la manière d['’]un",
    r"comme si l['’]on",
    r"^(?:on peut )?(?:pensez|songez) (?:à|qu)",
    r"(?:ressemble|ressemblent) à (?:un|une|des|ce)",
    r"^imagine\b",
    r"^picture an?\b",
    r"\bmuch like\b",
    r"\ba bit like\b",
    r"\brather like\b",
    r"^think of\b",
    r"\bis (?:a little )?like an?\b",
    r"\bas if (?:you|one|someone)\b",
)

_OPINION = (
    r"\b(?:pour|selon|d['’]après) les (?:optimistes|pessimistes|inquiets|partisans|défenseurs|adversaires|opposants|critiques)",
    r"\bles (?:optimistes|pessimistes|inquiets|partisans|défenseurs|adversaires|opposants|critiques) \w+",
    r"\b(?:redoute|craint|espère|estime|juge|croit|pense|suggère|plaide|dénonce|déplore|se réjouit|s['’]inquiète)(?:nt)?\b",
    r"\b(?:redoutent|craignent|espèrent|estiment|jugent|croient|pensent|suggèrent)\b",
    r"\b(?:optimists|pessimists|critics|supporters|opponents|advocates|sceptics|skeptics)\b",
    r"\b(?:fear|fears|hope|hopes|believe|believes|argue|argues|suggest|suggests|think|thinks|complain|complains)\b",
    r"\b(?:devrait|devraient|il faut|faudrait|should|ought to)\b",
)

_INFERENCE = (
    r"\b(?:peut|peuvent|pourrait|pourraient|risque|risquent|semble|semblent|paraît|paraissent|probablement|sans doute|peut-être)\b",
    r"\b\w+(?:rait|raient)\b",
    r"\b\w{2,}er(?:a|ont)\b",
    r"\b(?:sera|seront|aura|auront|fera|feront|pourra|pourront|devra|devront|ira|iront|faudra|prendra|prendront)\b",
    r"^si\b",
    r"\b(?:may|might|could|would|probably|perhaps|likely|seems?|appears?|will)\b",
    r"^if\b",
)

_VALUE = (
    r"\b(?:juste|injuste|injustice|équitable|éthique|moral\w*|mérite\w*|acceptable|inacceptable|légitime|devrait|devraient)\b",
    r"\b(?:il faut|faudrait|vaut (?:mieux|la peine)|droit (?:de|à)|dignité)\b",
    r"\b(?:fair|unfair|injustice|ethic\w*|moral\w*|deserves?|acceptable|unacceptable|legitimate|should|ought|worth|dignity)\b",
)

_FIGURE = re.compile(r"\d")
_YEAR = re.compile(r"(?<![\d.,])(?:1[5-9]|20)\d\d(?![\d.,]\d|\d)(?!\s*%)")
_LONG_AGO = re.compile(
    r"\b(?:en|depuis|in|from|since|until|to)\s1[0-4]\d\d(?=\s*(?:[,.;:)]|$|à\b|et\b|to\b|and\b))"
    r"|\b(?:siècles?|century|centuries|BP|BCE?|years ago)\b|\bJ\.-C\.|\bil y a (?:[\w.,]+\s){1,4}ans\b"
)
_SPELLED = re.compile(
    r"\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante|cinquante|soixante|cent|cents"
    r"|mille|millions?|milliards?|moitié|tiers|quart|double|triple|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|fifteen|twenty|thirty|forty|fifty|sixty|hundred|thousand|billions?|trillions?|half|third|quarter|twice)\b",
    re.IGNORECASE,
)


_REMEMBERED = 20_000
"""Sentences whose nature is kept: the same ones come up question after question, and the lists are long to try."""


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_SIDES = _any_of(_SETS_SIDES)
_OPEN = _any_of(_LEAVES_OPEN)
_PICTURES = _any_of(_ANALOGY)
_OPINES = _any_of(_OPINION)
_INFERS = _any_of(_INFERENCE)
_VALUES = _any_of(_VALUE)


@lru_cache(maxsize=_REMEMBERED)
def sets_sides(text: str) -> bool:
    """True for a sentence that sets two sides against each other."""
    return _SIDES.search(text) is not None


@lru_cache(maxsize=_REMEMBERED)
def is_weighing(text: str) -> bool:
    """True for a sentence that sets sides against each other or says that a question is open."""
    return sets_sides(text) or _OPEN.search(text) is not None


@lru_cache(maxsize=_REMEMBERED)
def begins_analogy(text: str) -> bool:
    """True for a sentence that opens an everyday comparison."""
    return _PICTURES.search(text) is not None


@lru_cache(maxsize=_REMEMBERED)
def has_quantity(text: str) -> bool:
    """True for a sentence with a number that is not just a year."""
    return bool(_FIGURE.search(_YEAR.sub("", text)) or _SPELLED.search(text))


@lru_cache(maxsize=_REMEMBERED)
def states_figure(text: str) -> bool:
    """True for a sentence that states a fact with a number in digits, a year among them: what an answer can start from."""
    return _FIGURE.search(text) is not None and kind_of(text) == "fact" and not is_weighing(text)


def has_date(text: str) -> bool:
    """True for a sentence that names a year, a century, or a time long ago."""
    return _YEAR.search(text) is not None or _LONG_AGO.search(text) is not None


def kind_of(text: str) -> ClaimKind:
    """Whether a sentence gives an opinion, infers what may be, or states a fact."""
    if _OPINES.search(text):
        return "opinion"
    return "inference" if _INFERS.search(text) else "fact"


def states_value(text: str) -> bool:
    """True for a sentence about what matters or ought to be, rather than about what is."""
    return _VALUES.search(text) is not None


def in_analogy(sentences: Sequence[Sentence]) -> list[bool]:
    """For each sentence of an article, in order: does it belong to an everyday comparison?

    A comparison runs from the sentence that opens it to the end of its paragraph.
    """
    flags: list[bool] = []
    paragraph, inside = (None, False)
    for sentence in sentences:
        place = (sentence.article_id, sentence.paragraph)
        inside = (inside and place == paragraph) or begins_analogy(sentence.text)
        paragraph = place
        flags.append(inside)
    return flags
