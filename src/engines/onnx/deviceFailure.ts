import { UserError } from '../../core/errors.ts'

/** How runtimes say that memory ran out: WebGPU (Dawn, Vulkan, D3D12), CUDA, DirectML, the CPU's arena, and TensorFlow. */
const outOfMemory =
  /out of memory|OUT_OF_(DEVICE|HOST)_MEMORY|E_OUTOFMEMORY|Failed to allocate memory|not enough memory|8007000E|OOM when allocating/i

/** How they say that the device is gone: reset by its driver, switched off, taken away. */
const deviceLost =
  /device (was |is )?(lost|removed|hung|reset)|DEVICE_LOST|DEVICE_(REMOVED|HUNG|RESET)|887A000[567]|Instance dropped/i

const resume = 'The run goes on from its last checkpoint with "foldwise train --resume RUN"'

/** An error of the runtime as one that a person can mend, where it is one. */
export function explained(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (outOfMemory.test(error.message))
    return new UserError('The device has not enough memory for this training step.', {
      hint: `Use a smaller data.batch_size (with accumulate_grad_batches for the same sum) or image_size, or close what else uses the device. ${resume}, on the processor with --device cpu.`,
      code: 'out-of-memory',
      cause: error,
    })
  if (deviceLost.test(error.message))
    return new UserError('The graphics card was lost during training: its driver reset it, or it was switched off.', {
      hint: `${resume}; should it happen again, update the driver or train with --device cpu.`,
      code: 'device-lost',
      cause: error,
    })
  return error
}
