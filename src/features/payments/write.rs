//! Begins checkouts, and books what the gateway says of them.

use super::gateway::{Begin, Charged, Gateway as _, GatewayError, Keeping, PaymentSeen, Refunded};
use super::model::CheckoutState;
use super::store::{self, Checkout, Method, Refund};
use super::stripe::Stripe;
use super::words;
use crate::access::state::AppState;
use crate::access::{Access, InAccount, ManagePaymentMethods, PayInvoices, System, Tx};
use crate::error::{AppError, Result};
use crate::features::audit::model::AuditKind;
use crate::features::audit::record::{Actor, Entry};
use crate::features::billing::store::NightEvent;
use crate::features::invoices::store::Invoice;
use crate::features::invoices::write::Incoming;
use crate::features::{billing, invoices};
use crate::paths;
use crate::platform::db::Conn;
use crate::types::{AccountId, InvoiceId, Money, UserId};

/// How long the gateway's page is offered again to whoever comes back, in minutes. It lasts a day there.
const SAME_PAGE: i64 = 60;

/// An invoice of which something is open, and how much.
async fn payable(tx: &mut Tx<InAccount>, invoice: &InvoiceId) -> Result<(Invoice, Money)> {
    let found = invoices::store::find(tx, invoice).await?;
    let amount = found.money(found.open());
    if amount.cents <= 0 {
        return Err(AppError::Conflict(words::NOTHING_TO_PAY.into()));
    }
    Ok((found, amount))
}

/// The gateway, where one is set up.
async fn set_up(conn: &mut Conn, app: &AppState) -> Result<Stripe> {
    let found = store::gateway(conn, app.key()).await?;
    found.ok_or_else(|| AppError::Conflict(words::NOT_SET_UP.into()))
}

/// A way of paying that is kept.
async fn kept(conn: &mut Conn, account: &str, id: &str) -> Result<Method> {
    let found = store::method(conn, account, id).await?;
    found.filter(|found| !found.method.is_empty()).ok_or(AppError::NotFound)
}

/// The gateway's page for what is open of an invoice.
///
/// # Errors
/// [`AppError::Conflict`] where nothing is open, no gateway is set up, or it cannot be reached.
pub async fn begin(access: &Access<PayInvoices>, invoice: &InvoiceId) -> Result<String> {
    let (app, account) = (access.app().clone(), access.membership().account.clone());
    let mut tx = access.begin().await?;
    let (found, amount) = payable(&mut tx, invoice).await?;
    let stripe = set_up(tx.conn(), &app).await?;
    let since = tx.now().plus_minutes(-SAME_PAGE);
    if let Some(known) = store::known(&mut tx, invoice, amount.cents, since).await? {
        return Ok(known.url);
    }
    let id = store::begin(&mut tx, &found.id, &amount, "").await?;
    tx.unaudited("nothing is paid by it; what is paid stands in the trail");
    tx.commit().await?;
    let (paid, back) = (paths::paid(&account, invoice, &id), paths::invoice(&account, invoice));
    let begun = stripe
        .begin(&Begin {
            checkout: &id,
            title: &words::title_of(&found.number),
            amount: &amount,
            paid_url: &app.url(&paid),
            back_url: &app.url(&back),
        })
        .await?;
    let mut tx = System::of(&app).begin().await?;
    store::begun(&mut tx, &id, &begun.session, &begun.url).await?;
    tx.commit().await?;
    Ok(begun.url)
}

