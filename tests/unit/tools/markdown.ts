// Takes fenced blocks of code out of Markdown.

/** A block with the language behind its fence, "" where there is none. */
export interface CodeBlock {
  language: string;
  text: string;
}

export function codeBlocks(markdown: string): CodeBlock[] {
  const fenced = markdown.matchAll(/^ *```(\w*)\n([\s\S]*?)^ *```$/gm);
  return [...fenced].map(([, language = "", text = ""]) => ({ language, text }));
}
