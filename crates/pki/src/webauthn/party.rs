//! The site that tokens answer to.

use url::{Host, Url};

/// Why a site cannot use security keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotARelyingParty {
    /// The origin is not scheme, host and port alone.
    #[error("\"{0}\" is not an origin; write https://host or https://host:port")]
    Origin(String),
    /// Browsers give security keys to HTTPS pages only, or to `localhost`.
    #[error("{0} is not served over HTTPS, and browsers then offer no security keys")]
    Unprotected(String),
    /// The identifier is not the host of the origin or a domain above it.
    #[error("the identifier {id} is not the host of {origin} or a domain above it")]
    Identifier {
        /// The identifier.
        id: String,
        /// The origin.
        origin: String,
    },
    /// No name to show, or one of more than 64 characters.
    #[error("the name to show has 1 to 64 characters")]
    Name,
}

/// A site: what the token binds its keys to, and where its pages are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelyingParty {
    name: String,
    id: String,
    origin: String,
    url: Url,
}

impl RelyingParty {
    /// Takes the name to show, the identifier (a host name) and the origin of the pages.
    ///
    /// # Errors
    /// [`NotARelyingParty`].
    pub fn new(name: &str, id: &str, origin: &str) -> Result<Self, NotARelyingParty> {
        let shown = || origin.chars().take(100).collect::<String>();
        if !(1..=64).contains(&name.trim().chars().count()) {
            return Err(NotARelyingParty::Name);
        }
        let url = Url::parse(origin).map_err(|_| NotARelyingParty::Origin(shown()))?;
        if url.origin().ascii_serialization() != origin {
            return Err(NotARelyingParty::Origin(shown()));
        }
        let Some(Host::Domain(host)) = url.host() else { return Err(NotARelyingParty::Origin(shown())) };
        if url.scheme() != "https" && host != "localhost" {
            return Err(NotARelyingParty::Unprotected(shown()));
        }
        let above = host.strip_suffix(id).is_some_and(|rest| rest.ends_with('.') && id.contains('.'));
        if host != id && !above {
            return Err(NotARelyingParty::Identifier { id: id.chars().take(100).collect(), origin: shown() });
        }
        Ok(Self { name: name.trim().to_owned(), id: id.to_owned(), origin: origin.to_owned(), url })
    }

    /// The name that token and browser show.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The identifier the keys are bound to.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The origin of the pages.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    pub(crate) const fn url(&self) -> &Url {
        &self.url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_an_https_origin_with_its_own_host_or_a_domain_above_it() {
        let check =
            |id: &str, origin: &str| RelyingParty::new("Clinic", id, origin).map(|_| ()).map_err(|e| e.to_string());
        assert_eq!(check("rx.example", "https://rx.example"), Ok(()));
        assert_eq!(check("example.org", "https://rx.example.org:8443"), Ok(()));
        assert_eq!(check("localhost", "http://localhost:8080"), Ok(()));
        for (id, origin) in [
            ("rx.example", "http://rx.example"),
            ("rx.example", "https://rx.example/"),
            ("rx.example", "https://evil.example"),
            ("example", "https://rx.example"),
            ("ample.org", "https://example.org"),
            ("127.0.0.1", "https://127.0.0.1"),
            ("rx.example", "rx.example"),
        ] {
            assert!(check(id, origin).is_err(), "{id} {origin}");
        }
        assert_eq!(RelyingParty::new(" ", "rx.example", "https://rx.example"), Err(NotARelyingParty::Name));
    }
}
