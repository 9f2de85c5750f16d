//! A form with a file, as browsers send it: `multipart/form-data` (RFC 7578), already whole in memory and bounded.

/// Parts of a form at most.
const PARTS_MOST: usize = 96;
/// The head of a part at most, in bytes.
const HEAD_BYTES_MAX: usize = 2_048;

/// One part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part<'a> {
    /// The name of its field.
    pub(super) name: &'a str,
    pub(super) bytes: &'a [u8],
}

/// The parts of a body, by the header that announced it; none where it is not such a form, or is cut off.
pub(super) fn parts<'a>(media: &str, body: &'a [u8]) -> Option<Vec<Part<'a>>> {
    let marker = format!("--{}", boundary(media)?);
    // The first marker stands at the very beginning; every other one is preceded by a line end that belongs to it.
    let mut rest = body.strip_prefix(marker.as_bytes())?;
    let inner = format!("\r\n{marker}");
    let mut parts = Vec::new();
    loop {
        if rest.starts_with(b"--") {
            return Some(parts);
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let head_end = find(rest.get(..rest.len().min(HEAD_BYTES_MAX))?, b"\r\n\r\n")?;
        let (head, content) = (rest.get(..head_end)?, rest.get(head_end + 4..)?);
        let end = find(content, inner.as_bytes())?;
        if parts.len() == PARTS_MOST {
            return None;
        }
        parts.push(Part { name: name(std::str::from_utf8(head).ok()?)?, bytes: content.get(..end)? });
        rest = content.get(end + inner.len()..)?;
    }
}

/// The boundary of the header: 1 to 70 characters of those that RFC 2046 allows.
fn boundary(media: &str) -> Option<&str> {
    let (kind, parameters) = media.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let pairs = parameters.split(';').filter_map(|pair| pair.trim().split_once('='));
    let mut boundaries = pairs.filter(|(key, _)| key.eq_ignore_ascii_case("boundary"));
    let boundary = boundaries.next()?.1.trim_matches('"');
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(&b);
    ((1..=70).contains(&boundary.len()) && boundary.bytes().all(allowed)).then_some(boundary)
}

/// The name of the field in a part's head.
fn name(head: &str) -> Option<&str> {
    let line = head.split("\r\n").find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    let (_, after) = line.split_once("; name=\"")?;
    after.split_once('"').map(|(name, _)| name)
}

/// Where `wanted` begins.
fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut from = 0;
    while let Some(step) = bytes.get(from..)?.iter().position(|&byte| byte == first) {
        let at = from + step;
        if bytes.get(at..)?.starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MEDIA: &str = "multipart/form-data; boundary=----WebKitFormBoundaryabc";

    fn body(file: &[u8]) -> Vec<u8> {
        let mut body =
            b"------WebKitFormBoundaryabc\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n".to_vec();
        body.extend(b"------WebKitFormBoundaryabc\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a; name=\\\"x\\\".pdf\"\r\nContent-Type: application/pdf\r\n\r\n");
        body.extend(file);
        body.extend(b"\r\n------WebKitFormBoundaryabc--\r\n");
        body
    }

    #[test]
    fn a_files_bytes_come_out_as_they_were() {
        for file in [&b""[..], b"\r\n", b"%PDF\r\n--not-the-boundary\r\n\0\xff", b"------WebKitFormBoundaryab"] {
            let body = body(file);
            let parts = parts(MEDIA, &body).expect("a form");
            assert_eq!(parts, [Part { name: "note", bytes: b"hello" }, Part { name: "file", bytes: file }]);
        }
    }

    #[test]
    fn what_is_cut_off_or_no_such_form_has_no_parts() {
        let whole = body(b"%PDF-");
        for end in 0..whole.len() - 4 {
            assert_eq!(parts(MEDIA, &whole[..end]), None, "cut off at {end}");
        }
        for media in
            ["", "text/plain", "multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=x"]
        {
            assert_eq!(parts(media, &whole), None, "{media}");
        }
        let many = b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n".repeat(97);
        assert_eq!(parts("multipart/form-data; boundary=x", &[&many[..], b"--x--"].concat()), None);
        let long = format!("--x\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n\r\n--x--", "a".repeat(3_000));
        assert_eq!(parts("multipart/form-data; boundary=x", long.as_bytes()), None);
    }

    proptest! {
        #[test]
        fn random_bytes_never_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = parts("multipart/form-data; boundary=x", &[b"--x\r\n".as_slice(), &bytes].concat());
        }

        #[test]
        fn any_file_without_the_boundary_comes_out_whole(file in proptest::collection::vec(any::<u8>(), 0..400)) {
            prop_assume!(find(&file, b"----WebKit").is_none());
            let body = body(&file);
            prop_assert_eq!(parts(MEDIA, &body).expect("a form")[1].bytes, &file[..]);
        }
    }
}
