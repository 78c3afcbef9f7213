//! From the fields of a form to a set of permissions.

use crate::permission::{Permissions, Preset};

/// What the form's permissions section sends.
pub struct Chosen<'a> {
    /// The preset chosen now.
    pub preset: &'a str,
    /// The preset that was chosen when the form was drawn.
    pub preset_was: &'a str,
    /// The boxes that were ticked when the form was drawn, as comma-separated keys.
    pub permissions_were: &'a str,
    /// The boxes that are ticked now, as keys.
    pub permissions: &'a [String],
}

impl Chosen<'_> {
    /// The permissions the person means. With WASM preset and boxes always agree. Without, a newly chosen preset counts when
    /// the boxes were left alone, and changed boxes count when the preset was left alone (R3).
    ///
    /// # Errors
    /// A sentence for the person when both were changed and contradict each other.
    pub fn resolve(&self) -> Result<Permissions, String> {
        let boxes = Permissions::from_keys(&self.permissions.join(","));
        let preset = Preset::from_key(self.preset).unwrap_or(Preset::Custom);
        let Some(meant) = preset.permissions() else { return Ok(boxes) };
        let preset_changed = self.preset != self.preset_was;
        let boxes_changed = boxes != Permissions::from_keys(self.permissions_were);
        match (preset_changed, boxes_changed) {
            (false, _) => Ok(boxes),
            (true, false) => Ok(meant),
            (true, true) if boxes == meant => Ok(meant),
            (true, true) => Err(format!(
                "You chose “{}” and also changed boxes. Choose “Custom” to keep the boxes as they are, or save the preset first and change boxes after.",
                preset.title()
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(preset: &str, was: &str, boxes: &[&str]) -> Result<String, String> {
        let permissions: Vec<String> = boxes.iter().map(|key| (*key).to_owned()).collect();
        Chosen { preset, preset_was: was, permissions_were: "", permissions: &permissions }.resolve().map(Permissions::keys)
    }

    #[test]
    fn a_new_preset_counts_when_boxes_were_left_alone() {
        assert_eq!(chosen("accounting", "none", &[]).unwrap(), "invoices.view,invoices.pay");
    }

    #[test]
    fn changed_boxes_count_when_the_preset_was_left_alone() {
        assert_eq!(chosen("none", "none", &["tickets.open"]).unwrap(), "tickets.open");
        assert_eq!(chosen("custom", "none", &["tickets.open"]).unwrap(), "tickets.open");
    }

    #[test]
    fn agreeing_changes_are_taken_and_contradicting_ones_refused() {
        assert_eq!(chosen("accounting", "none", &["invoices.pay", "invoices.view"]).unwrap(), "invoices.view,invoices.pay");
        assert!(chosen("accounting", "none", &["tickets.open"]).unwrap_err().contains("Accounting"));
    }

    #[test]
    fn nonsense_is_custom() {
        assert_eq!(chosen("root", "none", &["nothing.at_all", "invoices.view"]).unwrap(), "invoices.view");
    }
}
