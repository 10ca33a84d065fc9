//! Colours in the dark: what was made for a white page, kept readable on a dark one.
//!
//! Lightness is turned around in Oklch, where equal numbers look equally light; hue and colourfulness stay, so that a
//! red button stays red. Both colours are written, `light-dark(…)` (CSS Color 5 §4.1): the browser takes the one that
//! fits, and goes back to the other at once when a person wishes to see what was sent.

use color::{AlphaColor, Oklch, Srgb, parse_color};

/// What a colour is for: what is light on a page becomes dark, what is dark on it becomes light.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Behind words.
    Background,
    /// Words.
    Words,
    /// Lines between.
    Line,
}

/// Longest name of a colour.
const LONGEST: usize = 64;

/// Writes a colour for both surroundings; `None` when it is none, or the same in both.
pub(super) fn both(colour: &str, purpose: Purpose) -> Option<String> {
    if colour.len() > LONGEST {
        return None;
    }
    let light = parse_color(colour).ok()?.to_alpha_color::<Oklch>();
    let [lightness, chroma, hue, alpha] = light.components;
    // Nothing to see, or a component that is not there.
    if alpha <= 0.0 || !lightness.is_finite() || !chroma.is_finite() {
        return None;
    }
    let dark = in_the_dark(lightness.clamp(0.0, 1.0), purpose);
    if (dark - lightness).abs() < 0.02 {
        return None;
    }
    // A pale colour has room to be colourful only where it is pale.
    let chroma = chroma.min(0.06 + 0.14 * dark);
    let hue = if hue.is_finite() { hue } else { 0.0 };
    let dark = AlphaColor::<Oklch>::new([dark, chroma, hue, alpha]).convert::<Srgb>().to_rgba8();
    let opaque = format!("#{:02x}{:02x}{:02x}", dark.r, dark.g, dark.b);
    let dark = if dark.a == u8::MAX { opaque } else { format!("{opaque}{:02x}", dark.a) };
    Some(format!("light-dark({colour},{dark})"))
}

/// The lightness on a dark page.
fn in_the_dark(lightness: f32, purpose: Purpose) -> f32 {
    match purpose {
        // White becomes the dark of the page, grey a little lighter than that; what is dark already stays.
        Purpose::Background if lightness > 0.5 => 0.22 + (1.0 - lightness) * 0.46,
        // Black becomes nearly white; what is light already stays.
        Purpose::Words if lightness < 0.74 => 0.93 - lightness * 0.26,
        Purpose::Line if lightness > 0.5 => 0.36 + (1.0 - lightness) * 0.3,
        Purpose::Background | Purpose::Words | Purpose::Line => lightness,
    }
}

#[cfg(test)]
mod tests {
    use color::{Oklch, parse_color};

    use super::{Purpose, both};

    fn lightness(colour: &str) -> f32 {
        parse_color(colour).unwrap().to_alpha_color::<Oklch>().components[0]
    }

    fn dark(colour: &str, purpose: Purpose) -> String {
        let written = both(colour, purpose).unwrap_or_else(|| format!("light-dark({colour},{colour})"));
        let (_, dark) = written.rsplit_once(',').unwrap();
        dark.trim_end_matches(')').to_owned()
    }

    #[test]
    fn words_stay_readable_on_what_is_behind_them() {
        for (words, behind) in [
            ("#000", "#fff"),
            ("#333333", "#f5efe6"),
            ("rgb(0,0,0)", "#ffd400"),
            ("#767676", "white"),
            ("#0b57a4", "#ffffff"),
            ("#fff", "#1a73e8"),
            ("#eeeeee", "#111111"),
            ("navy", "lightyellow"),
        ] {
            let (words_there, behind_there) =
                (dark(words, Purpose::Words), dark(behind, Purpose::Background));
            let apart = (lightness(&words_there) - lightness(&behind_there)).abs();
            assert!(apart > 0.33, "{words} on {behind} → {words_there} on {behind_there}: {apart}");
        }
    }

    #[test]
    fn what_is_dark_already_stays_and_what_is_no_colour_is_left_alone() {
        assert_eq!(both("#111", Purpose::Background), None);
        assert_eq!(both("#fff", Purpose::Words), None);
        for other in ["transparent", "currentcolor", "inherit", "solid", "url(x)", "", "#12"] {
            assert_eq!(both(other, Purpose::Background), None, "{other}");
        }
    }

    #[test]
    fn half_transparent_stays_half_transparent() {
        assert_eq!(
            both("rgba(255,255,255,.5)", Purpose::Background).unwrap().rsplit_once(',').unwrap().1.len(),
            10
        );
    }
}
