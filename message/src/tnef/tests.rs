use super::{Text, read, rtf};

/// An attribute as it is written.
fn attribute(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![level];
    bytes.extend(id.to_le_bytes());
    bytes.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
    bytes.extend(data);
    bytes.extend([0, 0]);
    bytes
}

fn tnef(attributes: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = super::SIGNATURE.to_vec();
    bytes.extend([1, 0]);
    bytes.extend(attributes.concat());
    bytes
}

/// A property of bytes.
fn property(kind: u16, id: u16, value: &[u8]) -> Vec<u8> {
    let mut bytes = kind.to_le_bytes().to_vec();
    bytes.extend(id.to_le_bytes());
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
    bytes.extend(value);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

fn properties(all: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = u32::try_from(all.len()).unwrap().to_le_bytes().to_vec();
    bytes.extend(all.concat());
    bytes
}

#[test]
fn files_and_text_are_found() {
    let name: Vec<u8> = "Größe.txt\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bytes = tnef(&[
        attribute(1, 0x0006_9007, &[0xe4, 4, 0, 0, 0, 0, 0, 0]),
        attribute(1, 0x0002_800c, b"Hello\0"),
        attribute(2, 0x0006_9002, &[0; 14]),
        attribute(2, 0x0001_8010, b"GRSSE~1.TXT\0"),
        attribute(2, 0x0006_800f, b"one"),
        attribute(2, 0x0006_9005, &properties(&[property(0x1f, 0x3707, &name)])),
        attribute(2, 0x0006_9002, &[0; 14]),
        attribute(2, 0x0006_800f, b"two"),
    ]);
    let read = read(&bytes).unwrap();
    let files: Vec<_> = read.files.iter().map(|file| (file.name.as_str(), file.bytes.as_slice())).collect();
    assert_eq!(files, [("Größe.txt", &b"one"[..]), ("attachment.bin", b"two")]);
    assert_eq!(read.text, Some(Text::Plain("Hello".into())));
    assert!(super::read(b"no envelope").is_none());
}

#[test]
fn html_comes_before_plain_text() {
    let inside = properties(&[property(0x1e, 0x1000, b"plain\0"), property(0x102, 0x1013, b"<p>rich")]);
    let read = read(&tnef(&[attribute(1, 0x0006_9003, &inside)])).unwrap();
    assert_eq!(read.text, Some(Text::Html("<p>rich".into())));
}

#[test]
fn no_declared_size_is_believed() {
    let mut bytes = tnef(&[attribute(2, 0x0006_9002, &[0; 14])]);
    bytes.push(2);
    bytes.extend(0x0006_800f_u32.to_le_bytes());
    bytes.extend(u32::MAX.to_le_bytes());
    bytes.extend(b"cut off");
    assert_eq!(read(&bytes).unwrap().files[0].bytes, b"cut off");
    let mut endless = u32::MAX.to_le_bytes().to_vec();
    endless.extend([0x1e, 0x10, 0, 0x10, 255, 255, 255, 255]);
    endless.extend([0; 4_000]);
    assert!(read(&tnef(&[attribute(1, 0x0006_9003, &endless)])).unwrap().text.is_none());
    for end in 0..bytes.len() {
        read(&bytes[..end]);
    }
}

/// The examples of MS-OXRTFCP §3.
const SIMPLE: &[u8] = b"\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\x03\x00\x0a\x00rcpg125B2\x0a\xf3 hel\x09\x00 bw\x05\xb0ld}\x0a\x80\x0f\xa0";
const CROSSING: &[u8] = b"\x1a\0\0\0\x1c\0\0\0LZFu\xe2\xd4KQA\x00\x04 WXYZ\rn}\x01\x0e\xb0";

#[test]
fn packed_rtf_is_unpacked() {
    assert_eq!(rtf::unpack(SIMPLE).unwrap(), b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
    assert_eq!(rtf::unpack(CROSSING).unwrap(), b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}");
    assert_eq!(rtf::words(&rtf::unpack(SIMPLE).unwrap()).as_deref(), Some("hello world"));
    let mut lies = SIMPLE.to_vec();
    lies[..8].fill(255);
    assert!(rtf::unpack(&lies).is_some());
    for end in 0..SIMPLE.len() {
        rtf::unpack(&SIMPLE[..end]);
    }
}

#[test]
fn a_small_packed_text_does_not_become_an_endless_one() {
    let mut bomb = b"\0\0\0\0\0\0\0\0LZFu\0\0\0\0".to_vec();
    bomb.extend([0xff, 0, 0x0f].repeat(1_000_000));
    assert!(rtf::unpack(&bomb).unwrap().len() <= crate::limits::RTF_BYTES + 17);
}

#[test]
fn rtf_is_read_without_what_is_no_text() {
    for (rtf, words) in [
        (
            r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\generator Riched;}Gr\'fc\'dfe\par aus \u8364?\tab K\'f6ln}",
            "Grüße\naus €\tKöln",
        ),
        (r"{\rtf1\u-10179?\u-8704?}", "😀"),
        (r"{\rtf1\uc2 \u252??x{\uc0\u252 y}}", "üxüy"),
        (r"{\rtf1\fromhtml1{\*\htmltag64 <p>}\htmlrtf{\f0 \htmlrtf0 words\htmlrtf\par}\htmlrtf0}", "words\n"),
        (r"{\rtf1 \{a\\b\}\~c\bin3 xyzd}", "{a\\b}\u{a0}cd"),
    ] {
        assert_eq!(super::rtf::words(rtf.as_bytes()).as_deref(), Some(words), "{rtf}");
    }
    assert_eq!(rtf::words(b"plain"), None);
    for hostile in ["{", "}", "\\", "\\'", "\\u9", "\\bin99999999999 ", "\\uc9\\u9", "{\\*", "\\u-10179?"] {
        rtf::words(format!("{{\\rtf1{}", hostile.repeat(100_000)).as_bytes());
    }
}
