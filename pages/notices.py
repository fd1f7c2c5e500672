"""The two notices that a site begins with, as the first migration writes them; editors change them in the admin.

The privacy notice says what this software does, so whoever changes what is kept about people changes it here and tells
the editors: comments/models.py, newsletter/models/, omep_site/lib/mail.py (KEPT_FOR), omep_site/lib/throttle.py.
Facts that only the organisation knows are gaps in [square brackets]; a page that has any cannot be published.
"""

PRIVACY = {
    "title_fr": "Confidentialité",
    "title_en": "Privacy",
    "slug_fr": "confidentialite",
    "slug_en": "privacy",
    "body_fr": (
        "<p>Ce site vous demande le moins possible. Cette page dit ce qu’il garde, pourquoi, combien de temps, et "
        "comment faire valoir vos droits.</p>"
        "<h2>Qui est responsable</h2>"
        "<p>L’Organisation mondiale pour l’éducation préscolaire (OMEP) est responsable de ce site et de ce qu’il "
        "garde. Vous trouverez ses coordonnées dans la rubrique «\u202fContact\u202f», au pied des pages.</p>"
        "<h2>Quand vous lisez</h2>"
        "<p>Le site n’enregistre rien de votre visite&nbsp;: aucun cookie, aucune statistique, aucun contenu chargé "
        "depuis un autre site. Les liens vers d’autres sites, un réseau social par exemple, sont de simples liens&nbsp;: "
        "ils ne transmettent rien tant que vous ne les suivez pas. Un enregistrement ou une page d’un réseau social ne "
        "s’affiche sur place que si vous cliquez sur le bouton qui le propose&nbsp;: le site qui l’héberge, YouTube ou "
        "Facebook par exemple, connaît alors votre adresse IP et peut déposer des cookies.</p>"
        "<h2>Quand vous écrivez un commentaire</h2>"
        "<p>Nous gardons votre nom, votre adresse e-mail, l’adresse de votre site si vous la donnez, votre texte, sa "
        "langue et sa date. Une personne de l’équipe lit votre commentaire. S’il est approuvé, la page montre votre "
        "nom, l’adresse de votre site, votre texte et la date. Votre adresse e-mail n’est jamais montrée.</p>"
        "<p>Publié ou non, un commentaire est gardé jusqu’à ce qu’il soit supprimé\u202f; vous pouvez le demander à "
        "tout moment. Nous avons un intérêt légitime à faire vivre un échange autour de nos événements et à le "
        "modérer (RGPD, article&nbsp;6, paragraphe&nbsp;1, point&nbsp;f).</p>"
        "<h2>Quand vous vous abonnez à la Lettre</h2>"
        "<p>Nous gardons votre adresse e-mail, votre langue et la trace de votre consentement&nbsp;: les mots que vous "
        "avez acceptés, le moment et la page où vous l’avez fait. L’abonnement ne commence que si vous le confirmez "
        "par le lien que nous vous envoyons. Chaque envoi contient un lien pour vous désabonner.</p>"
        "<p>Nous le faisons parce que vous y avez consenti (RGPD, article&nbsp;6, paragraphe&nbsp;1, point&nbsp;a), et vous "
        "pouvez changer d’avis à tout moment. Une adresse désabonnée reste notée comme telle, pour que plus rien ne "
        "lui soit envoyé, jusqu’à ce que vous demandiez son effacement.</p>"
        "<h2>Les e-mails que le site envoie</h2>"
        "<p>Le site garde une copie de chaque e-mail, avec son adresse, et l’efface 30&nbsp;jours après l’envoi, ou "
        "après le dernier essai si l’e-mail n’a pas pu partir.</p>"
        "<h2>Contre les abus</h2>"
        "<p>Pour refuser les envois en masse, le site compte les formulaires qui viennent d’un même réseau et les "
        "demandes de confirmation pour une même adresse e-mail. Aucune adresse IP n’est enregistrée&nbsp;: chaque "
        "compteur porte une empreinte, calculée avec une clé tirée au hasard pour la journée. Au bout de deux jours, "
        "la clé est effacée, et l’empreinte ne mène plus à personne. Nous avons un intérêt légitime à protéger le "
        "site (RGPD, article&nbsp;6, paragraphe&nbsp;1, point&nbsp;f).</p>"
        "<h2>Les personnes qui tiennent le site</h2>"
        "<p>Elles ont un compte&nbsp;: un identifiant, leur nom et leur adresse e-mail si elles les donnent, un mot de "
        "passe que personne ne peut relire, et la liste de ce qu’elles ont modifié. Quand elles se connectent, des "
        "cookies gardent leur session ouverte. Ils n’existent que sous l’adresse /admin/.</p>"
        "<h2>Qui a accès à ces données</h2>"
        "<p>Les personnes qui tiennent le site et, pour notre compte, les prestataires qui l’hébergent et acheminent "
        "ses e-mails. Rien n’est vendu, ni transmis à qui que ce soit d’autre.</p>"
        "<h2>Vos droits</h2>"
        "<p>Le Règlement général sur la protection des données (RGPD, articles&nbsp;15 à&nbsp;21) vous permet de demander "
        "à&nbsp;:</p>"
        "<ul><li><p>voir les données qui vous concernent\u202f;</p></li>"
        "<li><p>les faire corriger ou effacer\u202f;</p></li>"
        "<li><p>en limiter l’usage, ou vous y opposer\u202f;</p></li>"
        "<li><p>les recevoir dans un format courant, pour les emporter ailleurs.</p></li></ul>"
        "<p>Écrivez-nous&nbsp;: nous vous répondons dans le mois. Si notre réponse ne vous convient pas, vous pouvez "
        "saisir l’autorité qui protège les données dans votre pays\u202f; en France, c’est la "
        '<a href="https://www.cnil.fr/">CNIL</a>.</p>'
    ),
    "body_en": (
        "<p>This site asks as little of you as it can. This page says what it keeps, why, for how long, and how to "
        "exercise your rights.</p>"
        "<h2>Who is responsible</h2>"
        "<p>The World Organisation for Early Childhood Education (OMEP) is responsible for this site and for what it "
        "keeps. You find how to reach it under “Contact”, at the foot of the pages.</p>"
        "<h2>When you read</h2>"
        "<p>The site records nothing of your visit: no cookie, no statistics, nothing loaded from another site. Links "
        "to other sites, such as a social network, are plain links: they tell nobody anything until you follow them. "
        "A recording, or a page of a social network, is shown in place only when you press the button that offers it: "
        "the site that hosts it, such as YouTube or Facebook, then learns your IP address and may set cookies.</p>"
        "<h2>When you write a comment</h2>"
        "<p>We keep your name, your e-mail address, the address of your website if you give it, your words, their "
        "language and their date. Somebody of the team reads your comment. If it is approved, the page shows your "
        "name, the address of your website, your words and the date. Your e-mail address is never shown.</p>"
        "<p>Published or not, a comment is kept until it is deleted; you may ask for that at any time. We have a "
        "legitimate interest in a conversation about our events, and in moderating it (GDPR, Article&nbsp;6(1)(f)).</p>"
        "<h2>When you subscribe to the newsletter</h2>"
        "<p>We keep your e-mail address, your language and the record of your consent: the words that you agreed to, "
        "the moment, and the page on which you did. The subscription begins only when you confirm it by the link that "
        "we send you. Every letter has a link to unsubscribe.</p>"
        "<p>We do so because you agreed (GDPR, Article&nbsp;6(1)(a)), and you may change your mind at any time. An "
        "address that was unsubscribed stays noted as such, so that nothing more is sent to it, until you ask us to "
        "erase it.</p>"
        "<h2>The mails that the site sends</h2>"
        "<p>The site keeps a copy of each mail, with its address, and erases it 30&nbsp;days after it was sent, or after "
        "the last try if it could not be sent.</p>"
        "<h2>Against abuse</h2>"
        "<p>To turn away floods, the site counts the forms that come from one network, and the confirmations that are "
        "asked for one e-mail address. No IP address is recorded: each counter carries a fingerprint, computed with a "
        "key drawn at random for the day. After two days the key is erased, and the fingerprint leads to nobody. We "
        "have a legitimate interest in protecting the site (GDPR, Article&nbsp;6(1)(f)).</p>"
        "<h2>The people who run the site</h2>"
        "<p>They have an account: a user name, their name and e-mail address if they give them, a password that nobody "
        "can read, and the list of what they changed. When they sign in, cookies keep their session open. These exist "
        "under the address /admin/ only.</p>"
        "<h2>Who can see this data</h2>"
        "<p>The people who run the site and, on our behalf, the companies that host it and carry its mail. Nothing is "
        "sold, or handed to anybody else.</p>"
        "<h2>Your rights</h2>"
        "<p>Under the General Data Protection Regulation (GDPR, Articles&nbsp;15 to&nbsp;21) you may ask:</p>"
        "<ul><li><p>to see the data that we hold about you;</p></li>"
        "<li><p>to have it corrected or erased;</p></li>"
        "<li><p>to restrict its use, or object to it;</p></li>"
        "<li><p>to receive it in a common format, to take elsewhere.</p></li></ul>"
        "<p>Write to us: we answer within a month. If our answer does not satisfy you, you may complain to the data "
        'protection authority of your country; in France, that is the <a href="https://www.cnil.fr/">CNIL</a>.</p>'
    ),
}

