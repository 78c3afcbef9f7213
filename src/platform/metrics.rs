//! Numbers for Prometheus (Y5): requests by route and status with their latencies, counted as they are answered.
//! What is in the database is read when somebody looks, see [`crate::outbox`] and `web::metrics`.
//!
//! Invariant: a stranger cannot make more labels: what leads nowhere is `other`, and so is everything beyond
//! [`MAX_ROUTES`].

use prometheus::{
    Encoder as _, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder,
};
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Routes that have a label of their own.
const MAX_ROUTES: usize = 400;

/// What is counted.
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
    routes: Mutex<HashSet<String>>,
}

impl Default for Metrics {
    fn default() -> Self {
        let requests = IntCounterVec::new(
            Opts::new("latchkey_requests_total", "Requests by method, route and status."),
            &["method", "route", "status"],
        )
        .expect("the names are valid");
        let buckets = vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
        let options =
            HistogramOpts::new("latchkey_request_seconds", "Time until a request was answered, by route.")
                .buckets(buckets);
        let seconds = HistogramVec::new(options, &["route"]).expect("the names are valid");
        let registry = Registry::new();
        registry.register(Box::new(requests.clone())).expect("registered once");
        registry.register(Box::new(seconds.clone())).expect("registered once");
        Self { registry, requests, seconds, routes: Mutex::default() }
    }
}

/// What stands for a path: ids and secrets are none of a label's business.
pub fn route(path: &str, status: u16) -> String {
    if matches!(status, 404 | 405) {
        return "other".into();
    }
    let is_id =
        |part: &str| part.len() == 26 && part.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase());
    let keeps = ["/rpc/", "/a/", "/operator"].iter().any(|start| path.starts_with(start));
    let parts = path.split('/').take(if keeps { 6 } else { 2 });
    parts.map(|part| if is_id(part) { "{id}" } else { part }).collect::<Vec<_>>().join("/")
}

impl Metrics {
    /// A request was answered.
    pub fn answered(&self, method: &str, path: &str, status: u16, took: Duration) {
        let mut label = route(path, status);
        {
            let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
            if !routes.contains(&label) && routes.len() >= MAX_ROUTES {
                label = "other".into();
            } else if !routes.contains(&label) {
                routes.insert(label.clone());
            }
        }
        let method = if matches!(method, "GET" | "POST" | "HEAD") { method } else { "other" };
        self.requests.with_label_values(&[method, &label, &status.to_string()]).inc();
        self.seconds.with_label_values(&[&label]).observe(took.as_secs_f64());
    }

    /// Everything as text, with these numbers of the moment: name, what it says, and value.
    pub fn text(&self, now: &[(String, &'static str, i64)]) -> String {
        let moment = Registry::new();
        for (name, help, value) in now {
            let (name, label) =
                name.split_once('=').map_or((name.as_str(), None), |(name, label)| (name, Some(label)));
            let options = Opts::new(name, *help);
            let options = match label {
                Some(label) => options.const_label("state", label),
                None => options,
            };
            if let Ok(gauge) = IntGauge::with_opts(options) {
                gauge.set(*value);
                let _ = moment.register(Box::new(gauge));
            }
        }
        let mut out = Vec::new();
        let families = [self.registry.gather(), moment.gather()].concat();
        let _ = TextEncoder::new().encode(&families, &mut out);
        String::from_utf8_lossy(&out).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_hold_no_ids_and_no_secrets() {
        assert_eq!(route("/a/01k9zv5s8t3w2x1y0abcdefghj/contacts", 200), "/a/{id}/contacts");
        assert_eq!(route("/invitations/secret", 200), "/invitations");
        assert_eq!(route("/rpc/contacts/list", 200), "/rpc/contacts/list");
        assert_eq!(route("/anything/at/all", 404), "other");
    }

    #[test]
    fn a_stranger_makes_no_more_labels() {
        let metrics = Metrics::default();
        for n in 0..2_000 {
            metrics.answered("BREW", &format!("/page{n}"), 200, Duration::from_millis(3));
        }
        let text = metrics.text(&[("latchkey_outbox_messages=queued".into(), "Messages.", 7)]);
        assert!(text.matches("latchkey_requests_total{").count() <= MAX_ROUTES + 1, "{}", text.len());
        assert!(text.contains("latchkey_outbox_messages{state=\"queued\"} 7"), "{text}");
        assert!(text.contains("method=\"other\""));
    }
}
