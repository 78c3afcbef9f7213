//! Forms of what other servers do for invoices, on the page of the billing settings.

use super::model::GatewayView;
use super::rpc::{SaveAccessPoint, SaveGateway, ShowAccessPoint, ShowGateway};
use super::words;
use crate::ui::field::{Field, Tick};
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::load::{fetch_live, load_quietly};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// How payment by card is set up.
#[component]
pub fn GatewayCard() -> impl IntoView {
    let data = fetch_live(|| ShowGateway {});
    load_quietly(data, |view: GatewayView| {
        let is = |there: bool| if there { words::IS_THERE } else { words::NOT_THERE };
        let remove = view.has_key;
        view! {
            <Form action=SaveGateway::PATH prefix="gateway-">
                <section class="card" aria-labelledby="gateway-heading">
                    <h2 id="gateway-heading"><Icon name="card"/>{words::GATEWAY}</h2>
                    <p class="hint">{words::GATEWAY_HINT}</p>
                    <p class="hint">{words::hook(&view.hook)}</p>
                    <div class="columns">
                        <Field name="key" label=words::GATEWAY_KEY kind="password" autocomplete="off" hint=is(view.has_key)/>
                        <Field name="signing" label=words::GATEWAY_SIGNING kind="password" autocomplete="off" hint=is(view.has_signing)/>
                        <Field name="url" label=words::GATEWAY_URL kind="url" value=view.url.clone() hint=words::GATEWAY_URL_HINT/>
                    </div>
                    {remove.then(|| view! { <Tick name="remove" label=words::GATEWAY_REMOVE ticked=false/> })}
                    <div class="actions"><Submit label=words::SAVE_GATEWAY/></div>
                </section>
            </Form>
        }
    })
}

/// How the access point for e-invoices is set up.
#[component]
pub fn AccessPointCard() -> impl IntoView {
    let data = fetch_live(|| ShowAccessPoint {});
    load_quietly(data, |(url, has_token): (String, bool)| {
        let token = if has_token { words::IS_THERE } else { words::NOT_THERE };
        view! {
            <Form action=SaveAccessPoint::PATH prefix="point-">
                <section class="card" aria-labelledby="point-heading">
                    <h2 id="point-heading"><Icon name="out"/>{words::POINT}</h2>
                    <p class="hint">{words::POINT_HINT}</p>
                    <div class="columns">
                        <Field name="url" label=words::POINT_URL kind="url" value=url.clone() hint=words::POINT_URL_HINT/>
                        <Field name="token" label=words::POINT_TOKEN kind="password" autocomplete="off" hint=token/>
                    </div>
                    <div class="actions"><Submit label=words::SAVE_POINT/></div>
                </section>
            </Form>
        }
    })
}