LEGAL = {
    "title_fr": "Mentions légales",
    "title_en": "Legal notice",
    "slug_fr": "mentions-legales",
    "slug_en": "legal-notice",
    "body_fr": (
        "<p>La loi française pour la confiance dans l’économie numérique demande à chaque site de dire qui le publie "
        "et qui l’héberge (loi n°&nbsp;2004-575 du 21&nbsp;juin&nbsp;2004, article&nbsp;1-1, ancien article&nbsp;6-III).</p>"
        "<h2>Qui publie ce site</h2>"
        "<p>Organisation mondiale pour l’éducation préscolaire (OMEP)<br>[forme juridique et numéro "
        "d’enregistrement]<br>[adresse du siège]<br>[téléphone]<br>[adresse e-mail]</p>"
        "<h2>Qui dirige la publication</h2>"
        "<p>[prénom, nom et fonction de la directrice ou du directeur de la publication]</p>"
        "<h2>Qui héberge ce site</h2>"
        "<p>[nom de l’hébergeur]<br>[adresse de l’hébergeur]<br>[téléphone de l’hébergeur]</p>"
        "<h2>Vos données</h2>"
        "<p>La page «\u202fConfidentialité\u202f» dit ce que ce site garde et comment faire valoir vos droits.</p>"
    ),
    "body_en": (
        "<p>The French law on confidence in the digital economy asks every site to say who publishes it and who hosts "
        "it (Act no. 2004-575 of 21&nbsp;June&nbsp;2004, article&nbsp;1-1, formerly article&nbsp;6-III).</p>"
        "<h2>Who publishes this site</h2>"
        "<p>World Organisation for Early Childhood Education (OMEP)<br>[legal form and registration "
        "number]<br>[address of the registered office]<br>[telephone]<br>[e-mail address]</p>"
        "<h2>Director of publication</h2>"
        "<p>[first name, surname and function of the director of publication]</p>"
        "<h2>Who hosts this site</h2>"
        "<p>[name of the host]<br>[address of the host]<br>[telephone of the host]</p>"
        "<h2>Your data</h2>"
        "<p>The page “Privacy” says what this site keeps and how to exercise your rights.</p>"
    ),
}
