//! By which names this server may be called, and from whose pages it may be told to do something.
//!
//! A page of another site can make a browser call `http://its-own-name:8311` after pointing that name at this machine
//! (DNS rebinding). It cannot choose the `Host` header, so names that are not ours are refused.

use super::failure::Failure;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use std::net::{IpAddr, SocketAddr};

/// The names this server answers to: `localhost`, loopback addresses, and the address it listens on, on any port; and the
/// site's own name, by which a proxy before it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hosts {
    listens: IpAddr,
    site: Option<Authority>,
    tls: bool,
}

impl Hosts {
    /// The names of a server that listens at `address`.
    pub(super) fn of(address: SocketAddr) -> Self {
        Self { listens: address.ip(), site: None, tls: false }
    }

    /// The same names, and that of the site.
    pub(super) fn and(self, site: Option<&str>) -> Self {
        let tls = site.is_some_and(|site| site.starts_with("https://"));
        let site = site.and_then(|site| site.parse::<Uri>().ok()).and_then(|site| site.into_parts().authority);
        Self { site, tls, ..self }
    }

    /// Whether browsers reach the site by TLS only.
    pub(super) const fn by_tls(&self) -> bool {
        self.tls
    }

    /// Whether `authority` is one of our names. Ports are not compared: a tunnel may use another one.
    fn admit(&self, authority: &Authority) -> bool {
        if authority.as_str().contains('@') {
            return false;
        }
        if self.site.as_ref().is_some_and(|site| site == authority) {
            return true;
        }
        let host = authority.host();
        if host.eq_ignore_ascii_case("localhost") {
            return true;
        }
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let Ok(address) = bare.parse::<IpAddr>() else { return false };
        // Listening everywhere: an address typed as digits cannot have been pointed here by somebody's DNS.
        address.is_loopback() || self.listens.is_unspecified() || self.listens == address
    }

    /// The name under which this request calls us.
    ///
    /// # Errors
    /// 421 if it is not one of ours, or none is given.
    pub(super) fn called(&self, uri: &Uri, headers: &HeaderMap) -> Result<Authority, Failure> {
        let mut given = headers.get_all(header::HOST).iter();
        let host = match (uri.authority(), given.next(), given.next()) {
            (Some(authority), _, None) => Some(authority.clone()),
            (None, Some(host), None) => host.to_str().ok().and_then(|host| host.parse::<Authority>().ok()),
            _ => None,
        };
        host.filter(|host| self.admit(host)).ok_or_else(|| {
            Failure::new(
                StatusCode::MISDIRECTED_REQUEST,
                "HTTP-HOST",
                "the request calls this server by a name that is not its own",
                "use the address the server printed when it started, or localhost",
            )
        })
    }
}

/// What else than the browser's own word may show that a request was not made by another site's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OtherProof {
    /// Nothing: the browser must say it.
    None,
    /// It carries no cookie, or names its person by a header besides. Another site's page cannot send such a header without
    /// asking first, and is never answered; what it sends without a cookie is done in nobody's name.
    NoCookie,
}

/// Checks that a request which changes something comes from our own pages.
///
/// # Errors
/// 403 if the browser says it comes from elsewhere, or nobody says where it comes from.
pub(super) fn same_origin(headers: &HeaderMap, called: &Authority, other: OtherProof) -> Result<(), Failure> {
    let site = headers.get("sec-fetch-site").map(|site| site == "same-origin");
    let origin = headers.get(header::ORIGIN).map(|origin| {
        let origin = origin.to_str().unwrap_or_default();
        let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        authority.is_some_and(|authority| authority.eq_ignore_ascii_case(called.as_str()))
    });
    let proven = match (site, origin) {
        (Some(false), _) | (_, Some(false)) => false,
        (Some(true), _) | (_, Some(true)) => true,
        (None, None) => other == OtherProof::NoCookie,
    };
    if proven {
        return Ok(());
    }
    Err(Failure::new(
        StatusCode::FORBIDDEN,
        "HTTP-ORIGIN",
        "the request does not come from a page of this server",
        "open the page here and send its form again",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(hosts: &Hosts, host: &str, expected: bool) {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().expect("a header value"));
        assert_eq!(hosts.called(&Uri::from_static("/"), &headers).is_ok(), expected, "{hosts:?} called {host}");
    }

    #[test]
    fn only_our_own_names_are_answered() {
        let local = Hosts::of("127.0.0.1:8311".parse().expect("an address"));
        let lan = Hosts::of("192.168.1.20:8311".parse().expect("an address"));
        let everywhere = Hosts::of("0.0.0.0:8311".parse().expect("an address"));
        for ours in ["localhost", "LOCALHOST:8311", "127.0.0.1:8311", "127.0.0.2", "[::1]:8311"] {
            for hosts in [&local, &lan, &everywhere] {
                check(hosts, ours, true);
            }
        }
        check(&local, "192.168.1.20", false);
        let site = local.clone().and(Some("https://rx.example.org"));
        check(&site, "rx.example.org", true);
        check(&site, "rx.example.org:8311", false);
        check(&local, "rx.example.org", false);
        check(&lan, "192.168.1.20:8311", true);
        check(&lan, "192.168.1.21:8311", false);
        check(&everywhere, "192.168.1.21:8311", true);
        for theirs in
            ["rebind.example", "localhost.rebind.example", "127.0.0.1.rebind.example", "a@localhost", "", "[::1"]
        {
            for hosts in [&local, &lan, &everywhere] {
                check(hosts, theirs, false);
            }
        }
    }

    #[test]
    fn a_request_with_two_names_or_none_is_refused() {
        let local = Hosts::of("127.0.0.1:8311".parse().expect("an address"));
        let mut headers = HeaderMap::new();
        assert!(local.called(&Uri::from_static("/"), &headers).is_err());
        headers.append(header::HOST, "localhost".parse().expect("a header value"));
        headers.append(header::HOST, "rebind.example".parse().expect("a header value"));
        assert!(local.called(&Uri::from_static("/"), &headers).is_err());
    }
}
