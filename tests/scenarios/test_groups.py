from __future__ import annotations

from detente.scenarios.groups import group_entities, unknown_groups

NAMES = ["Police_(Russia)", "Russia", "Police (France)", "Wing_(Some_Party)", "Nobody Known"]


def test_entities_of_one_country_share_a_number() -> None:
    homes = group_entities(NAMES).homes
    assert homes[0] == homes[1] != homes[2]
    assert homes[3] not in (0, *homes[:3])


def test_offices_are_what_stands_before_the_brackets() -> None:
    offices = group_entities(NAMES).offices
    assert offices[0] == offices[2] > 0
    assert offices[1] == 0


def test_what_a_name_does_not_tell_is_zero() -> None:
    groups = group_entities(NAMES)
    assert (groups.homes[4], groups.offices[4]) == (0, 0)
    assert not unknown_groups(2).homes.any()
