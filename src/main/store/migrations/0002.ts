/** Learning curves of what runs train. */
export const learningCurves = `
CREATE TABLE run_curves (
  run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  -- How many came before it in the run; one taken up again passes its early ones once more.
  number INTEGER NOT NULL,
  component TEXT NOT NULL,
  iteration INTEGER NOT NULL,
  iterations INTEGER NOT NULL,
  seconds REAL NOT NULL,
  quantities TEXT NOT NULL,
  PRIMARY KEY (run, number)
) STRICT, WITHOUT ROWID;
`;
