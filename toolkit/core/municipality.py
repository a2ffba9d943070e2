"""A municipality (kommune), as the state lists it."""

from __future__ import annotations

from msgspec import Struct


class Municipality(Struct, frozen=True):
    """One of the ninety-eight: a row of templates/municipalities.csv."""

    code: str  # 0787, as text: it begins with a zero
    place: str  # Thisted, as people say and as project.yaml holds it
    name: str  # Thisted Kommune; København, Bornholm and Vesthimmerland have names of their own
    region: str  # Region Nordjylland
