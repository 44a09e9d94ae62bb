/** An execution provider of ONNX Runtime: what of the machine computes. */
export type Provider = 'cpu' | GpuProvider

/** CUDA is NVIDIA's, DirectML Windows', WebGPU everybody's. */
export type GpuProvider = 'webgpu' | 'cuda' | 'dml'
