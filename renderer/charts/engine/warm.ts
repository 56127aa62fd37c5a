import { warmPoints } from './pool.ts';
import { gpuState } from './webgl.ts';

/** Starts what the first chart of a window would have to wait for: a worker, and the detection of the GPU. */
export function warmCharts(): void {
  warmPoints();
  gpuState();
}
