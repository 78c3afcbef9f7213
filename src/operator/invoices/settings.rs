//! `/operator/settings/billing`: how invoices are made and paid.

use super::rpc::{SaveBillingSettings, ShowBillingSettings};
use super::words;
use crate::features::invoices::model::BillingForm;
use crate::operator::desk::components::needs;
use crate::operator::settings::components::SettingsTabs;
use crate::paths;
use crate::permission::StaffPermission;
use crate::ui::field::{Field, TextArea, Tick};
use crate::ui::form::{Form, Submit, SubmitBar};
use crate::ui::layout::Heading;
use crate::ui::load::{fetch, load};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// `/operator/settings/billing`
#[component]
pub fn BillingSettingsPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::EditSettings) {
        return refused;
    }
    let data = fetch(|| ShowBillingSettings {});
    view! {
        <Heading title=words::BILLING_TITLE above=vec![(paths::SETTINGS.to_owned(), words::SETTINGS.to_owned())]/>
        <SettingsTabs/>
        <p class="lead">{words::BILLING_LEAD}</p>
        {load(data, |form: BillingForm| {
            view! {
                <Form action=SaveBillingSettings::PATH>
                    <fieldset class="card">
                        <legend>{words::HOW_NUMBERED}</legend>
                        <div class="columns">
                            <Field name="prefix" label=words::PREFIX value=form.prefix.clone()/>
                            <Field name="credit_prefix" label=words::CREDIT_PREFIX value=form.credit_prefix.clone()/>
                            <Field name="currency" label=words::CURRENCY required=true value=form.currency.clone()/>
                            <Field name="days" label=words::DAYS required=true value=form.days.clone()/>
                            <Field name="rates" label=words::RATES value=form.rates.clone() hint=words::RATES_HINT/>
                        </div>
                        <Tick name="inclusive" label=words::INCLUSIVE ticked={ !form.inclusive.is_empty() }/>
                        <TextArea name="footer" label=words::FOOTER value=form.footer.clone()/>
                    </fieldset>
                    <fieldset class="card">
                        <legend>{words::HOW_PAID}</legend>
                        <p class="hint">{words::HOW_PAID_HINT}</p>
                        <div class="columns">
                            <Field name="holder" label=words::HOLDER value=form.holder.clone()/>
                            <Field name="iban" label=words::IBAN value=form.iban.clone()/>
                            <Field name="bic" label=words::BIC value=form.bic.clone()/>
                            <Field name="bank" label=words::BANK value=form.bank.clone()/>
                        </div>
                    </fieldset>
                    <SubmitBar>
                        <Submit label=words::SAVE_CHANGES/>
                        <a class="button" href=paths::SETTINGS>{words::CANCEL}</a>
                    </SubmitBar>
                </Form>
            }
        })}
    }
    .into_any()
}
