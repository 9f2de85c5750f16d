//! HL7 version 2 over the minimal lower layer protocol: messages between `0B` and `1C 0D` on one connection, each answered by an
//! acknowledgement in the same frame.
//!
//! The protocol knows neither partner nor encryption, so it is listened to on this machine only; what comes from elsewhere comes
//! through a tunnel that the operator answers for. A message that is too long or too slow ends its own connection and no other.

use crate::dispensary::{Incoming, Verdict};
use crate::house::House;
use crate::house::record::Fault;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use theriac_model::Refusal;
use theriac_wire::hl7;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// Begins a message.
const BEGINS: u8 = 0x0b;
/// Ends a message.
const ENDS: [u8; 2] = [0x1c, 0x0d];
/// The longest message, in bytes; what an order has at most is far less.
const BYTES_MAX: usize = 1024 * 1024;
/// Connections at a time.
const CONNECTIONS: usize = 16;
/// How long a connection may be silent, within a message or between two.
const SILENCE: Duration = Duration::from_secs(30);

/// Whether an address may be listened on.
///
/// # Errors
/// Unless it is of this machine.
pub(crate) fn may_listen(address: SocketAddr) -> Result<SocketAddr, Refusal> {
    if address.ip().is_loopback() {
        return Ok(address);
    }
    let what = "HL7 over the lower layer protocol is neither encrypted nor known by partner, and is listened to on this machine only";
    Err(Refusal::new(
        "HL7-ADDRESS",
        "45 CFR 164.312(e)(1)",
        what,
        "give a loopback address, and bring messages to it through a tunnel",
    ))
}

/// Takes messages on `listener` for ever.
pub(crate) async fn serve(house: Arc<House>, listener: TcpListener) {
    serve_within(house, listener, SILENCE).await;
}

