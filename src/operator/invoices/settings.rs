//! `/operator/settings/billing`: how invoices are made and paid.

use super::rpc::{SaveBillingSettings, SaveInvoiceTemplate, ShowBillingSettings, ShowInvoiceTemplate};
use super::words;
use crate::features::invoices::model::BillingForm;
use crate::operator::billing::components::{AccessPointCard, GatewayCard};
use crate::operator::desk::components::needs;
use crate::operator::settings::components::SettingsTabs;
use crate::paths;
use crate::permission::StaffPermission;
use crate::ui::country::country_options;
use crate::ui::field::{Field, Select, TextArea, Tick};
use crate::ui::form::{Form, Submit, SubmitBar};
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{fetch, fetch_live, load, load_quietly};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// `/operator/settings/billing`
#[component]
pub fn BillingSettingsPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::EditSettings) {
        return refused;
    }
    let data = fetch(|| ShowBillingSettings {});
    let template = fetch_live(|| ShowInvoiceTemplate {});
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
                        <TextArea name="accounts" label=words::ACCOUNTS value=form.accounts.clone() hint=words::ACCOUNTS_HINT/>
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
                    <fieldset class="card">
                        <legend>{words::E_INVOICES_TITLE}</legend>
                        <p class="hint">{words::E_INVOICES_HINT}</p>
                        <Tick name="e_invoices" label=words::E_INVOICES ticked={ !form.e_invoices.is_empty() }/>
                        <div class="columns">
                            <Field name="street" label=words::STREET value=form.street.clone()/>
                            <Field name="postcode" label=words::POSTCODE value=form.postcode.clone()/>
                            <Field name="city" label=words::CITY value=form.city.clone()/>
                            <Select name="country" label=words::COUNTRY value=form.country.clone() options=country_options()/>
                            <Field name="endpoint" label=words::ENDPOINT value=form.endpoint.clone() hint=words::ENDPOINT_HINT/>
                        </div>
                        <Tick name="vies" label=words::VIES ticked={ !form.vies.is_empty() } hint=words::VIES_HINT/>
                        <div class="columns">
                            <Field name="vies_url" label=words::VIES_URL kind="url" value=form.vies_url.clone() hint=words::VIES_URL_HINT/>
                        </div>
                    </fieldset>
                    <fieldset class="card">
                        <legend>{words::BY_ITSELF}</legend>
                        <p class="hint">{words::BY_ITSELF_HINT}" "<a href=paths::BILLING>{words::NIGHTLY}</a></p>
                        <Tick name="automatic" label=words::AUTOMATIC ticked={ !form.automatic.is_empty() }/>
                        <div class="columns">
                            <Field name="ahead" label=words::AHEAD value=form.ahead.clone() hint=words::AHEAD_HINT/>
                            <Field name="hour" label=words::HOUR value=form.hour.clone()/>
                            <Field name="remind_before" label=words::REMIND_BEFORE value=form.remind_before.clone() hint=words::ZERO_FOR_NEVER/>
                            <Field name="remind_after" label=words::REMIND_AFTER value=form.remind_after.clone() hint=words::REMIND_AFTER_HINT/>
                            <Field name="warn_after" label=words::WARN_AFTER value=form.warn_after.clone() hint=words::ZERO_FOR_NEVER/>
                            <Field name="suspend_after" label=words::SUSPEND_AFTER value=form.suspend_after.clone() hint=words::SUSPEND_HINT/>
                            <Field name="late_fee" label=words::LATE_FEE value=form.late_fee.clone() hint=words::ZERO_FOR_NEVER/>
                            <Field name="late_fee_after" label=words::LATE_FEE_AFTER value=form.late_fee_after.clone()/>
                        </div>
                    </fieldset>
                    <SubmitBar>
                        <Submit label=words::SAVE_CHANGES/>
                        <a class="button" href=paths::SETTINGS>{words::CANCEL}</a>
                    </SubmitBar>
                </Form>
            }
        })}
        {load_quietly(template, |(text, own): (String, bool)| view! { <TemplateCard text=text own=own/> })}
        <GatewayCard/>
        <AccessPointCard/>
    }
    .into_any()
}

/// The template of the PDF: checked before it is used.
#[component]
fn TemplateCard(text: String, own: bool) -> impl IntoView {
    view! {
        <Form action=SaveInvoiceTemplate::PATH prefix="template-">
            <section class="card" aria-labelledby="template-heading">
                <h2 id="template-heading"><Icon name="edit"/>{words::TEMPLATE}</h2>
                <p>{if own { words::TEMPLATE_OWN } else { words::TEMPLATE_PORTALS }}</p>
                <TextArea name="template" label=words::TEMPLATE_TEXT value=text hint=words::TEMPLATE_HINT/>
                <div class="actions">
                    <Submit label=words::CHECK_TEMPLATE kind=""/>
                    <a class="button" href=paths::INVOICE_SAMPLE rel="external" download>{words::SAMPLE}</a>
                </div>
            </section>
        </Form>
    }
}
