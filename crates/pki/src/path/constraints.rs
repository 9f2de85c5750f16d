//! Name constraints: RFC 5280, 4.2.1.10 and 6.1.3(b), (c).

use super::fields::Fields;
use super::name::Dn;
use x509_cert::ext::pkix::constraints::NameConstraints;
use x509_cert::ext::pkix::constraints::name::GeneralSubtree;
use x509_cert::ext::pkix::name::GeneralName;

/// The constraints collected on the way down. The permitted subtrees of several authorities intersect: a name has to be in
/// one subtree of each authority that speaks of its form.
#[derive(Default)]
pub(crate) struct Constraints {
    permitted: Vec<Vec<GeneralName>>,
    excluded: Vec<GeneralName>,
}

/// The forms of names that are constrained, each with its own rule of matching.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Directory,
    Mail,
    Dns,
    Uri,
    Ip,
    /// Forms whose matching nobody has defined: constrained, they refuse.
    Other(u8),
}

impl Constraints {
    /// 6.1.4(g): what one authority adds.
    pub(crate) fn add(&mut self, constraints: &NameConstraints) -> Result<(), &'static str> {
        let bases = |subtrees: &[GeneralSubtree]| {
            // RFC 5280: minimum is zero and maximum absent for every form.
            let plain = subtrees.iter().all(|subtree| subtree.minimum == 0 && subtree.maximum.is_none());
            plain
                .then(|| subtrees.iter().map(|subtree| subtree.base.clone()).collect::<Vec<_>>())
                .ok_or("a name constraint bounds the depth of a subtree")
        };
        if let Some(permitted) = &constraints.permitted_subtrees {
            self.permitted.push(bases(permitted)?);
        }
        if let Some(excluded) = &constraints.excluded_subtrees {
            self.excluded.extend(bases(excluded)?);
        }
        Ok(())
    }

    /// Whether every name of `certificate` is permitted and none excluded.
    pub(crate) fn allow(&self, certificate: &Fields) -> Result<(), &'static str> {
        if self.permitted.is_empty() && self.excluded.is_empty() {
            return Ok(());
        }
        if !certificate.subject.is_empty() {
            self.allows(Form::Directory, &|base| match base {
                GeneralName::DirectoryName(base) => certificate.subject.is_within(&Dn::of(base)),
                _ => false,
            })?;
        }
        for mail in &certificate.mail_in_subject {
            self.allows(Form::Mail, &|base| mail_matches(base, mail))?;
        }
        for name in &certificate.other_names {
            if let GeneralName::UniformResourceIdentifier(uri) = name
                && self.speaks_of(Form::Uri)
                && host_of(uri.as_str()).is_none()
            {
                return Err("a constrained URI names no host");
            }
            self.allows(form(name), &|base| matches(base, name))?;
        }
        Ok(())
    }

    fn speaks_of(&self, of: Form) -> bool {
        self.permitted.iter().flatten().chain(&self.excluded).any(|base| form(base) == of)
    }

    fn allows(&self, of: Form, within: &dyn Fn(&GeneralName) -> bool) -> Result<(), &'static str> {
        for layer in &self.permitted {
            let mut bases = layer.iter().filter(|base| form(base) == of).peekable();
            if bases.peek().is_some() && !bases.any(within) {
                return Err("a name is outside the subtrees that an authority permits");
            }
        }
        let mut excluded = self.excluded.iter().filter(|base| form(base) == of);
        let unknown = matches!(of, Form::Other(_));
        if excluded.any(|base| unknown || within(base)) {
            return Err("a name is in a subtree that an authority excludes");
        }
        Ok(())
    }
}

fn form(name: &GeneralName) -> Form {
    match name {
        GeneralName::DirectoryName(_) => Form::Directory,
        GeneralName::Rfc822Name(_) => Form::Mail,
        GeneralName::DnsName(_) => Form::Dns,
        GeneralName::UniformResourceIdentifier(_) => Form::Uri,
        GeneralName::IpAddress(_) => Form::Ip,
        GeneralName::OtherName(_) => Form::Other(0),
        GeneralName::EdiPartyName(_) => Form::Other(5),
        GeneralName::RegisteredId(_) => Form::Other(8),
    }
}

