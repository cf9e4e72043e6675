from __future__ import annotations

import pytest

from detente.documents.languages import detect_language

FRENCH = (
    "La France et l'Allemagne ont présenté une résolution à l'Assemblée générale, rejetée par les "
    "États-Unis. Le ministre russe des Affaires étrangères a salué cette décision à Moscou."
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The envoys of the two countries met in Riyadh and talked for four hours.", "en"),
        ("Trump, Putin, Zelensky", "en"),
        ("", "en"),
        ("12345 !?", "en"),
        ("Paris: accord signé", "en"),
        ("Trump Putin Riyadh Lavrov Rubio NATO Ukraine Moscow Kyiv Beijing " * 4, "en"),
        (FRENCH, "fr"),
        ("Россия и США провели переговоры.", "ru"),
        ("中国外交部发言人表示，中方欢迎一切致力于和平的努力。", "zh"),
        ("قالت وزارة الخارجية إن المحادثات انتهت.", "ar"),
        (
            f"The envoy said that it was over. {'He left for the talks. ' * 9} 中国外交部发言人",
            "en",
        ),
    ],
)
def test_detect_language(text: str, language: str) -> None:
    assert detect_language(text) == language