/// Asks the gateway how a checkout stands, and books it. Returns where it stands then.
///
/// # Errors
/// [`AppError::Conflict`] when it cannot be asked.
pub async fn look(app: &AppState, stripe: &Stripe, checkout: &Checkout) -> Result<CheckoutState> {
    if checkout.state() != CheckoutState::Begun {
        return Ok(checkout.state());
    }
    if checkout.session.is_empty() {
        // A charge whose answer was lost: asked again, it is paid once.
        return if checkout.method_id.is_empty() {
            Ok(checkout.state())
        } else {
            charge(app, stripe, checkout).await
        };
    }
    let seen = stripe.look(&checkout.session).await?;
    let mut tx = System::of(app).begin_in(&AccountId::from(checkout.account_id.clone())).await?;
    store::looked(&mut tx, &checkout.id).await?;
    let state = book(&mut tx, checkout, &seen).await?;
    tx.commit().await?;
    Ok(state)
}

async fn book(tx: &mut Tx<InAccount>, checkout: &Checkout, seen: &PaymentSeen) -> Result<CheckoutState> {
    let asked = checkout.money();
    let state = if seen.paid && (seen.checkout != checkout.id || seen.amount != asked) {
        CheckoutState::Mismatch
    } else if seen.paid {
        CheckoutState::Paid
    } else if seen.ended {
        CheckoutState::Ended
    } else {
        return Ok(CheckoutState::Begun);
    };
    if !store::settle(tx, &checkout.id, state, &seen.reference, &seen.amount).await? {
        let account = tx.account().clone();
        let now = store::find(tx.conn(), account.as_str(), &checkout.id).await?;
        return Ok(now.map_or(CheckoutState::Begun, |now| now.state()));
    }
    if state == CheckoutState::Paid {
        receive(tx, checkout, &asked, &seen.reference).await?;
    }
    Ok(state)
}

async fn receive(tx: &mut Tx<InAccount>, checkout: &Checkout, amount: &Money, reference: &str) -> Result<()> {
    let id = InvoiceId::from(checkout.invoice_id.clone());
    let before = invoices::store::find(tx, &id).await?;
    let received = tx.now();
    let new = Incoming { method: "card", amount: amount.cents, received, reference };
    invoices::write::record_payment(tx, &before, &new).await?;
    let says = words::paid_entry(amount, &before.number);
    let (account, by) =
        (tx.account().clone(), Actor::person(&UserId::from(String::new()), &checkout.by_name));
    tx.record_for(&account, &by, Entry::new(AuditKind::InvoicePaid, says)).await
}

/// Charges a checkout to the way of paying that it names, and books what comes of it. Whoever gets invoice mail is told of a
/// receipt, or that it was declined.
///
/// # Errors
/// [`AppError::Conflict`] when the gateway cannot be asked: it is asked again by itself.
pub async fn charge(app: &AppState, stripe: &Stripe, checkout: &Checkout) -> Result<CheckoutState> {
    let system = System::of(app);
    let account = AccountId::from(checkout.account_id.clone());
    let mut tx = system.begin_in(&account).await?;
    let method = store::method(tx.conn(), account.as_str(), &checkout.method_id).await?;
    let invoice = invoices::store::find(&mut tx, &InvoiceId::from(checkout.invoice_id.clone())).await?;
    drop(tx);
    let amount = checkout.money();
    let answer = match &method {
        Some(method) => {
            let title = words::title_of(&invoice.number);
            stripe.charge(&checkout.id, &method.customer, &method.method, &title, &amount).await?
        }
        None => Charged::Declined(words::METHOD_IS_GONE.to_owned()),
    };
    let mut tx = system.begin_in(&account).await?;
    match answer {
        Charged::Taken(session) => {
            store::begun(&mut tx, &checkout.id, &session, "").await?;
            tx.commit().await?;
            let known = Checkout { session, ..checkout.clone() };
            Box::pin(look(app, stripe, &known)).await
        }
        Charged::Declined(says) => {
            if store::settle(&mut tx, &checkout.id, CheckoutState::Ended, "", &amount).await? {
                let label = method.map(|method| method.label).unwrap_or_default();
                invoices::mail::declined(&mut tx, &invoice, &label, &says).await?;
                let entry = words::declined_entry(&amount, &invoice.number, &says);
                tx.record(Entry::new(AuditKind::InvoicePaid, entry)).await?;
                let says = words::declined(&invoice.number, &says);
                let event = NightEvent { of: &checkout.id, ..NightEvent::of("declined", &invoice.id, &says) };
                billing::store::happened(&mut tx, &event).await?;
            }
            tx.commit().await?;
            Ok(CheckoutState::Ended)
        }
    }
}

