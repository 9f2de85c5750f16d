//! What this machine can do at most: signatures, verifications, durable writes.

use crate::output::Problem;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long each kind of operation is repeated on every core.
const SPAN: Duration = Duration::from_millis(700);

/// The limits, for all cores together.
pub(super) struct Limits {
    pub(super) signatures_s: f64,
    pub(super) verifications_s: f64,
    pub(super) sync_p50: Duration,
}

impl Limits {
    /// One verification and one signature for each message, on all cores, and nothing else.
    #[allow(clippy::float_arithmetic)] // rates, not quantities
    pub(super) fn messages_s(&self) -> f64 {
        1.0 / (1.0 / self.signatures_s + 1.0 / self.verifications_s)
    }
}

/// How many threads the benchmark uses: one a core.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Measures them.
pub(super) fn measure(dir: &Path) -> Result<Limits, Problem> {
    let module = |_| Problem::failed("BENCH-MODULE", "the cryptographic module failed", "try again");
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).map_err(module)?;
    let message = [7u8; 1024];
    let random = SystemRandom::new();
    let signature = pair.sign(&random, &message).map_err(module)?;
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, pair.public_key().as_ref().to_vec());
    let signatures_s = rate(&|| pair.sign(&random, &message).is_ok());
    let verifications_s = rate(&|| key.verify(&message, signature.as_ref()).is_ok());
    Ok(Limits { signatures_s, verifications_s, sync_p50: sync(dir)? })
}

#[allow(clippy::float_arithmetic, clippy::cast_precision_loss)] // rates, not quantities
fn rate(work: &(dyn Fn() -> bool + Sync)) -> f64 {
    let started = Instant::now();
    let done: u64 = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores())
            .map(|_| {
                scope.spawn(|| {
                    let (started, mut done) = (Instant::now(), 0u64);
                    while started.elapsed() < SPAN {
                        done += (0..16).filter(|_| work()).count() as u64;
                    }
                    done
                })
            })
            .collect();
        workers.into_iter().filter_map(|worker| worker.join().ok()).sum()
    });
    done as f64 / started.elapsed().as_secs_f64()
}

/// The median time of a durable write of 4 KiB.
fn sync(dir: &Path) -> Result<Duration, Problem> {
    let path = dir.join("sync");
    let unwritable = |error: std::io::Error| Problem::unwritable(&path, &error);
    let mut file = std::fs::File::create(&path).map_err(unwritable)?;
    let block = [7u8; 4096];
    let mut times = Vec::with_capacity(200);
    for _ in 0..200 {
        let started = Instant::now();
        file.write_all(&block).map_err(unwritable)?;
        file.sync_data().map_err(unwritable)?;
        times.push(started.elapsed());
    }
    times.sort_unstable();
    std::fs::remove_file(&path).map_err(unwritable)?;
    Ok(times[times.len() / 2])
}
