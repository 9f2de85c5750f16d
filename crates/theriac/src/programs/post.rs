//! Calls of programs over HTTP: one `POST` on a connection of its own, bounded in time and size, to no machine inside the
//! network, and without following anybody elsewhere.

use super::address::{Address, is_public};
use super::hooks::{Call, Caller};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a call may take in all, the search for the address apart.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes read of an answer at most: only its first line counts.
const ANSWER_BYTES_MOST: usize = 1_024;

/// Calls programs over the network.
pub(crate) struct Poster {
    tls: Arc<ClientConfig>,
}

impl Poster {
    /// Trusts the authorities that the machine trusts.
    ///
    /// # Errors
    /// When the cryptography offers no version of TLS.
    pub(crate) fn new() -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        // Without any, calls by TLS fail with their reason; others are not touched.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        Self::trusting(roots)
    }

    fn trusting(roots: RootCertStore) -> Result<Self, String> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.map_err(|error| error.to_string())?;
        Ok(Self { tls: Arc::new(config.with_root_certificates(roots).with_no_client_auth()) })
    }
}

/// The machine to connect to: the first address of the host, if all of them may be called. The connection goes to the
/// address that was looked at, so a name cannot change its meaning in between.
fn reachable(address: &Address, found: &[SocketAddr]) -> Result<SocketAddr, String> {
    let allowed = |ip: IpAddr| if address.leads_here() { ip.is_loopback() } else { is_public(ip) };
    match found.first() {
        None => Err("the program's host has no address".to_owned()),
        Some(_) if !found.iter().all(|one| allowed(one.ip())) => {
            Err("the program's host leads inside the network, which the server does not call".to_owned())
        }
        Some(first) => Ok(*first),
    }
}

/// A connection that ends when its time is over.
struct Timed {
    stream: TcpStream,
    until: Instant,
}

impl Timed {
    fn left(&self) -> std::io::Result<Duration> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left) }
    }
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.stream.set_read_timeout(Some(self.left()?))?;
        self.stream.read(buffer)
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.stream.set_write_timeout(Some(self.left()?))?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.stream.flush()
    }
}

/// The request as it goes over the wire.
fn request(call: &Call) -> String {
    // Every part is our own or was parsed as an address, so none holds the end of a line.
    format!(
        "POST {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: theriac/{}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nTheriac-Delivery: {}\r\nTheriac-Signature: {}\r\nConnection: close\r\n\r\n{}",
        call.address.path(),
        call.address.authority(),
        env!("CARGO_PKG_VERSION"),
        call.body.len(),
        call.delivery,
        call.signature,
        call.body,
    )
}

/// The status in the first line of an answer.
fn status(line: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(line).ok()?;
    let rest = line.strip_prefix("HTTP/1.1 ").or_else(|| line.strip_prefix("HTTP/1.0 "))?;
    let digits = rest.get(..3).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    rest.get(3..).filter(|rest| rest.is_empty() || rest.starts_with([' ', '\r']))?;
    digits.parse().ok().filter(|status| (100..600).contains(status))
}

fn exchange(stream: &mut (impl Read + Write), request: &str) -> Result<u16, String> {
    let words = |error: std::io::Error| match error.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "the program did not answer in 10 seconds".to_owned(),
        _ => format!("the connection to the program failed: {error}"),
    };
    stream.write_all(request.as_bytes()).map_err(words)?;
    stream.flush().map_err(words)?;
    let mut answer = Vec::new();
    let mut part = [0; 256];
    loop {
        if let Some(end) = answer.iter().position(|&byte| byte == b'\n') {
            let line = answer.get(..end).unwrap_or_default();
            return status(line).ok_or_else(|| "the program's answer is not HTTP".to_owned());
        }
        let count = stream.read(&mut part).map_err(words)?;
        if count == 0 || answer.len() + count > ANSWER_BYTES_MOST {
            return Err("the program's answer is not HTTP".to_owned());
        }
        answer.extend(part.iter().take(count));
    }
}

impl Caller for Poster {
    fn call(&self, call: &Call) -> Result<u16, String> {
        let host = call.address.host();
        let found = (host, call.address.port()).to_socket_addrs();
        let found: Vec<SocketAddr> =
            found.map_err(|error| format!("the program's host was not found: {error}"))?.collect();
        let target = reachable(&call.address, &found)?;
        let until = Instant::now() + PATIENCE;
        let stream = TcpStream::connect_timeout(&target, PATIENCE)
            .map_err(|error| format!("the program's host does not answer: {error}"))?;
        let mut stream = Timed { stream, until };
        if !call.address.by_tls() {
            return exchange(&mut stream, &request(call));
        }
        let name = ServerName::try_from(host.to_owned()).map_err(|error| error.to_string())?;
        let session = ClientConnection::new(Arc::clone(&self.tls), name).map_err(|error| error.to_string())?;
        exchange(&mut StreamOwned::new(session, stream), &request(call))
    }
}

#[cfg(test)]
mod tests;
