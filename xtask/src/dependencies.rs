//! Dependencies that must not be older than a known fault, or must not be there at all. A lock file that goes back behind
//! one of these lines fails the house rules, also on a machine that reaches no list of advisories.

use std::fs;

use crate::run::{Result, root};

/// At least so new, and why.
const FLOORS: &[(&str, [u64; 3], &str)] = &[
    ("ammonia", [4, 2, 4], "RUSTSEC-2026-0193, -0213, and url() in letters of any case"),
    ("bytes", [1, 11, 1], "RUSTSEC-2026-0007"),
    ("h2", [0, 4, 16], "RUSTSEC-2026-0258"),
    ("idna", [1, 0, 3], "RUSTSEC-2024-0421"),
    ("leptos", [0, 8, 19], "a failure could end the script that carries it"),
    ("lettre", [0, 11, 22], "a server's answer had no limit"),
    ("rustls", [0, 23, 46], "RUSTSEC-2026-0285, -0346 to -0349"),
    ("rustls-webpki", [0, 103, 13], "RUSTSEC-2026-0049, -0098, -0099, -0104"),
    ("time", [0, 3, 47], "RUSTSEC-2026-0009"),
    ("url", [2, 5, 4], "it brings the idna above"),
];

/// Never in the product's tree, and why.
const BANNED: &[(&str, &str)] = &[
    ("aws-lc-rs", "one provider of cryptography is enough, and that is ring"),
    ("aws-lc-sys", "one provider of cryptography is enough, and that is ring"),
    ("native-tls", "TLS is rustls everywhere"),
    ("openssl-sys", "TLS is rustls everywhere"),
    ("async-std", "unmaintained (RUSTSEC-2025-0052)"),
];

/// Checks the lock file.
pub(crate) fn check(broken: &mut Vec<String>) -> Result {
    judge(&fs::read_to_string(root().join("Cargo.lock"))?, broken);
    Ok(())
}

fn judge(lock: &str, broken: &mut Vec<String>) {
    for package in lock.split("[[package]]").skip(1) {
        let field = |name: &str| {
            let rest = package.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = \""))?;
            rest.strip_suffix('"')
        };
        let (Some(name), Some(version)) = (field("name"), field("version")) else { continue };
        if let Some((_, reason)) = BANNED.iter().find(|(banned, _)| *banned == name) {
            broken.push(format!("Cargo.lock has {name}: {reason}"));
        }
        if let Some((_, floor, reason)) = FLOORS.iter().find(|(known, ..)| *known == name)
            && numbers(version) < *floor
        {
            broken.push(format!("Cargo.lock has {name} {version}, which is too old: {reason}"));
        }
    }
}

/// Major, minor and patch; what is no number counts as none.
fn numbers(version: &str) -> [u64; 3] {
    let mut parts = version.split(['.', '-', '+']).map(|part| part.parse().unwrap_or(0));
    [0; 3].map(|none| parts.next().unwrap_or(none))
}

#[cfg(test)]
mod tests {
    use super::judge;

    #[test]
    fn what_is_too_old_or_banned_is_named() {
        let lock = "[[package]]\nname = \"rustls\"\nversion = \"0.23.5\"\n\n[[package]]\nname = \"openssl-sys\"\nversion = \"0.9.1\"\n\n\
                    [[package]]\nname = \"ammonia\"\nversion = \"4.10.0\"\n";
        let mut broken = Vec::new();
        judge(lock, &mut broken);
        assert_eq!(broken.len(), 2, "{broken:?}");
        assert!(broken[0].contains("rustls 0.23.5") && broken[1].contains("openssl-sys"));
    }
}
