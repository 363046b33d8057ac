/** The last pictures of a model that is being trained, for windows that are opened meanwhile. Those of the end are in its result. */
export const images = `
CREATE TABLE run_images (
  run TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  images TEXT NOT NULL
) STRICT;
`;
