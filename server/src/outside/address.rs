//! Which addresses belong to the world and to nobody's own network (IANA's registries of special-purpose addresses,
//! RFC 6890).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// IPv4 networks that are not the world.
const NOT_V4: &[(Ipv4Addr, u32)] = &[
    // This network (RFC 791 §3.2).
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    // Private (RFC 1918).
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    // Shared by a provider's customers (RFC 6598); one cloud answers about its machines here.
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    // Loopback.
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    // Link-local (RFC 3927), where most clouds answer about their machines.
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    // The same of one cloud, in the middle of the world.
    (Ipv4Addr::new(168, 63, 129, 16), 32),
    // Protocol assignments (RFC 6890), AMT (RFC 7450), relays of 6to4 (RFC 7526).
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    // Benchmarks (RFC 2544).
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    // Documentation (RFC 5737).
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    // Multicast, reserved, broadcast.
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Where IPv6 is the world at all (RFC 4291 §2.4). Everything else, such as loopback, mapped and translated IPv4, local and
/// link-local addresses, is outside of it.
const V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// What in there is not the world.
const NOT_V6: &[(Ipv6Addr, u32)] = &[
    // Protocol assignments, among them Teredo (RFC 4380), which hides an IPv4 address, and ORCHID.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    // Documentation (RFC 3849, RFC 9637).
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
    // 6to4 (RFC 3056), which hides an IPv4 address.
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    // Given back (RFC 3701).
    (Ipv6Addr::new(0x3ffe, 0, 0, 0, 0, 0, 0, 0), 16),
];

/// Whether an address is one host in the world.
pub(super) fn is_of_the_world(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let within = |(network, bits): &(Ipv4Addr, u32)| {
                (address.to_bits() ^ network.to_bits()) >> (Ipv4Addr::BITS - bits) == 0
            };
            !NOT_V4.iter().any(within)
        }
        IpAddr::V6(address) => {
            let within = |(network, bits): &(Ipv6Addr, u32)| {
                (address.to_bits() ^ network.to_bits()) >> (Ipv6Addr::BITS - bits) == 0
            };
            within(&V6) && !NOT_V6.iter().any(within)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

    use proptest::prelude::*;

    use super::{NOT_V4, NOT_V6, V6, is_of_the_world};

    #[test]
    fn hosts_of_the_world_are_told_from_all_others() {
        for world in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "93.184.215.14",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.1",
            "169.253.1.1",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.1",
            "192.167.255.255",
            "198.17.0.1",
            "198.20.0.0",
            "223.255.255.255",
            "2001:200::1",
            "2606:2800:220:1::1",
            "2a00:1450:4001:80b::200e",
        ] {
            assert!(is_of_the_world(world.parse().unwrap()), "{world}");
        }
        for other in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.254",
            "168.63.129.16",
            "169.254.169.254",
            "169.254.170.2",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::ffff:0:8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b::808:808",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:c0a8:101::1",
            "3ffe::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_of_the_world(other.parse().unwrap()), "{other}");
        }
    }

    proptest! {
        #[test]
        fn what_is_no_network_of_the_world_has_no_host_of_it(
            v4 in 0..NOT_V4.len(), v6 in 0..NOT_V6.len(), host: u128, other: u128,
        ) {
            let (network, bits) = NOT_V4[v4];
            let inside = network.to_bits() | u32::try_from(host & 0xffff_ffff).unwrap().checked_shr(bits).unwrap_or(0);
            prop_assert!(!is_of_the_world(IpAddr::V4(Ipv4Addr::from_bits(inside))));
            let (network, bits) = NOT_V6[v6];
            prop_assert!(!is_of_the_world(IpAddr::V6(Ipv6Addr::from_bits(network.to_bits() | host >> bits))));
            // However it begins, beside the one eighth that is the world.
            let beside = Ipv6Addr::from_bits(other);
            let world = other >> (128 - V6.1) == 1;
            prop_assert!(world || !is_of_the_world(IpAddr::V6(beside)));
            // What IPv4 says, no spelling of it in IPv6 says otherwise.
            prop_assert!(!is_of_the_world(IpAddr::V6(Ipv4Addr::from_bits(inside).to_ipv6_mapped())));
        }
    }
}
