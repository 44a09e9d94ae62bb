/** A style sheet that esbuild collects into the view's own one. */
declare module '*.css'
