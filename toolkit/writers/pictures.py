"""Pictures (svg) as what Word can show: png, at the size that the picture asks for."""

from __future__ import annotations

import re
from functools import lru_cache

from toolkit.writers import N_, Unsupported
from toolkit.writers.typesetting import string, typeset

_SIZE = re.compile(r'<svg\b[^>]*?\bwidth="([\d.]+)mm"[^>]*?\bheight="([\d.]+)mm"')
_PIXELS_PER_INCH = 150  # sharp enough on paper; 200 takes half as much time again


def fitted(svg: str, width: float) -> tuple[float, float]:
    """The width and height of a picture in millimetres, made smaller when it is wider than there is room for."""
    found = _SIZE.search(svg)
    if found is None:
        raise Unsupported(N_("a picture that does not give its width and height in mm"))
    own_width, own_height = float(found[1]), float(found[2])
    scale = min(1.0, width / own_width)
    return own_width * scale, own_height * scale


@lru_cache(maxsize=32)
def png(svg: str) -> bytes:
    """The picture in pixels, its words in the font that came with this tool."""
    page = "#set page(width: auto, height: auto, margin: 0pt)\n"
    return typeset(f'{page}#image(bytes({string(svg)}), format: "svg")\n', "png", ppi=_PIXELS_PER_INCH)
