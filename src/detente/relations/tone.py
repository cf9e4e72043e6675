"""Whether words speak for or against: the tone of a claim beside that of a proposition.

A claim agrees with a proposition that it is about when its tone is the proposition's: who fears a
rapprochement disagrees with "the two should work together", who calls a power aggressive agrees
with "it is a threat". The tone of a text is a matter of words: of opposing, of denying, of harm.
"""

from __future__ import annotations

import re
from typing import Literal

Stance = Literal["agree", "disagree", "neutral"]

_OPPOSING = (
    "accus alarm anger angry anxi balk bash blam blast boycott caution censur challeng complain "
    "concern condemn contradict counter critic decr defy denial denied denies deny denounc deplor "
    "derid disagree disapprov disavow dismiss disput dissent doubt dread fear fum lament loath "
    "mistrust mock object oppos outrag protest question rebuf rebuk rebut refus refut regret "
    "reject renounc repudiat resent resist scept scoff scold shun skeptic slam spurn suspicio "
    "threat unease uneasy unhapp unwilling veto warn worri worry wary"
)
_NEGATING = (
    "ain't barely cannot can't couldn't didn't doesn't don't hadn't hardly hasn't haven't "
    "impossible improbable isn't neither never no nobody none nor not nothing nowhere rarely "
    "scarcely seldom shouldn't unlikely wasn't weren't without won't wouldn't"
)
_HARMING = (
    "abandon abus adversar aggress attack bad bankrupt betray block brazen bypass catastroph "
    "chaos coerc collaps confront cost crime cripple damag danger deceiv deceptiv defeat destabil "
    "destroy devast disast disrupt empty end endanger enem erod evil exclud exploit fail fall "
    "foe fragil futil harm hostil humiliat hurt illegal imperial infiltrat invad invas isolat kill "
    "lie lose loss marginal meddl menac mistake naive naïve neglect obstacl peril poison "
    "provo punish reckless restrict rift risk rival ruin sabotag sacrific scrap sell-out sellout "
    "sever shatter sidelin split stop strain suffer terribl terror threat trap turmoil undermin "
    "unfair unilateral unjust unstabl victim violat weak withdraw worse worst wrong"
)
_NOTING = "assess aware conscious follow inform know learn monitor notic perceiv recogni understand"


def _stems(words: str) -> re.Pattern[str]:
    """Return a pattern of words with one of the beginnings; short ones take common endings only."""
    long = "|".join(re.escape(word) for word in words.split() if len(word) > 4)
    short = "|".join(re.escape(word) for word in words.split() if len(word) <= 4)
    endings = r"(?:s|ed|d|ing|ly|r|rs|ous|y)?"
    return re.compile(rf"\b(?:(?:{long})[\w-]*|(?:{short}){endings})\b", re.IGNORECASE)


OPPOSING, HARMING, NOTING = _stems(_OPPOSING), _stems(_HARMING), _stems(_NOTING)
NEGATING = re.compile(
    rf"\b(?:{'|'.join(map(re.escape, _NEGATING.split()))})\b|\brul\w* out\b", re.IGNORECASE
)


def speaks_against(text: str) -> bool:
    """Return whether a text opposes, denies or speaks of harm; one such word is enough."""
    plain = text.replace("’", "'")
    return any(pattern.search(plain) for pattern in (OPPOSING, NEGATING, HARMING))


def read_stance(cue: str, content: str, proposition: str) -> Stance:
    """Return the side that a claim takes on a proposition that it is about.

    Cues of noticing and knowing ("notes that") take none. Else the claim agrees where its tone and
    the proposition's are alike. Two words against do not make one for: "rules out a sell-out" is
    read as against, for parity did no better where it was tried.

    Args:
        cue: the words that report.
        content: what is said.
        proposition: the proposition in one sentence.
    """
    if NOTING.search(cue):
        return "neutral"
    alike = speaks_against(f"{cue} {content}") == speaks_against(proposition)
    return "agree" if alike else "disagree"
