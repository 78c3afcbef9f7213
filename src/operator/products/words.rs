//! What people read about products.

crate::words::words! {
    PRODUCTS = "Products";
    LEAD = "What you sell, with a price for each cycle and currency. A service keeps the price it was set up with.";
    NEW = "New product";
    NAME = "Name";
    GROUP = "Group";
    GROUP_HINT = "Products of one group stand together: “Web hosting”.";
    DESCRIPTION = "Description";
    PRICES = "Prices";
    PRICES_HINT = "A line for each cycle and currency. Lines without an amount are left out.";
    CYCLE = "Cycle";
    AMOUNT = "Amount";
    CURRENCY = "Currency";
    SETUP = "Setup fee";
    OFFERED = "Offered";
    OFFERED_HINT = "Without it, no new service is set up with this product.";
    SAVE = "Save product";
    CANCEL = "Cancel";
    saved(name) = "{name} was saved.";
    NONE = "No products yet.";
    NONE_HINT = "Add what you sell: its prices are filled in when you set a service up.";
    NOT_OFFERED = "Not offered";
    ENTER_A_NAME = "Enter a name.";
    NAME_TAKEN = "There is a product of this name already.";
    NOT_AN_AMOUNT = "Write amounts like 12.90.";
    NOT_A_CURRENCY = "Write currencies with three letters, like EUR.";
    TWICE = "One cycle and currency stands there twice.";
    CHANGED_MEANWHILE = "Somebody changed this product meanwhile. Nothing was saved: load the page again.";
    added(name) = "added the product {name}";
    changed(name) = "changed the product {name}";
    setup_of(amount) = "setup {amount}";
    ONCE = "once";
    MONTHLY = "monthly";
    QUARTERLY = "quarterly";
    YEARLY = "yearly";
}
