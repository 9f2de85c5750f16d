//! `/script`: messages of the standard over mutual TLS, on an address of its own.
//!
//! A connection without a certificate of a partner ends in the handshake. Each has a minute in all, so that a sender who
//! trickles bytes is cut off; a body longer than the archive takes is refused without being read.

use super::partners::Partner;
use crate::house::House;
use crate::house::record::Fault;
use crate::output::Problem;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::serve::{IncomingStream, Listener};
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use theriac_model::Refusal;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::{Sleep, sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// Bytes of one message at most, inclusive: what the archive takes.
pub(super) const MESSAGE_BYTES_MOST: usize = 10 * 1024 * 1024;
/// How long a handshake may take.
const GREETING: Duration = Duration::from_secs(10);
/// How long a body may take.
const BODY: Duration = Duration::from_secs(20);
/// How long a connection may last, with every request on it.
const LIFE: Duration = Duration::from_mins(1);
/// Connections open at once, handshakes included.
const CONNECTIONS_MOST: usize = 128;

/// Who is at the other end.
#[derive(Clone, Debug)]
pub(super) struct Peer(Option<Arc<Partner>>);

impl Connected<IncomingStream<'_, Greeted>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Greeted>) -> Self {
        stream.remote_addr().clone()
    }
}

/// Connections whose handshake is done.
pub(super) struct Greeted {
    ready: mpsc::Receiver<(Connection, Peer)>,
}

impl Greeted {
    fn new(listener: TcpListener, tls: TlsAcceptor, partners: Arc<House>) -> Self {
        let (hand_over, ready) = mpsc::channel(1);
        tokio::spawn(greet(listener, tls, partners, hand_over));
        Self { ready }
    }
}

async fn greet(listener: TcpListener, tls: TlsAcceptor, house: Arc<House>, ready: mpsc::Sender<(Connection, Peer)>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MOST));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            () = ready.closed() => return,
        };
        let Ok((stream, _)) = stream else {
            // Too many open files and the like: others end meanwhile.
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        let (tls, house, ready) = (tls.clone(), Arc::clone(&house), ready.clone());
        tokio::spawn(async move {
            let Ok(Ok(stream)) = timeout(GREETING, tls.accept(stream)).await else { return };
            let shown = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
            let partner = match (house.partners(), shown) {
                (Ok(Some(partners)), Some(shown)) => partners.by_certificate(shown),
                _ => None,
            };
            let connection = Connection { stream, life: Box::pin(sleep(LIFE)), _place: place };
            let _ = ready.send((connection, Peer(partner))).await;
        });
    }
}

impl Listener for Greeted {
    type Io = Connection;
    type Addr = Peer;

    async fn accept(&mut self) -> (Connection, Peer) {
        match self.ready.recv().await {
            Some(greeted) => greeted,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Peer> {
        Ok(Peer(None))
    }
}

/// A connection that ends when its time is over.
pub(super) struct Connection {
    stream: TlsStream<TcpStream>,
    life: Pin<Box<Sleep>>,
    _place: OwnedSemaphorePermit,
}

impl Connection {
    fn lives(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if self.life.as_mut().poll(context).is_ready() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(()) }
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.lives(cx)?;
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.lives(cx)?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// The listener of a deployment, bound; `None` where the configuration has no [script].
pub(crate) async fn bind(house: &Arc<House>) -> Result<Option<(TcpListener, TlsAcceptor)>, Problem> {
    let Some(config) = &house.config.script else { return Ok(None) };
    let Some(partners) = house.partners().map_err(Problem::from)? else { return Ok(None) };
    let tls = TlsAcceptor::from(Arc::new(partners.server()?));
    let listener = TcpListener::bind(config.listen).await.map_err(|error| {
        Problem::failed(
            "SCRIPT-LISTEN",
            format!("{}: {error}", config.listen),
            "choose another address in script.listen",
        )
    })?;
    Ok(Some((listener, tls)))
}

/// Takes partners' messages until the process ends.
pub(crate) async fn serve(house: Arc<House>, listener: TcpListener, tls: TlsAcceptor) {
    let greeted = Greeted::new(listener, tls, Arc::clone(&house));
    let router = Router::new().route("/script", post(take)).with_state(house);
    let served = axum::serve(greeted, router.into_make_service_with_connect_info::<Peer>()).await;
    if let Err(error) = served {
        eprintln!("SCRIPT: {error}");
    }
}

async fn take(State(house): State<Arc<House>>, ConnectInfo(peer): ConnectInfo<Peer>, request: Request) -> Response {
    let Peer(Some(partner)) = peer else {
        return refused(StatusCode::FORBIDDEN, &refusal("SCRIPT-PARTNER", "the certificate is none of a partner's"));
    };
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let too_long =
        || refused(StatusCode::PAYLOAD_TOO_LARGE, &refusal("SCRIPT-SIZE", "the message is longer than 10 MiB"));
    if length.is_some_and(|length: u64| length > MESSAGE_BYTES_MOST as u64) {
        return too_long();
    }
    let bytes = match timeout(BODY, to_bytes(request.into_body(), MESSAGE_BYTES_MOST)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => return too_long(),
        Err(_) => {
            let slow = refusal("SCRIPT-SLOW", "the message did not come within 20 seconds");
            return refused(StatusCode::REQUEST_TIMEOUT, &slow);
        }
    };
    let taken = tokio::task::spawn_blocking(move || house.take_from(&partner, &bytes)).await;
    match taken {
        Ok(Ok(answer)) => ([(header::CONTENT_TYPE, "application/xml")], Body::from(answer)).into_response(),
        Ok(Err(Fault::Refused(refusal))) => refused(StatusCode::UNPROCESSABLE_ENTITY, &refusal),
        Ok(Err(fault)) => {
            eprintln!("SCRIPT: {}", Problem::from(fault));
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

fn refusal(code: &'static str, what: &'static str) -> Refusal {
    Refusal::new(code, "-", what, "see docs/script-transport.md, or ask this node's operator")
}

/// A problem document (RFC 9457) where no answer of the standard can be written.
fn refused(status: StatusCode, refusal: &Refusal) -> Response {
    let body = serde_json::json!({
        "code": refusal.code.to_string(), "detail": refusal.what, "next": refusal.next, "status": status.as_u16(),
        "title": "The message was not taken",
    });
    let mut response = (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response();
    // What was not read must not be taken for the next request.
    response.headers_mut().insert(header::CONNECTION, header::HeaderValue::from_static("close"));
    response
}
