"""Writes src/features/invoices/epc_cases.txt anew: codes for bank transfers as another library makes them, and the version of their QR code.

python3 -m pip install segno==1.6.6 && python3 end2end/epc.py > src/features/invoices/epc_cases.txt
"""

import random
from decimal import Decimal

import segno
from segno import helpers

random.seed(20261127)
NAMES = ["Nord Hosting GmbH", "Käse & Söhne", "Ζαχαροπλαστείο Άρτος", "A", "Société Générale d'Hébergement", "x" * 70, "株式会社ホスティング"]
IBANS = [("DE89370400440532013000", "COBADEFFXXX"), ("FR1420041010050500013M02606", ""), ("MT84MALT011000012345MTLCAST001S", "MALTMTMT"), ("NO9386011117947", "")]

for name in NAMES:
    for iban, bic in IBANS:
        cents = random.choice([1, 10, 1_000, 16_786, random.randrange(1, 10**6), 99_999_999_999])
        text = random.choice(["INV-00001", "RE 2026/17", f"INV-{random.randrange(10**6)}"])
        amount = Decimal(cents) / 100
        data = helpers._make_epc_qr_data(name, iban, amount, text=text, bic=bic, encoding=1).decode()
        # That library leaves noughts at the end out; here they stand, as banks print amounts.
        lines = data.split("\n")
        lines[7] = f"EUR{amount:.2f}"
        version = segno.make_qr("\n".join(lines).encode(), error="m", boost_error=False, mode="byte").version
        print("\t".join([name, iban, bic, str(cents), text, str(version), *data.split("\n")]))
