"""Words that only tell a sex, and what they become for the second eye: swapping them changes no resemblance."""

from __future__ import annotations

NEUTRAL: dict[str, str] = {
    word: neutral
    for neutral, words in {
        "persoon": "vrouw man dame heer mevrouw meneer mevr dhr mw hr jongeman jongedame kerel",
        "personen": "vrouwen mannen dames heren",
        "jongere": "meisje jongen meid gast jochie meiske",
        "jongeren": "meisjes jongens meiden jochies",
        "zijhij": "zij hij ze hem",
        "haarzijn": "haar zijn",
        "kindvan": "dochter zoon dochtertje zoontje",
        "kinderenvan": "dochters zonen zoons dochtertjes zoontjes",
        "ouder": "moeder vader mama papa",
        "stiefouder": "stiefmoeder stiefvader",
        "brus": "zus broer zusje broertje",
        "brussen": "zussen broers zusjes broertjes",
        "oomtante": "oom tante",
        "neefnicht": "neef nicht neefje nichtje",
        "neefnichten": "neven nichten neefjes nichtjes",
        "partner": "echtgenoot echtgenote",
        "liefje": "vriend vriendin vriendje vriendinnetje",
        "schoonouder": "schoonmoeder schoonvader",
        "grootouder": "oma opa",
        "baas": "bazin baas",
        "eigenaar": "eigenares eigenaresse eigenaar",
        "werkgever": "werkgeefster werkgever",
        "bewoner": "bewoonster bewoner",
        "verkoper": "verkoopster verkoper",
        "medewerker": "medewerkster medewerker",
        "buur": "buurvrouw buurman",
    }.items()
    for word in words.split()
}
