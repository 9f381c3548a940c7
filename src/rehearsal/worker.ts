/** The thread in which a rehearsal is played: an entry of its own, never imported. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Material } from './material.ts';
import { play } from './play.ts';

parentPort?.postMessage(await play(workerData as Material));
