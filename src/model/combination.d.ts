import type { ModelConfig } from '../core/experiment.ts';
/** Why an architecture and an encoder do not go together, and the key of the model at fault. */
export interface Misfit {
    readonly key: 'encoder_name' | 'encoder_depth';
    readonly message: string;
    readonly allowed: readonly string[];
    readonly hint: string;
}
/** Finds out from the declarations alone, before anything is built or loaded. */
export declare function misfitOf(config: ModelConfig): Misfit | undefined;
