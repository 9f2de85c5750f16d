//! The command line: each flag is defined once, here.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// The closed system of controlled substances: prescribing, transmission, dispensing, books and the law, with a record
/// that anyone can check.
#[derive(Debug, Parser)]
#[command(name = "theriac", version, propagate_version = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the main job on an embedded world: sign, send, receive, verify, dispense, refuse, and prove the record.
    Demo(Demo),
    /// Serve the pages and the API of a deployment.
    Serve(Serve),
    /// Set up a first deployment in a directory.
    Init(Init),
    /// Who works here, and how they get in.
    #[command(subcommand)]
    People(People),
    /// What is missing before a practitioner may sign, and the operator's steps of an enrolment.
    #[command(subcommand)]
    Enrolment(Enrolment),
    /// Keys of programs that work in a person's name.
    #[command(subcommand)]
    ApiKey(ApiKeys),
    /// Ask the rulebook.
    #[command(subcommand)]
    Law(Law),
    /// Look at SCRIPT messages.
    #[command(subcommand)]
    Script(Script),
    /// Take message files in at the pharmacy: archive, seal, verify; one verdict a line.
    Receive(Receive),
    /// Practitioners' monthly logs.
    #[command(subcommand)]
    Log(Log),
    /// The daily round, what it found, and the notices that people have to give.
    #[command(subcommand)]
    Watch(Watch),
    /// Reports to State prescription monitoring programmes.
    #[command(subcommand)]
    Pdmp(Pdmp),
    /// The books of controlled substances: what is due, statements, the inspection pack.
    #[command(subcommand)]
    Books(Books),
    /// How long records are kept, and the erasure of those whose term is over.
    #[command(subcommand)]
    Retention(Retention),
    /// Write what may still be refilled as a PDF, to be at hand when the computer is down; for a timer.
    DowntimeKit(DowntimeKit),
    /// Copy what is new to the second storage site, or see how the copies stand.
    Backup(Backup),
    /// Read every copy at the second site back; with the key, restore them into a store that is thrown away, and measure it.
    BackupVerify(BackupVerify),
    /// Make a deployment again from the second site alone.
    Restore(Restore),
    /// Check sealed records, evidence and checkpoints offline; needs no store.
    Verify(Verify),
    /// Check, rebuild, export and prove the journal of a store.
    #[command(subcommand)]
    Journal(Journal),
    /// Take files of reference data in.
    #[command(subcommand)]
    Import(Import),
    /// Files of registrants who do not exist, for tests and demonstrations.
    #[command(subcommand)]
    Registrants(Registrants),
    /// Export records.
    #[command(subcommand)]
    Export(Export),
    /// Measure against a limit taken in the same run.
    #[command(subcommand)]
    Bench(Bench),
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Where the world is kept; a new temporary directory if not given.
    #[arg(long)]
    pub(crate) dir: Option<PathBuf>,
    /// The address of the server that stays up after the run.
    #[arg(long, default_value = "127.0.0.1:8311")]
    pub(crate) listen: std::net::SocketAddr,
    /// Run, print the result, and exit.
    #[arg(long)]
    pub(crate) once: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The deployment's configuration file.
    #[arg(long, default_value = "theriac.toml")]
    pub(crate) config: PathBuf,
    /// A loopback address on which HL7 v2 orders are taken over the minimal lower layer protocol; none if not given.
    #[arg(long)]
    pub(crate) hl7: Option<std::net::SocketAddr>,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The directory to set up; must not exist or be empty.
    #[arg(long, default_value = "theriac-data")]
    pub(crate) dir: PathBuf,
    /// The configuration to set it up with, as docs/configuration.md describes it; a demonstration if not given.
    #[arg(long)]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Enrolment {
    /// List everything that is missing or stale before a practitioner may be granted the right to sign.
    Review {
        /// The practitioner's identifier.
        #[arg(long)]
        id: String,
        /// As one JSON object.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        at: At,
    },
    /// Take an operator's steps from a file, one JSON object a line: {"step": WORD, "fields": {...}}, with the fields of the
    /// forms in the browser, or {"step": "scan", "file": PATH}. Stops at the first step that is refused.
    Enter {
        /// The file of steps.
        file: PathBuf,
        /// The practitioner's identifier.
        #[arg(long)]
        id: String,
        /// The operator in whose name the steps are taken.
        #[arg(long)]
        by: String,
        #[command(flatten)]
        at: At,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum People {
    /// Add a person, or name one who is here already, and print a code with which they register a passkey.
    Invite {
        /// The person's identifier; made of the name if not given.
        #[arg(long)]
        id: Option<String>,
        /// The full name of somebody new.
        #[arg(long)]
        name: Option<String>,
        /// The role of somebody new, such as operator, access-controller, prescriber, agent, pharmacist.
        #[arg(long)]
        role: Option<String>,
        /// What they do here, in a few words.
        #[arg(long, default_value = "")]
        what: String,
        #[command(flatten)]
        at: At,
    },
    /// Take a person's passkeys away and end their sessions.
    LockOut {
        /// The person's identifier.
        #[arg(long)]
        id: String,
        #[command(flatten)]
        at: At,
    },
    /// List the people.
    List {
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        at: At,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ApiKeys {
    /// Give a program a key; it asks in the name of one person, and never signs.
    Issue {
        /// The person's identifier.
        #[arg(long = "as")]
        acts_as: String,
        /// The program, as people know it.
        #[arg(long = "for")]
        name: String,
        /// Where a practitioner who was sent here to sign may go back to: an https address of the program.
        #[arg(long)]
        return_to: Option<String>,
        /// As JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        at: At,
    },
    /// List the keys in force.
    List {
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        at: At,
    },
    /// Take a key back.
    End {
        /// The key's identifier.
        id: String,
        #[command(flatten)]
        at: At,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Law {
    /// Answer questions, one JSON object a line.
    Decide {
        /// A file of questions, or `-` for standard input.
        file: PathBuf,
        /// The profile to use instead of the edition named in each line.
        #[arg(long)]
        profile: Option<String>,
    },
    /// Explain one rule: citation, our words, editions and dates, numbers, refusals, requirements.
    Explain {
        /// The rule's identifier, as `theriac law rules` lists it.
        id: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// List the rules.
    Rules {
        /// Only those of this area, such as `refills`.
        #[arg(long)]
        area: Option<String>,
        /// Only those that this edition says: proposed-2008, cfr, manual-2010 or cards-2021.
        #[arg(long)]
        edition: Option<String>,
        /// Only those that bind under the Code on this day.
        #[arg(long)]
        on: Option<jiff::civil::Date>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// The schedule of a drug by name, brand or NDC, and the formulations on which it depends.
    Schedule {
        /// Generic name, brand, or NDC of a product or package; NDCs and other brands need an imported directory.
        name: String,
        #[command(flatten)]
        at: At,
        /// The profile to ask.
        #[arg(long, default_value = "strictest")]
        profile: String,
        /// The day to ask for; today if not given.
        #[arg(long)]
        on: Option<jiff::civil::Date>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Ask every decision of a prescription's record again: what was decided, and beside it what another law would decide.
    Replay(Replay),
    /// Check DEA numbers.
    DeaNumber {
        /// The numbers.
        #[arg(required = true)]
        numbers: Vec<String>,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// The pharmacy's prescription number.
    pub(crate) number: String,
    #[command(flatten)]
    pub(crate) at: At,
    /// The profile to ask instead; the deployment's own if not given.
    #[arg(long)]
    pub(crate) profile: Option<String>,
    /// A newer overlay of a State or of the house, laid over the profile for this question only.
    #[arg(long)]
    pub(crate) overlay: Option<PathBuf>,
    /// One JSON object a decision.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Script {
    /// What a message holds, what it lacks, and whether it survives a round trip.
    Check {
        /// Message files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Print a message again in the layout this program writes.
    Convert {
        /// The format to write.
        #[arg(long)]
        to: Format,
        /// The message file.
        file: PathBuf,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Format {
    /// NCPDP SCRIPT 2017071.
    #[value(name = "script-2017071")]
    Script2017071,
    /// HL7 FHIR R4: a `MedicationRequest` in JSON.
    #[value(name = "fhir-r4")]
    FhirR4,
}

#[derive(Debug, Args)]
pub(crate) struct At {
    /// The deployment's directory, with its configuration, keys and trusted certificates; that of the store if not given.
    #[arg(long, env = "THERIAC_DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// `sqlite:PATH` or `postgres://...`; the deployment's own store if not given.
    #[arg(long, env = "THERIAC_STORE")]
    pub(crate) store: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Receive {
    /// Message files.
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) at: At,
    /// One JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Log {
    /// Make every log that is owed: of each month that is over, for everybody who may sign. A server does it by itself.
    Make {
        #[command(flatten)]
        at: At,
    },
    /// List the logs: month, prescriptions, whether in time, whether reviewed.
    List {
        /// Of this practitioner only.
        #[arg(long)]
        of: Option<String>,
        #[command(flatten)]
        at: At,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Watch {
    /// Make the logs that are owed and audit both applications now. A server does it by itself every day.
    Run {
        #[command(flatten)]
        at: At,
    },
    /// List the notices that people have to give, the most urgent first.
    Notices {
        #[command(flatten)]
        at: At,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Print a notice as a letter.
    Letter {
        /// The notice's number.
        number: u64,
        /// The PDF file to write.
        #[arg(long)]
        to: PathBuf,
        #[command(flatten)]
        at: At,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Pdmp {
    /// How each programme stands; exit status 1 if a dispensing is late or held back.
    Status {
        #[command(flatten)]
        at: At,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Enter a programme from a TOML file with the fields of the form; without one, print the fields.
    Enter {
        /// The file.
        file: Option<PathBuf>,
        /// The pharmacist in whose name it is entered.
        #[arg(long)]
        by: Option<String>,
        #[command(flatten)]
        at: At,
    },
    /// Make the report of everything that can be told now, and put its file out.
    Report {
        /// The State, two letters.
        state: String,
        /// The pharmacist in whose name it is made.
        #[arg(long)]
        by: String,
        #[command(flatten)]
        at: At,
    },
    /// Read a programme's answer to a report.
    Answer {
        /// The State, two letters.
        state: String,
        /// The answer, with the columns control,result,prescription,fill,part,element,reason.
        file: PathBuf,
        /// The pharmacist in whose name it is read.
        #[arg(long)]
        by: String,
        #[command(flatten)]
        at: At,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Books {
    /// List what is due in the stock room, the most urgent first.
    Due {
        #[command(flatten)]
        at: At,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Account for one product over a period, from counts where there are some; computed twice.
    Statement {
        /// The product's NDC.
        ndc: String,
        /// A day, or the instant of a count; the last count if not given.
        #[arg(long)]
        from: Option<String>,
        /// A day, or the instant of a count; now if not given.
        #[arg(long)]
        to: Option<String>,
        /// Also write it as a PDF file.
        #[arg(long)]
        pdf: Option<PathBuf>,
        /// Also write it as a CSV file.
        #[arg(long)]
        csv: Option<PathBuf>,
        /// Who prints it: the identifier of a person.
        #[arg(long)]
        by: Option<String>,
        /// As JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        at: At,
    },
    /// Print one of the papers by its number, such as P10 or P29, with the sheet of the same data; or list them.
    Paper {
        /// Its number; all are listed if none is given.
        number: Option<String>,
        /// What it is about, where it is about one thing: an order, a product, an inventory.
        #[arg(long, default_value = "")]
        of: String,
        /// The first day.
        #[arg(long)]
        from: Option<jiff::civil::Date>,
        /// The last day.
        #[arg(long)]
        until: Option<jiff::civil::Date>,
        /// The file to write; its ending says the format: pdf, csv, xlsx or json.
        #[arg(long)]
        to: Option<PathBuf>,
        /// Who prints it: the identifier of a person.
        #[arg(long)]
        by: Option<String>,
        #[command(flatten)]
        at: At,
    },
    /// Take over the records of a registrant whose business passes to this one, each with its maker's mark.
    TakeOver {
        /// The file that was handed over.
        file: PathBuf,
        /// The key that signs the other journal, as text or file; the file's own if not given.
        #[arg(long)]
        key: Option<String>,
        /// Who takes them over: the identifier of a person.
        #[arg(long)]
        by: String,
        #[command(flatten)]
        at: At,
    },
    /// Make the report of what was dispensed in a month, for an online pharmacy; a negative one below both thresholds.
    OnlineReport {
        /// The month, such as 2026-03.
        #[arg(long)]
        month: String,
        /// Write it as a PDF file.
        #[arg(long)]
        pdf: Option<PathBuf>,
        /// Write it as a CSV file.
        #[arg(long)]
        csv: Option<PathBuf>,
        /// Who prints it: the identifier of a person.
        #[arg(long)]
        by: Option<String>,
        #[command(flatten)]
        at: At,
    },
    /// Write the inspection pack: index, certificate, inventories, every product's books and statement in one file.
    Pack {
        /// The file to write.
        #[arg(long)]
        to: PathBuf,
        /// The first day; two years before the last if not given.
        #[arg(long)]
        from: Option<jiff::civil::Date>,
        /// The last day; today if not given.
        #[arg(long)]
        until: Option<jiff::civil::Date>,
        #[command(flatten)]
        at: At,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Retention {
    /// Print the schedule: each kind of record, who keeps it, how long, by which paragraph.
    Schedule {
        #[command(flatten)]
        at: At,
    },
    /// List the records that may be erased today, or all of one record with the day from which each may be.
    List {
        /// A record, such as prescription/R-1001.
        #[arg(long, conflicts_with = "kind")]
        record: Option<String>,
        /// All records of one kind, such as signed-prescription, with the day from which each may be erased.
        #[arg(long)]
        kind: Option<String>,
        #[command(flatten)]
        at: At,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Erase the body of a record whose term is over; header and leaf stay.
    Erase {
        /// The entry; of a prescription, any of its entries.
        entry: u64,
        /// Why.
        #[arg(long)]
        reason: String,
        /// The operator who decides it.
        #[arg(long)]
        by: String,
        #[command(flatten)]
        at: At,
    },
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Backup {
    #[command(subcommand)]
    pub(crate) step: Option<BackupStep>,
    #[command(flatten)]
    pub(crate) at: At,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BackupStep {
    /// Make a key for the copies; print the recipient for theriac.toml. Its password is taken from `THERIAC_BACKUP_PASSWORD`.
    Key {
        /// The file to write; take it away from the machine that makes the copies.
        file: PathBuf,
    },
    /// How the copies stand: what waits, since when, by when the next is due. Exit 1 when they are late.
    Status {
        #[command(flatten)]
        at: At,
        /// As one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// List the copies.
    List {
        #[command(flatten)]
        at: At,
    },
    /// Make one copy of many small ones, and copies anew without what was erased in the record.
    Tidy {
        #[command(flatten)]
        at: At,
    },
    /// Remove one copy; refused while no other holds what it holds.
    Remove {
        /// Its name, as `theriac backup list` prints it.
        name: String,
        /// The operator who removes it.
        #[arg(long)]
        by: String,
        #[command(flatten)]
        at: At,
    },
}

#[derive(Debug, Args)]
pub(crate) struct BackupVerify {
    /// The key's file: restore everything into a store that is thrown away, and compare. Without it digests are compared only.
    #[arg(long)]
    pub(crate) key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) at: At,
    /// As one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The directory of the second site.
    #[arg(long, required_unless_present = "config", conflicts_with = "config")]
    pub(crate) from: Option<PathBuf>,
    /// A configuration with the second site in [backup].
    #[arg(long)]
    pub(crate) config: Option<PathBuf>,
    /// The file of the backup key; its password is taken from `THERIAC_BACKUP_PASSWORD`.
    #[arg(long)]
    pub(crate) key: PathBuf,
    /// The directory to make the deployment in; empty, or of a restore that was cut off.
    #[arg(long)]
    pub(crate) dir: PathBuf,
    /// Another place for the store than the configuration names.
    #[arg(long)]
    pub(crate) store: Option<String>,
    /// The published key of the deployment's checkpoints, NAME+HASH+KEY or a file; the one among the copies if not given.
    #[arg(long)]
    pub(crate) verifier: Option<String>,
    /// As one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DowntimeKit {
    /// The PDF file to write, in a folder that is there when this machine is not. It is replaced only by a whole new one.
    #[arg(long)]
    pub(crate) to: PathBuf,
    #[command(flatten)]
    pub(crate) at: At,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Evidence files, sealed records (`.p7s` beside the record) or checkpoints.
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Trusted certificate authority, PEM; otherwise the one inside the evidence is used and named.
    #[arg(long)]
    pub(crate) ca: Option<PathBuf>,
    /// Verifier key of the checkpoint, `name+hash+key`; otherwise the one inside the evidence is used and named.
    #[arg(long)]
    pub(crate) key: Option<String>,
    /// One JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Journal {
    /// Recompute everything and name the first bad entry.
    Check {
        #[command(flatten)]
        at: At,
        /// The verifier key of the checkpoints, `NAME+HASH+KEY` or a file that holds it; the deployment's if not given.
        #[arg(long)]
        key: Option<String>,
        /// An exported checkpoint that the store must still contain.
        #[arg(long)]
        against: Option<PathBuf>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Make the projections anew from the journal.
    Rebuild {
        #[command(flatten)]
        at: At,
    },
    /// Print the entries, one JSON object a line.
    Export {
        #[command(flatten)]
        at: At,
    },
    /// Print the newest signed checkpoint.
    Checkpoint {
        #[command(flatten)]
        at: At,
    },
    /// Print the proof that an entry is in the journal.
    Prove {
        /// The entry's number, from 0.
        seq: u64,
        #[command(flatten)]
        at: At,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// The FDA's NDC directory: products with their schedules, and packages.
    Ndc(ImportNdc),
    /// DEA's registrant data: who is registered, for what, until when. Everybody who signs is checked against it at once.
    Registrants(ImportRegistrants),
    /// A maker's file of one-time-password devices, PSKC or CSV: each seed is sealed with the deployment's key.
    Otp(ImportOtp),
    /// What suppliers reported to DEA as sold to this registration (ARCOS): posted as receipts, once each, and compared.
    Arcos(ImportArcos),
}

#[derive(Debug, Args)]
pub(crate) struct ImportArcos {
    /// The file, tab-separated with a head line, as DEA published it.
    pub(crate) file: PathBuf,
    /// The pharmacist or custodian in whose name the receipts are posted.
    #[arg(long)]
    pub(crate) by: String,
    /// The schedule of products that the drug file does not have, such as II; without it their lines are refused.
    #[arg(long)]
    pub(crate) unlisted: Option<String>,
    #[command(flatten)]
    pub(crate) at: At,
    /// As JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ImportOtp {
    /// The file: PSKC (RFC 6030) when it is XML, otherwise CSV with a head line.
    pub(crate) file: PathBuf,
    /// A file with the key of an encrypted PSKC file, 32 hexadecimal digits.
    #[arg(long)]
    pub(crate) key_file: Option<PathBuf>,
    /// The maker, where a CSV file does not say it.
    #[arg(long)]
    pub(crate) maker: Option<String>,
    /// The model, where a CSV file does not say it.
    #[arg(long)]
    pub(crate) model: Option<String>,
    /// How a CSV file writes its seeds. It is never guessed.
    #[arg(long)]
    pub(crate) seeds: Option<SeedWriting>,
    #[command(flatten)]
    pub(crate) at: At,
    /// As JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SeedWriting {
    /// Hexadecimal digits.
    Hex,
    /// Base 32.
    Base32,
}

#[derive(Debug, Args)]
pub(crate) struct ImportRegistrants {
    /// The file, in DEA's layout of December 2017 or June 2009, or its fields with | between them. What FILE.manifest.json
    /// beside it says (issued, rows, sha256) is compared.
    pub(crate) file: PathBuf,
    /// The day on which DEA issued the data; that of the manifest if not given.
    #[arg(long)]
    pub(crate) issued: Option<jiff::civil::Date>,
    #[command(flatten)]
    pub(crate) at: At,
    /// As JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Registrants {
    /// Print invented registrants in DEA's layout.
    Generate {
        /// How many.
        #[arg(long, default_value_t = 1_000)]
        rows: u32,
        /// The same seed makes the same file.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// The day as of which the data is issued; today if not given.
        #[arg(long)]
        issued: Option<jiff::civil::Date>,
        /// Where to write to, with OUT.manifest.json beside it; standard output if not given.
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ImportNdc {
    /// The directory's product file, tab-separated.
    pub(crate) products: PathBuf,
    /// The directory's package file.
    pub(crate) packages: Option<PathBuf>,
    /// The day for which the files were issued; today if not given.
    #[arg(long)]
    pub(crate) issued: Option<jiff::civil::Date>,
    /// Also list where the directory's schedules and the rulebook's differ, by class.
    #[arg(long)]
    pub(crate) disagreements: bool,
    /// Only read and compare: nothing is recorded, and no deployment is needed.
    #[arg(long)]
    pub(crate) check: bool,
    /// The profile to compare with; the deployment's if not given.
    #[arg(long)]
    pub(crate) profile: Option<String>,
    /// The day to compare for; today if not given.
    #[arg(long)]
    pub(crate) on: Option<jiff::civil::Date>,
    #[command(flatten)]
    pub(crate) at: At,
    /// As JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Export {
    /// Prescriptions and dispensings of the pharmacy, as a file that opens anywhere. What is taken away is recorded.
    Prescriptions(ExportPrescriptions),
    /// Everything that proves one received prescription, for openssl and for `theriac verify`.
    Evidence {
        /// The pharmacy's prescription number.
        number: String,
        #[command(flatten)]
        at: At,
        /// The directory to write to.
        #[arg(long)]
        to: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ExportPrescriptions {
    /// The form of the file.
    #[arg(long, default_value = "csv")]
    pub(crate) format: crate::archive::Format,
    /// By what lines are sorted.
    #[arg(long, default_value = "date")]
    pub(crate) sort: crate::archive::Sort,
    /// Words of the prescriber's name, or the DEA number.
    #[arg(long)]
    pub(crate) prescriber: Option<String>,
    /// Words of the patient's name.
    #[arg(long)]
    pub(crate) patient: Option<String>,
    /// Words of the drug's name, strength or form.
    #[arg(long)]
    pub(crate) drug: Option<String>,
    /// One prescription's number.
    #[arg(long)]
    pub(crate) number: Option<String>,
    /// The first day filled; of what is not filled, received.
    #[arg(long)]
    pub(crate) from: Option<jiff::civil::Date>,
    /// The last day, inclusive.
    #[arg(long)]
    pub(crate) until: Option<jiff::civil::Date>,
    /// Schedule II apart, schedules III to V apart, or all.
    #[arg(long, default_value = "all")]
    pub(crate) schedules: crate::archive::Group,
    /// Dispensings, prescriptions of which nothing was dispensed, or both.
    #[arg(long, default_value = "all")]
    pub(crate) which: crate::archive::Which,
    /// With the proofs of each prescription, as one ZIP file for this authority; the format is then not asked for.
    #[arg(long, value_name = "AUTHORITY")]
    pub(crate) package_for: Option<String>,
    /// In whose name: a person of this deployment; the program itself if not given.
    #[arg(long)]
    pub(crate) by: Option<String>,
    /// Where to write; standard output if not given.
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) at: At,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// Intake: parse, verify, seal and append signed prescriptions.
    National {
        /// How many prescriptions.
        #[arg(long, default_value_t = 100_000)]
        scripts: u32,
        /// The store; a new SQLite file in a temporary directory if not given.
        #[arg(long)]
        store: Option<String>,
    },
    /// Retrieval: five years of a busy pharmacy, asked for in every way and taken away in every form.
    Pharmacy {
        /// How many prescriptions.
        #[arg(long, default_value_t = 220_000)]
        prescriptions: u32,
        /// The store; a new SQLite file in a temporary directory if not given.
        #[arg(long)]
        store: Option<String>,
        /// Keep the deployment in this directory, to look at it afterwards.
        #[arg(long)]
        dir: Option<PathBuf>,
    },
    /// The inspection pack of two years of a busy pharmacy: made, computed again, and the pages of its books asked for.
    Pack {
        /// How many products the books hold.
        #[arg(long, default_value_t = 300)]
        products: u32,
        /// How many movements of them.
        #[arg(long, default_value_t = 60_000)]
        movements: u32,
        /// How many other entries the journal has.
        #[arg(long, default_value_t = 700_000)]
        others: u32,
        /// The store; a new SQLite file in a temporary directory if not given.
        #[arg(long)]
        store: Option<String>,
    },
    /// Single-byte changes to a stored database: how many are found.
    Insider {
        /// How many changes.
        #[arg(long, default_value_t = 1_000)]
        changes: u32,
        /// The seed of the random places.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}
