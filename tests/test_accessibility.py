"""The pages of the example hold what WCAG 2.1 AA asks, as axe-core sees them in a browser.

Only where both are installed: a Chromium, and axe-core in node_modules/ or where AXE_CORE says (its axe.min.js).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from toolkit.project import open_project
from toolkit.render import make_document, occasions_of

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "projects" / "thisted-nordthy"
AXE = Path(os.environ.get("AXE_CORE", ROOT / "node_modules" / "axe-core" / "axe.min.js"))
BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)

_RUN = """
axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}).then(found => {
  const told = found.violations.map(each => each.id + ": " + each.nodes.map(node => node.target.join(" ")).join(", "));
  document.body.innerHTML = "<pre id=told></pre>";
  document.getElementById("told").textContent = JSON.stringify(told);
});
"""


@pytest.mark.skipif(BROWSER is None or not AXE.is_file(), reason="no Chromium, or no axe-core, is installed")
@pytest.mark.parametrize("kind", ["application", "status-report", "accounts", "agenda-item"])
def test_a_page_has_no_barrier_that_axe_finds(kind: str, tmp_path: Path) -> None:
    dossier = open_project(EXAMPLE).dossier
    assert dossier is not None
    page = make_document(dossier, occasions_of(dossier, kind)[0], ["html"]).contents["html"].decode()
    open_to_scripts = re.sub(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "", page)
    script = f"<script>{AXE.read_text(encoding='utf-8')}</script><script>{_RUN}</script></body>"
    file = tmp_path / "side.html"
    file.write_text(open_to_scripts.replace("</body>", script), encoding="utf-8")

    assert json.loads(_told(file, tmp_path)) == []


def _told(file: Path, profile: Path) -> str:
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    command = [
        str(BROWSER),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        *quiet,
        f"--user-data-dir={profile / 'profile'}",
    ]
    command += ["--virtual-time-budget=20000", "--dump-dom", file.as_uri()]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    told = re.search(r'<pre id="told">(.*?)</pre>', shown, re.DOTALL)
    assert told is not None, shown[-2000:]
    return told[1].replace("&quot;", '"').replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&")
