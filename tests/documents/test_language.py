"""Languages of articles and of questions, from outside."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from debatebot.documents.language import LANGUAGES, detect

FRENCH = (
    "Risques ?|Pourquoi ?|Comment ?|Et après ?|Quels risques ?|Quels sont les enjeux ?|DeepSeek, danger ou chance ?|"
    "Qui paie ?|Combien ça coûte ?|Où ?|Quand ?|C'est grave ?|Est-ce dangereux ?|L'IA est-elle dangereuse ?|"
    "Avantages et limites|Les avantages ?|Inconvénients ?|Quel avenir pour l'emploi ?|Faut-il interdire DeepSeek ?|"
    "Peut-on lui faire confiance ?|Que disent les experts ?|Que risque OpenAI ?|Et l'Europe ?|Et la Chine ?|"
    "Emplois menacés ?|Quel impact ?|Impact écologique ?|Résume l'article|De quoi parle ce texte ?|"
    "Qu'en pensent les Français ?|Y a-t-il un danger ?|Bonne nouvelle ?|À qui profite le télétravail ?|"
    "Quid de la vie privée ?|Télétravail : pour ou contre ?|Nucléaire, stop ou encore ?|Conséquences économiques ?|"
    "Nvidia va-t-elle chuter ?|Qui gagne ?|Quelles preuves ?|POURQUOI ?|Qu’est-ce que l’IA ?"
).split("|")
ENGLISH = (
    "Why?|How?|What next?|What risks?|What are the stakes?|DeepSeek, threat or opportunity?|Who pays?|"
    "How much does it cost?|Where?|When?|Is it serious?|Is it dangerous?|Is AI dangerous?|Costs and benefits|"
    "Pros and cons?|What future for jobs?|Should DeepSeek be banned?|Can we trust it?|What do experts say?|"
    "What does OpenAI risk?|And Europe?|What about China?|Jobs at risk?|Which impact?|Summarize the article|"
    "What is this text about?|Does it work?|Any danger?|Who benefits from remote work?|Remote work: good or bad?|"
    "Nuclear power, yes or no?|Will Nvidia crash?|Who wins?|What evidence?|Will it last?|Tell me more|WHY?|"
    "It’s safe, isn’t it?"
).split("|")
# Content words only, which both languages could share: the default may win, but never a third language.
WEAK = {
    "fr": ("Avantages ?", "Danger ?", "Solutions possibles ?", "Vie privée ?", "Explique"),
    "en": ("Risks?", "Benefits?", "Drawbacks?", "Environmental impact?", "Possible solutions?", "Privacy?", "Explain"),
}
NAMES = (
    "DeepSeek|DeepSeek ?|OpenAI|OpenAI?|Nvidia|Emmanuel Macron|Sam Altman|2024|GPT-4|Apple Inc.|Berlin|Los Angeles|"
    "Yann LeCun ?|ChatGPT|Toyota|42 %|???|😀|https://www.lemonde.fr/les-des-une|jean@le-site.fr|BNP Paribas"
).split("|")


@pytest.mark.parametrize("default", ["fr", "en", "de"])
@pytest.mark.parametrize(("language", "question"), [("fr", q) for q in FRENCH] + [("en", q) for q in ENGLISH])
def test_a_short_question_is_recognised_whatever_the_default(language: str, question: str, default: str) -> None:
    assert detect(question, default=default) == language


@pytest.mark.parametrize(("language", "question"), [(language, q) for language, group in WEAK.items() for q in group])
def test_content_words_alone_are_never_taken_for_a_third_language(language: str, question: str) -> None:
    assert detect(question, default=language) == language
    assert detect(question, default={"fr": "en", "en": "fr"}[language]) in ("fr", "en")


@pytest.mark.parametrize("default", ["fr", "en", "de", "it"])
@pytest.mark.parametrize("text", [*NAMES, "", "   ", "\n\u00a0"])
def test_names_and_numbers_have_the_default_language(text: str, default: str) -> None:
    assert detect(text, default=default) == default


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("de", "Was sind die Risiken?"),
        ("de", "Warum ist das gefährlich?"),
        ("es", "¿Cuáles son los riesgos?"),
        ("es", "¿Por qué?"),
        ("it", "Quali sono i rischi?"),
        ("it", "Perché è pericoloso?"),
        ("pt", "Quais são os riscos?"),
        ("pt", "Por que não?"),
        ("nl", "Wat zijn de risico's?"),
        ("nl", "Waarom is het gevaarlijk?"),
    ],
)
@pytest.mark.parametrize("default", ["fr", "en"])
def test_other_languages_are_told_apart(language: str, question: str, default: str) -> None:
    assert detect(question, default=default) == language


ELSEWHERE = {
    "ru": "Солнечная энергия дешевеет с каждым годом. Города строят новые парки, и жители надеются на чистый воздух.",
    "he": "האנרגיה הסולארית נעשית זולה יותר מדי שנה. הערים בונות פארקים חדשים.",
    "ja": "太陽光発電は毎年安くなっています。都市は新しい公園を建設しています。",
    "el": "Η ηλιακή ενέργεια γίνεται φθηνότερη κάθε χρόνο.",
    "pl": "Energia słoneczna tanieje z roku na rok, a miasta budują nowe parki. Mieszkańcy mają nadzieję na czyste "
    "powietrze, lecz rolnicy obawiają się o swoją ziemię i o przyszłość swoich gospodarstw. Nikt nie wie, czy park się "
    "opłaci, ponieważ ceny prądu zmieniają się bardzo szybko w całej Europie i trudno je przewidzieć.",
    "sv": "Solenergin blir billigare för varje år och städerna bygger nya parker. Invånarna hoppas på ren luft, men "
    "bönderna fruktar för sin mark och för framtiden. Ingen vet om parken lönar sig, eftersom elpriserna ändras mycket "
    "snabbt i hela Europa och är svåra att förutse.",
}


@pytest.mark.parametrize("language", ELSEWHERE)
def test_an_article_has_the_language_it_is_in(language: str) -> None:
    assert detect(ELSEWHERE[language], default="fr") == language


def test_names_alone_are_no_other_language_however_many() -> None:
    assert detect("DeepSeek, OpenAI, Anthropic, Mistral. " * 30, default="fr") == "fr"


def test_an_article_is_recognised_in_spite_of_a_foreign_beginning() -> None:
    body = "La ville a annoncé un plan. Les habitants sont partagés, mais le maire assure que les coûts baisseront. "
    article = "The New York Times, Associated Press. Read more on the website.\n\n" + body * 60
    assert detect(article, default="en") == "fr"


def test_decomposed_accents_count() -> None:
    assert detect("Ou\u0300 ?", default="en") == "fr"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(st.characters(), max_size=300), default=st.sampled_from([*LANGUAGES, "pl"]))
def test_any_text_has_a_language(text: str, default: str) -> None:
    found = detect(text, default=default)
    assert found in {*LANGUAGES, default} or re.fullmatch("[a-z]{2,3}", found)


def test_py3langid_is_not_loaded_for_a_question_with_function_words() -> None:
    code = (
        "import sys; from debatebot.documents.language import detect; "
        "print(detect('Pourquoi ?', default='en'), 'py3langid' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["fr", "False"]


def test_the_shared_instance_of_py3langid_is_left_alone() -> None:
    code = (
        "from debatebot.documents.language import detect; from py3langid import langid; "
        "detect('Avantages ?', default='en'); print(langid.IDENTIFIER, len(langid._get_identifier().labels) > 50)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["None", "True"]
