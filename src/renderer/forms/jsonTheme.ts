import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** Colours of the app's own tokens, so that both themes come by themselves. */
const look = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'transparent', fontSize: 'var(--size-label)' },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '18px' },
  '.cm-content': { padding: 'var(--s2) 0', caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { border: 'none', color: 'var(--ink-3)', backgroundColor: 'transparent' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter': { backgroundColor: 'var(--hover)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--accent-tint)',
  },
  '.cm-matchingBracket': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-matchingBracket': { color: 'inherit', backgroundColor: 'var(--accent-tint)' },
  '.cm-panels': { color: 'var(--ink)', backgroundColor: 'var(--overlay)', borderColor: 'var(--hairline)' },
  '.cm-tooltip': {
    maxWidth: '360px',
    border: 'none',
    color: 'var(--ink)',
    backgroundColor: 'var(--overlay)',
    boxShadow: 'var(--shadow)',
    borderRadius: 'var(--radius)',
  },
  '.cm-diagnostic': {
    padding: 'var(--s1) var(--s2)',
    fontFamily: 'var(--font)',
    borderLeft: '2px solid var(--danger)',
  },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--danger)',
    textDecorationSkipInk: 'none',
    textUnderlineOffset: '3px',
  },
  '.cm-foldPlaceholder': { border: 'none', color: 'var(--ink-3)', backgroundColor: 'var(--sunken)' },
});

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--ink)' },
  { tag: tags.string, color: 'var(--accent)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--lower-ink)' },
  { tag: [tags.separator, tags.bracket, tags.punctuation], color: 'var(--ink-3)' },
]);

export const jsonTheme = [look, syntaxHighlighting(colours)];
