//! All attachments of a message in one archive, written while it is sent: neither whole in memory nor on a disk.
//!
//! Nothing is packed, since most files are packed by themselves. Sizes and check sums follow each file (data descriptors,
//! APPNOTE 4.3.9), as they are not known before.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use ::message::archive::distinct;
use ::message::transfer::Unpacker;
use app::failure::Failure;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Request};
use axum::response::Response;
use futures_util::stream;
use model::uid::MessageKey;
use rawzip::ZipArchiveWriter;
use tokio::sync::mpsc;
use tracing::{Instrument, Span};

use super::attachment::{RANGE, answer};
use super::{Asked, answered};
use crate::mail::attached::{File, files};
use crate::mail::{Person, content, message};

/// The archive.
pub async fn download(Path(asked): Path<Asked>, request: Request) -> Response {
    answered(request, async move |person, _| {
        let (key, within) = asked.message()?;
        let (files, name) = files(&person, &key, within.as_ref()).await?;
        if files.is_empty() {
            return Err(Failure::NoSuchPage);
        }
        let name = format!("{}.zip", name.trim_end_matches(".eml"));
        Ok(answer(&name, "application/zip", archive(person, key, files)))
    })
    .await
}

/// The files of a message, one after the other. Where one can't be had the archive breaks off without its end, so that no
/// program takes it for whole.
fn archive(person: Arc<Person>, key: MessageKey, files: Vec<File>) -> Body {
    // One piece waits at most: whoever reads slowly is waited for, and who stops reading ends the writing.
    let (sender, receiver) = mpsc::channel::<io::Result<Bytes>>(1);
    let writing = async move {
        if let Err(error) = write(&person, &key, &files, &sender).await {
            let _ = sender.send(Err(error)).await;
        }
    };
    // What is fetched later belongs to this request all the same.
    tokio::spawn(writing.instrument(Span::current()));
    let pieces = stream::unfold(receiver, |mut receiver| async move {
        let piece = receiver.recv().await?;
        Some((piece, receiver))
    });
    Body::from_stream(pieces)
}

async fn write(
    person: &Person,
    key: &MessageKey,
    files: &[File],
    sender: &mpsc::Sender<io::Result<Bytes>>,
) -> io::Result<()> {
    let written = Written::default();
    let mut archive = ZipArchiveWriter::new(written.clone());
    let names = distinct(files.iter().map(|file| file.name.as_str()));
    // A part that packs many files is read once for all of them, which stand one after the other.
    let mut packing = None;
    for (file, name) in files.iter().zip(&names) {
        let (mut entry, about) = archive.new_file(name.as_str()).start().map_err(io::Error::other)?;
        let mut data = about.wrap(&mut entry);
        if let Some(number) = file.inside {
            if packing.as_ref().is_none_or(|(part, _)| *part != file.part) {
                let inside = content::files(person, key, &file.part).await.map_err(broken_off)?;
                packing = Some((file.part.clone(), inside));
            }
            let found = packing.as_ref().and_then(|(_, inside)| content::numbered(inside, number));
            data.write_all(&found.ok_or(io::ErrorKind::NotFound)?.bytes)?;
        } else {
            let mut unpacker = Unpacker::new(file.encoding);
            let mut offset = 0_u64;
            loop {
                let read = message::range(person, key, Some(&file.part), offset, RANGE).await;
                let bytes = read.map_err(broken_off)?;
                let length = u64::try_from(bytes.len()).unwrap_or_default();
                data.write_all(&unpacker.push(&bytes))?;
                if length < RANGE {
                    break;
                }
                offset += length;
                send(&written, sender).await?;
            }
            data.write_all(&unpacker.finish())?;
        }
        let (_, about) = data.finish().map_err(io::Error::other)?;
        entry.finish(about).map_err(io::Error::other)?;
        send(&written, sender).await?;
    }
    archive.finish().map_err(io::Error::other)?;
    send(&written, sender).await
}

fn broken_off(failure: Failure) -> io::Error {
    io::Error::other(failure.key())
}

async fn send(written: &Written, sender: &mpsc::Sender<io::Result<Bytes>>) -> io::Result<()> {
    let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
    sender.send(Ok(written.take())).await.map_err(gone)
}

/// What was written and is not sent yet.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn take(&self) -> Bytes {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
