//! Anything may come in as an e-mail: it is read without a panic, and nothing is made up.
#![no_main]

libfuzzer_sys::fuzz_target!(|raw: &[u8]| {
    latchkey::read_everything(raw);
});
