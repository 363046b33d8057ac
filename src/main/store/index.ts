/** Everything that Bracket keeps: queries are functions of a {@link Store}, one file for each thing that is kept. */
export { adoptArtifact, cleanArtifacts, findArtifact, getArtifact, keepArtifact, type Artifact } from './artifacts';
export { dataFolder } from './dataFolder';
export { datasets } from './datasets';
export { ConflictError, NotFoundError, StoreError } from './failures';
export { engineOwner, isHeld, takeEngineLock, takeLock, tidyLocks, type Lock } from './locks';
export { models } from './models';
export { forgetRun, purgeRuns, removeRuns, restoreRuns } from './removal';
export { addLog, getOutlines, getRun } from './runDetail';
export {
  addCurvePoint,
  addPoint,
  claimRun,
  endRun,
  setEnvironment,
  setImages,
  setProgress,
  setStatus,
  type StatusChange,
} from './runProgress';
export {
  annotateRun,
  changedSince,
  findRow,
  findRunIds,
  getRow,
  getSpec,
  idsWithStatus,
  insertRun,
  lastRunOfRecipe,
  listRuns,
  ownersOfRunning,
  type NewRun,
} from './runs';
export { changeSettings, getSettings } from './settings';
export { openStore, type Store } from './store';