fn matches(base: &GeneralName, name: &GeneralName) -> bool {
    match (base, name) {
        (GeneralName::DirectoryName(base), GeneralName::DirectoryName(name)) => Dn::of(name).is_within(&Dn::of(base)),
        (GeneralName::Rfc822Name(_), GeneralName::Rfc822Name(name)) => mail_matches(base, name.as_str()),
        (GeneralName::DnsName(base), GeneralName::DnsName(name)) => dns_matches(base.as_str(), name.as_str()),
        (GeneralName::UniformResourceIdentifier(base), GeneralName::UniformResourceIdentifier(name)) => {
            host_of(name.as_str()).is_some_and(|host| host_matches(base.as_str(), host))
        }
        (GeneralName::IpAddress(base), GeneralName::IpAddress(name)) => ip_matches(base.as_bytes(), name.as_bytes()),
        _ => false,
    }
}

/// A mailbox, all mailboxes of a host, or (with a leading dot) of every host below a domain.
fn mail_matches(base: &GeneralName, mail: &str) -> bool {
    let GeneralName::Rfc822Name(base) = base else { return false };
    let base = base.as_str();
    let Some((local, host)) = mail.rsplit_once('@') else { return false };
    match base.rsplit_once('@') {
        Some((base_local, base_host)) => local == base_local && host.eq_ignore_ascii_case(base_host),
        None => host_matches(base, host),
    }
}

/// With a leading dot every host below the domain, without one that host alone.
fn host_matches(base: &str, host: &str) -> bool {
    match base.strip_prefix('.') {
        Some(_) => ends_with(host, base) && host.len() > base.len(),
        None => host.eq_ignore_ascii_case(base),
    }
}

/// The name itself and every name made by putting labels before it.
fn dns_matches(base: &str, name: &str) -> bool {
    let base = base.strip_prefix('.').unwrap_or(base);
    base.is_empty() || name.eq_ignore_ascii_case(base) || ends_with(name, &format!(".{base}"))
}

fn ends_with(name: &str, end: &str) -> bool {
    let from = name.len().checked_sub(end.len());
    from.and_then(|from| name.get(from..)).is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

/// The host of a URI with an authority part; `None` for one without, or with an address in place of a name.
fn host_of(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split(':').next()?;
    let is_address = host.starts_with('[') || host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    (!is_address).then_some(host)
}

/// Address and mask, of the same length as the address asked about.
fn ip_matches(base: &[u8], address: &[u8]) -> bool {
    let Some((network, mask)) = base.split_at_checked(address.len()) else { return false };
    mask.len() == address.len()
        && address.iter().zip(network).zip(mask).all(|((byte, network), mask)| byte & mask == network & mask)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_mailboxes_match_as_rfc_5280_says() {
        let cases = [
            ("example.com", "example.com", true),
            ("example.com", "EXAMPLE.com", true),
            ("example.com", "a.example.com", false),
            (".example.com", "a.example.com", true),
            (".example.com", "a.b.example.com", true),
            (".example.com", "example.com", false),
            (".example.com", "aexample.com", false),
            (".example.com", ".example.com", false),
        ];
        for (base, host, expected) in cases {
            assert_eq!(host_matches(base, host), expected, "{host} under {base}");
        }
        let dns = [
            ("example.com", "example.com", true),
            ("example.com", "www.example.com", true),
            ("example.com", "myexample.com", false),
            ("", "anything.org", true),
        ];
        for (base, name, expected) in dns {
            assert_eq!(dns_matches(base, name), expected, "{name} under {base}");
        }
    }

    #[test]
    fn the_host_of_a_uri_is_its_name() {
        let cases = [
            ("http://host.example.com/a?b", Some("host.example.com")),
            ("ldap://user@host.example.com:389/o=x", Some("host.example.com")),
            ("http://10.1.2.3/", None),
            ("http://[::1]/", None),
            ("urn:example", None),
        ];
        for (uri, expected) in cases {
            assert_eq!(host_of(uri), expected, "{uri}");
        }
    }

    #[test]
    fn addresses_match_under_their_mask_and_in_their_own_family() {
        assert!(ip_matches(&[10, 0, 0, 0, 255, 0, 0, 0], &[10, 9, 8, 7]));
        assert!(!ip_matches(&[10, 0, 0, 0, 255, 0, 0, 0], &[11, 9, 8, 7]));
        assert!(!ip_matches(&[10, 0, 0, 0, 255, 0, 0, 0], &[0; 16]));
        assert!(!ip_matches(&[10, 0], &[10, 0, 0, 1]));
    }
}
