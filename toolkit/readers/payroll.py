"""payroll.yaml: the hours behind the wages, as they are written."""

from __future__ import annotations

from toolkit.core.payroll import Payroll
from toolkit.core.problems import Problem
from toolkit.readers import model


def read_payroll(text: str, file: str, problems: list[Problem]) -> Payroll:
    """The hours by month and role; none where nothing in the file can be read."""
    return model.read(Payroll, text, file, problems) or Payroll()
