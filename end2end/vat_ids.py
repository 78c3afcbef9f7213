"""Writes src/types/vat_id_cases.txt anew: numbers at random that python-stdnum takes, numbers that it does not, and slips.

python3 -m pip install python-stdnum==2.2 && python3 end2end/vat_ids.py > src/types/vat_id_cases.txt
"""

import random

from stdnum.eu import vat
from stdnum.gb import vat as gb

LETTERS, DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
# 9 a digit, A a letter, X either, anything else itself.
SHAPES = {
    "AT": ["U99999999"], "BE": ["0999999999", "1999999999"], "BG": ["999999999", "9999999999"], "CY": ["99999999A"],
    "CZ": ["99999999", "699999999", "9999999999"], "DE": ["999999999"], "DK": ["99999999"], "EE": ["999999999"],
    "EL": ["999999999"], "ES": ["99999999A", "A99999999", "A9999999A"], "FI": ["99999999"], "FR": ["99999999999", "XX999999999"],
    "HR": ["99999999999"], "HU": ["99999999"], "IE": ["9999999A", "9999999AA", "9A99999A"], "IT": ["99999999999"],
    "LT": ["999999919", "999999999919"], "LU": ["99999999"], "LV": ["99999999999"], "MT": ["99999999"], "NL": ["999999999B99"],
    "PL": ["9999999999"], "PT": ["999999999"], "RO": ["9999999999", "99999999", "999999"], "SE": ["999999999901"],
    "SI": ["99999999"], "SK": ["9999999999"], "XI": ["999999999"], "GB": ["999999999", "GD999", "HA999"],
}  # fmt: skip


def valid(country: str, number: str) -> bool:
    return gb.is_valid("GB" + number) if country in ("GB", "XI") else vat.is_valid(country + number)


def made(shape: str) -> str:
    kinds = {"9": DIGITS, "A": LETTERS, "X": LETTERS + DIGITS}
    return "".join(random.choice(kinds.get(c, c)) for c in shape)


random.seed(16931)
print("# Written with python-stdnum 2.2: numbers at random that it takes, and numbers that it does not.")
for country, shapes in SHAPES.items():
    yes, no = [], []
    while len(yes) < 24 or len(no) < 24:
        number = made(random.choice(shapes))
        if valid(country, number):
            yes += [number] if len(yes) < 24 else []
        elif len(no) < 24 and random.random() < 0.02:
            no.append(number)
    for number in yes[:12]:
        at = random.randrange(len(number))
        other = random.choice([c for c in (DIGITS if number[at] in DIGITS else LETTERS) if c != number[at]])
        slip = number[:at] + other + number[at + 1 :]
        (yes if valid(country, slip) else no).append(slip)
    for word, numbers in (("yes", yes), ("no", no)):
        for number in numbers:
            print(f"{word} {country}{number}")
