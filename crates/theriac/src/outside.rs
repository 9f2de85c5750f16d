//! Calls of machines outside, by HTTPS: bounded in time and size, to no address that the call's purpose rules out, through no
//! proxy, and without following anybody elsewhere. The connection goes to the addresses that were looked at, so a name cannot
//! change its meaning in between.

use std::net::{IpAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{Certificate, ClientCert, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

/// The name under which this program calls.
const CALLER: &str = concat!("theriac/", env!("CARGO_PKG_VERSION"));
/// Bytes of an answer's head at most.
const HEAD_BYTES_MOST: usize = 16 * 1024;

/// Which addresses a call may go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Those of the public internet: what people outside may name.
    Public,
    /// This machine only, in a demonstration.
    Here,
    /// Any machine but this one: what the operator has named in the configuration.
    Elsewhere,
    /// Any machine: what the operator has named, in a demonstration.
    Anywhere,
}

impl Reach {
    fn allows(self, address: IpAddr) -> bool {
        match self {
            Self::Public => crate::programs::is_public(address),
            Self::Here => address.is_loopback(),
            Self::Elsewhere => !is_this_machine(address),
            Self::Anywhere => true,
        }
    }

    const fn refusal(self) -> &'static str {
        match self {
            Self::Public => "the host leads inside the network, which the server does not call",
            Self::Here => "the host leads elsewhere, and its name is this machine's own",
            Self::Elsewhere => "the host is this machine",
            Self::Anywhere => "the host has no address",
        }
    }

    /// Whether a call may go to a host with these addresses: to all of them, or it goes to none.
    pub(crate) fn admits(self, found: impl IntoIterator<Item = IpAddr>) -> Result<(), &'static str> {
        let mut found = found.into_iter().peekable();
        if found.peek().is_none() {
            return Err("the host has no address");
        }
        if found.all(|one| self.allows(one)) { Ok(()) } else { Err(self.refusal()) }
    }
}

/// Whether an address is one of this machine: only its own can be bound.
pub(crate) fn is_this_machine(address: IpAddr) -> bool {
    let address = address.to_canonical();
    address.is_loopback() || address.is_unspecified() || UdpSocket::bind((address, 0)).is_ok()
}

#[derive(Debug)]
struct Looked {
    reach: Reach,
    system: DefaultResolver,
}

#[derive(Debug)]
struct OutOfReach(&'static str);

impl std::fmt::Display for OutOfReach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for OutOfReach {}

impl Resolver for Looked {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.system.resolve(uri, config, timeout)?;
        self.reach
            .admits(found.iter().map(std::net::SocketAddr::ip))
            .map_err(|why| Error::Other(Box::new(OutOfReach(why))))?;
        Ok(found)
    }
}

/// The authorities that the machine trusts. Without any, calls by TLS fail with their reason.
pub(crate) fn machine_roots() -> Vec<Certificate<'static>> {
    let found = rustls_native_certs::load_native_certs().certs;
    found.iter().map(|one| Certificate::from_der(one.as_ref()).to_owned()).collect()
}

/// How a client calls.
pub(crate) struct Manner {
    /// Where it may call.
    pub(crate) reach: Reach,
    /// The authorities of servers it believes.
    pub(crate) roots: Vec<Certificate<'static>>,
    /// The certificate it shows when it is asked for one.
    pub(crate) shows: Option<ClientCert>,
    /// How long a call may take in all.
    pub(crate) patience: Duration,
}

/// A client for one purpose.
pub(crate) fn client(manner: Manner) -> Agent {
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::Specific(Arc::new(manner.roots)))
        .client_cert(manner.shows)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .proxy(None)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .max_idle_connections(0)
        .max_response_header_size(HEAD_BYTES_MOST)
        .timeout_global(Some(manner.patience))
        .user_agent(CALLER)
        .accept("")
        .accept_encoding("")
        .build();
    let resolver = Looked { reach: manner.reach, system: DefaultResolver::default() };
    Agent::with_parts(config, DefaultConnector::default(), resolver)
}

/// Why a call came to nothing, in words for the operator; `whom` is who was called, such as `the program`.
pub(crate) fn in_words(whom: &str, patience: Duration, error: &Error) -> String {
    match error {
        Error::Timeout(_) => format!("{whom} did not answer in {} seconds", patience.as_secs()),
        Error::HostNotFound => format!("{whom}'s host was not found"),
        Error::Other(why) => format!("{whom} is not called: {why}"),
        Error::Protocol(_) | Error::Http(_) => format!("{whom}'s answer is not HTTP"),
        Error::BodyExceedsLimit(most) => format!("{whom}'s answer is longer than {most} bytes"),
        other => format!("the connection to {whom} failed: {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_goes_to_a_host_only_if_all_its_addresses_are_allowed() {
        let check = |reach: Reach, found: &[&str], expected: bool| {
            let found: Vec<IpAddr> = found.iter().map(|text| text.parse().expect(text)).collect();
            assert_eq!(reach.admits(found.iter().copied()).is_ok(), expected, "{reach:?} {found:?}");
        };
        let public = "93.184.215.14";
        check(Reach::Public, &[public], true);
        for inside in ["10.0.0.7", "127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.7"] {
            check(Reach::Public, &[inside], false);
            check(Reach::Public, &[public, inside], false);
        }
        check(Reach::Public, &[], false);
        check(Reach::Here, &["127.0.0.1"], true);
        check(Reach::Here, &[public], false);
        for this in ["127.0.0.1", "::1", "0.0.0.0", "::ffff:127.0.0.1"] {
            check(Reach::Elsewhere, &[this], false);
        }
        check(Reach::Elsewhere, &[public], true);
        check(Reach::Elsewhere, &["192.0.2.7"], true);
        check(Reach::Anywhere, &["127.0.0.1"], true);
        check(Reach::Anywhere, &[], false);
    }
}
