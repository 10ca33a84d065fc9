//! Whether a sign-in is unlike all earlier ones, so that its owner is better told.

/// Faster than any way of travelling that people take, in kilometres an hour.
const FASTEST: f64 = 1_000.0;

/// Files of places are often this wrong, in kilometres.
const NEAR: f64 = 300.0;

/// The earth, as a ball, in kilometres.
const RADIUS: f64 = 6_371.0;

/// A place on earth, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coordinates {
    /// North of the equator.
    pub latitude: f64,
    /// East of Greenwich.
    pub longitude: f64,
}

impl Coordinates {
    /// Whether there is such a place.
    pub fn are_on_earth(&self) -> bool {
        self.latitude.abs() <= 90.0 && self.longitude.abs() <= 180.0
    }

    /// Kilometres to another place, over the ground (haversine).
    fn to(self, other: Self) -> f64 {
        let (from, to) = (self.latitude.to_radians(), other.latitude.to_radians());
        let (north, east) = ((to - from) / 2.0, (other.longitude - self.longitude).to_radians() / 2.0);
        let half = north.sin().powi(2) + from.cos() * to.cos() * east.sin().powi(2);
        2.0 * RADIUS * half.clamp(0.0, 1.0).sqrt().asin()
    }
}

/// A sign-in: when, from where, with what.
#[derive(Clone, Debug, PartialEq)]
pub struct SignIn {
    /// Seconds since 1970-01-01 00:00 UTC.
    pub at: i64,
    /// The country, if it is known.
    pub country: Option<String>,
    /// Where, if it is known.
    pub coordinates: Option<Coordinates>,
    /// The browser and the system, in a few words.
    pub browser: String,
}

/// In which way a sign-in is unusual; the weightiest is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusual {
    /// Nobody travels that fast.
    TooFar,
    /// Never from this country.
    NewCountry,
    /// Never with this browser.
    NewBrowser,
}

/// Compares a sign-in with the earlier ones, newest first. The first of all is usual: there is nothing to compare.
pub fn judge(this: &SignIn, earlier: &[SignIn]) -> Option<Unusual> {
    let last = earlier.iter().find_map(|earlier| Some((earlier.at, earlier.coordinates?)));
    if let (Some((at, there)), Some(here)) = (last, this.coordinates) {
        let kilometres = there.to(here);
        // Seconds of a machine's clock are far below what the numbers here can hold.
        let hours = f64::from(u32::try_from(this.at - at).unwrap_or(0)) / 3_600.0;
        if kilometres > NEAR && kilometres > FASTEST * hours {
            return Some(Unusual::TooFar);
        }
    }
    // Before there was a file of places no country was known, and nothing is new.
    let known = |earlier: &&SignIn| earlier.country.is_some();
    if this.country.is_some()
        && earlier.iter().any(|earlier| known(&earlier))
        && earlier.iter().all(|earlier| earlier.country != this.country)
    {
        return Some(Unusual::NewCountry);
    }
    let is_new = !earlier.is_empty() && earlier.iter().all(|earlier| earlier.browser != this.browser);
    is_new.then_some(Unusual::NewBrowser)
}

#[cfg(test)]
mod tests {
    use super::{Coordinates, SignIn, Unusual, judge};

    const BERLIN: Coordinates = Coordinates { latitude: 52.52, longitude: 13.40 };
    const POTSDAM: Coordinates = Coordinates { latitude: 52.39, longitude: 13.06 };
    const TOKYO: Coordinates = Coordinates { latitude: 35.68, longitude: 139.69 };
    const HOUR: i64 = 3_600;

    fn sign_in(at: i64, place: Option<(&str, Coordinates)>, browser: &str) -> SignIn {
        let country = place.map(|(country, _)| country.to_owned());
        SignIn { at, country, coordinates: place.map(|(_, at)| at), browser: browser.to_owned() }
    }

    #[test]
    fn kilometres_are_right() {
        assert!((BERLIN.to(TOKYO) - 8_918.0).abs() < 30.0, "{}", BERLIN.to(TOKYO));
        assert!((TOKYO.to(BERLIN) - BERLIN.to(TOKYO)).abs() < 1e-6);
        assert!(BERLIN.to(BERLIN).abs() < 1e-6);
        let (west, east) = (
            Coordinates { latitude: 0.0, longitude: -179.5 },
            Coordinates { latitude: 0.0, longitude: 179.5 },
        );
        assert!((west.to(east) - 111.0).abs() < 1.0);
        assert!(!Coordinates { latitude: f64::NAN, longitude: 0.0 }.are_on_earth());
    }

    #[test]
    fn the_first_sign_in_of_all_is_usual() {
        assert_eq!(judge(&sign_in(0, Some(("DE", BERLIN)), "Firefox (Linux)"), &[]), None);
    }

    #[test]
    fn the_same_again_is_usual() {
        let earlier = [sign_in(0, Some(("DE", BERLIN)), "Firefox (Linux)")];
        assert_eq!(judge(&sign_in(60, Some(("DE", POTSDAM)), "Firefox (Linux)"), &earlier), None);
        assert_eq!(judge(&sign_in(60, None, "Firefox (Linux)"), &earlier), None);
    }

    #[test]
    fn a_browser_that_was_never_seen_is_unusual() {
        let earlier = [sign_in(0, None, "Firefox (Linux)"), sign_in(0, None, "Safari (iOS)")];
        assert_eq!(judge(&sign_in(60, None, "Chrome (Windows)"), &earlier), Some(Unusual::NewBrowser));
        assert_eq!(judge(&sign_in(60, None, "Safari (iOS)"), &earlier), None);
    }

    #[test]
    fn a_country_where_one_never_was_is_unusual_once_countries_are_known() {
        let earlier = [sign_in(0, Some(("DE", BERLIN)), "Firefox (Linux)")];
        let japan = sign_in(24 * HOUR, Some(("JP", TOKYO)), "Firefox (Linux)");
        assert_eq!(judge(&japan, &earlier), Some(Unusual::NewCountry));
        assert_eq!(judge(&japan, &[sign_in(0, None, "Firefox (Linux)")]), None);
        assert_eq!(
            judge(&sign_in(48 * HOUR, Some(("JP", TOKYO)), "Firefox (Linux)"), &[japan, earlier[0].clone()]),
            None
        );
    }

    #[test]
    fn nobody_is_in_berlin_and_an_hour_later_in_tokyo() {
        let earlier = [
            sign_in(10 * HOUR, Some(("DE", BERLIN)), "Firefox (Linux)"),
            sign_in(0, Some(("JP", TOKYO)), "Firefox (Linux)"),
        ];
        let after = |hours: i64| sign_in((10 + hours) * HOUR, Some(("JP", TOKYO)), "Firefox (Linux)");
        assert_eq!(judge(&after(1), &earlier), Some(Unusual::TooFar));
        assert_eq!(judge(&after(8), &earlier), Some(Unusual::TooFar));
        assert_eq!(judge(&after(9), &earlier), None);
        // A clock that was put back is no way around it.
        assert_eq!(judge(&after(-5), &earlier), Some(Unusual::TooFar));
    }
}
