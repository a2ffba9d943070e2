"""The small project with something that was issued from it, to verify and to break."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from toolkit.core.dossier import Dossier
from toolkit.core.occasion import Occasion
from toolkit.core.receipts import Receipt
from toolkit.issuing import Issued, Sending, issue
from toolkit.project import open_project
from toolkit.readers.receipts import read_receipt, receipt_text
from toolkit.render import occasions_of
from toolkit.verifying import Verified, verify

SENT = date(2022, 8, 30)
NAME = "2022-06-30-status-report-v1"


def dossier_of(folder: Path) -> Dossier:
    dossier = open_project(folder).dossier
    assert dossier is not None
    return dossier


def only_report(folder: Path) -> Occasion:
    (report,) = occasions_of(dossier_of(folder), "status-report")
    return report


def sent(folder: Path, *papers: Path) -> Issued:
    sending = Sending("Socialstyrelsen", SENT, via="tilskudsportalen", case_number="22/123", attachments=papers)
    return issue(open_project(folder), only_report(folder), ("html",), None, sending)


def receipt_of(folder: Path, name: str = NAME) -> Receipt:
    problems: list[object] = []
    text = (folder / "issued" / name / "receipt.yaml").read_text(encoding="utf-8")
    receipt = read_receipt(text, "receipt.yaml", problems)  # type: ignore[arg-type]
    assert problems == []
    assert receipt is not None
    return receipt


def verified(folder: Path) -> Verified:
    (only,) = verify(open_project(folder))
    return only


def forge(folder: Path, receipt: Receipt) -> None:
    """Put another receipt in the place of the kept one, and take what the log says of it out of the log."""
    (folder / "issued" / NAME / "receipt.yaml").write_text(receipt_text(receipt), encoding="utf-8", newline="\n")
    log = folder / "events.yaml"
    text = re.sub(r', receipt: "sha256:[0-9a-f]+"', "", log.read_text(encoding="utf-8"))
    log.write_text(text, encoding="utf-8", newline="\n")
