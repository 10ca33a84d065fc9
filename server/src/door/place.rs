//! In which country a network address is, by a file that the operator brings.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use maxminddb::{Reader, path};

use super::unusual::Coordinates;

/// Largest file that is taken: it is kept in memory.
const LARGEST: u64 = 512 << 20;

/// Why the file is of no use.
#[derive(Debug, thiserror::Error)]
#[error("sign_in.geoip_file is {}, but {why}", path.display())]
pub struct BrokenFile {
    path: PathBuf,
    why: String,
}

/// The file, read. Cloning is cheap.
#[derive(Clone)]
pub struct Places(Arc<Reader<Vec<u8>>>);

/// Where an address is, as far as the file knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    /// The country, as two letters (ISO 3166-1).
    pub country: Option<String>,
    /// Where in it.
    pub coordinates: Option<Coordinates>,
}

impl Places {
    /// Reads a file in the format of MaxMind, whole.
    ///
    /// # Errors
    /// [`BrokenFile`] in words for the operator.
    pub fn read(file: &Path) -> Result<Self, BrokenFile> {
        let broken = |why: String| BrokenFile { path: file.to_owned(), why };
        let size =
            std::fs::metadata(file).map_err(|error| broken(format!("it cannot be read: {error}")))?.len();
        if size > LARGEST {
            return Err(broken(format!("it has more than {} MiB", LARGEST >> 20)));
        }
        let bytes = std::fs::read(file).map_err(|error| broken(format!("it cannot be read: {error}")))?;
        let reader = Reader::from_source(bytes)
            .and_then(|reader| reader.verify().map(|()| reader))
            .map_err(|error| broken(format!("it is no whole database in the format of MaxMind: {error}")))?;
        let kind = &reader.metadata().database_type;
        if !["City", "Country", "Enterprise", "Location"].iter().any(|word| kind.contains(word)) {
            return Err(broken(format!("it is a database of {kind:?}, which knows no countries")));
        }
        Ok(Self(Arc::new(reader)))
    }

    /// Where this address is. An address that the file does not know is nowhere.
    pub fn of(&self, address: IpAddr) -> Place {
        let Ok(found) = self.0.lookup(address.to_canonical()) else { return Place::default() };
        let country: Option<&str> = found.decode_path(&path!["country", "iso_code"]).ok().flatten();
        let country = country.filter(|code| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()));
        let latitude: Option<f64> = found.decode_path(&path!["location", "latitude"]).ok().flatten();
        let longitude: Option<f64> = found.decode_path(&path!["location", "longitude"]).ok().flatten();
        let coordinates = latitude
            .zip(longitude)
            .map(|(latitude, longitude)| Coordinates { latitude, longitude })
            .filter(Coordinates::are_on_earth);
        Place { country: country.map(str::to_owned), coordinates }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use ::mmdb_writer::{Value, Writer};

    use super::{Coordinates, Place, Places};

    /// A file that knows Berlin by two networks, a country without coordinates, and nonsense.
    fn file(kind: &str) -> (tempfile::TempDir, PathBuf) {
        let mut writer = Writer::builder(kind).description(&[("en", "made by a test")]).build();
        let country = |code: &str| Value::map([("iso_code", Value::from(code))]);
        let at = |latitude, longitude| {
            Value::map([("latitude", Value::Double(latitude)), ("longitude", Value::Double(longitude))])
        };
        for (network, value) in [
            ("81.2.69.0/24", Value::map([("country", country("DE")), ("location", at(52.5, 13.4))])),
            ("2001:218::/32", Value::map([("country", country("DE")), ("location", at(52.5, 13.4))])),
            ("81.2.70.0/24", Value::map([("country", country("JP"))])),
            ("81.2.71.0/24", Value::map([("country", country("<b>")), ("location", at(f64::NAN, 500.0))])),
            ("81.2.72.0/24", Value::from("no map at all")),
        ] {
            writer.insert_value(network.parse::<ipnet::IpNet>().unwrap(), value).unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("places.mmdb");
        std::fs::write(&path, writer.to_bytes().unwrap()).unwrap();
        (folder, path)
    }

    #[test]
    fn an_address_is_where_the_file_says_and_else_nowhere() {
        let (_folder, path) = file("Test-City");
        let places = Places::read(&path).unwrap();
        let of = |address: &str| places.of(address.parse().unwrap());
        let berlin = Place {
            country: Some("DE".into()),
            coordinates: Some(Coordinates { latitude: 52.5, longitude: 13.4 }),
        };
        for address in ["81.2.69.142", "::ffff:81.2.69.142", "2001:218::1"] {
            assert_eq!(of(address), berlin, "{address}");
        }
        assert_eq!(of("81.2.70.1"), Place { country: Some("JP".into()), coordinates: None });
        for address in ["81.2.71.1", "81.2.72.1", "127.0.0.1", "::1", "2001:db8::1"] {
            assert_eq!(of(address), Place::default(), "{address}");
        }
    }

    #[test]
    fn a_file_that_is_of_no_use_is_named_with_its_key_and_why() {
        let said = |path: &std::path::Path| Places::read(path).err().unwrap().to_string();
        let (folder, path) = file("Test-City");
        let whole = std::fs::read(&path).unwrap();
        for (bytes, why) in [
            (&b"no database at all"[..], "no whole database in the format of MaxMind"),
            (&whole[whole.len() / 2..], "no whole database in the format of MaxMind"),
        ] {
            let broken = folder.path().join("broken.mmdb");
            std::fs::write(&broken, bytes).unwrap();
            let said = said(&broken);
            assert!(said.starts_with("sign_in.geoip_file is ") && said.contains(why), "{said}");
        }
        assert!(said(&folder.path().join("missing.mmdb")).contains("it cannot be read"));
        let (_other, networks) = file("GeoLite2-ASN");
        assert!(said(&networks).contains("knows no countries"));
    }
}
