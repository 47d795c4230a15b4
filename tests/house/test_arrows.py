"""The staircase of the house: who may import whom, which library stays in which room."""

from __future__ import annotations

import re

import pytest

from tests.house.imports import PACKAGES, Import, imports

STOREYS = {"accounts": 2, "messaging": 3, "notifications": 4}
ROOF = re.compile(r"chatsite\.(settings|urls|api|asyncapi|routing|asgi|management|staff)\b")
OPEN_TO_OTHER_APPS = {"models", "documents", "access", "policy", "services", "signals"}
FENCES = {
    "pymongo": r"chatsite\.(mongo|embedded|management|checks|outages)\b|\w+\.repositories\b",
    "bson": r"chatsite\.(types|mongo)\b",
    "channels": r"chatsite\.(realtime|asgi|routing)\b|\w+\.(consumers|routing)\b",
    "channels_redis": r"chatsite\.realtime\b",
    "rest_framework": r"chatsite\.api\b|\w+\.api\b",
    "drf_spectacular": r"chatsite\.api\b|\w+\.api\b",
    "django_mongodb_backend": r"chatsite\.mongo\.windows\b",
    "redis": r"chatsite\.(cache|realtime)\b",
}
LAYERS = [  # arrows point down only; a module's layer is that of the first name that fits
    (
        "interface",
        {
            "views",
            "api",
            "consumers",
            "admin",
            "receivers",
            "tasks",
            "forms",
            "management",
            "urls",
            "apps",
            "adapters",
            "stages",
        },
    ),
    ("meaning", {"services", "access", "policy"}),
    ("outward", {"broadcasts", "presentation"}),
    ("storage", {"repositories", "models", "windows"}),
    ("pure", {"documents", "protocol", "schema", "markup", "search", "signals"}),
]


@pytest.fixture(scope="module")
def found() -> list[Import]:
    everything = imports()
    assert len(everything) > 200  # the reader really reads
    return everything


def app_of(module: str) -> str | None:
    head = module.split(".")[0]
    return head if head in STOREYS else None


def test_lower_storeys_do_not_know_the_upper_ones(found: list[Import]) -> None:
    wrong = [
        one
        for one in found
        if (upper := app_of(one.imported)) and (own := app_of(one.importer)) and STOREYS[own] < STOREYS[upper]
    ]
    assert not wrong, "\n".join(map(str, wrong))


def test_the_kernel_imports_no_app(found: list[Import]) -> None:
    wrong = [
        one
        for one in found
        if one.importer.split(".")[0] == "chatsite" and not ROOF.match(one.importer) and app_of(one.imported)
    ]
    assert not wrong, "\n".join(map(str, wrong))


def test_nobody_imports_the_roof(found: list[Import]) -> None:
    wrong = [one for one in found if ROOF.match(one.imported) and not ROOF.match(one.importer)]
    assert not wrong, "\n".join(map(str, wrong))


def test_apps_use_only_the_open_rooms_of_others(found: list[Import]) -> None:
    wrong = [
        one
        for one in found
        if (other := app_of(one.imported))
        and (own := app_of(one.importer))
        and own != other
        and one.imported.split(".")[1] not in OPEN_TO_OTHER_APPS
    ]
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("library", FENCES)
def test_a_library_stays_in_its_rooms(found: list[Import], library: str) -> None:
    users = [one for one in found if one.imported.split(".")[0] == library]
    wrong = [one for one in users if not re.match(FENCES[library], one.importer)]
    assert not wrong, "\n".join(map(str, wrong))


def test_arrows_inside_an_app_point_down(found: list[Import]) -> None:
    wrong = []
    for one in found:
        own = app_of(one.importer)
        if own and own == app_of(one.imported):
            upper, lower = layer_of(one.importer), layer_of(one.imported)
            if upper is not None and lower is not None and lower < upper:
                wrong.append(one)
    assert not wrong, "\n".join(map(str, wrong))


def layer_of(module: str) -> int | None:
    room = module.split(".")[1] if "." in module else ""
    return next((place for place, (_name, rooms) in enumerate(LAYERS) if room in rooms), None)


def test_no_import_hides_in_a_function(found: list[Import]) -> None:
    wrong = [one for one in found if one.inside and one.importer.split(".")[0] in PACKAGES]
    assert not wrong, "\n".join(map(str, wrong))
