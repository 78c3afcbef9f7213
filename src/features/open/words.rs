//! What people read of it.

crate::words::words! {
    TITLE = "Everything that is open";
    YOUR_ACCOUNTS = "Your accounts";
    LEAD = "What waits on all of your accounts, as far as you may see it.";
    TO_PAY = "To pay";
    OVERDUE = "Overdue";
    TICKETS = "Open tickets";
    DOMAINS = "Domains that expire";
    ACCOUNT = "Account";
    WHAT = "What";
    WHEN = "When";
    AMOUNT = "Amount";
    together(sums) = "Together: {sums}";
    NOTHING = "Nothing is open";
    NOTHING_HINT = "Unpaid invoices, open tickets and domains that expire within 60 days appear here.";
    MORE = "There is more. It stands on each account.";
}
