"""What is kept of a document that left the municipality, so that it can be made again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from toolkit.core.records import Record


class Receipt(Record, frozen=True, kw_only=True):
    """receipt.yaml of an issued document (kvittering): what it was, of which days, and the digest of every file.

    `facts` are the facts that the document used, by path, as they read in it: a newer version of the tool may figure
    or write it otherwise, and these tell which. Every receipt was written with a `version`; None where somebody took it
    out.
    """

    issued: str  # 2022-06-30-status-report-v1: the folder's name
    kind: str
    title: str
    name: str  # the files' name without what the format adds
    as_of: date
    known_by: date
    case: str | None = None
    step: str | None = None
    change: str | None = None
    decided: bool = False
    layout: str
    version: str | None = None  # of the tool
    to: str
    via: str | None = None
    case_number: str | None = None
    files: Mapping[str, str]  # name: sha256:…
    inputs: str
    attachments: Mapping[str, str] = {}
    facts: Mapping[str, str] = {}
