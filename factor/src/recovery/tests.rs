//! What is on paper opens, however it is typed, and what is kept tells nothing.

use std::collections::HashSet;

use super::{CODES, Code, Set};

#[test]
fn a_set_has_ten_different_codes_in_four_groups_of_letters_that_nobody_mistakes() {
    let set = Set::generate().unwrap();
    assert_eq!((set.codes.len(), set.hashes.len()), (CODES, CODES));
    let different: HashSet<&str> = set.codes.iter().map(|code| code.as_str()).collect();
    assert_eq!(different.len(), CODES);
    for code in &set.codes {
        let groups: Vec<&str> = code.split('-').collect();
        assert_eq!(groups.len(), 4);
        let letters = groups.concat();
        assert_eq!(letters.len(), 16);
        assert!(letters.chars().all(|letter| letter.is_ascii_digit() || letter.is_ascii_uppercase()));
        assert!(!letters.contains(['I', 'L', 'O', 'U']));
    }
}

#[test]
fn every_code_of_a_set_has_its_hash_in_it_and_in_no_other() {
    let (set, other) = (Set::generate().unwrap(), Set::generate().unwrap());
    for (code, hash) in set.codes.iter().zip(&set.hashes) {
        let code = Code::read(code).unwrap();
        assert_eq!(&code.hash(&set.salt).unwrap(), hash);
    }
    let code = Code::read(&set.codes[0]).unwrap();
    assert!(!other.hashes.contains(&code.hash(&other.salt).unwrap()));
}

#[test]
fn a_code_is_read_in_every_spelling() {
    let code = Code::read("0123-4567-89AB-CDEF").unwrap();
    assert_eq!(code.written().as_str(), "0123-4567-89AB-CDEF");
    for typed in [
        "0123456789abcdef",
        " 0123 4567 89ab cdef\r\n",
        "o123-4567-89aB-CdEf",
        "OI23-4567-89AB-CDEF",
        "oL23 4567 89AB CDEF",
        "0l23–4567—89AB‑CDEF",
        "0-1-2-3-4-5-6-7-8-9-A-B-C-D-E-F-",
    ] {
        assert!(Code::read(typed).is_some_and(|read| read == code), "{typed}");
    }
    for typed in ["GHJK-MNPQ-RSTV-WXYZ", "ZZZZ-ZZZZ-ZZZZ-ZZZZ", "0000-0000-0000-0000"] {
        assert_eq!(Code::read(typed).unwrap().written().as_str(), typed);
        assert!(Code::read(typed).unwrap() != code);
    }
}

#[test]
fn what_is_no_code_is_not_hashed() {
    for typed in [
        "",
        "0123-4567-89AB-CDE",
        "0123-4567-89AB-CDEF-0",
        "0123-4567-89AB-CDEU",
        "0123-4567-89AB-CDE.",
        "ä123-4567-89AB-CDEF",
        "287082",
    ] {
        assert!(Code::read(typed).is_none(), "{typed}");
    }
    assert!(Code::read(&"0".repeat(1_000_000)).is_none());
}

#[test]
fn nothing_is_printed() {
    let set = Set::generate().unwrap();
    assert_eq!(format!("{set:?}"), "Set(secret)");
    assert_eq!(format!("{:?}", Code::read(&set.codes[0]).unwrap()), "Code(secret)");
}
