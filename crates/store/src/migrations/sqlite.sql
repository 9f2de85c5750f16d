-- Format 1. One statement for each table; the check compares them with what stands in the file, letter by letter.

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row: where the journal ends. `next_job` is the number the next job gets.
CREATE TABLE head (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    next_job INTEGER NOT NULL
) STRICT;

-- The journal. After erasure `salt` is NULL and `body` holds the commitment (32 bytes).
CREATE TABLE entries (
    seq INTEGER NOT NULL PRIMARY KEY,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    location TEXT NOT NULL,
    law TEXT NOT NULL,
    kind TEXT NOT NULL,
    format INTEGER NOT NULL,
    links BLOB NOT NULL,
    salt BLOB,
    body BLOB NOT NULL,
    leaf BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX entries_by_stream ON entries (stream, version);

-- Roots of 256, 65,536, ... leaves (level 1, 2, ...).
CREATE TABLE nodes (
    level INTEGER NOT NULL,
    place INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, place)
) STRICT, WITHOUT ROWID;

-- Signed notes: the latest, and those that were exported (1).
CREATE TABLE checkpoints (
    size INTEGER NOT NULL PRIMARY KEY,
    note TEXT NOT NULL,
    exported INTEGER NOT NULL
) STRICT;

-- Pieces as received, with their seals. `id` is the entry's seq times 4096 plus the piece's place in that entry.
CREATE TABLE archive (
    id INTEGER NOT NULL PRIMARY KEY,
    salt BLOB NOT NULL,
    media TEXT NOT NULL,
    bytes BLOB NOT NULL,
    seal BLOB NOT NULL
) STRICT;

-- Work written down before it is tried. `seq` wrote it down, `done_seq` finished it. `mark` is a checksum of what may change.
CREATE TABLE jobs (
    id INTEGER NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    payload BLOB NOT NULL,
    salt BLOB NOT NULL,
    due_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    last_error TEXT NOT NULL,
    done_seq INTEGER,
    mark BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX jobs_by_key ON jobs (idempotency_key);
CREATE INDEX jobs_due ON jobs (due_ms) WHERE done_seq IS NULL;

-- Up to which size each projection has been brought, and the digest of its own tables' definition.
CREATE TABLE projections (
    name TEXT NOT NULL PRIMARY KEY,
    definition TEXT NOT NULL,
    size INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
