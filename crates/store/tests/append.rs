//! Appending: together or not at all, in order, once.
#![allow(clippy::unwrap_used)]

mod common;

use common::{event, job, on_both, one, piece};
use theriac_store::{Append, AppendError, JobId};

#[test]
fn an_append_is_there_after_it_was_acknowledged_and_after_reopening() {
    on_both(|world| {
        let store = world.open();
        let appended = store.append(one("rx/1", 0, 5)).unwrap();
        assert_eq!((appended.seqs, appended.versions), (0..1, vec![1]));
        store.append(one("rx/1", 1, 6)).unwrap();
        drop(store);
        let store = world.open();
        let entries = store.stream("rx/1").unwrap();
        assert_eq!(entries.iter().map(|e| (e.seq, e.version)).collect::<Vec<_>>(), [(0, 1), (1, 2)]);
        assert_eq!(entries[1].body_bytes().unwrap(), b"{\"amount\":6}");
        assert_eq!(
            store.query("SELECT total, count FROM totals WHERE stream = $1", &["rx/1".into()]).unwrap()[0]
                .int(0)
                .unwrap(),
            11
        );
        assert_eq!(store.append(one("rx/1", 2, 1)).unwrap().seqs, 2..3);
        assert!(store.check(&[]).unwrap().is_clean(), "{:?}", store.check(&[]).unwrap());
    });
}

#[test]
fn a_stream_that_moved_on_refuses_the_append_and_only_that_one() {
    on_both(|world| {
        let store = world.open();
        let outcomes =
            store.append_many(vec![one("a", 0, 1), one("a", 0, 2), one("b", 0, 3), one("a", 1, 4), one("c", 1, 5)]);
        let conflict =
            |stream: &str, expected, found| Err(AppendError::Conflict { stream: stream.into(), expected, found });
        assert_eq!(outcomes[1], conflict("a", 0, 1));
        assert_eq!(outcomes[4], conflict("c", 1, 0));
        let seqs: Vec<_> = [0, 2, 3].iter().map(|n: &usize| outcomes[*n].clone().unwrap().seqs.start).collect();
        assert_eq!(seqs, [0, 1, 2]);
        assert!(store.check(&[]).unwrap().is_clean());
    });
}

#[test]
fn what_a_projection_refuses_does_not_take_its_companions_with_it() {
    on_both(|world| {
        let store = world.open();
        let bad = Append { events: vec![event("x", "fine", 1), event("x", "impossible", 2)], ..Append::default() };
        let outcomes = store.append_many(vec![one("a", 0, 1), bad, one("b", 0, 2)]);
        assert!(outcomes[0].is_ok() && outcomes[2].is_ok());
        assert!(matches!(outcomes[1], Err(AppendError::Store(_))));
        assert!(store.stream("x").unwrap().is_empty());
        assert_eq!(store.size().unwrap(), 2);
        assert!(store.check(&[]).unwrap().is_clean());
    });
}

#[test]
fn a_job_is_written_once_found_when_due_and_finished_once() {
    on_both(|world| {
        let store = world.open();
        let with_job = |key: &str| Append { jobs: vec![job(key, 1_000)], ..one(key, 0, 1) };
        assert_eq!(store.append(with_job("k1")).unwrap().jobs, [JobId(1)]);
        assert_eq!(
            store.append(Append { jobs: vec![job("k1", 5)], ..one("z", 0, 1) }),
            Err(AppendError::JobExists { key: "k1".into() })
        );
        assert_eq!(store.append(with_job("k2")).unwrap().jobs, [JobId(2)]);
        assert!(store.due_jobs(999, 10).unwrap().is_empty());
        assert_eq!(store.due_jobs(1_000, 10).unwrap().len(), 2);
        store.retry_job(JobId(1), 2_000, "no\nanswer").unwrap();
        let waiting = store.job(JobId(1)).unwrap().unwrap();
        assert_eq!((waiting.due_ms, waiting.attempts, waiting.last_error.as_str()), (2_000, 1, "noanswer"));
        let done = Append { finished_jobs: vec![JobId(1)], ..one("k1", 1, 2) };
        store.append(done).unwrap();
        assert_eq!(store.job(JobId(1)).unwrap().unwrap().done_seq, Some(2));
        let again = Append { finished_jobs: vec![JobId(1)], ..one("k1", 2, 2) };
        assert_eq!(store.append(again), Err(AppendError::JobNotOpen(JobId(1))));
        assert_eq!(store.retry_job(JobId(1), 1, ""), Err(AppendError::JobNotOpen(JobId(1))));
        assert!(store.check(&[]).unwrap().is_clean());
    });
}

#[test]
fn what_arrived_is_archived_byte_for_byte_with_its_entry() {
    on_both(|world| {
        let store = world.open();
        let mut append = one("rx/1", 0, 1);
        append.events[0].archive = vec![piece("<Message>\r\n</Message>"), piece("")];
        let seq = store.append(append).unwrap().seqs.start;
        let pieces = store.archive(seq).unwrap();
        assert_eq!(
            pieces.iter().map(|p| p.bytes.as_slice()).collect::<Vec<_>>(),
            [b"<Message>\r\n</Message>".as_slice(), b""]
        );
        assert!(store.check(&[]).unwrap().is_clean());
    });
}

#[test]
fn an_append_without_an_event_is_refused() {
    on_both(|world| {
        let store = world.open();
        assert_eq!(store.append(Append { jobs: vec![job("k", 0)], ..Append::default() }), Err(AppendError::Empty));
    });
}
