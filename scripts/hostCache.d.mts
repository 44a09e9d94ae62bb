export declare const hostVersions: { readonly codeServer: string; readonly vscode: string; readonly node: string }
export declare function hostFolder(): string
export declare function hostPrograms(folder?: string): {
  readonly node: string
  readonly codeServer: string
  readonly vscode: string
}
export declare function chromiumPath(): string | undefined