/// Charges what is open of an invoice to a way of paying that is kept, because somebody asks for it now.
///
/// # Errors
/// [`AppError::Conflict`] where nothing is open, no gateway is set up, or it cannot be reached.
pub async fn charge_now(
    access: &Access<PayInvoices>,
    invoice: &InvoiceId,
    method: &str,
) -> Result<CheckoutState> {
    let app = access.app().clone();
    let mut tx = access.begin().await?;
    let (found, amount) = payable(&mut tx, invoice).await?;
    let account = tx.account().clone();
    kept(tx.conn(), account.as_str(), method).await?;
    let stripe = set_up(tx.conn(), &app).await?;
    let id = store::begin(&mut tx, &found.id, &amount, method).await?;
    let begun = store::find(tx.conn(), account.as_str(), &id).await?.ok_or(AppError::NotFound)?;
    tx.unaudited("what comes of it stands in the trail");
    tx.commit().await?;
    charge(&app, &stripe, &begun).await
}

/// Charges invoices that are due to the ways of paying that their customers chose for it, each once.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn charge_due(app: &AppState, stripe: &Stripe) -> Result<()> {
    let system = System::of(app);
    let mut reader = system.read().await?;
    let now = reader.now();
    let due = store::to_charge(reader.conn(), now).await?;
    drop(reader);
    for (account, invoice) in due {
        let mut tx = system.begin_in(&AccountId::from(account.clone())).await?;
        let Some(method) = store::automatic(tx.conn(), &account).await? else { continue };
        let found = invoices::store::find(&mut tx, &InvoiceId::from(invoice)).await?;
        let amount = found.money(found.open());
        let says = words::charged(&found.number, &amount, &method.label);
        let event = NightEvent::of("charged", &found.id, &says);
        // Whoever is paying it now is not charged as well.
        let busy = amount.cents <= 0 || store::is_being_paid(&mut tx, &found.id).await?;
        if busy || !billing::store::happened(&mut tx, &event).await? {
            continue;
        }
        let id = store::begin(&mut tx, &found.id, &amount, &method.id).await?;
        let begun = store::find(tx.conn(), &account, &id).await?;
        tx.commit().await?;
        // Who cannot be asked now is asked again within the hour.
        if let Some(begun) = begun
            && let Err(error) = charge(app, stripe, &begun).await
        {
            tracing::warn!(%error, "an invoice could not be charged yet");
        }
    }
    Ok(())
}

/// Books credit as sent back to the card that paid a checkout, so that nobody spends it meanwhile. [`send_refund`] sends it.
///
/// # Errors
/// [`AppError::Invalid`] for more than there is of credit, or than is left of the payment.
pub async fn begin_refund(tx: &mut Tx<InAccount>, checkout: &str, amount: &Money) -> Result<Refund> {
    let account = tx.account().clone();
    let all = store::refundable(tx.conn(), account.as_str(), &amount.currency).await?;
    let found = all.into_iter().find(|(id, ..)| id == checkout);
    let (_, payment, _, left) = found.ok_or_else(|| AppError::field("to", words::NOT_REFUNDABLE))?;
    if amount.cents > left.cents {
        return Err(AppError::field("amount", words::only_so_much_paid(&left)));
    }
    invoices::write::refund(tx, amount, &payment).await?;
    let id = store::begin_refund(tx, checkout, amount).await?;
    store::refund(tx.conn(), &id).await?.ok_or(AppError::NotFound)
}

