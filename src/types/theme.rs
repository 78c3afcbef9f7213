//! Light or dark.

use serde::{Deserialize, Serialize};

/// The colours a person wants in a browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    /// Whatever the device is set to.
    #[default]
    Device,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// Every one, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::Device, Self::Light, Self::Dark];

    /// Its name in the cookie, in forms and in the document.
    pub fn key(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The one with this name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.key() == key)
    }

    /// Its label.
    pub fn title(self) -> &'static str {
        match self {
            Self::Device => "As device",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    /// The value of CSS `color-scheme`.
    pub fn color_scheme(self) -> &'static str {
        match self {
            Self::Device => "light dark",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}
