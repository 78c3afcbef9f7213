//! What people read of billing by itself.

crate::words::words! {
    period(name, first, last) = "{name} ({first} to {last})";
    once(name) = "{name} (one-off)";
    named(name, domain) = "{name}, {domain}";
    late_fee(number, due) = "Late fee for invoice {number}, due on {due}";
    late_fee_added(fee, number) = "a late fee of {fee} for invoice {number} goes on the next invoice";
    prorated(name, first, last, days, whole) = "{name}: change of price from {first} to {last} ({days} of {whole} days)";
    issued_entry(number, total) = "issued invoice {number} for {total}";
    invoiced(number, total) = "Invoice {number} for {total}";
    reminded_before(number) = "Reminder before invoice {number} is due";
    reminded(number, days) = "Reminder {days} days after invoice {number} was due";
    warned(number) = "Final warning for invoice {number}";
    fee_for(number, fee) = "Late fee of {fee} for invoice {number}";
    suspended(names, number) = "{names} suspended for invoice {number}";
    not_suspended(number) = "Not suspended for invoice {number}: its mail reached nobody. Check the addresses.";
    suspend_for(number) = "Services suspended for invoice {number}";
}
