//! `theriac serve`, and the server that stays up after `theriac demo`.

use crate::cli::Serve;
use crate::dispensary::inbox::Inbox;
use crate::house::House;
use crate::house::clock::Clock;
use crate::house::record::Fault;
use crate::http;
use crate::output::{Outcome, Problem};
use crate::programs::post::Poster;
use crate::relaying::HouseRelay;
use crate::transport::listener;
use crate::views::World;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How often the outbox is looked at.
const OUTBOX: Duration = Duration::from_millis(500);

pub(crate) fn run(args: &Serve) -> Result<Outcome, Problem> {
    let dir = args.config.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let house = House::open(dir, Clock::machine, None)?;
    let listen = house.config.listen;
    let hl7 = args.hl7.map(crate::mllp::may_listen).transpose().map_err(Problem::from)?;
    until_interrupted(house, listen, hl7)
}

/// How often it is asked whether the daily round is due.
const WATCH: Duration = Duration::from_secs(10);

/// How often the inbox is looked into.
const INBOX: Duration = Duration::from_secs(1);

/// How often it is asked whether a report to a monitoring programme is owed.
const REPORTS: Duration = Duration::from_mins(1);

/// How often it is asked whether a copy is due at the second site.
const BACKUP: Duration = Duration::from_secs(30);

/// Serves a deployment until the process is told to stop; HL7 orders are taken on `hl7`, where there is such an address.
pub(crate) fn until_interrupted(house: House, listen: SocketAddr, hl7: Option<SocketAddr>) -> Result<Outcome, Problem> {
    let failed = |error: &dyn std::fmt::Display| {
        Problem::failed("SERVE", error.to_string(), "choose another address with --listen, or stop what uses this one")
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| failed(&error))?;
    house.keep_rechecking().map_err(Problem::from)?;
    let house = Arc::new(house);
    let shared = Arc::clone(&house);
    let origin = &shared.origin;
    let world: Arc<dyn World> = Arc::clone(&house) as Arc<dyn World>;
    runtime.block_on(async {
        let script = match listener::bind(&house).await? {
            Some((listener, tls)) => {
                if let Ok(address) = listener.local_addr() {
                    println!("partners' messages are taken at https://{address}/script");
                }
                Some(tokio::spawn(listener::serve(Arc::clone(&house), listener, tls)))
            }
            None => None,
        };
        let outbox = tokio::spawn(work_the_outbox(Arc::clone(&house)));
        let watch = tokio::spawn(keep_watch(Arc::clone(&house)));
        let reports = tokio::spawn(report_what_was_dispensed(Arc::clone(&house)));
        let backup = tokio::spawn(keep_the_backup(Arc::clone(&house)));
        let inbox = Inbox::of(&house).map(|inbox| {
            println!("messages are taken from files in {}", inbox.directory().display());
            tokio::spawn(take_from_the_inbox(Arc::clone(&house), inbox))
        });
        let orders = match hl7 {
            None => None,
            Some(address) => {
                let listener = tokio::net::TcpListener::bind(address).await.map_err(|error| failed(&error))?;
                Some(tokio::spawn(crate::mllp::serve(Arc::clone(&house), listener)))
            }
        };
        let programs = tokio::spawn(tell_the_programs(house));
        let pages = tokio::net::TcpListener::bind(listen).await.map_err(|error| failed(&error))?;
        let address = pages.local_addr().map_err(|error| failed(&error))?;
        let _ = origin.set(format!("http://localhost:{}", address.port()));
        println!("\nserving http://{address}/ until Ctrl-C");
        let stop = async {
            // Without a signal handler the process ends at once, which is as good.
            let _ = tokio::signal::ctrl_c().await;
        };
        let served = http::serve_on(world, pages, stop).await.map_err(|error| failed(&format!("{error:#}")));
        outbox.abort();
        script.inspect(tokio::task::JoinHandle::abort);
        watch.abort();
        reports.abort();
        backup.abort();
        inbox.inspect(tokio::task::JoinHandle::abort);
        if let Some(orders) = orders {
            orders.abort();
        }
        programs.abort();
        served
    })?;
    Ok(Outcome::Done)
}

/// Sends what was written down to be sent, and brings answers back, as long as the server runs.
async fn work_the_outbox(house: Arc<House>) {
    let mut ticks = tokio::time::interval(OUTBOX);
    loop {
        ticks.tick().await;
        let house = Arc::clone(&house);
        let worked = tokio::task::spawn_blocking(move || {
            house.fold_refusals()?;
            house.work(&HouseRelay(&house)).map(|_| ())
        });
        let worked = worked.await;
        if let Ok(Err(Fault::Broken(why))) = worked {
            eprintln!("OUTBOX: {why}; it is tried again");
        }
    }
}

/// Takes in what lies in the inbox, as long as the server runs.
async fn take_from_the_inbox(house: Arc<House>, mut inbox: Inbox) {
    let mut ticks = tokio::time::interval(INBOX);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let house = Arc::clone(&house);
        let swept = tokio::task::spawn_blocking(move || {
            let swept = inbox.sweep(&house).map(|_| ());
            (inbox, swept)
        });
        // Only a panic while sweeping gives nothing back, and what is in work is found again after a restart.
        let Ok((back, swept)) = swept.await else { return };
        inbox = back;
        if let Err(fault) = swept {
            eprintln!("INBOX: {}; it is tried again", Problem::from(fault));
        }
    }
}

/// Makes logs and audits when they are due, as long as the server runs.
async fn keep_watch(house: Arc<House>) {
    let mut ticks = tokio::time::interval(WATCH);
    loop {
        ticks.tick().await;
        let house = Arc::clone(&house);
        let watched = tokio::task::spawn_blocking(move || house.watch().map(|_| ())).await;
        if let Ok(Err(fault)) = watched {
            eprintln!("WATCH: {}; it is tried again", Problem::from(fault));
        }
    }
}

/// Makes the reports to State monitoring programmes that are owed, as long as the server runs.
async fn report_what_was_dispensed(house: Arc<House>) {
    let mut ticks = tokio::time::interval(REPORTS);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let house = Arc::clone(&house);
        let made = tokio::task::spawn_blocking(move || house.reports_owed().map(|_| ())).await;
        if let Ok(Err(fault)) = made {
            eprintln!("MONITORING: {}; it is tried again", Problem::from(fault));
        }
    }
}

/// Makes copies at the second site and raises the alarm when they are late, as long as the server runs.
async fn keep_the_backup(house: Arc<House>) {
    let mut ticks = tokio::time::interval(BACKUP);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let house = Arc::clone(&house);
        let kept = tokio::task::spawn_blocking(move || house.keep_the_backup().map(|_| ())).await;
        if let Ok(Err(fault)) = kept {
            eprintln!("BACKUP: {}; it is tried again", Problem::from(fault));
        }
    }
}

/// Tells programs what became of their drafts, as long as the server runs. Beside the outbox, which must not wait for them.
async fn tell_the_programs(house: Arc<House>) {
    let Ok(poster) = tokio::task::spawn_blocking(Poster::new).await.map(Arc::new) else { return };
    let mut ticks = tokio::time::interval(OUTBOX);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let (house, poster) = (Arc::clone(&house), Arc::clone(&poster));
        let told = tokio::task::spawn_blocking(move || house.tell_programs(&*poster).map(|_| ())).await;
        if let Ok(Err(Fault::Broken(why))) = told {
            eprintln!("WEBHOOKS: {why}; it is tried again");
        }
    }
}
