export { ConveyorScreen } from './conveyor-screen.tsx';
