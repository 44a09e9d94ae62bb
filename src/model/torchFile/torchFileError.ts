import { UserError } from '../../core/errors.ts'

const convert =
  'In a Python that you trust the file in: from safetensors.torch import save_file; import torch; ' +
  'state = torch.load("FILE", map_location="cpu", weights_only=False); state = state.get("state_dict", state) if isinstance(state, dict) else state.state_dict(); ' +
  'save_file({key: value.contiguous() for key, value in state.items()}, "weights.safetensors"). Then give that file.'

/** A file that asks for more than tensors: nothing of it was run. @param reason what it asks for */
export function refusedTorchFile(reason: string): UserError {
  return new UserError(`This PyTorch file is refused: ${reason}. Only files of tensors are read.`, {
    hint: convert,
    code: 'unsafe-pickle',
  })
}

/** A file that is torn, or not what `torch.save` writes. */
export function brokenTorchFile(reason: string, cause?: unknown): UserError {
  return new UserError(`Not a whole PyTorch file: ${reason}.`, {
    hint: 'The file is torn or of another kind: copy or download it again.',
    code: 'broken-torch-file',
    cause,
  })
}
