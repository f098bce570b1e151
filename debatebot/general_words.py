"""Words of questions that name nothing of their own, in French and English, one or more forms of each."""

from __future__ import annotations

# Words that ask about an article as a whole and name nothing of their own. A question that holds no other word, besides stop
# words, is about the whole article; beside a word that does name something they count for nothing: what "the risks for bees"
# needs is bees. Compared by their stems, so that one form of each is enough; verbs whose forms differ stand in several.
GENERAL_WORDS = {
    "fr": """
        article texte document contenu sujet thème passage page lecture auteur journaliste
        bon bonne bien meilleur meilleure mieux mauvais mauvaise mal pire nouvelle actualité annonce
        avantage inconvénient bénéfice atout intérêt mérite défaut risque danger dangereux menace opportunité chance promesse
        espoir espérer espère crainte craindre craint craignons peur redouter inquiéter inquiète inquiétant inquiétude rassurer
        rassurant réjouir positif négatif optimiste pessimiste neutre favorable défavorable enthousiaste alarmant
        fort forte faible point côté aspect argument raison motif pour contre camp partisan opposant critique limite
        disent pensent croient craignent espèrent redoutent inquiètent parlent gagnent perdent changent confiance
        conséquence effet impact résultat suite implication répercussion enjeu problème difficulté solution leçon
        gagner gagne gagnant perdre perd perdant profiter profite concerné touché
        penser pense pensez croire croit retenir retient comprendre comprend savoir sait sais expliquer résumer résumé résume
        synthèse synthétiser décrire dire dit dis dites parler parle présenter conclure conclusion opinion avis point vue
        idée message fait chiffre clé clef essentiel important importance importe principal simple simplement bref mot détail
        vrai vraiment vérité faux certain sûr fiable crédible sérieux doute débat polémique controverse désaccord accord
        avenir futur long court moyen terme temps maintenant ensuite demain aujourd'hui attendre prévoir changer change
        falloir faut devoir doit doivent devrait pouvoir peux pourrait veut vouloir arriver arrive passer passe passera
        efficace efficacité augmenter augmente baisser baisse diminuer diminue progresser améliorer améliore empirer
        retour revenir revient arrivée essor lancement développement
        rôle jouer joue réagir réagi réaction fonctionner fonctionne marcher marche servir sert
        conseiller recommander agir décider choisir croire société monde gens personne tout global ensemble général
        choix choisir choisit option haut haute élevé élevée bas basse
        chose manière façon rien beaucoup trop assez
        stp svp merci bonjour salut autre donner donne faire ferai fera montrer citer cite liste lister aider aide
    """,
    "en": """
        article text document content subject topic passage page piece reading author writer journalist story
        good better best well bad worse worst badly great news announcement
        advantage disadvantage benefit upside downside merit drawback flaw risk danger dangerous threat opportunity chance promise
        pro pros con cons hope hopeful fear fearful worry worried worrying concern concerned reassure reassuring glad
        positive negative optimist optimistic pessimist pessimistic neutral favourable favorable enthusiastic alarming
        strong stronger strongest weak weaker weakest weakness strength point side aspect argument reason against camp supporter
        opponent critic criticism criticise criticize limit limitation
        trust confidence
        consequence effect impact result outcome implication repercussion stake issue problem difficulty solution lesson
        win winner lose loser gain profit affected involved
        think thought believe remember understand know explain explanation summary summarise summarize sum describe
        description say says said tell talk present conclude conclusion opinion view viewpoint perspective
        idea message fact figure number key essential important importance matter main simple simply brief short word detail
        true really truth false certain sure reliable credible serious doubt debate controversy controversial disagree
        disagreement agree agreement
        future long term time now next tomorrow today expect change
        need ought must might may shall happen happens come go going
        return returning comeback arrival launch development
        effective increase decrease rise fall grow shrink improve worsen role play react reaction work function serve
        advise recommend act decide choose society world people person everyone everything whole overall general
        choice choose option high low
        hold holds held back keep stand
        each thing way something anything nothing lot
        please thanks hello hi give make show list quote help let want get see use
    """,
}

# Words that ask for a judgement of what the article is about: a question that holds no other may be put to any article. They are
# looked for all the same, since they tell which sentences bear on it: what is fair, what is safe.
JUDGING_WORDS = {
    "fr": """
        utile inutile juste injuste équitable raisonnable réaliste possible impossible nécessaire souhaitable acceptable
        rentable valoir vaut vaudra peine coup absurde normal sage prudent moral éthique durable suffisant
    """,
    "en": """
        useful useless fair unfair reasonable realistic possible impossible necessary desirable acceptable
        worth worthwhile sensible safe unsafe right wrong normal wise prudent moral ethical sustainable feasible
    """,
}

# Words by which a question asks what is to be thought of something, or what the article says of it. No passage alone answers
# that: all that bears on it does.
BROAD_WORDS = {
    "fr": """
        article texte document auteur journaliste
        bon bonne bien mieux meilleur meilleure mauvais mauvaise mal pire nouvelle idée avantage inconvénient atout
        faut faudra faudrait doit doivent devrait devons devrions penser pense pensez croire inquiéter inquiète craindre espérer
        réjouir optimiste pessimiste positif négatif favorable contre souhaitable opinion avis
    """,
    "en": """
        article text document author writer journalist
        good bad better worse best worst news idea advantage disadvantage benefit pro pros con cons should ought think worry
        worried worrying fear hope glad optimistic pessimistic positive negative against desirable opinion
    """,
}
