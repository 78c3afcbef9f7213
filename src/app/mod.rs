//! The app: the table of routes, what surrounds every page, and the parts of the WASM.

mod matching;
mod pages;
mod routes;

pub use routes::App;
