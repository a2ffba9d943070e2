"""Money is a whole number of øre."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:

    class Money:
        """An amount in whole øre (beløb).

        A type of its own only to the type checker, which then refuses to add a count to an amount. When the program
        runs it is a plain int: a million postings are summed as fast as Python can.
        """

        def __init__(self, oere: int) -> None: ...
        def __add__(self, other: Money) -> Money: ...
        def __sub__(self, other: Money) -> Money: ...
        def __neg__(self) -> Money: ...
        def __abs__(self) -> Money: ...
        def __int__(self) -> int: ...
        def __lt__(self, other: Money) -> bool: ...
        def __le__(self, other: Money) -> bool: ...
        def __gt__(self, other: Money) -> bool: ...
        def __ge__(self, other: Money) -> bool: ...

else:
    Money = NewType("Money", int)  # keeps its name in a record's hints, where a reader has to know it

NOTHING = Money(0)


def kr(kroner: int, oere: int = 0) -> Money:
    """Whole kroner, and øre if there are any, as Money: kr(250_000) is 250.000 kr."""
    return Money(kroner * 100 + (oere if kroner >= 0 else -oere))


def kroner(amount: Money) -> str:
    """An amount as it may be typed back: 6.994.528 or 250.000,50, with no unit and an ASCII minus."""
    sign, (whole, oere) = "-" if amount < NOTHING else "", divmod(abs(int(amount)), 100)
    return f"{sign}{whole:,}".replace(",", ".") + (f",{oere:02}" if oere else "")


def percentage(share: Fraction, limit: Fraction | None = None) -> str:
    """A share in per cent as it may be typed back: 18 or 12,5."""
    value = percent(share, limit)
    whole, rest = divmod(abs(value), 1)
    digits = f"{rest.numerator * 10**9 // rest.denominator:09}".rstrip("0")
    return ("-" if value < 0 else "") + f"{int(whole):,}".replace(",", ".") + (f",{digits}" if digits else "")


def total(amounts: Iterable[Money]) -> Money:
    """The sum, in øre; nothing at all is 0 kr."""
    return sum(amounts, NOTHING)


def split(amount: Money, weights: Sequence[Fraction | int]) -> list[Money]:
    """Divide `amount` by weights into whole øre that always sum to it.

    Each part is rounded toward zero; the øre left over go one by one to the parts that lost the most by it, the first
    of equals first. Weights must be zero or more, and not all zero.
    """
    sign, oere = (1, int(amount)) if amount >= NOTHING else (-1, -int(amount))
    unit = lcm(*(weight.denominator for weight in weights))
    shares = [weight.numerator * (unit // weight.denominator) for weight in weights]
    parts, lost = zip(*(divmod(oere * share, sum(shares)) for share in shares), strict=True)
    losers = sorted(range(len(parts)), key=lambda i: -lost[i])[: oere - sum(parts)]
    return [Money(sign * (part + (i in losers))) for i, part in enumerate(parts)]


def times(quantity: Fraction, unit_price: Money) -> Money:
    """Quantity × unit price in whole øre; half an øre rounds away from zero."""
    product = quantity * int(unit_price)
    rounded = (2 * abs(product.numerator) + product.denominator) // (2 * product.denominator)
    return Money(rounded if product >= 0 else -rounded)


def whole_kroner(amount: Money) -> Money:
    """An amount rounded to whole kroner, half away from zero, for an overview that has no room for øre."""
    rounded = (abs(int(amount)) + 50) // 100 * 100
    return Money(rounded if amount >= NOTHING else -rounded)


def percent(share: Fraction, limit: Fraction | None = None) -> Fraction:
    """A share in per cent with one decimal, half away from zero: the one rounding of shares.

    It has more decimals where it would else look like nothing, like all of it, or like a `limit` that it is not.
    """
    for decimals in range(1, 10):
        rounded = Fraction(int(abs(share) * 100 * 10**decimals + Fraction(1, 2)), 10**decimals)
        if all(
            abs(share) == each or rounded != each * 100
            for each in (Fraction(0), Fraction(1), limit)
            if each is not None
        ):
            break
    return rounded if share >= 0 else -rounded


def share(part: Money, whole: Money) -> Fraction | None:
    """`part` of `whole` as an exact fraction; None when there is nothing to have a share of."""
    return Fraction(int(part), int(whole)) if int(whole) else None
