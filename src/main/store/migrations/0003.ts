/** What runs found that is no bound: the probability of a rare event, the share of real items that generated ones cover. */
export const estimates = `
ALTER TABLE runs ADD COLUMN estimate_value REAL;
ALTER TABLE runs ADD COLUMN estimate_ci95 REAL;
UPDATE runs SET quantity = 'coverage' WHERE kind = 'coverage';
UPDATE runs SET
  estimate_value = (SELECT json_extract(result, '$.metrics.probability.value') FROM run_results WHERE run = id),
  estimate_ci95 = (SELECT json_extract(result, '$.metrics.probability.ci95') FROM run_results WHERE run = id)
WHERE kind = 'importance-flow'
  AND (SELECT json_extract(result, '$.metrics.probability.hits') FROM run_results WHERE run = id) > 0;
UPDATE runs SET
  estimate_value = (SELECT json_extract(result, '$.coverage[0].card.metrics.coverage.value') FROM run_results WHERE run = id)
WHERE kind = 'coverage';
`;
