export { RuleEditorScreen } from './editor-screen.tsx';
