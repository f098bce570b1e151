"""Numbers, units and bounds as both languages write them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from debatebot.grounding.numbers import fit_numbers
from debatebot.grounding.numerals import literal_values
from debatebot.grounding.reading import read

FRENCH = "Dans cette phrase, on lit que la valeur est de {} dans le texte."
ENGLISH = "In this sentence, one can read that the value is {} in the text."


def quantity(text: str, language: str) -> tuple[set[Fraction], str]:
    (only,) = read((FRENCH if language == "fr" else ENGLISH).format(text)).quantities
    return set(only.values), only.dimension


@pytest.mark.parametrize(
    ("text", "language", "value", "dimension"),
    [
        ("6,5 %", "fr", "65/1000", "ratio"),
        ("6.5 percent", "en", "65/1000", "ratio"),
        ("1 000 €", "fr", "1000", "euro"),
        ("1\u202f000\u202f000 euros", "fr", "1000000", "euro"),
        ("$1,000", "en", "1000", "dollar"),
        ("US$6m", "en", "6000000", "dollar"),
        ("6 M€", "fr", "6000000", "euro"),
        ("3,5 milliards de dollars", "fr", "3500000000", "dollar"),
        ("3.5 billion dollars", "en", "3500000000", "dollar"),
        ("deux billions d'euros", "fr", "2000000000000", "euro"),
        ("près de mille milliards de dollars", "fr", "1000000000000", "dollar"),
        ("nearly a trillion dollars", "en", "1000000000000", "dollar"),
        ("soixante et onze ans", "fr", "71", "calendar"),
        ("quatre-vingt-dix-sept kilomètres", "fr", "97000", "length"),
        ("sixty-one kilometres", "en", "61000", "length"),
        ("two hundred and fifty thousand pounds", "en", "250000", "pound"),
        ("mille neuf cent quatre-vingts francs", "fr", "1980", "franc"),
        ("un tiers", "fr", "1/3", "ratio"),
        ("two thirds", "en", "2/3", "ratio"),
        ("three quarters", "en", "3/4", "ratio"),
        ("la moitié", "fr", "1/2", "ratio"),
        ("un demi-million", "fr", "500000", ""),
        ("half a million", "en", "500000", ""),
        ("half a euro", "en", "1/2", "euro"),
        ("nine out of 10", "en", "9/10", "ratio"),
        ("six Français sur dix", "fr", "6/10", "ratio"),
        ("deux ans et demi", "fr", "5/2", "calendar"),
        ("two and a half years", "en", "5/2", "calendar"),
        ("24 mois", "fr", "2", "calendar"),
        ("a 20-year", "en", "20", "calendar"),
        ("12 consecutive months", "en", "1", "calendar"),
        ("17 gigawatts", "en", "17000000000", "power"),
        ("37.8 billion tonnes", "en", "37800000000000", "mass"),
        ("les années 1990", "fr", "1990", "decade"),
        ("the 1990s", "en", "1990", "decade"),
        ("XIXe", "fr", "19", "ordinal"),
        ("the 19th", "en", "19", "ordinal"),
        ("une dizaine", "fr", "10", ""),
        ("des centaines de milliers", "fr", "100000", "vague"),
        ("hundreds of thousands", "en", "100000", "vague"),
        ("twice", "en", "2", "times"),
        ("4.4 US cents", "en", "44/1000", "dollar"),
        ("COVID-19", "en", "19", "code"),
    ],
)
def test_values(text: str, language: str, value: str, dimension: str) -> None:
    assert quantity(text, language) == ({Fraction(value)}, dimension)


@pytest.mark.parametrize(
    ("digits", "language", "values"),
    [
        ("1,000", "en", {"1000"}),
        ("1,000", "fr", {"1", "1000"}),
        ("1.000", "fr", {"1", "1000"}),
        ("1.000.000", "fr", {"1000000"}),
        ("1,234.5", "en", {"2469/2"}),
        ("1.234,5", "fr", {"2469/2"}),
        ("0,125", "fr", {"1/8"}),
        ("12.03.2019", "fr", set()),
        ("9" * 5000, "en", set()),
    ],
)
def test_separators(digits: str, language: str, values: set[str]) -> None:
    assert literal_values(digits, language) == {Fraction(value) for value in values}


@pytest.mark.parametrize(
    ("claim", "source", "fits"),
    [
        ("It cost a quarter of the budget.", "It cost 25 % of the budget.", ["equal"]),
        ("Cela a duré 24 mois.", "It lasted for two years.", ["equal"]),
        ("About 20 people came.", "Around 20 people came.", ["equal"]),
        ("More than 20 people came.", "Less than 20 people came.", ["opposite_bound"]),
        ("20 people came.", "At least 20 people came.", ["bound"]),
        ("About 7 percent of them came.", "6.9 percent of them came.", ["rounded"]),
        ("It cost 6 million dollars.", "It cost 6 million euros.", ["unit"]),
        ("It cost 6 million.", "It cost 6 million euros.", ["unit_left_out"]),
        ("It cost 6 million euros.", "It cost 6 billion euros.", ["differs"]),
        ("It cost 6 million euros.", "It was dear.", ["missing"]),
        ("It cost 7.10 million euros.", "It cost 7.1 million euros.", ["precise"]),
        ("It cost 7.1 million euros.", "It cost 7.10 million euros.", ["equal"]),
        ("It cost 7 million euros.", "It cost 7.0 million euros.", ["equal"]),
        ("It cost 1,000 euros.", "It cost 1,000.00 euros.", ["equal"]),
        ("It was one of the first.", "It was dear.", []),
    ],
)
def test_fits(claim: str, source: str, fits: list[str]) -> None:
    found = fit_numbers(read(claim).quantities, read(source).quantities)
    assert [fit.fit for fit in found] == fits
