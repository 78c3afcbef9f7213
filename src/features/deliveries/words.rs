//! What people read of e-invoices on their way.

crate::words::words! {
    NETWORK = "E-invoice network";
    ON_ITS_WAY = "On its way";
    DELIVERED = "Delivered";
    NOT_DELIVERED = "Not delivered";
    to_address(address) = "to {address}";
    NO_ANSWER = "The access point could not be reached.";
    NOT_UNDERSTOOD = "The access point answered something that was not understood.";
    answered(status) = "The access point answered with status {status}.";
    refused(says) = "The access point could not deliver it: {says}";
    sent_entry(number, receiver) = "delivered {number} through the e-invoice network to {receiver}";
    undelivered_entry(number, receiver) = "could not deliver {number} through the e-invoice network to {receiver}";
    NOT_READABLE = "The document cannot be read.";
    NO_ACCESS_POINT = "There is no access point any more.";
    no_route(number) = "{number} could not go through the network: it takes an address there of the customer and of your company";
    undelivered(number, says) = "{number} could not be delivered: {says}";
    again_entry(number) = "had {number} sent through the e-invoice network once more";
    AGAIN = "It is sent once more within ten minutes.";
    NOT_FAILED = "It has not failed: there is nothing to send again.";
}