/// Has the gateway send a refund, or asks how it stands. Whoever gets invoice mail is told once it is on its way; what fails is
/// credit again. Says whether it failed.
///
/// # Errors
/// [`AppError::Conflict`] when the gateway cannot be asked: it is asked again by itself.
pub async fn send_refund(app: &AppState, stripe: &Stripe, refund: &Refund) -> Result<bool> {
    let system = System::of(app);
    let account = AccountId::from(refund.account_id.clone());
    let amount = refund.money();
    let answer = if refund.session.is_empty() {
        stripe.refund(&refund.id, &refund.payment, &amount).await
    } else {
        stripe.refunded(&refund.session).await
    };
    let mut tx = system.begin_in(&account).await?;
    let failed = match answer {
        Ok(Refunded::Failed(says)) => {
            if fail(&mut tx, refund).await? {
                tell_staff(&mut tx, refund, &refund.id, &words::refund_failed_event(&amount, &says)).await?;
            }
            true
        }
        Ok(Refunded::Taken { session, sent }) => {
            if store::refund_taken(&mut tx, &refund.id, &session).await? {
                invoices::mail::refunded(&mut tx, &amount, words::TO_THE_CARD).await?;
            }
            if sent {
                store::settle_refund(&mut tx, &refund.id, true).await?;
            }
            false
        }
        Err(error) => {
            store::refund_taken(&mut tx, &refund.id, "").await?;
            let error = AppError::from(error);
            if refund.session.is_empty() && refund.created_at < tx.now().plus_days(-1).0 {
                let says = words::refund_waits_event(&amount, &error);
                tell_staff(&mut tx, refund, &format!("{}:waits", refund.id), &says).await?;
            }
            tx.commit().await?;
            return Err(error);
        }
    };
    tx.commit().await?;
    Ok(failed)
}

/// A refund did not arrive: it is credit again, and whoever was told that it is on its way is told so. Says whether that is new.
async fn fail(tx: &mut Tx<InAccount>, refund: &Refund) -> Result<bool> {
    if !store::settle_refund(tx, &refund.id, false).await? {
        return Ok(false);
    }
    let amount = refund.money();
    invoices::write::take_refund_back(tx, &amount, words::REFUND_FAILED).await?;
    if !refund.session.is_empty() {
        invoices::mail::refund_failed(tx, &amount).await?;
    }
    tx.record(Entry::new(AuditKind::InvoicePaid, words::refund_failed_entry(&amount))).await?;
    Ok(true)
}

/// What went wrong with a refund, for staff alone: the gateway's words may name what is not the customer's business.
async fn tell_staff(tx: &mut Tx<InAccount>, refund: &Refund, of: &str, says: &str) -> Result<()> {
    let event = NightEvent { of, ..NightEvent::of("unrefunded", &refund.invoice_id, says) };
    billing::store::happened(tx, &event).await?;
    Ok(())
}

/// Gives up a refund that is on its way, because staff know that it never arrives. Returns how much is credit again.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when it is not on its way any more.
pub async fn give_refund_up(tx: &mut Tx<InAccount>, id: &str) -> Result<Money> {
    let account = tx.account().clone();
    let all = store::refunds_of(tx.conn(), account.as_str()).await?;
    let found = all.into_iter().find(|one| one.id == id).ok_or(AppError::NotFound)?;
    if !fail(tx, &found).await? {
        return Err(AppError::Conflict(words::NOT_ON_ITS_WAY.into()));
    }
    Ok(found.money())
}