async fn serve_within(house: Arc<House>, listener: TcpListener, silence: Duration) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        match listener.accept().await {
            Ok((stream, _)) => {
                let house = Arc::clone(&house);
                tokio::spawn(async move {
                    // A connection that breaks off has told nobody anything; its sender sends again.
                    let _ = converse(&house, stream, silence).await;
                    drop(place);
                });
            }
            Err(error) => {
                eprintln!("HL7: {error}; the next connection is waited for");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// What the buffer begins with.
enum Frame {
    /// A whole message, and how many bytes it took with its frame.
    Whole(Vec<u8>, usize),
    /// Not yet all of it.
    More,
    /// Something that is no frame, or a message that is too long.
    Broken,
}

fn frame(buffer: &[u8]) -> Frame {
    match buffer.first() {
        None => Frame::More,
        Some(&BEGINS) => match buffer.windows(2).position(|two| two == ENDS) {
            Some(end) => Frame::Whole(buffer.get(1..end).unwrap_or_default().to_vec(), end + 2),
            None if buffer.len() > BYTES_MAX => Frame::Broken,
            None => Frame::More,
        },
        Some(_) => Frame::Broken,
    }
}

async fn converse(house: &Arc<House>, mut stream: TcpStream, silence: Duration) -> std::io::Result<()> {
    let mut buffer = Vec::new();
    loop {
        match frame(&buffer) {
            Frame::Whole(message, taken) => {
                buffer.drain(..taken);
                let house = Arc::clone(house);
                let answered = tokio::task::spawn_blocking(move || answer(&house, &message)).await;
                // Without an answer the sender sends again, and nothing was acknowledged that is not kept.
                let Ok(Some(answer)) = answered else { return Ok(()) };
                stream.write_all(&answer).await?;
            }
            Frame::Broken => return Ok(()),
            Frame::More => {
                let Ok(read) = tokio::time::timeout(silence, stream.read_buf(&mut buffer)).await else { return Ok(()) };
                if read? == 0 {
                    return Ok(());
                }
            }
        }
    }
}

/// Takes a message in; the acknowledgement in its frame, once everything is kept.
fn answer(house: &House, message: &[u8]) -> Option<Vec<u8>> {
    let arrival = match house.receive(Incoming::whole(message)) {
        Ok(arrival) => arrival,
        Err(Fault::Refused(refusal)) => {
            eprintln!("HL7: {}", refusal.code);
            return None;
        }
        Err(Fault::Conflict) => return None,
        Err(Fault::Broken(why)) => {
            eprintln!("HL7: {why}; the sender has no answer and sends again");
            return None;
        }
    };
    let refusals = match arrival.verdict {
        Verdict::Rejected { refusals } => refusals,
        Verdict::Accepted { .. } | Verdict::Cancelled { .. } | Verdict::Noted { .. } => Vec::new(),
    };
    let control: String = arrival.archived.chars().take(20).collect();
    let text = hl7::acknowledge(message, &refusals, &house.config.pharmacy.ncpdp, &control, house.clock.now());
    let mut framed = vec![BEGINS];
    framed.extend(text);
    framed.extend(ENDS);
    Some(framed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::deployment::demonstration;
    use crate::house::clock::Clock;

    async fn listening(silence: Duration) -> (SocketAddr, tempfile::TempDir) {
        let dir = tempfile::tempdir().expect("a directory");
        let config = demonstration();
        let clock = Clock::machine(crate::house::zone(&config).expect("zone"));
        let house = House::found(&dir.path().join("house"), config, clock).expect("a deployment");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(serve_within(Arc::new(house), listener, silence));
        (address, dir)
    }

    async fn answers(stream: &mut TcpStream) -> String {
        let mut buffer = Vec::new();
        while !buffer.ends_with(&ENDS) && stream.read_buf(&mut buffer).await.expect("read") > 0 {}
        String::from_utf8(buffer).expect("text")
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn each_message_on_a_connection_is_answered_and_a_bad_one_holds_up_nothing() {
        let (address, _dir) = listening(SILENCE).await;
        let mut stream = TcpStream::connect(address).await.expect("connected");
        let order = b"\x0bMSH|^~\\&|E|C|R|P|||RDE^O11|17|P|2.5\rORC|CA|P-1\r\x1c\r";
        let (first, rest) = order.split_at(30);
        stream.write_all(first).await.expect("sent");
        stream.flush().await.expect("sent");
        stream.write_all(rest).await.expect("sent");
        let answer = answers(&mut stream).await;
        assert!(
            answer.contains("MSA|AE|17\r") && answer.contains("ERR||ORC^1^1|") && answer.contains("HL7-CONTROL"),
            "{answer}"
        );
        stream.write_all(b"\x0bMSH|^~\\&|E\x1c\r\x0bMSH|^~\\&|E|C|R|P|||ADT^A01|18|P|2.5\r\x1c\r").await.expect("sent");
        let answer = answers(&mut stream).await;
        assert!(answer.contains("MSA|AR|"), "{answer}");
        // No frame: the connection ends, and another one is served.
        let mut other = TcpStream::connect(address).await.expect("connected");
        other.write_all(b"GET / HTTP/1.1\r\n\r\n").await.expect("sent");
        assert_eq!(answers(&mut other).await, "");
        let mut third = TcpStream::connect(address).await.expect("connected");
        third.write_all(order).await.expect("sent");
        assert!(answers(&mut third).await.contains("MSA|AE|17\r"));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_message_that_is_too_slow_or_too_long_ends_its_own_connection() {
        let (address, _dir) = listening(Duration::from_millis(200)).await;
        let mut slow = TcpStream::connect(address).await.expect("connected");
        slow.write_all(b"\x0bMSH|").await.expect("sent");
        assert_eq!(answers(&mut slow).await, "");
        let mut long = TcpStream::connect(address).await.expect("connected");
        let mut sent = vec![BEGINS];
        sent.resize(BYTES_MAX + 64 * 1024, b'x');
        // The other side may have closed before all of it was written.
        let _ = long.write_all(&sent).await;
        let mut rest = Vec::new();
        let _ = long.read_to_end(&mut rest).await;
        assert!(rest.is_empty());
    }

    #[test]
    fn only_this_machine_is_listened_to() {
        assert!(may_listen(([127, 0, 0, 1], 2575).into()).is_ok());
        for address in ["0.0.0.0:2575", "192.0.2.1:2575", "[::]:2575"] {
            let refused = may_listen(address.parse().expect("an address")).expect_err(address);
            assert_eq!(refused.code.0, "HL7-ADDRESS");
        }
    }
}
