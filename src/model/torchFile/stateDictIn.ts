import { UserError } from '../../core/errors.ts'
import { TensorReference } from './tensorReference.ts'
import type { PickleValue } from './unpickle.ts'

/** Under which names trainers put the weights beside epoch, optimizer and the like; the first that is there is taken. */
const nests = ['state_dict', 'model_state_dict', 'model_state', 'model', 'net', 'network', 'weights', 'params']
/** What wrappers put before every key: DataParallel, torch.compile. */
const wrappers = ['module.', '_orig_mod.']

/**
 * The tensors of a checkpoint by key, wherever the checkpoint keeps them.
 * @throws UserError where there is no dictionary of tensors
 */
export function stateDictIn(value: PickleValue): ReadonlyMap<string, TensorReference> {
  let inner: PickleValue | undefined = value
  while (inner instanceof Map) {
    const tensors = tensorsIn(inner)
    if (tensors.size > 0) return unwrapped(tensors)
    inner = nestIn(inner)
  }
  throw new UserError('This PyTorch file holds no state dict.', {
    allowed: `a dictionary of tensors, at the top or under one of: ${nests.join(', ')}`,
    hint: 'Save model.state_dict() with torch.save or safetensors, and give that file.',
    code: 'not-a-state-dict',
  })
}

function tensorsIn(map: ReadonlyMap<PickleValue, PickleValue>): Map<string, TensorReference> {
  const tensors = new Map<string, TensorReference>()
  for (const [key, value] of map)
    if (typeof key === 'string' && value instanceof TensorReference) tensors.set(key, value)
  return tensors
}

/** The nest is taken out of the map: one that holds itself is looked into once. */
function nestIn(map: Map<PickleValue, PickleValue>): PickleValue | undefined {
  const name = nests.find((each) => map.get(each) instanceof Map)
  const nest = map.get(name ?? null)
  map.clear()
  return name === undefined ? undefined : nest
}

function unwrapped(tensors: ReadonlyMap<string, TensorReference>): ReadonlyMap<string, TensorReference> {
  const wrapper = wrappers.find((each) => [...tensors.keys()].every((key) => key.startsWith(each)))
  if (wrapper === undefined) return tensors
  return unwrapped(new Map([...tensors].map(([key, tensor]) => [key.slice(wrapper.length), tensor])))
}
