"""The months' words in nine languages, as Unicode's locale data have them.

Polish has two forms of most months, and a date uses the genitive. Accents may be missing.
"""

from __future__ import annotations

import unicodedata

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "sv", "pl")
_WORDS = (
    # en, nl, sv and others share many words: each is here once
    "january jan januar jänner jän janvier janv enero ene gennaio gen januari janeiro stycznia "
    "styczeń sty",
    "february feb februar février févr fév febrero febbraio februari fevereiro fev lutego luty lut",
    "march mar märz mär mars marzo maart mrt março marca marzec",
    "april apr avril avr abril abr aprile kwietnia kwiecień kwi",
    "may mai mayo maggio mag mei maio maj maja",
    "june jun juni juin junio giugno giu junho czerwca czerwiec cze",
    "july jul juli juillet juil julio luglio lug julho lipca lipiec lip",
    "august aug août aoû agosto ago augustus augusti sierpnia sierpień sie",
    "september sep sept septembre septiembre settembre set setembro września wrzesień wrz",
    "october oct oktober okt octobre octubre ottobre ott outubro out października październik paź",
    "november nov novembre noviembre novembro listopada listopad lis",
    "december dec dezember dez décembre déc diciembre dic dicembre dezembro grudnia grudzień gru",
)


def _bare(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


_MONTHS = {
    spelling: number
    for number, words in enumerate(_WORDS, 1)
    for word in words.split()
    for spelling in (word, _bare(word))
}
_MONTHS |= {"maerz": 3, "maer": 3, "jaenner": 1}


def month_of(word: str) -> int | None:
    """Return the month that a word names in any of ``LANGUAGES``, None when it is none."""
    plain = unicodedata.normalize("NFC", word.casefold()).rstrip(".")
    return _MONTHS.get(plain)
