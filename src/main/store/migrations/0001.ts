/**
 * The first schema. Whatever a table of runs shows is a column of its own, and everything long stands in the last columns or in
 * a table of its own, so that a list of thousands of runs parses no JSON and reads few pages.
 */
export const firstSchema = `
CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  model TEXT NOT NULL,
  data TEXT NOT NULL,
  device TEXT NOT NULL,
  seed INTEGER NOT NULL,
  temperatures INTEGER NOT NULL,
  chains INTEGER NOT NULL,
  quantity TEXT NOT NULL,
  lower_estimator TEXT,
  lower_value REAL,
  lower_ci95 REAL,
  upper_estimator TEXT,
  upper_value REAL,
  upper_ci95 REAL,
  gap REAL,
  gap_ci95 REAL,
  truth REAL,
  progress REAL NOT NULL DEFAULT 0,
  stage TEXT NOT NULL DEFAULT '',
  seconds REAL NOT NULL DEFAULT 0,
  created INTEGER NOT NULL,
  ended INTEGER,
  family TEXT NOT NULL,
  -- Which process computes it: the name of a lock, see locks.ts.
  owner TEXT,
  -- Place in the queue.
  queued INTEGER,
  recipe TEXT,
  updated INTEGER NOT NULL,
  deleted_at INTEGER,
  error TEXT,
  notes TEXT NOT NULL DEFAULT '',
  directory TEXT NOT NULL,
  spec TEXT NOT NULL
) STRICT;
CREATE INDEX runs_by_age ON runs (created DESC);
CREATE INDEX runs_by_status ON runs (status);
CREATE INDEX runs_by_change ON runs (updated);

CREATE TABLE run_results (
  run TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  result TEXT,
  environment TEXT
) STRICT;

CREATE TABLE run_points (
  run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  -- How many came before it in the run. A run taken up again passes its early rounds once more; they keep their first point.
  number INTEGER NOT NULL,
  temperatures INTEGER NOT NULL,
  seconds REAL NOT NULL,
  bounds TEXT NOT NULL,
  PRIMARY KEY (run, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_log (
  id INTEGER PRIMARY KEY,
  run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  -- Of a line that the computation itself writes, and would write again when it is taken up; null for lines about the run.
  number INTEGER,
  time INTEGER NOT NULL,
  text TEXT NOT NULL,
  UNIQUE (run, number)
) STRICT;

CREATE TABLE run_tags (
  run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  tag TEXT NOT NULL,
  PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE artifacts (
  sha256 TEXT PRIMARY KEY,
  -- What the file in the folder of the hash is called.
  name TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  created INTEGER NOT NULL
) STRICT;

CREATE TABLE run_artifacts (
  run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL REFERENCES artifacts (sha256),
  PRIMARY KEY (run, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_artifacts_by_hash ON run_artifacts (sha256);

CREATE TABLE models (
  sha256 TEXT PRIMARY KEY REFERENCES artifacts (sha256),
  created INTEGER NOT NULL,
  -- A ModelEntry without what the artifact says already.
  entry TEXT NOT NULL
) STRICT;

CREATE TABLE datasets (
  sha256 TEXT PRIMARY KEY REFERENCES artifacts (sha256),
  created INTEGER NOT NULL,
  entry TEXT NOT NULL
) STRICT;

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
`;
