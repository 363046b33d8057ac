/** The colours and the type of a chart. Lengths are in CSS pixels on a screen and in points on paper. */
export interface ChartTheme {
  readonly name: 'light' | 'dark' | 'paper';
  /** What the chart lies on; null where the page shows through. */
  readonly background: string | null;
  /** What shows through a hollow marker. */
  readonly behind: string;
  readonly ink: string;
  /** Axis labels. */
  readonly quiet: string;
  readonly axis: string;
  /** Lines behind the data; null for none. */
  readonly grid: string | null;
  readonly lower: string;
  readonly upper: string;
  /** The same hues darker and lighter: bounds of one estimator with fewer samples. */
  readonly lowerShades: readonly string[];
  readonly upperShades: readonly string[];
  /** An estimate that bounds nothing. */
  readonly estimate: string;
  /** The same hues as text. */
  readonly lowerText: string;
  readonly upperText: string;
  readonly gap: string;
  readonly truth: string;
  /** What is missing or certainly wrong. */
  readonly danger: string;
  /** The hues of runs that are compared: Okabe and Ito's but for blue and orange, which say the side of a bound. */
  readonly runs: readonly string[];
  readonly bandOpacity: number;
  readonly font: string;
  readonly fontSize: number;
  readonly line: number;
  readonly hairline: number;
}

const screenFont = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif";

/** The values of `tokens.css` in the renderer; a test holds the two together. */
export const lightTheme: ChartTheme = {
  name: 'light',
  background: null,
  behind: '#fafaf8',
  ink: '#1b1e21',
  quiet: '#63696f',
  axis: '#b9bab4',
  grid: '#e3e3de',
  lower: '#0072b2',
  upper: '#e69f00',
  lowerShades: ['#4f9fd0', '#003d61'],
  upperShades: ['#b07700', '#6b4300'],
  estimate: '#63696f',
  lowerText: '#00639b',
  upperText: '#8a5a00',
  gap: '#dfe5e6',
  truth: '#1b1e21',
  danger: '#b3261e',
  runs: ['#1b1e21', '#d55e00', '#009e73', '#b3568c', '#8a7d00', '#6a5acd'],
  bandOpacity: 0.15,
  font: screenFont,
  fontSize: 12,
  line: 1.75,
  hairline: 1,
};

export const darkTheme: ChartTheme = {
  ...lightTheme,
  name: 'dark',
  behind: '#16191c',
  ink: '#e4e6e7',
  quiet: '#959ca3',
  axis: '#4a5157',
  grid: '#2c3135',
  lower: '#56b4e9',
  lowerShades: ['#2f86b8', '#b5dcf4'],
  upperShades: ['#a87400', '#f7cf7a'],
  estimate: '#959ca3',
  lowerText: '#74c2ee',
  upperText: '#ecb13a',
  gap: '#31383d',
  truth: '#f4f5f5',
  danger: '#f2897f',
  runs: ['#e4e6e7', '#f0803c', '#2fbf97', '#d994bb', '#d9cc45', '#a193f2'],
};

/** A figure of a paper: white, black text, sizes in points. */
export function paperTheme(fontSize = 8): ChartTheme {
  return {
    ...lightTheme,
    name: 'paper',
    background: '#ffffff',
    behind: '#ffffff',
    ink: '#000000',
    quiet: '#000000',
    axis: '#000000',
    grid: null,
    estimate: '#595959',
    lowerText: '#000000',
    upperText: '#000000',
    gap: '#e6ebec',
    truth: '#000000',
    font: "Helvetica, Arial, 'Liberation Sans', sans-serif",
    fontSize,
    line: fontSize / 8,
    hairline: fontSize / 16,
  };
}
