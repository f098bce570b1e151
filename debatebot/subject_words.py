"""Small words and endings by which names are told from verbs and from what only qualifies, French and English.

The lists hold words of grammar, measure and judgement and no subject matter, so that they serve any article.
"""

from __future__ import annotations

import re


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LANGUAGES = ("fr", "en")
DETERMINERS = {
    "fr": words(
        "le la les l' un une des du au aux ce cet cette ces son sa ses leur leurs notre nos votre vos mon ma mes"
        " chaque plusieurs quelques aucun aucune"
    ),
    "en": words(
        "the a an this these those its their his her our your my each every some many several few any no another"
    ),
}
INDEFINITE = words("un une a an some quelques plusieurs several few many any no aucun aucune another chaque each every")
PREPOSITIONS = {
    "fr": words("de d' en dans sur sous pour par avec sans entre vers chez contre depuis selon apres avant"),
    "en": words(
        "of in for on with by from between against about without into under over at near behind beside during after before"
        " through across within inside outside beyond along around above below among towards toward per like despite"
    ),
}
LINKS = {"fr": words("de du des d' en a sans la l' le les et"), "en": words("of the and")}
CLOSES_EN = words(
    """of is are was were has have had can could may might must will would should shall cannot do does did which who
    whose and or but as when while because since if until so though although where also often still alone not nor never"""
)
SMALL_EN = words(  # they stand between words that name and are none of them
    """may might must shall cannot up down out off away apart back now then here there however therefore meanwhile nevertheless
    perhaps instead rather quite very too
    even ever never soon ago almost nearly already always simply only faster slower sooner later to than that"""
)
PAST_EN = words(  # forms of verbs that no ending tells
    """found grew grown rose risen fell fallen cut led said told went gone came took taken gave given made built bought paid
    put set kept lost won held sent spent saw seen known knew shown written wrote began begun became broke broken chose
    chosen drew drawn drove driven felt got left let met ran sold spread stood swung taught thought understood wore brought
    caught meant read heard hurt"""
)
NUMBERS = words(
    "deux trois quatre cinq six sept huit neuf dix onze douze two three four five six seven eight nine ten"
    " vingt trente quarante cinquante soixante twenty thirty forty fifty sixty seventy eighty ninety"
)
BEFORE_NOUN = (
    words(
        """petit petite petits petites grand grande grands grandes bon bonne bons bonnes nouveau nouvel nouvelle nouveaux
    nouvelles jeune jeunes vieux vieille gros grosse premier premiere premiers premieres dernier derniere derniers dernieres
    beau belle haut haute long longue mauvais mauvaise meilleur meilleure meilleurs meilleures faible faibles forte vrai
    vraie veritable simple simples"""
    )
    | NUMBERS
)
MARKERS = words(  # they qualify, count or measure what is named, and name nothing
    """seul seule seuls seules autre autres certain certaine certains certaines meme memes tel telle moitie tiers quart peu
    plupart doute verite bout compte voie partie nombre fois cas fait part point exemple suite place lieu sorte ainsi moins
    plus apres avant encore deja toujours trop bien mal mieux jour jours mois semaine semaines heure heures minute minutes
    annee annees temps an ans siecle hier soir soirs matin lendemain nuit moment fin debut monde chose choses maniere facon
    question questions milieu sillage idee signe preuve choix pire meilleur cause raison raisons portee ampleur genre niveau
    espoir espoirs crainte craintes risque risques
    danger dangers chance chances promesse peur
    may might must shall cannot enough today again alone together whole kept left deal much
    only other certain same such half third quarter part lot way kind number case fact example thing things one ones
    more less most least another own first last next time times year years month months week weeks day days hour hours
    minute minutes decade decades evening evenings world place end start reason reasons idea sign question questions
    picture story choice reader readers hope hopes fear fears
    worry worries risk risks danger dangers promise warning people person anyone everyone nobody best worst right wrong
    million billion thousand hundred dozen millions billions percent million milliard millions milliards pour-cent
    dollars euros pounds janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre january
    february march april june july august september october november december"""
)
EVIDENCE = words(  # what tells of a thing, and not the thing
    """etude etudes enquete enquetes rapport rapports chiffre chiffres donnee donnees analyse analyses exemple pays commission
    cours bilan bilans estimation study studies report reports survey surveys figure figures data paper finding findings
    countries country unit units estimate estimates essay article
    verdict verite lecture lectures recit recits camp camps reading readings account accounts claim claims view views"""
)
ADJECTIVE_FR = re.compile(
    r"(?:iques?|els?|elles?|al|ales?|aux|ifs?|ives?|eux|euses?|aires?|iens?|iennes?|ais|aises?|ois|oises?|[aio]bles?"
    r"|ains?|aines?|erte?s?|ants?|antes?|ents|entes?|ouverte?s?|publiques?|numeriques?|islandais|solaires?)$"
)
PARTICIPLE_FR = re.compile(r"(?:[ée]e?s?|ies?|ues?)$")
NEVER_ADJECTIVE = words("mal bien tel quel seul aux mais jamais desormais")
VERB_FR = re.compile(r"(?:er|ir|re|oir)$")
VERB_FR_AFTER_CLITIC = re.compile(r"(?:er|ir|re|oir|(?<!m)ent|ait|aient|era|eront)$")
ADVERB_EN = re.compile(r"(?:ly|ed|ing)$")
NOUN_EN = re.compile(
    r"(?:tion|sion|ment|ness|ity|ism|ance|ence|ship|age|ure|ery|hood|ogy|ers|ors|ions|ments|ities|ist|ists)$"
)
EMPTY = {
    "fr": DETERMINERS["fr"] | PREPOSITIONS["fr"],
    "en": DETERMINERS["en"] | PREPOSITIONS["en"] | SMALL_EN,
}
PREDICATES = words(
    "is are was were be been become becomes became as est sont etait etaient sera seront serait seraient devient reste comme"
)

NOUN_FOLLOWS_FR = words("de d' en sans")
NOUN_FOLLOWS_EN = words("of in")
JOINS_EN = words("and or")
