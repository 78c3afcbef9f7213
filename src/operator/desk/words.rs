//! What people read on the dashboard.

crate::words::words! {
    OVERDUE = "Overdue invoices";
    INVOICES_NOT_PAID = "not paid when they were due";
    TICKETS = "Tickets that wait";
    MAIL_THAT_WAITS = "E-mail that waits";
    NOT_PLACED = "could not be placed";
    DASHBOARD = "Dashboard";
    REQUESTS = "Open requests";
    FAILED = "Failed e-mails";
    UNREACHED = "Addresses that fail";
    UNTIL_ONE_ARRIVES = "until an e-mail arrives there";
    WAITING = "Unanswered invitations";
    WITHOUT_LOGIN = "Owners without a login";
    NEW = "New customers";
    LAST_7_DAYS = "in the last 7 days";
    MORE_THAN_3_DAYS = "for more than 3 days";
    NONE_WAITS = "none waits";
    oldest(since) = "the oldest {since}";
    NOT_ACCEPTED = "have not accepted yet";
    DATES = "Dates that come close";
    NO_DATES = "No domain ends in the next 30 days, and no service is due in the next 14.";
    ENDS = "ends";
    IS_DUE = "is due";
    LEFT = "Left to set up";
    LEFT_ADDRESS = "Add your company’s postal address";
    LEFT_LOGO = "Upload your logo";
    LEFT_MAIL = "Set a mail server: until then e-mails stay on this machine";
    LEFT_HTTPS = "Serve the portal over https and say so with --base-url: passwords travel unencrypted now";
    NEWEST = "Newest customers";
    FAILURES = "E-mails that failed last";
    NO_FAILURES = "Every e-mail of the last 7 days was delivered.";
    NO_CUSTOMERS = "Nobody new in the last 7 days.";
    ALL_CUSTOMERS = "All customers";
    account(number) = "Account {number}";
}
