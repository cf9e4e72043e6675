from __future__ import annotations

import pytest

from detente.extract.language import Token
from detente.extract.mentions import ActorMention, MentionKind
from detente.extract.speaker_kinds import kind_of_mention, kind_of_noun
from detente.schema import Actor, ActorKind


@pytest.mark.parametrize(
    ("lemma", "tag", "kind"),
    [
        ("report", "NN", "document"),
        ("statement", "NN", "document"),
        ("survey", "NN", "poll"),
        ("newspaper", "NN", "media"),
        ("firm", "NN", "organisation"),
        ("government", "NN", "state"),
        ("government", "NNS", "group"),
        ("voter", "NNS", "group"),
        ("official", "NN", "unnamed"),
        ("critic", "NNS", "unnamed"),
        ("mogul", "NN", "unnamed"),
    ],
)
def test_the_kind_of_a_noun(lemma: str, tag: str, kind: str) -> None:
    token = Token(
        i=0, start=0, end=1, text=lemma, lower=lemma, lemma=lemma, tag=tag, dep="nsubj", head=0
    )
    assert kind_of_noun(token) == kind


@pytest.mark.parametrize(
    ("text", "words", "mention_kind", "actor_kind", "kind"),
    [
        ("Wang Yi left.", "Wang Yi", "name", "person", "person"),
        ("Moscow left.", "Moscow", "metonym", "state", "state"),
        ("NATO left.", "NATO", "acronym", "alliance", "organisation"),
        ("Reuters left.", "Reuters", "name", "media", "media"),
        ("Hamas left.", "Hamas", "name", "group", "group"),
        ("Many Russians left.", "Russians", "demonym", "state", "group"),
        ("The Russians left.", "Russians", "demonym", "state", "state"),
        ("The Chinese left.", "Chinese", "demonym", "state", "state"),
        ("Some Tories left.", "Tories", "demonym", "organisation", "group"),
        ("A Tory left.", "Tory", "demonym", "organisation", "unnamed"),
    ],
)
def test_the_kind_of_a_named_source(
    text: str, words: str, mention_kind: MentionKind, actor_kind: ActorKind, kind: str
) -> None:
    start = text.index(words)
    mention = ActorMention(
        sentence=0,
        first=0,
        last=0,
        head=0,
        actor="X",
        kind=mention_kind,
        start=start,
        end=start + len(words),
        confidence=1.0,
    )
    assert kind_of_mention(Actor(id="X", name="X", kind=actor_kind), mention, text) == kind
