//! What people read of this feature.

crate::words::words! {
    YOUR_PERMISSIONS_ON_THIS_ACCOUNT = "Your permissions on this account have changed. This is already in effect.";
    RELOAD_THE_PAGE = "Reload the page";
    you_can_no_longer_enter(name) = "You can no longer enter {name}. What this page shows is out of date.";
    GO_TO_YOUR_ACCOUNTS = "Go to your accounts";
}
