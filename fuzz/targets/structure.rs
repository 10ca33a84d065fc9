//! Feeds `fuzz::structure`, by the engine or, without it, with files.
#![cfg_attr(fuzzing, no_main, allow(unsafe_code, reason = "the engine's entry is a function of C"))]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::structure(bytes));

#[cfg(not(fuzzing))]
fn main() -> std::io::Result<()> {
    fuzz::replay(fuzz::structure)
}
