//! How the delivery of an e-invoice is shown.

use super::model::{DeliveryState, DeliveryView};
use super::words;
use crate::ui::icon::Icon;
use crate::ui::time_format;
use leptos::prelude::*;

/// How an e-invoice stands on its way through the network.
#[component]
pub fn Delivery(of: DeliveryView) -> impl IntoView {
    let ((class, icon, title), since) = match of.state {
        DeliveryState::Waiting => (("pill amber", "clock", words::ON_ITS_WAY), None),
        DeliveryState::Sent => (("pill green", "check", words::DELIVERED), Some(of.at)),
        DeliveryState::Failed => (("pill red", "alert", words::NOT_DELIVERED), Some(of.at)),
    };
    let says = (!of.says.is_empty()).then(|| view! { <p class="hint">{of.says}</p> });
    view! {
        <section class="card" aria-labelledby="delivery-heading">
            <h2 id="delivery-heading"><Icon name="out"/>{words::NETWORK}</h2>
            <p><span class=class><Icon name=icon/>{title}</span>" "{words::to_address(&of.receiver)}" "{since.map(time_format::date)}</p>
            {says}
        </section>
    }
}
