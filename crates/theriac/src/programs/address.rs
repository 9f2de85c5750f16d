//! Addresses of programs outside: where a practitioner is sent back to, and where a program is told of a change.
//!
//! The server calls these by itself, from inside the practice's network. So they are `https` and lead to the public
//! internet; machines that only the inside can reach are out of bounds. A demonstration may also call its own machine.

use crate::house::record::Fault;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use theriac_model::{Edition, Refusal};
use theriac_pki::Deployment;
use url::{Host, Url};

/// The longest address, in bytes.
const BYTES_MOST: usize = 300;
/// Ports below this one belong to other services; `https` has its own.
const FIRST_FREE_PORT: u16 = 1_024;

/// An address that may be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address(Url);

fn refuse(what: &str, next: &'static str) -> Fault {
    Refusal::new("API-ADDRESS", "the house's rule for addresses outside", what.to_owned(), next)
        .under(Edition::House("outside-addresses".into()))
        .about("url")
        .into()
}

/// Whether an address is the machine itself.
fn is_here(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

impl Address {
    /// Reads an address as it was registered.
    ///
    /// # Errors
    /// Anything but `https` to a public host; in a demonstration also `http` to this machine.
    pub(crate) fn parse(text: &str, deployment: Deployment) -> Result<Self, Fault> {
        let https = "give an https address of the program, such as https://ehr.example.org/theriac";
        if text.len() > BYTES_MOST || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(refuse("the address is longer than 300 bytes, or holds spaces or other letters", https));
        }
        let url = Url::parse(text).map_err(|_| refuse("this is not an address", https))?;
        let Some(host) = url.host() else { return Err(refuse("the address names no host", https)) };
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(refuse("the address holds a user, a password or a fragment", https));
        }
        let here = is_here(&host);
        match (url.scheme(), deployment.demo().is_some()) {
            ("http" | "https", true) if here => return Ok(Self(url)),
            ("https", _) => {}
            _ => return Err(refuse("the address is not https", https)),
        }
        let inside = match host {
            // The last part says where a name is valid: RFC 6762, RFC 6761, and ICANN's reservation for inside names.
            Host::Domain(name) => {
                here || matches!(name.rsplit_once('.'), None | Some((_, "local" | "internal" | "localhost")))
            }
            Host::Ipv4(address) => !is_public(IpAddr::V4(address)),
            Host::Ipv6(address) => !is_public(IpAddr::V6(address)),
        };
        if inside {
            return Err(refuse("the address is one inside the network, which the server does not call", https));
        }
        if url.port().is_some_and(|port| port < FIRST_FREE_PORT && port != 443) {
            return Err(refuse("the port belongs to another service", "use port 443 or one from 1024"));
        }
        Ok(Self(url))
    }

    /// As it was written, in the standard form.
    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether it leads to this machine, which only a demonstration registers.
    pub(crate) fn leads_here(&self) -> bool {
        self.0.host().is_some_and(|host| is_here(&host))
    }

    /// The same address with one more parameter.
    pub(crate) fn with(&self, name: &str, value: &str) -> String {
        let mut url = self.0.clone();
        url.query_pairs_mut().append_pair(name, value);
        url.into()
    }
}

/// Whether an address belongs to the public internet: none of the ranges that RFC 6890 and its successors set apart.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => public_v4(address),
        IpAddr::V6(address) => public_v6(address),
    }
}

fn public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
        || a >= 240)
}

fn public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    // Only 2000::/3 is given out; inside it, ranges that carry another address (6to4, Teredo) or stand in books.
    let given_out = a & 0xe000 == 0x2000;
    given_out
        && !(a == 0x2002 || (a == 0x2001 && b < 0x200) || (a == 0x2001 && b == 0xdb8) || (a == 0x3fff && b < 0x1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo() -> Deployment {
        Deployment::declared("DEMO").expect("the word")
    }

    fn check(text: &str, in_production: bool, in_a_demonstration: bool) {
        assert_eq!(Address::parse(text, Deployment::Production).is_ok(), in_production, "{text} in production");
        assert_eq!(Address::parse(text, demo()).is_ok(), in_a_demonstration, "{text} in a demonstration");
    }

    #[test]
    fn only_https_to_the_public_internet_is_called_and_a_demonstration_may_call_its_own_machine() {
        for good in [
            "https://ehr.example.org/theriac?tenant=7",
            "https://ehr.example.org:8443/",
            "https://93.184.215.14/",
            "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
        ] {
            check(good, true, true);
        }
        for here in ["http://localhost:9000/hook", "http://127.0.0.1:9000/", "http://[::1]:9000/", "https://127.9.9.9/"]
        {
            check(here, false, true);
        }
        for bad in [
            "http://ehr.example.org/",
            "ftp://ehr.example.org/",
            "https://user@ehr.example.org/",
            "https://:word@ehr.example.org/",
            "https://ehr.example.org/#part",
            "https://ehr.example.org:25/",
            "https://ehr.example.org/a b",
            "https://intranet/",
            "https://printer.local/",
            "https://metadata.google.internal/",
            "https://10.0.0.7/",
            "https://169.254.169.254/latest/meta-data",
            "https://[fd00::1]/",
            "https://[::ffff:10.0.0.7]/",
            "https://0x0a000007/",
            "https://167772167/",
            "https://0/",
            "javascript:alert(1)",
            "/hook",
            "",
            &format!("https://ehr.example.org/{}", "a".repeat(300)),
        ] {
            check(bad, false, false);
        }
    }

    #[test]
    fn ranges_that_are_set_apart_are_not_public_and_their_neighbours_are() {
        let check = |text: &str, expected| assert_eq!(is_public(text.parse().expect(text)), expected, "{text}");
        for (first, last) in [
            ("0.0.0.0", "0.255.255.255"),
            ("10.0.0.0", "10.255.255.255"),
            ("100.64.0.0", "100.127.255.255"),
            ("127.0.0.0", "127.255.255.255"),
            ("169.254.0.0", "169.254.255.255"),
            ("172.16.0.0", "172.31.255.255"),
            ("192.168.0.0", "192.168.255.255"),
            ("198.18.0.0", "198.19.255.255"),
            ("224.0.0.0", "255.255.255.255"),
            ("::", "::ffff:ffff:ffff"),
            ("64:ff9b::", "64:ff9b::ffff:ffff"),
            ("2001::", "2001:1ff:ffff::"),
            ("2001:db8::", "2001:db8:ffff::"),
            ("2002::", "2002:ffff::"),
            ("fc00::", "fdff::"),
            ("fe80::", "febf::"),
            ("ff00::", "ffff::"),
        ] {
            check(first, false);
            check(last, false);
        }
        for near in [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2001:200::",
            "2003::",
            "2606:4700::",
        ] {
            check(near, true);
        }
    }
}
