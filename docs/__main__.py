"""Makes every page that is made from the code: `python -m docs`."""

from __future__ import annotations

from docs import agency_form, architecture, errors, facts, files, funds

for module in (errors, files, facts, funds, architecture, agency_form):
    module.main()
