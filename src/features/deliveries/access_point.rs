//! What every access point to a network for e-invoices does for us.

/// A document to hand over.
#[derive(Debug)]
pub struct Outgoing<'a> {
    /// Who sends: scheme and value ("0204:991-1234512345-06").
    pub sender: &'a str,
    /// Who gets it: scheme and value.
    pub receiver: &'a str,
    /// Country of who sends, ISO 3166-1 alpha-2.
    pub country: &'a str,
    /// It is a credit note, not an invoice.
    pub credit_note: bool,
    /// UBL of Peppol BIS Billing 3, as it was issued.
    pub document: Vec<u8>,
}

/// Why a document did not go, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undelivered {
    /// The access point could not be asked.
    Unreachable,
    /// Later it may.
    Later(String),
    /// The document or its addresses are not taken.
    Never(String),
}

/// An access point.
pub trait AccessPoint {
    /// Hands a document over, and waits until the receiver's access point has it. Returns the network's id of the message.
    ///
    /// A lost answer makes it go twice: whoever gets it knows the same document by its number.
    fn send(&self, document: Outgoing<'_>) -> impl Future<Output = Result<String, Undelivered>> + Send;
}