/// The gateway's page on which a way of paying is given to it.
///
/// # Errors
/// [`AppError::Conflict`] where no gateway is set up, or it cannot be reached.
pub async fn add_method(access: &Access<ManagePaymentMethods>) -> Result<String> {
    let (app, account) = (access.app().clone(), access.membership().account.clone());
    let mut reader = access.read().await?;
    let stripe = set_up(reader.conn(), &app).await?;
    let known = store::gateway_customer(reader.conn(), account.as_str()).await?;
    let payer = invoices::store::payer(reader.conn(), &account).await?;
    drop(reader);
    let customer = match known {
        Some(known) => known,
        None => stripe.customer(account.as_str(), &payer.name, &payer.email).await?,
    };
    let mut tx = access.begin().await?;
    let id = store::add_method(&mut tx, &customer).await?;
    tx.unaudited("it is not kept yet");
    tx.commit().await?;
    let (done, back) = (paths::payment_method_added(&account, &id), paths::payment_methods(&account));
    let begun = stripe.keep(&id, &customer, &app.url(&done), &app.url(&back)).await?;
    let mut tx = System::of(&app).begin().await?;
    store::method_begun(&mut tx, &id, &begun.session).await?;
    tx.commit().await?;
    Ok(begun.url)
}

/// Asks the gateway whether a way of paying is kept by now. Says what it is called then; nothing while it is not.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when the gateway cannot be asked.
pub async fn confirm_method(access: &Access<ManagePaymentMethods>, id: &str) -> Result<Option<String>> {
    let (app, account) = (access.app().clone(), access.membership().account.clone());
    let mut reader = access.read().await?;
    let found = store::method(reader.conn(), account.as_str(), id).await?.ok_or(AppError::NotFound)?;
    if !found.method.is_empty() {
        return Ok(Some(found.label));
    }
    let stripe = store::gateway(reader.conn(), app.key()).await?;
    drop(reader);
    let Some(stripe) = stripe else { return Ok(None) };
    match stripe.kept(&found.session).await? {
        Keeping::Done(kept) if kept.ours == found.id => {
            let mut tx = access.begin().await?;
            if store::method_kept(&mut tx, id, &kept.method, &kept.label, &kept.expires).await? {
                tx.record(Entry::new(AuditKind::PaymentMethods, words::added_entry(&kept.label))).await?;
            } else {
                tx.unaudited("it was kept already");
            }
            tx.commit().await?;
            Ok(Some(kept.label))
        }
        Keeping::Ended => {
            let mut tx = access.begin().await?;
            store::method_gone(&mut tx, id).await?;
            tx.unaudited("it was never kept");
            tx.commit().await?;
            Ok(None)
        }
        _ => Ok(None),
    }
}

/// Removes a way of paying, here and at the gateway. Returns what it was called.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when the gateway cannot be asked: then it stays.
pub async fn remove_method(access: &Access<ManagePaymentMethods>, id: &str) -> Result<String> {
    let (app, account) = (access.app().clone(), access.membership().account.clone());
    let mut reader = access.read().await?;
    let found = store::method(reader.conn(), account.as_str(), id).await?.ok_or(AppError::NotFound)?;
    let stripe = store::gateway(reader.conn(), app.key()).await?;
    drop(reader);
    if let Some(stripe) = stripe.filter(|_| !found.method.is_empty()) {
        match stripe.forget(&found.method).await {
            // It knows nothing of it any more: that is what is wanted.
            Ok(()) | Err(GatewayError::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let mut tx = access.begin().await?;
    store::method_gone(&mut tx, id).await?;
    tx.record(Entry::new(AuditKind::PaymentMethods, words::removed_entry(&found.label))).await?;
    tx.commit().await?;
    Ok(found.label)
}

/// Invoices are charged to this way of paying on the day they are due; to none where none is named.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn set_automatic(access: &Access<ManagePaymentMethods>, id: Option<&str>) -> Result<()> {
    let account = access.membership().account.clone();
    let mut tx = access.begin().await?;
    let says = match id {
        Some(id) => {
            let found = kept(tx.conn(), account.as_str(), id).await?;
            words::automatic_entry(&found.label)
        }
        None => words::NOT_AUTOMATIC_ENTRY.to_owned(),
    };
    store::set_automatic(&mut tx, id).await?;
    tx.record(Entry::new(AuditKind::PaymentMethods, says)).await?;
    tx.commit().await
}
