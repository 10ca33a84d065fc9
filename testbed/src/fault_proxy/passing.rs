//! How bytes pass from one side to the other, or do not.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::watch;

use super::talk::{Spot, Talk};
use super::{Fault, Mishap, Side};

/// What one connection knows of the proxy's intentions.
pub(super) struct Rules {
    pub(super) talk: Arc<Talk>,
    pub(super) fault: watch::Receiver<Fault>,
    pub(super) happened: Arc<AtomicBool>,
}

impl Rules {
    /// Where a mishap is to happen that has not.
    fn spot(&self) -> Option<(Spot, Mishap)> {
        match *self.fault.borrow() {
            Fault::At(spot, mishap) if !self.happened.load(Ordering::SeqCst) => Some((spot, mishap)),
            _ => None,
        }
    }

    /// Whether it is this connection to which it happens.
    fn happens(&self) -> bool {
        !self.happened.swap(true, Ordering::SeqCst)
    }
}

pub(super) async fn serve(client: impl Side, server: impl Side, rules: Rules) {
    let (client_reads, client_writes) = tokio::io::split(client);
    let (server_reads, server_writes) = tokio::io::split(server);
    let mut until = rules.fault.clone();
    let forwarding =
        Rules { talk: rules.talk.clone(), fault: rules.fault.clone(), happened: rules.happened.clone() };
    tokio::select! {
        () = forward(client_reads, server_writes, forwarding) => {}
        () = answer(server_reads, client_writes, rules) => {}
        // Also when the proxy itself is gone.
        _ = until.wait_for(|fault| *fault == Fault::Refuse) => {}
    }
}

/// From the client to the server.
async fn forward(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, mut rules: Rules) {
    let mut piece = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut piece).await {
        let piece = &piece[..count];
        let place = rules.spot();
        let before = rules.talk.ask(piece, place.map(|(spot, _)| spot));
        if pass(piece, before.zip(place), &mut to, &mut rules).await.is_none() {
            return;
        }
    }
}

/// From the server to the client.
async fn answer(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, mut rules: Rules) {
    let mut passed: u64 = 0;
    let mut piece = vec![0; 16 * 1024];
    loop {
        let now = *rules.fault.borrow_and_update();
        let room = match now {
            Fault::CutAfter(limit) | Fault::StallAfter(limit) => limit.saturating_sub(passed),
            Fault::None | Fault::Delay(_) | Fault::At(..) => u64::MAX,
            Fault::Refuse => return,
        };
        if room == 0 {
            if matches!(now, Fault::CutAfter(_)) {
                return;
            }
            // Stalled, until told otherwise.
            if rules.fault.changed().await.is_err() {
                return;
            }
            continue;
        }
        let most = usize::try_from(room).unwrap_or(usize::MAX).min(piece.len());
        let count = tokio::select! {
            read = from.read(&mut piece[..most]) => match read {
                Ok(count) if count > 0 => count,
                _ => return,
            },
            changed = rules.fault.changed() => {
                if changed.is_err() {
                    return;
                }
                continue;
            }
        };
        if let Fault::Delay(time) = now {
            tokio::time::sleep(time).await;
        }
        let place = rules.spot();
        let before = rules.talk.answer(&piece[..count], place.map(|(spot, _)| spot));
        if pass(&piece[..count], before.zip(place), &mut to, &mut rules).await.is_none() {
            return;
        }
        passed += count as u64;
    }
}

/// Passes a piece on, with a mishap after so many of its bytes. `None` when the connection is over.
async fn pass(
    piece: &[u8],
    mishap: Option<(usize, (Spot, Mishap))>,
    to: &mut (impl AsyncWrite + Unpin),
    rules: &mut Rules,
) -> Option<()> {
    let Some((before, (_, mishap))) = mishap.filter(|_| rules.happens()) else {
        return write(to, piece).await;
    };
    let (before, after) = piece.split_at(before);
    write(to, before).await?;
    match mishap {
        Mishap::Cut => return None,
        Mishap::End => {
            to.shutdown().await.ok()?;
            // The other direction decides how long the connection lives.
            std::future::pending::<()>().await;
        }
        Mishap::Stall => {
            let stalled = *rules.fault.borrow();
            rules.fault.wait_for(|fault| *fault != stalled).await.ok()?;
        }
        Mishap::Late(time) => tokio::time::sleep(time).await,
    }
    write(to, after).await
}

async fn write(to: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> Option<()> {
    to.write_all(bytes).await.ok()?;
    to.flush().await.ok()
}
