//! What holds of frames whatever a server sends, and however the network cuts it.

use std::io::Cursor;

use proptest::prelude::*;
use tokio::io::{AsyncRead, AsyncReadExt, join, sink};

use super::{Broken, Frame, Frames};
use crate::wire::limits::Limits;
use crate::wire::token::{self, Token};

/// Where much is cut off.
const SHORT: Limits = Limits { line: 30, literal: 6, answer: 200, forgotten: 90 };

/// Where what is too long ends the connection.
const STRICT: Limits = Limits { line: 30, literal: 6, answer: 60, forgotten: 0 };

/// What is read of bytes that arrive in these pieces, up to the end or a failure.
fn read(bytes: &[u8], cuts: &[usize], limits: Limits) -> Vec<Result<Frame, Broken>> {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).collect();
    cuts.extend([0, bytes.len()]);
    cuts.sort_unstable();
    let mut stream: Box<dyn AsyncRead + Send + Unpin> = Box::new(tokio::io::empty());
    for piece in cuts.windows(2) {
        stream = Box::new(stream.chain(Cursor::new(bytes[piece[0]..piece[1]].to_vec())));
    }
    let mut frames = Frames::new(join(stream, sink()));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut read = Vec::new();
        while read.last().is_none_or(Result::is_ok) {
            read.push(frames.next(limits).await);
        }
        read
    })
}

/// Pieces of responses, of which some announce literals and some only look so.
fn speech() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        "[a-z0-9 (){}~\"\\\\\r]{0,8}".prop_map(String::into_bytes),
        "(\\* |p1 OK )?[A-Z]{0,5}".prop_map(String::into_bytes),
        "~?\\{[0-9]{1,2}\\+?\\}\r?\r?\n".prop_map(String::into_bytes),
        Just(b"\r\n".to_vec()),
        prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn however_bytes_arrive_the_same_responses_come_out(
        bytes in speech(),
        cuts in prop::collection::vec(any::<usize>(), 0..20),
        limits in prop_oneof![Just(SHORT), Just(STRICT), Just(Limits::SMALL)],
    ) {
        let every: Vec<usize> = (0..bytes.len()).collect();
        let whole = read(&bytes, &[], limits);
        prop_assert_eq!(&read(&bytes, &cuts, limits), &whole);
        prop_assert_eq!(&read(&bytes, &every, limits), &whole);
        for frame in whole.iter().flatten() {
            prop_assert!(frame.bytes().len() <= limits.answer);
        }
    }

    #[test]
    fn what_was_announced_is_in_one_response_and_is_read_as_it_was_sent(
        literals in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..40), any::<bool>(), any::<bool>()), 1..5),
    ) {
        let mut bytes = b"* X".to_vec();
        for (literal, binary, plus) in &literals {
            let (tilde, plus) = (if *binary { "~" } else { "" }, if *plus { "+" } else { "" });
            bytes.extend(format!(" {tilde}{{{}{plus}}}\r\n", literal.len()).into_bytes());
            bytes.extend(literal);
        }
        let mut sent = bytes.clone();
        sent.extend(b"\r\n* 2 EXISTS\r\n");
        let frames = read(&sent, &[], Limits::SMALL);
        prop_assert_eq!(&frames[0], &Ok(Frame::from(bytes.clone())));
        prop_assert_eq!(frames.len(), 3);
        let told: Vec<_> = token::read(&bytes).into_iter().skip(2).collect();
        let told: Vec<_> = told.iter().map(|token| token.bytes().map(<[u8]>::to_vec)).collect();
        prop_assert_eq!(told, literals.into_iter().map(|(literal, ..)| Some(literal)).collect::<Vec<_>>());
    }

    #[test]
    fn a_response_that_was_cut_still_tells_its_name_and_leaves_the_next_one_whole(
        filling in "[a-z()\"]{0,60}",
        literal in prop::collection::vec(any::<u8>(), 0..40),
        cuts in prop::collection::vec(any::<usize>(), 0..8),
    ) {
        let mut bytes = format!("* 1 FETCH (A {filling} {{{}}}\r\n", literal.len()).into_bytes();
        bytes.extend(&literal);
        bytes.extend(b" B)\r\n* 2 EXISTS\r\n");
        let frames = read(&bytes, &cuts, Limits { forgotten: 400, answer: 400, ..SHORT });
        prop_assert!(frames[0].as_ref().is_ok_and(|frame| frame.bytes().starts_with(b"* 1 FETCH (A ")));
        prop_assert_eq!(&frames[1..], &[Ok(Frame::from(b"* 2 EXISTS".to_vec())), Err(Broken::End)]);
        if let Ok(frame) = &frames[0] {
            prop_assert!(token::read(frame.bytes()).len() >= 3);
        }
    }

    #[test]
    fn tokens_are_read_as_they_were_written(tree in tree(), spaces in any::<bool>()) {
        let (mut text, expected) = (Vec::new(), tree.clone());
        write(&tree, spaces, &mut text);
        let tokens = token::read(&text);
        prop_assert_eq!(tokens, vec![expected.token()]);
    }

    #[test]
    fn there_are_never_more_tokens_than_bytes(text in "[(){}\"\\\\ ~\\[\\]<>0-9a-cNIL\r\n]{0,200}") {
        prop_assert!(count(&token::read(text.as_bytes())) <= text.len());
    }
}

fn count(tokens: &[Token<'_>]) -> usize {
    tokens.iter().map(|token| 1 + token.list().map_or(0, count)).sum()
}

/// A token, and how it is written.
#[derive(Clone, Debug)]
enum Tree {
    Atom(String),
    Quoted(Vec<u8>),
    Literal(Vec<u8>),
    List(Vec<Tree>),
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        "[A-Za-z0-9\\\\$][A-Za-z0-9.:*,\\]<>-]{0,8}".prop_map(Tree::Atom),
        "BODY\\[[A-Z0-9. ()]{0,12}\\](<[0-9]{1,3}>)?".prop_map(Tree::Atom),
        prop::collection::vec(any::<u8>(), 0..12).prop_map(Tree::Quoted),
        prop::collection::vec(any::<u8>(), 0..12).prop_map(Tree::Literal),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| prop::collection::vec(inner, 0..6).prop_map(Tree::List))
}

impl Tree {
    fn token(&self) -> Token<'_> {
        match self {
            Self::Atom(atom) => Token::Atom(atom.as_bytes()),
            Self::Quoted(bytes) | Self::Literal(bytes) => Token::String(bytes.into()),
            Self::List(trees) => Token::List(trees.iter().map(Self::token).collect()),
        }
    }
}

fn write(tree: &Tree, spaces: bool, into: &mut Vec<u8>) {
    match tree {
        Tree::Atom(atom) => into.extend(atom.as_bytes()),
        Tree::Quoted(bytes) => {
            into.push(b'"');
            for byte in bytes {
                into.extend(matches!(byte, b'"' | b'\\').then_some(b'\\'));
                into.push(*byte);
            }
            into.push(b'"');
        }
        Tree::Literal(bytes) => {
            into.extend(format!("{{{}}}\r\n", bytes.len()).into_bytes());
            into.extend(bytes);
        }
        Tree::List(trees) => {
            into.push(b'(');
            for (index, tree) in trees.iter().enumerate() {
                // Addresses and parts of a body follow each other without a space (RFC 9051 §9).
                let lists = index > 0 && matches!((&trees[index - 1], tree), (Tree::List(_), Tree::List(_)));
                into.extend((index > 0 && (spaces || !lists)).then_some(b' '));
                write(tree, spaces, into);
            }
            into.push(b')');
        }
    }
}
