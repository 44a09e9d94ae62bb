import { type Locate } from './issues.ts';
import { type Project } from './projectSchema.ts';
/**
 * The project for whoever looks on: the split as it is written, without its methods and their defaults, which only those who
 * split must know.
 * @throws UserError naming path, value and what is allowed, at the place that `locate` gives
 */
export declare function parseProjectOutline(value: unknown, locate: Locate): Project;
