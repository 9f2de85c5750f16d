-- Format 1. The same tables as sqlite.sql, where they are explained. Texts compare byte by byte on both engines.

CREATE TABLE meta (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE head (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    size BIGINT NOT NULL,
    root BYTEA NOT NULL,
    next_job BIGINT NOT NULL
);

CREATE TABLE entries (
    seq BIGINT NOT NULL PRIMARY KEY,
    stream TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    location TEXT NOT NULL,
    law TEXT NOT NULL,
    kind TEXT NOT NULL,
    format BIGINT NOT NULL,
    links BYTEA NOT NULL,
    salt BYTEA,
    body BYTEA NOT NULL,
    leaf BYTEA NOT NULL
);
CREATE UNIQUE INDEX entries_by_stream ON entries (stream, version);

CREATE TABLE nodes (
    level BIGINT NOT NULL,
    place BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (level, place)
);

CREATE TABLE checkpoints (
    size BIGINT NOT NULL PRIMARY KEY,
    note TEXT NOT NULL,
    exported BIGINT NOT NULL
);

CREATE TABLE archive (
    id BIGINT NOT NULL PRIMARY KEY,
    salt BYTEA NOT NULL,
    media TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    seal BYTEA NOT NULL
);

CREATE TABLE jobs (
    id BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    idempotency_key TEXT COLLATE "C" NOT NULL,
    payload BYTEA NOT NULL,
    salt BYTEA NOT NULL,
    due_ms BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    done_seq BIGINT,
    mark BYTEA NOT NULL
);
CREATE UNIQUE INDEX jobs_by_key ON jobs (idempotency_key);
CREATE INDEX jobs_due ON jobs (due_ms) WHERE done_seq IS NULL;

CREATE TABLE projections (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    definition TEXT NOT NULL,
    size BIGINT NOT NULL
);
