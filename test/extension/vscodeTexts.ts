/** What files that only make texts need of `vscode`, in English. Use it as `vi.mock('vscode', () => import('…'))`. */
export const l10n = {
  t: (message: string, ...values: readonly (string | number)[]): string =>
    message.replaceAll(/\{(\d+)\}/g, (_whole, index: string) => String(values[Number(index)])),
}
