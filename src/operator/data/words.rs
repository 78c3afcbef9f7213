//! What people read about a customer's data.

crate::words::words! {
    CUSTOMERS = "Customers";
    DATA = "Data of the customer";
    EXPORT = "Export";
    EXPORT_LEAD = "One archive with everything that is kept about this customer: profile, contacts and their permissions, services, domains, invoices, payments, requests, every e-mail, notes and the activity. No passwords, and no links that still work.";
    DOWNLOAD = "Download archive";
    ERASE = "Erase";
    ERASE_LEAD = "For good, and for everybody. It cannot be undone: download the archive first.";
    GOES = "What goes";
    goes_contacts(count) = "{count} contacts with their permissions, invitations and choices of mail";
    goes_logins(count) = "{count} logins that enter no other account; people who have another account keep theirs";
    goes_domains(count) = "{count} domains, and the names, servers, login names and notes of all services";
    goes_messages(count) = "{count} e-mails, all requests, notes and roles";
    GOES_PROFILE = "Name, address, phone and e-mail of the account";
    STAYS = "What stays";
    STAYS_NUMBER = "The number, the country, and when the account was opened";
    STAYS_SERVICES = "Invoices that were issued, as they are, and products, prices and dates of services, without names: books have to be kept";
    STAYS_ACTIVITY = "The activity, which nobody can change: it says who did what";
    CLOSE_FIRST = "Close the account first. Erasing takes a closed account, so that nobody is in the middle of something.";
    IS_ERASED = "This customer was erased.";
    IS_MERGED = "This account was merged into another.";
    NUMBER = "Number of the account";
    NUMBER_HINT = "Type it to confirm.";
    REASON = "Reason";
    REASON_HINT = "Who asked for it, and how. It stays in the activity of staff.";
    SAY_WHY = "Say why.";
    NOT_THE_NUMBER = "This is not the number of this account.";
    NOT_CLOSED = "Close the account first.";
    ENDED = "There is nothing left to erase.";
    erased_customer(number) = "Customer {number}";
    ERASED = "Everything that need not be kept is gone.";
    EXPORTED = "exported everything of the customer";
    ERASED_CUSTOMER = "erased the customer";
    REASON_WAS = "Reason";
    readme(name, number, at) = "Everything that is kept about the customer {name} (number {number}), written {at}.\nOne file for each kind, a JSON object a line. Times are UTC; those that are numbers are milliseconds since 1970.\n";
    ERASED_NAME = "Erased";
}
