//! A bucket, against a small object store of our own that knows the four requests.

use super::super::bucket::Bucket;
use super::super::site::Site as _;
use super::*;
use rusty_s3::{Credentials, UrlStyle};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

type Objects = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// Serves until the test ends; its address.
fn object_store() -> (String, Objects) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let objects = Objects::default();
    let held = Arc::clone(&objects);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = answer(stream.unwrap(), &held);
        }
    });
    (address, objects)
}

fn answer(stream: TcpStream, objects: &Objects) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split(' ');
    let (method, target) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned());
    let (mut length, mut waits) = (0, false);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let header = header.trim().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        waits |= header == "expect: 100-continue";
    }
    if waits {
        reader.get_mut().write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let key = path.strip_prefix("/copies/").unwrap_or_default().replace("%2F", "/");
    let mut objects = objects.lock().unwrap();
    let signed = query.contains("X-Amz-Signature=") && query.contains("X-Amz-Credential=KEY");
    let (status, body) = match method.as_str() {
        _ if !signed => ("403 Forbidden", Vec::new()),
        "PUT" => {
            objects.insert(key, body);
            ("200 OK", Vec::new())
        }
        "GET" if query.contains("list-type=2") => {
            let field = |name: &str| {
                let found = query.split('&').find_map(|pair| pair.strip_prefix(name)).unwrap_or_default();
                found.replace("%2F", "/")
            };
            let (prefix, after) = (field("prefix="), field("continuation-token="));
            let mut keys = objects.keys().filter(|key| key.starts_with(&prefix) && **key > after);
            // Two at a time, so that pages have to be turned.
            let page: Vec<&String> = keys.by_ref().take(2).collect();
            let more = keys.next().is_some();
            let contents: Vec<String> = page
                .iter()
                .map(|key| {
                    format!(
                        "<Contents><Key>{key}</Key><LastModified>2026-03-02T16:00:00.000Z</LastModified>\
                         <ETag>\"0\"</ETag><Size>1</Size><StorageClass>STANDARD</StorageClass></Contents>"
                    )
                })
                .collect();
            let token = page.last().filter(|_| more);
            let token =
                token.map(|key| format!("<NextContinuationToken>{key}</NextContinuationToken>")).unwrap_or_default();
            let text = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
                 <Name>copies</Name><Prefix>{prefix}</Prefix><MaxKeys>2</MaxKeys><IsTruncated>{more}</IsTruncated>{token}{}</ListBucketResult>",
                contents.concat()
            );
            ("200 OK", text.into_bytes())
        }
        "GET" => objects.get(&key).map_or(("404 Not Found", Vec::new()), |bytes| ("200 OK", bytes.clone())),
        "DELETE" => {
            objects.remove(&key);
            ("204 No Content", Vec::new())
        }
        _ => ("405 Method Not Allowed", Vec::new()),
    };
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    reader.get_mut().write_all(head.as_bytes())?;
    reader.get_mut().write_all(&body)
}

fn bucket(address: &str, key: &str) -> Bucket {
    let bucket = rusty_s3::Bucket::new(address.parse().unwrap(), UrlStyle::Path, "copies", "here").unwrap();
    Bucket::with(bucket, Credentials::new(key, "secret"), "theriac", true, Vec::new())
}

#[test]
fn a_bucket_takes_gives_lists_and_removes_and_a_wrong_key_is_told() {
    let (address, _) = object_store();
    let site = bucket(&address, "KEY");
    assert_eq!(site.get("segments/1").unwrap(), None);
    for n in 1..=5 {
        site.put(&format!("segments/{n}"), &[n; 100]).unwrap();
    }
    site.put("house/1", b"files").unwrap();
    assert_eq!(site.get("segments/3").unwrap(), Some(vec![3; 100]));
    let wanted: Vec<String> = (1..=5).map(|n| format!("segments/{n}")).collect();
    assert_eq!(site.list("segments/").unwrap(), wanted, "over several pages");
    site.remove("segments/3").unwrap();
    assert_eq!(site.get("segments/3").unwrap(), None);
    let wrong = bucket(&address, "OTHER").put("segments/9", b"x").unwrap_err();
    assert!(wrong.contains("403"), "{wrong}");
}

#[test]
fn a_house_is_copied_to_a_bucket_and_comes_back_from_it() {
    let kept = kept();
    let (address, objects) = object_store();
    let site = bucket(&address, "KEY");
    kept.house.back_up_to(&site, kept.key.recipient()).unwrap();
    assert!(objects.lock().unwrap().keys().all(|name| name.starts_with("theriac/")));
    assert!(drill(&kept.house, &site, &kept.key).unwrap().wrong.is_empty());
    let again = kept.dir.path().join("again");
    let rebuilt = rebuild(&site, &kept.key, &again, None, Some(kept.house.keys.verifier()), &|_| {}).unwrap();
    assert!(rebuilt.entries > 20);
}

#[test]
fn an_object_store_on_this_machine_is_called_in_a_demonstration_only() {
    let (address, _) = object_store();
    let bucket = rusty_s3::Bucket::new(address.parse().unwrap(), UrlStyle::Path, "copies", "here").unwrap();
    let site = Bucket::with(bucket, Credentials::new("KEY", "secret"), "", false, Vec::new());
    let refused = site.put("segments/1", b"x").unwrap_err();
    assert!(refused.contains("the host is this machine"), "{refused}");
}
