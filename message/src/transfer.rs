//! How bytes were packed for transport (RFC 2045 §6), undone. Works on chunks, so that an attachment of any size
//! passes through without ever being here whole; damage costs the damaged bytes.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use model::structure::Encoding;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Undoes a transfer encoding, chunk by chunk.
#[derive(Debug)]
pub struct Unpacker {
    encoding: Encoding,
    /// What has to wait for the next chunk.
    held: Vec<u8>,
}

/// Undoes a transfer encoding at once.
pub fn unpack(bytes: &[u8], encoding: Encoding) -> Vec<u8> {
    let mut unpacker = Unpacker::new(encoding);
    let mut unpacked = unpacker.push(bytes);
    unpacked.extend(unpacker.finish());
    unpacked
}

impl Unpacker {
    /// For the bytes of one part.
    pub fn new(encoding: Encoding) -> Self {
        Self { encoding, held: Vec::new() }
    }

    /// The bytes that this chunk completes.
    pub fn push(&mut self, chunk: &[u8]) -> Vec<u8> {
        match self.encoding {
            Encoding::Identity => chunk.to_vec(),
            Encoding::Base64 => {
                let mut decoded = Vec::with_capacity(chunk.len() / 4 * 3);
                // Padding ends a stretch; what follows it, as after joined pieces, begins another.
                for (index, stretch) in chunk.split(|byte| *byte == b'=').enumerate() {
                    if index > 0 {
                        decoded.extend(end_of_stretch(&std::mem::take(&mut self.held)));
                    }
                    self.held.extend(stretch.iter().filter(|byte| is_base64(**byte)));
                    let groups: Vec<u8> = self.held.drain(..self.held.len() / 4 * 4).collect();
                    decoded.extend(LENIENT.decode(groups).unwrap_or_default());
                }
                decoded
            }
            Encoding::QuotedPrintable => {
                self.held.extend_from_slice(chunk);
                let ready: Vec<u8> = self.held.drain(..self.held.len() - unfinished(&self.held)).collect();
                quoted_printable(&ready)
            }
        }
    }

    /// What is left at the end.
    pub fn finish(self) -> Vec<u8> {
        match self.encoding {
            Encoding::Identity => Vec::new(),
            Encoding::Base64 => end_of_stretch(&self.held),
            Encoding::QuotedPrintable => quoted_printable(&self.held),
        }
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

/// The last characters of a stretch, fewer than four. A lone one carries less than a byte.
fn end_of_stretch(held: &[u8]) -> Vec<u8> {
    if held.len() < 2 { Vec::new() } else { LENIENT.decode(held).unwrap_or_default() }
}

/// White space that may stand between the equals sign of a soft break and the end of its line.
const PADDING: usize = 1_000;

/// Bytes at the end that mean one thing or another, depending on what follows: an equals sign and its two digits, or
/// its line break.
fn unfinished(bytes: &[u8]) -> usize {
    let Some(at) = bytes.iter().rposition(|byte| *byte == b'=') else { return 0 };
    let tail = bytes.get(at + 1..).unwrap_or_default();
    let spaces = tail.iter().take_while(|byte| is_space(**byte)).count();
    let open = match tail.get(spaces..).unwrap_or_default() {
        [] | [b'\r'] => spaces <= PADDING,
        [digit] => spaces == 0 && hexadecimal(*digit).is_some(),
        _ => false,
    };
    if open { bytes.len() - at } else { 0 }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// RFC 2045 §6.7. What is no valid escape stays as it was written.
fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'=' {
            decoded.push(*first);
            continue;
        }
        let spaces = after.iter().take(PADDING + 1).take_while(|byte| is_space(**byte)).count();
        match after {
            _ if spaces <= PADDING
                && let Some([b'\r', b'\n', after @ ..] | [b'\n', after @ ..]) = after.get(spaces..) =>
            {
                rest = after;
            }
            [high, low, after @ ..]
                if let (Some(high), Some(low)) = (hexadecimal(*high), hexadecimal(*low)) =>
            {
                decoded.push(high * 16 + low);
                rest = after;
            }
            _ => decoded.push(b'='),
        }
    }
    decoded
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use model::structure::Encoding;
    use proptest::prelude::*;

    use super::{Unpacker, unpack};

    #[test]
    fn base64_is_unpacked_whatever_stands_between() {
        assert_eq!(unpack(b"SGVs\r\nbG8=\r\n", Encoding::Base64), b"Hello");
        assert_eq!(unpack(b"SGVsbG8", Encoding::Base64), b"Hello");
        assert_eq!(unpack(b"S!G*V s\tbG8=", Encoding::Base64), b"Hello");
        assert_eq!(unpack(b"SGVsbG8=SGVsbG8=", Encoding::Base64), b"HelloHello");
        assert_eq!(unpack(b"S", Encoding::Base64), b"");
    }

    #[test]
    fn quoted_printable_is_unpacked_and_damage_stays() {
        assert_eq!(unpack(b"Gr=C3=BC=C3=\r\n=9Fe =3d x", Encoding::QuotedPrintable), "Grüße = x".as_bytes());
        assert_eq!(unpack(b"a=ZZb=", Encoding::QuotedPrintable), b"a=ZZb=");
        assert_eq!(unpack(b"soft=\nbreak", Encoding::QuotedPrintable), b"softbreak");
        assert_eq!(unpack(b"soft= \t \r\nbreak = x", Encoding::QuotedPrintable), b"softbreak = x");
    }

    proptest! {
        #[test]
        fn chunks_give_what_the_whole_gives(
            bytes in prop::collection::vec(prop_oneof![Just(b'='), Just(b'\r'), Just(b'\n'), Just(b' '), Just(b'A'), any::<u8>()], 0..200),
            size in 1_usize..20,
            encoding in prop_oneof![Just(Encoding::Base64), Just(Encoding::QuotedPrintable), Just(Encoding::Identity)],
        ) {
            let mut unpacker = Unpacker::new(encoding);
            let mut pieces: Vec<u8> = bytes.chunks(size).flat_map(|chunk| unpacker.push(chunk)).collect();
            pieces.extend(unpacker.finish());
            prop_assert_eq!(pieces, unpack(&bytes, encoding));
        }
    }
}
