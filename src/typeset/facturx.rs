//! Says in a PDF's metadata that the attached `factur-x.xml` is an e-invoice (Factur-X 1.0, the extension schema `fx`): what
//! writes the PDF cannot say it. The metadata stands uncompressed, with nothing but the catalog after it; what follows it
//! moves, and so do the entries in the table of objects.
//!
//! Invariant: where one of the marks is missing, because the writer changed, nothing is guessed and there is no document.

/// The schema, as one more of those that the metadata already describes.
const SCHEMA: &str = concat!(
    r#"<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>"#,
    r#"<pdfaSchema:namespaceURI>urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#</pdfaSchema:namespaceURI>"#,
    r#"<pdfaSchema:prefix>fx</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"#,
    r#"<rdf:li rdf:parseType="Resource"><pdfaProperty:name>DocumentFileName</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category><pdfaProperty:description>name of the embedded XML invoice file</pdfaProperty:description></rdf:li>"#,
    r#"<rdf:li rdf:parseType="Resource"><pdfaProperty:name>DocumentType</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category><pdfaProperty:description>INVOICE</pdfaProperty:description></rdf:li>"#,
    r#"<rdf:li rdf:parseType="Resource"><pdfaProperty:name>Version</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category><pdfaProperty:description>version of the schema of the XML invoice</pdfaProperty:description></rdf:li>"#,
    r#"<rdf:li rdf:parseType="Resource"><pdfaProperty:name>ConformanceLevel</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category><pdfaProperty:description>conformance level of the XML invoice</pdfaProperty:description></rdf:li>"#,
    r#"</rdf:Seq></pdfaSchema:property></rdf:li>"#,
);

/// What it says of this document.
const SAYS: &str = concat!(
    r#"<rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#">"#,
    "<fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>",
    "<fx:Version>1.0</fx:Version><fx:ConformanceLevel>EN 16931</fx:ConformanceLevel></rdf:Description>",
);

const END_OF_SCHEMAS: &[u8] = b"</rdf:Bag></pdfaExtension:schemas>";
const END_OF_METADATA: &[u8] = b"</rdf:RDF>";

/// Where some bytes stand, if they stand exactly once.
fn once(pdf: &[u8], what: &[u8]) -> Result<usize, String> {
    let mut found = (0..pdf.len().saturating_sub(what.len())).filter(|at| pdf[*at..].starts_with(what));
    match (found.next(), found.next()) {
        (Some(at), None) => Ok(at),
        _ => Err(missing(what)),
    }
}

fn last(pdf: &[u8], what: &[u8]) -> Result<usize, String> {
    pdf.windows(what.len()).rposition(|window| window == what).ok_or_else(|| missing(what))
}

fn missing(what: &[u8]) -> String {
    format!("the PDF is not as expected: {}", String::from_utf8_lossy(what))
}

/// The number that begins there, and where it ends.
fn number(pdf: &[u8], at: usize) -> Result<(usize, usize), String> {
    let digits = pdf[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let text = std::str::from_utf8(&pdf[at..at + digits]).unwrap_or_default();
    Ok((text.parse().map_err(|_| missing(b"a number"))?, at + digits))
}

/// Declares the e-invoice.
///
/// # Errors
/// When the PDF is not as its writer has made it until now.
pub fn declare(mut pdf: Vec<u8>) -> Result<Vec<u8>, String> {
    let table = last(&pdf, b"\nxref\n")? + 1;
    let (schemas, metadata) = (once(&pdf, END_OF_SCHEMAS)?, once(&pdf, END_OF_METADATA)?);
    let begins = last(&pdf[..schemas], b"stream\n")?;
    let length = last(&pdf[..begins], b"/Length ")? + b"/Length ".len();
    let (before, length_ends) = number(&pdf, length)?;
    let object = last(&pdf[..begins], b" 0 obj")?;
    if !(object < length && begins < schemas && schemas < metadata && metadata < table) {
        return Err(missing(b"metadata"));
    }
    // From the end to the beginning, so that every place is still where it was found.
    let grown = SCHEMA.len() + SAYS.len();
    let new_length = (before + grown).to_string();
    let more = grown + new_length.len() - (length_ends - length);
    let table_ends = last(&pdf, b"trailer")?;
    let start = last(&pdf, b"startxref\n")? + b"startxref\n".len();
    let (points_at, start_ends) = number(&pdf, start)?;
    if points_at != table {
        return Err(missing(b"startxref"));
    }
    pdf.splice(start..start_ends, (table + more).to_string().into_bytes());
    let mut at = table;
    while at < table_ends {
        let line =
            pdf[at..table_ends].iter().position(|byte| *byte == b'\n').map_or(table_ends, |end| at + end + 1);
        // "0000012345 00000 n": an object that stands behind what grew.
        if line - at == 20 && pdf[line - 3] == b'n' {
            let (place, _) = number(&pdf, at)?;
            if place > begins {
                pdf[at..at + 10].copy_from_slice(format!("{:010}", place + more).as_bytes());
            }
        }
        at = line;
    }
    pdf.splice(metadata..metadata, SAYS.bytes());
    pdf.splice(schemas..schemas, SCHEMA.bytes());
    pdf.splice(length..length_ends, new_length.into_bytes());
    Ok(pdf)
}
